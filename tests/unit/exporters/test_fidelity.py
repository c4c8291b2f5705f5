"""What a file says of a value is what the table says: numbers, ids, dates, money of many countries, odd texts."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

from forgeapp.domain.artifact import Format
from forgeapp.domain.content import Content
from forgeapp.domain.export_options import USUAL, Delimiter, ExportOptions
from forgeapp.domain.guarding import unguarded
from forgeapp.domain.number_look import LOOKS
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, CellError, Sheet, Value, Workbook
from forgeapp.errors import TooLarge
from forgeapp.exporters.registry import exporter_for
from forgeapp.exporters.xlsx.cells import writable
from forgeapp.services.exporting.job import ExportJob, export_task
from forgeapp.services.exporting.publishing import publication
from forgeapp.sheets.display import display


def exported(
    content: Content, path: Path, values: dict[Any, Value] | None = None, options: ExportOptions = USUAL
) -> Path:
    path.unlink(missing_ok=True)
    stored = {} if values is None else {"S": values}
    export_task(ExportJob(content, "T", stored, path, Format(path.suffix[1:]), options=options), lambda share: None)
    return path


def column_of(texts: list[str], folder: Path) -> list[tuple[Any, str]]:
    """What stands beneath the header of a column of these texts: value and number format; dates as serials."""
    content = Table("T", ("Name", "x"), tuple((text, "y") for text in texts))
    page = load_workbook(exported(content, folder / "x.xlsx")).worksheets[0]
    cells = [page.cell(row, 1) for row in range(2, len(texts) + 2)]
    return [(to_excel(cell.value) if cell.is_date else cell.value, cell.number_format) for cell in cells]


@pytest.mark.parametrize(
    ("texts", "values", "code"),
    [
        (["$1,200.50", "$80.00"], [1200.5, 80], '"$"#,##0.00'),
        (["£1,200.50", "£80.00"], [1200.5, 80], '"£"#,##0.00'),
        (["1.200,50 €", "80,00 €"], [1200.5, 80], '#,##0.00 "€"'),
        (["1 200,50 €", "80,00 €"], [1200.5, 80], '#,##0.00 "€"'),
        (["CHF 1'200.50", "CHF 80.00"], [1200.5, 80], '"CHF"#,##0.00'),
        (["₹12,34,567.50", "₹80.00"], [1234567.5, 80], '"₹"#,##0.00'),
        (["1 200,50 kr", "80,00 kr"], [1200.5, 80], '#,##0.00 "kr"'),
        (["1 200,50 zł", "80,00 zł"], [1200.5, 80], '#,##0.00 "zł"'),
        (["R$ 1.200,50", "R$ 80,00"], [1200.5, 80], '"R$"#,##0.00'),
        (["¥1,200", "¥80"], [1200, 80], '"¥"#,##0'),
        (["12 %", "8 %"], [0.12, 0.08], "0%"),
        (["12.5%", "8.0%"], [0.125, 0.08], "0.0%"),
        (["-15", "20"], [-15, 20], "General"),
        (["(45.00)", "5.00"], [-45, 5], "0.00"),
        (["1e308", "1e-308"], [1e308, 1e-308], "General"),
        (["0.1", "12345678.901"], [0.1, 12345678.901], None),
        (["2024-02-29", "1900-03-01"], [45351, 61], "yyyy-mm-dd"),
        (["29.02.2024", "01.03.1900"], [45351, 61], "dd.mm.yyyy"),
    ],
)
def test_a_column_of_figures_is_one(tmp_path: Path, texts: list[str], values: list[float], code: str | None) -> None:
    found = column_of(texts, tmp_path)
    assert [value for value, _ in found] == values
    assert code is None or {shown for _, shown in found} == {code}


@pytest.mark.parametrize(
    "texts",
    [
        ["00123", "00124"],
        ["4111111111111111", "5500000000000004"],
        ["1234567890123456", "1"],
        ["DE89 3704 0044 0532 0130 00"],
        ["+44 20 7946 0000", "+1 555 0100"],
        ["1900-02-29", "1900-02-28"],
        ["1899-12-31", "2024-01-15"],
        ["2023-02-29"],
        ["29.02.2023"],
        ["03/04/2024", "05/06/2024"],
        ["14:30", "25:10"],
        ["1:02:03", "0:00:59"],
        ["2024-01-15T14:30:00Z", "2024-01-15T14:30:00+02:00"],
        ["2024-01-15 14:30"],
        ["P1DT2H", "3 h 20 min"],
        ["TRUE", "FALSE"],
        ["#N/A", "#DIV/0!"],
        ["1.9", "1.10"],
        ["12E5", "3E10"],
        ["5 %", "5 €"],
        ["1/2", "3/4"],
        ["1,5", "1.5"],
        ["∞", "NaN", "inf"],
        ["1" * 40],
        ["a\nb", "a\r\nb", "tab\there"],
        [" x ", "  ", "\u00a0"],
        ["x" * 32_767],
    ],
)
def test_what_is_no_plain_figure_stays_as_it_is_written(tmp_path: Path, texts: list[str]) -> None:
    assert [value for value, _ in column_of(texts, tmp_path)] == [writable(text) for text in texts]


def test_a_text_too_long_for_a_cell_is_cut_and_told(tmp_path: Path) -> None:
    content = Table("T", ("a",), (("x" * 32_768,), ("😀" * 16_384,)))
    source = publication(content, "T", {}, for_format=Format.XLSX)
    warnings = exporter_for(Format.XLSX).write(source, tmp_path / "x.xlsx", lambda share: None)
    assert warnings == ["T: A2, A3 cut to 32,767 characters, the most a cell can hold."]
    page = load_workbook(tmp_path / "x.xlsx").worksheets[0]
    assert [len(page[at].value) for at in ("A2", "A3")] == [32_767, 16_383]


@pytest.mark.parametrize(("row", "column"), [(1_048_576, 0), (0, 16_384)])
def test_a_sheet_beyond_the_grid_is_refused_with_its_bounds(tmp_path: Path, row: int, column: int) -> None:
    content = Workbook("W", (Sheet("S", {(row, column): Cell("x")}),))
    with pytest.raises(TooLarge, match="1,048,576 rows and 16,384 columns"):
        exported(content, tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_last_cell_of_the_grid_is_written(tmp_path: Path) -> None:
    content = Workbook("W", (Sheet("S", {(1_048_575, 16_383): Cell("x")}, has_header=False),))
    page = load_workbook(exported(content, tmp_path / "x.xlsx"), read_only=True)["S"]
    assert (page.max_row, page.max_column) == (1_048_576, 16_384)


_ODD = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("=+-@\t\r\n\x00\x0b\ud800\udfff\ufffe\uffff'\"_x;, "),
    max_size=12,
)
_FIGURES = st.one_of(
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-(10**12), 10**12, places=2).map(lambda number: f"{number:,.2f}"),
    st.decimals(-(10**9), 10**9, places=2).map(
        lambda number: f"{number:,.2f}".translate(str.maketrans(",.", ".,")) + " €"
    ),
    st.integers(0, 99_999).map(lambda number: f"{number:08d}"),
    st.dates().map(str),
    st.dates().map(lambda day: f"{day:%d.%m.%Y}"),
    st.datetimes().map(str),
    st.times().map(str),
    st.timedeltas().map(str),
    st.sampled_from(["TRUE", "FALSE", "#REF!", "12 %", "", "-", "n/a", "1900-02-29", "-0", "-0.0"]),
)
_COLUMNS = st.one_of(
    st.lists(_FIGURES, min_size=1, max_size=4),
    st.lists(_ODD, min_size=1, max_size=4),
    st.tuples(_FIGURES, _ODD).map(list),
)


@settings(max_examples=25, deadline=None)
@given(_COLUMNS, st.sampled_from(Delimiter))
def test_any_column_of_a_table_means_the_same_in_its_files(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], delimiter: Delimiter
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for (value, code), text in zip(column_of(texts, folder), texts, strict=True):
        if isinstance(value, str) or value is None:
            assert (value or "").replace("_x005F_x", "_x") == writable(text)
        else:
            shown = {display(value, code, look) for look in (LOOKS["point"], LOOKS["comma"])} | {repr(value)}
            figures = "".join(letter for letter in text if letter.isdigit() or letter in "-−–(")
            kept = {"".join(letter for letter in each if letter.isdigit() or letter in "-") for each in shown}
            is_same = "e" in text.casefold() and math.isclose(float(text), value)
            assert is_same or figures.replace("(", "-").lstrip("-0") in {each.lstrip("-0") for each in kept}
    options = ExportOptions(delimiter=delimiter, as_shown=True)
    content = Table("T", ("Name", "x"), tuple((text, "y") for text in texts))
    with exported(content, folder / "x.csv", None, options).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter.value))[1:]
    for (field, _), text in zip(rows, texts, strict=True):
        assert unguarded(field) == text.replace("\x00", "").encode("utf-8", "replace").decode()


_NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15)
_VALUES = st.one_of(_NUMBERS, st.booleans(), _ODD, st.sampled_from([CellError("#DIV/0!"), CellError("#N/A")]))


@settings(max_examples=25, deadline=None)
@given(st.lists(_NUMBERS, min_size=1, max_size=5), st.lists(_VALUES, min_size=1, max_size=5))
def test_typed_numbers_and_computed_values_are_kept_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float], values: list[Value]
) -> None:
    cells = {(row, 0): Cell(str(number), number) for row, number in enumerate(numbers)}
    cells |= {(row, 1): Cell("=A1") for row in range(len(values))}
    content = Workbook("W", (Sheet("S", cells, has_header=False),))
    path = exported(
        content, tmp_path_factory.mktemp("any") / "x.xlsx", {(row, 1): each for row, each in enumerate(values)}
    )
    page = load_workbook(path, data_only=True)["S"]
    assert [page.cell(row, 1).value for row in range(1, len(numbers) + 1)] == numbers
    for row, value in enumerate(values, 1):
        found = page.cell(row, 2).value
        if isinstance(value, str):
            assert (found or "").replace("_x005F_x", "_x") == writable(value)
        else:
            assert found == (value.code if isinstance(value, CellError) else value)
            assert isinstance(found, bool) is isinstance(value, bool)
