from __future__ import annotations

import pytest

from forgeapp.domain.dates import serial_of
from forgeapp.domain.number_look import ENGLISH, LOOKS, NumberLook
from forgeapp.domain.series import Area, drawn_out
from forgeapp.domain.workbook import Cell, Sheet
from forgeapp.domain.workbook_edits import typed_cell


def drawn(texts: list[str], more: int, look: NumberLook = ENGLISH) -> list[str]:
    """The texts that follow when a column is drawn down, or up where `more` is negative."""
    cells = {(row + 20, 0): cell for row, text in enumerate(texts) if (cell := typed_cell(text, None, look))}
    source = Area(20, 0, 19 + len(texts), 0)
    target = Area(min(20 + more, 20), 0, max(19 + len(texts), 19 + len(texts) + more), 0)
    found = drawn_out(Sheet("S", cells), source, target, look)
    return [cell.text if (cell := found[at]) else "" for at in sorted(found)]


@pytest.mark.parametrize(
    ("texts", "more", "after"),
    [
        (["1", "2"], 2, ["3", "4"]),
        (["10", "7"], 2, ["4", "1"]),
        (["0.1", "0.2"], 3, ["0.3", "0.4", "0.5"]),
        (["5"], 2, ["5", "5"]),
        (["1", "2", "4"], 3, ["1", "2", "4"]),
        (["10%", "20%"], 1, ["30%"]),
        (["Jan"], 3, ["Feb", "Mar", "Apr"]),
        (["NOV"], 3, ["DEC", "JAN", "FEB"]),
        (["Monday", "Wednesday"], 2, ["Friday", "Sunday"]),
        (["März"], 1, ["April"]),
        (["Q3"], 3, ["Q4", "Q1", "Q2"]),
        (["Item 9"], 2, ["Item 10", "Item 11"]),
        (["A-008"], 3, ["A-009", "A-010", "A-011"]),
        (["2024-02-28"], 2, ["2024-02-29", "2024-03-01"]),
        (["2024-01-31", "2024-02-29"], 2, ["2024-03-31", "2024-04-30"]),
        (["2024-01-15", "2024-04-15"], 2, ["2024-07-15", "2024-10-15"]),
        (["2024-01-01", "2024-01-08"], 1, ["2024-01-15"]),
        (["Rent", "Wages"], 3, ["Rent", "Wages", "Rent"]),
        (["=A20*2"], 2, ["=A21*2", "=A22*2"]),
        (["=$A$1+B1", "x"], 3, ["=$A$1+B3", "x", "=$A$1+B5"]),
        (["1", "2"], -2, ["-1", "0"]),
        (["Mar"], -2, ["Jan", "Feb"]),
        (["", ""], 1, [""]),
    ],
)
def test_cells_drawn_out_are_carried_on(texts: list[str], more: int, after: list[str]) -> None:
    assert drawn(texts, more) == after


def test_numbers_keep_the_workbooks_decimal_mark() -> None:
    assert drawn(["1,5", "2"], 1, LOOKS["comma"]) == ["2,5"]


def test_text_that_only_looks_like_a_formula_is_repeated_as_it_is() -> None:
    cell = Cell("=A1", None, "@")
    assert drawn_out(Sheet("S", {(0, 0): cell}), Area(0, 0, 0, 0), Area(0, 0, 1, 0)) == {(1, 0): cell}


def test_drawing_to_the_right_goes_on_along_the_row() -> None:
    sheet = Sheet("S", {(0, 0): Cell("2024-01-15", serial_of("2024-01-15"), "yyyy-mm-dd"), (1, 0): Cell("=A1")})
    found = drawn_out(sheet, Area(0, 0, 1, 0), Area(0, 0, 1, 2))
    assert [found[at].text for at in sorted(found) if found[at]] == ["2024-01-16", "2024-01-17", "=B1", "=C1"]
