from __future__ import annotations

from collections.abc import Mapping

import pytest

from forgeapp.domain.cell_block import Block
from forgeapp.domain.line_edits import delete_lines, insert_lines
from forgeapp.domain.workbook import Cell, Sheet, Workbook, address, position
from forgeapp.domain.workbook_edits import Change, add_sheet, delete_sheet, put_cells, rename_sheet, typed_cell
from forgeapp.services.comparing import (
    CellChange,
    ColumnsChange,
    FormatChange,
    FreezeChange,
    OrderChange,
    RowsChange,
    RowsOrderChange,
    SheetChange,
    Span,
    WidthChange,
    compare,
    fitted,
)
from tests.pace import ends_within

GRID = (
    ("Item", "Net", "Gross"),
    ("Rent", "100", "=B2*1.19"),
    ("Pens", "5", "=B3*1.19"),
    ("Ink", "7", "=B4*1.19"),
    ("Total", "=SUM(B2:B4)", "=SUM(C2:C4)"),
)


def sheet_of(name: str, rows: tuple[tuple[str, ...], ...]) -> Sheet:
    cells = {(row, column): typed_cell(text) for row, texts in enumerate(rows) for column, text in enumerate(texts)}
    return Sheet(name, {at: cell for at, cell in cells.items() if cell is not None})


BASE = Workbook("W", (sheet_of("Budget", GRID), sheet_of("Year", (("Sum", "=Budget!B5*12"), ("Rent", "=Budget!$B$2")))))


def done(workbook: Workbook, *changes: Change | None) -> Workbook:
    for change in changes:
        assert change is not None
        workbook = change.forward(workbook)
    return workbook


def put(workbook: Workbook, texts: Mapping[str, str], sheet: int = 0) -> Workbook:
    return done(workbook, put_cells(workbook, sheet, {position(at): typed_cell(text) for at, text in texts.items()}))


def wheres(before: Workbook, after: Workbook) -> list[str]:
    return [hunk.where for hunk in compare(before, after).hunks]


def texts(content: object, sheet: int = 0) -> dict[str, str]:
    assert isinstance(content, Workbook)
    return {address(at): cell.text for at, cell in content.sheets[sheet].cells.items()}


@pytest.mark.parametrize("are_rows", [True, False])
@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize("is_insertion", [True, False])
def test_lines_put_in_or_taken_out_are_one_hunk_and_the_formulas_that_follow_none(
    are_rows: bool, first: int, is_insertion: bool
) -> None:
    edit = insert_lines if is_insertion else delete_lines
    after = done(BASE, edit(BASE, 0, first, 1, are_rows))
    comparison = compare(BASE, after)
    (hunk,) = comparison.hunks
    assert isinstance(hunk.change, RowsChange if are_rows else ColumnsChange)
    spans = Span(first, first), Span(first, first + 1)
    assert (hunk.change.before, hunk.change.after) == (spans if is_insertion else spans[::-1])
    assert comparison.accepted([0]) == after


def test_places_are_told_as_people_say_them() -> None:
    grown = done(BASE, insert_lines(BASE, 0, 2, 2, True))
    grown = done(grown, insert_lines(grown, 0, 2, 1, False))
    after = put(grown, {"A3": "Lamp", "A4": "Desk", "C1": "VAT", "B2": "120"})
    hunks = compare(BASE, after).hunks
    assert [(hunk.where, hunk.before, hunk.after) for hunk in hunks] == [
        ('Budget!column C "VAT"', "", "VAT"),
        ("Budget!B2", "100", "120"),
        ("Budget!rows 3-4", "", "Lamp\nDesk"),
    ]
    assert hunks[1].change == CellChange("Budget", (1, 1), (1, 1))


