"""An artifact, or what is selected of it, on the clipboard: by real keys and commands."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ui.artifact.code_editor import CodeEditor
from forgeapp.ui.artifact.document_editor import DocumentEditor
from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
from forgeapp.ui.artifact.table_editor import TableEditor
from forgeapp.ui.controls.menus import Menu
from tests.fakes.drawn import drawn, file_of, image_of
from tests.ui.export_desk import CREW, ExportDesk, desk

__all__ = ["desk"]


def copy(desk: ExportDesk, command: str) -> QMimeData:
    QGuiApplication.clipboard().clear()
    before = len(desk.notices)
    desk.window.findChild(QAction, command).trigger()
    desk.wait(lambda: len(desk.notices) > before)
    return QGuiApplication.clipboard().mimeData()


@pytest.mark.parametrize(
    ("command", "told", "has_html"),
    [
        ("copy.rich", "Crew is on the clipboard as rich text.", True),
        ("copy.markdown", "Crew is on the clipboard as Markdown.", False),
        ("copy.table", "Crew is on the clipboard as a table.", False),
    ],
)
def test_the_artifact_is_copied(desk: ExportDesk, command: str, told: str, has_html: bool) -> None:
    desk.open(CREW)
    QGuiApplication.clipboard().clear()
    desk.window.findChild(QAction, command).trigger()
    desk.wait(lambda: told in desk.notices)
    mime = QGuiApplication.clipboard().mimeData()
    assert "Ada" in mime.text() and "Cook" in mime.text()
    assert mime.hasHtml() is has_html
    if command == "copy.table":
        assert mime.text().splitlines()[1] == "Ada\tPilot"


def test_a_document_without_tables_says_so_when_its_cells_are_copied(desk: ExportDesk) -> None:
    desk.open(Document("Note", "# Note\n\nWords."))
    desk.window.findChild(QAction, "copy.table").trigger()
    desk.wait(lambda: desk.failures)
    assert desk.window.notices.shown[0].tone == "bad"
    desk.failures.clear()


def test_selected_cells_of_a_table_are_copied_below_the_names_of_their_columns(desk: ExportDesk) -> None:
    desk.open(CREW)
    editor = desk.find(TableEditor, "table_editor")
    editor.grid.go_to(0, 1)
    QTest.keyClick(editor.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert copy(desk, "copy.table").text().splitlines() == ["Trade", "Pilot", "Cook"]
    assert desk.notices[-1] == "What is selected of Crew is on the clipboard as a table."
    assert "Ada" not in copy(desk, "copy.markdown").text()
    editor.grid.go_to(0, 0)
    assert "Cook" in copy(desk, "copy.markdown").text(), "a single cell is only where the cursor is"


def test_selected_cells_of_a_sheet_are_copied_with_their_values(desk: ExportDesk) -> None:
    cells = {(0, 0): Cell("Net"), (1, 0): Cell("10", 10), (2, 0): Cell("=A2*2"), (2, 1): Cell("apart")}
    desk.open(Workbook("Plan", (Sheet("Costs", cells),)))
    editor = desk.find(SpreadsheetEditor, "spreadsheet_editor")
    editor.grid.go_to(1, 0)
    QTest.keyClick(editor.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert copy(desk, "copy.table").text().splitlines() == ["10", "20"]


def test_selected_text_is_copied_as_what_it_means(desk: ExportDesk) -> None:
    desk.open(Document("Note", "# Note\n\nSome **bold** words."))
    text = desk.find(DocumentEditor, "document_editor").text
    text.select(8, 21)
    assert copy(desk, "copy.markdown").text() == "Some **bold**"
    html = copy(desk, "copy.rich").html()
    assert "<strong>bold</strong>" in html and "</h1>" not in html


def test_selected_code_is_copied_as_code(desk: ExportDesk) -> None:
    desk.open(Code("Run", (CodeFile("run.py", "python", "a = 1\nb = 2\n"),)))
    editor = desk.find(CodeEditor, "code_editor")
    editor.text.select(6, 11)
    assert copy(desk, "copy.markdown").text().strip() == "```python\nb = 2\n```"


def test_the_menu_of_a_tab_copies_all_of_it_with_what_is_being_typed(desk: ExportDesk) -> None:
    desk.open(CREW)
    editor = desk.find(TableEditor, "table_editor")
    editor.grid.go_to(0, 0)
    QTest.keyClick(editor.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(editor.grid, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "!")
    tabs = desk.window.artifact_pane.tabs
    place = tabs.tabRect(0).center()
    QApplication.sendEvent(
        tabs, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, tabs.mapToGlobal(QPoint(place)))
    )
    menu = tabs.findChild(Menu)
    (action,) = [each for each in menu.actions() if each.text() == "Copy all as table (TSV)"]
    action.trigger()
    menu.close()
    desk.wait(lambda: "Crew is on the clipboard as a table." in desk.notices)
    lines = QGuiApplication.clipboard().mimeData().text().splitlines()
    assert [line.split("\t")[1] for line in lines] == ["Trade", "Pilot", "Cook"]
    assert any("!" in line for line in lines)


@pytest.mark.parametrize(
    ("command", "text"), [("copy.rich", "Two hills"), ("copy.markdown", "![Two hills](<Hills.png>)")]
)
def test_an_image_is_copied_as_a_picture_and_never_as_its_bytes_in_text(
    desk: ExportDesk, command: str, text: str
) -> None:
    from dataclasses import replace

    desk.open(replace(image_of(file_of(drawn(64, 48), "PNG")), alt="Two hills"), "Hills")
    mime = copy(desk, command)
    assert mime.text() == text
    shown = mime.imageData()
    assert isinstance(shown, QImage) and (shown.width(), shown.height()) == (64, 48)
    assert not mime.hasHtml()
    assert desk.notices[-1] == "Hills is on the clipboard as a picture."


def test_of_an_image_that_cannot_be_shown_the_words_are_copied_and_that_is_said(
    desk: ExportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(image_of(file_of(drawn(64, 48), "PNG")), "Hills")
    monkeypatch.setattr("forgeapp.ui.artifact.image.sizes.decode", lambda _image: None)
    assert not copy(desk, "copy.rich").hasImage()
    assert desk.notices[-1] == "Hills cannot be shown: its words are on the clipboard."
