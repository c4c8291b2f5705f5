"""A code editor in a window that has the focus; a test module imports the fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.ledger.artifacts import Origin, StoredVersion
from forgeapp.ui.artifact.code_editor import CodeEditor
from forgeapp.ui.theme import Theme
from forgeapp.ui.workbench import Workbench
from forgeapp.ui.workbench.open_artifact import OpenText, open_artifact

Key, Held = Qt.Key, Qt.KeyboardModifier
PYTHON = '''"""Totals."""

def total(meals: int) -> float:
    # price of a meal
    return meals * 4.30
'''
FILES = (
    CodeFile("totals.py", "python", PYTHON),
    CodeFile("index.html", "html", "<p>Hello</p>\n"),
    CodeFile("query.sql", "sql", "select 1;\n"),
)


class Bench:
    """An editor of code in a window that has the focus."""

    def __init__(self, qtbot: QtBot, workbench: Workbench, files: tuple[CodeFile, ...]) -> None:
        self.qtbot = qtbot
        version = StoredVersion(
            1, 1, Kind.CODE, "Totals", Code("Totals", files), Origin.GENERATED, {}, "2026-11-20T10:00:00"
        )
        opened = open_artifact(version, workbench)
        assert isinstance(opened, OpenText)
        self.artifact = opened
        self.editor = CodeEditor(self.artifact, workbench)
        qtbot.addWidget(self.editor)
        self.editor.resize(700, 480)
        self.editor.show()
        self.editor.activateWindow()
        qtbot.waitUntil(self.editor.isActiveWindow)
        self.text = self.editor.text
        self.text.setFocus()

    @property
    def files(self) -> tuple[CodeFile, ...]:
        content = self.artifact.content
        assert isinstance(content, Code)
        return content.files

    @property
    def names(self) -> list[str]:
        return [self.editor.files.tabText(place) for place in range(self.editor.files.count())]

    @property
    def shown(self) -> str:
        return self.text.toPlainText()

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

    def put_cursor(self, where: str, behind: bool = False) -> None:
        place = self.shown.index(where) + (len(where) if behind else 0)
        self.text.select(place, place)

    def click_file(self, place: int) -> None:
        area = self.editor.files.tabRect(place)
        self.qtbot.mouseClick(self.editor.files, Qt.MouseButton.LeftButton, pos=area.center())

    def settle(self) -> None:
        """Until the lexer is there and every line has its colours."""
        language = self.editor._file.language
        self.qtbot.waitUntil(lambda: language in self.editor._lexers)
        self.qtbot.waitUntil(lambda: self.text.highlighter.is_settled)

    def undo_all(self) -> None:
        while self.artifact.undo_stack.canUndo():
            self.press(Key.Key_Z, Held.ControlModifier)


@pytest.fixture
def workbench(qtbot: QtBot) -> Iterator[Workbench]:
    made = Workbench()
    failures: list[Exception] = []
    made.failed.connect(failures.append)
    yield made
    assert made.close()
    assert not failures


@pytest.fixture
def make(qtbot: QtBot, workbench: Workbench) -> Callable[..., Bench]:
    Theme("light")
    return lambda *files: Bench(qtbot, workbench, files or FILES)


def python(text: str) -> CodeFile:
    return CodeFile("main.py", "python", text)
