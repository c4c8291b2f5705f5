"""A table as the grid shows it, with one blank row at its end to go on writing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal

from forgeapp.domain.columns import is_numeric
from forgeapp.domain.table import Table
from forgeapp.ui.artifact.grid import Block, CellLook, GridModel
from forgeapp.ui.artifact.grid.model import ALIGNMENT, Index
from forgeapp.ui.wording import tr

_SAMPLED_ROWS = 400


class TableModel(GridModel):
    """`written(row, column, text)`: the user typed; the row may be the blank one at the end."""

    written = Signal(int, int, str)

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table
        self._row_count, self._column_count = len(table.rows) + 1, len(table.columns)
        self._numeric: dict[int, bool] = {}

    @property
    def table(self) -> Table:
        return self._table

    @property
    def blank_row(self) -> int:
        """The row at the end that is none of the table's yet."""
        return len(self._table.rows)

    def show_table(self, table: Table, block: Block | None = None) -> None:
        """Another table; only what is in `block` differs, where that is given and the size is the same."""
        is_resized = (len(table.rows), len(table.columns)) != self.used()
        self._set_column_count(len(table.columns))
        self._set_row_count(len(table.rows) + 1)
        self._table = table
        self._numeric.clear()
        if is_resized or block is None:
            block = Block(0, 0, self._row_count - 1, self._column_count - 1)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self._row_count - 1)
        if self._column_count:
            self.dataChanged.emit(self.index(block.top, block.left), self.index(block.bottom, block.right))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, block.left, block.right)

    # Rows and columns are always added and taken away at the end: what stands in them is asked for anew anyway.

    def _set_column_count(self, count: int) -> None:
        before = self._column_count
        if count > before:
            self.beginInsertColumns(QModelIndex(), before, count - 1)
            self._column_count = count
            self.endInsertColumns()
        elif count < before:
            self.beginRemoveColumns(QModelIndex(), count, before - 1)
            self._column_count = count
            self.endRemoveColumns()

    def _set_row_count(self, count: int) -> None:
        before = self._row_count
        if count > before:
            self.beginInsertRows(QModelIndex(), before, count - 1)
            self._row_count = count
            self.endInsertRows()
        elif count < before:
            self.beginRemoveRows(QModelIndex(), count, before - 1)
            self._row_count = count
            self.endRemoveRows()

    def is_numeric(self, column: int) -> bool:
        known = self._numeric.get(column)
        if known is None:
            known = is_numeric(row[column] for row in self._table.rows[:_SAMPLED_ROWS])
            self._numeric[column] = known
        return known

    def look(self, row: int, column: int) -> CellLook:
        rows = self._table.rows
        if row < len(rows) and column < len(self._table.columns):
            return CellLook(rows[row][column], "right" if self.is_numeric(column) else "left")
        return CellLook(tr("New row") if column == 0 else "", "left", "ink_3")

    def edit_text(self, row: int, column: int) -> str:
        rows = self._table.rows
        return rows[row][column] if row < len(rows) and column < len(self._table.columns) else ""

    def copy_rows(self, block: Block) -> Sequence[Sequence[str]]:
        return [row[block.left : block.right + 1] for row in self._table.rows[block.top : block.bottom + 1]]

    def write(self, row: int, column: int, text: str) -> None:
        self.written.emit(row, column, text)

    def used(self) -> tuple[int, int]:
        return len(self._table.rows), len(self._table.columns)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._row_count

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._column_count

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return str(section + 1) if section < self.blank_row else "+"
            return None
        if not 0 <= section < len(self._table.columns):
            return None
        name = self._table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return name or tr("No name")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGNMENT["right" if self.is_numeric(section) else "left"]
        if role == Qt.ItemDataRole.UserRole:
            return None if name else "ink_3"
        return None
