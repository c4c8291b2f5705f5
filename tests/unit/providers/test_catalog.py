"""Costs: exact, and never 0 for what is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from genai_prices import data
from genai_prices.types import ModelPrice, TieredPrices, TimeOfDateConstraint
from hypothesis import assume, given
from hypothesis import strategies as st

from forgeapp.domain.chat import Message, Picture, Role
from forgeapp.domain.usage import Usage
from forgeapp.providers.catalog import (
    MOST_TOKENS_A_PICTURE,
    OwnPrice,
    context_of,
    cost_nano_usd,
    input_bound,
    most_nano_usd,
    price_lists,
    usual_prices,
)
from forgeapp.providers.tokens import estimate


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


def test_each_class_is_charged_at_its_own_price() -> None:
    """Claude Opus 4.5, $ 5 in and $ 25 out: reads are a tenth of it, writes 1.25 times, those for an hour twice."""
    usage = Usage(10_000, 100, 40, cache_read_tokens=3_000, cache_write_tokens=5_000, cache_write_1h_tokens=1_000)
    expected = 2_000 * 5_000 + 3_000 * 500 + 4_000 * 6_250 + 1_000 * 10_000 + 100 * 25_000
    assert cost_nano_usd("anthropic", "claude-opus-4-5", usage)[0] == expected


def test_a_long_input_is_charged_at_the_price_of_its_length() -> None:
    """Gemini 2.5 Pro: $ 1.25 and $ 10 up to 200,000 tokens of input, $ 2.50 and $ 15 for all of them beyond."""
    at_most, beyond = Usage(200_000, 10), Usage(200_001, 10)
    assert cost_nano_usd("google", "gemini-2.5-pro", at_most)[0] == 200_000 * 1_250 + 10 * 10_000
    assert cost_nano_usd("google", "gemini-2.5-pro", beyond)[0] == 200_001 * 2_500 + 10 * 15_000


def test_writes_for_an_hour_are_unknown_where_nobody_says_what_they_cost() -> None:
    usage = Usage(100, 1, cache_write_tokens=50)
    assert cost_nano_usd("google", "gemini-2.5-flash", usage)[0] is not None
    assert cost_nano_usd("google", "gemini-2.5-flash", replace(usage, cache_write_1h_tokens=50))[0] is None


def test_reasoning_has_a_price_of_its_own_where_the_table_has_one() -> None:
    """Perplexity's sonar-deep-research: $ 2 in, $ 8 out, $ 3 for reasoning."""
    cost, _ = cost_nano_usd("perplexity", "sonar-deep-research", Usage(1_000, 100, 40))
    assert cost == 1_000 * 2_000 + 60 * 8_000 + 40 * 3_000


@pytest.mark.parametrize(
    ("prices", "model"),
    [
        ("google", "gemini-2.5-flash"),
        ("openai", "gpt-4.1-mini"),
        ("anthropic", "claude-sonnet-4-5-20250929"),
        ("openrouter", "anthropic/claude-sonnet-4.5"),
        ("groq", "llama-3.3-70b-versatile"),
        ("mistral", "mistral-large-latest"),
        ("deepseek", "deepseek-chat"),
    ],
)
def test_the_vendors_we_speak_to_have_prices(prices: str, model: str) -> None:
    cost, version = cost_nano_usd(prices, model, Usage(1_000_000, 1_000))
    assert cost is not None
    assert 10_000_000 < cost < 10_000_000_000
    assert version.startswith("genai-prices ")
    most = most_nano_usd(prices, model, 1_000_000, 1_000)
    assert most is not None
    assert most >= cost


def test_a_name_without_end_is_unknown_at_once() -> None:
    assert cost_nano_usd("google", "gemini-" * 100_000, Usage(1, 1))[0] is None


# The most a call can cost


@cache
def _listed() -> tuple[tuple[str, str], ...]:
    """Every model of the data that has a price for tokens, as (vendor, model)."""
    now = datetime.now(UTC)
    found = []
    for vendor in data.providers:
        for model in vendor.models:
            listed = model.get_prices(now)
            # Some ids of the data are none a model is asked for by.
            if model.is_match(model.id) and listed.input_mtok is not None and listed.output_mtok is not None:
                found.append((vendor.id, model.id))
    return tuple(found)


