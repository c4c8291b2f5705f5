"""A table as the grid shows it: its rows as they are arranged, and a blank one at the end to go on writing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal

from forgeapp.domain.arrangement import Arrangement
from forgeapp.domain.column_types import ColumnType
from forgeapp.domain.columns import TableColumns
from forgeapp.domain.table import Table
from forgeapp.ui.artifact.grid import Block, CellLook, GridModel, HeaderMarks
from forgeapp.ui.artifact.grid.model import ALIGNMENT, Index
from forgeapp.ui.artifact.table_words import TYPE_ICONS, type_words
from forgeapp.ui.wording import tr

_LOOKED_UP = 4


class TableModel(GridModel):
    """Rows and columns of the grid; `data_row` and `shown_row` lead from a row here to the table's and back.

    `arrangement` is what the marks in the header say; `columns` the table's columns, taken once.
    `written(row, column, text)`: the user typed; the row is one of the grid's, perhaps the blank one at the end.
    """

    written = Signal(int, int, str)

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table
        self._order: Sequence[int] | None = None
        self._places: dict[int, int] | None = None
        self._row_count, self._column_count = len(table.rows) + 1, len(table.columns)
        self.columns = TableColumns(table)
        self.arrangement = Arrangement()

    @property
    def table(self) -> Table:
        return self._table

    @property
    def order(self) -> Sequence[int] | None:
        """The table's rows that are shown, as they are shown; None for all as they are."""
        return self._order

    @property
    def shown_count(self) -> int:
        return len(self._table.rows) if self._order is None else len(self._order)

    @property
    def blank_row(self) -> int:
        """The row at the end that is none of the table's yet."""
        return self.shown_count

    def data_row(self, row: int) -> int:
        """The table's row shown in this one; for the blank one the first that is not there yet."""
        if self._order is None or row >= len(self._order):
            return row if self._order is None else len(self._table.rows)
        return self._order[row]

    def data_rows(self, first: int, last: int) -> Sequence[int]:
        """The table's rows shown from `first` to `last`, as far as there are any."""
        end = min(last + 1, self.shown_count)
        return range(first, end) if self._order is None else self._order[first:end]

    def shown_row(self, row: int) -> int | None:
        """Where a row of the table is shown, None where it is not."""
        return self.shown_rows((row,))[0]

    def shown_rows(self, rows: Sequence[int]) -> list[int | None]:
        """As `shown_row`, for several."""
        order = self._order
        if order is None:
            return [row if row < len(self._table.rows) else None for row in rows]
        if self._places is None and len(rows) <= _LOOKED_UP:  # quicker than to note all places
            return [order.index(row) if row in order else None for row in rows]
        if self._places is None:
            self._places = {at: place for place, at in enumerate(order)}
        return [self._places.get(row) for row in rows]

    def show_table(self, table: Table, order: Sequence[int] | None = None, block: Block | None = None) -> None:
        """Another table, or other rows of it; only what is in `block` of the grid differs, where that is given and the
        size is the same."""
        before = self.used()
        is_same_order = order is self._order
        if table is not self._table:
            changed = range(block.left, block.right + 1) if block is not None and is_same_order else None
            is_alike = changed is not None and len(table.rows) == len(self._table.rows)
            is_alike = is_alike and len(table.columns) == len(self._table.columns)
            self.columns = TableColumns(table, self.columns, changed or ()) if is_alike else TableColumns(table)
        self._set_column_count(len(table.columns))
        self._set_row_count((len(table.rows) if order is None else len(order)) + 1)
        self._table, self._order, self._places = table, order, self._places if is_same_order else None
        if before != self.used() or block is None or not is_same_order:
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

    def type_of(self, column: int) -> ColumnType:
        return self.columns.type_of(column)

    def look(self, row: int, column: int) -> CellLook:
        table = self._table
        if row < self.shown_count and column < len(table.columns):
            kind = self.columns.type_of(column)
            return CellLook(table.rows[self.data_row(row)][column], "right" if kind.is_number else "left")
        return CellLook(tr("New row") if column == 0 else "", "left", "ink_3")

    def edit_text(self, row: int, column: int) -> str:
        is_there = row < self.shown_count and column < len(self._table.columns)
        return self._table.rows[self.data_row(row)][column] if is_there else ""

    def copy_rows(self, block: Block) -> Sequence[Sequence[str]]:
        rows = self._table.rows
        return [rows[row][block.left : block.right + 1] for row in self.data_rows(block.top, block.bottom)]

    def write(self, row: int, column: int, text: str) -> None:
        self.written.emit(row, column, text)

    def used(self) -> tuple[int, int]:
        return self.shown_count, len(self._table.columns)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._row_count

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._column_count

    def header_marks(self, column: int) -> HeaderMarks | None:
        if not 0 <= column < len(self._table.columns):
            return None
        kind, wanted = self.columns.type_of(column), self.arrangement
        marks = HeaderMarks(TYPE_ICONS[kind], type_words(kind), "", column in wanted.filters)
        if wanted.sort is not None and wanted.sort[0] == column:
            return marks._replace(sort="down" if wanted.sort[1] else "up")
        return marks

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return str(self.data_row(section) + 1) if section < self.blank_row else "+"
            return None
        if not 0 <= section < len(self._table.columns):
            return None
        name = self._table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return name or tr("No name")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGNMENT["right" if self.type_of(section).is_number else "left"]
        if role == Qt.ItemDataRole.UserRole:
            return None if name else "ink_3"
        return None
