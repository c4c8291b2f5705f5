"""The commands as Qt's actions: with their keys on the window, in menus, and as a list to search."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from forgeapp.ui.commands import COMMANDS, EDIT, MENUS, Command
from forgeapp.ui.controls import tell_obstacle
from forgeapp.ui.icons import icon
from forgeapp.ui.notices import Notice
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


class Actions:
    """One QAction a command, by id.

    All stay enabled, so that no key is dead for want of a look: it says why nothing can be done. A menu that is open
    shows what can be done, and why the rest cannot.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._actions: dict[str, QAction] = {}
        for command in COMMANDS:
            self._actions[command.id] = self._action(command)
        window.addActions(list(self._actions.values()))

    def __getitem__(self, command: str) -> QAction:
        return self._actions[command]

    def keys(self, command: str) -> str:
        """The keys as shown to people, '' where there are none."""
        shortcuts = self._actions[command].shortcuts()
        return shortcuts[0].toString(QKeySequence.SequenceFormat.NativeText) if shortcuts else ""

    def obstacle(self, command: Command) -> str:
        """Why it cannot be done now, '' where it can."""
        return command.obstacle(self._window)

    def refresh(self) -> None:
        """Looks again at what is on and what is off."""
        for command in COMMANDS:
            if command.is_checked is not None:
                self._actions[command.id].setChecked(command.is_checked(self._window))

    def fill(self, bar: QMenuBar) -> None:
        for name in MENUS:
            menu = bar.addMenu(tr(name))
            menu.aboutToShow.connect(partial(self._fill_menu, menu, name))
            menu.aboutToHide.connect(self._restore_all)

    def _fill_menu(self, menu: QMenu, name: str) -> None:
        """Made when it opens: what can be done and what an editor offers has changed since."""
        self.refresh()
        menu.clear()
        last = ""
        for command in COMMANDS:
            if command.menu == name:
                noun = command.id.partition(".")[0]
                if last in _GROUP_ENDS and noun != last:
                    menu.addSeparator()
                tell_obstacle(self._actions[command.id], self.obstacle(command))
                menu.addAction(self._actions[command.id])
                last = noun
        offered = self._window.editor_actions() if name == EDIT else []
        if offered:
            menu.addSeparator()
            menu.addActions(offered)

    def _restore_all(self) -> None:
        for action in self._actions.values():
            tell_obstacle(action, "")

    def _action(self, command: Command) -> QAction:
        action = QAction(tr(command.title), self._window)
        action.setObjectName(command.id)
        if command.icon:
            action.setIcon(icon(command.icon))
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        action.setCheckable(command.is_checked is not None)
        action.triggered.connect(partial(self._run, command))
        return action

    def _run(self, command: Command, _checked: bool = False) -> None:
        obstacle = self.obstacle(command)
        if obstacle:
            title = tr(command.title).removesuffix("…")
            self._window.notices.show_notice(Notice(tr("{command}: {reason}", command=title, reason=obstacle)))
        else:
            command.act(self._window)
        self.refresh()


_GROUP_ENDS = (
    "conversation",
    "code",
    "file",
    "artifact",
    "view",
    "tab",
    "activity",
    "edit",
    "selection",
    "composer",
    "exports",
    "archive",
)
"""Nouns after which a menu draws a line."""