@cache
def _peculiar() -> tuple[tuple[str, str], ...]:
    """Those with prices by length or by the clock, for writes kept for an hour, for reasoning, or for requests."""
    found = []
    for vendor in data.providers:
        for model in vendor.models:
            dated = [] if isinstance(model.prices, ModelPrice) else model.prices
            listed = [model.prices] if isinstance(model.prices, ModelPrice) else [one.prices for one in dated]
            if any(isinstance(one.constraint, TimeOfDateConstraint) for one in dated) or any(
                isinstance(price, TieredPrices) or key in ("cache_write_1h_mtok", "output_reasoning_mtok")
                for prices in listed
                for key, price in vars(prices).items()
            ):
                found.append((vendor.id, model.id))
    return tuple(one for one in found if one in set(_listed()))


@st.composite
def _usages(draw: st.DrawFn) -> Usage:
    count = draw(st.one_of(st.integers(0, 2_000_000), st.sampled_from([128_000, 200_000, 200_001, 272_000, 272_001])))
    cached = sorted(draw(st.tuples(st.floats(0, 1), st.floats(0, 1))))
    read, written = int(count * cached[0]), int(count * (cached[1] - cached[0]))
    output = draw(st.integers(0, 200_000))
    return Usage(
        count,
        output,
        int(output * draw(st.floats(0, 1))),
        read,
        written,
        int(written * draw(st.sampled_from([0, 0.5, 1]))),
    )


