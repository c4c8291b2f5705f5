"""A document's tables: filled in a grid, written back into its text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from forgeapp.reading.markdown import parse
from forgeapp.ui.artifact.text.markdown_tables import table_at, tables_in, written
from forgeapp.ui.artifact.text.table_grid import TableGrid
from forgeapp.ui.richtext.table_box import TableBox
from tests.ui.document_bench import TABLE, Bench, Held, Key, make_maker, make_workbench  # noqa: F401 - fixtures

Make = Callable[..., Bench]


def test_a_table_is_filled_in_a_grid_and_written_back_aligned_as_one_step(make: Make, qtbot: QtBot) -> None:
    bench = make(TABLE)
    bench.put_cursor("Meal")
    qtbot.waitUntil(lambda: bench.editor.tables.button.isVisible())
    qtbot.mouseClick(bench.editor.tables.button, Qt.MouseButton.LeftButton)
    grid = bench.editor.tables.grid
    assert grid is not None
    assert grid.rows == (("Item", "Price"), ("Meal | menu", "4.30"), ("Tea\nor coffee", "2"))
    cells = grid.cells
    assert (cells.currentRow(), cells.hasFocus()) == (1, True)
    qtbot.keyClicks(cells, "S")
    field = cells.findChild(QPlainTextEdit)
    qtbot.keyClicks(field, "oup|stew")
    qtbot.keyClick(field, Key.Key_Tab)
    assert grid.rows[1] == ("Soup|stew", "4.30")
    assert (cells.currentRow(), cells.currentColumn()) == (1, 1)
    for _ in range(3):
        qtbot.keyClick(cells, Key.Key_Tab)
    assert len(grid.rows) == 4
    qtbot.keyClick(cells, Key.Key_Return, Held.ControlModifier)
    assert not bench.editor.tables.is_open
    assert bench.markdown == (
        "Above.\n\n"
        "| Item             | Price |\n"
        "| ---------------- | ----: |\n"
        "| Soup\\|stew       |  4.30 |\n"
        "| Tea<br>or coffee |     2 |\n"
        "|                  |       |\n"
        "\nBelow.\n"
    )
    assert bench.text.hasFocus()
    bench.undo()
    assert bench.markdown == TABLE


def test_esc_leaves_the_text_as_it_was(make: Make, qtbot: QtBot) -> None:
    bench = make(TABLE)
    bench.put_cursor("Meal")
    bench.press(Key.Key_G, Held.ControlModifier, Held.ShiftModifier)
    grid = bench.editor.tables.grid
    assert grid is not None
    grid.add_row()
    qtbot.keyClick(grid.cells, Key.Key_Escape)
    assert not bench.editor.tables.is_open
    assert bench.markdown == TABLE
    assert not bench.artifact.undo_stack.canUndo()


def test_rows_and_columns_are_added_moved_aligned_taken_away_and_all_undone(make: Make) -> None:
    bench = make(TABLE)
    bench.put_cursor("Meal")
    bench.editor.tables.open_at_cursor()
    grid = bench.editor.tables.grid
    assert grid is not None
    before = grid.rows
    grid.move_row(1)
    assert [row[0] for row in grid.rows] == ["Item", "Tea\nor coffee", "Meal | menu"]
    grid.move_column(1)
    assert grid.rows[0] == ("Price", "Item")
    assert grid.alignments == ("right", None)
    grid.align("center")
    assert grid.alignments == ("right", "center")
    grid.add_column()
    assert grid.rows[0] == ("Price", "Item", "")
    grid.remove_row()
    assert len(grid.rows) == 2
    for _ in range(5):
        grid.undo()
    assert (grid.rows, grid.alignments) == (before, (None, "right"))
    grid.redo()
    assert grid.is_changed


def test_a_double_click_on_the_rendered_table_opens_that_one(make: Make, qtbot: QtBot) -> None:
    bench = make(TABLE + "\n```\n| no | table |\n|---|---|\n```\n\n" + TABLE.replace("Meal", "Second"))
    bench.wait_until_read()
    blocks = bench.editor.view.blocks
    box = [box for box in blocks.boxes if isinstance(box, TableBox)][1]
    at = blocks.rect_of(box).center()
    QTest.mouseDClick(blocks, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    grid = bench.editor.tables.grid
    assert grid is not None
    assert grid.rows[1][0] == "Second | menu"


def test_where_there_is_no_table_a_new_one_is_made_behind_the_paragraph(make: Make) -> None:
    bench = make("Above.\nGoes on.\n\nBelow.")
    bench.editor.tables.open_at_cursor()
    grid = bench.editor.tables.grid
    assert isinstance(grid, TableGrid)
    grid.cells.item(0, 0).setText("Name")
    grid.take()
    blocks = parse(bench.markdown)
    assert [type(block).__name__ for block in blocks] == ["Paragraph", "TableBlock", "Paragraph"]
    bench.undo()
    assert bench.markdown == "Above.\nGoes on.\n\nBelow."


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| 1 | 2 | 3 |",
        "a | b\n--|--\n1 | 2",
        "> | a | b |\n> |:-:|--:|\n> | 1 \\| 2 | `x` |",
        "| 中文 | b |\n|---|---|\n| 1 | \\| |",
        "| a\\\\| b |\n|---|\n| x |",
    ],
)
def test_a_table_written_back_unchanged_says_the_same(text: str) -> None:
    lines = text.split("\n")
    table = table_at(lines, 0)
    assert table is not None
    again = written(table.lead, table.cells, table.alignments)
    second = table_at(again.split("\n"), 0)
    assert second is not None
    assert (second.cells, second.alignments) == (table.cells, table.alignments)
    assert written(table.lead, second.cells, second.alignments) == again


def test_text_around_pipes_is_no_table() -> None:
    lines = ["a | b", "", "```", "| a |", "|---|", "```", "", "- | - | -", "", "| a |", "|---|---|"]
    assert tables_in(lines, 0, len(lines)) == []


def test_the_grid_button_stands_within_the_text(make: Make, qtbot: QtBot) -> None:
    bench = make(TABLE, width=400)
    bench.put_cursor("Meal")
    button = bench.editor.tables.button
    qtbot.waitUntil(button.isVisible)
    assert bench.text.viewport().rect().contains(button.geometry())
    bench.put_cursor("Below")
    qtbot.waitUntil(lambda: not button.isVisible())
    assert QPoint(0, 0) != button.pos()
