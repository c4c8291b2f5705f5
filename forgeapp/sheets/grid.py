"""A workbook as people see it: the displayed text of every cell."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forgeapp.domain.number_look import NumberLook
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.workbook import Cell, Position, Sheet, Value, Values, Workbook
from forgeapp.errors import TooLarge
from forgeapp.sheets.display import display
from forgeapp.sheets.formats import with_formats

__all__ = ["MAX_CELLS", "cell_text", "rendered", "with_formats"]

_BOOLEANS = ("TRUE", "FALSE")
MAX_CELLS = 5_000_000
"""The most cells, blank ones among them, a sheet is laid out to."""


def rendered(workbook: Workbook, values: Values, look: NumberLook) -> list[list[list[str]]]:
    """The displayed texts by sheet, row and column; every row of a sheet as long as the others, '' for blank.

    Blank rows and columns at the end are left out. Typed cells show what was typed, unless another format was given
    them or it is written in another look; those and computed ones show their value under their format.
    Raises TooLarge past MAX_CELLS.
    """
    return [_grid(sheet, values.get(sheet.name, {}), look) for sheet in workbook.sheets]


def _grid(sheet: Sheet, computed: Mapping[Position, Value], look: NumberLook) -> list[list[str]]:
    texts = {at: cell_text(cell, None, look) for at, cell in sheet.cells.items()}
    for at, value in computed.items():
        texts[at] = cell_text(sheet.cells.get(at), value, look)
    used = [at for at, text in texts.items() if text]
    rows = max((row for row, _ in used), default=-1) + 1
    columns = max((column for _, column in used), default=-1) + 1
    if rows * columns > MAX_CELLS:
        raise TooLarge(source=f"Sheet {sheet.name}", reason=f"it spans {rows:,} rows by {columns:,} columns")
    grid = [[""] * columns for _ in range(rows)]
    for row, column in used:
        grid[row][column] = texts[row, column]
    return grid


def cell_text(cell: Cell | None, value: Value | None, look: NumberLook) -> str:
    """The displayed text of one cell, as `rendered` has it. `value`: its computed one, also of a cell spilled into."""
    if value is not None:
        return display(value, cell.format if cell else None, look)
    return "" if cell is None or cell.is_formula else _typed_text(cell, look)


def _typed_text(cell: Cell, look: NumberLook) -> str:
    if cell.number is None:
        is_as_typed = cell.format is None or cell.text in _BOOLEANS
        return cell.text if is_as_typed else display(cell.text, cell.format)
    if cell.format is None:
        # Nobody wrote it so: numbers people write with a mark have a format.
        return look.marked(cell.text) if _PLAIN.fullmatch(cell.text) else cell.text
    meant = parse_number(cell.text, look.decimal_comma)
    if meant is not None and (meant.value, meant.format) == (cell.number, cell.format) and look.writes(cell.text):
        return cell.text
    return display(cell.number, cell.format, look)


_PLAIN = re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?", re.ASCII)
