"""What tokens cost: the maintained genai-prices data, the user's own prices, and what is free.

An unknown price is None, never 0. The data has prices by class of usage (input, output, reasoning, cache read, cache
write, cache write kept for an hour), by length of the input, by date and by time of day. A class without a price of
its own is charged as the class above it: cached tokens as input, reasoning as output. Writes kept for an hour are the
exception: vendors charge a multiple for them, so they are unknown where the data has no price for them.

Not here: prices of pictures, sound and searches, which no call of ours is charged for apart from its tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

from forgeapp.domain.chat import Message
from forgeapp.domain.money import LOCAL_PRICES, NANO_PER_USD
from forgeapp.domain.usage import Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice

LOCAL: Final = LOCAL_PRICES
NONE: Final = "none"

MOST_TOKENS_A_PICTURE: Final = 50_000
"""More than any vendor documents for one picture: gpt-4o-mini counts 2,833 and 5,667 for each of at most 8 tiles."""
_TOKENS_A_MESSAGE: Final = 16
"""Marks of role and turn; a chat template has about 4 to 10."""
_TOKENS_A_PROMPT: Final = 256
"""What a chat template puts before the first message; Harmony's (gpt-oss) is the longest, about 70."""
_TOKENS_PER_UNIT: Final = 1_000_000
_MAX_NAME_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A price the user set, in USD per million tokens. Cached tokens are charged as input."""

    input_usd: Decimal
    output_usd: Decimal

    def __str__(self) -> str:
        return f"{self.input_usd}/{self.output_usd}"

    def usd(self, input_tokens: int, output_tokens: int) -> Decimal:
        return (self.input_usd * input_tokens + self.output_usd * output_tokens) / _TOKENS_PER_UNIT


def price_lists() -> tuple[str, ...]:
    """The names of price lists: 'local' (free), 'none' (unknown), and the vendors of genai-prices."""
    from genai_prices import data

    return (LOCAL, NONE, *(provider.id for provider in data.providers))


def usual_prices(base_url: str) -> str:
    """The price list of the vendor whose own host this is, as the data knows it; else 'none': nothing is guessed.

    Vendors the data knows by a path alone are not recognised.
    """
    from genai_prices import data

    scheme, _, rest = base_url.partition("://")
    origin = f"{scheme}://{re.split('[/?#]', rest, maxsplit=1)[0]}"
    for provider in data.providers:
        if re.fullmatch(provider.api_pattern, origin) or re.fullmatch(provider.api_pattern, f"{origin}/"):
            return provider.id
    return NONE


def cost_nano_usd(prices: str | None, model: str, usage: Usage, own: OwnPrice | None = None) -> tuple[int | None, str]:
    """What a call of `usage` costs in 1e-9 USD, rounded half to even, and the version of the price table used.

    `prices`: a vendor of genai-prices ('openai', 'google', 'openrouter', ...), 'local' (free), 'none' or None.
    `own` wins over all of them. The cost is None where the price is unknown.
    """
    if own is not None:
        return _nano(own.usd(usage.input_tokens, usage.output_tokens), ROUND_HALF_EVEN), "own"
    if prices == LOCAL:
        return 0, LOCAL
    if prices is None or prices == NONE:
        return None, NONE
    found = _find(prices, model)
    usd = _usd(found.get_prices(datetime.now(UTC)), usage) if found else None
    return None if usd is None else _nano(usd, ROUND_HALF_EVEN), _version()


def most_nano_usd(
    prices: str | None,
    model: str,
    input_bound_tokens: int,
    most_output_tokens: int,
    own: OwnPrice | None = None,
) -> int | None:
    """The most a call can cost in 1e-9 USD, rounded up; None where the price is unknown.

    Never less than `cost_nano_usd` of any usage with at most so many tokens in and out, however they are split into
    classes, at any time of the next day: that is linear in each class as long as the input stays in one range of
    lengths, so the dearest usage is one of a single class, at the end of a range.
    """
    if own is not None:
        return _nano(own.usd(input_bound_tokens, most_output_tokens), ROUND_CEILING)
    if prices == LOCAL:
        return 0
    if prices is None or prices == NONE:
        return None
    found = _find(prices, model)
    costs = [
        usd
        for listed in (_prices_of_the_day(found) if found else ())
        for usage in _extremes(listed, input_bound_tokens, most_output_tokens)
        if (usd := _usd(listed, usage)) is not None
    ]
    return _nano(max(costs), ROUND_CEILING) if costs else None


def input_bound(messages: Iterable[Message]) -> int:
    """More tokens than any tokenizer makes of these messages: one a UTF-8 byte, and what goes around them."""
    return _TOKENS_A_PROMPT + sum(
        _TOKENS_A_MESSAGE
        + len(message.text.encode("utf-8", "surrogatepass"))
        + MOST_TOKENS_A_PICTURE * len(message.pictures)
        for message in messages
    )


def context_of(prices: str | None, model: str) -> int | None:
    """How many tokens the model can take in, as the price data has it; None where it says nothing."""
    found = _find(prices, model) if prices not in (None, LOCAL, NONE) else None
    return found.context_window if found else None


def _find(vendor: str | None, model: str) -> ModelInfo | None:
    from genai_prices.data_snapshot import get_snapshot

    model = model.removeprefix("models/")
    if not vendor or len(model) > _MAX_NAME_CHARS:
        return None
    try:
        return get_snapshot().find_provider_model(model, None, vendor, None)[1]
    except LookupError:
        return None


def _usd(listed: ModelPrice, usage: Usage) -> Decimal | None:
    import genai_prices

    # 205 models of the table stand in it without a price, and come out as 0.
    if listed.input_mtok is None or (listed.output_mtok is None and usage.output_tokens):
        return None
    if usage.cache_write_1h_tokens and listed.cache_write_1h_mtok is None:
        return None
    cached = usage.cache_read_tokens + usage.cache_write_tokens
    if cached > usage.input_tokens or usage.cache_write_1h_tokens > usage.cache_write_tokens:
        return None
    try:
        counted = genai_prices.Usage(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            cache_write_tokens=usage.cache_write_tokens,
            cache_write_1h_tokens=usage.cache_write_1h_tokens,
            output_reasoning_tokens=usage.reasoning_tokens,
        )
        return listed.calc_price(counted)["total_price"]
    except ValueError:
        return None


def _prices_of_the_day(model: ModelInfo) -> list[ModelPrice]:
    """Those that may hold until this time tomorrow."""
    from genai_prices.types import ModelPrice, TimeOfDateConstraint

    if isinstance(model.prices, ModelPrice):
        return [model.prices]
    now = datetime.now(UTC)
    by_the_clock = [one.prices for one in model.prices if isinstance(one.constraint, TimeOfDateConstraint)]
    return [model.get_prices(now), model.get_prices(now + timedelta(days=1)), *by_the_clock]


def _extremes(listed: ModelPrice, input_tokens: int, output_tokens: int) -> Iterator[Usage]:
    """Usages one of which is the dearest of all within these bounds."""
    from genai_prices.types import TieredPrices

    starts = {
        tier.start
        for price in vars(listed).values()
        if isinstance(price, TieredPrices)
        for tier in price.tiers
        if tier.start < input_tokens
    }
    reasonings = {0} if listed.output_reasoning_mtok is None else {0, output_tokens}
    for count in {*starts, input_tokens}:
        for reasoning in reasonings:
            yield Usage(count, output_tokens, reasoning)
            if listed.cache_read_mtok is not None:
                yield Usage(count, output_tokens, reasoning, count)
            if listed.cache_write_mtok is not None:
                yield Usage(count, output_tokens, reasoning, 0, count)
            if listed.cache_write_1h_mtok is not None:
                yield Usage(count, output_tokens, reasoning, 0, count, count)


def _version() -> str:
    import genai_prices

    return f"genai-prices {genai_prices.__version__}"


def _nano(usd: Decimal, rounding: str) -> int:
    return int((usd * NANO_PER_USD).to_integral_value(rounding))
