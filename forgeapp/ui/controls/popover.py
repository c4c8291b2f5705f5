"""A card opened under a widget."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from forgeapp.ui.controls.painting import draw_shadow, fill_round
from forgeapp.ui.theme import CARD_RADIUS, color

_SHADOW = 12


class Popover(QFrame):
    """A card over the window; fill `content` (a QVBoxLayout). Esc or a click outside closes it, focus returns."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(_SHADOW + 12, _SHADOW + 12, _SHADOW + 12, _SHADOW + 12)
        self.content.setSpacing(8)
        self._came_from: QWidget | None = None

    def open_under(self, anchor: QWidget, align_right: bool = False) -> None:
        """Shows the card below `anchor`, or above it where there is no room, and gives it the focus."""
        self._came_from = QApplication.focusWidget() or anchor.window().focusWidget() or anchor
        self.adjustSize()
        self.move(self._place(anchor, align_right))
        self.show()
        # Its true size is known only now that it is laid out.
        self.adjustSize()
        self.move(self._place(anchor, align_right))
        (self._first_stop() or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def open_above(self, anchor: QWidget, align_right: bool = False) -> None:
        """As `open_under`, for an anchor at the lower edge of its window; keeps the size that was set."""
        self._came_from = QApplication.focusWidget() or anchor.window().focusWidget() or anchor
        screen = anchor.screen().availableGeometry()
        y = anchor.mapToGlobal(QPoint(0, -4)).y() - self.height() + _SHADOW
        self.move(self._left_edge(anchor, align_right), max(screen.top() - _SHADOW, y))
        self.show()
        (self._first_stop() or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def _first_stop(self) -> QWidget | None:
        """The first of the card's widgets the Tab key stops at."""
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            if self.isAncestorOf(widget) and widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                return widget
            widget = widget.nextInFocusChain()
        return None

    def _place(self, anchor: QWidget, align_right: bool) -> QPoint:
        height, screen = self.height(), anchor.screen().availableGeometry()
        y = anchor.mapToGlobal(QPoint(0, anchor.height() + 4)).y() - _SHADOW
        if y + height - _SHADOW > screen.bottom():
            y = max(screen.top() - _SHADOW, anchor.mapToGlobal(QPoint(0, 0)).y() - 4 - height + _SHADOW)
        return QPoint(self._left_edge(anchor, align_right), y)

    def _left_edge(self, anchor: QWidget, align_right: bool) -> int:
        """Beneath one side of the anchor, but neither off the screen nor past the left edge of the window."""
        screen = anchor.screen().availableGeometry()
        x = anchor.mapToGlobal(QPoint(anchor.width() if align_right else 0, 0)).x()
        x -= self.width() - _SHADOW if align_right else _SHADOW
        x = max(x, anchor.window().mapToGlobal(QPoint(4, 0)).x() - _SHADOW)
        # The window itself may stand half off the screen.
        return max(screen.left() - _SHADOW, min(x, screen.right() + _SHADOW - self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        came_from, self._came_from = self._came_from, None
        if came_from is not None:
            came_from.setFocus(Qt.FocusReason.PopupFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        card = QRect(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        draw_shadow(painter, card, CARD_RADIUS, _SHADOW)
        fill_round(painter, card, CARD_RADIUS, color("raised"), color("line"))
