"""Rows and columns that stay in view: painted over the grid once it is scrolled away from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionViewItem, QWidget

from forgeapp.ui.theme import color

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet.grid import SheetGrid


class FrozenStrip(QWidget):
    """The first `rows` rows (0: all in view) or first `columns` columns of a grid, or both: the corner.

    It lies over the headers too, so that the numbers and letters stay with their rows and columns.
    """

    def __init__(self, grid: SheetGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._rows = 0
        self._columns = 0
        self.hide()

    def place(self, rows: int, columns: int) -> None:
        """Shows what is frozen, nothing where both are 0."""
        self._rows, self._columns = rows, columns
        grid = self._grid
        left, top = grid.row_header.width(), grid.column_header.height()
        width, height = grid.viewport().width(), grid.viewport().height()
        if rows:
            height = min(grid.frozen_height(), height)
        if columns:
            width = min(grid.frozen_width(), width)
        x, y = (left if columns else 0), (top if rows else 0)
        self.setGeometry(x, y, left + width - x, top + height - y)
        self.setVisible(bool(rows or columns))
        self.raise_()
        self.update()

    def _cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """The cell under a point of the strip's own coordinates."""
        grid = self._grid
        at = self.mapTo(grid, point) - QPoint(grid.row_header.width(), grid.column_header.height())
        if at.x() < 0 or at.y() < 0:
            return None
        row = _section_at(grid.row_header, at.y(), bool(self._rows))
        column = _section_at(grid.column_header, at.x(), bool(self._columns))
        return (row, column) if row >= 0 and column >= 0 else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().toPoint())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self._grid.setFocus(Qt.FocusReason.MouseFocusReason)
            self._grid.press(*cell, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._cell_at(event.position().toPoint()) is not None:
            self._grid.begin_edit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        cell = self._cell_at(event.pos())
        if cell is not None:
            self._grid.press(*cell, False)
            self._grid.menu_requested.emit("cells", event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._grid.wheelEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        grid = self._grid
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.translate(-self.pos())
        area = self.geometry()
        left, top = grid.row_header.width(), grid.column_header.height()
        rows = _in_view(grid.row_header, self._rows, grid.viewport().height())
        columns = _in_view(grid.column_header, self._columns, grid.viewport().width())
        painter.save()
        painter.setClipRect(area & QRect(left, top, grid.width(), grid.height()))
        option = QStyleOptionViewItem()
        for row, y, height in rows:
            for column, x, width in columns:
                self._paint_cell(painter, option, row, column, QRect(left + x, top + y, width - 1, height - 1))
        painter.setPen(color("line_2"))
        for _, y, height in rows:
            painter.drawLine(left, top + y + height - 1, grid.width(), top + y + height - 1)
        for _, x, width in columns:
            painter.drawLine(left + x + width - 1, top, left + x + width - 1, grid.height())
        painter.restore()
        if not self._columns:
            for row, y, height in rows:
                grid.row_header.paintSection(painter, QRect(0, top + y, left, height), row)
        if not self._rows:
            for column, x, width in columns:
                grid.column_header.paintSection(painter, QRect(left + x, 0, width, top), column)
        self._paint_edges(painter, area)

    def _paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, row: int, column: int, rect: QRect) -> None:
        index = self._grid.model().index(row, column)
        is_selected = self._grid.selectionModel().isSelected(index)
        option.rect = rect  # type: ignore[attr-defined]
        option.state = QStyle.StateFlag.State_Selected if is_selected else QStyle.StateFlag.State_None  # type: ignore[attr-defined]
        self._grid.cells.paint(painter, option, index)
        if self._grid.current == (row, column):
            painter.setPen(color("accent"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _paint_edges(self, painter: QPainter, area: QRect) -> None:
        painter.setPen(color("line"))
        if self._rows:
            painter.drawLine(area.left(), area.bottom(), area.right(), area.bottom())
        if self._columns:
            painter.drawLine(area.right(), area.top(), area.right(), area.bottom())


def _in_view(header: QHeaderView, frozen: int, extent: int) -> list[tuple[int, int, int]]:
    """Section, place and size of the frozen sections, or else of those the grid is scrolled to."""
    if frozen:
        sections = range(min(frozen, header.count()))
        shown = ((section, header.sectionPosition(section), header.sectionSize(section)) for section in sections)
        return [each for each in shown if each[2]]
    first, last = header.visualIndexAt(0), header.visualIndexAt(extent)
    last = header.count() - 1 if last < 0 else last
    sections = range(max(first, 0), last + 1)
    shown = ((section, header.sectionViewportPosition(section), header.sectionSize(section)) for section in sections)
    return [each for each in shown if each[2]]


def _section_at(header: QHeaderView, at: int, is_frozen: bool) -> int:
    return header.logicalIndexAt(at - header.offset() if is_frozen else at)
