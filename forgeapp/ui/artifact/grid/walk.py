"""The keys that lead from cell to cell: arrows, Home, End, Page Up and Down, Enter and Tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from forgeapp.domain.cell_block import Block
from forgeapp.ui.artifact.grid.steps import around, edge_from, reach_of
from forgeapp.ui.theme import ROW, px

if TYPE_CHECKING:
    from forgeapp.ui.artifact.grid.view import GridView

_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class Walk:
    """Moves the current cell of a grid; Enter after Tab comes back below where Tab began."""

    def __init__(self, grid: GridView) -> None:
        self._grid = grid
        self._tab_start: int | None = None

    def forget_start(self) -> None:
        """The current cell was chosen otherwise."""
        self._tab_start = None

    def take(self, event: QKeyEvent) -> bool:
        """Whether the key leads anywhere; it was done then."""
        key, held = Qt.Key(event.key()), event.modifiers()
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        if held & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
            return False
        if key in _STEPS:
            self._go(*_STEPS[key], control, shift)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self.advance(-1 if shift else 1, 0)
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and not control:
            self.advance(0, -1 if shift or key == Qt.Key.Key_Backtab else 1)
            return True
        return self._leap(key, shift, control)

    def _leap(self, key: Qt.Key, shift: bool, control: bool) -> bool:
        grid = self._grid
        current, block = grid.current, grid.block()
        if current is None or block is None:
            return False
        reach = reach_of(block, current) if shift else current
        used_rows, used_columns = grid.used()
        page = max(grid.viewport().height() // px(ROW) - 1, 1)
        last_row, last_column = max(used_rows - 1, 0), max(used_columns - 1, 0)
        aim = {
            Qt.Key.Key_Home: ((0, 0), (1, 1)) if control else ((reach[0], 0), (0, 1)),
            Qt.Key.Key_End: ((last_row, last_column), (-1, -1)) if control else ((reach[0], last_column), (0, -1)),
            Qt.Key.Key_PageUp: ((max(reach[0] - page, 0), reach[1]), (-1, 0)),
            Qt.Key.Key_PageDown: ((min(reach[0] + page, grid.model().rowCount() - 1), reach[1]), (1, 0)),
        }.get(key)
        if aim is None:
            return False
        self.arrive(*grid.seen_from(*aim[0], *aim[1]), shift)
        return True

    def _go(self, rows: int, columns: int, to_edge: bool, extends: bool) -> None:
        grid = self._grid
        block, current = grid.block(), grid.current
        if block is None or current is None:
            if grid.model().rowCount() and grid.model().columnCount():
                grid.go_to(0, 0)
            return
        start = reach_of(block, current) if extends else current
        if to_edge:
            row, column = edge_from(grid.grid_model(), start, rows, columns)
        else:
            row, column = start[0] + rows, start[1] + columns
        row = min(max(row, 0), grid.model().rowCount() - 1)
        column = min(max(column, 0), grid.model().columnCount() - 1)
        self.arrive(*grid.seen_from(row, column, rows, columns), extends)

    def arrive(self, row: int, column: int, extends: bool) -> None:
        """At a cell; `extends`: what is selected reaches from the current cell to it."""
        grid, current = self._grid, self._grid.current
        if extends and current is not None:
            grid.select(Block.between(current, (row, column)), current, scroll=False)
            grid.scrollTo(grid.model().index(row, column))
        else:
            grid.go_to(row, column)

    def advance(self, rows: int, columns: int) -> None:
        """Enter and Tab: around within a selection of several cells, else to the next cell."""
        grid = self._grid
        block, current = grid.block(), grid.current
        if block is None or current is None:
            return
        if block.size > 1 and len(grid.blocks()) == 1:
            at = around(block, current, rows, columns)
            while not grid.is_seen(*at) and at != current:
                at = around(block, at, rows, columns)
            grid.set_current(*at)
            grid.scrollTo(grid.model().index(*at))
            return
        last_row, last_column = grid.model().rowCount() - 1, grid.model().columnCount() - 1
        row, column = current
        if columns:
            start = column if self._tab_start is None else self._tab_start
            column += columns
            down = 0
            if column > last_column and row < last_row:
                row, column, down = row + 1, 0, 1
            elif column < 0 and row > 0:
                row, column, down = row - 1, last_column, -1
            grid.go_to(*grid.seen_from(row, min(max(column, 0), last_column), down, columns))
            self._tab_start = start
            return
        if self._tab_start is not None and rows > 0:
            column = min(self._tab_start, last_column)
        grid.go_to(*grid.seen_from(min(max(row + rows, 0), last_row), column, rows, 0))
