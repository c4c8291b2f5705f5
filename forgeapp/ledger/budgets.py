"""What may be spent in a month (UTC): everywhere, for a project, for a kind; and whether there is room for a call.

A call belongs to the month in which it began. One that runs counts with the most it can cost until it is settled, also
over the end of a month; one whose cost nobody knows counts as 0, and is counted apart.

Not here: the transaction in which room is looked for and taken, which is `Calls.begin`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, func, select, text

from forgeapp.domain.artifact import Kind
from forgeapp.domain.money import NANO_PER_USD, usd_text
from forgeapp.domain.wording import Text
from forgeapp.errors import BudgetExceeded, UsageError
from forgeapp.ledger.database import Database, utc_now
from forgeapp.ledger.projects import ensure_project, find_project, project_of
from forgeapp.ledger.tables import budgets, calls, projects
from forgeapp.ledger.totals import read_spending

IS_RUNNING = text("calls.status = 'running'")
"""Written out, not as a parameter: only so SQLite uses the index of running calls."""

_MOST_NANO_USD: Final = 10**9 * NANO_PER_USD


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit that comes from settings: on calls with the key of this name that began at `since` or later."""

    name: str
    amount_nano_usd: int
    since: str
    key_name: str


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A month's budget and what has come of it. `project` None: of all projects; `kind` None: for all kinds."""

    project: str | None
    kind: Kind | None
    amount_nano_usd: int
    settled_nano_usd: int
    reserved_nano_usd: int
    unknown_cost_calls: int

    @property
    def left_nano_usd(self) -> int:
        """What may still be spent; never below 0."""
        return max(self.amount_nano_usd - self.settled_nano_usd - self.reserved_nano_usd, 0)


class Budgets:
    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, amount_nano_usd: int | None, project: str | None = None, kind: Kind | None = None) -> None:
        """The budget of this scope, in place of the one it had; None takes it away. A project not there is made.

        Raises UsageError for an amount that is none.
        """
        if amount_nano_usd is not None and not 0 <= amount_nano_usd <= _MOST_NANO_USD:
            raise UsageError(reason=f"A budget is an amount from 0 to {_MOST_NANO_USD // NANO_PER_USD:,} USD.")
        with self._database.writing() as connection:
            project_id = None
            if project is not None:
                find = find_project if amount_nano_usd is None else ensure_project
                project_id = find(connection, project)
                if project_id is None:
                    return
            own = _is(budgets.c.project_id, project_id), _is(budgets.c.kind, kind.value if kind else None)
            connection.execute(budgets.delete().where(*own))
            if amount_nano_usd is not None:
                connection.execute(
                    budgets.insert().values(
                        project_id=project_id, kind=kind.value if kind else None, amount_nano_usd=amount_nano_usd
                    )
                )

    def all(self) -> list[BudgetRow]:
        """The one for everything first, then by project and kind."""
        query = _BUDGETS.order_by(projects.c.name, budgets.c.kind)
        with self._database.reading() as connection:
            return [_budget_row(connection, row) for row in connection.execute(query).all()]

    def room(
        self, conversation: int | None, project: str | None, kind: Kind | None, caps: Sequence[Cap] = ()
    ) -> int | None:
        """What the tightest budget or cap leaves a call, in nano-dollars; None where none applies.

        `project` counts outside a conversation only.
        """
        with self._database.reading() as connection:
            project_id = project_of(connection, conversation, project)
            limits = _limits(connection, project_id, kind, caps)
        return min((limit.left_nano_usd for limit in limits), default=None)

    def left_of(self, cap: Cap) -> int:
        """What this cap alone leaves, in nano-dollars; never below 0."""
        with self._database.reading() as connection:
            return _limit_of(connection, cap).left_nano_usd


@dataclass(frozen=True, slots=True)
class _Limit:
    name: str
    amount_nano_usd: int
    used_nano_usd: int

    @property
    def left_nano_usd(self) -> int:
        return max(self.amount_nano_usd - self.used_nano_usd, 0)


