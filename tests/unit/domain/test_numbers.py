"""Numbers as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.numbers import Number, parse_number


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("1,240", False, 1240),
        ("1,240", True, 1.24),
        ("1.240", True, 1240),
        ("$1,200.00", False, 1200),
        ("28.500,00 €", False, 28500),
        ("18,50", True, 18.5),
        ("12 %", False, 0.12),
        ("(45.00)", False, -45),
        ("−3.5", False, -3.5),
        ("12,34,567", False, 1234567),
        ("₹1,20,000", False, 120000),
        ("1,200円", False, 1200),
        ("1’234.50", False, 1234.5),
        ("1 234,50", True, 1234.5),
    ],
)
def test_numbers_mean_what_people_mean(text: str, comma: bool, value: float) -> None:
    number = parse_number(text, comma)
    assert number is not None and number.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "00123", "2026-01-05", "10:30", "+49 170 1234567", "3/4", "5 kg", "1.2.3", "1,2,3", "-"]
)
def test_ids_dates_and_words_are_no_numbers(text: str) -> None:
    assert parse_number(text) is None


def test_the_format_shows_the_number_as_it_was_written() -> None:
    assert parse_number("$1,200.00") == Number(1200.0, '"$"#,##0.00')
    assert parse_number("0.5%") == Number(0.005, "0.0%")
    assert parse_number("1,240") == Number(1240, "#,##0")
    assert parse_number("7") == Number(7, None)


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_survive_grouping(number: int) -> None:
    read = parse_number(f"{number:,}")
    assert read is not None and read.value == number


@given(st.text(max_size=70), st.booleans())
def test_any_text_is_a_finite_number_with_a_digit_in_it_or_none(text: str, comma: bool) -> None:
    read = parse_number(text, comma)
    assert read is None or (math.isfinite(read.value) and any(sign.isdigit() for sign in text))
