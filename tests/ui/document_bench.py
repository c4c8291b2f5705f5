"""A document's editor in a window that has the focus; a test module imports the fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Document
from forgeapp.ledger.artifacts import Origin, StoredVersion
from forgeapp.ui.artifact.document_editor import DocumentEditor
from forgeapp.ui.theme import Theme
from forgeapp.ui.workbench import Workbench
from forgeapp.ui.workbench.open_artifact import OpenText, open_artifact

Key, Held = Qt.Key, Qt.KeyboardModifier
QUOTE = """# Quote

Thank you for the **tour**.

1. Two dishes
2. Delivery

| Item | Price |
|------|------:|
| Meal |  4.30 |
"""
TABLE = """Above.

| Item | Price |
|------|------:|
| Meal \\| menu | 4.30 |
| Tea<br>or coffee | 2 |

Below.
"""


class Bench:
    """An editor of a document in a window that has the focus."""

    def __init__(self, qtbot: QtBot, workbench: Workbench, markdown: str, width: int) -> None:
        self.qtbot = qtbot
        version = StoredVersion(
            1, 1, Kind.DOCUMENT, "Quote", Document("Quote", markdown), Origin.GENERATED, {}, "2026-11-20T10:00:00"
        )
        opened = open_artifact(version, workbench)
        assert isinstance(opened, OpenText)
        self.artifact = opened
        self.editor = DocumentEditor(self.artifact, workbench)
        qtbot.addWidget(self.editor)
        self.editor.resize(width, 480)
        self.editor.show()
        self.editor.activateWindow()
        qtbot.waitUntil(self.editor.isActiveWindow)
        self.text = self.editor.text
        self.text.setFocus()

    @property
    def markdown(self) -> str:
        content = self.artifact.content
        assert isinstance(content, Document)
        return content.markdown

    def undo(self) -> None:
        self.text.setFocus()
        self.press(Key.Key_Z, Held.ControlModifier)

    def wait_until_read(self) -> None:
        """The rendering shows all of the text."""
        self.qtbot.waitUntil(lambda: self.is_read)

    @property
    def is_read(self) -> bool:
        return self.editor._blocks.is_idle and not self.editor.view.blocks.is_working

    @property
    def read_words(self) -> str:
        """What the rendering says."""
        blocks = self.editor.view.blocks
        blocks.select_all()
        return blocks.selected_text()

    def type(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press(Key.Key_Return)
            self.qtbot.keyClicks(QApplication.focusWidget(), line)

    def press(self, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
        together = Held.NoModifier
        for modifier in held:
            together |= modifier
        self.qtbot.keyClick(QApplication.focusWidget(), key, together)

    def put_cursor(self, where: str) -> None:
        """In front of these words."""
        place = self.markdown.index(where)
        self.text.select(place, place)

    def select(self, words: str) -> None:
        place = self.markdown.index(words)
        self.text.select(place, place + len(words))


@pytest.fixture(name="workbench")
def make_workbench(qtbot: QtBot) -> Iterator[Workbench]:
    made = Workbench()
    failures: list[Exception] = []
    made.failed.connect(failures.append)
    yield made
    assert made.close()
    assert not failures


@pytest.fixture(name="make")
def make_maker(qtbot: QtBot, workbench: Workbench) -> Callable[..., Bench]:
    Theme("light")
    return lambda markdown=QUOTE, width=900: Bench(qtbot, workbench, markdown, width)
