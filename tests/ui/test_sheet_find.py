"""Find and replace in a spreadsheet, over its sheets, by real keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Cell, Sheet, Workbook, address
from forgeapp.ui.artifact.grid import GridFindBar
from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
from forgeapp.ui.workbench import Workbench
from tests.ui.sheet_bench import (
    CTRL,
    SHIFT,
    WAIT_MS,
    Open,
    artifact_of,
    budget,
    focus,
    press,
    sheet_of,
    show,
    text_at,
    type_text,
    undo_all,
    wait_for,
    workbench,
)

__all__ = ["show", "workbench"]

Key = Qt.Key


def find(qtbot: QtBot, editor: SpreadsheetEditor, words: str) -> GridFindBar:
    press(qtbot, Key.Key_F, CTRL)
    assert focus() is editor.find_bar.query
    editor.find_bar.query.clear()
    type_text(qtbot, words)
    return editor.find_bar


def click(qtbot: QtBot, editor: SpreadsheetEditor, name: str, within: str = "") -> None:
    around = editor.findChild(QWidget, within) if within else editor
    assert around is not None
    button = around.findChild(QWidget, name)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def found(bar: GridFindBar) -> list[tuple[int, str]]:
    return [(page, address((row, column))) for page, row, column in bar.hits]


def test_hits_go_from_sheet_to_sheet_and_back(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    bar = find(qtbot, editor, "b")
    assert found(bar) == [(0, "B4"), (1, "B2")]
    assert (editor.place, editor.grid.current, bar.count.text()) == (0, (3, 1), "1 of 2")
    press(qtbot, Key.Key_Return)
    assert (editor.place, editor.grid.current, bar.count.text()) == (1, (1, 1), "2 of 2")
    assert editor.grid.cells.found == {(1, 1)}
    press(qtbot, Key.Key_Return, SHIFT)
    assert (editor.place, editor.grid.current) == (0, (3, 1))
    press(qtbot, Key.Key_Escape)
    assert focus() is editor.grid
    assert editor.grid.cells.found == frozenset()


def test_the_sheet_in_view_alone_is_looked_through_where_that_is_wished(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    bar = find(qtbot, editor, "b")
    click(qtbot, editor, "segment_one", "find_sheets")
    assert found(bar) == [(0, "B4")]
    editor.show_sheet(1)
    qtbot.waitUntil(lambda: found(bar) == [(1, "B2")])


def test_a_workbook_of_one_sheet_does_not_ask_in_which(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook("W", budget().sheets[:1]))
    bar = find(qtbot, editor, "rent")
    assert found(bar) == [(0, "A2")]
    assert not bar.findChild(QWidget, "find_sheets").isVisible()
    assert bar.findChild(QWidget, "find_texts").isVisible()


def test_values_are_found_as_they_are_shown_and_are_not_replaced(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    wait_for(qtbot, editor, 3, 1, "8,900.00")
    bar = find(qtbot, editor, "8,900")
    assert found(bar) == []
    click(qtbot, editor, "segment_shown", "find_texts")
    assert found(bar) == [(0, "B4")]
    press(qtbot, Key.Key_H, CTRL)
    assert not editor.findChild(QWidget, "replace_all").isEnabled()
    bar.replace_all()
    bar.replace_one()
    assert editor.undo_stack.count() == 0
    editor.grid.setFocus()
    editor.grid.go_to(1, 1)
    type_text(qtbot, "3000")
    press(qtbot, Key.Key_Return)
    qtbot.waitUntil(lambda: found(bar) == [], timeout=WAIT_MS)


def test_one_reference_is_replaced_within_its_formula(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    bar = find(qtbot, editor, "B3")
    press(qtbot, Key.Key_H, CTRL)
    bar.replacement.setFocus()
    type_text(qtbot, "B2")
    press(qtbot, Key.Key_Return)
    assert editor.sheet.cells[3, 1].text == "=SUM(B2:B2)"
    wait_for(qtbot, editor, 3, 1, "2,100.00")
    undo_all(editor)
    assert artifact_of(editor).content == budget()


def test_all_hits_on_all_sheets_are_replaced_as_one_step(qtbot: QtBot, show: Open) -> None:
    names = [["Rent 2025", "=1+2025"], ["2025", "Rent"]]
    before = Workbook("W", (sheet_of("One", names), sheet_of("Two", [["in 2025"]])))
    editor = show(before)
    editor.show_sheet(1)
    bar = find(qtbot, editor, "2025")
    press(qtbot, Key.Key_H, CTRL)
    type_text(qtbot, "2026")
    click(qtbot, editor, "replace_all")
    assert editor.undo_stack.count() == 1
    assert editor.place == 1
    first, second = editor.workbook.sheets
    assert [first.cells[at].text for at in ((0, 0), (0, 1), (1, 0))] == ["Rent 2026", "=1+2026", "2026"]
    assert first.cells[1, 0].number == 2026
    assert second.cells[0, 0].text == "in 2026"
    assert bar.hits == []
    press(qtbot, Key.Key_Escape)
    press(qtbot, Key.Key_Z, CTRL)
    assert artifact_of(editor).content == before


def test_an_id_stays_text_when_a_part_of_it_is_replaced(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook("W", (Sheet("One", {(0, 0): Cell("00123")}),)))
    bar = find(qtbot, editor, "3")
    bar.replacement.setText("4")
    bar.replace_all()
    assert editor.sheet.cells[0, 0] == Cell("00124")


def test_a_formula_that_would_become_too_long_stays_and_that_is_told(
    qtbot: QtBot, show: Open, workbench: Workbench
) -> None:
    editor = show(Workbook("W", (sheet_of("One", [["=1+1", "1"]]),)))
    bar = find(qtbot, editor, "1")
    bar.replacement.setText("1" * 8_000)
    with qtbot.waitSignal(workbench.failed) as failed:
        bar.replace_all()
    assert "too long" in failed.args[0].message
    assert editor.sheet.cells[0, 0].text == "=1+1"
    assert len(editor.sheet.cells[0, 1].text) == 8_000


def test_cells_that_lie_far_apart_are_found_at_once(qtbot: QtBot, show: Open) -> None:
    cells = {(0, 0): Cell("near"), (MAX_ROWS - 1, MAX_COLUMNS - 1): Cell("nearly lost")}
    editor = show(Workbook("W", (Sheet("One", cells),)))
    bar = find(qtbot, editor, "near")
    assert found(bar) == [(0, "A1"), (0, "XFD1048576")]


def test_many_cells_are_looked_through_off_the_ui_thread(qtbot: QtBot, show: Open) -> None:
    rows = [[f"name {number}"] for number in range(25_000)]
    editor = show(Workbook("W", (sheet_of("One", rows), sheet_of("Two", [["name 24999"]]))))
    bar = find(qtbot, editor, "name 24999")
    qtbot.waitUntil(lambda: found(bar) == [(0, "A25000"), (1, "A1")], timeout=WAIT_MS)
    bar.replacement.setText("last")
    bar.replace_all()
    assert not bar.is_idle
    qtbot.waitUntil(lambda: text_at(editor, 24_999, 0) == "last", timeout=WAIT_MS)
    assert editor.workbook.sheets[1].cells[0, 0].text == "last"
