"""What is made for a view has its place before it is shown: a widget without one is a window and takes the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import build
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.proposals import NewProposal
from forgeapp.ledger.turns import FinishedTurn

PAIRS: dict[str, tuple[Content, Content]] = {
    "document": (
        Document("A", "# A\n\nold\n\n|a|b|\n|-|-|\n|1|2|\n"),
        Document("A", "# A\n\nnew\n\n|a|b|\n|-|-|\n|1|3|\n"),
    ),
    "table": (Table("A", ("x",), (("1",), ("2",))), Table("A", ("x", "y"), (("1", "a"), ("3", "b")))),
    "spreadsheet": (
        Workbook("A", (Sheet("S", {(0, 0): Cell("1", 1), (1, 0): Cell("=A1*2")}),)),
        Workbook("A", (Sheet("S", {(0, 0): Cell("5", 5), (1, 0): Cell("=A1*2")}),)),
    ),
    "code": (
        Code("A", (CodeFile("a.py", "python", "eval(1)\n"),)),
        Code("A", (CodeFile("a.py", "python", "print(1)\n"),)),
    ),
}


class _Watch(QObject):
    """Notes each widget that is shown as a window and is none that should be one."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_shown = event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if is_shown and watched is not self._window:
            self.seen.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


@pytest.mark.parametrize("kind", PAIRS)
def test_no_view_of_an_artifact_is_ever_a_window_of_its_own(kind: str, qtbot: QtBot, home: Path) -> None:
    app = build(home)
    before, after = PAIRS[kind]
    conversation = app.ledger.conversations.start("x")
    version = app.ledger.artifacts.add(NewVersion(before, Origin.GENERATED, "A", conversation=conversation))
    proposal = NewProposal(version.artifact, version.number, after, "A")
    app.ledger.turns.finish(FinishedTurn(conversation, "Done.", proposals=[proposal]))
    window = app.window()
    window.resize(1440, 900)
    window.show()
    workbench = window.workbench
    qtbot.waitUntil(lambda: workbench.services is not None)
    watch = _Watch(window)
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    try:
        workbench.artifacts.open(version.artifact)
        qtbot.waitUntil(lambda: workbench.reviews.of(workbench.artifacts.active) is not None)
        for view in ("edit", "preview", "source", "history", "provenance"):
            window.show_view(view)
            qtbot.wait(150)
        tab = workbench.artifacts.active
        assert tab is not None
        workbench.reviews.decide_rest(tab, True)
        qtbot.waitUntil(lambda: tab.version == 2)
        window.show_view("edit")
        qtbot.wait(150)
    finally:
        application.removeEventFilter(watch)
        window.close()
        assert window.is_over
        shiboken6.delete(window)
    assert watch.seen == []
