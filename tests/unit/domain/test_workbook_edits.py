from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forgeapp.domain.content import from_json, to_json
from forgeapp.domain.dates import serial_of
from forgeapp.domain.line_edits import delete_lines, insert_lines
from forgeapp.domain.number_look import LOOKS, NumberLook
from forgeapp.domain.workbook import MAX_FORMULA_CHARS, MAX_ROWS, Cell, Hidden, Sheet, Workbook
from forgeapp.domain.workbook_edits import (
    Change,
    add_sheet,
    change_layout,
    delete_sheet,
    duplicate_sheet,
    edit_text,
    fill_down,
    fill_right,
    hide_sheet,
    layout_of,
    move_cells,
    move_sheet,
    put_cells,
    rename_sheet,
    resize_column,
    typed_cell,
)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Rent", Cell("Rent")),
        ("  1450 ", Cell("1450", 1450)),
        ("1,240.50", Cell("1,240.50", 1240.5, "#,##0.00")),
        ("12%", Cell("12%", 0.12, "0%")),
        ("$1,200", Cell("$1,200", 1200, '"$"#,##0')),
        ("2024-01-15", Cell("2024-01-15", serial_of("2024-01-15"), "yyyy-mm-dd")),
        ("=SUM(B2:B6)", Cell("=SUM(B2:B6)")),
        ("=SUMME(B2;0,5)", Cell("=SUM(B2,0.5)")),
        ("=", Cell("=")),
        ("00123", Cell("00123")),
        ("true", Cell("TRUE")),
        ("'12", Cell("12")),
        ("'=A1", Cell("=A1", None, "@")),
        ("", None),
        ("'", None),
        ("   ", None),
    ],
)
def test_what_is_typed_becomes_the_cell_a_reply_would_give(text: str, cell: Cell | None) -> None:
    assert typed_cell(text) == cell


def test_a_decimal_comma_is_read_where_the_workbook_writes_it() -> None:
    assert typed_cell("1.240,50", look=LOOKS["comma"]) == Cell("1.240,50", 1240.5, "#,##0.00")


def test_a_date_is_typed_as_the_country_writes_it() -> None:
    assert typed_cell("31.12.2026", look=LOOKS["comma"]) == Cell("2026-12-31", 46387, "dd.mm.yyyy")
    assert typed_cell("31/12/2026", look=LOOKS["space"]) == Cell("2026-12-31", 46387, "dd\\/mm\\/yyyy")
    assert typed_cell("31.12.2026", Cell("2026-01-01", 46023, "d. mmmm yyyy"), LOOKS["comma"]) == Cell(
        "2026-12-31", 46387, "d. mmmm yyyy"
    )
    assert typed_cell("31.02.2026", look=LOOKS["comma"]) == Cell("31.02.2026")
    assert typed_cell("12/31/2026") == Cell("12/31/2026")


def test_what_is_edited_stands_in_the_look_of_the_sheet() -> None:
    assert edit_text(Cell("1234.5", 1234.5, "#,##0.00"), LOOKS["comma"]) == "1234,5"
    assert edit_text(Cell("12.5%", 0.125, "0.0%"), LOOKS["comma"]) == "12,5%"
    assert edit_text(Cell("1.234,50 €", 1234.5, '#,##0.00 "€"'), LOOKS["comma"]) == "1.234,50 €"
    assert edit_text(Cell("1.234,50 €", 1234.5, '#,##0.00 "€"'), LOOKS["point"]) == "1234.5"
    assert edit_text(Cell("2026-12-31", 46387, "dd.mm.yyyy"), LOOKS["comma"]) == "31.12.2026"
    assert edit_text(Cell("2026-12-31", 46387, "yyyy-mm-dd"), LOOKS["comma"]) == "2026-12-31"
    assert edit_text(Cell("2026-12-31", 46387, "d mmm yyyy"), LOOKS["point"]) == "2026-12-31"


def test_a_number_takes_over_the_format_of_the_number_it_replaces() -> None:
    money = Cell("€1,450.00", 1450, '"€"#,##0.00')
    assert typed_cell("1500", money) == Cell("1500", 1500, '"€"#,##0.00')
    assert typed_cell("1,500", money) == Cell("1,500", 1500, '"€"#,##0.00')
    assert typed_cell("15%", money) == Cell("15%", 0.15, "0%")
    assert typed_cell("none", money) == Cell("none")


def test_a_plain_number_typed_over_a_percentage_is_one() -> None:
    percentage = Cell("12%", 0.12, "0%")
    assert typed_cell("15", percentage) == Cell("15%", 0.15, "0%")
    assert typed_cell("0.15", percentage) == Cell("0.15", 0.15, "0%")


