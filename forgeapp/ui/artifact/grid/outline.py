"""What a grid paints over its cells: the outline of the selection, and where dragged rows or columns will land."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from forgeapp.domain.cell_block import Block
from forgeapp.ui.theme import color

if TYPE_CHECKING:
    from forgeapp.ui.artifact.grid.view import GridView

_WIDTH = 2


def paint_over(grid: GridView, painter: QPainter) -> None:
    """In the accent while keys go to the grid, else in a quiet tone."""
    outline = color("accent" if grid.hasFocus() or grid.is_editing else "ink_3")
    for block in grid.blocks():
        _draw_outline(painter, block_rect(grid, block), outline)
    _paint_drop(grid, painter)


def block_rect(grid: GridView, block: Block) -> QRect:
    """Where a block lies in the viewport, with the hairlines around it."""
    model = grid.model()
    first = model.index(*grid.seen_from(block.top, block.left, 1, 1))
    last = model.index(*grid.seen_from(block.bottom, block.right, -1, -1))
    rect = grid.visualRect(first).united(grid.visualRect(last)).adjusted(-1, -1, 1, 1)
    # Beside the headers there is no hairline to lie on.
    return rect.adjusted(1 if rect.left() == -1 else 0, 1 if rect.top() == -1 else 0, 0, 0)


def _draw_outline(painter: QPainter, rect: QRect, outline: QColor) -> None:
    left, top, width, height = rect.left(), rect.top(), rect.width(), rect.height()
    painter.fillRect(QRect(left, top, width, _WIDTH), outline)
    painter.fillRect(QRect(left, top + height - _WIDTH, width, _WIDTH), outline)
    painter.fillRect(QRect(left, top, _WIDTH, height), outline)
    painter.fillRect(QRect(left + width - _WIDTH, top, _WIDTH, height), outline)


def _paint_drop(grid: GridView, painter: QPainter) -> None:
    column, row, model = grid.column_header.drop_at, grid.row_header.drop_at, grid.model()
    width = min(grid.viewport().width(), grid.column_header.length() - grid.horizontalOffset())
    height = min(grid.viewport().height(), grid.row_header.length() - grid.verticalOffset())
    if column is not None:
        is_end = column >= model.columnCount()
        at = grid.column_header.length() - grid.horizontalOffset() if is_end else grid.columnViewportPosition(column)
        painter.fillRect(QRect(at - 1, 0, _WIDTH, height), color("accent"))
    if row is not None:
        at = (
            grid.row_header.length() - grid.verticalOffset()
            if row >= model.rowCount()
            else grid.rowViewportPosition(row)
        )
        painter.fillRect(QRect(0, at - 1, width, _WIDTH), color("accent"))
