"""Numbers as arguments of verbs."""

from __future__ import annotations

import argparse
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.cli.number import count, nano_usd, number, temperature


@pytest.mark.parametrize("read", [number, count, temperature, nano_usd])
@given(text=st.text(max_size=40) | st.from_regex(r"[-+]?[0-9٠-٩]{0,30}[.,eE_]?[0-9]{0,30}", fullmatch=True))
def test_any_text_is_a_number_or_refused_in_words(read: object, text: str) -> None:
    assert callable(read)
    try:
        value = read(text)
    except argparse.ArgumentTypeError as error:
        assert "is not" in str(error)
        return
    assert value >= 0
    assert value < 2**63


@given(st.decimals(min_value=0, max_value=999_999_999, places=9))
def test_an_amount_is_exact_to_the_nano_dollar(amount: Decimal) -> None:
    assert nano_usd(f"{amount:f}") == int(amount * 10**9)


def test_a_temperature_is_from_0_to_2() -> None:
    assert [temperature(text) for text in ("0", "0.25", "2")] == [0, 0.25, 2]
    for text in ("2.01", "-0.1", "nan", "1e0", "1,5", ""):
        with pytest.raises(argparse.ArgumentTypeError):
            temperature(text)


def test_there_is_at_least_one_of_what_is_counted() -> None:
    assert count("1") == 1
    for text in ("0", "-1", "1.5", "1000000001", "x"):
        with pytest.raises(argparse.ArgumentTypeError):
            count(text)
