from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.line_edits import delete_lines, insert_lines
from forgeapp.domain.references import Lines, with_lines_deleted, with_lines_inserted
from forgeapp.domain.workbook import MAX_ROWS, Cell, Sheet, Workbook, address, position


def rows(first: int, count: int = 1, sheet: str = "S") -> Lines:
    return Lines(sheet, first, count, True)


def columns(first: int, count: int = 1, sheet: str = "S") -> Lines:
    return Lines(sheet, first, count, False)


@pytest.mark.parametrize(
    ("formula", "lines", "after"),
    [
        ("=A1+A3", rows(1), "=A1+A4"),
        ("=SUM(A1:A3)", rows(1, 2), "=SUM(A1:A5)"),
        ("=SUM(A1:A3)", rows(3), "=SUM(A1:A3)"),
        ("=SUM(A1:A3)", rows(0), "=SUM(A2:A4)"),
        ("=$A$3*A$3", rows(1), "=$A$4*A$4"),
        ("=SUM(A:A)+SUM(2:2)", rows(0), "=SUM(A:A)+SUM(3:3)"),
        ("=SUM(1:1048576)", rows(3), "=SUM(1:1048576)"),
        ("=A1048576", rows(5), "=#REF!"),
        ("=B1+SUM(B:D)", columns(1), "=C1+SUM(C:E)"),
        ("=S!A3+'s'!A3+Other!A3", rows(1), "=S!A4+'s'!A4+Other!A3"),
        ('=INDIRECT("A3")&A3', rows(1), '=INDIRECT("A3")&A4'),
        ("=A3#", rows(1), "=A4#"),
        ("=LOG10(A2)", rows(1), "=LOG10(A3)"),
        ("=SUM(A3:A1)", rows(1), "=SUM(A4:A1)"),
    ],
)
def test_references_follow_lines_that_are_put_in(formula: str, lines: Lines, after: str) -> None:
    assert with_lines_inserted(formula, lines, "S") == after


@pytest.mark.parametrize(
    ("formula", "lines", "after"),
    [
        ("=A1+A3", rows(1), "=A1+A2"),
        ("=A2", rows(1), "=#REF!"),
        ("=SUM(A1:A5)", rows(1, 2), "=SUM(A1:A3)"),
        ("=SUM(A2:A5)", rows(0, 3), "=SUM(A1:A2)"),
        ("=SUM(A2:A5)", rows(3, 9), "=SUM(A2:A3)"),
        ("=SUM(A2:A3)", rows(1, 2), "=SUM(#REF!)"),
        ("=SUM($A$1:$A$5)", rows(4), "=SUM($A$1:$A$4)"),
        ("=SUM(B:D)", columns(2), "=SUM(B:C)"),
        ("=SUM(B:B)", columns(1), "=SUM(#REF!)"),
        ("=SUM(A:A)", rows(0, 5), "=SUM(A:A)"),
        ("=SUM(1:1048576)", rows(0, 5), "=SUM(1:1048576)"),
        ("=S!A2&T!A2", rows(1), "=#REF!&T!A2"),
    ],
)
def test_references_follow_lines_that_are_taken_out(formula: str, lines: Lines, after: str) -> None:
    assert with_lines_deleted(formula, lines, "S") == after


def test_a_formula_on_another_sheet_follows_only_what_names_the_sheet() -> None:
    assert with_lines_inserted("=A3+S!A3+'Not S'!A3", rows(0), "T") == "=A3+S!A4+'Not S'!A3"


def book() -> Workbook:
    costs = Sheet(
        "Costs",
        {
            position("A1"): Cell("Item"),
            position("B2"): Cell("10", 10),
            position("B3"): Cell("20", 20),
            position("B4"): Cell("=SUM(B2:B3)"),
        },
        frozen_rows=1,
        frozen_columns=1,
        widths={0: 20.0, 1: 9.0},
    )
    return Workbook("Budget", (costs, Sheet("Year", {(0, 0): Cell("=Costs!B4*12")})))


def written(workbook: Workbook, sheet: int = 0) -> dict[str, str]:
    return {address(at): cell.text for at, cell in sorted(workbook.sheets[sheet].cells.items())}


def test_a_row_put_in_moves_cells_and_all_sheets_follow() -> None:
    change = insert_lines(book(), 0, 2, 1, True)
    assert change is not None
    after = change.forward(book())
    assert written(after) == {"A1": "Item", "B2": "10", "B4": "20", "B5": "=SUM(B2:B4)"}
    assert written(after, 1) == {"A1": "=Costs!B5*12"}
    assert change.backward(after) == book()


def test_a_column_taken_out_takes_its_width_and_what_was_frozen() -> None:
    change = delete_lines(book(), 0, 0, 1, False)
    assert change is not None
    after = change.forward(book())
    assert written(after) == {"A2": "10", "A3": "20", "A4": "=SUM(A2:A3)"}
    assert (after.sheets[0].widths, after.sheets[0].frozen_columns, after.sheets[0].column_count) == ({0: 9.0}, 0, 1)
    assert change.backward(after) == book()


def test_cells_are_never_pushed_off_the_sheet() -> None:
    full = Workbook(None, (Sheet("S", {(MAX_ROWS - 1, 0): Cell("last")}),))
    with pytest.raises(ValueError, match="beyond"):
        insert_lines(full, 0, 0, 1, True)


def test_lines_beyond_all_that_is_used_change_nothing() -> None:
    assert delete_lines(book(), 0, 50, 2, True) is None
    assert insert_lines(book(), 0, 50, 2, True) is None


CORNERS = st.tuples(st.integers(0, 9), st.integers(0, 5))
REFERENCES = st.one_of(
    CORNERS.map(address), st.tuples(CORNERS, CORNERS).map(lambda pair: f"{address(pair[0])}:{address(pair[1])}")
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(CORNERS, st.one_of(REFERENCES.map("=SUM({})".format), st.just("7")), max_size=12),
    st.integers(0, 11),
    st.integers(1, 4),
    st.booleans(),
    st.booleans(),
)
def test_lines_put_in_or_taken_out_are_undone_exactly(
    texts: dict[tuple[int, int], str], first: int, count: int, are_rows: bool, is_insertion: bool
) -> None:
    cells = {at: Cell(text, None if text[0] == "=" else 7) for at, text in texts.items()}
    before = Workbook(None, (Sheet("S", cells, frozen_rows=2, frozen_columns=1, widths={1: 4.0}), Sheet("T", cells)))
    change = (insert_lines if is_insertion else delete_lines)(before, 0, first, count, are_rows)
    if change is not None:
        after = change.forward(before)
        assert change.backward(after) == before
        assert all(row >= 0 and column >= 0 for row, column in after.sheets[0].cells)
        if is_insertion:
            back = delete_lines(after, 0, first, count, are_rows)
            assert back is not None
            assert back.forward(after) == before
