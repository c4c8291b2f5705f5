"""A table's cells copied, cut and pasted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from forgeapp.domain.table import Table
from forgeapp.errors import TooLarge
from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.artifact.grid.clipboard import ROWS_MIME
from forgeapp.ui.workbench import Workbench
from tests.ui.table_desk import BUDGET, Bench, Held, Key, bench, workbench

__all__ = ["bench", "workbench"]


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


def test_what_is_too_much_to_paste_is_told_and_not_cut(bench: Bench, workbench: Workbench) -> None:
    QGuiApplication.clipboard().setText("\t".join("x" * 1_001))
    with bench.qtbot.waitSignal(workbench.failed) as told:
        bench.press(Key.Key_V, Held.ControlModifier)
    assert isinstance(told.args[0], TooLarge)
    assert bench.table == BUDGET


def test_blocks_apart_are_copied_with_blanks_between(bench: Bench) -> None:
    view = bench.grid.viewport()
    first, second = (bench.grid.visualRect(bench.editor.model.index(*at)).center() for at in ((0, 0), (2, 2)))
    bench.qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=first)
    bench.qtbot.mouseClick(view, Qt.MouseButton.LeftButton, Held.ControlModifier, second)
    assert bench.grid.copied_rows() == [["Coffee", ""], ["", "2,100.00"]]
