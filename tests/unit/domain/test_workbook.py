from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.content import from_json, to_json
from forgeapp.domain.dates import date_of, serial_of
from forgeapp.domain.workbook import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    CellError,
    Sheet,
    Workbook,
    address,
    column_letters,
    position,
    valid_sheet_name,
)

positions = st.tuples(st.integers(0, MAX_ROWS - 1), st.integers(0, MAX_COLUMNS - 1))


@given(positions)
def test_an_address_names_one_position(at: tuple[int, int]) -> None:
    assert position(address(at)) == at
    assert position(address(at).lower()) == at


@pytest.mark.parametrize("text", ["", "A", "1", "A0", "1A", "XFE1", "A1048577", "AAAA1", "$A$1", "A1:B2", "Ä1", "A1 "])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        position(text)


@pytest.mark.parametrize(
    ("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_columns_are_lettered_as_excel_does(column: int, letters: str) -> None:
    assert column_letters(column) == letters


@given(st.lists(st.text(st.characters(), max_size=40), max_size=8))
def test_sheet_names_are_valid_and_unique(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(valid_sheet_name(name, tuple(taken)))
    assert len({name.casefold() for name in taken}) == len(taken)
    for name in taken:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set("[]:*?/\\") & set(name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_a_good_sheet_name_is_kept() -> None:
    assert valid_sheet_name("Müller's Q1 – 2024") == "Müller's Q1 – 2024"
    assert valid_sheet_name("Data", ("data",)) == "Data (2)"


def test_a_long_sheet_name_is_cut_behind_a_word_and_stays_unique() -> None:
    long = "Quarterly results by region and product line"
    first = valid_sheet_name(long)
    assert first == "Quarterly results by region and"
    assert valid_sheet_name(long, (first,)) == "Quarterly results by region (2)"
    assert valid_sheet_name("Costs, planned and actual – thousands") == "Costs, planned and actual"
    assert valid_sheet_name("Donaudampfschifffahrtsgesellschaft") == "Donaudampfschifffahrtsgesellsch"


def test_a_sheet_name_is_as_long_as_excel_counts_and_holds_what_xml_can() -> None:
    assert valid_sheet_name("😀" * 31) == "😀" * 15
    assert valid_sheet_name("a\ud800b\uffff") == "a b"


@pytest.mark.parametrize(("text", "is_formula"), [("=A1", True), ("=", False), ("x=1", False), ("'=1", False)])
def test_a_formula_begins_with_an_equals_sign(text: str, is_formula: bool) -> None:
    assert Cell(text).is_formula is is_formula


def test_a_sheet_is_as_large_as_its_cells() -> None:
    assert Sheet("S", {(4, 2): Cell("x")}).row_count == 5
    assert Sheet("S", {(4, 2): Cell("x")}).column_count == 3
    assert Sheet("S", {(4, 2): Cell("x")}, row_count=9).row_count == 9


cells = st.dictionaries(
    st.tuples(st.integers(0, 50), st.integers(0, 10)),
    st.one_of(
        st.builds(Cell, st.text(min_size=1, max_size=20).filter(lambda text: not text.startswith("="))),
        st.builds(Cell, st.just("1,240"), st.integers(-(10**9), 10**9), st.sampled_from([None, "#,##0"])),
        st.builds(Cell, st.just("=A1*2"), st.none(), st.sampled_from([None, "0.00"])),
    ),
    max_size=12,
)


@given(cells, st.booleans(), st.integers(0, 2))
def test_a_workbook_survives_its_json(content: dict[tuple[int, int], Cell], has_header: bool, frozen: int) -> None:
    sheet = Sheet("Data", content, has_header=has_header, frozen_rows=frozen, widths={1: 12.5})
    workbook = Workbook("Title", (sheet, Sheet("It's", {})))
    assert from_json(to_json(workbook)) == workbook


def test_computed_values_stand_in_the_json() -> None:
    workbook = Workbook(None, (Sheet("S", {(0, 0): Cell("=1/0"), (1, 0): Cell("=SUM(B:B)"), (2, 0): Cell("5", 5)}),))
    data = to_json(workbook, {"S": {(0, 0): CellError("#DIV/0!"), (1, 0): 12.5, (0, 1): 3}})
    assert data["sheets"][0]["values"] == {"A3": 5, "A2": 12.5, "B1": 3}
    assert data["sheets"][0]["errors"] == {"A1": "#DIV/0!"}


def test_dates_are_days_since_the_end_of_1899() -> None:
    assert serial_of("2024-01-15") == 45_306
    assert date_of(45_306).isoformat() == "2024-01-15"


@given(st.dates(min_value=date(1900, 3, 1)))
def test_every_iso_date_has_its_serial(day: date) -> None:
    serial = serial_of(day.isoformat())
    assert serial is not None
    assert date_of(serial) == day


@pytest.mark.parametrize(
    "text", ["2024-13-01", "2024-02-30", "24-01-15", "1900-02-28", "2024-01-15 ", "٢٠٢٤-٠١-١٥x", "x"]
)
def test_other_texts_are_no_dates(text: str) -> None:
    assert serial_of(text) is None
