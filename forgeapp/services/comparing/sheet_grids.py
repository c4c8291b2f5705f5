"""Which rows and columns of two sheets are the same ones."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator

from forgeapp.domain.references import LOST, shifted
from forgeapp.domain.workbook import MAX_FORMULA_CHARS, MAX_ROWS, Cell, Sheet
from forgeapp.services.comparing.alignment import align_columns, align_rows
from forgeapp.services.comparing.axis import axis_of
from forgeapp.services.comparing.grids import GridWeave
from forgeapp.services.comparing.likeness import Row
from forgeapp.services.comparing.sequences import Stretch

MAX_BLANKS = 1_000_000
"""Of a sheet whose cells lie further apart rows are only the same when all is equal, and columns by their place."""

_ROW_NUMBER = re.compile(r"(?<![0-9.])[0-9]{1,7}(?![0-9.])")
_REFERENCE = re.compile(r"(?:(?:'(?:[^']|''){1,62}+'|[\w.]{1,62}+)!)?\$?[A-Za-z]{1,3}\$?[0-9]+|#REF!")


def grid_of(before: Sheet, after: Sheet, may_sort: bool) -> GridWeave:
    """Rows and columns woven; cells are not looked at. `may_sort`: whether rows may stand in another order.

    They may where no formula loses what it refers to when it moves with its row, as by sorting. Columns do not.
    """
    sizes = (before.column_count, after.column_count), (before.row_count, after.row_count)
    if before.cells is after.cells:
        columns: list[Stretch] = _by_place(*sizes[0])
        rows = _by_place(*sizes[1])
    elif _is_sparse(before) or _is_sparse(after):
        columns = _by_place(*sizes[0])
        rows = align_rows(_sparse_rows(before), _sparse_rows(after), lambda _order: False)
    else:
        old, new = _dense_rows(before), _dense_rows(after)
        columns = align_columns(
            _names(before, old),
            _names(after, new),
            lambda column: _filled(old, column),
            lambda column: _filled(new, column),
            may_move=False,
        )
        pairs = [(s.old + step, s.new + step) for s in columns for step in range(s.length)]
        projected = _projected(old, [at for at, _ in pairs]), _projected(new, [to for _, to in pairs])
        rows = align_rows(*projected, lambda order: may_sort and _can_be_sorted(before, order))
    return GridWeave(axis_of(rows, *sizes[1]), axis_of(columns, *sizes[0]), {})


def _can_be_sorted(sheet: Sheet, order: list[int]) -> bool:
    moves = {at: to - at for to, at in enumerate(order) if to != at}
    return all(
        _can_move(cell.text, moves[row]) for (row, _), cell in sheet.cells.items() if row in moves and cell.is_formula
    )


def _can_move(formula: str, rows: int) -> bool:
    """Whether nothing it refers to would come to lie beyond the grid. Most formulas need not be taken apart."""
    if len(formula) > MAX_FORMULA_CHARS:
        return False
    numbers = [int(digits) for digits in _ROW_NUMBER.findall(formula)]
    if not numbers or 0 < min(numbers) + rows <= max(numbers) + rows <= MAX_ROWS:
        return True
    return shifted(formula, rows, 0).count(LOST) == formula.count(LOST)


def _by_place(old: int, new: int) -> list[Stretch]:
    return [Stretch(0, 0, min(old, new))] if min(old, new) else []


def _is_sparse(sheet: Sheet) -> bool:
    return sheet.row_count * sheet.column_count > 4 * len(sheet.cells) + MAX_BLANKS


def _key(cell: Cell) -> str:
    """What says that two cells are alike: formulas that were carried over are."""
    is_readable = cell.is_formula and len(cell.text) <= MAX_FORMULA_CHARS
    return _REFERENCE.sub("", cell.text) if is_readable else cell.text


def _dense_rows(sheet: Sheet) -> list[list[str]]:
    rows = [[""] * sheet.column_count for _ in range(sheet.row_count)]
    for (row, column), cell in sheet.cells.items():
        rows[row][column] = _key(cell) if cell.text[0] == "=" else cell.text
    return rows


def _sparse_rows(sheet: Sheet) -> list[Row]:
    cells: dict[int, list[tuple[int, str]]] = {}
    for (row, column), cell in sheet.cells.items():
        cells.setdefault(row, []).append((column, _key(cell)))
    blank: Row = ("",)
    found: list[Row] = [blank] * sheet.row_count
    for row, held in cells.items():
        found[row] = (tuple(sorted(held)),)
    return found


def _names(sheet: Sheet, rows: list[list[str]]) -> list[str]:
    """What a formula gives is not known here."""
    if not sheet.has_header or not rows:
        return [""] * sheet.column_count
    return ["" if name.startswith("=") else name for name in rows[0]]


def _filled(rows: list[list[str]], column: int) -> Iterator[Hashable]:
    return (row[column] for row in rows if row[column])


def _projected(rows: list[list[str]], columns: list[int]) -> list[Row]:
    is_all = not rows or columns == list(range(len(rows[0])))
    return [tuple(row) if is_all else tuple([row[column] for column in columns]) for row in rows]
