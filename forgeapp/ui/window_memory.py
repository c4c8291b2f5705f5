"""What the window takes over from one run of the program to the next: put back at the start, kept when it changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.request import Tier
from forgeapp.ui.window_state import WindowState, write_state

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow

_AFTER_MS: Final = 1_000


class WindowMemory(QObject):
    """`path` None keeps nothing on disk. Where the window stands and how its panes are folded is its own to set."""

    def __init__(self, window: MainWindow, state: WindowState, path: Path | None) -> None:
        super().__init__(window)
        self._window = window
        self._workbench = workbench = window.workbench
        self._state = state
        self._path = path
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_MS)
        self._later.timeout.connect(self.keep)
        for changed in (
            workbench.chat_opened,
            workbench.conversations.listed,
            workbench.artifacts.activated,
            workbench.artifacts.opened,
            workbench.composer.changed,
            workbench.exports.ended,
        ):
            changed.connect(self.keep_later)

    def restore(self) -> None:
        """Once the services are there: choices of the composer and of exports, and the tabs."""
        workbench, state = self._workbench, self._state
        if state.mode is not None:
            workbench.composer.set_mode(state.mode)
            workbench.composer.set_model(state.model)
            if state.tier is not None:
                workbench.composer.set_tier(Tier(state.tier))
        exports = workbench.exports
        exports.formats = dict(state.export_formats)
        exports.options = {key: ExportOptions.from_json(kept) for key, kept in state.export_options.items()}
        exports.folder = Path(state.export_folder) if state.export_folder else None
        exports.resume()
        workbench.conversations.project = state.project
        workbench.revising.language = state.language or ""
        active = state.active_tab or next(iter(state.tabs), None)
        for artifact in state.tabs:
            workbench.artifacts.open(artifact, activate=artifact == active, is_quiet=True)

    def keep_later(self) -> None:
        self._later.start()

    def keep(self) -> None:
        self._later.stop()
        window, workbench, state = self._window, self._workbench, self._state
        if workbench.services is None:
            # Nothing has been restored yet: what is kept would be emptier than what was.
            return
        area = window.normalGeometry() if window.isMaximized() else window.geometry()
        state.geometry = (area.x(), area.y(), area.width(), area.height())
        state.is_maximized = window.isMaximized()
        state.conversation = workbench.chat.conversation
        state.tabs = [tab.id for tab in workbench.artifacts.tabs]
        state.active_tab = workbench.artifacts.active.id if workbench.artifacts.active else None
        state.project = workbench.conversations.project
        composer = workbench.composer
        state.mode, state.model = (composer.mode, composer.model) if composer.is_mode_chosen else (None, None)
        state.tier = composer.tier.value if composer.is_mode_chosen and composer.tier is not None else None
        state.export_folder = str(workbench.exports.folder) if workbench.exports.folder else None
        state.export_formats = dict(workbench.exports.formats)
        state.export_options = {key: options.to_json() for key, options in workbench.exports.options.items()}
        state.language = workbench.revising.language or None
        if self._path is not None:
            write_state(self._path, state)