@given(choice=st.integers(0), usage=_usages(), more=st.tuples(st.integers(0, 300_000), st.integers(0, 5_000)))
def test_no_usage_within_the_bound_costs_more_than_the_most(choice: int, usage: Usage, more: tuple[int, int]) -> None:
    models = _peculiar() if choice % 2 else _listed()
    prices, model = models[choice // 2 % len(models)]
    cost, _ = cost_nano_usd(prices, model, usage)
    most = most_nano_usd(prices, model, usage.input_tokens + more[0], usage.output_tokens + more[1])
    assert most is not None
    if cost is not None:
        assert cost <= most


@given(choice=st.integers(0), usage=_usages())
def test_the_most_is_no_more_than_the_dearest_usage_costs(choice: int, usage: Usage) -> None:
    """Among models with one price a class, that usage can be written down."""
    prices, model = _listed()[choice % len(_listed())]
    assume((prices, model) not in set(_peculiar()))
    count, output = usage.input_tokens, usage.output_tokens
    costs = (
        cost_nano_usd(prices, model, one)[0]
        for one in (Usage(count, output), Usage(count, output, 0, count), Usage(count, output, 0, 0, count))
    )
    dearest = max(cost for cost in costs if cost is not None)
    most = most_nano_usd(prices, model, count, output)
    assert most is not None
    assert dearest <= most <= dearest + 1


def test_a_time_of_day_with_a_higher_price_is_reckoned_with() -> None:
    vendor = next(one for one in data.providers if one.id == "deepseek")
    model = next(
        one
        for one in vendor.models
        if not isinstance(one.prices, ModelPrice)
        and any(isinstance(price.constraint, TimeOfDateConstraint) for price in one.prices)
    )
    assert not isinstance(model.prices, ModelPrice)
    in_force = [one.prices.input_mtok for one in model.prices if isinstance(one.constraint, TimeOfDateConstraint)]
    dearest = max(one for one in in_force if isinstance(one, Decimal))
    most = most_nano_usd("deepseek", model.id, 1_000_000, 0)
    assert most is not None
    assert most >= dearest * 10**9


@given(usage=_usages(), prices=st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)))
def test_the_most_at_the_users_own_price_is_that_price_rounded_up(usage: Usage, prices: tuple[int, int]) -> None:
    own = OwnPrice(Decimal(prices[0]) / 10**6, Decimal(prices[1]) / 10**6)
    exact = Fraction(prices[0] * usage.input_tokens + prices[1] * usage.output_tokens, 1_000)
    cost, _ = cost_nano_usd("openai", "gpt-4o", usage, own)
    most = most_nano_usd("openai", "gpt-4o", usage.input_tokens, usage.output_tokens, own)
    assert most == -(-exact // 1)
    assert cost is not None
    assert abs(cost - exact) <= Fraction(1, 2)


def test_the_most_is_unknown_where_the_price_is_and_nothing_where_it_is_free() -> None:
    assert most_nano_usd("openai", "no-such-model", 10, 10) is None
    assert most_nano_usd("none", "gpt-4o", 10, 10) is None
    assert most_nano_usd(None, "gpt-4o", 10, 10) is None
    assert most_nano_usd("azure", "phi-4-reasoning:free", 10, 10) is None
    assert most_nano_usd("local", "anything", 10**9, 10**9) == 0
    assert most_nano_usd("none", "x", 10**6, 0, OwnPrice(Decimal(1), Decimal(2))) == 10**9


# Costs over every model of the data


@given(choice=st.integers(0), usage=_usages(), more=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_more_tokens_never_cost_less_with_any_model(choice: int, usage: Usage, more: tuple[int, int]) -> None:
    prices, model = _listed()[choice % len(_listed())]
    cost, _ = cost_nano_usd(prices, model, usage)
    larger = replace(usage, input_tokens=usage.input_tokens + more[0], output_tokens=usage.output_tokens + more[1])
    if cost is None:
        assert usage.cache_write_1h_tokens
        return
    grown, _ = cost_nano_usd(prices, model, larger)
    assert grown is not None
    assert 0 <= cost <= grown


@given(choice=st.integers(0), first=_usages(), second=_usages())
def test_costs_add_up(choice: int, first: Usage, second: Usage) -> None:
    """Where no price depends on the length, two calls cost what one of both would, but for the rounding of each."""
    plain = [one for one in _listed() if one not in set(_peculiar()) and one[0] != "perplexity"]
    prices, model = plain[choice % len(plain)]
    first, second = (replace(one, cache_write_1h_tokens=0) for one in (first, second))
    both = Usage(
        first.input_tokens + second.input_tokens,
        first.output_tokens + second.output_tokens,
        first.reasoning_tokens + second.reasoning_tokens,
        first.cache_read_tokens + second.cache_read_tokens,
        first.cache_write_tokens + second.cache_write_tokens,
    )
    costs = [cost_nano_usd(prices, model, one)[0] for one in (first, second)]
    together, _ = cost_nano_usd(prices, model, both)
    assert together is not None
    assert abs(sum(cost for cost in costs if cost is not None) - together) <= 1


@given(vendor=st.sampled_from(price_lists()), model=st.text(max_size=40), usage=_usages())
def test_whatever_a_model_is_called_it_is_priced_or_unknown(vendor: str, model: str, usage: Usage) -> None:
    cost, _ = cost_nano_usd(vendor, model, usage)
    assert cost is None or cost >= 0
    context = context_of(vendor, model)
    assert context is None or context > 0


# Bounds of the input, and contexts


@given(texts=st.lists(st.text(max_size=200), max_size=4))
def test_the_bound_is_above_any_estimate(texts: list[str]) -> None:
    messages = [Message(Role.USER, text) for text in texts]
    assert input_bound(messages) >= sum(estimate(text) for text in texts)


def test_pictures_count_as_the_most_any_vendor_counts_for_one() -> None:
    picture = Picture("image/png", b"")
    bare, seen = Message(Role.USER, "Look"), Message(Role.USER, "Look", (picture, picture))
    assert input_bound([seen]) - input_bound([bare]) == 2 * MOST_TOKENS_A_PICTURE


def test_half_a_character_does_no_harm() -> None:
    assert input_bound([Message(Role.USER, "\ud83d")]) >= 3


def test_contexts_are_as_the_data_has_them() -> None:
    assert context_of("anthropic", "claude-opus-4-5") == 200_000
    assert context_of("google", "models/gemini-2.5-flash") == 1_048_576
    assert context_of("google", "no-such-model") is None
    assert context_of("local", "gpt-4o") is None
    assert context_of("none", "gpt-4o") is None
    assert context_of(None, "gpt-4o") is None


@pytest.mark.parametrize(
    ("base_url", "prices"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://generativelanguage.googleapis.com", "google"),
        ("https://api.anthropic.com", "anthropic"),
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("https://api.groq.com/openai/v1", "groq"),
        ("https://api.mistral.ai/v1", "mistral"),
        ("https://api.deepseek.com", "deepseek"),
        ("https://api.together.xyz/v1", "together"),
        ("https://api.x.ai/v1", "x-ai"),
        ("https://api.openai.com.example.com/v1", "none"),
        ("https://example.com/x.googleapis.com", "none"),
        ("https://example.com?.googleapis.com", "none"),
        ("https://example.com/https://api.openai.com", "none"),
        ("http://api.openai.com/v1", "none"),
        ("http://127.0.0.1:11434", "none"),
        ("", "none"),
    ],
)
def test_a_vendors_prices_hold_at_his_own_host_only(base_url: str, prices: str) -> None:
    assert usual_prices(base_url) == prices
