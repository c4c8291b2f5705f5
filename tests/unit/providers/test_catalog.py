"""Costs: exact, and never 0 for what is unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.usage import Usage
from forgeapp.providers.catalog import OwnPrice, cost_nano_usd


def test_a_listed_model_costs_what_the_table_says() -> None:
    cost, version = cost_nano_usd("openai", "gpt-4o", Usage(1000, 33))
    assert cost == 1000 * 2_500 + 33 * 10_000
    assert version.startswith("genai-prices ")


def test_cached_tokens_are_charged_at_their_own_price() -> None:
    assert cost_nano_usd("openai", "gpt-4o", Usage(1000, 33, 0, 100))[0] == 900 * 2_500 + 100 * 1_250 + 33 * 10_000


def test_reasoning_is_part_of_the_output_and_not_charged_twice() -> None:
    assert cost_nano_usd("openai", "gpt-4o", Usage(10, 50, 40)) == cost_nano_usd("openai", "gpt-4o", Usage(10, 50))


def test_the_prefix_of_googles_names_is_no_part_of_them() -> None:
    usage = Usage(1000, 33)
    assert cost_nano_usd("google", "models/gemini-2.5-flash", usage) == cost_nano_usd(
        "google", "gemini-2.5-flash", usage
    )


@pytest.mark.parametrize(
    ("prices", "model"),
    [
        ("openai", "no-such-model"),
        ("no-such-vendor", "gpt-4o"),
        ("azure", "phi-4-reasoning:free"),  # stands in the table without a price
        ("none", "gpt-4o"),
        (None, "gpt-4o"),
        ("", "gpt-4o"),
        ("openai", ""),
    ],
)
def test_an_unknown_price_is_unknown(prices: str | None, model: str) -> None:
    assert cost_nano_usd(prices, model, Usage(1000, 33))[0] is None


def test_usage_that_cannot_be_has_no_price() -> None:
    assert cost_nano_usd("openai", "gpt-4o", Usage(10, 1, 0, 99))[0] is None


def test_local_models_are_free() -> None:
    assert cost_nano_usd("local", "anything", Usage(10**9, 10**9)) == (0, "local")


@pytest.mark.parametrize("prices", ["openai", "local", "none", None])
def test_the_users_own_price_wins(prices: str | None) -> None:
    own = OwnPrice(Decimal("0.15"), Decimal("0.60"))
    assert cost_nano_usd(prices, "gpt-4o", Usage(1000, 33), own) == (1000 * 150 + 33 * 600, "own")


def test_a_price_of_nothing_may_be_set() -> None:
    assert cost_nano_usd("none", "x", Usage(5, 5), OwnPrice(Decimal(0), Decimal(0))) == (0, "own")


_COUNT = st.integers(0, 10**9)
_PRICE = st.integers(0, 10**6).map(lambda nano: Decimal(nano) / 1000)


@given(first=st.tuples(_COUNT, _COUNT), given_usd=_PRICE, written_usd=_PRICE)
def test_costs_are_exact_integers(first: tuple[int, int], given_usd: Decimal, written_usd: Decimal) -> None:
    own = OwnPrice(given_usd, written_usd)
    cost, _ = cost_nano_usd("none", "x", Usage(*first), own)
    assert cost == int(given_usd * 1000) * first[0] + int(written_usd * 1000) * first[1]


@given(given=st.integers(0, 10**7), written=st.integers(0, 10**6), share=st.floats(0, 1))
def test_more_tokens_never_cost_less_and_cached_ones_never_more(given: int, written: int, share: float) -> None:
    def cost(usage: Usage) -> int:
        nano, _ = cost_nano_usd("openai", "gpt-4o-mini", usage)
        assert nano is not None
        return nano

    plain = cost(Usage(given, written))
    assert 0 <= cost(Usage(given, written, 0, int(given * share))) <= plain <= cost(Usage(given + 1, written + 1))
