"""What a grid shows, asked for a cell at a time and only for what is in view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from forgeapp.domain.cell_block import Block

Index = QModelIndex | QPersistentModelIndex
Align = Literal["left", "right", "center"]

ALIGNMENT: dict[Align, Qt.AlignmentFlag] = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "center": Qt.AlignmentFlag.AlignCenter,
}

_SELECTABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_EDITABLE = _SELECTABLE | Qt.ItemFlag.ItemIsEditable


class CellLook(NamedTuple):
    """How a cell is drawn: `tone` and `fill` name colour roles of the theme; no fill is the surface."""

    text: str
    align: Align = "left"
    tone: str = "ink"
    weight: int = 400
    fill: str | None = None


class HeaderMarks(NamedTuple):
    """What a column's header says beside its name: its type by `icon` and `tip`, how rows are sorted by it ('up',
    'down', ''), whether it filters them."""

    icon: str
    tip: str
    sort: Literal["", "up", "down"] = ""
    is_filtered: bool = False


class GridModel(QAbstractTableModel):
    """Subclasses give `look`, `edit_text`, `write`, `used`, `rowCount`, `columnCount`, `headerData`.

    The grid may be larger than what is used: blank rows to write into lie beyond it.
    """

    def look(self, row: int, column: int) -> CellLook:
        raise NotImplementedError

    def edit_text(self, row: int, column: int) -> str:
        """What the cell's editor starts with."""
        raise NotImplementedError

    def write(self, row: int, column: int, text: str) -> None:
        """The user typed `text` into the cell."""
        raise NotImplementedError

    def used(self) -> tuple[int, int]:
        """Rows and columns that hold something: what Select all, Ctrl+End and copying go by."""
        raise NotImplementedError

    def copy_text(self, row: int, column: int) -> str:
        """What other programs are given; as it looks unless a subclass knows better."""
        return self.look(row, column).text

    def copy_rows(self, block: Block) -> Sequence[Sequence[str]]:
        """The texts of a block that is used."""
        columns = range(block.left, block.right + 1)
        return [[self.copy_text(row, column) for column in columns] for row in range(block.top, block.bottom + 1)]

    def has_text(self, row: int, column: int) -> bool:
        return bool(self.edit_text(row, column))

    def is_editable(self, row: int, column: int) -> bool:
        del row, column
        return True

    def header_marks(self, column: int) -> HeaderMarks | None:
        """None where a column can be neither sorted nor filtered."""
        del column
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.look(index.row(), index.column()).text
        if role == Qt.ItemDataRole.EditRole:
            return self.edit_text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGNMENT[self.look(index.row(), index.column()).align]
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        self.write(index.row(), index.column(), str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        is_open = index.isValid() and self.is_editable(index.row(), index.column())
        return _EDITABLE if is_open else _SELECTABLE
