"""The program with its window: from the start to the last job's end."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from forgeapp.errors import ForgeError, NoScreen
from forgeapp.paths import Home
from forgeapp.settings import Settings, load_settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from forgeapp.ui.collector import Collector
    from forgeapp.ui.crash import CrashReporter
    from forgeapp.ui.main_window import MainWindow
    from forgeapp.ui.workbench import Services, Workbench

Build = Callable[[], "Services"]
_SETTLE_AFTER_MS = 1_000
_SOON_NEEDED = (
    "forgeapp.services.forge",
    "forgeapp.services.handwork",
    "forgeapp.services.exporting.exports",
    "forgeapp.reading.streaming",
    "forgeapp.gatekeeper",
)
"""What the first message, hand edit and export need beside what the start has imported."""
_VIEWS_SOON_NEEDED = (
    "forgeapp.ui.chat.exchange_view",
    "forgeapp.ui.artifact.grid",
    "forgeapp.ui.artifact.table_editor",
    "forgeapp.ui.artifact.code.code_edit",
    "forgeapp.ui.artifact.document_editor",
    "forgeapp.ui.artifact.spreadsheet.grid",
    "forgeapp.ui.artifact.spreadsheet_editor",
    "forgeapp.ui.artifact.draft_view",
    "forgeapp.ui.artifact.export.panel",
    "forgeapp.ui.exports.listing",
)
"""Imported one at a time, so that keys come between."""
_BETWEEN_IMPORTS_MS = 20
_TURN_S = 0.0005
"""How long a thread computes before another has its turn; painting takes many turns, and Python's own 5 ms each."""


def run(home: Home, build: Build) -> int:
    """Opens the window, and ends when it is closed. Raises NoScreen."""
    from PySide6.QtCore import QTimer

    make_application(needs_screen=True)
    window = _make_window(home)
    window.show_as_left()
    # After the first paint: importing the database's library takes longer than drawing the window.
    QTimer.singleShot(0, lambda: window.workbench.start(build))
    code = _application().exec()
    _hand_over_clipboard()
    if not window.is_over:
        # Something hangs in the system and would hold the process: everything of the user's is stored by now.
        os._exit(code)
    return code


def make_application(needs_screen: bool) -> QApplication:
    """The QApplication; without a screen it draws into memory, where that will do. Raises NoScreen."""
    if not has_screen():
        if needs_screen:
            raise NoScreen(reason="neither DISPLAY nor WAYLAND_DISPLAY is set")
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        raise NoScreen(reason=f"Qt cannot be loaded ({error})") from error

    from forgeapp.ui.plain_imports import restore_import

    restore_import()
    sys.setswitchinterval(_TURN_S)
    from forgeapp.ui.icons import app_icon

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("ForgeApp")
    app.setDesktopFileName("forgeapp")
    app.setWindowIcon(app_icon())
    return app


def has_screen() -> bool:
    """Whether a window can be shown; another platform named by QT_QPA_PLATFORM counts as one."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def open_window(home: Home, services: Services) -> MainWindow:
    """The window of a home whose services are there already; `show` it."""
    window = _make_window(home)
    window.workbench.take_services(services)
    return window


def _make_window(home: Home) -> MainWindow:
    from forgeapp.ui.collector import Collector
    from forgeapp.ui.main_window import MainWindow
    from forgeapp.ui.theme import theme
    from forgeapp.ui.window_state import FILE_NAME, read_state
    from forgeapp.ui.workbench import Workbench

    theme().choose(_settings(home.settings).theme)  # type: ignore[arg-type]
    state_path = home.root / FILE_NAME
    workbench = Workbench()
    window = MainWindow(workbench, read_state(state_path), state_path)
    collector = Collector(window)
    workbench.started.connect(lambda: _settle(workbench, collector))
    window.destroyed.connect(collector.end)
    reporter = _install_reporter(home, window)
    window.destroyed.connect(reporter.uninstall)
    return window


def _hand_over_clipboard() -> None:
    """What was copied stays there as text: Qt would free what Python made after Python's end."""
    clipboard = _application().clipboard()
    if clipboard.ownsClipboard():
        clipboard.setText(clipboard.text())


def _settle(workbench: Workbench, collector: Collector) -> None:
    """What need not be done before the window can be used, done before it is needed."""
    from PySide6.QtCore import QTimer

    from forgeapp.ui.jobs import Lane

    def preload(_cancel: object) -> None:
        from forgeapp.ui.richtext import highlighting

        highlighting.preload()
        for name in _SOON_NEEDED:
            import_module(name)

    def go() -> None:
        workbench.jobs.run(preload, lambda _: import_next(), lane=Lane.VIEWS)

    views = iter(_VIEWS_SOON_NEEDED)

    def import_next() -> None:
        name = next(views, None)
        if name is None:
            collector.freeze()
            return
        import_module(name)
        QTimer.singleShot(_BETWEEN_IMPORTS_MS, workbench, import_next)

    collector.freeze()
    QTimer.singleShot(_SETTLE_AFTER_MS, workbench, go)


def _settings(path: Path) -> Settings:
    """A file that cannot be read is told when the services are built; the window still opens."""
    with contextlib.suppress(ForgeError):
        return load_settings(path)
    return Settings()


def _install_reporter(home: Home, window: MainWindow) -> CrashReporter:
    from forgeapp.ui.crash import CrashReporter

    reporter = CrashReporter(home.root / "crashes", window.workbench.failed.emit, window)
    reporter.install()
    return reporter


def _application() -> QApplication:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
