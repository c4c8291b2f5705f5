"""A spreadsheet in a window; a test module imports the fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import build
from forgeapp.domain.artifact import Kind
from forgeapp.domain.workbook import Sheet, Workbook
from forgeapp.domain.workbook_edits import typed_cell
from forgeapp.ledger.artifacts import Origin, StoredVersion
from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
from forgeapp.ui.theme import theme
from forgeapp.ui.workbench import Workbench
from forgeapp.ui.workbench.open_artifact import OpenArtifact, open_artifact

Open = Callable[[Workbook], SpreadsheetEditor]
WAIT_MS = 60_000


def sheet_of(name: str, rows: list[list[str]], **layout: object) -> Sheet:
    cells = {
        (row, column): cell
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if (cell := typed_cell(text)) is not None
    }
    return Sheet(name, cells, **layout)  # type: ignore[arg-type]


def budget() -> Workbook:
    costs = sheet_of(
        "Costs",
        [["Category", "Planned"], ["Rent", "2,100.00"], ["Wages", "6,800.00"], ["Total", "=SUM(B2:B3)"]],
    )
    return Workbook("Budget", (costs, sheet_of("Year", [["Months", "12"], ["A year", "=Costs!B4*B1"]])))


@pytest.fixture
def workbench(qapp: QApplication, tmp_path: Path) -> Iterator[Workbench]:
    theme().choose("light")
    bench = Workbench()
    bench.services = build(tmp_path / "bench")
    yield bench
    assert bench.close()


@pytest.fixture
def show(qtbot: QtBot, workbench: Workbench) -> Open:
    def open_(workbook: Workbook) -> SpreadsheetEditor:
        version = StoredVersion(
            artifact=1,
            number=1,
            kind=Kind.SPREADSHEET,
            title="Budget",
            content=workbook,
            origin=Origin.GENERATED,
            provenance={},
            created_at="2026-11-21T10:00:00Z",
        )
        artifact = open_artifact(version, workbench)
        editor = SpreadsheetEditor(artifact, workbench)
        qtbot.addWidget(editor)
        editor.resize(640, 560)
        editor.show()
        qtbot.waitExposed(editor)
        editor.activateWindow()
        editor.grid.setFocus()
        qtbot.waitUntil(lambda: editor.grid.hasFocus())
        qtbot.waitUntil(lambda: not editor.recalculation.is_waiting, timeout=WAIT_MS)
        return editor

    return open_


def artifact_of(editor: SpreadsheetEditor) -> OpenArtifact:
    return editor._artifact


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def type_text(qtbot: QtBot, text: str) -> None:
    """By real keys, wherever the focus goes meanwhile."""
    for letter in text:
        qtbot.keyClicks(focus(), letter)


def press(qtbot: QtBot, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    modifiers = Qt.KeyboardModifier.NoModifier
    for modifier in held:
        modifiers |= modifier
    qtbot.keyClick(focus(), key, modifiers)


CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def text_at(editor: SpreadsheetEditor, row: int, column: int) -> str:
    return editor.model.look(row, column).text


def wait_for(qtbot: QtBot, editor: SpreadsheetEditor, row: int, column: int, text: str) -> None:
    qtbot.waitUntil(lambda: text_at(editor, row, column) == text, timeout=WAIT_MS)


def undo_all(editor: SpreadsheetEditor) -> None:
    while editor.undo_stack.canUndo():
        editor.undo_stack.undo()
