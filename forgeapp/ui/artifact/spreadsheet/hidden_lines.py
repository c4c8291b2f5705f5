"""The hidden rows and columns of a sheet, kept out of its grid."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHeaderView

from forgeapp.domain.cell_block import Block
from forgeapp.domain.workbook import ALL_SEEN, Hidden

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet.grid import SheetGrid


class HiddenLines:
    """Of one grid. The row and the column of the current cell are shown for as long as it is in them: keys pass over
    hidden ones, but what is found, undone or gone to never is out of sight."""

    def __init__(self, grid: SheetGrid) -> None:
        self._grid = grid
        self._hidden = ALL_SEEN
        self._shown_rows: set[int] = set()
        self._shown_columns: set[int] = set()

    @property
    def unseen(self) -> Hidden:
        """What cannot be seen now."""
        hidden, rows, columns = self._hidden, self._shown_rows, self._shown_columns
        return replace(hidden, rows=hidden.rows - rows, columns=hidden.columns - columns) if rows or columns else hidden

    def hide(self, hidden: Hidden) -> None:
        """These, and no others; from one that is hidden now the current cell goes on to the next one in sight."""
        before, self._hidden = self._hidden, hidden
        if hidden.rows != before.rows or hidden.columns != before.columns:
            self._shown_rows, self._shown_columns = set(), set()
        unseen, grid, current = self.unseen, self._grid, self._grid.current
        _hide(grid.row_header, before.rows, unseen.rows)
        _hide(grid.column_header, before.columns, unseen.columns)
        if current is not None and not grid.is_seen(*current):
            grid.go_to(*grid.seen_from(*current, 1, 1))

    def uncover(self, row: int, column: int) -> None:
        """The lines of this cell are shown although they are hidden."""
        if row in self._hidden.rows:
            self._shown_rows.add(row)
            self._grid.row_header.setSectionHidden(row, False)
        if column in self._hidden.columns:
            self._shown_columns.add(column)
            self._grid.column_header.setSectionHidden(column, False)

    def cover(self, current: tuple[int, int] | None) -> None:
        """What was shown for a cell is out of sight again, unless the current one is in it."""
        row, column = current if current is not None else (-1, -1)
        for line in self._shown_rows - {row}:
            self._grid.row_header.setSectionHidden(line, True)
        for line in self._shown_columns - {column}:
            self._grid.column_header.setSectionHidden(line, True)
        self._shown_rows &= {row}
        self._shown_columns &= {column}


def hides_within(unseen: Hidden, blocks: Iterable[Block]) -> bool:
    """Whether any of the blocks has cells that cannot be seen."""
    return any(
        any(block.top <= row <= block.bottom for row in unseen.rows)
        or any(block.left <= column <= block.right for column in unseen.columns)
        for block in blocks
    )


def _hide(header: QHeaderView, before: Collection[int], wanted: Collection[int]) -> None:
    """Painted once: a header that is painted measures itself anew for each."""
    header.setUpdatesEnabled(False)
    for line in before:
        if line not in wanted and header.isSectionHidden(line):
            header.setSectionHidden(line, False)
    for line in wanted:
        if not header.isSectionHidden(line):
            header.setSectionHidden(line, True)
    header.setUpdatesEnabled(True)
