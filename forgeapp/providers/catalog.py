"""What tokens cost: the maintained genai-prices data, the user's own prices, and what is free.

Not here: context sizes. An unknown price is None, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from forgeapp.domain.money import NANO_PER_USD
from forgeapp.domain.usage import Usage

LOCAL: Final = "local"
NONE: Final = "none"

_TOKENS_PER_UNIT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A price the user set, in USD per million tokens. Cached tokens are charged as input."""

    input_usd: Decimal
    output_usd: Decimal

    def __str__(self) -> str:
        return f"{self.input_usd}/{self.output_usd}"


def price_lists() -> tuple[str, ...]:
    """The names of price lists: 'local' (free), 'none' (unknown), and the vendors of genai-prices."""
    from genai_prices import data

    return (LOCAL, NONE, *(provider.id for provider in data.providers))


def cost_nano_usd(prices: str | None, model: str, usage: Usage, own: OwnPrice | None = None) -> tuple[int | None, str]:
    """What a call of `usage` costs in 1e-9 USD, rounded half to even, and the version of the price table used.

    `prices`: a vendor of genai-prices ('openai', 'google', 'openrouter', ...), 'local' (free), 'none' or None.
    `own` wins over all of them. The cost is None where the price is unknown.
    """
    if own is not None:
        usd = own.input_usd * usage.input_tokens + own.output_usd * usage.output_tokens
        return _nano(usd / _TOKENS_PER_UNIT), "own"
    if prices == LOCAL:
        return 0, LOCAL
    if prices is None or prices == NONE:
        return None, NONE
    return _from_table(prices, model.removeprefix("models/"), usage)


def _from_table(vendor: str, model: str, usage: Usage) -> tuple[int | None, str]:
    import genai_prices

    version = f"genai-prices {genai_prices.__version__}"
    try:
        price = genai_prices.calc_price(
            genai_prices.Usage(
                input_tokens=usage.input_tokens,
                output_tokens=usage.output_tokens,
                cache_read_tokens=usage.cache_read_tokens or None,
                cache_write_tokens=usage.cache_write_tokens or None,
            ),
            model,
            provider_id=vendor,
        )
    except (LookupError, ValueError):
        return None, version
    # 205 models of the table stand in it without a price, and come out as 0.
    listed = price.model_price
    if listed.input_mtok is None or (listed.output_mtok is None and usage.output_tokens):
        return None, version
    return _nano(price.total_price), version


def _nano(usd: Decimal) -> int:
    return int((usd * NANO_PER_USD).to_integral_value(ROUND_HALF_EVEN))
