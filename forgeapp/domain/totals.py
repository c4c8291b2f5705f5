"""Which rows of a sheet stand out from the others: sums, what is made of sums alone, and the names of sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from typing import Final

from forgeapp.domain.packed_cells import entries
from forgeapp.domain.workbook import Sheet, column_letters, is_formula

_SUM: Final = re.compile(r"=SUM\(\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})\)", re.IGNORECASE)
_OF_CELLS: Final = re.compile(
    r"=[+-]?\$?[A-Z]{1,3}\$?[0-9]{1,7}(?:[+-]\$?[A-Z]{1,3}\$?[0-9]{1,7}){1,20}", re.IGNORECASE
)
_ROW: Final = re.compile(r"[0-9]+")
_FURTHEST: Final = 2
"""Rows below the last one summed: one may be left blank."""


def rows_that_stand_out(sheet: Sheet) -> Set[int]:
    """Counted from 0, the header left out; none in a sheet whose columns no sum ends.

    A sum: '=SUM(' of cells above in its own column. Made of sums: such as '=B6-B18'. A section: its name is all there
    is in its row.
    """
    sums: set[int] = set()
    made: dict[int, set[int]] = {}
    for (row, column), text, number, format_code in entries(sheet.cells):
        if text[:1] != "=" or not is_formula(text, number, format_code):
            continue
        if _sums_cells_above(text, row, column):
            sums.add(row)
        elif _OF_CELLS.fullmatch(text):
            made.setdefault(row, set()).update(int(number) - 1 for number in _ROW.findall(text))
    if not sums:
        return frozenset()
    results = {row for row, rows in made.items() if rows <= sums}
    filled = Counter(row for (row, _), text, number, _ in entries(sheet.cells) if text or number is not None)
    names = (row for row, count in filled.items() if count == 1 and filled[row + 1] > 1)
    sections = {row for row in names if (name := sheet.cells.get((row, 0))) is not None and _is_name(name.text)}
    return frozenset((sums | results | sections) - {0})


def _sums_cells_above(formula: str, row: int, column: int) -> bool:
    match = _SUM.fullmatch(formula)
    if match is None:
        return False
    first, start, last, end = match.groups()
    name = column_letters(column)
    return first.upper() == last.upper() == name and int(start) < int(end) <= row <= int(end) + _FURTHEST


def _is_name(text: str) -> bool:
    return bool(text.strip()) and text[0] != "=" and any(map(str.isalpha, text))
