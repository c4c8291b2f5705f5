"""A sheet of paper on sunken ground, on which what is read lies as it will in a file."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.controls.painting import draw_shadow, fill_round
from forgeapp.ui.theme import color, px

MAX_WIDTH: Final = 760
_NARROW: Final = 560
"""Below this width the margins give way to the words."""
_SHADOW: Final = 6
_RADIUS: Final = 4


class PaperArea(QScrollArea):
    """Scrolls one sheet as wide as the area allows, up to `max_width`; `lay` puts a widget on it."""

    def __init__(self, parent: QWidget | None = None, max_width: int = MAX_WIDTH) -> None:
        super().__init__(parent)
        self._max_width = max_width
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._desk = _Desk()
        self.setWidget(self._desk)
        self._fit()

    @property
    def desk(self) -> QWidget:
        """What scrolls."""
        return self._desk

    @property
    def sheet(self) -> QRect:
        """Where the paper lies, in the coordinates of what scrolls."""
        return self._desk.sheet

    def lay(self, widget: QWidget) -> None:
        self._desk.column.insertWidget(0, widget)

    def scroll_to_end(self) -> None:
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    @property
    def is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 24

    def _fit(self) -> None:
        width = self.viewport().width()
        around, inside = (12, 20) if width < px(_NARROW) else (32, 48)
        sheet = min(width - 2 * around, px(self._max_width))
        side = (width - sheet) // 2
        self._desk.set_margins(side, 24 if around > 12 else 12, inside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()


class _Desk(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(12)
        self.column.addStretch(1)
        self._margins = (0, 0)

    @property
    def sheet(self) -> QRect:
        side, above = self._margins
        return self.rect().adjusted(side, above, -side, -above)

    def set_margins(self, side: int, above: int, inside: int) -> None:
        self._margins = (side, above)
        self.column.setContentsMargins(side + inside, above + inside - 4, side + inside, above + inside)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), color("sunken"))
        draw_shadow(painter, self.sheet, _RADIUS, _SHADOW)
        fill_round(painter, self.sheet, _RADIUS, color("surface"), color("line"))