def test_a_formula_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="formula"):
        typed_cell("=" + "1+" * MAX_FORMULA_CHARS + "1")


def test_text_that_looks_like_a_formula_is_text_and_survives_storage() -> None:
    cell = typed_cell("'=SUM(A1)")
    assert cell is not None
    assert not cell.is_formula
    workbook = Workbook("W", (Sheet("S", {(0, 0): cell}),))
    assert from_json(to_json(workbook)) == workbook


numbers = st.one_of(st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9).map(lambda number: round(number, 4)))
formats = st.sampled_from([None, "0%", "0.0%", "#,##0.00", '"$"#,##0', "yyyy-mm-dd", "dd.mm.yyyy"])
cells = st.one_of(
    st.text(min_size=1, max_size=12).map(str.strip).filter(bool).map(Cell),
    st.builds(Cell, st.sampled_from(["=A1+1", "=SUM(B2:C4)", "=Data!A1", "='Data'!A1:B2*2", "=1/0", "=$A1+B$2"])),
    st.builds(lambda number, code: Cell(str(number), number, code), numbers, formats),
)


@given(cells, st.sampled_from([*LOOKS.values()]))
@example(Cell("'quoted"), LOOKS["point"])
@example(Cell("true"), LOOKS["point"])
@example(Cell("12"), LOOKS["point"])
@example(Cell("31.12.2026"), LOOKS["comma"])
def test_the_text_offered_for_editing_gives_the_same_cell_again(cell: Cell, look: NumberLook) -> None:
    again = typed_cell(edit_text(cell, look), cell, look)
    assert again is not None
    assert again.is_formula == cell.is_formula
    if cell.number is None:
        assert (again.text, again.number) == (cell.text, None)
    else:
        assert again.number == pytest.approx(cell.number, rel=1e-12)


positions = st.tuples(st.integers(0, 6), st.integers(0, 4))
sheets = st.builds(
    Sheet,
    st.just("Sheet"),
    st.dictionaries(positions, cells, max_size=8),
    row_count=st.integers(0, 9),
    column_count=st.integers(0, 9),
)


@st.composite
def workbooks(draw: st.DrawFn) -> Workbook:
    names = draw(st.permutations(["Data", "Year", "It's"]))
    count = draw(st.integers(1, 3))
    made = [draw(sheets) for _ in range(count)]
    return Workbook(
        "W",
        tuple(
            Sheet(name, sheet.cells, row_count=sheet.row_count, column_count=sheet.column_count)
            for name, sheet in zip(names[:count], made, strict=True)
        ),
    )


def an_edit(draw: st.DrawFn, workbook: Workbook) -> Change | None:
    place = draw(st.integers(0, len(workbook.sheets) - 1))
    block = sorted([draw(st.integers(0, 6)), draw(st.integers(0, 6))]), sorted([draw(st.integers(0, 4)) for _ in "ab"])
    corners = block[0][0], block[1][0], block[0][1], block[1][1]
    sheet = workbook.sheets[place]
    match draw(st.sampled_from(["put", "down", "right", "width", "header", "add", "rename", "delete"])):
        case "put":
            return put_cells(workbook, place, draw(st.dictionaries(positions, st.none() | cells, max_size=4)))
        case "down":
            return put_cells(workbook, place, fill_down(sheet, *corners))
        case "right":
            return put_cells(workbook, place, fill_right(sheet, *corners))
        case "width":
            return resize_column(workbook, place, draw(st.integers(0, 4)), draw(st.none() | st.floats(1, 99)))
        case "header":
            return change_layout(workbook, place, layout_of(sheet)._replace(has_header=draw(st.booleans())))
        case "add":
            return add_sheet(workbook, draw(st.text(max_size=5)), draw(st.integers(0, len(workbook.sheets))))
        case "rename":
            return rename_sheet(workbook, place, draw(st.sampled_from(["Data", "Year", "B2", "New name", " "])))
        case _:
            return delete_sheet(workbook, place) if len(workbook.sheets) > 1 else None


@given(workbooks(), st.data())
def test_any_edits_undone_give_the_first_workbook_and_redone_the_last(first: Workbook, data: st.DataObject) -> None:
    workbook, done = first, list[Change]()
    for _ in range(data.draw(st.integers(1, 8))):
        change = an_edit(data.draw, workbook)
        if change is not None:
            workbook = change.forward(workbook)
            done.append(change)
    last = workbook
    for change in reversed(done):
        workbook = change.backward(workbook)
    assert workbook == first
    for change in done:
        workbook = change.forward(workbook)
    assert workbook == last


