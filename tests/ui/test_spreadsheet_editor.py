"""A spreadsheet typed into: cells, formulas and their bar, sheets, and what is computed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.workbook import Cell, CellError, Sheet, Workbook
from forgeapp.errors import WorkerFailed
from forgeapp.ui.artifact.grid import Block
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


def test_an_edited_cell_lets_the_totals_of_all_sheets_follow(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    assert text_at(editor, 3, 1) == "8,900.00"
    editor.grid.go_to(1, 1)
    type_text(qtbot, "2500")
    press(qtbot, Qt.Key.Key_Return)
    assert text_at(editor, 1, 1) == "2,500.00"
    assert editor.grid.current == (2, 1)
    wait_for(qtbot, editor, 3, 1, "9,300.00")
    press(qtbot, Qt.Key.Key_PageDown, CTRL)
    assert editor.sheet.name == "Year"
    wait_for(qtbot, editor, 1, 1, "111600")
    undo_all(editor)
    assert editor.workbook == budget()
    assert editor.sheet.name == "Costs"
    wait_for(qtbot, editor, 3, 1, "8,900.00")


def test_each_edit_is_one_step_that_holds_only_what_it_changes(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(1, 1)
    type_text(qtbot, "1")
    press(qtbot, Qt.Key.Key_Tab)
    type_text(qtbot, "x")
    press(qtbot, Qt.Key.Key_Return)
    assert editor.undo_stack.count() == 2
    assert editor.undo_stack.undoText() == "Edit C2"
    assert editor.grid.current == (2, 1)
    press(qtbot, Qt.Key.Key_Z, CTRL)
    assert (1, 2) not in editor.sheet.cells
    assert editor.grid.current == (1, 2)


def test_a_division_by_zero_shows_as_in_excel_and_says_why(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(4, 1)
    type_text(qtbot, "=B2/0")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, editor, 4, 1, "#DIV/0!")
    assert editor.model.look(4, 1).tone == "bad"
    assert "zero" in editor.model.tip(4, 1)


def test_a_formula_that_cannot_be_read_says_what_is_wrong_with_it(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(4, 1)
    type_text(qtbot, "=SUM(B2")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, editor, 4, 1, "#NAME?")
    assert "bracket" in editor.model.tip(4, 1)


def test_the_formula_bar_shows_takes_and_gives_up(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    field = editor.formula_bar.field
    editor.grid.go_to(3, 1)
    assert (editor.formula_bar.address, field.text()) == ("B4", "=SUM(B2:B3)")
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    press(qtbot, Qt.Key.Key_End)
    type_text(qtbot, "*2")
    press(qtbot, Qt.Key.Key_Escape)
    assert field.text() == "=SUM(B2:B3)"
    assert editor.grid.hasFocus()
    assert not editor.undo_stack.canUndo()
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    press(qtbot, Qt.Key.Key_End)
    type_text(qtbot, "*2")
    press(qtbot, Qt.Key.Key_Return)
    assert editor.grid.hasFocus()
    assert editor.grid.current == (4, 1)
    wait_for(qtbot, editor, 3, 1, "17,800.00")


def test_what_is_typed_in_a_cell_shows_in_the_formula_bar(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 0)
    type_text(qtbot, "=B4")
    assert editor.formula_bar.field.text() == "=B4"
    press(qtbot, Qt.Key.Key_Escape)
    assert editor.formula_bar.field.text() == ""
    assert not editor.undo_stack.canUndo()


def test_f2_edits_what_stands_there_and_an_apostrophe_makes_text(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(3, 1)
    press(qtbot, Qt.Key.Key_F2)
    type_text(qtbot, "+1")
    press(qtbot, Qt.Key.Key_Return)
    assert editor.sheet.cells[3, 1].text == "=SUM(B2:B3)+1"
    type_text(qtbot, "'=B4")
    press(qtbot, Qt.Key.Key_Return)
    assert text_at(editor, 4, 1) == "=B4"
    assert not editor.sheet.cells[4, 1].is_formula


def test_delete_clears_the_selection_in_one_step(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.select(Block(1, 0, 2, 1))
    press(qtbot, Qt.Key.Key_Delete)
    assert set(editor.sheet.cells) == {(0, 0), (0, 1), (3, 0), (3, 1)}
    wait_for(qtbot, editor, 3, 1, "0")
    editor.undo_stack.undo()
    assert editor.workbook == budget()
    assert editor.grid.block() == Block(1, 0, 2, 1)


def test_a_cell_of_several_lines_is_written_in_the_grid(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook("W", (Sheet("S", {(0, 0): Cell("one\ntwo")}),)))
    qtbot.mouseClick(editor.formula_bar.field, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: editor.grid.is_editing)
    type_text(qtbot, "!")
    press(qtbot, Qt.Key.Key_Return)
    assert editor.sheet.cells[0, 0] == Cell("one\ntwo!")
    editor.grid.go_to(0, 0)
    editor.formula_bar.field.setFocus()
    type_text(qtbot, "x")
    assert editor.grid.is_editing
    press(qtbot, Qt.Key.Key_Escape)
    assert editor.sheet.cells[0, 0] == Cell("one\ntwo!")


def test_words_being_typed_follow_their_cell_when_a_model_puts_a_row_in(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(2, 0)
    type_text(qtbot, "Pay")
    costs = sheet_of(
        "Costs",
        [["Budget"], ["Category", "Planned"], ["Rent", "2,100.00"], ["Wages", "6,800.00"], ["Total", "=SUM(B3:B4)"]],
    )
    artifact_of(editor).replace(Workbook("Budget", (costs, budget().sheets[1])), "Change by the model")
    type_text(qtbot, "roll")
    press(qtbot, Qt.Key.Key_Return)
    assert [editor.sheet.cells[row, 0].text for row in range(5)] == ["Budget", "Category", "Rent", "Payroll", "Total"]


def test_sheets_are_added_renamed_and_deleted(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    tabs = editor.tabs
    plus = editor.findChild(QWidget, "add_sheet")
    assert plus is not None
    qtbot.mouseClick(plus, Qt.MouseButton.LeftButton)
    assert tabs.names == ["Costs", "Sheet 3", "Year"]
    assert editor.sheet.name == "Sheet 3"
    qtbot.mouseClick(tabs.tab(0), Qt.MouseButton.LeftButton)
    assert editor.sheet.name == "Costs"
    qtbot.mouseDClick(tabs.tab(0), Qt.MouseButton.LeftButton)
    field = editor.findChild(QLineEdit, "sheet_name")
    assert field is not None
    qtbot.waitUntil(field.hasFocus)
    type_text(qtbot, "All costs")
    press(qtbot, Qt.Key.Key_Return)
    assert tabs.names == ["All costs", "Sheet 3", "Year"]
    assert editor.workbook.sheets[2].cells[1, 1].text == "='All costs'!B4*B1"
    qtbot.waitUntil(lambda: not editor.recalculation.is_waiting, timeout=WAIT_MS)
    tabs.tab(0).setFocus()
    press(qtbot, Qt.Key.Key_Delete)
    assert tabs.names == ["Sheet 3", "Year"]
    editor.show_sheet(1)
    wait_for(qtbot, editor, 1, 1, "#REF!")
    editor.undo_stack.undo()
    assert tabs.names == ["All costs", "Sheet 3", "Year"]
    assert editor.sheet.name == "All costs"
    undo_all(editor)
    assert editor.workbook == budget()
    assert tabs.names == ["Costs", "Year"]


def test_escape_leaves_a_sheets_name_and_the_last_sheet_stays(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook("One", (sheet_of("Only", [["1"]]),)))
    editor.actions_of["sheet.rename"].trigger()
    type_text(qtbot, "Other")
    press(qtbot, Qt.Key.Key_Escape)
    assert editor.tabs.names == ["Only"]
    assert not editor.actions_of["sheet.delete"].isEnabled()
    editor.sheet_edits.delete()
    assert editor.tabs.names == ["Only"]


def test_the_selection_is_summed_up(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(1, 1)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    qtbot.waitUntil(lambda: editor.summary.text() == "Sum 17,800.00 · Average 5,933.33 · 3 cells")
    editor.grid.select(Block(0, 0, 3, 1))
    qtbot.waitUntil(lambda: "3 numbers" in editor.summary.text())
    editor.grid.select(Block(0, 0, 0, 1))
    qtbot.waitUntil(lambda: editor.summary.text() == "2 cells")


def test_a_column_dragged_wider_is_one_step(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    header = editor.grid.column_header
    before = header.sectionSize(0)
    edge = QPoint(header.sectionViewportPosition(1) - 1, header.height() // 2)
    view = header.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=edge)
    qtbot.mouseMove(view, edge + QPoint(30, 0))
    qtbot.mouseMove(view, edge + QPoint(60, 0))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=edge + QPoint(60, 0))
    assert editor.undo_stack.count() == 1
    assert 0 in editor.sheet.widths
    assert header.sectionSize(0) > before + 40
    editor.undo_stack.undo()
    assert editor.workbook == budget()
    assert header.sectionSize(0) == before


def test_the_header_row_stays_in_view_and_the_grid_grows(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    grid = editor.grid
    assert editor.model.rowCount() == 54
    assert editor.model.columnCount() == 14
    grid.go_to(53, 0)
    assert editor.model.rowCount() == 104
    assert grid.verticalScrollBar().value() > 0
    strip = grid._strips[0]
    assert strip.isVisible()
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(grid.row_header.width() + 8, 8))
    assert grid.current == (0, 0)
    assert grid.verticalScrollBar().value() > 0
    type_text(qtbot, "Kind")
    press(qtbot, Qt.Key.Key_Return)
    assert editor.sheet.cells[0, 0].text == "Kind"


def test_what_a_model_changes_shows_at_once_and_is_one_step(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    other = Workbook("Budget", (sheet_of("Year", [["New"], ["=1+1"]]),))
    artifact_of(editor).replace(other, "Change by the model")
    assert editor.tabs.names == ["Year"]
    assert text_at(editor, 0, 0) == "New"
    wait_for(qtbot, editor, 1, 0, "2")
    undo_all(editor)
    assert editor.workbook == budget()
    assert editor.sheet.name == "Year"
    wait_for(qtbot, editor, 1, 1, "106800")


def test_values_of_an_older_workbook_are_dropped(
    qtbot: QtBot, show: Open, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = show(budget())
    asked: list[Workbook] = []
    given: list[Callable[[object], None]] = []
    real = workbench.artifacts.compute

    def compute(workbook: Workbook, show_: Callable[[object], None], on_error: object = None) -> object:
        asked.append(workbook)
        given.append(show_)
        return real(workbook, show_, on_error)  # type: ignore[arg-type]

    monkeypatch.setattr(workbench.artifacts, "compute", compute)
    editor.write((1, 1), "1")
    qtbot.waitUntil(lambda: len(asked) == 1)
    editor.write((1, 1), "2")
    qtbot.waitUntil(lambda: len(asked) == 2)
    wait_for(qtbot, editor, 3, 1, "6,802.00")
    assert asked[-1] is editor.workbook


def test_a_failed_calculation_is_told_quietly_and_formulas_keep_their_text(
    qtbot: QtBot, show: Open, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = show(budget())
    services = workbench.services
    assert services is not None

    def fail(workbook: Workbook, cancel: object) -> dict[str, object]:
        raise WorkerFailed(task="The calculation", reason="it took too long")

    with monkeypatch.context() as patched:
        patched.setattr(services.calculation, "values", fail)
        editor.write((5, 1), "=B4")
        qtbot.waitUntil(lambda: editor.formula_bar.note == "Not calculated", timeout=WAIT_MS)
    assert text_at(editor, 5, 1) == "=B4"
    assert text_at(editor, 3, 1) == "8,900.00"
    editor.write((5, 1), "=B4*2")
    wait_for(qtbot, editor, 5, 1, "17,800.00")
    assert editor.formula_bar.note == ""


def test_a_slow_calculation_leaves_old_values_and_says_that_it_runs(
    qtbot: QtBot, show: Open, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = show(budget())
    services = workbench.services
    assert services is not None
    is_free = threading.Event()
    compute = services.calculation.values

    def wait(workbook: Workbook, cancel: CancelToken) -> object:
        assert is_free.wait(60)
        return compute(workbook, cancel)

    monkeypatch.setattr(services.calculation, "values", wait)
    editor.write((1, 1), "1")
    qtbot.waitUntil(lambda: editor.formula_bar.note == "Calculating…", timeout=WAIT_MS)
    assert editor.model.look(3, 1).text == "8,900.00"
    assert editor.model.look(3, 1).tone == "ink_2"
    is_free.set()
    wait_for(qtbot, editor, 3, 1, "6,801.00")
    assert editor.formula_bar.note == ""
    assert editor.model.look(3, 1).tone == "ink"


def test_frozen_columns_stay_and_unfreezing_is_undone(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(2, 1)
    editor.actions_of["sheet.freeze"].trigger()
    assert (editor.sheet.frozen_rows, editor.sheet.frozen_columns) == (2, 1)
    editor.grid.go_to(40, 13)
    assert [strip.isVisible() for strip in editor.grid._strips] == [True, True, True]
    editor.grid.go_to(40, 3)
    rect = editor.grid.visualRect(editor.model.index(40, 3))
    assert rect.left() >= editor.grid.frozen_width()
    undo_all(editor)
    assert editor.workbook == budget()


def test_many_sheets_fit_by_scrolling(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    for _ in range(14):
        editor.sheet_edits.add()
    editor.resize(420, 500)
    QApplication.processEvents()
    tabs = editor.tabs
    widths = [tabs.tab(place).width() for place in range(len(tabs.names))]
    assert widths == [tabs.tab(place).sizeHint().width() for place in range(len(tabs.names))]
    plus = editor.findChild(QWidget, "add_sheet")
    assert plus is not None
    assert plus.mapTo(editor, QPoint(plus.width(), 0)).x() <= editor.width()
    tabs.tab(tabs.current).setFocus()
    press(qtbot, Qt.Key.Key_Home)
    assert editor.sheet.name == "Costs"
    assert focus() is tabs.tab(0)
    press(qtbot, Qt.Key.Key_Right)
    assert editor.sheet.name == tabs.names[1]


def test_sheets_out_of_sight_are_told_and_scrolled_to(qtbot: QtBot, show: Open) -> None:
    names = ("Income and expenses", "Assumptions of the plan", "Cash flow by month")
    editor = show(Workbook("W", tuple(sheet_of(name, [["1"]]) for name in names)))
    back, on = (editor.findChild(QWidget, f"scroll_sheets_{way}") for way in ("left", "right"))
    assert back is not None
    assert on is not None
    assert not on.isVisible()
    editor.resize(420, 400)
    QApplication.processEvents()
    assert on.isVisible()
    assert not back.isEnabled()
    last = editor.tabs.tab(2)
    for _ in range(6):
        qtbot.mouseClick(on, Qt.MouseButton.LeftButton)
    assert not on.isEnabled()
    assert back.isEnabled()
    assert not last.visibleRegion().isEmpty()
    qtbot.mouseClick(last, Qt.MouseButton.LeftButton)
    assert editor.sheet.name == names[2]
    editor.resize(900, 400)
    QApplication.processEvents()
    assert not on.isVisible()


def test_escape_then_tab_leaves_the_grid_for_the_sheets(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.select(Block(1, 1, 2, 1))
    QApplication.processEvents()
    press(qtbot, Qt.Key.Key_Escape)
    reached: list[str] = []
    for _ in range(3):
        press(qtbot, Qt.Key.Key_Tab)
        reached.append(focus().objectName())
    assert reached == ["sheet_tab_1", "add_sheet", "selection_summary"]
    editor.grid.setFocus()
    press(qtbot, Qt.Key.Key_Escape)
    reached.clear()
    for _ in range(4):
        press(qtbot, Qt.Key.Key_Backtab, SHIFT)
        reached.append(focus().objectName())
    assert reached == ["more_decimals", "fewer_decimals", "number_format", "formula"]


def test_what_is_being_typed_is_taken_before_the_workbook_is_stored(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 0)
    type_text(qtbot, "half")
    editor.finish_editing()
    assert editor.sheet.cells[5, 0] == Cell("half")
    editor.grid.go_to(6, 0)
    qtbot.mouseClick(editor.formula_bar.field, Qt.MouseButton.LeftButton)
    type_text(qtbot, "in the bar")
    editor.finish_editing()
    assert editor.sheet.cells[6, 0] == Cell("in the bar")
    editor.name_sheet()
    type_text(qtbot, "New name")
    editor.finish_editing()
    assert editor.sheet.name == "New name"
    assert editor.undo_stack.count() == 3


def test_a_workbook_without_sheets_shows_one_that_is_no_step(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook("Blank", ()))
    artifact = artifact_of(editor)
    assert artifact.is_saved
    press(qtbot, Qt.Key.Key_Z, CTRL)
    type_text(qtbot, "5")
    press(qtbot, Qt.Key.Key_Return)
    assert editor.sheet.cells[0, 0] == Cell("5", 5)
    assert editor.undo_stack.count() == 1
    press(qtbot, Qt.Key.Key_Z, CTRL)
    assert artifact.content == Workbook("Blank", ())
    assert artifact.is_saved
    press(qtbot, Qt.Key.Key_Y, CTRL)
    assert editor.sheet.cells[0, 0] == Cell("5", 5)
    artifact.replace(Workbook("Blank", ()), "Change by the model")
    editor.sheet_edits.add()
    assert len(editor.workbook.sheets) == 2
    undo_all(editor)
    assert artifact.content == Workbook("Blank", ())


def test_numbers_are_never_cut_and_texts_are_aligned_as_in_excel(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook("W", (sheet_of("S", [["Text", "5", "TRUE", "=1/0", '="a"&1']], has_header=False),)))
    aligns = [editor.model.look(0, column).align for column in range(5)]
    assert aligns == ["left", "right", "center", "center", "left"]
    assert editor.recalculation.value("S", (0, 3)) == CellError("#DIV/0!")


def test_everything_has_a_name_and_can_be_reached(show: Open) -> None:
    editor = show(budget())
    for name in ("sheet_grid", "formula_bar", "sheet_tabs", "formula", "add_sheet"):
        widget = editor.findChild(QWidget, name)
        assert widget is not None
        assert widget.accessibleName()
    titles = [action.text() for action in editor.actions_for_menu() if not action.isSeparator()]
    assert "Fill down" in titles
    assert "Insert row above" in titles


def test_a_german_sheet_is_shown_and_typed_into_the_german_way(qtbot: QtBot, show: Open, workbench: Workbench) -> None:
    rows = {(0, 0): "Monat", (0, 1): "Betrag", (1, 0): "Miete", (3, 0): "Summe"}
    cells = {at: Cell(text) for at, text in rows.items()}
    euros = '#,##0.00 "EUR"'
    cells |= {(1, 1): Cell("1234.5", 1234.5, euros), (2, 1): Cell("7", 7, euros), (3, 1): Cell("=SUM(B2:B3)")}
    editor = show(Workbook("Kosten", (Sheet("Kosten", cells),)))
    assert text_at(editor, 1, 1) == "1.234,50 EUR"
    editor.grid.go_to(1, 1)
    assert editor.formula_bar.field.text() == "1234,5"
    editor.grid.go_to(2, 1)
    type_text(qtbot, "1.000,25")
    press(qtbot, Qt.Key.Key_Return)
    assert editor.sheet.cells[2, 1].number == 1000.25
    wait_for(qtbot, editor, 3, 1, "2.234,75 EUR")
    editor.grid.go_to(4, 1)
    type_text(qtbot, "31.12.2026")
    press(qtbot, Qt.Key.Key_Return)
    assert (editor.sheet.cells[4, 1].number, text_at(editor, 4, 1)) == (46387, "31.12.2026")
    workbench.keep_setting("number_look", "point")
    wait_for(qtbot, editor, 1, 1, "1,234.50 EUR")
    assert text_at(editor, 2, 1) == "1,000.25 EUR"
    wait_for(qtbot, editor, 3, 1, "2,234.75 EUR")
