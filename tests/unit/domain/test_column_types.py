"""What type a column has: figures where its cells say so, and ids never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.column_types import ColumnType, read_column
from forgeapp.sheets.display import display
from tests.pace import assert_linear, repeated

T = ColumnType


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "20", "-3"], T.INTEGER),
        (["1,240", "3,500"], T.INTEGER),
        (["1", "2.50", "", "–"], T.DECIMAL),
        (["1.240,00", "18,50"], T.DECIMAL),
        (["(45.00)", "12.50", "n/a"], T.DECIMAL),
        (["0.10", "0.125"], T.DECIMAL),
        (["2.50", "3", "10.00"], T.DECIMAL),
        (["1e3", "2.5e-4"], T.DECIMAL),
        (["$1,200", "$85.50", "TBD"], T.CURRENCY),
        (
            ["€ 1.200,00", "18,50 €"],
            T.TEXT,
        ),  # the sign stands on two sides: which unit is meant is plain, its form is not
        (["28.500,00 €", "(1,50 €)"], T.CURRENCY),
        (["12 %", "5.5 %", "n/a"], T.PERCENT),
        (["1", "2", "3", "4", "total"], T.INTEGER),
        (["2024-01-15", "", "2024-02-01"], T.DATE),
        (["2024/1/5", "2024/12/31"], T.DATE),
        (["15.01.2024", "01.02.2024"], T.DATE),
        (["01/02/2024", "01/25/2024"], T.DATE),
        (["25/01/2024", "01/02/2024"], T.DATE),
        (["15 Jan 2024", "2 February 2024", "n/a"], T.DATE),
        (["January 15, 2024", "Feb. 2nd, 2024"], T.DATE),
        (["Jan 2024", "Sept 2024"], T.DATE),
        (["15. Januar 2024", "3. März 2024"], T.DATE),
    ],
)
def test_figures_are_found(texts: list[str], kind: ColumnType) -> None:
    assert read_column(texts).type is kind


@pytest.mark.parametrize(
    "texts",
    [
        ["007", "008"],
        ["00123", "456"],
        ["+44 20 7946 0000", "+49 30 123456"],
        ["2079460000", "2079460017"],
        ["1234567890123456", "1"],
        ["4111111111111111", "4000000000000002"],
        ["9783161484100", "9780306406157"],
        ["978-3-16-148410-0", "0-306-40615-2"],
        ["316148410X", "0306406152"],
        ["DE89370400440532013000", "GB29NWBK60161331926819"],
        ["SW1A 1AA", "10115"],
        ["1.9", "1.10", "1.11"],
        ["1.2.3", "1.2"],
        ["192.168.1.1", "10.0.0.1"],
        ["12E3", "14E7"],
        ["12", "12a", "14"],
        ["5 kg", "6 kg"],
        ["$5", "€5"],
        ["5%", "0.05"],
        ["1,5", "1.5"],
        ["12:30", "13:45"],
        ["1", "two", "3"],
        ["03/04/2024", "05/06/2024"],  # whose month comes first?
        ["2024-13-45", "2024-01-15"],
        ["2024-01-15", "2024"],
        ["Marble 2024", "Octane 2023"],
        ["-", "n/a"],
        ["", ""],
        [],
    ],
)
def test_ids_units_and_what_is_in_doubt_stay_text(texts: list[str]) -> None:
    read = read_column(texts)
    assert (read.type, read.values) == (T.TEXT, ())


@pytest.mark.parametrize("name", ["Phone", "Telefon", "ZIP", "Postal code", "PLZ", "Version", "ISBN-13", "Account no."])
def test_the_name_of_a_column_can_say_that_its_digits_are_no_figures(name: str) -> None:
    assert read_column(["10115", "80331"], name).type is T.TEXT
    assert read_column(["10115", "80331"], "Visitors").type is T.INTEGER


def test_values_are_what_is_meant_and_blanks_and_words_have_none() -> None:
    read = read_column(["12 %", "", "(3 %)", "n/a", "1.5 %", "4 %", "5 %", "6 %", "soon"])
    assert read.values == [0.12, None, -0.03, None, 0.015, 0.04, 0.05, 0.06, None]
    assert read.words == 1
    assert read_column(["1.240", "3.500"], comma_habit=True).values == [1240, 3500]
    assert read_column(["1.240", "3.500"]).values == [1.24, 3.5]
    assert read_column(["2024-01-15"]).values == read_column(["15 January 2024"]).values == [45306]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1/15/2024", r"m\/d\/yyyy"),
        ("01/15/2024", r"mm\/dd\/yyyy"),
        ("15.1.2024", "d.m.yyyy"),
        ("2024/01/15", r"yyyy\/mm\/dd"),
        ("15-01-2024", "dd-mm-yyyy"),
        ("15 Jan 2024", "[$-409]d mmm yyyy"),
        ("January 15, 2024", "[$-409]mmmm d, yyyy"),
        ("15th January 2024", '[$-409]d"th" mmmm yyyy'),
        ("Jan. 15, 2024", "[$-409]mmm. d, yyyy"),
        ("2024-01-15", "yyyy-mm-dd"),
    ],
)
def test_the_format_of_a_date_shows_it_as_written(text: str, form: str) -> None:
    read = read_column([text])
    assert (read.values, read.formats) == ([45306], [form])
    assert display(45306, form) == text


def test_figures_of_one_column_are_padded_alike() -> None:
    assert read_column(["1/15/2024", "12/5/2024"]).formats == [r"m\/d\/yyyy"] * 2
    assert read_column(["01/15/2024", "12/05/2024"]).formats == [r"mm\/dd\/yyyy"] * 2


@pytest.mark.parametrize("text", ["15 Januar 2024", "15 de marzo de 2024", "15 january 2024", "31.12.1850"])
def test_a_date_no_spreadsheet_shows_as_written_has_no_format(text: str) -> None:
    read = read_column([text])
    assert (read.type, read.formats) == (T.DATE, [None])


def test_zeros_do_not_hide_what_other_cells_are() -> None:
    assert read_column(["-0.00", "-5.25", "0.00", "7.50"]).values == [0, -5.25, 0, 7.5]


cells = st.one_of(st.text(max_size=12), st.text(alphabet="0123456789.,-+ %€$'xE()/", max_size=12), st.just("n/a"))


@given(st.lists(cells, max_size=8), st.text(max_size=6), st.booleans())
def test_any_column_is_read_and_has_a_value_a_cell_or_none_at_all(texts: list[str], name: str, comma: bool) -> None:
    read = read_column(texts, name, comma)
    assert len(read.values) == len(read.formats) == (0 if read.type is T.TEXT else len(texts))


@pytest.mark.security
@pytest.mark.parametrize("piece", ["1", "1,", "(", "9", "1 Jan", " ", "1 ", "%", "-", "'"])
@pytest.mark.parametrize("tail", ["", "1", "x"])
def test_hostile_cells_are_read_in_linear_time(piece: str, tail: str) -> None:
    def read(text: str) -> None:
        read_column([text, "1"] * 20)
        read_column(["1", text] * 20)

    assert_linear(read, repeated(piece, "", tail), 50_000)


def test_a_long_column_is_read_in_linear_time() -> None:
    def make(size: int) -> list[str]:
        return [f"{number * 7 % 99_991:,}.{number % 100:02}" for number in range(size)]

    assert read_column(make(20_000)).type is T.DECIMAL
    assert_linear(read_column, make, 20_000)
