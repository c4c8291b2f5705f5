"""`forgeapp budget`: what may be spent in a month, and what has come of it."""

from __future__ import annotations

import argparse

from forgeapp.app import build
from forgeapp.cli.number import nano_usd
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output
from forgeapp.cli.request_options import add_kind_option, kind_of
from forgeapp.domain.money import usd_text
from forgeapp.ledger.budgets import BudgetRow

_NONE = "none"


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("show", help="every budget, what is spent of it and what is left this month (UTC)")
    change = actions.add_parser("set", help="set a month's budget, or take it away")
    change.add_argument("amount", metavar="AMOUNT", type=_amount, help="USD a month, such as 25 or 12.50; or 'none'")
    change.add_argument("--project", metavar="P", help="for this project alone")
    add_kind_option(change, "for this kind alone")
    add_common_options(*actions.choices.values())


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        if arguments.action == "set":
            app.ledger.budgets.set(arguments.amount, arguments.project, kind_of(arguments))
        rows = app.ledger.budgets.all()
    output.table(
        {"rows": [_to_json(row) for row in rows]},
        ("for", "budget", "spent", "reserved", "left", "of unknown cost"),
        [_shown(row) for row in rows],
        if_empty="No budget: nothing is blocked for its cost. Set one: forgeapp budget set 25",
    )
    return 0


def _amount(text: str) -> int | None:
    return None if text == _NONE else nano_usd(text)


def _to_json(row: BudgetRow) -> dict[str, object]:
    return {
        "project": row.project,
        "kind": row.kind.value if row.kind else None,
        "budget_nano_usd": row.amount_nano_usd,
        "settled_nano_usd": row.settled_nano_usd,
        "reserved_nano_usd": row.reserved_nano_usd,
        "left_nano_usd": row.left_nano_usd,
        "unknown_cost_calls": row.unknown_cost_calls,
    }


def _shown(row: BudgetRow) -> tuple[object, ...]:
    parts = [f"project {row.project}" if row.project is not None else "", row.kind.value if row.kind else ""]
    amounts = row.amount_nano_usd, row.settled_nano_usd, row.reserved_nano_usd, row.left_nano_usd
    scope = ", ".join(part for part in parts if part) or "everything"
    return scope, *map(usd_text, amounts), row.unknown_cost_calls or ""
