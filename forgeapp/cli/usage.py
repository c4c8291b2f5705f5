"""`forgeapp usage`: what was called and what it cost."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from forgeapp.app import build
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.domain.money import NANO_PER_USD, usd_text
from forgeapp.domain.table import Table
from forgeapp.ledger.totals import GROUPS, UsageRow

_COLUMNS = ("calls", "input_tokens", "output_tokens", "cost_nano_usd", "unknown_cost_calls")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", choices=GROUPS, default="model", help="what to sum up by (model)")
    parser.add_argument("--to", metavar="FILE", help="write it as CSV, XLSX, PDF, DOCX, MD, HTML or JSON")


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        rows, total = app.ledger.calls.totals(arguments.by)
        if arguments.to:
            app.exports.write_table(_table(arguments.by, rows, total), Path(arguments.to))
    output.table(
        {
            "rows": [{arguments.by: row.key, **_figures(row)} for row in rows],
            "total": _figures(total),
        },
        (arguments.by, "calls", "input tokens", "output tokens", "cost", "of unknown cost"),
        [*(_shown(row.key or "none", row) for row in rows), _shown("total", total)] if rows else [],
        if_empty="No calls yet.",
    )
    return 0


def _figures(row: UsageRow) -> dict[str, int]:
    figures = asdict(row)
    return {name: figures[name] for name in _COLUMNS}


def _shown(key: str, row: UsageRow) -> tuple[object, ...]:
    cost = usd_text(row.cost_nano_usd)
    if row.unknown_cost_calls:
        cost = "unknown" if row.unknown_cost_calls == row.calls else f"at least {cost}"
    return key, row.calls, row.input_tokens, row.output_tokens, cost, row.unknown_cost_calls or ""


def _table(by: str, rows: list[UsageRow], total: UsageRow) -> Table:
    columns = (by.capitalize(), "Calls", "Input tokens", "Output tokens", "Cost (USD)", "Calls of unknown cost")
    lines = [(row.key or "none", row) for row in rows] + [("Total", total)]
    return Table(
        f"Usage by {by}",
        columns,
        tuple(
            (
                name,
                str(row.calls),
                str(row.input_tokens),
                str(row.output_tokens),
                _usd(row),
                str(row.unknown_cost_calls),
            )
            for name, row in lines
        ),
    )


def _usd(row: UsageRow) -> str:
    """The known costs, exact to the nano-dollar; 'unknown' where none is known."""
    if row.calls and row.unknown_cost_calls == row.calls:
        return "unknown"
    whole, rest = divmod(row.cost_nano_usd, NANO_PER_USD)
    return f"{whole}.{rest:09d}"
