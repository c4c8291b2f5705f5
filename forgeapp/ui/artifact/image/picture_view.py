"""One picture, fitted or zoomed, moved by mouse and keys; where it is seen through, on a checkerboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from forgeapp.ui.artifact.image.sizes import DecodedPicture
from forgeapp.ui.controls.painting import draw_ring, draw_shadow
from forgeapp.ui.theme import color, px
from forgeapp.ui.wording import number_text, tr

MIN_ZOOM: Final = 0.02
MAX_ZOOM: Final = 16.0
STEP: Final = 1.25
_SHARP_FROM: Final = 2.0
"""From here on pixels are shown as what they are."""
_SQUARE: Final = 8
_NARROW: Final = 480
_SHADOW: Final = 6
_ARROW_STEP: Final = 40


class PictureView(QAbstractScrollArea):
    """`zoom` 1.0 shows a pixel of the picture by one of the screen; None makes all of it fit, and enlarges nothing.

    `zoomed`: `zoom` or what fits has changed. Two clicks change between both.
    """

    zoomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture")
        self.setAccessibleName(tr("Picture"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.zoom: float | None = None
        self._picture: DecodedPicture | None = None
        self._grabbed: QPoint | None = None
        self._shows_ring = False
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(_ARROW_STEP)

    @property
    def picture(self) -> DecodedPicture | None:
        return self._picture

    @property
    def scale(self) -> float:
        """Of the screen's pixels to the picture's."""
        return self.zoom if self.zoom is not None else self._fitting()

    def show_picture(self, picture: DecodedPicture | None) -> None:
        """Another one of the same size stays at the place that is looked at."""
        before, self._picture = self._picture, picture
        if picture is None or before is None or before.whole.size() != picture.whole.size():
            self.zoom = None
        self._lay_out()
        self.zoomed.emit()

    def set_zoom(self, zoom: float | None, at: QPointF | None = None) -> None:
        """`at`: the point of the viewport that keeps what it shows; its middle without."""
        point = at or QPointF(self.viewport().rect().center())
        before = QRectF(self.picture_rect())
        self.zoom = None if zoom is None else min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        self._lay_out()
        if not before.isEmpty():
            share = QPointF((point.x() - before.x()) / before.width(), (point.y() - before.y()) / before.height())
            width, height = self._shown_size()
            margin = self._margin
            self.horizontalScrollBar().setValue(round(share.x() * width + margin - point.x()))
            self.verticalScrollBar().setValue(round(share.y() * height + margin - point.y()))
        self.zoomed.emit()

    def picture_rect(self) -> QRect:
        """Where the picture lies in the viewport; it stands in the middle where there is room."""
        width, height = self._shown_size()
        view, margin = self.viewport().size(), self._margin
        left = (max(view.width(), width + 2 * margin) - width) // 2 - self.horizontalScrollBar().value()
        top = (max(view.height(), height + 2 * margin) - height) // 2 - self.verticalScrollBar().value()
        return QRect(left, top, width, height)

    @property
    def _margin(self) -> int:
        return 12 if self.viewport().width() < px(_NARROW) else 24

    def _shown_size(self) -> tuple[int, int]:
        if self._picture is None:
            return 0, 0
        factor = self.scale / self.devicePixelRatioF()
        whole = self._picture.whole
        return max(round(whole.width() * factor), 1), max(round(whole.height() * factor), 1)

    def _fitting(self) -> float:
        if self._picture is None:
            return 1.0
        whole, ratio, room = self._picture.whole, self.devicePixelRatioF(), self.size()
        across = max(room.width() - 2 * self._margin, 16) * ratio / whole.width()
        down = max(room.height() - 2 * self._margin, 16) * ratio / whole.height()
        return min(across, down, 1.0)

    def _lay_out(self) -> None:
        width, height = self._shown_size()
        margin = self._margin
        for bar, shown, room in (
            (self.horizontalScrollBar(), width, self.viewport().width()),
            (self.verticalScrollBar(), height, self.viewport().height()),
        ):
            bar.setPageStep(room)
            bar.setRange(0, max(shown + 2 * margin - room, 0) if self.zoom is not None else 0)
        can_move = self.horizontalScrollBar().maximum() > 0 or self.verticalScrollBar().maximum() > 0
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if can_move else Qt.CursorShape.ArrowCursor)
        self.setAccessibleDescription(tr("{share} %", share=number_text(self.scale * 100)))
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), color("sunken"))
        if self._picture is not None:
            area = self.picture_rect()
            draw_shadow(painter, area, 2, _SHADOW)
            if self._picture.is_transparent:
                painter.setBrushOrigin(area.topLeft())
                painter.fillRect(area, QBrush(_checkerboard()))
            seen = area.intersected(event.rect())
            if not seen.isEmpty():
                self._paint_part(painter, area, seen)
            painter.setPen(color("line"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(area).adjusted(-0.5, -0.5, 0.5, 0.5))
        if self.hasFocus() and self._shows_ring:
            draw_ring(painter, self.viewport().rect(), 0)

    def _paint_part(self, painter: QPainter, area: QRect, seen: QRect) -> None:
        assert self._picture is not None
        image = self._picture.nearest(area.width() * self.devicePixelRatioF())
        across, down = image.width() / area.width(), image.height() / area.height()
        source = QRectF(
            (seen.x() - area.x()) * across, (seen.y() - area.y()) * down, seen.width() * across, seen.height() * down
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale < _SHARP_FROM)
        painter.drawImage(QRectF(seen), image, source)

    # What Qt calls.

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        if self.zoom is None:
            self.zoomed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._shows_ring = event.reason() in by_keys
        super().focusInEvent(event)
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / 120
        if turns:
            self.set_zoom(self.scale * STEP**turns, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.zoom is not None:
            self._grabbed = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            moved = event.position().toPoint() - self._grabbed
            self._grabbed = event.position().toPoint()
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grabbed = None
        self._lay_out()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.set_zoom(1.0 if self.zoom is None else None, event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.set_zoom(self.scale * STEP)
            case Qt.Key.Key_Minus:
                self.set_zoom(self.scale / STEP)
            case Qt.Key.Key_0:
                self.set_zoom(None)
            case Qt.Key.Key_1:
                self.set_zoom(1.0)
            case Qt.Key.Key_Home:
                across.setValue(0)
                down.setValue(0)
            case Qt.Key.Key_End:
                across.setValue(across.maximum())
                down.setValue(down.maximum())
            case _:
                super().keyPressEvent(event)


def _checkerboard() -> QPixmap:
    """Two squares by two."""
    tile = QPixmap(2 * _SQUARE, 2 * _SQUARE)
    tile.fill(color("surface"))
    painter = QPainter(tile)
    for at in (0, _SQUARE):
        painter.fillRect(at, at, _SQUARE, _SQUARE, color("line"))
    painter.end()
    return tile