def test_formulas_follow_just_the_rows_and_columns_that_are_taken() -> None:
    grown = done(BASE, insert_lines(BASE, 0, 2, 1, True))
    grown = done(grown, insert_lines(grown, 0, 2, 1, False))
    after = put(grown, {"A3": "Lamp", "B3": "40", "D3": "=B3*1.19", "C1": "VAT", "C2": "=B2*0.19"})
    comparison = compare(BASE, after)
    assert [hunk.where for hunk in comparison.hunks] == ['Budget!column C "VAT"', "Budget!row 3"]
    row_only = comparison.accepted([1])
    assert texts(row_only)["C3"] == "=B3*1.19"
    assert texts(row_only)["C6"] == "=SUM(C2:C5)"
    assert texts(row_only, 1) == {"A1": "Sum", "B1": "=Budget!B6*12", "A2": "Rent", "B2": "=Budget!$B$2"}
    column_only = comparison.accepted([0])
    assert texts(column_only)["C2"] == "=B2*0.19"
    assert texts(column_only)["D5"] == "=SUM(D2:D4)"


def test_a_formula_that_needs_a_rejected_column_stays_as_it_was() -> None:
    grown = done(BASE, insert_lines(BASE, 0, 2, 1, False))
    after = put(grown, {"C1": "VAT", "C2": "=B2*0.19", "D2": "=B2+C2"})
    comparison = compare(BASE, after)
    assert [hunk.where for hunk in comparison.hunks] == ['Budget!column C "VAT"', "Budget!D2"]
    assert comparison.accepted([1]) == BASE
    assert texts(comparison.accepted([0]))["D2"] == "=B2*1.19"
    assert texts(comparison.accepted([0, 1]))["D2"] == "=B2+C2"


def test_a_formula_left_behind_when_rows_came_is_told_with_what_it_ought_to_be() -> None:
    grown = done(BASE, insert_lines(BASE, 0, 1, 1, True))
    after = put(grown, {"A2": "Lamp", "C3": "=B2*1.19"})
    hunks = compare(BASE, after).hunks
    assert [(hunk.where, hunk.before, hunk.after) for hunk in hunks] == [
        ("Budget!row 2", "", "Lamp"),
        ("Budget!C3", "=B3*1.19", "=B2*1.19"),
    ]


def test_sheets_come_go_and_are_renamed() -> None:
    renamed = done(BASE, rename_sheet(BASE, 0, "Plan 2"))
    assert wheres(BASE, renamed) == ['sheet "Budget"']
    assert compare(BASE, renamed).hunks[0].change == SheetChange("Budget", "Plan 2")
    grown = done(BASE, add_sheet(BASE, "New"))
    assert compare(BASE, grown).hunks[0].change == SheetChange(None, "New")
    without = done(BASE, delete_sheet(BASE, 0))
    assert [hunk.change for hunk in compare(BASE, without).hunks] == [SheetChange("Budget", None)]


def test_a_sheet_renamed_like_one_that_is_kept_gets_a_name_of_its_own() -> None:
    after = Workbook("W", (Sheet("Year", BASE.sheets[0].cells),))
    comparison = compare(BASE, after)
    for number in range(len(comparison.hunks)):
        content = comparison.accepted([number])
        assert isinstance(content, Workbook)
        names = [sheet.name.casefold() for sheet in content.sheets]
        assert len(set(names)) == len(names)


def test_sheets_in_another_order_are_one_hunk() -> None:
    (hunk,) = compare(BASE, Workbook("W", BASE.sheets[::-1])).hunks
    assert (hunk.where, hunk.change) == (
        "order of the sheets",
        OrderChange(("Budget", "Year"), ("Year", "Budget")),
    )


def test_number_formats_freeze_and_widths_are_hunks_of_their_own() -> None:
    sheet = BASE.sheets[0]
    cells = {
        at: Cell(cell.text, cell.number, "#,##0.00") if at[0] and at[1] else cell for at, cell in sheet.cells.items()
    }
    after = Workbook("W", (Sheet("Budget", cells, frozen_rows=1, widths={1: 14.5}), BASE.sheets[1]))
    comparison = compare(BASE, after)
    assert [(hunk.where, hunk.before, hunk.after) for hunk in comparison.hunks] == [
        ('sheet "Budget" freeze', "none", "1 rows"),
        ("Budget!column B width", "auto", "14.5"),
        ("Budget!B2:C5 format", "General", "#,##0.00"),
    ]
    assert [hunk.change for hunk in comparison.hunks] == [
        FreezeChange("Budget", (0, 0), (1, 0)),
        WidthChange("Budget", 1, 1, None, 14.5),
        FormatChange("Budget", Block(1, 1, 4, 2), Block(1, 1, 4, 2), None, "#,##0.00"),
    ]


