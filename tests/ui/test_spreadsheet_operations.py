"""What is done to cells, rows, columns and sheets, by real keys and clicks, and taken back."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.workbook import MAX_ROWS, Cell, Sheet, Workbook
from forgeapp.errors import TooLarge
from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
from forgeapp.ui.workbench import Workbench
from tests.ui.sheet_bench import (
    CTRL,
    SHIFT,
    WAIT_MS,
    Open,
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

ALT = Qt.KeyboardModifier.AltModifier


def drag_handle(editor: SpreadsheetEditor, row: int, column: int) -> None:
    """The fill handle of the selection drawn to a cell."""
    handle = editor.grid.handle.rect()
    assert handle is not None
    viewport, target = editor.grid.viewport(), editor.grid.visualRect(editor.model.index(row, column)).center()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, left, none, handle.center())
    QTest.mouseMove(viewport, (handle.center() + target) / 2)
    QTest.mouseMove(viewport, target)
    QTest.mouseRelease(viewport, left, none, target)


def texts(editor: SpreadsheetEditor, column: int, first: int, last: int) -> list[str]:
    cells = editor.sheet.cells
    return [cells[row, column].text if (row, column) in cells else "" for row in range(first, last + 1)]


def test_number_formats_by_keys_show_at_once_and_are_undone(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook(None, (sheet_of("S", [["1234.5"], ["0.25"], ["=A1*2"], ["words"]]),)))
    before = editor.workbook
    editor.grid.select(Block(0, 0, 3, 0))
    press(qtbot, Qt.Key.Key_Exclam, CTRL, SHIFT)
    assert [text_at(editor, row, 0) for row in (0, 1, 3)] == ["1,234.50", "0.25", "words"]
    wait_for(qtbot, editor, 2, 0, "2,469.00")
    press(qtbot, Qt.Key.Key_Percent, CTRL, SHIFT)
    assert text_at(editor, 1, 0) == "25%"
    press(qtbot, Qt.Key.Key_Period, CTRL, ALT)
    assert text_at(editor, 1, 0) == "25.0%"
    press(qtbot, Qt.Key.Key_Comma, CTRL, ALT)
    assert text_at(editor, 1, 0) == "25%"
    press(qtbot, Qt.Key.Key_NumberSign, CTRL, SHIFT)
    assert text_at(editor, 0, 0) == "1903-05-18"
    press(qtbot, Qt.Key.Key_AsciiTilde, CTRL, SHIFT)
    assert text_at(editor, 0, 0) == "1234.5"
    assert editor.undo_stack.count() == 6
    undo_all(editor)
    assert editor.workbook == before


def test_the_bar_names_the_format_and_its_buttons_change_decimals(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(1, 1)
    menu = editor.formula_bar.findChild(QWidget, "number_format")
    assert menu.value == "number"
    qtbot.mouseClick(editor.formula_bar.findChild(QWidget, "fewer_decimals"), Qt.MouseButton.LeftButton)
    assert text_at(editor, 1, 1) == "2,100.0"
    menu.menu.actions()[3].trigger()
    assert text_at(editor, 1, 1) == "210000%"
    assert menu.value == "percent"


def test_a_custom_code_is_shown_before_it_is_taken(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(1, 1)
    press(qtbot, Qt.Key.Key_1, CTRL)
    [card] = [each for each in QApplication.topLevelWidgets() if each.objectName() == "format_code_card"]
    field = card.findChild(QLineEdit, "format_code")
    field.setText('0 "kg')
    assert not card.findChild(QAbstractButton, "apply_format").isEnabled()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert card.isVisible()
    field.setText('0 "kg"')
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert text_at(editor, 1, 1) == "2100 kg"


def test_rows_come_and_go_by_keys_and_all_sheets_follow(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(2, 1)
    press(qtbot, Qt.Key.Key_Up, ALT, SHIFT)
    assert editor.sheet.cells[4, 1].text == "=SUM(B2:B4)"
    assert editor.workbook.sheets[1].cells[1, 1].text == "=Costs!B5*B1"
    assert text_at(editor, 4, 1) == "8,900.00", "values go along with their cells"
    editor.grid.go_to(2, 1)
    type_text(qtbot, "100")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, editor, 4, 1, "9,000.00")
    editor.grid.go_to(1, 0)
    press(qtbot, Qt.Key.Key_Minus, CTRL)
    assert editor.sheet.cells[3, 1].text == "=SUM(B2:B3)"
    wait_for(qtbot, editor, 3, 1, "6,900.00")
    editor.show_sheet(1)
    undo_all(editor)
    assert editor.workbook == budget()
    assert editor.sheet.name == "Costs", "what Undo changed comes into view"


def test_columns_come_and_go_by_keys(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(1, 0)
    press(qtbot, Qt.Key.Key_Right, ALT, SHIFT)
    assert editor.sheet.cells[3, 2].text == "=SUM(C2:C3)"
    assert editor.workbook.sheets[1].cells[1, 1].text == "=Costs!C4*B1"
    press(qtbot, Qt.Key.Key_Minus, CTRL, ALT)
    assert editor.workbook == budget()
    editor.grid.go_to(0, 1)
    press(qtbot, Qt.Key.Key_Minus, CTRL, ALT)
    assert editor.workbook.sheets[1].cells[1, 1].text == "=#REF!*B1"
    undo_all(editor)
    assert editor.workbook == budget()


def test_a_full_sheet_takes_no_more_rows_and_says_so(qtbot: QtBot, show: Open, workbench: Workbench) -> None:
    editor = show(Workbook(None, (Sheet("S", {(0, 0): Cell("a"), (MAX_ROWS - 1, 0): Cell("z")}),)))
    with qtbot.waitSignal(workbench.failed) as told:
        press(qtbot, Qt.Key.Key_Up, ALT, SHIFT)
    assert isinstance(told.args[0], TooLarge)
    assert editor.undo_stack.count() == 0


def test_rows_of_a_large_sheet_come_without_holding_the_window(qtbot: QtBot, show: Open) -> None:
    cells = {(row, 0): Cell(str(row), row) for row in range(12_000)}
    editor = show(Workbook(None, (Sheet("S", cells | {(0, 1): Cell("=SUM(A1:A12000)")}),)))
    editor.grid.go_to(5, 0)
    press(qtbot, Qt.Key.Key_Up, ALT, SHIFT)
    assert not editor.cell_edits.is_idle
    qtbot.waitUntil(lambda: editor.cell_edits.is_idle, timeout=WAIT_MS)
    assert editor.sheet.cells[0, 1].text == "=SUM(A1:A12001)"
    undo_all(editor)
    assert editor.sheet.cells[5, 0].text == "5"


def test_the_fill_handle_carries_numbers_months_and_formulas_on(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook(None, (sheet_of("S", [["1", "Jan", "=A1*2"], ["2"]]),)))
    before = editor.workbook
    editor.grid.select(Block(0, 0, 1, 0))
    drag_handle(editor, 4, 0)
    assert texts(editor, 0, 0, 4) == ["1", "2", "3", "4", "5"]
    assert editor.grid.block() == Block(0, 0, 4, 0)
    editor.grid.select(Block(0, 1, 0, 2))
    drag_handle(editor, 3, 2)
    assert texts(editor, 1, 0, 3) == ["Jan", "Feb", "Mar", "Apr"]
    assert texts(editor, 2, 0, 3) == ["=A1*2", "=A2*2", "=A3*2", "=A4*2"]
    wait_for(qtbot, editor, 3, 2, "8")
    undo_all(editor)
    assert editor.workbook == before


def test_a_double_click_on_the_handle_fills_as_far_as_the_column_beside(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook(None, (sheet_of("S", [["1", "=A1*2"], ["2"], ["3"], [""], ["9"]]),)))
    editor.grid.go_to(0, 1)
    handle = editor.grid.handle.rect()
    assert handle is not None
    QTest.mouseDClick(editor.grid.viewport(), Qt.MouseButton.LeftButton, CTRL & SHIFT, handle.center())
    assert texts(editor, 1, 0, 4) == ["=A1*2", "=A2*2", "=A3*2", "", ""]


def test_escape_gives_up_what_is_drawn_out(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(1, 1)
    handle = editor.grid.handle.rect()
    assert handle is not None
    viewport = editor.grid.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, CTRL & SHIFT, handle.center())
    QTest.mouseMove(viewport, handle.center() + QPoint(0, 80))
    press(qtbot, Qt.Key.Key_Escape)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, CTRL & SHIFT, handle.center() + QPoint(0, 80))
    assert editor.workbook == budget()


def test_sheets_are_copied_and_moved_and_references_follow(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.show_sheet(1)
    editor.actions_of["sheet.move_left"].trigger()
    assert editor.tabs.names == ["Year", "Costs"]
    assert editor.sheet.name == "Year"
    editor.show_sheet(1)
    editor.actions_of["sheet.duplicate"].trigger()
    assert editor.tabs.names == ["Year", "Costs", "Costs (2)"]
    assert editor.sheet.name == "Costs (2)"
    editor.show_sheet(1)
    editor.sheet_edits.rename(1, "Old costs")
    assert editor.workbook.sheets[0].cells[1, 1].text == "='Old costs'!B4*B1"
    undo_all(editor)
    assert editor.workbook == budget()
    assert editor.tabs.names == ["Costs", "Year"]


def test_rows_and_columns_are_frozen_at_the_selection(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(2, 1)
    editor.actions_of["sheet.freeze_rows"].trigger()
    editor.actions_of["sheet.freeze_columns"].trigger()
    assert (editor.sheet.frozen_rows, editor.sheet.frozen_columns) == (2, 1)
    editor.actions_of["sheet.unfreeze"].trigger()
    assert (editor.sheet.frozen_rows, editor.sheet.frozen_columns) == (0, 0)
    undo_all(editor)
    assert editor.workbook == budget()


def test_an_inherited_error_says_where_it_comes_from_and_leads_there(qtbot: QtBot, show: Open) -> None:
    costs = sheet_of("Costs", [["10", "0"], ["=A1/B1"]])
    editor = show(Workbook(None, (costs, sheet_of("Year", [["=Costs!A2*12"]]))))
    editor.show_sheet(1)
    wait_for(qtbot, editor, 0, 0, "#DIV/0!")
    qtbot.waitUntil(lambda: "Costs!A2" in editor.errors.words)
    assert "B1, which is 0" in editor.errors.words
    assert "IFERROR" in editor.errors.words
    qtbot.mouseClick(editor.errors.findChild(QWidget, "error_source"), Qt.MouseButton.LeftButton)
    assert (editor.sheet.name, editor.grid.current) == ("Costs", (1, 0))
    qtbot.waitUntil(lambda: editor.errors.words.startswith("It divides by B1, which is 0"))
    editor.grid.go_to(0, 0)
    assert editor.errors.words == ""


def test_a_circle_names_its_cells_and_a_misspelt_function_the_nearest(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook(None, (sheet_of("S", [["=B1", "=C1", "=A1"], ["=SUMM(1)", "=MAP(1)", "=A9"]]),)))
    wait_for(qtbot, editor, 0, 0, "#REF!")
    editor.grid.go_to(0, 0)
    qtbot.waitUntil(lambda: "A1 → B1 → C1 → A1" in editor.errors.words)
    editor.grid.go_to(1, 0)
    qtbot.waitUntil(lambda: "SUMM" in editor.errors.words)
    assert "Did you mean SUM?" in editor.errors.words
    editor.grid.go_to(1, 1)
    qtbot.waitUntil(lambda: "MAP is a function ForgeApp does not compute" in editor.errors.words)


def test_everything_done_by_keys_is_undone_by_keys(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(1, 1)
    type_text(qtbot, "5")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Dollar, CTRL, SHIFT)
    press(qtbot, Qt.Key.Key_Down, ALT, SHIFT)
    press(qtbot, Qt.Key.Key_Left, ALT, SHIFT)
    editor.grid.select(Block(1, 2, 3, 2))
    press(qtbot, Qt.Key.Key_D, CTRL)
    editor.grid.select(Block(1, 2, 3, 3))
    press(qtbot, Qt.Key.Key_R, CTRL)
    press(qtbot, Qt.Key.Key_Minus, CTRL)
    press(qtbot, Qt.Key.Key_Delete)
    press(qtbot, Qt.Key.Key_F11, SHIFT)
    steps = editor.undo_stack.count()
    assert steps >= 8, [editor.undo_stack.text(at) for at in range(steps)]
    for _ in range(steps):
        press(qtbot, Qt.Key.Key_Z, CTRL)
    assert editor.workbook == budget()
    assert not editor.undo_stack.canUndo()
    assert focus() is editor.grid
