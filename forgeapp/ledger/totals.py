"""What calls came to: sums over those that are settled, read within a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, case, func, select

from forgeapp.ledger.tables import calls, projects


@dataclass(frozen=True, slots=True)
class UsageRow:
    """Totals of a group of calls; `unknown_cost_calls` are those whose cost is not in the sum."""

    key: str | None
    calls: int
    input_tokens: int
    output_tokens: int
    cost_nano_usd: int
    unknown_cost_calls: int


@dataclass(frozen=True, slots=True)
class Spending:
    """What some calls cost; `unknown_cost_calls` are those whose cost is not in the sum."""

    calls: int
    cost_nano_usd: int
    unknown_cost_calls: int


_GROUPS: dict[str, Column[Any] | Any] = {
    "day": func.substr(calls.c.started_at, 1, 10),
    "month": func.substr(calls.c.started_at, 1, 7),
    "provider": calls.c.provider,
    "model": calls.c.model,
    "kind": calls.c.kind,
    "project": projects.c.name,
    "key": calls.c.key_name,
    "purpose": calls.c.purpose,
}
GROUPS = tuple(_GROUPS)
"""What calls can be grouped by."""

_COST = (
    func.coalesce(func.sum(calls.c.cost_nano_usd), 0),
    func.coalesce(func.sum(case((calls.c.cost_nano_usd.is_(None), 1), else_=0)), 0),
)
_SUMS = (
    func.count(),
    func.coalesce(func.sum(calls.c.input_tokens), 0),
    func.coalesce(func.sum(calls.c.output_tokens), 0),
    *_COST,
)
_SETTLED = calls.c.status != "running"


def read_spending(connection: Connection, since: str, *own: Any) -> Spending:
    """Of the settled calls that began at `since` (a time or the beginning of one, '2026-11') or later.

    `own`: conditions on columns of `ix_calls_spending`, from which alone it is read, however many calls there are.
    """
    query = select(func.count(), *_COST).where(_SETTLED, calls.c.started_at >= since, *own)
    return Spending(*connection.execute(query).one())


def read_totals(connection: Connection, by: str) -> tuple[list[UsageRow], UsageRow]:
    """Sums by one of GROUPS, in the order of the keys, and the sum of all."""
    group = _GROUPS[by]
    rows = connection.execute(
        select(group, *_SUMS).select_from(calls.outerjoin(projects)).where(_SETTLED).group_by(group).order_by(group)
    )
    grouped = [UsageRow(*row) for row in rows]
    return grouped, UsageRow(None, *connection.execute(select(*_SUMS).where(_SETTLED)).one())
