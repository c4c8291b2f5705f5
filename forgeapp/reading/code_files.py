"""Code files, and ZIP files of them: which names mean code, and what they hold. Nothing is ever unpacked to disk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.wording import Text
from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading.archives import Package
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.languages import language_of_file
from forgeapp.reading.text_files import MAX_TEXT_BYTES, decoded_text, read_text

MAX_FILES = 1_000
"""Of an archive: more are no artifact to work on."""

_OFFICE_PART = "[content_types].xml"
_BY_SYSTEMS = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|\.git/)")


def is_code_name(name: str) -> bool:
    """Whether a file of that name is code; what prose and rows are kept in is not."""
    return language_of_file(name) not in ("", "text", "markdown", "csv")


def read_code_file(path: Path, max_bytes: int = MAX_TEXT_BYTES) -> FileReading:
    """One file of code. Raises UnreadableFile, TooLarge."""
    from forgeapp.reading.displayed import clean

    text, doubt = code_text(path, max_bytes)
    return FileReading(Code(path.stem, (CodeFile(path.name, language_of_file(path.name), clean(text)),)), doubt)


def code_text(path: Path, max_bytes: int = MAX_TEXT_BYTES) -> tuple[str, tuple[str, ...]]:
    """What a file of code holds, with '\\n' line ends, and what is in doubt. Raises UnreadableFile, TooLarge."""
    text, doubt = read_text(path, min(max_bytes, MAX_TEXT_BYTES))
    _refuse_binary(text, path.name)
    return text, doubt


def read_code_archive(path: Path, max_bytes: int = MAX_TEXT_BYTES) -> FileReading:
    """The text files of a ZIP file, those alone. Raises UnreadableFile, also where there is none, and TooLarge."""
    from forgeapp.reading.displayed import clean

    texts, lost = archived_texts(path, max_bytes)
    files = tuple(CodeFile(name, language_of_file(name), clean(text)) for name, text in texts.items())
    return FileReading(Code(path.stem, files), lost)


def archived_texts(path: Path, max_bytes: int = MAX_TEXT_BYTES) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The texts of a ZIP file by their paths in it, with '\\n' line ends, and what was left out. Raises as above."""
    left = min(max_bytes, MAX_TEXT_BYTES)
    texts: dict[str, str] = {}
    lost: list[str] = []
    with Package(path) as package:
        if _OFFICE_PART in package:
            raise UnreadableFile(
                source=path.name,
                reason="it is a file of an office program, not what its ending says",
                remedy="Rename it so that it ends in .xlsx or .docx, and open it again.",
            )
        names = [name for name in package.filenames if not _BY_SYSTEMS.search(name)]
        if len(names) > MAX_FILES:
            raise TooLarge(source=path.name, reason=f"at most {MAX_FILES:,} files are read from an archive")
        for name in names:
            data = package.read(name, left + 1)
            if len(data) > left:
                raise TooLarge(source=path.name, reason=f"at most {MAX_TEXT_BYTES:,} bytes of text are read from it")
            shown = inner_path(name)
            try:
                text, doubt = decoded_text(data, Path(shown))
                _refuse_binary(text, shown)
            except UnreadableFile:
                lost.append(Text("lost_no_text", "{name} is not a text file and was left out.", name=shown))
                continue
            if shown in texts:
                lost.append(Text("lost_twice", "{name} is there twice; one of them was left out.", name=shown))
            left -= len(data)
            texts[shown] = text
            lost += doubt
    if not texts:
        raise UnreadableFile(
            source=path.name, reason="there is no text file in it", remedy="Choose an archive of code files."
        )
    return texts, tuple(lost)


def _refuse_binary(text: str, source: str) -> None:
    if "\0" in text:
        raise UnreadableFile(
            source=source, reason="it is not a text file", remedy="Open it in the program it belongs to."
        )


def inner_path(name: str) -> str:
    """A member's path without what would lead out of a folder."""
    return "/".join(_steps(name)) or "untitled"


def _steps(name: str) -> Iterator[str]:
    for step in name.replace("\\", "/").split("/"):
        if step.strip(" .") and not re.fullmatch(r"[A-Za-z]:", step):
            yield step
