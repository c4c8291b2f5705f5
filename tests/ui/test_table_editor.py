"""A table typed into: cells, keys, steps, and what a model changes meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QHelpEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QToolTip
from pytestqt.qtbot import QtBot

from forgeapp.domain.table import Table
from forgeapp.ui.artifact.grid import Block, NameEditor
from forgeapp.ui.artifact.table_editor import TableEditor
from forgeapp.ui.theme import theme
from forgeapp.ui.workbench import Workbench
from tests.ui.table_desk import BUDGET, Bench, Held, Key, bench, workbench

__all__ = ["bench", "workbench"]


def test_cells_are_typed_into_and_all_of_it_can_be_undone_and_redone(bench: Bench) -> None:
    bench.type("Beans")
    bench.press(Key.Key_Tab)
    bench.type("1,500")
    bench.press(Key.Key_Tab)
    bench.type("99")
    bench.press(Key.Key_Return)
    assert bench.table.rows[0] == ("Beans", "1,500", "99")
    assert bench.grid.current == (1, 0)  # below where Tab began
    last = bench.table
    for _ in range(3):
        bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.table == BUDGET
    assert bench.grid.current == (0, 0)
    for _ in range(2):
        bench.press(Key.Key_Z, Held.ControlModifier | Held.ShiftModifier)
    bench.press(Key.Key_Y, Held.ControlModifier)
    assert bench.table == last
    assert bench.grid.current == (0, 2)


def test_f2_and_double_click_open_a_cell_with_what_it_holds_and_escape_gives_up(bench: Bench) -> None:
    bench.press(Key.Key_F2)
    bench.type(" beans")
    bench.press(Key.Key_Escape)
    assert bench.table == BUDGET
    assert not bench.artifact.undo_stack.canUndo()
    assert bench.focus() is bench.grid
    at = bench.grid.visualRect(bench.editor.model.index(1, 0)).center()
    bench.qtbot.mouseClick(bench.grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    bench.qtbot.mouseDClick(bench.grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    bench.type(" and cream")
    bench.press(Key.Key_Return)
    assert bench.table.rows[1][0] == "Milk and cream"


def test_arrows_leave_a_cell_that_is_typed_into_and_move_within_one_that_was_opened(bench: Bench) -> None:
    bench.type("Tea")
    bench.press(Key.Key_Down)
    assert bench.table.rows[0][0] == "Tea"
    assert bench.grid.current == (1, 0)
    bench.press(Key.Key_F2)
    bench.press(Key.Key_Left)
    bench.type("x")
    bench.press(Key.Key_Return)
    assert bench.table.rows[1][0] == "Milxk"


def test_a_line_break_in_a_cell_is_kept(bench: Bench) -> None:
    bench.press(Key.Key_F2)
    bench.press(Key.Key_Return, Held.AltModifier)
    bench.type("dark")
    bench.press(Key.Key_Return)
    assert bench.table.rows[0][0] == "Coffee\ndark"


def test_a_cell_that_is_left_as_it_was_is_no_step(bench: Bench) -> None:
    bench.press(Key.Key_F2)
    bench.press(Key.Key_Return)
    assert bench.artifact.undo_stack.count() == 0
    assert bench.grid.current == (1, 0)


def test_tab_wraps_and_shift_goes_back(bench: Bench) -> None:
    bench.press(Key.Key_Tab, times=3)
    assert bench.grid.current == (1, 0)
    bench.press(Key.Key_Backtab, Held.ShiftModifier)
    assert bench.grid.current == (0, 2)
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Return, Held.ShiftModifier)
    assert bench.grid.current is not None
    assert bench.grid.current[0] == 0


def test_the_blank_row_at_the_end_becomes_a_row_when_written_in(bench: Bench) -> None:
    bench.press(Key.Key_End, Held.ControlModifier)
    assert bench.grid.current == (3, 2)
    bench.press(Key.Key_Return)
    bench.type("7")
    bench.press(Key.Key_Return)
    bench.type("8")
    bench.press(Key.Key_Return)
    assert bench.table.rows[4:] == (("", "", "7"), ("", "", "8"))
    assert bench.grid.current == (6, 2)
    bench.undo_all()
    assert bench.table == BUDGET


def test_keys_move_to_the_edges_of_the_data_and_extend_the_selection(bench: Bench) -> None:
    bench.press(Key.Key_Down, Held.ControlModifier)
    assert bench.grid.current == (3, 0)
    bench.press(Key.Key_Right, Held.ControlModifier)
    assert bench.grid.current == (3, 2)
    bench.press(Key.Key_Home, Held.ControlModifier)
    assert bench.grid.current == (0, 0)
    bench.press(Key.Key_Down, Held.ShiftModifier, times=2)
    bench.press(Key.Key_Right, Held.ShiftModifier)
    assert bench.grid.blocks() == [Block(0, 0, 2, 1)]
    assert bench.grid.current == (0, 0)
    bench.press(Key.Key_Up, Held.ShiftModifier)
    assert bench.grid.blocks() == [Block(0, 0, 1, 1)]
    bench.press(Key.Key_A, Held.ControlModifier)
    assert bench.grid.blocks() == [Block(0, 0, 3, 2)]
    bench.press(Key.Key_End)
    assert bench.grid.blocks() == [Block(0, 2, 0, 2)]


def test_control_and_arrows_stop_where_filled_cells_end_or_begin(qtbot: QtBot, workbench: Workbench) -> None:
    texts = ["a", "b", "", "", "c", "", "d", "e"]
    bench = Bench(qtbot, workbench, Table(None, ("It",), tuple((text,) for text in texts)))
    stops = []
    for _ in range(5):
        bench.press(Key.Key_Down, Held.ControlModifier)
        stops.append(bench.grid.current)
    assert stops == [(1, 0), (4, 0), (6, 0), (7, 0), (7, 0)]
    bench.press(Key.Key_Up, Held.ControlModifier, times=2)
    assert bench.grid.current == (4, 0)
    bench.press(Key.Key_Up, Held.ControlModifier, times=2)
    assert bench.grid.current == (0, 0)
    bench.grid.go_to(8, 0)
    bench.press(Key.Key_Up, Held.ControlModifier)
    assert bench.grid.current == (7, 0)


def test_enter_and_tab_go_around_within_a_selection(bench: Bench) -> None:
    bench.grid.select(Block(0, 0, 1, 1))
    bench.type("a")
    bench.press(Key.Key_Return)
    bench.type("b")
    bench.press(Key.Key_Return)
    bench.type("c")
    bench.press(Key.Key_Tab)
    assert bench.grid.blocks() == [Block(0, 0, 1, 1)]
    assert [row[:2] for row in bench.table.rows[:2]] == [("a", "c"), ("b", "620.00")]


def test_delete_clears_what_is_selected_as_one_step(bench: Bench) -> None:
    bench.grid.select(Block(0, 1, 1, 2))
    bench.press(Key.Key_Delete)
    assert [row[1:] for row in bench.table.rows[:2]] == [("", ""), ("", "")]
    assert bench.grid.blocks() == [Block(0, 1, 1, 2)]
    assert bench.artifact.undo_stack.count() == 1
    bench.artifact.undo_stack.undo()
    assert bench.table == BUDGET


def test_the_line_below_says_what_the_selection_comes_to(bench: Bench) -> None:
    assert bench.summary() == "4 rows, 3 columns"
    bench.grid.select(Block(0, 1, 3, 1))
    assert bench.summary() == "Sum 4,710.00 · Average 1,177.50 · 4 cells"
    bench.grid.select(Block(0, 0, 3, 0))
    assert bench.summary() == "4 cells"


def test_what_cells_with_decimal_commas_come_to_is_written_with_one(qtbot: QtBot, workbench: Workbench) -> None:
    bench = Bench(qtbot, workbench, Table(None, ("Betrag",), (("1.240,50 €",), ("35,00 €",))))
    bench.grid.select(Block(0, 0, 1, 0))
    assert bench.summary() == "Sum 1.275,50 · Average 637,75 · 2 cells"


def test_a_large_selection_is_added_up_off_the_ui_thread(qtbot: QtBot, workbench: Workbench) -> None:
    bench = Bench(qtbot, workbench, Table(None, ("N",), tuple((str(number),) for number in range(5_000))))
    bench.press(Key.Key_A, Held.ControlModifier)
    assert "cells" in bench.summary()
    qtbot.waitUntil(lambda: bench.summary().replace(",", "").startswith("Sum 12497500 "))


def test_numbers_stand_right_by_column(bench: Bench) -> None:
    model = bench.editor.model
    assert [model.look(0, column).align for column in range(3)] == ["left", "right", "right"]
    for row in range(4):
        model.write(row, 2, "none")
    assert model.look(0, 2).align == "left"


def test_a_models_change_is_one_step_and_shows_all_of_it(bench: Bench) -> None:
    other = Table("Budget", ("Category", "Net"), (("Coffee", "1"),))
    bench.grid.go_to(3, 2)
    bench.artifact.replace(other, "Change by the model")
    assert bench.editor.model.table == other
    assert (bench.editor.model.rowCount(), bench.editor.model.columnCount()) == (2, 2)
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.editor.model.table == BUDGET


def test_a_second_editor_built_later_shows_what_is_undone(bench: Bench, workbench: Workbench) -> None:
    bench.type("Tea")
    bench.press(Key.Key_Return)
    second = TableEditor(bench.artifact, workbench)
    bench.qtbot.addWidget(second)
    bench.artifact.undo_stack.undo()
    assert second.model.table == BUDGET
    assert second.grid.current == (0, 0)


def test_words_typed_so_far_stay_when_a_models_change_arrives(bench: Bench) -> None:
    bench.grid.go_to(1, 0)
    bench.type("Oat")
    changed = Table("Budget", BUDGET.columns, (("Tea", "1", "2"), *BUDGET.rows[1:]))
    bench.artifact.replace(changed, "Change by the model")
    bench.type(" milk")
    bench.press(Key.Key_Return)
    assert bench.names[:2] == ["Tea", "Oat milk"]


def test_words_being_typed_follow_their_row_when_rows_come_and_go(bench: Bench) -> None:
    bench.grid.go_to(2, 0)
    bench.type("Ren")
    above = Table("Budget", BUDGET.columns, (("Tea", "1", "2"), *BUDGET.rows))
    bench.artifact.replace(above, "Change by the model")
    bench.type("tal")
    bench.press(Key.Key_Return)
    assert bench.names == ["Tea", "Coffee", "Milk", "Rental", "Energy"]
    bench.grid.go_to(4, 0)
    bench.press(Key.Key_F2)
    bench.type("!")
    bench.artifact.replace(replace(bench.table, rows=bench.table.rows[2:]), "Change by the model")
    bench.press(Key.Key_Return)
    assert bench.names == ["Milk", "Rental", "Energy!"]


def test_words_typed_into_a_row_that_goes_are_told(bench: Bench, workbench: Workbench) -> None:
    bench.grid.go_to(2, 0)
    bench.type("Lost words")
    with bench.qtbot.waitSignal(workbench.failed) as told:
        bench.artifact.replace(replace(BUDGET, rows=BUDGET.rows[:2] + BUDGET.rows[3:]), "Change by the model")
    assert "Lost words" in str(told.args[0])
    assert bench.names == ["Coffee", "Milk", "Energy"]
    assert not bench.grid.is_editing


def test_undo_while_a_cell_is_open_leaves_the_words_with_their_row(bench: Bench) -> None:
    bench.do("table.insert_row_above")
    bench.grid.go_to(3, 0)
    bench.type("Rental")
    bench.artifact.undo_stack.undo()
    assert bench.table == BUDGET
    bench.press(Key.Key_Return)
    assert bench.names == ["Coffee", "Milk", "Rental", "Energy"]


def test_what_is_left_open_is_taken_when_the_focus_goes_elsewhere(bench: Bench) -> None:
    bench.type("Tea")
    bench.grid.go_to(2, 2)
    bench.editor.name_column(1)
    assert bench.names[0] == "Tea"
    bench.type("Plan")
    bench.grid.setFocus()
    assert bench.table.columns[1] == "Plan"


def test_what_is_being_typed_is_taken_when_the_table_is_about_to_be_stored(bench: Bench) -> None:
    bench.type("Tea")
    bench.editor.finish_editing()
    assert bench.names[0] == "Tea"
    assert bench.focus() is bench.grid
    assert bench.grid.current == (0, 0)
    bench.editor.name_column(1)
    bench.type("Plan")
    bench.editor.finish_editing()
    assert bench.table.columns[1] == "Plan"


def test_names_and_long_cells_are_told_whole_and_never_read_as_html(bench: Bench) -> None:
    bench.editor.model.write(0, 0, "<img src=x>" + "long " * 40)
    bench.grid.setColumnWidth(0, 80)
    view, at = bench.grid.viewport(), bench.grid.visualRect(bench.editor.model.index(0, 0)).center()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    assert "&lt;img" in QToolTip.text()
    QToolTip.hideText()


def test_undo_is_done_once_where_the_window_has_the_same_keys(bench: Bench) -> None:
    window = QMainWindow()
    bench.qtbot.addWidget(window)
    done: list[bool] = []
    action = QAction("Undo", window)
    action.setShortcut(QKeySequence("Ctrl+Z"))
    action.triggered.connect(lambda: done.append(True))
    window.menuBar().addMenu("Edit").addActions([action, *bench.editor.actions_for_menu()])
    window.setCentralWidget(bench.editor)
    window.show()
    window.activateWindow()
    bench.qtbot.waitUntil(window.isActiveWindow)
    bench.grid.setFocus()
    bench.grid.go_to(1, 0)
    bench.type("Oats")
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.table == BUDGET
    assert bench.artifact.undo_stack.index() == 0
    assert done == []
    bench.press(Key.Key_Up, Held.AltModifier)
    assert bench.names[:2] == ["Milk", "Coffee"]
    bench.grid.setCurrentIndex(bench.editor.model.index(0, 0))
    window.takeCentralWidget()


def test_a_name_being_written_goes_when_a_models_change_brings_other_columns(bench: Bench) -> None:
    bench.editor.name_column(2)
    bench.type("Real")
    bench.artifact.replace(Table("Budget", ("A", "B", "C"), ()), "Change by the model")
    assert bench.table.columns == ("A", "B", "C")
    assert bench.grid.findChild(NameEditor) is None or not bench.grid.findChild(NameEditor).isVisible()
    assert bench.focus() is bench.grid


def test_shift_and_click_select_from_the_current_cell(bench: Bench) -> None:
    bench.grid.go_to(0, 1)
    at = bench.grid.visualRect(bench.editor.model.index(2, 2)).center()
    bench.qtbot.mouseClick(bench.grid.viewport(), Qt.MouseButton.LeftButton, Held.ShiftModifier, at)
    assert bench.grid.blocks() == [Block(0, 1, 2, 2)]
    assert bench.grid.current == (0, 1)


@pytest.mark.parametrize("held", [Held.NoModifier, Held.ShiftModifier])
def test_letters_and_capitals_begin_a_cell_anew(bench: Bench, held: Held) -> None:
    bench.press(Key.Key_Q, held)
    bench.press(Key.Key_Return)
    assert bench.names[0].casefold() == "q"


class WatchedRows(tuple[tuple[str, ...], ...]):
    """Counts how many rows the thread of the window takes."""

    taken = 0

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        self._count(len(self))
        return super().__iter__()

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        self._count(len(found) if isinstance(at, slice) else 1)
        return found

    def _count(self, rows: int) -> None:
        if threading.current_thread() is threading.main_thread():
            WatchedRows.taken += rows


def test_a_hundred_thousand_rows_open_without_going_through_them(qtbot: QtBot, workbench: Workbench) -> None:
    row = tuple(str(column) for column in range(20))
    table = Table(None, row, WatchedRows((row,) * 100_000))
    WatchedRows.taken = 0
    bench = Bench(qtbot, workbench, table)
    bench.press(Key.Key_End, Held.ControlModifier)
    assert bench.grid.current == (99_999, 19)
    assert 0 < WatchedRows.taken < 20_000
    bench.type("end")
    bench.press(Key.Key_Return)
    assert bench.table.rows[-1][-1] == "end"
    bench.undo_all()
    assert bench.table is table or bench.table == table


@pytest.mark.parametrize("text", ["10\u00a0000\u202f€", "one\r\ntwo", "one\u2028two", "one\rtwo"])
def test_looking_into_a_cell_takes_no_step_whatever_its_spaces_and_line_ends_are(
    qtbot: QtBot, workbench: Workbench, text: str
) -> None:
    bench = Bench(qtbot, workbench, replace(BUDGET, rows=((text, "1", "2"), *BUDGET.rows)))
    bench.grid.go_to(0, 0)
    bench.press(Key.Key_F2)
    bench.press(Key.Key_Return)
    assert not bench.artifact.undo_stack.canUndo()
    bench.grid.go_to(0, 0)
    bench.press(Key.Key_F2)
    bench.type("!")
    bench.press(Key.Key_Return)
    assert bench.names[0] == text + "!"


def test_escape_then_tab_leaves_the_grid_and_comes_by_all_below_it(bench: Bench) -> None:
    assert "Esc" in bench.grid.accessibleDescription()
    bench.press(Key.Key_Tab)
    assert bench.grid.current == (0, 1)
    bench.press(Key.Key_Escape)
    reached: list[str] = []
    for _ in range(4):
        bench.press(Key.Key_Tab)
        reached.append(bench.focus().objectName())
    assert reached == ["add_row", "add_column", "selection_summary", "quick_actions_button"]
    bench.grid.setFocus()
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_Shift)
    bench.press(Key.Key_Backtab, Held.ShiftModifier)
    assert bench.focus().objectName() == "quick_actions_button"  # around: nothing comes before the grid here
    assert bench.grid.current == (0, 1)


def test_escape_that_only_closes_a_cell_does_not_let_tab_leave(bench: Bench) -> None:
    bench.type("x")
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_Tab)
    assert bench.focus() is bench.grid
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_Right)
    bench.press(Key.Key_Tab)
    assert bench.focus() is bench.grid


def test_columns_keep_their_words_in_a_larger_type(bench: Bench) -> None:
    bench.grid.setColumnWidth(1, 200)
    before = [bench.grid.columnWidth(column) for column in range(3)]
    try:
        theme().scale_text(1.5)
        QApplication.processEvents()
        widths = [bench.grid.columnWidth(column) for column in range(3)]
        assert widths[1] == 300
        for column in (0, 2):
            assert widths[column] >= bench.grid.sizeHintForColumn(column) > before[column]
    finally:
        theme().scale_text(1.0)
