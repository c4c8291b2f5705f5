"""The slim row of buttons above a text; what finds no room is in the menu at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from forgeapp.ui.controls import IconButton, Menu
from forgeapp.ui.wording import tr

_SIDE: Final = 28
_GAP: Final = 8
"""Between two groups."""


class FormatBar(QWidget):
    """`groups` of (action, name of its icon): a button each, or one that opens a menu for an action that has one.

    The row is one stop for Tab; Left and Right, Home and End go along it.
    """

    def __init__(self, groups: Sequence[Sequence[tuple[QAction, str]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("format_bar")
        self.setAccessibleName(tr("Format"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._groups = [[action for action, _ in group] for group in groups]
        self._buttons: dict[QAction, IconButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)
        self._row.setSpacing(0)
        for number, group in enumerate(groups):
            if number:
                self._row.addSpacing(_GAP)
            for action, icon_name in group:
                self._row.addWidget(self._button(action, icon_name))
        self._row.addStretch(1)
        self._more = IconButton("ellipsis", tr("More formats"), side=_SIDE)
        self._more.setObjectName("format_more")
        self._more.clicked.connect(self._open_more)
        self._row.addWidget(self._more)
        self._more.hide()
        self._set_stop(next(iter(self._buttons.values())))

    @property
    def buttons(self) -> list[IconButton]:
        """Those in view, the one that holds the rest last."""
        shown = [button for button in self._buttons.values() if not button.isHidden()]
        return shown + ([] if self._more.isHidden() else [self._more])

    def _button(self, action: QAction, icon_name: str) -> IconButton:
        button = IconButton(icon_name, action.text(), action.shortcut(), side=_SIDE)
        button.setObjectName(f"format_{action.objectName()}" if action.objectName() else "")
        button.setCheckable(action.isCheckable())
        if action.menu() is not None:
            button.clicked.connect(lambda: self._open(action.menu(), button))
        else:
            button.clicked.connect(lambda: action.trigger())
        action.changed.connect(lambda: self._follow(action, button))
        self._buttons[action] = button
        self._follow(action, button)
        return button

    def _follow(self, action: QAction, button: IconButton) -> None:
        button.setEnabled(action.isEnabled())
        if action.isCheckable():
            button.setChecked(action.isChecked())
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
        button.set_tooltip(action.text(), keys or None)

    def _open(self, menu: object, button: IconButton) -> None:
        assert isinstance(menu, Menu)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    def _open_more(self) -> None:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in self._groups:
            hidden = [action for action in group if self._buttons[action].isHidden()]
            if hidden and menu.actions():
                menu.addSeparator()
            menu.addActions(hidden)
        self._open(menu, self._more)

    def _fold(self) -> None:
        """Whole groups give way from the end, until the rest has room."""
        room = self.width() - 16
        widths = [len(group) * _SIDE for group in self._groups]
        shown = len(self._groups)
        while shown > 1 and sum(widths[:shown]) + _GAP * (shown - 1) + (_SIDE if shown < len(widths) else 0) > room:
            shown -= 1
        for number, group in enumerate(self._groups):
            for action in group:
                self._buttons[action].setHidden(number >= shown)
        self._more.setHidden(shown == len(self._groups))

    def _set_stop(self, stop: IconButton) -> None:
        for button in (*self._buttons.values(), self._more):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if button is stop else Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        buttons = self.buttons
        at = next((number for number, button in enumerate(buttons) if button.hasFocus()), None)
        steps = {
            Qt.Key.Key_Left: (at or 0) - 1,
            Qt.Key.Key_Right: (at or 0) + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(buttons) - 1,
        }
        if at is None or event.key() not in steps:
            super().keyPressEvent(event)
            return
        target = buttons[min(max(steps[Qt.Key(event.key())], 0), len(buttons) - 1)]
        self._set_stop(target)
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._fold()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(len(self._groups[0]) * _SIDE + _SIDE + 16, _SIDE + 8)

    def sizeHint(self) -> QSize:
        return QSize(400, _SIDE + 8)
