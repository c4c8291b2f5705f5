"""The table editor, by real keys and clicks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QLocale, QMimeData, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QHelpEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.artifact import Kind
from forgeapp.domain.table import Table
from forgeapp.errors import TooLarge
from forgeapp.ledger.artifacts import Origin, StoredVersion
from forgeapp.ui.artifact.grid import Block, GridView, NameEditor
from forgeapp.ui.artifact.grid.clipboard import ROWS_MIME
from forgeapp.ui.artifact.table_editor import TableEditor
from forgeapp.ui.theme import Theme, theme
from forgeapp.ui.workbench import Workbench
from forgeapp.ui.workbench.open_artifact import OpenArtifact, open_artifact

Key, Held = Qt.Key, Qt.KeyboardModifier
BUDGET = Table(
    "Budget",
    ("Category", "Planned", "Actual"),
    (
        ("Coffee", "1,450.00", "1,512.40"),
        ("Milk", "620.00", "588.15"),
        ("Rent", "2,100.00", "2,100.00"),
        ("Energy", "540.00", "602.90"),
    ),
)

BUDGET_NAMES = tuple((row[0],) for row in BUDGET.rows)


class Bench:
    """An editor of a table in a window that has the focus."""

    def __init__(self, qtbot: QtBot, workbench: Workbench, table: Table) -> None:
        self.qtbot = qtbot
        version = StoredVersion(1, 1, Kind.TABLE, "Budget", table, Origin.GENERATED, {}, "2026-11-20T10:00:00")
        self.artifact: OpenArtifact = open_artifact(version, workbench)
        self.editor = TableEditor(self.artifact, workbench)
        qtbot.addWidget(self.editor)
        self.editor.resize(700, 420)
        self.editor.show()
        self.editor.activateWindow()
        qtbot.waitUntil(self.editor.isActiveWindow)
        self.grid.setFocus()
        self.grid.go_to(0, 0)

    @property
    def grid(self) -> GridView:
        return self.editor.grid

    @property
    def table(self) -> Table:
        content = self.artifact.content
        assert isinstance(content, Table)
        return content

    @property
    def names(self) -> list[str]:
        return [row[0] for row in self.table.rows]

    def press(self, key: Key, held: Held = Held.NoModifier, times: int = 1) -> None:
        """A key where the focus is."""
        for _ in range(times):
            self.qtbot.keyClick(self.focus(), key, held)

    def type(self, text: str) -> None:
        """Letter by letter: the first one makes the cell a field."""
        for letter in text:
            self.qtbot.keyClicks(self.focus(), letter)

    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def undo_all(self) -> None:
        while self.artifact.undo_stack.canUndo():
            self.artifact.undo_stack.undo()

    def do(self, action: str) -> None:
        assert self.editor.actions_of[action].isEnabled(), action
        self.editor.actions_of[action].trigger()

    def summary(self) -> str:
        QApplication.processEvents()
        return self.editor.summary.text()


@pytest.fixture
def workbench(qapp: QApplication) -> Iterator[Workbench]:
    Theme("light")
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    made = Workbench()
    yield made
    QLocale.setDefault(before)
    assert made.jobs.close(3.0)


@pytest.fixture
def bench(qtbot: QtBot, workbench: Workbench) -> Bench:
    return Bench(qtbot, workbench, BUDGET)


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


def test_a_block_is_copied_as_tsv_and_html_and_pasted_elsewhere_past_the_end(bench: Bench) -> None:
    bench.grid.select(Block(0, 0, 1, 1))
    bench.press(Key.Key_C, Held.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == "Coffee\t1,450.00\nMilk\t620.00"
    assert "<td>1,450.00</td>" in data.html()
    bench.grid.go_to(3, 2)
    bench.press(Key.Key_V, Held.ControlModifier)
    assert bench.table.columns == (*BUDGET.columns, "")
    assert bench.table.rows[3:] == (("Energy", "540.00", "Coffee", "1,450.00"), ("", "", "Milk", "620.00"))
    assert bench.grid.blocks() == [Block(3, 2, 4, 3)]
    bench.artifact.undo_stack.undo()
    assert bench.table == BUDGET
    bench.artifact.undo_stack.redo()
    assert bench.table.rows[4][2] == "Milk"


def test_one_cell_pasted_into_several_fills_them_and_cut_clears(bench: Bench) -> None:
    QGuiApplication.clipboard().setText("0")
    bench.grid.select(Block(0, 1, 3, 1))
    bench.press(Key.Key_V, Held.ControlModifier)
    assert [row[1] for row in bench.table.rows] == ["0"] * 4
    bench.grid.select(Block(0, 0, 0, 2))
    bench.press(Key.Key_X, Held.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Coffee\t0\t1,512.40"
    assert bench.table.rows[0] == ("", "", "")


def test_cells_with_tabs_breaks_and_quotes_come_back_from_the_clipboard_as_they_were(bench: Bench) -> None:
    texts = ['say "hi"', '"quoted"', "two\nlines", "a\tb"]
    for row, text in enumerate(texts):
        bench.editor.model.write(row, 0, text)
    bench.grid.select(Block(0, 0, 3, 0))
    bench.press(Key.Key_C, Held.ControlModifier)
    bench.grid.go_to(0, 1)
    bench.press(Key.Key_V, Held.ControlModifier)
    assert [row[1] for row in bench.table.rows] == texts


@pytest.mark.security
def test_what_another_program_would_run_is_guarded_and_comes_back_as_it_was(bench: Bench) -> None:
    evil = '=HYPERLINK("http://evil","x")'
    bench.artifact.replace(Table("T", ("A", "B"), ((evil, "-15"), ("@SUM(1)", "+44 20 7946 0000"))), "Other")
    bench.grid.select(Block(0, 0, 1, 1))
    bench.press(Key.Key_C, Held.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert [line.split("\t") for line in clipboard.text().split("\n")] == [
        [f"'{evil}", "-15"],
        ["'@SUM(1)", "+44 20 7946 0000"],
    ]
    assert "<td>=" not in clipboard.mimeData().html()
    assert "<td>@" not in clipboard.mimeData().html()
    bench.grid.go_to(2, 0)
    bench.press(Key.Key_V, Held.ControlModifier)
    assert bench.table.rows[2:] == bench.table.rows[:2]


@pytest.mark.security
@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"[]", b"[[]]", b'[["a"],["a","b"]]', b"[[1]]", b'["ab"]'])
def test_strange_rows_on_the_clipboard_are_left(bench: Bench, data: bytes) -> None:
    strange = QMimeData()
    strange.setText("as text")
    strange.setData(ROWS_MIME, data)
    QGuiApplication.clipboard().setMimeData(strange)
    bench.press(Key.Key_V, Held.ControlModifier)
    assert bench.names[0] == "as text"


def test_too_much_to_copy_is_told_and_not_cut(
    bench: Bench, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forgeapp.ui.artifact.grid.view.MAX_COPIED", 11)
    QGuiApplication.clipboard().setText("before")
    bench.press(Key.Key_A, Held.ControlModifier)
    with bench.qtbot.waitSignal(workbench.failed) as told:
        bench.press(Key.Key_X, Held.ControlModifier)
    assert isinstance(told.args[0], TooLarge)
    assert QGuiApplication.clipboard().text() == "before"
    assert bench.table == BUDGET


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


def test_the_line_below_says_what_the_selection_comes_to(bench: Bench) -> None:
    assert bench.summary() == "4 rows, 3 columns"
    bench.grid.select(Block(0, 1, 3, 1))
    assert bench.summary() == "Sum 4,710.00 · Average 1,177.50 · 4 cells"
    bench.grid.select(Block(0, 0, 3, 0))
    assert bench.summary() == "4 cells"


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
    assert words <= {action.text() for action in acts}
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


def test_what_is_too_much_to_paste_is_told_and_not_cut(bench: Bench, workbench: Workbench) -> None:
    QGuiApplication.clipboard().setText("\t".join("x" * 1_001))
    with bench.qtbot.waitSignal(workbench.failed) as told:
        bench.press(Key.Key_V, Held.ControlModifier)
    assert isinstance(told.args[0], TooLarge)
    assert bench.table == BUDGET


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


def test_shift_and_click_select_from_the_current_cell(bench: Bench) -> None:
    bench.grid.go_to(0, 1)
    at = bench.grid.visualRect(bench.editor.model.index(2, 2)).center()
    bench.qtbot.mouseClick(bench.grid.viewport(), Qt.MouseButton.LeftButton, Held.ShiftModifier, at)
    assert bench.grid.blocks() == [Block(0, 1, 2, 2)]
    assert bench.grid.current == (0, 1)


def test_blocks_apart_are_copied_with_blanks_between(bench: Bench) -> None:
    view = bench.grid.viewport()
    first, second = (bench.grid.visualRect(bench.editor.model.index(*at)).center() for at in ((0, 0), (2, 2)))
    bench.qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=first)
    bench.qtbot.mouseClick(view, Qt.MouseButton.LeftButton, Held.ControlModifier, second)
    assert bench.grid.copied_rows() == [["Coffee", ""], ["", "2,100.00"]]


@pytest.mark.parametrize("held", [Held.NoModifier, Held.ShiftModifier])
def test_letters_and_capitals_begin_a_cell_anew(bench: Bench, held: Held) -> None:
    bench.press(Key.Key_Q, held)
    bench.press(Key.Key_Return)
    assert bench.names[0].casefold() == "q"


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def test_a_hundred_thousand_rows_open_at_once(qtbot: QtBot, workbench: Workbench) -> None:
    row = tuple(str(column) for column in range(20))
    table = Table(None, row, (row,) * 100_000)
    made: list[Bench] = []
    # Ten times what it takes: a loop over all the cells would take far longer.
    assert seconds(lambda: made.append(Bench(qtbot, workbench, table))) < 0.5
    bench = made[0]
    assert seconds(lambda: bench.press(Key.Key_End, Held.ControlModifier)) < 0.3
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
