"""A file of a code artifact that comes back from another editor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from forgeapp.domain.code import Code
from forgeapp.errors import UnreadableFile
from forgeapp.reading.files import FileReading
from forgeapp.reading.text_files import read_text_file

_REMEDY = "Open one of its files ({names}), or this one as a new artifact: without --as-version-of."


def read_code(base: Code, path: Path) -> FileReading:
    """`base` with the text of the file that `path` is named like, or that alone has its ending.

    A JSON export comes back whole. Raises UnreadableFile where no file is meant, TooLarge.
    """
    named = [file for file in base.files if Path(file.name).name.casefold() == path.name.casefold()]
    alike = [file for file in base.files if Path(file.name).suffix.casefold() == path.suffix.casefold()]
    target = next(iter(named), alike[0] if len(alike) == 1 else None)
    if target is None and path.suffix.lower() == ".json":
        from forgeapp.reading.files import read_file

        read = read_file(path)
        if isinstance(read.content, Code):
            return read
    if target is None:
        raise UnreadableFile(
            source=path.name,
            reason="none of the artifact's files is named like it",
            remedy=_REMEDY.format(names=", ".join(file.name for file in base.files[:5])),
        )
    text = read_text_file(path)
    if text.rstrip("\n") == target.text.rstrip("\n"):
        text = target.text
    files = tuple(replace(file, text=text) if file is target else file for file in base.files)
    return FileReading(replace(base, files=files))
