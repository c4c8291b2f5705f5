"""The fields of an operation as a model fills them: places, entries, rows, columns and counts.

What is not what it should be raises ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from forgeapp.domain.patch import Entries, Entry, Run
from forgeapp.domain.text import without_surrogates
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, column_letters
from forgeapp.reading.lenient_json import Numeral

_SHEET_BEFORE = re.compile(r"(?:'((?:[^']|''){1,80})'|([^!']{1,80}))!(.+)")
_RUN = re.compile(
    r"(?:rows?\s*)?[A-Za-z]{0,3}\$?(\d{1,7})(?:\s*(?::|-|–|\.\.|to)\s*[A-Za-z]{0,3}\$?(\d{1,7}))?", re.IGNORECASE
)
MAX_ENTRIES = 200_000
LETTERS = re.compile(r"[A-Za-z]{1,3}")


class Fields:
    """An operation's fields under any of their usual names."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = {plain_word(key): value for key, value in fields.items()}
        place = self._fields.get("position") or self._fields.get("location")
        if isinstance(place, dict):
            self._fields |= {plain_word(key): value for key, value in place.items()}
        self.sheet: str | None = None
        sheet = self.first("sheet", "sheetname", "worksheet", "tab")
        if isinstance(sheet, str) and sheet.strip():
            self.sheet = clean_text(sheet)

    def first(self, *names: str) -> Any:
        """The first of these fields that is there; None where none is."""
        return next((self._fields[name] for name in names if self._fields.get(name) is not None), None)

    def has(self, *names: str) -> bool:
        """Also where its value is nothing."""
        return any(name in self._fields for name in names)

    def name(self, *names: str) -> str:
        """Raises ValueError where there is none."""
        value = self.first(*names)
        if not isinstance(value, str) or not value.strip():
            raise ValueError("a name is wanted")
        return clean_text(value).strip()

    def local(self, area: str) -> str:
        """An area without the sheet before it, which becomes the sheet that is meant."""
        area = area.strip()
        match = _SHEET_BEFORE.fullmatch(area) if "!" in area and len(area) < 200 else None
        if match:
            self.sheet = (match[1] or match[2]).replace("''", "'")
            area = match[3]
        return area.replace("$", "")


def plain_word(word: str) -> str:
    return re.sub(r"[^a-z]", "", word[:80].lower())


def area_of(fields: Fields) -> str | None:
    area = fields.first("range", "cell", "address", "ref", "reference", "at", "anchor", "start", "target", "area")
    if isinstance(area, str) and area.strip():
        return area
    row, column = fields.first("row", "rownumber"), fields.first("column", "col")
    if column is not None:
        name = column_of(column)
        if row is None:
            return name
        return cell_name(name, run_of(row)[0])
    return f"{run_of(row)[0]}:{run_of(row)[1]}" if row is not None else None


def block_of(value: Any) -> tuple[tuple[Entry, ...], ...]:
    """Rows of entries: a value, a list of rows, or a list that is told rows from columns by the area it goes to."""
    if isinstance(value, dict):
        value = _content_of(value)
    if not isinstance(value, list):
        return ((entry_of(value),),)
    rows = value if any(isinstance(row, list) for row in value) else [value]
    shaped = tuple(tuple(entry_of(cell) for cell in (row if isinstance(row, list) else [row])) for row in rows)
    if not 0 < sum(map(len, shaped)) <= MAX_ENTRIES:
        raise ValueError("nothing, or too much")
    return shaped


def entry_of(value: Any) -> Entry:
    match value:
        case None:
            return Entry("")
        case Numeral():
            return Entry(str(value), True)
        case bool():
            return Entry("TRUE" if value else "FALSE")
        case str():
            return Entry(clean_text(value))
        case dict():
            return entry_of(_content_of(value))
    raise ValueError("not what a cell can hold")


def _content_of(cell: Mapping[str, Any]) -> Any:
    """What stands in {"value": 12} or {"formula": "=A1"}."""
    fields = Fields(cell)
    names = ("formula", "value", "text", "content", "v", "f")
    if not fields.has(*names):
        raise ValueError("not what a cell can hold")
    return fields.first(*names)


def cell_name(column: str, row: int) -> str:
    """An area of one cell, by the column's letters or its name."""
    return f"{column}{row}" if LETTERS.fullmatch(column) else f"[{column}]{row}"


def clean_text(value: str) -> str:
    return str(value) if value.isascii() else without_surrogates(value)


def rows_of(value: Any) -> tuple[Entries, ...]:
    if value is None:
        return ()
    if isinstance(value, dict) or (isinstance(value, list) and not any(isinstance(row, list | dict) for row in value)):
        value = [value]
    if not isinstance(value, list):
        raise ValueError("rows are lists")
    rows: list[Entries] = []
    for row in value:
        if isinstance(row, dict):
            cells = Fields(row).first("cells", "values")
            row = cells if isinstance(cells, list | dict) and len(row) == 1 else row
        if isinstance(row, dict):
            rows.append({clean_text(str(key)): entry_of(cell) for key, cell in row.items()})
        else:
            rows.append(tuple(entry_of(cell) for cell in (row if isinstance(row, list) else [row])))
    if sum(map(len, rows)) > MAX_ENTRIES:
        raise ValueError("too much")
    return tuple(rows)


def column_number(letters: str) -> int:
    value = 0
    for letter in letters.upper():
        value = value * 26 + ord(letter) - ord("A") + 1
    return value


def width_of(value: Any) -> float:
    number = value.number if isinstance(value, Numeral) else None
    if number is None and isinstance(value, str):
        number = float(value)
    if number is None or not 0 < number <= 255:
        raise ValueError("a width is a number of characters")
    return float(number)


def column_of(value: Any) -> str:
    """Letters or a name; 3 is 'C', '$c$4' is 'c'."""
    if isinstance(value, Numeral):
        number = value.number
        if not isinstance(number, int) or not 1 <= number <= MAX_COLUMNS:
            raise ValueError("not a column")
        return column_letters(number - 1)
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a column is wanted")
    text = clean_text(value).strip()
    plain = text.replace("$", "")
    match = re.fullmatch(r"(?:column\s+)?([A-Za-z]{1,3})(?::([A-Za-z]{1,3}))?", plain, re.IGNORECASE)
    if match and match[2]:
        return match[1] if match[1] == match[2] else f"{match[1]}:{match[2]}"
    return match[1] if match else text


def run_of(value: Any) -> Run:
    if isinstance(value, list) and 1 <= len(value) <= 2:
        ends = run_of(value[0]), run_of(value[-1])
        return min(first for first, _ in ends), max(last for _, last in ends)
    match = _RUN.fullmatch(str(value).strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError("not a row")
    first = int(match[1])
    last = int(match[2]) if match[2] else first
    first, last = min(first, last), max(first, last)
    if not 1 <= first <= last <= MAX_ROWS:
        raise ValueError("not a row")
    return first, last


def count_of(value: Any, least: int = 1) -> int:
    number = value.number if isinstance(value, Numeral) else int(value) if str(value).isdecimal() else value
    if value is True:
        number = 1
    if not isinstance(number, int) or not least <= number <= MAX_ROWS:
        raise ValueError("not a count")
    return number
