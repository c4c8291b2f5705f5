"""Help while a formula is typed, by real keys and clicks."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from forgeapp.domain.workbook import Workbook
from forgeapp.ui.artifact.grid import Block, CellEditor
from forgeapp.ui.artifact.spreadsheet.formula_assist import TONES
from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
from tests.ui.sheet_bench import CTRL, SHIFT, Open, budget, press, sheet_of, show, type_text, wait_for, workbench

__all__ = ["show", "workbench"]


def typed(editor: SpreadsheetEditor) -> str:
    """What stands in the cell being written."""
    [cell] = [each for each in editor.grid.findChildren(CellEditor) if each.isVisible()]
    return cell.text()


def offered(editor: SpreadsheetEditor) -> list[str]:
    return [offer.name for offer in editor.assist.card.offers]


def point_of(editor: SpreadsheetEditor, row: int, column: int) -> QPoint:
    return editor.grid.visualRect(editor.model.index(row, column)).center()


def click_cell(editor: SpreadsheetEditor, row: int, column: int) -> None:
    QTest.mouseClick(
        editor.grid.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        point_of(editor, row, column),
    )


def test_names_are_offered_and_taken_with_tab(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    type_text(qtbot, "=su")
    assert offered(editor)[:3] == ["SUBSTITUTE", "SUBTOTAL", "SUM"]
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Tab)
    assert typed(editor) == "=SUM("
    assert offered(editor) == []
    type_text(qtbot, "B2:B3)")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, editor, 5, 1, "8,900.00")


def test_escape_closes_the_list_then_gives_the_cell_up(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    type_text(qtbot, "=ro")
    assert offered(editor)
    press(qtbot, Qt.Key.Key_Escape)
    assert offered(editor) == []
    assert typed(editor) == "=ro"
    press(qtbot, Qt.Key.Key_Escape)
    assert not editor.grid.is_editing
    assert (5, 1) not in editor.sheet.cells


def test_sheets_are_offered_in_the_bar_and_taken_with_enter(qtbot: QtBot, show: Open) -> None:
    workbook = Workbook(None, (sheet_of("Costs", [["1"]]), sheet_of("Next year", [["2"]])))
    editor = show(workbook)
    editor.grid.go_to(1, 0)
    editor.formula_bar.field.setFocus()
    type_text(qtbot, "=A1+ne")
    assert "Next year" in offered(editor)
    while editor.assist.card.chosen.name != "Next year":
        press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    assert editor.formula_bar.field.text() == "=A1+'Next year'!"
    type_text(qtbot, "A1")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, editor, 1, 0, "3")


def test_a_range_of_columns_is_not_taken_for_a_name(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 3)
    type_text(qtbot, "=SUM(B:B")
    assert offered(editor) == []


def test_the_signature_follows_the_argument(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    type_text(qtbot, "=IF(B2>1,")
    signature = editor.assist.card.signature
    assert signature is not None
    assert (signature.name, signature.arguments[signature.current]) == ("IF", "value_if_true")
    type_text(qtbot, "ROUND(B2,")
    signature = editor.assist.card.signature
    assert signature is not None
    assert (signature.name, signature.arguments[signature.current]) == ("ROUND", "digits")
    type_text(qtbot, "1),0)")
    assert editor.assist.card.signature is None


def test_references_are_outlined_in_the_colours_of_the_text(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    type_text(qtbot, "=SUM(B2:B3)+B4+B2:B3+Year!A1")
    assert list(editor.grid.highlights) == [(Block(1, 1, 2, 1), TONES[0]), (Block(3, 1, 3, 1), TONES[1])]
    [cell] = [each for each in editor.grid.findChildren(CellEditor) if each.isVisible()]
    tones = [each.format.foreground().color().name() for each in cell.extraSelections()]
    assert tones[0] == tones[2] != tones[1]
    press(qtbot, Qt.Key.Key_Escape)
    assert list(editor.grid.highlights) == []


def test_arrow_keys_point_at_cells_and_shift_makes_ranges(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    type_text(qtbot, "=")
    press(qtbot, Qt.Key.Key_Up)
    assert typed(editor) == "=B5"
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_Up, SHIFT)
    assert typed(editor) == "=B2:B3"
    type_text(qtbot, "*")
    press(qtbot, Qt.Key.Key_Up, CTRL)
    assert typed(editor) == "=B2:B3*B4"
    assert editor.grid.current == (5, 1)


def test_the_mouse_points_at_cells_and_drags_ranges(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    type_text(qtbot, "=SUM(")
    viewport = editor.grid.viewport()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, left, none, point_of(editor, 1, 1))
    QTest.mouseMove(viewport, point_of(editor, 2, 1))
    QTest.mouseRelease(viewport, left, none, point_of(editor, 2, 1))
    assert typed(editor) == "=SUM(B2:B3"
    click_cell(editor, 3, 1)
    assert typed(editor) == "=SUM(B4"
    type_text(qtbot, ",")
    click_cell(editor, 1, 1)
    type_text(qtbot, ")")
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, editor, 5, 1, "11,000.00")


def test_a_click_elsewhere_takes_a_finished_formula(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    type_text(qtbot, "=B2")
    click_cell(editor, 0, 0)
    assert not editor.grid.is_editing
    assert editor.sheet.cells[5, 1].text == "=B2"
    assert editor.grid.current == (0, 0)


def test_the_bar_is_pointed_for_too(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    editor.formula_bar.field.setFocus()
    type_text(qtbot, "=2*")
    click_cell(editor, 1, 1)
    assert editor.formula_bar.field.text() == "=2*B2"
    assert editor.formula_bar.field.hasFocus()
    press(qtbot, Qt.Key.Key_Return)
    wait_for(qtbot, editor, 5, 1, "4,200.00")


def test_f4_turns_the_dollars_of_the_reference_at_the_cursor(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    type_text(qtbot, "=B2")
    seen = []
    for _ in range(4):
        press(qtbot, Qt.Key.Key_F4)
        seen.append(typed(editor))
    assert seen == ["=$B$2", "=B$2", "=$B2", "=B2"]


def test_very_long_formulas_are_not_looked_into(qtbot: QtBot, show: Open) -> None:
    editor = show(budget())
    editor.grid.go_to(5, 1)
    type_text(qtbot, "=")
    [cell] = [each for each in editor.grid.findChildren(CellEditor) if each.isVisible()]
    cell.set_text("=" + "A1+" * 3_000)
    assert list(editor.grid.highlights) == []
    press(qtbot, Qt.Key.Key_Return)
    assert "8,192" in editor.formula_bar.note
    assert (5, 1) not in editor.sheet.cells
