"""Which program wrote a file of conversations: told by its beginning, before any of it is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from forgeapp.errors import InputError, UnreadableFile
from forgeapp.services.archive.packing import MAGIC, unpacked_beginning

_HEAD_BYTES: Final = 65_536
_OURS: Final = re.compile(rb'\s*\{\s*"forgeapp"\s*:')
_LIST: Final = re.compile(rb"\s*\[\s*\{")
_OTHERS: Final = ((b'"mapping"', "ChatGPT"), (b'"chat_messages"', "Claude"))
_ARCHIVE: Final = (
    "Choose the JSON file that an export of everything wrote. Tables, documents and code are opened as files."
)


def require_archive(path: Path) -> None:
    """Raises UnreadableFile for what is no archive of ForgeApp's, saying what it seems to be."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise UnreadableFile(
            source=path.name, reason=error.strerror or str(error), remedy="Choose a file you may read."
        ) from error
    if head.startswith(MAGIC):
        head = unpacked_beginning(head, _HEAD_BYTES)
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _OURS.match(head):
        return
    raise _unreadable(path.name, head)


def _unreadable(name: str, head: bytes) -> InputError:
    if not head.strip():
        return UnreadableFile(source=name, reason="it is empty", remedy=_ARCHIVE)
    if head.startswith(b"PK"):
        return UnreadableFile(
            source=name, reason="it is a ZIP archive", remedy=f"Unpack it first, if an archive is in it. {_ARCHIVE}"
        )
    if _LIST.match(head):
        for mark, program in _OTHERS:
            if mark in head:
                reason = f"it holds conversations of {program}, which ForgeApp cannot take over so far"
                return UnreadableFile(source=name, reason=reason, remedy=_ARCHIVE)
    return UnreadableFile(source=name, reason="it is no archive of ForgeApp's", remedy=_ARCHIVE)
