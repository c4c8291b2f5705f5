from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.money import NANO_PER_USD, nano_from_usd, usd_text


@pytest.mark.parametrize(
    ("usd", "nano"),
    [
        ("0.0031", 3_100_000),
        ("1", NANO_PER_USD),
        ("0", 0),
        ("1e-9", 1),
        ("-2.5", -2_500_000_000),
        ("0.30", 300_000_000),
    ],
)
def test_amounts_are_read_exactly(usd: str, nano: int) -> None:
    assert nano_from_usd(usd) == nano


@given(st.integers(-(10**18), 10**18))
def test_every_amount_of_nine_places_comes_back(nano: int) -> None:
    assert nano_from_usd(str(Decimal(nano).scaleb(-9))) == nano


@given(st.lists(st.decimals(0, 1000, places=9, allow_nan=False), max_size=30))
def test_sums_of_amounts_are_exact(amounts: list[Decimal]) -> None:
    assert sum(nano_from_usd(str(amount)) for amount in amounts) == nano_from_usd(str(sum(amounts, Decimal(0))))


@pytest.mark.parametrize("usd", ["", "abc", "1,5", "$1", "0.0000000001", "nan", "inf", "-Infinity", "1.2.3"])
def test_what_is_no_amount_is_refused(usd: str) -> None:
    with pytest.raises(ValueError):
        nano_from_usd(usd)


@pytest.mark.parametrize(
    ("nano", "text"),
    [
        (None, "unknown"),
        (0, "$ 0.00"),
        (7_610_000_000, "$ 7.61"),
        (3_100_000, "$ 0.0031"),
        (1_234_560_000_000, "$ 1,234.56"),
        (-7_610_000_000, "-$ 7.61"),
        (1, "$ 0.000000001"),
    ],
)
def test_amounts_are_written_for_people(nano: int | None, text: str) -> None:
    assert usd_text(nano) == text


@given(st.integers(1, 10**15))
def test_a_cost_is_never_shown_as_nothing(nano: int) -> None:
    assert Decimal(usd_text(nano).removeprefix("$ ").replace(",", "")) > 0
