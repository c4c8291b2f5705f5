"""What can be done in a grid, as actions for menus and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from forgeapp.ui.artifact.grid.find_bar import GridFindBar
from forgeapp.ui.artifact.grid.view import GridView
from forgeapp.ui.icons import icon
from forgeapp.ui.wording import tr

Keys = str | QKeySequence.StandardKey | None


class GridActions:
    """One action a command, by an id such as 'table.delete_rows', which is its object name too."""

    def __init__(self, grid: GridView, owner: QObject) -> None:
        self._grid = grid
        self._owner = owner
        self._actions: dict[str, QAction] = {}

    def __getitem__(self, action: str) -> QAction:
        return self._actions[action]

    def _add(
        self, name: str, text: str, act: Callable[[], object], icon_name: str | None = None, *keys: Keys
    ) -> QAction:
        action = QAction(text, self._owner)
        action.setObjectName(name)
        if icon_name:
            action.setIcon(icon(icon_name))
        sequences: list[QKeySequence] = []
        for key in keys:
            if isinstance(key, QKeySequence.StandardKey):
                sequences += QKeySequence.keyBindings(key)
            elif key:
                sequences.append(QKeySequence(key))
        action.setShortcuts(sequences)
        # The grid answers to the keys itself, before the window's commands with the same ones.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: act())
        self._grid.bind(action)
        self._actions[name] = action
        return action

    def _add_find(self, prefix: str, bar: GridFindBar) -> tuple[str, ...]:
        """Find, replace and the hits, for the grid's own find bar."""
        standard = QKeySequence.StandardKey
        self._add(f"{prefix}.find", tr("Find …"), bar.open, "search", standard.Find)
        self._add(f"{prefix}.replace", tr("Replace …"), lambda: bar.open(replacing=True), "replace", "Ctrl+H")
        self._add(f"{prefix}.find_next", tr("Next hit"), lambda: bar.step(1), "chevron-down", "F3")
        self._add(f"{prefix}.find_previous", tr("Previous hit"), lambda: bar.step(-1), "chevron-up", "Shift+F3")
        return f"{prefix}.find", f"{prefix}.replace", f"{prefix}.find_next", f"{prefix}.find_previous"

    def _with_separators(self, groups: Sequence[Sequence[str]]) -> list[QAction]:
        made: list[QAction] = []
        for group in groups:
            if made:
                line = QAction(self._owner)
                line.setSeparator(True)
                made.append(line)
            made += [self._actions[name] for name in group]
        return made
