"""Which rows of a sheet stand out from the others: sums, what is made of sums alone, and the names of sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from typing import Final

from forgeapp.domain.packed_cells import entries
from forgeapp.domain.workbook import Position, Sheet, column_letters, is_formula

_SUM: Final = re.compile(
    r"=SUM\(\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})\)(?:\+\$?([A-Z]{1,3})\$?([0-9]{1,7}))?",
    re.IGNORECASE,
)
_OF_CELLS: Final = re.compile(
    r"=[+-]?\$?[A-Z]{1,3}\$?[0-9]{1,7}(?:[+-]\$?[A-Z]{1,3}\$?[0-9]{1,7}){1,20}", re.IGNORECASE
)
_ROW: Final = re.compile(r"[0-9]+")
_FURTHEST: Final = 2
"""Rows below the last one summed: one may be left blank."""


def rows_that_stand_out(sheet: Sheet) -> Set[int]:
    """Counted from 0, the header left out; none in a sheet whose columns no sum ends.

    A sum: '=SUM(' of cells above in its own column, also with the cell above it added, as a tax is. Made of sums: such
    as '=B6-B18'. A section: its name is all there is in its row. The names of columns above the first cell summed.
    """
    sums: set[int] = set()
    heads: set[Position] = set()
    made: dict[int, set[int]] = {}
    for (row, column), text, number, format_code in entries(sheet.cells):
        if text[:1] != "=" or not is_formula(text, number, format_code):
            continue
        above = _above_summed(text, row, column)
        if above is not None:
            sums.add(row)
            heads.add(above)
        elif _OF_CELLS.fullmatch(text):
            made.setdefault(row, set()).update(int(number) - 1 for number in _ROW.findall(text))
    if not sums:
        return frozenset()
    results = {row for row, rows in made.items() if rows <= sums}
    filled = Counter(row for (row, _), text, number, _ in entries(sheet.cells) if text or number is not None)
    names = (row for row, count in filled.items() if count == 1 and filled[row + 1] > 1)
    sections = {row for row in names if (name := sheet.cells.get((row, 0))) is not None and _is_name(name.text)}
    return frozenset((sums | results | sections | _rows_of_names(sheet, heads)) - {0})


def _above_summed(formula: str, row: int, column: int) -> Position | None:
    """The cell above those that a sum in this place adds up; None where it is no such sum."""
    match = _SUM.fullmatch(formula)
    if match is None:
        return None
    first, start, last, end, added, added_row = match.groups()
    name = column_letters(column)
    if not (first.upper() == last.upper() == name and int(start) <= int(end) <= row <= int(end) + _FURTHEST):
        return None
    if added is not None and not (added.upper() == name and int(end) < int(added_row) == row):
        return None
    return int(start) - 2, column


def _rows_of_names(sheet: Sheet, heads: Set[Position]) -> Set[int]:
    """The rows of these cells that hold several names and nothing else."""
    rows = {row for row, column in heads if (cell := sheet.cells.get((row, column))) and _is_name(cell.text)}
    held = Counter(
        row for (row, _), text, number, _ in entries(sheet.cells) if row in rows and (text or number is not None)
    )
    names = Counter(
        row for (row, _), text, number, _ in entries(sheet.cells) if row in rows and number is None and _is_name(text)
    )
    return {row for row in rows if names[row] == held[row] > 1}


def _is_name(text: str) -> bool:
    return bool(text.strip()) and text[0] != "=" and any(map(str.isalpha, text))
