"""`forgeapp cache`: replies that are given again, for nothing, to the very same prompt."""

from __future__ import annotations

import argparse

from forgeapp.app import build
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("show", help="how many are kept, and how often one was given again")
    actions.add_parser("clear", help="give none of them again; the calls stay in the ledger")
    add_common_options(*actions.choices.values())


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        forgotten = app.ledger.kept_replies.forget() if arguments.action == "clear" else None
        totals = app.ledger.kept_replies.totals()
        days = app.settings.cache_days
    data = {"replies": totals.replies, "uses": totals.uses, "days": days}
    if forgotten is not None:
        output.result(data | {"forgotten": forgotten}, f"Forgotten: {forgotten}.")
        return 0
    output.result(data, f"Kept for {days} days: {totals.replies}. Given again so far: {totals.uses} times.")
    return 0
