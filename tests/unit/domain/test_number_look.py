from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.number_look import ENGLISH, LOOKS, NumberLook, look_of_language
from forgeapp.domain.numbers import parse_number


@pytest.mark.parametrize(
    ("tag", "number", "dates"),
    [
        ("en-US", "1,234.56", "m/d/y"),
        ("en-GB", "1,234.56", "d/m/y"),
        ("de-DE", "1.234,56", "d.m.y"),
        ("de-AT", "1.234,56", "d.m.y"),
        ("de-CH", "1’234.56", "d.m.y"),
        ("fr-FR", "1\u00a0234,56", "d/m/y"),
        ("sv-SE", "1\u00a0234,56", "y-m-d"),
        ("nl", "1.234,56", "d-m-y"),
        ("es-MX", "1,234.56", "d/m/y"),
        ("ja-JP", "1,234.56", "y/m/d"),
    ],
)
def test_a_language_writes_numbers_and_dates_as_its_country_does(tag: str, number: str, dates: str) -> None:
    look = look_of_language(tag)
    assert look is not None
    assert (look.marked("1,234.56"), look.dates, look.language) == (number, dates, tag[:2])


def test_a_language_that_is_not_known_has_no_look() -> None:
    assert look_of_language("xx-XX") is None
    assert look_of_language("") is None


def test_a_text_is_written_in_a_look_where_its_marks_stand_as_they_do_there() -> None:
    written = {
        "point": ["1,234.56", "$1,234", "12,34,567.8", "1234.5", "7", "(45.00)", "words"],
        "comma": ["1.234,56 €", "1.234", "0,5 %", "1234", "words"],
        "space": ["1 234,56", "1\u202f234", "1\u00a0234,5 kr"],
        "apostrophe": ["1'234.56", "CHF 1’234", "0.5"],
    }
    for name, texts in written.items():
        assert [text for text in texts if not LOOKS[name].writes(text)] == []
    foreign = {"point": ["1,5", "1.234,5", "1 234"], "comma": ["1234.5", "1,234.50", "1.23"], "space": ["1.234,5"]}
    for name, texts in foreign.items():
        assert [text for text in texts if LOOKS[name].writes(text)] == []


@given(st.sampled_from([*LOOKS.values()]), st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_what_is_written_in_a_look_is_read_as_the_same_number(look: NumberLook, digits: int, decimals: int) -> None:
    number = digits / 10**decimals
    text = look.marked(f"{number:,.{decimals}f}")
    parsed = parse_number(text, look.decimal_comma)
    assert parsed is not None
    assert parsed.value == pytest.approx(number)
    assert look.writes(text)


def test_a_date_in_the_order_of_the_look_is_read_and_no_other() -> None:
    assert LOOKS["comma"].iso_date("1.2.2026") == "2026-02-01"
    assert LOOKS["comma"].iso_date("1/2/2026") is None
    assert LOOKS["comma"].iso_date("1.2.26") is None
    assert LOOKS["comma"].iso_date("2026.2.1") is None
    assert ENGLISH.iso_date("1/2/2026") is None


def test_the_code_of_a_date_shows_it_in_the_look_wherever_it_is_read() -> None:
    assert LOOKS["comma"].date_code == "dd.mm.yyyy"
    assert LOOKS["space"].date_code == "dd\\/mm\\/yyyy"
    assert ENGLISH.date_code == "yyyy-mm-dd"
