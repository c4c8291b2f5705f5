"""A workbook as people see it: the displayed text of every cell."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forgeapp.domain.numbers import parse_number
from forgeapp.domain.workbook import Cell, Position, Sheet, Value, Values, Workbook
from forgeapp.errors import TooLarge
from forgeapp.sheets.display import display, is_date_format
from forgeapp.sheets.formats import with_formats

__all__ = ["MAX_CELLS", "cell_text", "rendered", "with_formats", "writes_decimal_comma"]

_BOOLEANS = ("TRUE", "FALSE")
MAX_CELLS = 5_000_000
"""The most cells, blank ones among them, a sheet is laid out to."""


def rendered(workbook: Workbook, values: Values) -> list[list[list[str]]]:
    """The displayed texts by sheet, row and column; every row of a sheet as long as the others, '' for blank.

    Blank rows and columns at the end are left out. Typed cells show what was typed, unless another format was given
    them; those and computed ones show their value under their format, with the workbook's own decimal mark.
    Raises TooLarge past MAX_CELLS.
    """
    decimal_comma = writes_decimal_comma(workbook)
    return [_grid(sheet, values.get(sheet.name, {}), decimal_comma) for sheet in workbook.sheets]


def _grid(sheet: Sheet, computed: Mapping[Position, Value], decimal_comma: bool) -> list[list[str]]:
    texts = {at: cell_text(cell, None, decimal_comma) for at, cell in sheet.cells.items()}
    for at, value in computed.items():
        texts[at] = cell_text(sheet.cells.get(at), value, decimal_comma)
    used = [at for at, text in texts.items() if text]
    rows = max((row for row, _ in used), default=-1) + 1
    columns = max((column for _, column in used), default=-1) + 1
    if rows * columns > MAX_CELLS:
        raise TooLarge(source=f"Sheet {sheet.name}", reason=f"it spans {rows:,} rows by {columns:,} columns")
    grid = [[""] * columns for _ in range(rows)]
    for row, column in used:
        grid[row][column] = texts[row, column]
    return grid


def cell_text(cell: Cell | None, value: Value | None, decimal_comma: bool) -> str:
    """The displayed text of one cell, as `rendered` has it. `value`: its computed one, also of a cell spilled into."""
    if value is not None:
        return display(value, cell.format if cell else None, decimal_comma)
    return "" if cell is None or cell.is_formula else _typed_text(cell, decimal_comma)


def _typed_text(cell: Cell, decimal_comma: bool) -> str:
    if cell.format is None:
        return cell.text
    if cell.number is None:
        return cell.text if cell.text in _BOOLEANS else display(cell.text, cell.format)
    meant = parse_number(cell.text, decimal_comma)
    if meant is not None and meant.format == cell.format:
        return cell.text
    return display(cell.number, cell.format, decimal_comma)


_DECIMAL_COMMA = re.compile(r".*\d,(?:\d{1,2}|\d{4,})\D*|.*\d\.\d{3},\d+\D*", re.DOTALL)
_DECIMAL_POINT = re.compile(r".*\d\.(?:\d{1,2}|\d{4,})\D*|.*\d,\d{3}\.\d+\D*", re.DOTALL)


def writes_decimal_comma(workbook: Workbook) -> bool:
    """Whether more of the typed numbers are written like 18,50 than like 18.50."""
    balance = 0
    for sheet in workbook.sheets:
        for cell in sheet.cells.values():
            if cell.number is not None and len(cell.text) <= 64 and not is_date_format(cell.format):
                balance += bool(_DECIMAL_COMMA.fullmatch(cell.text)) - bool(_DECIMAL_POINT.fullmatch(cell.text))
    return balance > 0
