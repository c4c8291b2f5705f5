"""Whether a file is what its ending says, by its first bytes; and what to do with one that is not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from forgeapp.errors import UnreadableFile
from forgeapp.reading.file_heads import read_head

_PACKAGES = (".docx", ".xlsx", ".xlsm", ".zip")
_OLD: Mapping[str, str] = {
    **dict.fromkeys((".xls", ".xlsb", ".ods", ".fods", ".numbers"), "XLSX"),
    **dict.fromkeys((".doc", ".odt", ".fodt", ".rtf", ".pages", ".pdf"), "DOCX"),
}
"""Endings of other office programs, and as what such a file can be saved to be read."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins a compound file (MS-CFB): the old Office formats, and new ones under a password (MS-OFFCRYPTO)."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEAD_BYTES = 4_096
_SEARCHED_BYTES = 50_000_000
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|table|meta)\b", re.I | re.S
)


def check_signature(path: Path, ending: str, known: Collection[str]) -> None:
    """Raises UnreadableFile for an ending that is not read, and where the file is something else than its ending."""
    head = read_head(path, _HEAD_BYTES)
    is_package, is_ole, is_html = head.startswith(b"PK\x03\x04"), head.startswith(_OLE), bool(_HTML.match(head))
    if ending not in known:
        if is_html:
            raise _misnamed(path, "a web page", ".html")
        raise _unknown(path, ending, known)
    if not head:
        raise UnreadableFile(source=path.name, reason="it is empty", remedy="Choose a file that holds something.")
    if head.startswith(b"%PDF-"):
        raise _misnamed(path, "a PDF", ".pdf", _save_as("DOCX"))
    if is_ole:
        raise _compound(path, ending)
    if ending in _PACKAGES and not is_package:
        if is_html:
            raise _misnamed(path, "a web page", ".html")
        if b"\0" in head or ending == ".zip":
            raise UnreadableFile(
                source=path.name,
                reason="it is damaged, or not what its ending says",
                remedy="Copy or download it again, or open it in the program it comes from and save it once more.",
            )
        raise _misnamed(path, "plain text", ".csv" if ending != ".docx" else ".txt")
    if is_package and ending not in _PACKAGES:
        raise _misnamed(path, "a packed file", ".xlsx, .docx or .zip")


def _unknown(path: Path, ending: str, known: Collection[str]) -> UnreadableFile:
    wanted = _OLD.get(ending)
    which = f"ending in {ending}" if ending else "without an ending"
    return UnreadableFile(
        source=path.name,
        reason=f"files {which} are not {'read' if wanted else 'known'}",
        remedy=_save_as(wanted) if wanted else f"Give a code file, or one ending in one of: {', '.join(known)}.",
    )


def _compound(path: Path, ending: str) -> UnreadableFile:
    with path.open("rb") as file:
        is_locked = _ENCRYPTED in file.read(_SEARCHED_BYTES)
    if is_locked:
        return UnreadableFile(
            source=path.name,
            reason="it is protected by a password",
            remedy="Open it in the program it comes from, save it without a password, and open that file.",
        )
    return UnreadableFile(
        source=path.name,
        reason=f"it is a file of an old Office, not what its ending {ending} says",
        remedy=_save_as("DOCX" if ending == ".docx" else "XLSX"),
    )


def _misnamed(path: Path, what: str, ending: str, remedy: str = "") -> UnreadableFile:
    return UnreadableFile(
        source=path.name,
        reason=f"it is {what}, not what its ending says",
        remedy=remedy or f"Rename it so that it ends in {ending}, and open it again.",
    )


def _save_as(ending: str) -> str:
    return f"Open it in the program it belongs to, or in LibreOffice, and save it as {ending} first."