@given(workbooks(), st.data())
def test_an_edited_sheet_is_as_large_as_one_made_anew(workbook: Workbook, data: st.DataObject) -> None:
    for _ in range(4):
        change = an_edit(data.draw, workbook)
        workbook = change.forward(workbook) if change else workbook
    for sheet in workbook.sheets:
        again = Sheet(
            sheet.name,
            sheet.cells,
            sheet.has_header,
            sheet.frozen_rows,
            sheet.frozen_columns,
            sheet.widths,
            sheet.row_count,
            sheet.column_count,
        )
        assert again == sheet


def two_sheets() -> Workbook:
    data = Sheet("Data", {(0, 0): Cell("5", 5), (1, 0): Cell("=A1*2")})
    year = Sheet("Year", {(0, 0): Cell("=SUM(Data!A1:A2)+A2"), (1, 0): Cell('="Data!"&Data!$A$1')})
    return Workbook("W", (data, year))


def test_formulas_follow_a_renamed_sheet() -> None:
    change = rename_sheet(two_sheets(), 0, "Plan 2027")
    assert change is not None
    renamed = change.forward(two_sheets())
    assert [sheet.name for sheet in renamed.sheets] == ["Plan 2027", "Year"]
    assert renamed.sheets[1].cells[0, 0].text == "=SUM('Plan 2027'!A1:A2)+A2"
    assert renamed.sheets[1].cells[1, 0].text == "=\"Data!\"&'Plan 2027'!$A$1"


def test_a_new_name_is_made_valid_and_unique() -> None:
    change = rename_sheet(two_sheets(), 0, "year")
    assert change is not None
    assert change.forward(two_sheets()).sheets[0].name == "year (2)"
    assert rename_sheet(two_sheets(), 0, "  ") is None
    assert rename_sheet(two_sheets(), 0, "Data") is None


def test_a_deleted_sheet_leaves_ref_errors() -> None:
    left = delete_sheet(two_sheets(), 0).forward(two_sheets())
    assert [sheet.name for sheet in left.sheets] == ["Year"]
    assert left.sheets[0].cells[0, 0].text == "=SUM(#REF!)+A2"
    assert left.sheets[0].cells[1, 0].text == '="Data!"&#REF!'


def test_filling_down_moves_relative_references_only() -> None:
    sheet = Sheet("S", {(1, 2): Cell("=A2*$B$1", None, "0.00"), (0, 2): Cell("Total")})
    assert fill_down(sheet, 1, 2, 3, 2) == {
        (2, 2): Cell("=A3*$B$1", None, "0.00"),
        (3, 2): Cell("=A4*$B$1", None, "0.00"),
    }
    assert fill_down(sheet, 2, 2, 2, 2) == {(2, 2): Cell("=A3*$B$1", None, "0.00")}
    assert fill_down(sheet, 0, 0, 0, 3) == {}


def test_filling_right_copies_blanks_too() -> None:
    sheet = Sheet("S", {(0, 0): Cell("=A$2"), (1, 1): Cell("gone")})
    assert fill_right(sheet, 0, 0, 1, 1) == {(0, 1): Cell("=B$2"), (1, 1): None}


def test_cells_beyond_the_grid_are_left_out() -> None:
    assert put_cells(two_sheets(), 0, {(MAX_ROWS, 0): Cell("x"), (-1, 0): Cell("x")}) is None


def moving() -> Workbook:
    first = {(1, 1): Cell("2", 2), (2, 1): Cell("=B2+A1"), (3, 1): Cell("=SUM(B2:B3)"), (1, 3): Cell("old")}
    return Workbook(None, (Sheet("S", first), Sheet("T", {(0, 0): Cell("=S!B2"), (5, 5): Cell("=S!D2")})))


def test_moved_cells_take_the_references_of_all_sheets_along() -> None:
    before = moving()
    change = move_cells(before, 0, (1, 1, 2, 1), 0, (1, 3))
    assert change is not None
    after = change.forward(before)
    assert {at: cell.text for at, cell in after.sheets[0].cells.items()} == {
        (1, 3): "2",
        (2, 3): "=D2+A1",
        (3, 1): "=SUM(D2:D3)",
    }
    assert {at: cell.text for at, cell in after.sheets[1].cells.items()} == {(0, 0): "=S!D2", (5, 5): "=#REF!"}
    assert change.backward(after) == before


