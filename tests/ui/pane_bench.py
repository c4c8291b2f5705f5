"""An artifact pane over a home of its own; a test module imports the fixture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import App, build
from forgeapp.domain.content import Content
from forgeapp.domain.table import Table
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ui.artifact.pane import ArtifactPane
from forgeapp.ui.controls import SegmentedControl
from forgeapp.ui.theme import theme
from forgeapp.ui.workbench import Workbench
from forgeapp.ui.workbench.open_artifact import OpenArtifact

W = TypeVar("W", bound=QWidget)
CREW = Table("Crew", ("Name", "Trade"), (("Ada", "Pilot"), ("Bo", "Cook")))


class PaneBench:
    """`pane` in a window, `workbench` with the services of a home, `failures` told to the user."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        theme().choose("light")
        self.app: App = build(home)
        self.workbench = Workbench()
        self.failures: list[Exception] = []
        self.workbench.failed.connect(self.failures.append)
        self.workbench.take_services(self.app)
        self.pane = ArtifactPane(self.workbench)
        self.pane.resize(720, 640)
        self.pane.show()
        self.pane.activateWindow()
        qtbot.waitUntil(self.pane.isActiveWindow)

    def store(self, content: Content, title: str) -> int:
        """A new artifact in the ledger."""
        conversation = self.app.ledger.conversations.start(title)
        new = NewVersion(content, Origin.GENERATED, title, None, conversation, provenance={"model": "openai/gpt-4.1"})
        return self.app.ledger.artifacts.add(new).artifact

    def open(self, content: Content, title: str = "") -> OpenArtifact:
        artifact = self.store(content, title or content.title or "Untitled")
        self.workbench.artifacts.open(artifact)
        self.wait(lambda: self.workbench.artifacts.find(artifact) is not None)
        tab = self.workbench.artifacts.find(artifact)
        assert tab is not None
        return tab

    def edit(self, tab: OpenArtifact, content: Content) -> None:
        """A hand edit, stored as a version."""
        number = tab.version
        tab.replace(content, "Edit")
        self.workbench.artifacts.save(tab)
        self.wait(lambda: tab.version > number and tab.is_saved)

    def rename_first(self, tab: OpenArtifact, name: str) -> None:
        """Another name in the first row of CREW."""
        assert isinstance(tab.content, Table)
        (_, trade), *others = tab.content.rows
        self.edit(tab, replace(tab.content, rows=((name, trade), *others)))

    def wait(self, is_so: Callable[[], object], timeout: int = 60_000) -> None:
        self.qtbot.waitUntil(lambda: bool(is_so()), timeout=timeout)

    def find(self, kind: type[W], name: str, within: QWidget | None = None) -> W:
        """The one widget of that name that is in view."""
        found = [widget for widget in (within or self.pane).findChildren(kind, name) if widget.isVisible()]
        assert len(found) == 1, f"{len(found)} widgets named {name} are in view"
        return found[0]

    def click(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def show_view(self, view: str) -> None:
        """By a click on the segment."""
        views = self.find(SegmentedControl, "artifact_views")
        self.click(views.findChild(QWidget, f"segment_{view}"))

    def type(self, widget: QWidget, text: str) -> None:
        QTest.keyClicks(widget, text)

    def close(self) -> None:
        self.pane.close()
        assert self.workbench.close(), "a job outlived its test"
        self.pane.deleteLater()


@pytest.fixture
def bench(qtbot: QtBot, home: Path) -> Iterator[PaneBench]:
    made = PaneBench(qtbot, home)
    yield made
    made.close()
    assert made.failures == []
