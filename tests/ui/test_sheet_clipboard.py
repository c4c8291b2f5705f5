"""A sheet's cells copied, cut, pasted and filled."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Cell, Sheet, Workbook
from forgeapp.errors import TooLarge
from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.artifact.spreadsheet.clip import MIME
from forgeapp.ui.workbench import Workbench
from tests.pace import ends_within
from tests.ui.sheet_bench import (
    CTRL,
    WAIT_MS,
    Open,
    budget,
    press,
    sheet_of,
    show,
    type_text,
    undo_all,
    wait_for,
    workbench,
)

__all__ = ["show", "workbench"]


def test_a_copied_formula_moves_along_and_other_programs_get_text(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(3, 1)
    press(qtbot, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "8,900.00"
    editor.grid.go_to(4, 2)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert editor.sheet.cells[4, 2].text == "=SUM(C3:C4)"
    press(qtbot, Qt.Key.Key_Z, CTRL)
    assert editor.workbook == budget()


def test_cut_cells_are_moved_in_one_step_and_formulas_follow_them(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.select(Block(1, 1, 2, 1))
    press(qtbot, Qt.Key.Key_X, CTRL)
    assert editor.workbook == budget()
    assert editor.formula_bar.note == "Paste moves them"
    editor.grid.go_to(1, 3)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert editor.sheet.cells[3, 1].text == "=SUM(D2:D3)"
    assert editor.sheet.cells[1, 3].text == "2,100.00"
    assert (1, 1) not in editor.sheet.cells
    assert editor.grid.block() == Block(1, 3, 2, 3)
    assert editor.undo_stack.count() == 1
    assert editor.formula_bar.note == ""
    wait_for(qtbot, editor, 3, 1, "8,900.00")
    editor.grid.go_to(6, 0)
    press(qtbot, Qt.Key.Key_V, CTRL)  # good for one paste
    assert (6, 0) not in editor.sheet.cells
    press(qtbot, Qt.Key.Key_Z, CTRL)
    assert editor.workbook == budget()


def test_cut_cells_move_to_another_sheet_with_all_that_refers_to_them(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(3, 1)
    press(qtbot, Qt.Key.Key_X, CTRL)
    press(qtbot, Qt.Key.Key_PageDown, CTRL)
    editor.grid.go_to(4, 0)
    press(qtbot, Qt.Key.Key_V, CTRL)
    costs, year = editor.workbook.sheets
    assert (3, 1) not in costs.cells
    assert year.cells[4, 0].text == "=SUM(Costs!B2:B3)"
    assert year.cells[1, 1].text == "=Year!A5*B1"
    wait_for(qtbot, editor, 1, 1, "106800")
    undo_all(editor)
    assert editor.workbook == budget()


def test_escape_and_edits_leave_cut_cells_where_they_are(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(3, 1)
    press(qtbot, Qt.Key.Key_X, CTRL)
    press(qtbot, Qt.Key.Key_Escape)
    assert not editor.grid.is_cut
    press(qtbot, Qt.Key.Key_X, CTRL)
    editor.grid.go_to(8, 0)
    type_text(qtbot, "x")
    press(qtbot, Qt.Key.Key_Return)
    assert not editor.grid.is_cut
    editor.grid.go_to(4, 2)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert editor.sheet.cells[3, 1].text == "=SUM(B2:B3)"
    assert editor.sheet.cells[4, 2].text == "=SUM(C3:C4)"


def test_what_is_too_much_to_paste_is_told_and_nothing_is_cut(
    qtbot: QtBot, show: Open, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forgeapp.ui.artifact.spreadsheet.pasting.MAX_CELLS", 5)
    editor = show(budget())
    QGuiApplication.clipboard().setText("1\t2\t3\n4\t5\t6")
    with qtbot.waitSignal(workbench.failed) as told:
        press(qtbot, Qt.Key.Key_V, CTRL)
    assert isinstance(told.args[0], TooLarge)
    assert editor.workbook == budget()


def test_many_texts_are_pasted_without_holding_the_window(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    QGuiApplication.clipboard().setText("\n".join(f"{row}\t{row}.5\tx" for row in range(3_000)))
    editor.grid.go_to(10, 0)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert editor.workbook == budget()
    qtbot.waitUntil(lambda: editor.pasting.is_idle)
    assert editor.sheet.cells[3_009, 1].number == 2_999.5
    assert editor.undo_stack.count() == 1
    assert editor.grid.block() == Block(10, 0, 3_009, 2)


def test_a_formula_copied_before_it_is_computed_gives_its_value(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(4, 1)
    type_text(qtbot, "=B4*2")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_C, CTRL)
    assert editor.formula_bar.note == "Copying…"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "17,800.00", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: editor.formula_bar.note == "")
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert editor.sheet.cells[5, 1].text == "=B5*2"


def test_what_was_copied_elsewhere_meanwhile_stays_on_the_clipboard(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(4, 1)
    type_text(qtbot, "=B4*2")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_C, CTRL)
    QGuiApplication.clipboard().setText("elsewhere")
    qtbot.waitUntil(lambda: not editor.grid.copying.is_under_way, timeout=WAIT_MS)
    assert QGuiApplication.clipboard().text() == "elsewhere"


def test_many_cells_are_copied_without_holding_the_window(qtbot: QtBot, show: Open) -> None:
    editor = show(Workbook("W", (sheet_of("S", [[f"{row}", f"=A{row + 1}*2"] for row in range(2_000)]),)))
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_C, CTRL)
    assert editor.grid.copying.is_under_way
    editor.grid.go_to(0, 3)
    press(qtbot, Qt.Key.Key_V, CTRL)  # ourselves need not wait
    assert editor.sheet.cells[1_999, 4].text == "=D2000*2"
    qtbot.waitUntil(lambda: not editor.grid.copying.is_under_way, timeout=WAIT_MS)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert (len(lines), lines[1], lines[-1]) == (2_000, "1\t2", "1999\t3998")


@pytest.mark.security
def test_texts_that_another_program_would_run_are_guarded(qtbot: QtBot, show: Open) -> None:
    cells = {(0, 0): Cell("=1+1", None, "@"), (0, 1): Cell("-15", -15), (0, 2): Cell("@x"), (0, 3): Cell('="=1+"&1')}
    editor = show(Workbook("W", (Sheet("S", cells),)))
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_C, CTRL)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "'=1+1\t-15\t'@x\t'=1+1"
    assert "<td>=" not in clipboard.mimeData().html()
    editor.grid.go_to(2, 0)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert [editor.sheet.cells[2, column] for column in range(4)] == list(cells.values())


def test_one_far_cell_makes_copying_neither_slow_nor_endless(qtbot: QtBot, show: Open, workbench: Workbench) -> None:
    near = {(0, 0): Cell("a"), (5_000, 200): Cell("b")}
    far = {(0, 0): Cell("a"), (MAX_ROWS - 1, MAX_COLUMNS - 1): Cell("b")}
    editor = show(Workbook("W", (Sheet("S", near), Sheet("T", far))))
    assert editor.grid.used() == (5_001, 201)
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_C, CTRL)
    text = QGuiApplication.clipboard().text()
    assert (text.count("\n"), text[0], text[-1]) == (5_000, "a", "b")
    press(qtbot, Qt.Key.Key_PageDown, CTRL)
    press(qtbot, Qt.Key.Key_A, CTRL)
    with ends_within(120), qtbot.waitSignal(workbench.failed) as told:  # all the cells would take hours, and all memory
        press(qtbot, Qt.Key.Key_C, CTRL)
    assert isinstance(told.args[0], TooLarge)
    assert QGuiApplication.clipboard().text() == text


def test_pasted_text_is_read_as_if_it_were_typed(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    QGuiApplication.clipboard().setText("Energy\t602.90\nShare\t12%\nWhen\t2026-11-21")
    editor.grid.go_to(5, 0)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert editor.sheet.cells[5, 1] == Cell("602.90", 602.9, "0.00")
    assert editor.sheet.cells[6, 1] == Cell("12%", 0.12, "0%")
    assert editor.sheet.cells[7, 1].format == "yyyy-mm-dd"
    assert editor.grid.block() == Block(5, 0, 7, 1)
    assert editor.undo_stack.count() == 1


@pytest.mark.security
@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"origin":[0,0],"size":[1,1],"cells":[[0,0,5,null,null]]}'])
def test_strange_cells_on_the_clipboard_are_left(qtbot: QtBot, show: Open, data: bytes) -> None:
    editor = show(budget())
    strange = QMimeData()
    strange.setText("as text")
    strange.setData(MIME, data)
    QGuiApplication.clipboard().setMimeData(strange)
    editor.grid.go_to(8, 0)
    press(qtbot, Qt.Key.Key_V, CTRL)
    assert editor.sheet.cells[8, 0] == Cell("as text")


def test_filling_down_and_right_shifts_references(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.write((1, 2), "=B2*2")
    editor.grid.select(Block(1, 2, 3, 2))
    press(qtbot, Qt.Key.Key_D, CTRL)
    assert [editor.sheet.cells[row, 2].text for row in (2, 3)] == ["=B3*2", "=B4*2"]
    editor.grid.select(Block(1, 2, 1, 3))
    press(qtbot, Qt.Key.Key_R, CTRL)
    assert editor.sheet.cells[1, 3].text == "=C2*2"
    wait_for(qtbot, editor, 1, 3, "8,400.00")
