"""Where a row or column stands after somebody else's change, told by what stands in it and around it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Position, Sheet

_MAX_FOLLOWED_ROWS = 200_000


def place_after(before: Sequence[Hashable], after: Sequence[Hashable], place: int) -> int | None:
    """The place in `after` of what stood at `place` in `before`; None where it is gone or cannot be told apart.

    What lies beyond the end stays as far beyond it. Linear time.
    """
    least = min(len(before), len(after))
    start = next((at for at in range(least) if before[at] != after[at]), least)
    if place < start:
        return place
    end = 0
    while end < least - start and before[-1 - end] == after[-1 - end]:
        end += 1
    if place >= len(before) - end:
        return place + len(after) - len(before)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    wanted = old[place - start]
    twins = [at for at, item in enumerate(old) if item == wanted]
    found = [at for at, item in enumerate(new) if item == wanted]
    if found:
        return start + found[twins.index(place - start)] if len(found) == len(twins) else None
    known, kept = set(old), set(new)
    gone = [at for at, item in enumerate(old) if item not in kept]
    come = [at for at, item in enumerate(new) if item not in known]
    # One that changed, or several that changed where they stand.
    if len(gone) == len(come) == 1 or (len(old) == len(new) and gone == come):
        return start + come[gone.index(place - start)]
    return None


def table_cell_after(before: Table, after: Table, row: int, column: int) -> Position | None:
    """Where a cell of `before` stands in `after`; None where its row or column is gone."""
    if before.columns != after.columns:
        wanted = place_after(before.columns, after.columns, column)
        stay = [(old, place_after(before.columns, after.columns, old)) for old in range(len(before.columns))]
        pairs = [(old, new) for old, new in stay if new is not None]
        if wanted is None:
            return None
        old_rows = [tuple(cells[old] for old, _ in pairs) for cells in before.rows]
        found = place_after(old_rows, [tuple(cells[new] for _, new in pairs) for cells in after.rows], row)
        return None if found is None else (found, wanted)
    found = place_after(before.rows, after.rows, row)
    return None if found is None else (found, column)


def sheet_cell_after(before: Sheet, after: Sheet, at: Position) -> Position | None:
    """Where a cell of `before` stands in `after`; formulas, which change where rows are put in, are not compared."""
    if max(before.row_count, after.row_count) > _MAX_FOLLOWED_ROWS:
        return at
    row = place_after(_lines(before, 0), _lines(after, 0), at[0])
    column = place_after(_lines(before, 1), _lines(after, 1), at[1])
    return None if row is None or column is None else (row, column)


def _lines(sheet: Sheet, axis: int) -> list[tuple[tuple[int, str], ...]]:
    """The cells of each row (`axis` 0) or column (1), with their place in it."""
    lines: list[list[tuple[int, str]]] = [[] for _ in range(sheet.column_count if axis else sheet.row_count)]
    for at, cell in sheet.cells.items():
        lines[at[axis]].append((at[1 - axis], "=" if cell.is_formula else cell.text))
    return [tuple(sorted(line)) for line in lines]