def test_cells_moved_to_another_sheet_still_mean_the_same() -> None:
    before = moving()
    change = move_cells(before, 0, (1, 1, 2, 1), 1, (0, 0))
    assert change is not None
    after = change.forward(before)
    assert after.sheets[1].cells[1, 0] == Cell("=A1+S!A1")
    assert after.sheets[0].cells[3, 1] == Cell("=SUM(T!A1:A2)")
    assert (1, 1) not in after.sheets[0].cells
    assert change.backward(after) == before


def test_cells_move_over_part_of_where_they_stood() -> None:
    before = moving()
    change = move_cells(before, 0, (1, 1, 2, 1), 0, (2, 1))
    assert change is not None
    after = change.forward(before)
    assert [after.sheets[0].cells.get((row, 1)) for row in (1, 2, 3)] == [None, Cell("2", 2), Cell("=B3+A1")]
    assert change.backward(after) == before


def test_cells_are_not_moved_off_the_grid() -> None:
    assert move_cells(moving(), 0, (1, 1, 2, 1), 0, (1, 1)) is None
    with pytest.raises(ValueError, match="beyond"):
        move_cells(moving(), 0, (1, 1, 2, 1), 0, (MAX_ROWS - 1, 0))


def test_a_duplicated_sheet_refers_to_itself_where_the_first_did() -> None:
    first = Sheet("Jan", {(0, 0): Cell("5", 5), (1, 0): Cell("=A1*2"), (2, 0): Cell("=Jan!A2+Year!A1")})
    before = Workbook(None, (first, Sheet("Year", {(0, 0): Cell("=Jan!A2")})))
    change = duplicate_sheet(before, 0, "Jan")
    after = change.forward(before)
    assert [sheet.name for sheet in after.sheets] == ["Jan", "Jan (2)", "Year"]
    assert [cell.text for cell in after.sheets[1].cells.values()] == ["5", "=A1*2", "='Jan (2)'!A2+Year!A1"]
    assert after.sheets[0] == first
    assert change.backward(after) == before


def test_a_moved_sheet_stands_elsewhere_and_goes_back() -> None:
    before = Workbook(None, tuple(Sheet(name) for name in "ABCD"))
    change = move_sheet(before, 0, 2)
    assert change is not None
    after = change.forward(before)
    assert "".join(sheet.name for sheet in after.sheets) == "BCAD"
    assert change.backward(after) == before
    assert move_sheet(before, 3, 9) is None


def test_what_is_hidden_and_filtered_goes_where_its_rows_and_columns_go() -> None:
    sheet = Sheet(
        "A",
        {(9, 9): Cell("x")},
        hidden=Hidden(rows=frozenset({2, 5}), columns=frozenset({3})),
        filter=(1, 0, 6, 4),
    )
    book = Workbook(None, (sheet,))
    for count, are_rows, rows, columns, over in (
        (2, True, {4, 7}, {3}, (3, 0, 8, 4)),
        (1, False, {2, 5}, {4}, (1, 1, 6, 5)),
    ):
        change = insert_lines(book, 0, 0, count, are_rows)
        assert change is not None
        after = change.forward(book).sheets[0]
        assert (after.hidden.rows, after.hidden.columns, after.filter) == (rows, columns, over)
        assert change.backward(change.forward(book)) == book
    for first, count, are_rows, rows, columns, over in (
        (2, 2, True, {3}, {3}, (1, 0, 4, 4)),
        (1, 1, True, {1, 4}, {3}, None),
        (3, 3, False, {2, 5}, set(), (1, 0, 6, 2)),
        (0, 5, False, {2, 5}, set(), None),
    ):
        change = delete_lines(book, 0, first, count, are_rows)
        assert change is not None
        after = change.forward(book).sheets[0]
        assert (after.hidden.rows, after.hidden.columns, after.filter) == (rows, columns, over)
        assert change.backward(change.forward(book)) == book


def test_the_last_sheet_in_sight_is_not_hidden() -> None:
    book = Workbook(None, (Sheet("A"), Sheet("B")))
    change = hide_sheet(book, 1, True)
    assert change is not None
    hidden = change.forward(book)
    assert [sheet.name for sheet in hidden.hidden_sheets] == ["B"]
    assert hide_sheet(hidden, 0, True) is None
    assert change.backward(hidden) == book


def test_a_change_of_a_sheet_s_layout_leaves_the_very_cells() -> None:
    cells = {(0, 0): Cell("Net"), (1, 0): Cell("7", 7)}
    workbook = Workbook("W", (Sheet("S", cells),))
    change = resize_column(workbook, 0, 0, 20)
    assert change is not None
    after = change.forward(workbook)
    assert after.sheets[0].widths == {0: 20}
    assert after.sheets[0].cells is cells
    assert change.backward(after) == workbook
