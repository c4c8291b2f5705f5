"""The list of pages, left of the page in view."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.controls.painting import PaintedButton, draw_ring, fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import BODY, RADIUS, color, font
from forgeapp.ui.wording import tr

WIDTH: Final = 232
COMPACT_WIDTH: Final = 49


class Navigation(QWidget):
    """Rows of (key, text, icon). `chosen(key)` follows a choice, `left` the way back; Up and Down move among them."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, pages: list[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("control_navigation")
        self.setAccessibleName(tr("Pages"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "ground")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 9, 8)
        column.setSpacing(1)
        self.back = _Item(tr("Back to the conversations"), "arrow-left")
        self.back.setObjectName("control_back")
        self.back.clicked.connect(self.left)
        column.addWidget(self.back)
        column.addSpacing(12)
        self._items: dict[str, _Item] = {}
        for key, text, icon_name in pages:
            item = self._items[key] = _Item(text, icon_name)
            item.setObjectName(f"page_{key}")
            item.setCheckable(True)
            item.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            column.addWidget(item)
        column.addStretch(1)
        self.set_compact(False)

    def set_value(self, key: str) -> None:
        """The page in view."""
        for name, item in self._items.items():
            item.setChecked(name == key)

    def set_compact(self, is_compact: bool) -> None:
        """Only the icons."""
        self.setFixedWidth(COMPACT_WIDTH if is_compact else WIDTH)
        for item in (self.back, *self._items.values()):
            item.set_compact(is_compact)

    def focus(self) -> None:
        """Gives the keyboard to the page in view's row."""
        for item in self._items.values():
            if item.isChecked():
                item.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        items: list[QWidget] = [self.back, *self._items.values()]
        here = self.focusWidget()
        if by is None or here not in items:
            super().keyPressEvent(event)
            return
        items[min(max(items.index(here) + by, 0), len(items) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(self.width() - 1, 0, 1, self.height(), color("line"))


class _Item(PaintedButton):
    def __init__(self, text: str, icon_name: str) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(text)
        self._icon_name = icon_name
        self._is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_compact(self, is_compact: bool) -> None:
        self._is_compact = is_compact
        self.setToolTip(self.text() if is_compact else "")
        self.update()

    def nextCheckState(self) -> None:
        """Which page is in view is said by `set_value`, not by the click."""

    def sizeHint(self) -> QSize:
        return QSize(32, max(30, round(QFontMetricsF(font(BODY)).height()) + 12))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.isChecked() or self.is_hovered:
            fill_round(painter, self.rect(), RADIUS, color("selected" if self.isChecked() else "hover"))
        role = "ink" if self.isChecked() or self.is_hovered else "ink_2"
        top = (self.height() - 16) // 2
        painter.drawPixmap(QPoint(8, top), pixmap(self._icon_name, role, 16, self.devicePixelRatioF()))
        if not self._is_compact:
            type_ = font(BODY, 500 if self.isChecked() else 400)
            painter.setFont(type_)
            painter.setPen(color(role))
            room = QRect(32, 0, self.width() - 40, self.height())
            words = QFontMetricsF(type_).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)
