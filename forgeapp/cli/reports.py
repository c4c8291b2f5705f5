"""`forgeapp reports`: what was written down of requests that nobody answered."""

from __future__ import annotations

import argparse
from pathlib import Path

from forgeapp.app import build
from forgeapp.cli.number import number
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output
from forgeapp.ledger.reports import ReportRow
from forgeapp.services.asking.failure_report import report_document, report_name

_PREFIX = report_name(0).rstrip("0")
_TASK_CHARS = 60


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="the newest first")
    show = actions.add_parser("show", help="one of them")
    show.add_argument("report", metavar="ID", type=_report, help="its number, also as FR-000012")
    show.add_argument("--to", metavar="FILE", help="write it, as MD, PDF, DOCX or HTML")
    add_common_options(*actions.choices.values())


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        if arguments.action != "show":
            return _list(app.ledger.reports.all(), output)
        row = app.ledger.reports.get(arguments.report)
        document = report_document(row.id, row.markdown)
        data = _to_json(row) | {"markdown": document.markdown}
        if arguments.to is None:
            output.result(data, document.markdown.rstrip())
            return 0
        target = Path(arguments.to)
        app.exports.write_document(document, target)
    output.result(data | {"export": str(target.absolute())}, f"Saved: {target.absolute()}")
    return 0


def _list(rows: list[ReportRow], output: Output) -> int:
    output.table(
        [_to_json(row) for row in rows],
        ("report", "at (UTC)", "conversation", "task"),
        [
            (report_name(row.id), row.created_at[:16].replace("T", " "), row.conversation, row.task[:_TASK_CHARS])
            for row in rows
        ],
        if_empty="No reports: every request was answered.",
    )
    return 0


def _to_json(row: ReportRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": report_name(row.id),
        "conversation": row.conversation,
        "message": row.message,
        "task": row.task,
        "created_at": row.created_at,
    }


def _report(text: str) -> int:
    return number(text.upper().removeprefix(_PREFIX))
