"""A table in its editor, for tests; a test module imports the fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.artifact import Kind
from forgeapp.domain.table import Table
from forgeapp.ledger.artifacts import Origin, StoredVersion
from forgeapp.ui.artifact.grid import GridView
from forgeapp.ui.artifact.table_editor import TableEditor
from forgeapp.ui.theme import Theme
from forgeapp.ui.workbench import Workbench
from forgeapp.ui.workbench.open_artifact import OpenArtifact, open_artifact

Key, Held = Qt.Key, Qt.KeyboardModifier


BUDGET = Table(
    "Budget",
    ("Category", "Planned", "Actual"),
    (
        ("Coffee", "1,450.00", "1,512.40"),
        ("Milk", "620.00", "588.15"),
        ("Rent", "2,100.00", "2,100.00"),
        ("Energy", "540.00", "602.90"),
    ),
)


class Bench:
    """An editor of a table in a window that has the focus."""

    def __init__(self, qtbot: QtBot, workbench: Workbench, table: Table) -> None:
        self.qtbot = qtbot
        version = StoredVersion(1, 1, Kind.TABLE, "Budget", table, Origin.GENERATED, {}, "2026-11-20T10:00:00")
        self.artifact: OpenArtifact = open_artifact(version, workbench)
        self.editor = TableEditor(self.artifact, workbench)
        qtbot.addWidget(self.editor)
        self.editor.resize(700, 420)
        self.editor.show()
        self.editor.activateWindow()
        qtbot.waitUntil(self.editor.isActiveWindow)
        self.grid.setFocus()
        self.grid.go_to(0, 0)

    @property
    def grid(self) -> GridView:
        return self.editor.grid

    @property
    def table(self) -> Table:
        content = self.artifact.content
        assert isinstance(content, Table)
        return content

    @property
    def names(self) -> list[str]:
        return [row[0] for row in self.table.rows]

    def press(self, key: Key, held: Held = Held.NoModifier, times: int = 1) -> None:
        """A key where the focus is."""
        for _ in range(times):
            self.qtbot.keyClick(self.focus(), key, held)

    def type(self, text: str) -> None:
        """Letter by letter: the first one makes the cell a field."""
        for letter in text:
            self.qtbot.keyClicks(self.focus(), letter)

    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def undo_all(self) -> None:
        while self.artifact.undo_stack.canUndo():
            self.artifact.undo_stack.undo()

    def do(self, action: str) -> None:
        assert self.editor.actions_of[action].isEnabled(), action
        self.editor.actions_of[action].trigger()

    def summary(self) -> str:
        QApplication.processEvents()
        return self.editor.summary.text()


@pytest.fixture
def workbench(qapp: QApplication) -> Iterator[Workbench]:
    Theme("light")
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    made = Workbench()
    yield made
    QLocale.setDefault(before)
    assert made.jobs.close(3.0)


@pytest.fixture
def bench(qtbot: QtBot, workbench: Workbench) -> Bench:
    return Bench(qtbot, workbench, BUDGET)
