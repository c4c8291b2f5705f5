"""What a user may choose for an export, and which format honours what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final

from forgeapp.domain.artifact import Format, Kind


class Paper(StrEnum):
    A4 = "a4"
    LETTER = "letter"


class Delimiter(StrEnum):
    """Between the fields of a CSV file. `SEMICOLON` is what Excel expects where the comma is the decimal sign: numbers
    have one then."""

    COMMA = ","
    SEMICOLON = ";"
    TAB = "\t"
    PIPE = "|"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    paper: Paper = Paper.A4
    cover: bool = False
    """A page of its own with title, subtitle and date before everything else."""
    contents: bool = False
    """A table of contents: with page numbers where there are pages."""
    line_numbers: bool = False
    """Before the lines of code."""
    provenance: bool = False
    """A page at the end on where the content comes from."""
    delimiter: Delimiter = Delimiter.COMMA
    keeps_delimiter: bool = True
    """Of what was opened from a CSV file: the delimiter is that file's, whatever `delimiter` says."""
    as_shown: bool = False
    """Numbers in CSV as they are shown, not as other programs read them: those of a spreadsheet in full (1.10 is 1.1,
    19 % is 0.19), and between semicolons with a decimal comma, in a table, too."""
    costs: bool = False
    """What each reply of a conversation cost."""

    def to_json(self) -> dict[str, Any]:
        """What differs from the defaults."""
        return {name: value for name, value in asdict(self).items() if value != getattr(USUAL, name)}

    @classmethod
    def from_json(cls, data: Any) -> ExportOptions:
        """Options stored earlier; what is not known any more, or is no value of it, is left at its default."""
        if not isinstance(data, dict):
            return cls()
        taken: dict[str, Any] = {}
        for field in fields(cls):
            value, usual = data.get(field.name), getattr(USUAL, field.name)
            if isinstance(usual, bool) and isinstance(value, bool):
                taken[field.name] = value
            elif isinstance(usual, StrEnum) and value in [each.value for each in type(usual)]:
                taken[field.name] = type(usual)(value)
        return cls(**taken)


USUAL: Final = ExportOptions()
"""What nobody chose."""

_HONOURED: Final[Mapping[Format, tuple[str, ...]]] = {
    Format.PDF: ("paper", "cover", "contents", "line_numbers", "provenance"),
    Format.DOCX: ("paper", "cover", "contents", "line_numbers", "provenance"),
    Format.HTML: ("contents", "line_numbers", "provenance"),
    Format.MD: ("provenance",),
    Format.XLSX: ("paper", "provenance"),
    Format.CSV: ("delimiter", "keeps_delimiter", "as_shown"),
    Format.ZIP: ("paper", "line_numbers"),
}


def honoured(kind: Kind | None, file_format: Format | None) -> tuple[str, ...]:
    """The names of the options that change such a file; `kind` None: a conversation. () for code's own file."""
    names = _HONOURED.get(file_format, ()) if file_format else ()
    if kind is not None and file_format is Format.ZIP:
        # What a conversation's files honour; those of code are as they are.
        return ()
    if kind not in (Kind.CODE, Kind.DOCUMENT, None):
        names = tuple(name for name in names if name != "line_numbers")
    if kind is None:
        # A conversation tells itself where things come from.
        return (*(name for name in names if name != "provenance"), "costs")
    return names
