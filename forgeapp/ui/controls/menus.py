"""Menus with round corners, and the button that opens a menu of choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from forgeapp.ui.controls.buttons import EDGES, Button, Look
from forgeapp.ui.controls.painting import fill_round
from forgeapp.ui.icons import icon, pixmap
from forgeapp.ui.theme import LABEL, RADIUS, color, font

_EDGE: Final = 10
_MARK: Final = 16
_RADIUS: Final = 8


def tell_obstacle(action: QAction, obstacle: str) -> None:
    """Why an action cannot be done, '' where it can: menus show it in place of its keys, as Qt's own do."""
    words = action.text().partition("\t")[0]
    action.setEnabled(not obstacle)
    action.setText(f"{words}\t{obstacle}" if obstacle else words)


class Menu(QMenu):
    """A menu that paints itself: icons left, shortcuts right, a tick behind the choice that holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, self.rect(), _RADIUS, color("raised"), color("line"))
        indent = _MARK + 8 if any(not action.icon().isNull() for action in self.actions()) else 0
        for action in self.actions():
            if not action.isVisible():
                continue
            area = self.actionGeometry(action)
            if action.isSeparator():
                painter.fillRect(area.left() + 8, area.center().y(), area.width() - 16, 1, color("line"))
                continue
            self._paint_action(painter, action, area, indent)

    def _paint_action(self, painter: QPainter, action: QAction, area: QRect, indent: int) -> None:
        painter.setOpacity(1.0 if action.isEnabled() else 0.6)
        if action is self.activeAction() and action.isEnabled():
            fill_round(painter, area, RADIUS, color("hover"))
        ratio = self.devicePixelRatioF()
        left, right = area.left() + _EDGE, area.right() - _EDGE
        middle = area.center().y() + 1
        if not action.icon().isNull():
            action.icon().paint(painter, QRect(left, middle - _MARK // 2, _MARK, _MARK))
        painter.setPen(color("ink" if action.isEnabled() else "ink_3"))
        painter.setFont(font(weight=500 if action is self.defaultAction() else 400))
        words, _, obstacle = action.text().partition("\t")
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextHideMnemonic
        painter.drawText(QRect(left + indent, area.top(), right - left - indent, area.height()), flags, words)
        if action.menu() is not None:
            self._paint_mark(painter, "chevron-right", "ink_3", right, middle, ratio)
        elif obstacle:
            painter.setOpacity(1.0)
            painter.setFont(font(LABEL))
            painter.drawText(area.adjusted(0, 0, -_EDGE, 0), flags | Qt.AlignmentFlag.AlignRight, obstacle)
        elif action.isCheckable() and action.isChecked():
            self._paint_mark(painter, "check", "accent", right, middle, ratio)
        elif not action.shortcut().isEmpty():
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            painter.setFont(font(LABEL))
            painter.setPen(color("ink_3"))
            painter.drawText(area.adjusted(0, 0, -_EDGE, 0), flags | Qt.AlignmentFlag.AlignRight, keys)
        painter.setOpacity(1.0)

    def _paint_mark(self, painter: QPainter, name: str, role: str, right: int, middle: int, ratio: float) -> None:
        painter.drawPixmap(QPoint(right - 13, middle - 7), pixmap(name, role, 14, ratio, 2.0))


class MenuButton(Button):
    """A quiet button that opens a menu of choices; the one that holds is checked and worded on the button.

    `set_choices` with rows of (key, text, icon or None); None as a row is a line between groups. `chosen(key)` tells
    of a choice by the user only, not of `set_value`. Without choices, `menu` may be filled with actions by hand.
    """

    chosen = Signal(str)

    def __init__(
        self, text: str, icon_name: str | None = None, kind: Look = "quiet", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, icon_name, kind, parent=parent)
        self._label = text
        self._own_icon = icon_name
        self._value: str | None = None
        self._actions: dict[str, QAction] = {}
        self._icons: dict[str, str | None] = {}
        self._group: QActionGroup | None = None
        self.menu = Menu(self)
        self.setAccessibleDescription(text)
        self.clicked.connect(self.open_menu)

    @property
    def value(self) -> str | None:
        return self._value

    @property
    def choices(self) -> tuple[str, ...]:
        """The keys there are."""
        return tuple(self._actions)

    def set_choices(self, choices: Sequence[tuple[str, str, str | None] | None], value: str | None = None) -> None:
        self.menu.clear()
        self._actions.clear()
        self._icons.clear()
        self._group = QActionGroup(self.menu)
        for choice in choices:
            if choice is None:
                self.menu.addSeparator()
                continue
            key, text, icon_name = choice
            action = QAction(text, self._group)
            if icon_name:
                action.setIcon(icon(icon_name))
            action.setCheckable(True)
            action.setData(key)
            self.menu.addAction(action)
            self._actions[key] = action
            self._icons[key] = icon_name
        self._group.triggered.connect(self._on_triggered)
        self._show_value(value if value is not None else self._value)

    def set_value(self, value: str) -> None:
        """Shows this choice as the one that holds; a key that is not among the choices leaves the button's own word."""
        self._show_value(value)

    def _show_value(self, value: str | None) -> None:
        action = self._actions.get(value) if value is not None else None
        self._value = value if action is not None else None
        if action is not None:
            action.setChecked(True)
        elif self._group is not None and (checked := self._group.checkedAction()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)
        self.set_text(action.text() if action is not None else self._label)
        self.set_icon((self._icons.get(value) if value is not None else None) or self._own_icon)

    def set_choice_enabled(self, key: str, enabled: bool, why: str = "") -> None:
        self._actions[key].setEnabled(enabled)
        self._actions[key].setToolTip(why)
        self.menu.setToolTipsVisible(True)

    def open_menu(self) -> None:
        below = self.mapToGlobal(QPoint(0, self.height() + 2))
        size = self.menu.sizeHint()
        screen = self.screen().availableGeometry()
        if below.y() + size.height() > screen.bottom():
            below = self.mapToGlobal(QPoint(0, -size.height() - 2))
        below.setX(max(screen.left(), min(below.x(), screen.right() - size.width())))
        self.menu.popup(below)
        if self._value in self._actions:
            self.menu.setActiveAction(self._actions[str(self._value)])
        elif self.menu.actions():
            self.menu.setActiveAction(self.menu.actions()[0])

    def _on_triggered(self, action: QAction) -> None:
        key = str(action.data())
        self.set_value(key)
        self.chosen.emit(key)

    def _trailing(self) -> int:
        return 18

    def _paint_content(self, painter: QPainter, role: str) -> None:
        super()._paint_content(painter, role)
        mark = pixmap("chevron-down", "ink_3" if role == "ink_2" else role, 14, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(self.width() - EDGES[self._kind] - 13, (self.height() - 14) // 2), mark)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.open_menu()
            return
        super().keyPressEvent(event)
