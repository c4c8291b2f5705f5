"""The small square at the corner of a selection: drawn out, it carries the cells on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPen

from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.artifact.grid.outline import block_rect
from forgeapp.ui.theme import color

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet.grid import SheetGrid

_SIDE: Final = 7
_REACH: Final = 4
"""As far beside it as the mouse still takes it."""


class FillHandle:
    """Of one grid, for the mouse; Ctrl+D and Ctrl+R do the like by key."""

    def __init__(self, grid: SheetGrid) -> None:
        self._grid = grid
        self._source: Block | None = None
        self.target: Block | None = None
        """What is drawn out so far, the selection with it."""

    def rect(self) -> QRect | None:
        """Where it lies in the viewport; None where there is none."""
        grid = self._grid
        blocks = grid.blocks()
        if len(blocks) != 1 or grid.is_editing or grid.current is None:
            return None
        corner = block_rect(grid, blocks[0]).bottomRight()
        if not grid.viewport().rect().adjusted(0, 0, 2, 2).contains(corner):
            return None
        return QRect(corner - QPoint(_SIDE - 3, _SIDE - 3), corner + QPoint(2, 2))

    def is_at(self, point: QPoint) -> bool:
        rect = self.rect()
        return rect is not None and rect.adjusted(-_REACH, -_REACH, _REACH, _REACH).contains(point)

    @property
    def is_drawn(self) -> bool:
        return self._source is not None

    def press(self, point: QPoint) -> bool:
        """Whether the mouse has taken it."""
        if not self.is_at(point):
            return False
        self._source = self.target = self._grid.block()
        return self._source is not None

    def draw_to(self, point: QPoint) -> None:
        """Along the way on which the mouse is further away."""
        grid, source = self._grid, self._source
        at = grid.cell_near(point)
        if source is None or at is None:
            return
        row, column = at
        down, up = row - source.bottom, source.top - row
        right, left = column - source.right, source.left - column
        furthest = max(down, up, right, left)
        if furthest <= 0:
            self.target = source
        elif furthest == down:
            self.target = source._replace(bottom=row)
        elif furthest == up:
            self.target = source._replace(top=row)
        elif furthest == right:
            self.target = source._replace(right=column)
        else:
            self.target = source._replace(left=column)
        grid.scrollTo(grid.model().index(row, column))
        grid.viewport().update()

    def release(self, gives_up: bool = False) -> tuple[Block, Block] | None:
        """What was drawn out, and how far; None where it was let go at once."""
        source, target = self._source, self.target
        self._source = self.target = None
        self._grid.viewport().update()
        if gives_up or source is None or target is None or source == target:
            return None
        return source, target

    def paint(self, painter: QPainter) -> None:
        rect = self.rect()
        if rect is not None and self._grid.hasFocus():
            painter.fillRect(rect.adjusted(-1, -1, 1, 1), color("surface"))
            painter.fillRect(rect, color("accent"))
        if self.target is not None and self.target != self._source:
            painter.setPen(QPen(color("accent"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(block_rect(self._grid, self.target).adjusted(0, 0, -1, -1))
