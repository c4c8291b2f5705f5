"""Rows and columns of a table: inserted, named, moved, dragged, deleted, and the menus that do it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from forgeapp.ui.artifact.grid import Block
from tests.ui.table_desk import BUDGET, Bench, Held, Key, bench, workbench

__all__ = ["bench", "workbench"]


def test_rows_are_inserted_deleted_and_moved_by_keys(bench: Bench) -> None:
    bench.grid.go_to(1, 0)
    bench.press(Key.Key_Up, Held.AltModifier)
    assert bench.names == ["Milk", "Coffee", "Rent", "Energy"]
    assert bench.grid.current == (0, 0)
    bench.press(Key.Key_Down, Held.AltModifier)
    assert bench.names == ["Coffee", "Milk", "Rent", "Energy"]
    bench.press(Key.Key_Down, Held.AltModifier | Held.ShiftModifier)
    assert bench.names == ["Coffee", "Milk", "", "Rent", "Energy"]
    assert bench.grid.current == (2, 0)
    bench.press(Key.Key_Minus, Held.ControlModifier)
    assert bench.names == ["Coffee", "Milk", "Rent", "Energy"]
    bench.press(Key.Key_Up, Held.AltModifier | Held.ShiftModifier)
    assert bench.names == ["Coffee", "Milk", "", "Rent", "Energy"]
    bench.undo_all()
    assert bench.table == BUDGET


def test_deleted_rows_come_back_selected_on_undo(bench: Bench) -> None:
    bench.grid.select_rows(1, 2)
    bench.press(Key.Key_Minus, Held.ControlModifier)
    assert bench.names == ["Coffee", "Energy"]
    bench.grid.go_to(0, 2)
    bench.artifact.undo_stack.undo()
    assert bench.grid.blocks() == [Block(1, 0, 2, 2)]


def test_columns_are_inserted_named_moved_and_deleted_by_keys(bench: Bench) -> None:
    bench.grid.go_to(0, 0)
    wide = bench.grid.columnWidth(0)
    bench.press(Key.Key_Right, Held.AltModifier | Held.ShiftModifier)
    bench.type("Code")
    bench.press(Key.Key_Return)
    assert bench.table.columns == ("Category", "Code", "Planned", "Actual")
    assert bench.focus() is bench.grid
    bench.grid.go_to(0, 0)
    bench.grid.setColumnWidth(0, wide + 50)
    bench.press(Key.Key_Right, Held.AltModifier)
    assert bench.table.columns == ("Code", "Category", "Planned", "Actual")
    assert bench.grid.columnWidth(1) == wide + 50
    bench.press(Key.Key_Minus, Held.ControlModifier | Held.AltModifier)
    assert bench.table.columns == ("Code", "Planned", "Actual")
    bench.artifact.undo_stack.undo()
    assert bench.grid.columnWidth(1) == wide + 50
    bench.undo_all()
    assert bench.table == BUDGET


def test_a_column_is_renamed_by_double_click_and_by_f2(bench: Bench) -> None:
    header = bench.grid.column_header
    at = QPoint(header.sectionViewportPosition(1) + header.sectionSize(1) // 2, header.height() // 2)
    bench.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    bench.qtbot.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert bench.focus().objectName() == "name_editor"
    bench.type("Plan")
    bench.press(Key.Key_Tab)
    bench.type("Spent")
    bench.press(Key.Key_Return)
    assert bench.table.columns == ("Category", "Plan", "Spent")
    bench.grid.go_to(2, 0)
    bench.press(Key.Key_Space, Held.ControlModifier)
    bench.press(Key.Key_F2)
    bench.type("Kind")
    bench.press(Key.Key_Escape)
    assert bench.table.columns == ("Category", "Plan", "Spent")
    bench.undo_all()
    assert bench.table == BUDGET


def drag(bench: Bench, header: QWidget, start: QPoint, end: QPoint) -> None:
    left = Qt.MouseButton.LeftButton
    bench.qtbot.mouseClick(header, left, pos=start)
    bench.qtbot.mousePress(header, left, pos=start)
    bench.qtbot.mouseMove(header, (start + end) / 2)
    bench.qtbot.mouseMove(header, end)
    bench.qtbot.mouseRelease(header, left, pos=end)


def test_whole_rows_and_columns_are_dragged_by_their_headers(bench: Bench) -> None:
    rows, columns = bench.grid.row_header, bench.grid.column_header
    height = rows.sectionSize(0)
    drag(bench, rows.viewport(), QPoint(10, height // 2), QPoint(10, height * 2 + height - 4))
    assert bench.names == ["Milk", "Rent", "Coffee", "Energy"]
    assert bench.grid.blocks() == [Block(2, 0, 2, 2)]
    first = QPoint(columns.sectionViewportPosition(2) + 30, 10)
    drag(bench, columns.viewport(), first, QPoint(10, 10))
    assert bench.table.columns == ("Actual", "Category", "Planned")
    bench.undo_all()
    assert bench.table == BUDGET


def test_a_click_on_the_plus_below_the_rows_adds_one(bench: Bench) -> None:
    rows = bench.grid.row_header
    at = QPoint(10, rows.sectionViewportPosition(4) + 8)
    bench.qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert bench.names == ["Coffee", "Milk", "Rent", "Energy", ""]
    assert bench.grid.current is not None
    assert bench.grid.current[0] == 4


def test_the_buttons_below_add_a_row_and_a_column_to_be_named(bench: Bench) -> None:
    row = bench.editor.findChild(QWidget, "add_row")
    column = bench.editor.findChild(QWidget, "add_column")
    assert row is not None
    assert column is not None
    bench.qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    bench.qtbot.mouseClick(column, Qt.MouseButton.LeftButton)
    bench.type("Note")
    bench.press(Key.Key_Return)
    assert bench.table.columns[-1] == "Note"
    assert len(bench.table.rows) == 5


def open_menu(bench: Bench, place: str) -> QMenu:
    bench.grid.menu_requested.emit(place, bench.grid.mapToGlobal(QPoint(50, 50)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("cells", {"Cut", "Copy", "Paste", "Clear", "Insert row above", "Delete columns", "Sort up"}),
        ("rows", {"Insert row below", "Delete rows", "Move rows up", "Move rows down"}),
        ("columns", {"Rename column", "Insert column left", "Move columns right", "Sort down"}),
    ],
)
def test_menus_name_what_can_be_done_with_icons_and_keys(bench: Bench, place: str, words: set[str]) -> None:
    menu = open_menu(bench, place)
    acts = [action for action in menu.actions() if not action.isSeparator()]
    assert words <= {action.text().partition("\t")[0] for action in acts}
    assert not any(action.icon().isNull() for action in acts)
    menu.close()


def test_actions_for_the_menu_have_names_and_say_what_is_possible(bench: Bench) -> None:
    acts = {action.objectName(): action for action in bench.editor.actions_for_menu() if not action.isSeparator()}
    assert {"table.insert_row_above", "table.delete_columns", "table.sort_up", "table.move_rows_up"} <= set(acts)
    assert not acts["table.move_rows_up"].isEnabled()
    bench.grid.go_to(2, 1)
    assert acts["table.move_rows_up"].isEnabled()
    bench.grid.select_rows(0)
    assert not acts["table.delete_columns"].isEnabled()


def test_a_whole_column_does_not_insert_or_delete_all_its_rows(bench: Bench) -> None:
    bench.grid.go_to(1, 1)
    bench.press(Key.Key_Space, Held.ControlModifier)
    bench.press(Key.Key_Minus, Held.ControlModifier)
    bench.press(Key.Key_Down, Held.AltModifier | Held.ShiftModifier)
    assert bench.table == BUDGET
    bench.grid.go_to(1, 1)
    bench.press(Key.Key_Space, Held.ShiftModifier)
    bench.press(Key.Key_Down, Held.AltModifier | Held.ShiftModifier)
    assert bench.names == ["Coffee", "Milk", "", "Rent", "Energy"]


@pytest.mark.parametrize("reason", list(QContextMenuEvent.Reason)[:2])
def test_a_context_menu_opens_on_the_cell_it_was_asked_for(bench: Bench, reason: QContextMenuEvent.Reason) -> None:
    at = bench.grid.visualRect(bench.editor.model.index(2, 1)).center()
    view = bench.grid.viewport()
    QApplication.sendEvent(view, QContextMenuEvent(reason, at, view.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert bench.grid.current == ((2, 1) if reason is QContextMenuEvent.Reason.Mouse else (0, 0))
    next(action for action in menu.actions() if action.text() == "Clear").trigger()
    menu.close()
    assert "" in (bench.table.rows[2][1], bench.table.rows[0][0])


def test_all_rows_can_go_and_come_back(bench: Bench) -> None:
    bench.press(Key.Key_A, Held.ControlModifier)
    bench.press(Key.Key_Minus, Held.ControlModifier)
    assert bench.table.rows == ()
    assert bench.summary() == "0 rows, 3 columns"
    bench.type("New")
    bench.press(Key.Key_Return)
    assert bench.names == ["New"]
    bench.undo_all()
    assert bench.table == BUDGET
