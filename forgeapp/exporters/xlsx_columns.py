"""What the text of a table's columns means: numbers and dates where all of a column says so, else text.

Ids ('00123'), phone numbers, numbers of more than 15 digits and columns that mix units stay text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from forgeapp.domain.dates import ISO_FORMAT, serial_of
from forgeapp.domain.numbers import Number, parse_number
from forgeapp.domain.workbook import Cell, Position, Sheet

_BLANKS = frozenset(("-", "–", "—", "n/a", "N/A", "n. a.", "k. A.", "?", "…"))
"""What stands for 'no figure' among figures; it stays text and spoils nothing."""
_COMMA = re.compile(r"\D*\d+(?:[. \u00a0\u202f'’]\d{3})*,(?:\d{1,2}|\d{4,})\D*|\D*\d{1,3}(?:\.\d{3})+,\d+\D*")
_POINT = re.compile(r"\D*\d+(?:[, \u00a0\u202f'’]\d{3})*\.(?:\d{1,2}|\d{4,})\D*|\D*\d{1,3}(?:,\d{3})+\.\d+\D*")
_DIGITS = re.compile(r"[0#.,]+")
_MAX_CHARS = 64

Entries = list[tuple[Position, str]]


def typed(sheet: Sheet) -> Sheet:
    """The sheet with the numbers and dates of its columns; cells that have a number already are left as they are."""
    columns = _candidates(sheet)
    marks = {column: _decimal_marks(entries) for column, entries in columns.items()}
    habit = sum(commas for commas, _ in marks.values()) > sum(points for _, points in marks.values())
    found: dict[Position, Cell] = {}
    for column, entries in columns.items():
        if serial_of(entries[0][1].strip()) is not None:
            found.update(_dates(entries))
        elif not all(marks[column]):
            commas, points = marks[column]
            found.update(_numbers(entries, commas > 0 if commas or points else habit))
    return replace(sheet, cells={**sheet.cells, **found}) if found else sheet


def _candidates(sheet: Sheet) -> dict[int, Entries]:
    """The figures of each column whose first one is a number or a date."""
    columns: dict[int, Entries] = {}
    rejected: set[int] = set()
    header_row = 0 if sheet.has_header else -1
    for at, cell in sheet.cells.items():
        row, column = at
        if column in rejected or row == header_row or cell.number is not None:
            continue
        text = cell.text
        if text in _BLANKS:
            continue
        if column in columns:
            columns[column].append((at, text))
        elif parse_number(text) or parse_number(text, decimal_comma=True) or serial_of(text.strip()) is not None:
            columns[column] = [(at, text)]
        else:
            rejected.add(column)
    return columns


def _dates(entries: Entries) -> dict[Position, Cell]:
    found: dict[Position, Cell] = {}
    for at, text in entries:
        serial = serial_of(text.strip())
        if serial is None:
            return {}
        found[at] = Cell(text, serial, ISO_FORMAT)
    return found


def _numbers(entries: Entries, decimal_comma: bool) -> dict[Position, Cell]:
    """The cells of a column of numbers, {} where one is none or the units differ."""
    readers: dict[str, _Reader] = {}
    units: set[str] = set()
    found: dict[Position, Cell] = {}
    for at, text in entries:
        shape = _shape(text)
        reader = readers.get(shape)
        if reader is not None:
            found[at] = Cell(text, reader.read(text), reader.format)
            continue
        number = parse_number(text, decimal_comma)
        if number is None:
            return {}
        units.add(_DIGITS.sub("0", number.format or "0"))
        if len(units) > 1:
            return {}
        found[at] = Cell(text, number.value, number.format)
        reader = _reader(text, number)
        if reader is not None:
            readers[shape] = reader
    return found


_NINES = str.maketrans("012345678", "9" * 9)
_LEADING_ZERO = re.compile(r"\D*0\d")


def _shape(text: str) -> str:
    """The text with every digit as 9, marked where a zero leads: numbers of one shape are read in one way."""
    shape = text.translate(_NINES)
    return f"z{shape}" if _LEADING_ZERO.match(text) else shape


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads texts of one shape, ten times as fast as `parse_number`."""

    format: str | None
    kept: Mapping[int, str | None]
    to_number: Callable[[str], float | int]
    sign: int
    percent_places: int | None

    def read(self, text: str) -> float | int:
        value = self.to_number(text.translate(self.kept)) * self.sign
        return value if self.percent_places is None else round(value / 100, self.percent_places)


def _reader(text: str, number: Number) -> _Reader | None:
    """None where there is none that surely gives what `parse_number` gives: for 0, which hides its sign, and 1e5."""
    if not number.value or "e" in text.casefold():
        return None
    kept: dict[int, str | None] = {ord(character): None for character in set(text) if not character.isdigit()}
    is_whole = isinstance(number.value, int)
    if not is_whole:
        kept[ord(max(".,", key=text.rfind))] = "."
    format_code = number.format or ""
    places = len(format_code.partition(".")[2].rstrip("%")) + 4 if format_code.endswith("%") else None
    reader = _Reader(number.format, kept, int if is_whole else float, -1 if number.value < 0 else 1, places)
    return reader if reader.read(text) == number.value else None


def _decimal_marks(entries: Entries) -> tuple[int, int]:
    """How many shapes can only be read with a decimal comma, how many only with a point."""
    commas = points = 0
    for shape in {text.translate(_NINES) for _, text in entries}:
        if len(shape) <= _MAX_CHARS:
            commas += "," in shape and bool(_COMMA.fullmatch(shape))
            points += "." in shape and bool(_POINT.fullmatch(shape))
    return commas, points
