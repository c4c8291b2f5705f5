"""What of a workbook is hidden: out of the grid as it is out of pages, told below it, and never changed unseen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from forgeapp.domain.cell_block import Block
from forgeapp.domain.workbook import Hidden, Workbook
from forgeapp.errors import ForgeError
from forgeapp.services.exporting.copying import cells_of
from forgeapp.services.exporting.hidden import seen_lines, seen_sheets
from forgeapp.services.exporting.previews import Grid
from forgeapp.ui.artifact.export.looks import GridLook
from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
from forgeapp.ui.controls.painting import PaintedButton
from forgeapp.ui.workbench import Workbench
from tests.ui.sheet_bench import CTRL, SHIFT, Open, focus, press, sheet_of, show, type_text, undo_all, workbench

__all__ = ["show", "workbench"]

ROWS = [
    ["Item", "Cost", "Margin", "Price"],
    ["Chair", "40", "20", "60"],
    ["Table", "90", "60", "150"],
    ["Lamp", "12", "13", "25"],
    ["Shelf", "30", "25", "55"],
]


def prices() -> Workbook:
    """Rows 3 and 4 and column C are hidden."""
    sheet = sheet_of("Prices", ROWS, hidden=Hidden(rows=frozenset({2, 3}), columns=frozenset({2})))
    return Workbook("Prices", (sheet,))


def three_sheets() -> Workbook:
    hidden = replace(sheet_of("Rates", [["x", "1"]]), hidden=Hidden(sheet=True))
    return Workbook("Book", (hidden, sheet_of("Costs", [["Rent", "=Rates!B1"]]), sheet_of("Year", [["Months", "12"]])))


def seen(editor: SpreadsheetEditor) -> list[list[str]]:
    rows, columns = editor.grid.used()
    return [
        [editor.model.look(row, column).text for column in range(columns) if not editor.grid.isColumnHidden(column)]
        for row in range(rows)
        if not editor.grid.isRowHidden(row)
    ]


def tab_names(editor: SpreadsheetEditor) -> list[str]:
    return [name for place, name in enumerate(editor.tabs.names) if editor.tabs.tab(place).isVisible()]


def click(qtbot: QtBot, editor: SpreadsheetEditor, name: str) -> None:
    button = editor.findChild(QPushButton, name) or editor.findChild(PaintedButton, name)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_what_is_hidden_is_out_of_the_grid_as_it_is_out_of_pages_until_it_is_shown(qtbot: QtBot, show: Open) -> None:
    editor = show(prices())
    assert seen(editor) == seen_lines(ROWS, editor.sheet.hidden)
    assert editor.hidden_strip.words == "2 hidden rows and 1 hidden column, not on pages"
    click(qtbot, editor, "show_hidden")
    assert editor.sheet.hidden == Hidden()
    assert seen(editor) == ROWS
    assert editor.hidden_strip.words == ""
    undo_all(editor)
    assert editor.workbook == prices()
    assert seen(editor) == seen_lines(ROWS, editor.sheet.hidden)


def test_keys_pass_over_hidden_rows_and_columns(qtbot: QtBot, show: Open) -> None:
    editor = show(prices())
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Down)
    assert editor.grid.current == (4, 0)
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Tab)
    assert editor.grid.current == (4, 3)
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_Left)
    assert editor.grid.current == (1, 1)
    press(qtbot, Qt.Key.Key_Return)
    assert editor.grid.current == (4, 1)
    press(qtbot, Qt.Key.Key_Home, CTRL)
    for _ in range(3):
        press(qtbot, Qt.Key.Key_Down, SHIFT)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return)
    assert editor.grid.current == (4, 0)


def test_rows_are_hidden_by_key_and_the_cell_goes_on_to_one_in_sight(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook(None, (sheet_of("Prices", ROWS),)))
    editor.grid.go_to(1, 0)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    press(qtbot, Qt.Key.Key_9, CTRL)
    assert editor.sheet.hidden.rows == {1, 2}
    assert editor.grid.current == (3, 0)
    assert editor.hidden_strip.words == "2 hidden rows, not on pages"
    press(qtbot, Qt.Key.Key_0, CTRL)
    assert editor.sheet.hidden.columns == {0}
    assert editor.grid.current == (3, 1)
    undo_all(editor)
    assert editor.sheet.hidden == Hidden()
    assert seen(editor) == ROWS


def test_something_is_always_left_to_be_seen(workbench: Workbench, show: Open) -> None:
    failed: list[ForgeError] = []
    workbench.failed.connect(failed.append)
    editor = show(Workbook(None, (sheet_of("Prices", ROWS),)))
    editor.grid.select_all()
    editor.sheet_edits.hide_lines(True)
    assert editor.sheet.hidden == Hidden()
    assert failed[0].message == "Something of a sheet is always to be seen."
    assert not editor.actions_of["sheet.hide"].isEnabled()


def test_what_is_found_in_a_hidden_row_is_shown_for_as_long_as_one_is_there(qtbot: QtBot, show: Open) -> None:
    editor = show(prices())
    press(qtbot, Qt.Key.Key_F, CTRL)
    type_text(qtbot, "Lamp")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor.grid.current == (3, 0))
    assert not editor.grid.isRowHidden(3)
    assert editor.grid.isRowHidden(2)
    editor.grid.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    assert editor.grid.current == (4, 0)
    assert editor.grid.isRowHidden(3)
    assert editor.sheet == prices().sheets[0]


def test_what_is_done_to_a_selection_leaves_hidden_cells_alone(qtbot: QtBot, show: Open) -> None:
    editor = show(prices())
    editor.grid.go_to(1, 1)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    press(qtbot, Qt.Key.Key_Right, SHIFT)
    press(qtbot, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "40\t60\n30\t55"
    qtbot.waitUntil(lambda: editor.summary.text().startswith("Sum 185"))
    press(qtbot, Qt.Key.Key_D, CTRL)
    assert [editor.model.edit_text(row, 1) for row in range(1, 5)] == ["40", "90", "12", "40"]
    press(qtbot, Qt.Key.Key_Delete)
    assert [row[1:] for row in seen(editor)[1:]] == [["", ""], ["", ""]]
    assert [editor.model.edit_text(row, 1) for row in (2, 3)] == ["90", "12"]
    assert [editor.model.edit_text(row, 2) for row in (1, 4)] == ["20", "25"]


def test_hidden_cells_are_neither_deleted_nor_moved_nor_pasted_over_unseen(
    qtbot: QtBot, workbench: Workbench, show: Open
) -> None:
    failed: list[ForgeError] = []
    workbench.failed.connect(failed.append)
    editor = show(prices())
    editor.grid.go_to(1, 0)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    editor.actions_of["sheet.delete_rows"].trigger()
    press(qtbot, Qt.Key.Key_X, CTRL)
    QGuiApplication.clipboard().setText("a\nb\nc")
    editor.grid.go_to(1, 0)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert editor.workbook == prices()
    deleted, cut, pasted = [(error.message, error.hint) for error in failed]
    assert deleted == ("Among these rows are hidden ones.", "Show them first, then delete what is to go.")
    assert "hidden cells lie between those that are selected" in cut[0]
    assert pasted == (
        "Hidden cells lie where this would be pasted.",
        "Show them first, or paste where nothing is hidden.",
    )
    editor.grid.go_to(4, 0)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert [editor.model.edit_text(row, 0) for row in (4, 5, 6)] == ["a", "b", "c"]


def test_hidden_sheets_have_no_tab_until_they_are_shown_from_the_list(qtbot: QtBot, show: Open) -> None:
    editor = show(three_sheets())
    assert tab_names(editor) == [sheet.name for sheet in seen_sheets(editor.workbook)] == ["Costs", "Year"]
    assert editor.sheet.name == "Costs"
    press(qtbot, Qt.Key.Key_PageDown, CTRL)
    press(qtbot, Qt.Key.Key_PageUp, CTRL)
    assert editor.sheet.name == "Costs"
    assert not editor.actions_of["sheet.previous"].isEnabled()
    click(qtbot, editor, "hidden_sheets")
    menu = editor.findChild(QMenu, "hidden_sheets_menu")
    assert [action.text() for action in menu.actions()] == ["Show Rates"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert tab_names(editor) == ["Rates", "Costs", "Year"]
    assert editor.sheet.name == "Rates"
    undo_all(editor)
    assert tab_names(editor) == ["Costs", "Year"]
    assert editor.sheet.name == "Costs"


def test_a_sheet_that_is_hidden_leaves_the_view_and_one_that_is_asked_for_says_that_it_is(
    qtbot: QtBot, show: Open
) -> None:
    editor = show(three_sheets())
    editor.actions_of["sheet.hide"].trigger()
    assert tab_names(editor) == ["Year"]
    assert editor.sheet.name == "Year"
    assert not editor.actions_of["sheet.hide"].isEnabled()
    editor.show_sheet(1)
    assert tab_names(editor) == ["Costs", "Year"]
    assert editor.tabs.tab(1).accessibleName() == "Sheet Costs, hidden"
    assert editor.hidden_strip.words == "This sheet is hidden, not on pages"
    click(qtbot, editor, "show_hidden")
    assert not editor.sheet.hidden.sheet
    assert focus() is not None
    undo_all(editor)
    assert editor.workbook == three_sheets()


def test_what_the_export_card_shows_of_a_file_hides_what_the_file_hides(qtbot: QtBot) -> None:
    look = GridLook()
    qtbot.addWidget(look)
    rows = tuple(map(tuple, ROWS))
    look.show_grids((Grid("Prices", rows, hidden=prices().sheets[0].hidden), Grid("Year", rows)))

    def hidden_now() -> tuple[list[int], list[int]]:
        table = look.table
        return [row for row in range(5) if table.isRowHidden(row)], [at for at in range(4) if table.isColumnHidden(at)]

    assert hidden_now() == ([2, 3], [2])
    look.sheets.setCurrentIndex(1)
    assert hidden_now() == ([], [])


def test_what_cannot_be_done_to_a_sheet_says_why_in_its_menu(show: Open) -> None:
    editor = show(Workbook(None, (sheet_of("Prices", ROWS),)))
    said = {action.objectName(): action.text() for action in editor.actions_for_menu() if not action.isEnabled()}
    assert said["sheet.delete"] == "Delete the sheet\tIt is the only sheet"
    assert said["sheet.show_lines"] == "Show hidden rows and columns\tNothing is hidden"
    editor.grid.go_to(1, 0)
    editor.sheet_edits.hide_lines(True)
    assert editor.actions_of["sheet.show_lines"].text() == "Show hidden rows and columns"


def test_a_part_that_is_copied_in_another_form_is_what_can_be_seen_of_it(show: Open) -> None:
    editor = show(prices())
    editor.grid.select(Block(1, 1, 4, 3))
    part = editor.selection_for_copying()
    assert part is not None
    assert part.blocks == (Block(1, 1, 1, 1), Block(1, 3, 1, 3), Block(4, 1, 4, 1), Block(4, 3, 4, 3))
    table = cells_of(editor.workbook, {}, part.sheet, part.blocks)
    assert (table.columns, table.rows) == (("40", "60"), (("30", "55"),))
