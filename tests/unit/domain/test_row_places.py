from __future__ import annotations

import pytest

from forgeapp.domain.row_places import place_after, sheet_cell_after, table_cell_after
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Sheet
from forgeapp.domain.workbook_edits import typed_cell


@pytest.mark.parametrize(
    ("before", "after", "place", "found"),
    [
        ("abcd", "xabcd", 2, 3),
        ("abcd", "bcd", 2, 1),
        ("abcd", "abcd!", 3, 3),
        ("abcd", "dcba", 0, 3),
        ("abcd", "aBcd", 1, 1),
        ("abcd", "xaBcd", 1, None),
        ("abcd", "acd", 1, None),
        ("abab", "baba", 2, 3),
        ("aab", "bxa", 0, None),
        ("abcd", "abcdef", 4, 6),
        ("", "abc", 0, 3),
    ],
)
def test_a_place_is_followed_by_what_stands_there(before: str, after: str, place: int, found: int | None) -> None:
    assert place_after(before, after, place) == found


def test_a_cell_is_followed_through_other_rows_and_columns() -> None:
    before = Table(None, ("A", "B"), (("1", "2"), ("3", "4"), ("5", "6")))
    after = Table(None, ("New", "A", "B"), (("", "0", "0"), ("", "1", "2"), ("", "3", "4"), ("", "5", "6")))
    assert table_cell_after(before, after, 1, 1) == (2, 2)
    assert table_cell_after(after, before, 2, 0) is None
    assert table_cell_after(before, after, 3, 0) == (4, 1)


def test_a_sheets_cell_is_followed_though_its_formulas_are_written_anew() -> None:
    def sheet(rows: list[list[str]]) -> Sheet:
        cells = {(r, c): cell for r, row in enumerate(rows) for c, text in enumerate(row) if (cell := typed_cell(text))}
        return Sheet("S", cells)

    before = sheet([["Name", "Sum"], ["Ada", "=B9*2"], ["Bo", "=B10*2"]])
    after = sheet([["Crew"], ["Name", "Sum"], ["Ada", "=B10*2"], ["Bo", "=B11*2"]])
    assert sheet_cell_after(before, after, (2, 1)) == (3, 1)
    assert sheet_cell_after(before, after, (7, 5)) == (8, 5)
