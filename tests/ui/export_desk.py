"""The whole window over a home of its own, for tests of exports; a test module imports the fixture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import App, build
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.content import Content
from forgeapp.domain.table import Table
from forgeapp.errors import Cancelled, ForgeError
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.exports import ExportStatus
from forgeapp.services.exporting.exported import Exported
from forgeapp.ui.exports.listing import ExportsList
from forgeapp.ui.exports.row import ExportRow
from forgeapp.ui.main_window import MainWindow
from forgeapp.ui.theme import theme
from forgeapp.ui.workbench.exports import Exports
from forgeapp.ui.workbench.open_artifact import OpenArtifact

W = TypeVar("W", bound=QWidget)
CREW = Table("Crew", ("Name", "Trade"), (("Ada", "Pilot"), ("Bo", "Cook")))


class ExportDesk:
    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        self.home = home
        theme().choose("light")
        self.app: App = build(home)
        self.conversation = self.app.ledger.conversations.start("Voyage")
        self.failures: list[Exception] = []
        self._windows: list[MainWindow] = []
        self.window = self._opened()

    def _opened(self) -> MainWindow:
        window = self.app.window()
        self._windows.append(window)
        window.workbench.failed.connect(self.failures.append)
        window.resize(1440, 900)
        window.show()
        window.activateWindow()
        self.qtbot.waitUntil(lambda: window.workbench.services is not None and window.workbench.jobs.count == 0)
        return window

    def reopen(self) -> None:
        self.window.close()
        self.app = build(self.home)
        self.window = self._opened()

    @property
    def exports(self) -> Exports:
        return self.window.workbench.exports

    def open(self, content: Content, title: str = "") -> OpenArtifact:
        new = NewVersion(content, Origin.GENERATED, title or content.title or "Untitled", None, self.conversation)
        artifact = self.app.ledger.artifacts.add(new).artifact
        self.window.workbench.artifacts.open(artifact)
        self.wait(lambda: self.window.workbench.artifacts.find(artifact) is not None)
        tab = self.window.workbench.artifacts.find(artifact)
        assert tab is not None
        return tab

    def wait(self, is_so: Callable[[], object], timeout: int = 60_000) -> None:
        self.qtbot.waitUntil(lambda: bool(is_so()), timeout=timeout)

    def find(self, kind: type[W], name: str, within: QWidget | None = None) -> W:
        """The one widget of that name that is in view."""
        found = [widget for widget in (within or self.window).findChildren(kind, name) if widget.isVisible()]
        assert len(found) == 1, f"{len(found)} widgets named {name} are in view"
        return found[0]

    def click(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        combined = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            combined |= modifier
        QTest.keyClick(self.window.focusWidget() or self.window, key, combined)

    def open_list(self) -> ExportsList:
        self.press(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
        shown = self.window.findChild(ExportsList)
        assert shown is not None
        assert shown.isVisible()
        self.wait(lambda: self.window.workbench.jobs.count == 0 or self.exports.running)
        return shown

    def row(self, name: str) -> ExportRow:
        shown = self.window.findChild(ExportsList)
        assert shown is not None
        return next(row for row in shown.rows if row.export.target.name == name)

    @property
    def notices(self) -> list[str]:
        return [notice.text for notice in self.window.notices.shown]

    def close(self) -> None:
        for window in self._windows:
            window.close()
            window.deleteLater()
        theme().choose("light")


class HeldExports:
    """Stands for `Exports.run`: each waits until it is let go, and then ends as it was told to, in the ledger, too."""

    def __init__(self, app: App) -> None:
        self._ledger = app.ledger.exports
        self.begun: list[int] = []
        self.ends_with: dict[int, ForgeError] = {}
        self.is_open = False
        self.share: float = 0.4

    def __call__(
        self,
        export: int,
        cancel: CancelToken,
        on_progress: Callable[[float], None],
        on_waiting: Callable[[float], None],
    ) -> Exported:
        self.begun.append(export)
        self._ledger.claim(export)
        on_progress(self.share)
        try:
            while not self.is_open:
                cancel.wait(0.01)
            if export in self.ends_with:
                raise self.ends_with[export]
        except ForgeError as error:
            status = ExportStatus.CANCELLED if isinstance(error, Cancelled) else ExportStatus.FAILED
            self._ledger.fail(export, status, error.key, error.message)
            raise
        exported = Exported(self._ledger.get(export).request.target, 12, 1, ())
        self._ledger.complete(export, 12, 1, ())
        return exported


@pytest.fixture
def desk(qtbot: QtBot, home: Path) -> Iterator[ExportDesk]:
    made = ExportDesk(qtbot, home)
    yield made
    made.close()
    assert made.failures == []
