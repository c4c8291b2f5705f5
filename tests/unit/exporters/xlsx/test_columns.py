from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.numbers import parse_number
from forgeapp.domain.workbook import Cell, Sheet
from forgeapp.exporters.xlsx.columns import typed


def column(*texts: str, beside: tuple[str, ...] = ()) -> list[float | int | None]:
    cells = {(row, 0): Cell(text) for row, text in enumerate(("Head", *texts)) if text}
    cells |= {(row, 1): Cell(text) for row, text in enumerate(("Other", *beside))}
    return [typed(Sheet("S", cells)).cells[row, 0].number for row, text in enumerate(texts, start=1) if text]


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (("1", "20", "-3"), [1, 20, -3]),
        (("1,240", "18.50"), [1240, 18.5]),
        (("1.240,00", "18,50"), [1240, 18.5]),
        (("$1,200", "$85.50"), [1200, 85.5]),
        (("28.500,00 €", "1,50 €"), [28500, 1.5]),
        (("12 %", "5.5 %"), [0.12, 0.055]),
        (("5", "–", "7"), [5, None, 7]),
        (("5", "", "7"), [5, 7]),
        (("€ 1,200.50", "$5", "£3.20", "¥16,500", "2,473.30"), [1200.5, 5, 3.2, 16500, 2473.3]),
        (("2024-01-15", "2024-02-01"), [45306, 45323]),
        (("15.01.2024", "1.2.2024"), [45306, 45323]),
        (("1/15/2024", "2/1/2024"), [45306, 45323]),
        (("15 Jan 2024", "February 2024"), [45306, 45323]),
        (("1e3", "2"), [1000, 2]),
    ],
)
def test_columns_of_numbers_become_numbers(texts: tuple[str, ...], numbers: list[float | None]) -> None:
    assert column(*texts) == pytest.approx(numbers)


@pytest.mark.parametrize(
    "texts",
    [
        ("00123", "456"),
        ("+44 20 7946 0000", "+49 30 123456"),
        ("1234567890123456", "1"),
        ("5", "six"),
        ("5 kg", "6 kg"),
        ("5%", "0.05"),
        ("1,5", "1.5"),
        ("2024-01-15", "soon"),
        ("2024-01-15", "2024"),
        ("2024-13-45", "2024-01-15"),
        ("12:30", "13:45"),
        ("15.01.2024", "31.12.1850"),
        ("15 Januar 2024", "1 May 2024"),
        ("1.2.3", "1.2.4"),
        ("-", "–"),
        ("=1+1", "5"),
    ],
)
def test_ids_units_and_mixed_columns_stay_text(texts: tuple[str, ...]) -> None:
    assert column(*texts) == [None] * len(texts)


def test_a_column_that_does_not_say_follows_the_marks_of_the_others() -> None:
    assert column("1.240", "3.500", beside=("18,50", "1,25")) == [1240, 3500]
    assert column("1,240", "3,500", beside=("18.50", "1.25")) == [1240, 3500]


def test_the_header_stays_text_and_typed_cells_stay_as_they_are() -> None:
    sheet = typed(Sheet("S", {(0, 0): Cell("2024"), (1, 0): Cell("5"), (2, 0): Cell("x", 7, "0.0")}))
    assert sheet.cells == {(0, 0): Cell("2024"), (1, 0): Cell("5", 5), (2, 0): Cell("x", 7, "0.0")}
    assert typed(Sheet("S", {(0, 0): Cell("2024")}, has_header=False)).cells[0, 0].number == 2024


@given(st.lists(st.text(alphabet="0123456789.,-+ %€$'xE()", min_size=1, max_size=12), max_size=6))
def test_no_text_is_ever_changed(texts: list[str]) -> None:
    sheet = Sheet("S", {(row, 0): Cell(text) for row, text in enumerate(texts)}, has_header=False)
    assert {at: cell.text for at, cell in typed(sheet).cells.items()} == {
        at: cell.text for at, cell in sheet.cells.items()
    }


amounts = st.integers(0, 10**7).map(lambda cents: cents / 100)
spellings = st.sampled_from(
    [
        "{:,.2f}",
        "${:,.2f}",
        "-${:,.2f}",
        "{:.2f} %",
        "{:.0f}",
        "-{:,.0f}",
        "({:,.2f})",
        "€ {:.2f}",
        "0{:.0f}",
        "{:.1e}",
        " {:.1f} ",
    ]
)


@given(st.lists(amounts, min_size=1, max_size=12), st.lists(spellings, min_size=1, max_size=2))
def test_every_number_is_the_one_it_is_alone(values: list[float], used: list[str]) -> None:
    texts = [used[index % len(used)].format(value) for index, value in enumerate(values)]
    cells = {(row, 0): Cell(text) for row, text in enumerate(texts)}
    for row, cell in typed(Sheet("S", cells, has_header=False)).cells.items():
        if cell.number is not None:
            alone = parse_number(cell.text)
            assert alone is not None
            assert (cell.number, type(cell.number), cell.format) == (alone.value, type(alone.value), alone.format), row


def test_a_zero_in_front_does_not_hide_the_sign_of_the_others() -> None:
    assert column("-0.00", "-5.25", "0.00", "7.50") == [0, -5.25, 0, 7.5]