def test_what_is_frozen_and_wide_follows_a_column_put_in_before_it() -> None:
    sheet = Sheet("S", {(0, 0): Cell("a"), (0, 1): Cell("b")}, frozen_columns=1, widths={1: 20.0})
    before = Workbook("W", (sheet,))
    after = done(before, insert_lines(before, 0, 0, 1, False))
    assert wheres(before, after) == ["S!column A"]


def test_a_cell_that_is_another_number_though_it_reads_alike_is_told() -> None:
    before = Workbook("W", (Sheet("S", {(0, 0): Cell("1,240", 1240)}),))
    after = Workbook("W", (Sheet("S", {(0, 0): Cell("1,240", 1.24)}),))
    assert [(hunk.before, hunk.after) for hunk in compare(before, after).hunks] == [("1,240 (1240)", "1,240 (1.24)")]


def test_changes_at_different_places_both_survive_with_their_formulas() -> None:
    grown = done(BASE, insert_lines(BASE, 0, 4, 1, True))
    model = compare(BASE, put(grown, {"A5": "Lamp", "B5": "40", "C5": "=B5*1.19", "B6": "=SUM(B2:B5)"}))
    mine = put(done(BASE, delete_lines(BASE, 0, 1, 1, True)), {"B2": "6"})
    result = fitted(model, mine)
    assert result.unplaced == ()
    expected = (
        ("Item", "Net", "Gross"),
        ("Pens", "6", "=B2*1.19"),
        ("Ink", "7", "=B3*1.19"),
        ("Lamp", "40", "=B4*1.19"),
        ("Total", "=SUM(B2:B4)", "=SUM(C2:C3)"),
    )
    assert texts(result.content) == texts(Workbook("W", (sheet_of("Budget", expected),)))


def test_a_cell_changed_by_both_stays_as_the_user_has_it_and_is_told() -> None:
    model = compare(BASE, put(BASE, {"B2": "120", "B3": "6"}))
    result = fitted(model, put(BASE, {"B2": "130"}))
    assert (texts(result.content)["B2"], texts(result.content)["B3"]) == ("130", "6")
    assert [hunk.where for hunk in result.unplaced] == ["Budget!B2"]


def test_a_formula_whose_cells_the_user_took_out_is_told_as_unplaced() -> None:
    model = compare(BASE, put(BASE, {"C2": "=B3*2"}))
    mine = done(BASE, delete_lines(BASE, 0, 2, 1, True))
    result = fitted(model, mine)
    assert result.content == mine
    assert [hunk.where for hunk in result.unplaced] == ["Budget!C2"]


def test_formats_of_a_range_are_taken_though_the_user_typed_into_it() -> None:
    cells = {at: Cell(c.text, c.number, "0.00") if c.number else c for at, c in BASE.sheets[0].cells.items()}
    model = compare(BASE, Workbook("W", (Sheet("Budget", cells), BASE.sheets[1])))
    result = fitted(model, put(BASE, {"B3": "6"}))
    assert result.unplaced == ()
    assert isinstance(result.content, Workbook)
    assert result.content.sheets[0].cells[2, 1] == Cell("6", 6, "0.00")


def test_a_sheet_the_user_changed_is_not_removed_and_one_he_removed_stays_away() -> None:
    model = compare(BASE, put(done(BASE, delete_sheet(BASE, 1)), {"B2": "120"}))
    mine = put(BASE, {"A1": "All"}, sheet=1)
    result = fitted(model, mine)
    assert result.content == put(mine, {"B2": "120"})
    assert [hunk.where for hunk in result.unplaced] == ['sheet "Year"']
    gone = fitted(compare(BASE, put(BASE, {"A1": "All"}, sheet=1)), done(BASE, delete_sheet(BASE, 1)))
    assert gone.content == done(BASE, delete_sheet(BASE, 1))
    assert len(gone.unplaced) == 1


