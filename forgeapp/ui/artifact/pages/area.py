"""Pages one below the other on sunken ground, as wide as the area or at a size of their own."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from forgeapp.ui.artifact.pages.drawings import Drawings
from forgeapp.ui.controls.painting import draw_ring, draw_shadow
from forgeapp.ui.jobs import Jobs
from forgeapp.ui.theme import color, px
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.services.exporting.pages import PageFile

MIN_ZOOM: Final = 0.25
MAX_ZOOM: Final = 4.0
STEP: Final = 1.2
_DOTS_A_POINT: Final = 96 / 72
_GAP: Final = 16
_NARROW: Final = 560
_SHADOW: Final = 6
_RADIUS: Final = 2


class PageArea(QAbstractScrollArea):
    """`zoom` 1.0 shows a page as large as it is printed; None makes the widest fit the area.

    `moved`: another page is in the middle. `zoomed`: `zoom` or what fits has changed.
    """

    moved = Signal()
    zoomed = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages")
        self.setAccessibleName(tr("Pages"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.drawings = Drawings(jobs, self)
        self.drawings.drawn.connect(self._on_drawn)
        self.zoom: float | None = None
        self._file: PageFile | None = None
        self._tops: list[int] = []
        self._current = 0
        self._grabbed: QPoint | None = None
        self.verticalScrollBar().setSingleStep(40)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    @property
    def count(self) -> int:
        return len(self._file.sizes) if self._file else 0

    @property
    def current(self) -> int:
        """The page in the middle, from 0."""
        return self._current

    @property
    def scale(self) -> float:
        """Of what is shown to what is printed."""
        return self.zoom if self.zoom is not None else self._fitting()

    @property
    def is_complete(self) -> bool:
        """Whether every page in sight is drawn as it stands in the file."""
        return self.count > 0 and all(self.drawings.is_current(number) for number in self._in_sight())

    def show_file(self, file: PageFile) -> None:
        """Its pages, at the place that was looked at."""
        self._file = file
        self.drawings.show(file)
        self._lay_out()
        self._ask()

    def set_zoom(self, zoom: float | None, at: QPointF | None = None) -> None:
        """`at`: the point of the viewport that keeps what it shows; its middle without."""
        before = self.scale
        self.zoom = None if zoom is None else min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        share = self.scale / before
        point = at or QPointF(self.viewport().rect().center())
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        x, y = (across.value() + point.x()) * share - point.x(), (down.value() + point.y()) * share - point.y()
        self._lay_out()
        across.setValue(round(x))
        down.setValue(round(y))
        self.viewport().update()
        self._ask()
        self.zoomed.emit()

    def show_page(self, number: int) -> None:
        """Scrolls to its upper edge."""
        if self._tops:
            number = min(max(number, 0), self.count - 1)
            self.verticalScrollBar().setValue(self._tops[number] - _GAP)

    def page_rect(self, number: int) -> QRect:
        """Where a page lies in the viewport."""
        width, height = self._size(number)
        whole = max(self.viewport().width(), self._width + 2 * self._margin)
        left = (whole - width) // 2 - self.horizontalScrollBar().value()
        return QRect(left, self._tops[number] - self.verticalScrollBar().value(), width, height)

    @property
    def _margin(self) -> int:
        return 12 if self.viewport().width() < px(_NARROW) else 32

    @property
    def _width(self) -> int:
        return max((self._size(number)[0] for number in range(self.count)), default=0)

    def _size(self, number: int) -> tuple[int, int]:
        assert self._file is not None
        width, height = self._file.sizes[number]
        factor = self.scale * _DOTS_A_POINT
        return max(round(width * factor), 1), max(round(height * factor), 1)

    def _fitting(self) -> float:
        if self._file is None or not self._file.sizes:
            return 1.0
        widest = max(width for width, _ in self._file.sizes)
        room = max(self.viewport().width() - 2 * self._margin, 80)
        return min(max(room / (widest * _DOTS_A_POINT), MIN_ZOOM), MAX_ZOOM)

    def _lay_out(self) -> None:
        top = 24 if self._margin > 12 else 12
        self._tops = []
        for number in range(self.count):
            self._tops.append(top)
            top += self._size(number)[1] + _GAP
        height = top - _GAP + (24 if self._margin > 12 else 12)
        view = self.viewport().size()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setPageStep(max(view.height() - 40, 40))
        down.setRange(0, max(height - view.height(), 0))
        across.setPageStep(view.width())
        across.setRange(0, max(self._width + 2 * self._margin - view.width(), 0) if self.zoom is not None else 0)
        self._tell_page()
        self.viewport().update()

    def _in_sight(self) -> range:
        if not self._tops:
            return range(0)
        top = self.verticalScrollBar().value()
        first = max(bisect_right(self._tops, top) - 1, 0)
        last = max(bisect_right(self._tops, top + self.viewport().height()) - 1, 0)
        return range(first, last + 1)

    def _ask(self) -> None:
        """What is in sight, then its neighbours."""
        seen = self._in_sight()
        if not seen or not self.isVisible():
            return
        around = [number for number in (seen.stop, seen.start - 1) if 0 <= number < self.count]
        ratio = self.devicePixelRatioF()
        self.drawings.want({number: round(self._size(number)[0] * ratio) for number in (*seen, *around)})

    def _tell_page(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        current = max(bisect_right(self._tops, middle) - 1, 0)
        self._current = current
        if self.count:
            words = tr("Page {number} of {count}", number=number_text(current + 1), count=number_text(self.count))
            self.setAccessibleDescription(words)
        self.moved.emit()

    def _on_drawn(self, number: int) -> None:
        if number < self.count:
            self.viewport().update(self.page_rect(number))

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()
        self._tell_page()
        self._ask()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), color("sunken"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number in self._in_sight():
            page = self.page_rect(number)
            if not page.adjusted(-_SHADOW, -_SHADOW, _SHADOW, _SHADOW).intersects(event.rect()):
                continue
            draw_shadow(painter, page, _RADIUS, _SHADOW)
            image = self.drawings.image(number)
            # Paper is white in every theme: it is what will be printed.
            painter.fillRect(page, Qt.GlobalColor.white)
            if image is not None:
                painter.drawImage(QRectF(page), image)
            painter.setPen(color("line"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(page).adjusted(-0.5, -0.5, 0.5, 0.5))
        if self.hasFocus() and self._shows_ring:
            draw_ring(painter, self.viewport().rect(), 0)

    _shows_ring = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._shows_ring = event.reason() in by_keys
        super().focusInEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        share = self.verticalScrollBar().value() / max(self.verticalScrollBar().maximum(), 1)
        self._lay_out()
        self.verticalScrollBar().setValue(round(share * self.verticalScrollBar().maximum()))
        self._ask()
        if self.zoom is None:
            self.zoomed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turns = event.angleDelta().y() / 120
            if turns:
                self.set_zoom(self.scale * STEP**turns, event.position())
            event.accept()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            moved = event.position().toPoint() - self._grabbed
            self._grabbed = event.position().toPoint()
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grabbed = None
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        is_held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal if is_held:
                self.set_zoom(self.scale * STEP)
            case Qt.Key.Key_Minus if is_held:
                self.set_zoom(self.scale / STEP)
            case Qt.Key.Key_0 if is_held:
                self.set_zoom(None)
            case Qt.Key.Key_1 if is_held:
                self.set_zoom(1.0)
            case Qt.Key.Key_PageDown if is_held:
                self.show_page(self.current + 1)
            case Qt.Key.Key_PageUp if is_held:
                self.show_page(self.current - 1)
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case _:
                super().keyPressEvent(event)
