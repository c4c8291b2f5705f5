"""What the text of a table's columns means: numbers and dates where all of a column says so, else text.

Ids ('00123'), phone numbers, numbers of more than 15 digits and columns that mix units stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from forgeapp.domain.dates import ISO_FORMAT, serial_of
from forgeapp.domain.numbers import Number, parse_number
from forgeapp.domain.workbook import Cell, Position, Sheet

_BLANKS = frozenset(("-", "–", "—", "n/a", "N/A", "n. a.", "k. A.", "?", "…"))
"""What stands for 'no figure' among figures; it stays text and spoils nothing."""
_COMMA = re.compile(r"\D*\d+(?:[. \u00a0\u202f'’]\d{3})*,(?:\d{1,2}|\d{4,})\D*|\D*\d{1,3}(?:\.\d{3})+,\d+\D*")
_POINT = re.compile(r"\D*\d+(?:[, \u00a0\u202f'’]\d{3})*\.(?:\d{1,2}|\d{4,})\D*|\D*\d{1,3}(?:,\d{3})+\.\d+\D*")
_DIGITS = re.compile(r"[0#.,]+")


def typed(sheet: Sheet) -> Sheet:
    """The sheet with the numbers and dates of its columns; cells that have a number already are left as they are."""
    columns: dict[int, list[tuple[Position, str]]] = {}
    for at, cell in sheet.cells.items():
        if cell.number is None and not (sheet.has_header and at[0] == 0):
            columns.setdefault(at[1], []).append((at, cell.text))
    commas, points = _decimal_marks(text for entries in columns.values() for _, text in entries)
    found: dict[Position, Cell] = {}
    for entries in columns.values():
        for at, number in _numbers(entries, commas > points).items():
            found[at] = Cell(sheet.cells[at].text, number.value, number.format)
    return replace(sheet, cells={**sheet.cells, **found}) if found else sheet


def _numbers(entries: Sequence[tuple[Position, str]], habit: bool) -> dict[Position, Number]:
    """The numbers of a column, {} where it is not one of numbers throughout. `habit`: the sheet writes 18,50."""
    figures = [(at, text) for at, text in entries if text.strip() not in _BLANKS]
    if figures and serial_of(figures[0][1].strip()) is not None:
        serials = {at: serial_of(text.strip()) for at, text in figures}
        return {} if None in serials.values() else {at: Number(s, ISO_FORMAT) for at, s in serials.items() if s}
    commas, points = _decimal_marks(text for _, text in figures)
    if commas and points:
        return {}
    decimal_comma = commas > 0 if commas or points else habit
    numbers: dict[Position, Number] = {}
    units: set[str] = set()
    for at, text in figures:
        number = parse_number(text, decimal_comma)
        if number is None:
            return {}
        numbers[at] = number
        units.add(_DIGITS.sub("0", number.format or "0"))
        if len(units) > 1:
            return {}
    return numbers


def _decimal_marks(texts: Iterable[str]) -> tuple[int, int]:
    """How many of the texts can only be read with a decimal comma, how many only with a point."""
    commas = points = 0
    for text in texts:
        if len(text) <= 64:
            commas += "," in text and bool(_COMMA.fullmatch(text))
            points += "." in text and bool(_POINT.fullmatch(text))
    return commas, points