@pytest.mark.load
def test_of_sheets_with_few_cells_far_apart_only_the_cells_are_compared() -> None:
    far = {(0, 0): Cell("a"), (1_048_575, 16_383): Cell("b")}
    with ends_within(60):  # going through all places between them would take hours
        assert wheres(
            Workbook("W", (Sheet("S", far),)),
            Workbook("W", (Sheet("S", far | {(5, 5): Cell("x")}),)),
        ) == ["S!F6"]


def test_rows_sorted_are_one_hunk_and_their_formulas_move_with_them() -> None:
    rows = (GRID[0], ("Desk", "5", "=B2*1.19"), ("Ink", "7", "=B3*1.19"), ("Rent", "100", "=B4*1.19"), GRID[4])
    before = Workbook("W", (sheet_of("Budget", (GRID[0], GRID[1], GRID[3], ("Desk", "5", "=B4*1.19"), GRID[4])),))
    before = put(before, {"C3": "=B3*1.19"})
    after = Workbook("W", (sheet_of("Budget", rows),))
    comparison = compare(before, after)
    (hunk,) = comparison.hunks
    assert hunk.where == 'sheet "Budget" order of the rows'
    assert hunk.change == RowsOrderChange("Budget", Span(1, 4), Span(1, 4), is_move=False)
    assert hunk.after == "Desk\t5\t=B2*1.19\nInk\t7\t=B3*1.19\nRent\t100\t=B4*1.19"


def test_a_row_that_moved_is_one_hunk_and_a_cell_beside_it_can_be_taken_alone() -> None:
    rows = (GRID[0], GRID[2], GRID[3], GRID[1])
    moved = tuple(
        (name, net, f"=B{place}*1.19" if place > 1 else last) for place, (name, net, last) in enumerate(rows, 1)
    )
    after = put(Workbook("W", (sheet_of("Budget", (*moved, GRID[4])), BASE.sheets[1])), {"B2": "6"})
    comparison = compare(BASE, after)
    assert [hunk.where for hunk in comparison.hunks] == ["Budget!row 2 moved", "Budget!B2"]
    assert comparison.accepted([1]) == put(BASE, {"B3": "6"})
    taken = texts(comparison.accepted([0]))
    assert (taken["A4"], taken["C4"], taken["B2"], taken["B5"]) == ("Rent", "=B4*1.19", "5", "=SUM(B2:B4)")


def test_rows_whose_formulas_would_lose_what_they_mean_are_told_as_gone_and_come() -> None:
    before = Workbook("W", (sheet_of("S", (("a", "1"), ("b", "2"), ("c", "=B1"))),))
    after = Workbook("W", (sheet_of("S", (("c", "=B2"), ("a", "1"), ("b", "2"))),))
    comparison = compare(before, after)
    assert not any(isinstance(hunk.change, RowsOrderChange) for hunk in comparison.hunks)
    assert comparison.accepted(range(len(comparison.hunks))) == after


def test_a_sort_fits_a_sheet_whose_cells_the_user_changed_meanwhile() -> None:
    rows = (GRID[0], GRID[3], GRID[2], GRID[1])
    turned = tuple(
        (name, net, f"=B{place}*1.19" if place > 1 else last) for place, (name, net, last) in enumerate(rows, 1)
    )
    model = compare(BASE, Workbook("W", (sheet_of("Budget", (*turned, GRID[4])), BASE.sheets[1])))
    result = fitted(model, put(BASE, {"B2": "120", "C3": "=B3*1.07"}))
    assert result.unplaced == ()
    found = texts(result.content)
    assert [found[at] for at in ("A2", "B4", "C4", "C3", "C5")] == ["Ink", "120", "=B4*1.19", "=B3*1.07", "=SUM(C2:C4)"]


def test_rows_both_put_below_the_last_one_stand_there_both() -> None:
    base = Workbook("W", (sheet_of("S", GRID[:3]),))
    model = compare(base, Workbook("W", (sheet_of("S", (*GRID[:3], ("Lamp", "40", "=B4*1.19"))),)))
    result = fitted(model, Workbook("W", (sheet_of("S", (*GRID[:3], ("Desk", "9", "=B4*1.19"))),)))
    assert result.unplaced == ()
    found = texts(result.content)
    assert [found[at] for at in ("A4", "C4", "A5", "C5")] == ["Desk", "=B4*1.19", "Lamp", "=B5*1.19"]
