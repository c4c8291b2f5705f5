"""What is selected in a grid, in blocks of cells."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import cast

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtWidgets import QTableView

from forgeapp.domain.cell_block import Block
from forgeapp.ui.artifact.grid.model import GridModel

_SELECT = QItemSelectionModel.SelectionFlag


class SelectingView(QTableView):
    """A table view over a `GridModel` that speaks of its selection in blocks. The current cell is where it began."""

    _blocks: list[Block] | None = None
    """What is selected, until it changes."""

    def grid_model(self) -> GridModel:
        return cast(GridModel, self.model())

    def used(self) -> tuple[int, int]:
        return self.grid_model().used()

    @property
    def current(self) -> tuple[int, int] | None:
        """Row and column of the current cell."""
        index = self.currentIndex()
        return (index.row(), index.column()) if index.isValid() else None

    def blocks(self) -> list[Block]:
        """What is selected, in the order of the grid; may reach beyond what is used."""
        if self._blocks is None:
            selection = self.selectionModel().selection()
            ranges = (selection.at(place) for place in range(selection.count()))
            self._blocks = sorted(Block(each.top(), each.left(), each.bottom(), each.right()) for each in ranges)
        return self._blocks

    def used_blocks(self) -> list[Block]:
        """What is selected of that which is used."""
        rows, columns = self.used()
        return [cut for block in self.blocks() if (cut := block.within(rows, columns)) is not None]

    def block(self) -> Block | None:
        """The selected block the current cell is in, or the current cell."""
        if self.current is None:
            return None
        return next(
            (block for block in self.blocks() if block.holds(*self.current)), Block(*self.current, *self.current)
        )

    def select(self, block: Block, current: tuple[int, int] | None = None, scroll: bool = True) -> None:
        """Selects `block`, cut to the grid; the current cell is the first one in sight, or `current`."""
        model = self.model()
        cut = block.within(model.rowCount(), model.columnCount())
        if cut is None:
            return
        first = self.seen_from(cut.top, cut.left, 1, 1)
        at = first if cut.holds(*first) else (cut.top, cut.left)
        if current is not None and cut.holds(*current):
            at = current
        selection = self.selectionModel()
        selection.setCurrentIndex(model.index(*at), _SELECT.NoUpdate)
        corners = model.index(cut.top, cut.left), model.index(cut.bottom, cut.right)
        selection.select(QItemSelection(*corners), _SELECT.ClearAndSelect)
        if scroll:
            self.scrollTo(model.index(*at))

    def set_current(self, row: int, column: int) -> None:
        """Makes this the current cell and leaves the selection as it is."""
        self.selectionModel().setCurrentIndex(self.model().index(row, column), _SELECT.NoUpdate)

    def go_to(self, row: int, column: int) -> None:
        """Makes this the current cell, the only one selected."""
        self.select(Block(row, column, row, column))

    def is_seen(self, row: int, column: int) -> bool:
        """Whether neither the row nor the column is hidden."""
        return not (self.isRowHidden(row) or self.isColumnHidden(column))

    def seen_from(self, row: int, column: int, rows: int, columns: int) -> tuple[int, int]:
        """The cell, or where it is hidden the next one in sight that way (1, -1; 0: not looked for), else the last one
        before it."""
        model = self.model()
        return (
            _seen_from(row, rows, model.rowCount(), self.isRowHidden),
            _seen_from(column, columns, model.columnCount(), self.isColumnHidden),
        )

    def whole_sections(self, orientation: Qt.Orientation) -> tuple[int, int] | None:
        """First and count of the columns (or rows) that are selected as a whole and side by side."""
        blocks = self.blocks()
        if not blocks or not all(self._is_whole(block, orientation) for block in blocks):
            return None
        spans = sorted(_span(block, orientation) for block in blocks)
        if any(after[0] > before[1] + 1 for before, after in pairwise(spans)):
            return None
        return spans[0][0], spans[-1][1] - spans[0][0] + 1

    def section_state(self, orientation: Qt.Orientation, section: int) -> tuple[bool, bool]:
        """Whether something in the column (or row) is selected, and whether all of it is."""
        touched = False
        for block in self.blocks():
            first, last = _span(block, orientation)
            if first <= section <= last:
                touched = True
                if self._is_whole(block, orientation):
                    return True, True
        return touched, False

    def _is_whole(self, block: Block, orientation: Qt.Orientation) -> bool:
        rows, columns = self.used()
        if orientation is Qt.Orientation.Horizontal:
            return block.top == 0 and block.bottom >= max(rows, 1) - 1 and block.bottom >= self.model().rowCount() - 1
        return block.left == 0 and block.right >= columns - 1 and block.right >= self.model().columnCount() - 1

    def select_all(self) -> None:
        """All that is used, or the current cell's grid where nothing is."""
        rows, columns = self.used()
        if rows and columns:
            self.select(Block(0, 0, rows - 1, columns - 1), self.current, scroll=False)

    def select_columns(self, first: int, count: int = 1) -> None:
        self.select(Block(0, first, self.model().rowCount() - 1, first + count - 1), scroll=False)
        self.scrollTo(self.model().index(max(self.rowAt(0), 0), first))

    def select_rows(self, first: int, count: int = 1) -> None:
        self.select(Block(first, 0, first + count - 1, self.model().columnCount() - 1), scroll=False)
        self.scrollTo(self.model().index(first, max(self.columnAt(0), 0)))

    def blocks_changed(self) -> None:
        """The selection or the model is another one now."""
        self._blocks = None


def _seen_from(line: int, way: int, count: int, is_hidden: Callable[[int], bool]) -> int:
    if not way:
        return line
    for step in (way, -way):
        at = line
        while 0 <= at < count and is_hidden(at):
            at += step
        if 0 <= at < count:
            return at
    return line


def _span(block: Block, orientation: Qt.Orientation) -> tuple[int, int]:
    return (block.left, block.right) if orientation is Qt.Orientation.Horizontal else (block.top, block.bottom)
