"""Money: integers of 1e-9 USD, so that a million calls add up exactly."""

from __future__ import annotations

NANO_PER_USD = 1_000_000_000
LOCAL_PRICES = "local"
"""The price list of what costs nothing, for it runs on the user's own machine."""


def nano_from_usd(usd: str) -> int:
    """'0.0031' -> 3_100_000. Raises ValueError for text that is no decimal amount of at most nine places."""
    from decimal import Decimal, InvalidOperation

    try:
        nano = Decimal(usd) * NANO_PER_USD
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {usd!r}") from error
    if not nano.is_finite() or nano != nano.to_integral_value():
        raise ValueError(f"not an amount of at most nine decimal places: {usd!r}")
    return int(nano)


def usd_text(nano: int | None) -> str:
    """For people: '$ 0.0031', '$ 7.61', 'unknown' for None. Small amounts keep two significant digits."""
    if nano is None:
        return "unknown"
    usd = abs(nano) / NANO_PER_USD
    if usd == 0 or usd >= 0.1:
        shown = f"{usd:,.2f}"
    elif usd >= 0.0001:
        shown = f"{usd:.4f}"
    else:
        shown = f"{usd:.9f}".rstrip("0")
    return f"{'-' if nano < 0 else ''}$ {shown}"
