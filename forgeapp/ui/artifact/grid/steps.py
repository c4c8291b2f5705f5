"""Where keys lead to from a cell."""

from __future__ import annotations

from forgeapp.domain.cell_block import Block
from forgeapp.ui.artifact.grid.model import GridModel

Place = tuple[int, int]


def reach_of(block: Block, current: Place) -> Place:
    """The corner opposite to the current cell: the one that Shift moves."""
    row = block.top if current[0] == block.bottom else block.bottom
    column = block.left if current[1] == block.right else block.right
    return row, column


def edge_from(model: GridModel, start: Place, rows: int, columns: int) -> Place:
    """As spreadsheets do: the end of this run of filled cells, else the next filled cell, else the end of what is used.

    One of `rows` and `columns` is 1 or -1, the other 0.
    """
    used_rows, used_columns = model.used()

    def is_inside(row: int, column: int) -> bool:
        return 0 <= row < used_rows and 0 <= column < used_columns

    row, column = start[0] + rows, start[1] + columns
    if not is_inside(row, column):
        return start if is_inside(*start) or rows > 0 or columns > 0 else _back_inside(model, start, bool(rows))
    runs = model.has_text(*start) and model.has_text(row, column)
    while is_inside(row + rows, column + columns):
        if (not model.has_text(row + rows, column + columns)) if runs else model.has_text(row, column):
            break
        row, column = row + rows, column + columns
    return row, column


def _back_inside(model: GridModel, start: Place, is_vertical: bool) -> Place:
    """From the blank part beyond: to the last row or column that is used."""
    rows, columns = model.used()
    if is_vertical:
        return min(start[0], max(rows - 1, 0)), start[1]
    return start[0], min(start[1], max(columns - 1, 0))


def around(block: Block, current: Place, rows: int, columns: int) -> Place:
    """The next cell of a selection: down its columns by `rows` 1 or -1, along its rows by `columns`."""
    across = bool(columns)
    length = block.width if across else block.height
    row, column = current[0] - block.top, current[1] - block.left
    place = (row * length + column if across else column * length + row) + rows + columns
    major, minor = divmod(place % block.size, length)
    row, column = (major, minor) if across else (minor, major)
    return block.top + row, block.left + column
