"""How much of a budget is used, as a meter shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from forgeapp.ledger.budgets import BudgetRow

_WARN_FROM: Final = 0.8


def used_share(row: BudgetRow) -> float:
    """Spent and reserved of the amount, 1 for all of it and more."""
    used = row.settled_nano_usd + row.reserved_nano_usd
    return min(used / row.amount_nano_usd, 1.0) if row.amount_nano_usd > 0 else 1.0


def meter_role(share: float) -> str:
    if share >= 1.0:
        return "bad"
    return "warn" if share >= _WARN_FROM else "good"
