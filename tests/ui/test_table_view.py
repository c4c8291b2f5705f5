"""Rows of a table sorted and filtered to be seen; edits under it reach the right rows of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.arrangement import Arrangement, ColumnFilter
from forgeapp.domain.column_types import ColumnType
from forgeapp.domain.table import Table
from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.artifact.grid.header_marks import MARK_ROOM
from forgeapp.ui.artifact.table_filter import FilterPopover
from forgeapp.ui.theme import Theme
from forgeapp.ui.workbench import Workbench
from tests.ui.table_desk import Bench

Key, Held = Qt.Key, Qt.KeyboardModifier
STOCK = Table(
    "Stock",
    ("Item", "Price", "Day"),
    (
        ("Pears", "$12.00", "2026-03-01"),
        ("Apples", "$9.50", "2026-01-15"),
        ("Figs", "n/a", ""),
        ("Plums", "$100.00", "2026-02-10"),
    ),
)


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
    return Bench(qtbot, workbench, STOCK)


def seen(bench: Bench, column: int = 0) -> list[str]:
    model = bench.editor.model
    return [model.edit_text(row, column) for row in range(model.shown_count)]


def click_mark(bench: Bench, column: int, place: int) -> None:
    """The marks of a header are counted from the right."""
    header = bench.grid.column_header
    right = header.sectionViewportPosition(column) + header.sectionSize(column) - 6
    at = QPoint(right - place * MARK_ROOM - MARK_ROOM // 2, header.height() // 2)
    bench.qtbot.mouseMove(header.viewport(), at)
    bench.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def bar(bench: Bench) -> str:
    return bench.editor.view_bar.text() if bench.editor.view_bar.isVisible() else ""


def card(bench: Bench) -> FilterPopover:
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, FilterPopover)
    return popup


def test_the_type_of_a_column_stands_in_its_header_and_numbers_to_the_right(bench: Bench) -> None:
    model = bench.editor.model
    assert [model.type_of(at) for at in range(3)] == [ColumnType.TEXT, ColumnType.CURRENCY, ColumnType.DATE]
    marks = [model.header_marks(at) for at in range(3)]
    assert [each.tip for each in marks if each] == ["Text", "Amounts of money", "Dates"]
    assert [model.look(0, at).align for at in range(3)] == ["left", "right", "left"]


def test_clicks_on_the_arrow_of_a_header_sort_up_and_down_and_not_at_all(bench: Bench) -> None:
    bench.grid.setColumnWidth(1, 160)
    click_mark(bench, 1, 0)
    assert seen(bench) == ["Apples", "Pears", "Plums", "Figs"]
    assert bar(bench) == "sorted by Price"
    click_mark(bench, 1, 0)
    assert seen(bench) == ["Plums", "Pears", "Apples", "Figs"]
    assert bar(bench) == "sorted by Price, descending"
    click_mark(bench, 1, 0)
    assert seen(bench) == ["Pears", "Apples", "Figs", "Plums"]
    assert bar(bench) == ""
    assert bench.table is STOCK
    assert not bench.artifact.undo_stack.canUndo()


def test_keys_sort_by_the_current_column_and_open_its_filter(bench: Bench) -> None:
    bench.grid.go_to(1, 2)
    bench.press(Key.Key_S, Held.ControlModifier | Held.AltModifier)
    assert seen(bench) == ["Apples", "Plums", "Pears", "Figs"]
    assert bench.grid.current == (0, 2)  # still at the apples
    bench.press(Key.Key_L, Held.ControlModifier | Held.ShiftModifier)
    assert card(bench).accessibleName() == "Filter Day"
    card(bench).close()
    assert bench.focus() is bench.grid


def test_a_filter_by_words_and_by_values_is_told_and_cleared(bench: Bench) -> None:
    bench.grid.setColumnWidth(0, 160)
    click_mark(bench, 0, 1)
    bench.qtbot.keyClicks(card(bench).findChild(QWidget, "filter_contains"), "P")
    bench.qtbot.keyClick(card(bench).findChild(QWidget, "filter_contains"), Key.Key_Return)
    assert seen(bench) == ["Pears", "Apples", "Plums"]
    assert bar(bench) == "3 of 4 rows"
    bench.editor.open_filter(0)
    values = card(bench)._values
    assert [values.item(at).text() for at in range(values.count())] == ["Apples", "Figs", "Pears", "Plums"]
    values.setFocus()
    bench.qtbot.keyClick(values, Key.Key_Space)
    bench.qtbot.keyClick(values, Key.Key_Return)
    assert seen(bench) == ["Apples"]
    bench.qtbot.mouseClick(bench.editor.findChild(QWidget, "view_clear"), Qt.MouseButton.LeftButton)
    assert len(seen(bench)) == 4
    assert bench.focus() is bench.grid


def test_a_filter_from_to_reads_numbers_and_dates_and_says_what_it_cannot_read(bench: Bench) -> None:
    bench.editor.open_filter(1)
    least = card(bench).findChild(QWidget, "filter_from")
    bench.qtbot.keyClicks(least, "cheap")
    bench.qtbot.keyClick(least, Key.Key_Return)
    assert "Write a number" in card(bench)._fault.text()
    least.clear()
    bench.qtbot.keyClicks(least, "$10")
    bench.qtbot.keyClick(least, Key.Key_Return)
    assert seen(bench) == ["Pears", "Plums"]
    bench.editor.open_filter(2)
    most = card(bench).findChild(QWidget, "filter_to")
    bench.qtbot.keyClicks(most, "10 Feb 2026")
    bench.qtbot.keyClick(most, Key.Key_Return)
    assert seen(bench) == ["Plums"]
    bench.editor.open_filter(1)
    assert card(bench).findChild(QWidget, "filter_from").text() == "10"
    bench.qtbot.mouseClick(card(bench).findChild(QWidget, "filter_clear"), Qt.MouseButton.LeftButton)
    assert seen(bench) == ["Apples", "Plums"]


def test_blank_cells_are_filtered_by_one_choice(bench: Bench) -> None:
    bench.editor.open_filter(2)
    bench.qtbot.mouseClick(card(bench).findChild(QWidget, "segment_only"), Qt.MouseButton.LeftButton)
    bench.qtbot.mouseClick(card(bench).findChild(QWidget, "filter_take"), Qt.MouseButton.LeftButton)
    assert seen(bench) == ["Figs"]


def sorted_bench(bench: Bench) -> Bench:
    """By price, largest first: Plums, Pears, Apples, Figs."""
    bench.editor.arranging.ask(Arrangement((1, True)))
    return bench


def test_what_is_typed_under_a_sort_goes_into_the_row_that_is_seen(bench: Bench) -> None:
    sorted_bench(bench)
    bench.grid.go_to(0, 0)
    bench.type("Damsons")
    bench.press(Key.Key_Return)
    bench.type("Quinces")
    bench.press(Key.Key_Return)
    assert bench.names == ["Quinces", "Apples", "Figs", "Damsons"]
    assert seen(bench) == ["Damsons", "Quinces", "Apples", "Figs"]
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.grid.current == (1, 0)
    bench.undo_all()
    assert bench.table == STOCK


def test_what_is_pasted_cleared_and_filled_under_a_sort_reaches_the_rows_that_are_seen(bench: Bench) -> None:
    sorted_bench(bench)
    QGuiApplication.clipboard().setText("P1\nP2\nP3\nP4\nP5")
    bench.grid.go_to(1, 0)
    bench.press(Key.Key_V, Held.ControlModifier)
    assert bench.names == ["P1", "P2", "P3", "Plums", "P4", "P5"]
    assert seen(bench) == ["Plums", "P1", "P2", "P3", "P4", "P5"]
    assert bench.grid.blocks() == [Block(1, 0, 5, 0)]
    bench.artifact.undo_stack.undo()
    assert seen(bench) == ["Plums", "Pears", "Apples", "Figs"]
    bench.grid.select(Block(0, 0, 1, 0))
    bench.press(Key.Key_Delete)
    assert bench.names == ["", "Apples", "Figs", ""]
    bench.artifact.undo_stack.undo()
    bench.grid.select(Block(0, 0, 2, 0))
    bench.press(Key.Key_D, Held.ControlModifier)
    assert bench.names == ["Plums", "Plums", "Figs", "Plums"]
    bench.grid.go_to(3, 2)
    bench.press(Key.Key_D, Held.ControlModifier)
    assert bench.table.rows[2] == ("Figs", "n/a", "2026-01-15")
    bench.undo_all()
    assert bench.table == STOCK


def test_rows_inserted_and_deleted_under_a_sort_and_a_filter_are_those_that_are_seen(bench: Bench) -> None:
    bench.editor.arranging.ask(Arrangement((1, True), {0: ColumnFilter(contains="p")}))
    assert seen(bench) == ["Plums", "Pears", "Apples"]
    bench.grid.go_to(1, 0)
    bench.press(Key.Key_Down, Held.AltModifier | Held.ShiftModifier)
    assert seen(bench) == ["Plums", "Pears", "", "Apples"]
    assert bench.grid.current == (2, 0)
    bench.type("Limes")
    bench.press(Key.Key_Return)
    assert bench.names == ["Pears", "Limes", "Apples", "Figs", "Plums"]
    bench.grid.select_rows(0, 2)
    bench.press(Key.Key_Minus, Held.ControlModifier)
    assert seen(bench) == ["Limes", "Apples"]
    assert sorted(bench.names) == ["Apples", "Figs", "Limes"]
    bench.artifact.undo_stack.undo()
    assert seen(bench) == ["Plums", "Pears", "Limes", "Apples"]
    assert bench.grid.blocks() == [Block(0, 0, 1, 2)]
    bench.undo_all()
    assert bench.table == STOCK
    assert seen(bench) == ["Plums", "Pears", "Apples"]
    bench.artifact.undo_stack.redo()
    assert seen(bench) == ["Plums", "Pears", "", "Apples"]


def test_a_row_written_at_the_end_is_seen_there_although_the_filter_would_hide_it(bench: Bench) -> None:
    bench.editor.arranging.ask(Arrangement(filters={0: ColumnFilter(contains="pl")}))
    assert seen(bench) == ["Apples", "Plums"]
    bench.press(Key.Key_Down, times=2)
    bench.type("Kiwis")
    bench.press(Key.Key_Return)
    assert seen(bench) == ["Apples", "Plums", "Kiwis"]
    assert bench.names[-1] == "Kiwis"
    bench.press(Key.Key_L, Held.ControlModifier | Held.AltModifier)
    assert seen(bench) == ["Apples", "Plums"]


def test_the_right_row_numbers_are_told_and_rows_that_are_sorted_are_not_moved(bench: Bench) -> None:
    sorted_bench(bench)
    header = [bench.editor.model.headerData(row, Qt.Orientation.Vertical) for row in range(5)]
    assert header == ["4", "1", "2", "3", "+"]
    bench.grid.go_to(1, 0)
    bench.press(Key.Key_Up, Held.AltModifier)
    bench.editor.steps.move_rows(1, 1, 0)
    assert bench.table is STOCK
    assert not bench.grid.row_header.is_draggable
    bench.editor.arranging.clear()
    assert bench.grid.row_header.is_draggable


def test_columns_take_their_sort_and_filter_along_and_both_ways(bench: Bench) -> None:
    bench.editor.arranging.ask(Arrangement((1, True), {0: ColumnFilter(contains="p")}))
    bench.grid.go_to(0, 1)
    bench.press(Key.Key_Left, Held.AltModifier)
    assert bench.editor.model.arrangement == Arrangement((0, True), {1: ColumnFilter(contains="p")})
    assert seen(bench, 1) == ["Plums", "Pears", "Apples"]
    bench.artifact.undo_stack.undo()
    assert bench.editor.model.arrangement == Arrangement((1, True), {0: ColumnFilter(contains="p")})
    bench.grid.go_to(0, 0)
    bench.press(Key.Key_Minus, Held.ControlModifier | Held.AltModifier)
    assert bench.editor.model.arrangement == Arrangement((0, True))
    bench.undo_all()
    assert bench.table == STOCK


def test_apply_makes_what_is_seen_the_table_and_one_undo_brings_all_back(bench: Bench) -> None:
    bench.editor.arranging.ask(Arrangement((1, False), {0: ColumnFilter(contains="p")}))
    bench.qtbot.mouseClick(bench.editor.findChild(QWidget, "view_apply"), Qt.MouseButton.LeftButton)
    assert bench.names == seen(bench) == ["Apples", "Pears", "Plums"]
    assert bar(bench) == ""
    assert bench.artifact.undo_stack.count() == 1
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.table == STOCK
    assert len(seen(bench)) == 4


def test_a_models_change_is_sorted_and_filtered_as_before(bench: Bench) -> None:
    sorted_bench(bench)
    bench.artifact.replace(replace(STOCK, rows=(*STOCK.rows, ("Dates", "$50.00", ""))), "Change by the model")
    assert seen(bench) == ["Plums", "Dates", "Pears", "Apples", "Figs"]
    bench.artifact.replace(Table("Stock", ("Price", "Item"), (("2", "b"), ("10", "a"))), "Change by the model")
    assert seen(bench, 1) == ["a", "b"]
    bench.artifact.replace(Table("Stock", ("Cost", "Item"), (("2", "b"), ("10", "a"))), "Change by the model")
    assert bar(bench) == ""


def test_words_being_typed_stay_with_their_row_when_the_rows_are_sorted(bench: Bench) -> None:
    bench.grid.go_to(3, 0)
    bench.type("Damsons")
    bench.editor.arranging.ask(Arrangement((1, True)))
    assert bench.names[3] == "Damsons"
    bench.grid.go_to(1, 0)
    bench.type("Per")
    bench.artifact.replace(
        replace(bench.table, rows=(("Limes", "$1.00", ""), *bench.table.rows)), "Change by the model"
    )
    bench.type("ry")
    bench.press(Key.Key_Return)
    assert bench.names == ["Limes", "Perry", "Apples", "Figs", "Damsons"]


def many(qtbot: QtBot, workbench: Workbench) -> Bench:
    rows = tuple((str(number), f"name {number}") for number in range(5_000))
    return Bench(qtbot, workbench, Table(None, ("N", "Name"), rows))


def test_many_rows_are_sorted_off_the_ui_thread_and_again_if_one_changed_meanwhile(
    qtbot: QtBot, workbench: Workbench
) -> None:
    bench = many(qtbot, workbench)
    bench.do("table.sort_down")
    assert bar(bench).startswith("Looking through the rows")
    bench.grid.go_to(0, 0)
    bench.type("7000")
    qtbot.waitUntil(lambda: bench.editor.is_idle)
    if bench.grid.is_editing:
        bench.press(Key.Key_Return)
        bench.do("table.arrange_again")
        qtbot.waitUntil(lambda: bench.editor.is_idle)
    assert seen(bench)[:3] == ["7000", "4999", "4998"]
    assert bench.table.rows[0] == ("7000", "name 0")
    assert bench.grid.current is not None
    bench.undo_all()
    assert bench.table.rows[0] == ("0", "name 0")


def test_the_values_of_a_long_column_are_counted_off_the_ui_thread(qtbot: QtBot, workbench: Workbench) -> None:
    bench = many(qtbot, workbench)
    bench.editor.open_filter(1)
    values = card(bench)._values
    qtbot.waitUntil(lambda: values.count() == 500)
    assert "500 most frequent of 5,000" in card(bench)._note.text()
    bench.qtbot.keyClicks(card(bench).findChild(QWidget, "filter_search"), "name 49")
    shown = [values.item(at).text() for at in range(values.count()) if not values.item(at).isHidden()]
    assert "name 49" in shown
    assert "name 5" not in shown
    card(bench).close()


def test_every_operation_by_keys_is_undone_to_the_first_state(bench: Bench) -> None:
    alt, shift, control = Held.AltModifier, Held.ShiftModifier, Held.ControlModifier
    bench.type("Grapes")
    bench.press(Key.Key_Tab)
    bench.type("$3.00")
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Down, alt | shift)
    bench.press(Key.Key_Up, alt | shift)
    bench.press(Key.Key_Down, alt)
    bench.press(Key.Key_Right, alt | shift)
    bench.type("Note")
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Left, alt)
    bench.press(Key.Key_Left, alt | shift)
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_A, control)
    bench.press(Key.Key_C, control)
    bench.grid.go_to(3, 1)
    bench.press(Key.Key_V, control)
    bench.press(Key.Key_S, control | alt)
    bench.press(Key.Key_X, control)
    bench.grid.go_to(1, 0)
    bench.press(Key.Key_D, control)
    bench.press(Key.Key_Minus, control)
    bench.press(Key.Key_S, control | alt)
    bench.press(Key.Key_Down, alt | shift)
    bench.grid.go_to(0, 2)
    bench.press(Key.Key_Minus, control | alt)
    bench.do("table.apply_view")
    bench.press(Key.Key_Delete)
    bench.press(Key.Key_F2, shift)
    bench.type("Renamed")
    bench.press(Key.Key_Return)
    last, count = bench.table, bench.artifact.undo_stack.count()
    assert count >= 14
    for _ in range(count):
        bench.press(Key.Key_Z, control)
    assert bench.table == STOCK
    for _ in range(count):
        bench.press(Key.Key_Y, control)
    assert bench.table == last