def require_room(
    connection: Connection,
    most_nano_usd: int,
    project_id: int | None,
    kind: Kind | None,
    caps: Sequence[Cap],
    model: str,
) -> None:
    """Raises BudgetExceeded, within the transaction that takes the room, where a call can cost more than is left.

    What costs nothing is never blocked.
    """
    if most_nano_usd <= 0:
        return
    limits = _limits(connection, project_id, kind, caps)
    tightest = min(limits, key=lambda limit: limit.left_nano_usd, default=None)
    if tightest is not None and most_nano_usd > tightest.left_nano_usd:
        raise BudgetExceeded(
            budget=tightest.name,
            amount=usd_text(tightest.amount_nano_usd),
            left=usd_text(tightest.left_nano_usd),
            most=usd_text(most_nano_usd),
            model=model,
            left_nano_usd=tightest.left_nano_usd,
            most_nano_usd=most_nano_usd,
        )


def _limits(connection: Connection, project_id: int | None, kind: Kind | None, caps: Sequence[Cap]) -> list[_Limit]:
    """Every budget and cap that applies, with what is used of each."""
    applying = _BUDGETS.where(
        budgets.c.project_id.is_(None) | (budgets.c.project_id == project_id),
        budgets.c.kind.is_(None) | (budgets.c.kind == (kind.value if kind else None)),
    )
    limits = []
    for row in connection.execute(applying).all():
        budget = _budget_row(connection, row)
        limits.append(_Limit(_name(budget), budget.amount_nano_usd, budget.settled_nano_usd + budget.reserved_nano_usd))
    return [*limits, *(_limit_of(connection, cap) for cap in caps)]


def _limit_of(connection: Connection, cap: Cap) -> _Limit:
    settled, _, reserved = _used(connection, cap.since, calls.c.key_name == cap.key_name)
    return _Limit(cap.name, cap.amount_nano_usd, settled + reserved)


_BUDGETS = (
    select(budgets, projects.c.name.label("project"))
    .select_from(budgets.outerjoin(projects))
    # A newer program may know more kinds.
    .where(budgets.c.kind.is_(None) | budgets.c.kind.in_([kind.value for kind in Kind]))
)


def _budget_row(connection: Connection, row: Any) -> BudgetRow:
    own = []
    if row.project_id is not None:
        own.append(calls.c.project_id == row.project_id)
    if row.kind is not None:
        own.append(calls.c.kind == row.kind)
    settled, unknown, reserved = _used(connection, utc_now()[: len("2026-11")], *own)
    return BudgetRow(
        project=row.project,
        kind=Kind(row.kind) if row.kind is not None else None,
        amount_nano_usd=row.amount_nano_usd,
        settled_nano_usd=settled,
        reserved_nano_usd=reserved,
        unknown_cost_calls=unknown,
    )


def _used(connection: Connection, since: str, *own: ColumnElement[bool]) -> tuple[int, int, int]:
    """Of the calls meant: settled cost since then, how many of them have none that is known, and what is reserved."""
    settled = read_spending(connection, since, *own)
    reserved = select(func.coalesce(func.sum(calls.c.reserved_nano_usd), 0)).where(IS_RUNNING, *own)
    return settled.cost_nano_usd, settled.unknown_cost_calls, connection.execute(reserved).scalar_one()


def _name(budget: BudgetRow) -> Text:
    match budget:
        case BudgetRow(project=None, kind=None):
            return Text("monthly_budget", "The monthly budget")
        case BudgetRow(kind=None):
            return Text("monthly_budget_project", "The monthly budget of project {project}", project=budget.project)
        case BudgetRow(project=None):
            return Text("monthly_budget_kind", "The monthly budget for the kind {kind}", kind=budget.kind)
    return Text(
        "monthly_budget_project_kind",
        "The monthly budget of project {project} for the kind {kind}",
        project=budget.project,
        kind=budget.kind,
    )


def _is(column: Column[Any], value: object) -> ColumnElement[bool]:
    """Equal, NULL being equal to NULL."""
    return column.is_not_distinct_from(value)
