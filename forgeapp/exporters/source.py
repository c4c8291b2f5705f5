"""One code file as it is: its own text under its own name."""

from __future__ import annotations

from pathlib import Path

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import CodeFile
from forgeapp.domain.publication import Progress, Publication
from forgeapp.domain.wording import Text


def encode_source(file: CodeFile) -> tuple[bytes, list[str]]:
    """UTF-8, and a warning where a lone surrogate, which has none, became '?'."""
    try:
        return file.text.encode(), []
    except UnicodeEncodeError:
        note = Text("source_replaced", "Characters of {name} that UTF-8 cannot hold became '?'.", name=file.name)
        return file.text.encode("utf-8", "replace"), [note]


class SourceExporter:
    """Writes the one file it was made for; the publication says nothing more."""

    format = Format.ZIP
    """The registry's row for code: a single file has no format of its own."""

    def __init__(self, file: CodeFile) -> None:
        self._file = file

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:  # noqa: ARG002
        data, warnings = encode_source(self._file)
        target.write_bytes(data)
        progress(1.0)
        return warnings

    def verify(self, publication: Publication, path: Path) -> list[str]:  # noqa: ARG002
        found, expected = path.read_bytes(), encode_source(self._file)[0]
        if found == expected:
            return []
        return [f"{self._file.name} has {len(found)} bytes that are not the {len(expected)} written"]
