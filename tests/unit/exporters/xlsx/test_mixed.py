"""Columns of which the user is told that they, or some of their cells, stay text in a spreadsheet."""

import pytest

from forgeapp.domain.workbook import Cell, Sheet
from forgeapp.exporters.xlsx.columns import typed
from forgeapp.exporters.xlsx.mixed import told_of_mixed_columns
from forgeapp.services.exporting.table_sheets import sheet_of_rows


def told(name: str, *cells: str) -> list[str]:
    sheet = typed(sheet_of_rows("Offer", [["Item", name], *(["x", cell] for cell in cells)]))
    return [str(text) for text in told_of_mixed_columns(sheet)]


@pytest.mark.parametrize(
    ("cells", "odd"),
    [
        (("1,200.00", "950 EUR", "ca. 300", "45"), "B4 'ca. 300'"),
        (("1200", "on request", "300", "45", "60"), "B3 'on request'"),
        (("1,200.00", "950,50", "300", "45"), "B2 '1,200.00'"),
        (("1200", "10%", "300", "45"), "B3 '10%'"),
        (("1", "2", "3", "x1", "x2", "x3", "x4", "4", "5", "6", "7"), "B5 'x1', B6 'x2', B7 'x3' and 1 more"),
    ],
)
def test_a_column_that_stays_text_is_told_with_the_cells_that_keep_it_so(cells: tuple[str, ...], odd: str) -> None:
    words = "Offer: column B (Price) is text, for not all of it can be read as numbers in one way: "
    assert told("Price", *cells) == [f"{words}{odd}."]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Price", ("1,200.00", "950 EUR", "300", "n/a", "$45")),
        ("Phone", ("12001", "a1", "30011", "45001")),
        ("Postcode", ("01200", "11200", "30000")),
        ("Version", ("1.9", "1.10", "1.11")),
        ("Weight", ("3 kg", "4 kg", "5 g")),
        ("Date", ("2026-01-01", "soon", "2026-01-03")),
        ("Note", ("3", "see above", "call 4 times")),
        ("Price", ("5", "six")),
        ("Nothing", ("", "", "")),
    ],
)
def test_numbers_codes_dates_and_words_are_not_told(name: str, cells: tuple[str, ...]) -> None:
    assert told(name, *cells) == []


def test_text_among_the_numbers_of_a_spreadsheet_is_told() -> None:
    cells = {(0, 0): Cell("Price"), (1, 0): Cell("1200", 1200), (2, 0): Cell("ca. 300"), (3, 0): Cell("45", 45)}
    cells |= {(4, 0): Cell("Q1"), (5, 0): Cell("=SUM(A2:A4)"), (6, 0): Cell("2026-01-03")}

    (text,) = told_of_mixed_columns(Sheet("Offer", cells))

    assert text == "Offer: in column A (Price) these cells are text, not numbers: A3 'ca. 300'."
