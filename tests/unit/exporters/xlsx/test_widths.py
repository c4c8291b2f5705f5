from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from forgeapp.domain.artifact import Kind
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import Cell, Position, Sheet, Value, Workbook
from forgeapp.exporters.xlsx.exporter import EXPORTER
from forgeapp.exporters.xlsx.widths import shown_width
from forgeapp.sheets.display import display

FORMATS = (
    "0",
    "0.00",
    "#,##0",
    '#,##0.00 "€"',
    '"CHF "#,##0.00',
    "[$€-407] #,##0.00",
    '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-;_-@_-',
    "#,##0.00_);(#,##0.00)",
    "[Red]-0.0;0.0",
    '[>=1000]#,##0 "k";0.0',
    "0 %",
    "0.00%",
    "0.00E+00",
    "# ?/?",
    "000000",
    "yyyy-mm-dd",
    "dd.mm.yyyy hh:mm",
    "d. mmmm yyyy",
    "dddd, d mmm yy",
    "h:mm AM/PM",
    "[h]:mm:ss",
    "General",
    '0 "件"',
)
NUMBERS = (
    0,
    1,
    -1,
    7.5,
    12,
    999.999,
    1250,
    -1250,
    46_000.75,
    99_999.99,
    -1_234_567.891,
    9_999_999.999,
    123_456_789_012,
)


@pytest.mark.parametrize("code", FORMATS)
def test_no_number_is_shown_with_more_characters_than_counted(code: str) -> None:
    short = {number: display(number, code) for number in NUMBERS if shown_width(number, code) < _least(number, code)}
    assert short == {}


def _least(number: float, code: str) -> int:
    shown = display(number, code)
    return 0 if shown.startswith("####") else len(shown)


@pytest.mark.parametrize("code", FORMATS)
def test_the_count_of_characters_is_near_what_is_shown(code: str) -> None:
    for number in (12, 1250, 46_000.75):
        assert shown_width(number, code) <= _least(number, code) + 8


def test_a_power_is_no_row_of_digits() -> None:
    assert shown_width(6.02e23, "0.00E+00") == len("6.02E+123")


def _opened(
    tmp_path: Path,
    cells: dict[Position, Cell],
    widths: dict[int, float] | None = None,
    values: dict[Position, Value] | None = None,
) -> dict[str, float]:
    book = Workbook("B", (Sheet("S", cells, widths=widths or {}),))
    source = Publication("B", Kind.SPREADSHEET, book, workbook=book, values={"S": values or {}})
    path = tmp_path / "b.xlsx"
    EXPORTER.write(source, path, lambda share: None)
    assert EXPORTER.verify(source, path) == []
    return {letters: found.width for letters, found in load_workbook(path)["S"].column_dimensions.items()}


def test_typed_and_computed_numbers_have_room_with_their_format(tmp_path: Path) -> None:
    euro = '#,##0.00 "€"'
    cells = {
        (0, 0): Cell("Net"),
        (0, 1): Cell("Sum"),
        (1, 0): Cell("99999.99", 99_999.99, euro),
        (1, 1): Cell("=A2", format=euro),
    }
    found = _opened(tmp_path, cells, values={(1, 1): 99_999.99})
    assert min(found.values()) > len("99,999.99 €") + 2


def test_a_column_narrower_than_its_numbers_is_widened_and_one_of_words_is_not(tmp_path: Path) -> None:
    cells = {
        (0, 0): Cell("Name of it"),
        (0, 1): Cell("Net"),
        (1, 0): Cell("a long name of it"),
        (1, 1): Cell("99999.99", 99_999.99, "#,##0.00"),
        (2, 0): Cell("b"),
        (2, 1): Cell("1", 1, "0"),
    }
    found = _opened(tmp_path, cells, {0: 5, 1: 5})
    assert found["A"] < 6 and found["B"] > len("99,999.99")


def test_a_note_alone_in_its_row_widens_no_column(tmp_path: Path) -> None:
    rows = {(row, column): Cell(text) for row in range(1, 6) for column, text in enumerate((str(row), "words"))}
    note = {(7, 0): Cell("Prices are without the tax of the country of the buyer.")}
    found = _opened(tmp_path, {(0, 0): Cell("No"), (0, 1): Cell("Name"), **rows, **note})
    assert found["A"] < 10
    assert load_workbook(tmp_path / "b.xlsx")["S"]["A8"].alignment.wrap_text is None


def test_a_list_of_words_is_as_wide_as_its_longest(tmp_path: Path) -> None:
    cells = {(0, 0): Cell("Item"), (0, 1): Cell("Price"), **{(row, 0): Cell("x" * 30) for row in range(1, 9)}}
    assert _opened(tmp_path, cells)["A"] > 30
