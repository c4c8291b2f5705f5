"""`forgeapp exports`: what was exported, what waits, and what to do about those that failed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial

from forgeapp.app import App, build
from forgeapp.cli.export import in_turn
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.number import count, number
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output
from forgeapp.cli.progress import progress_teller, waiting_teller
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject
from forgeapp.errors import ExportNotWaiting
from forgeapp.ledger.exports import ExportRow, ExportStatus
from forgeapp.services.exporting.exported import Exported

_LISTED = 50


def configure(parser: argparse.ArgumentParser) -> None:
    many = f"so many ({_LISTED})"
    parser.add_argument("--last", metavar="N", type=count, default=_LISTED, help=many)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="the newest first; those that wait and run are among them")
    # Without a default of its own: it would undo what stands before 'list'.
    listing.add_argument("--last", metavar="N", type=count, default=argparse.SUPPRESS, help=many)
    retry = actions.add_parser("retry", help="export once more what failed, was stopped or is done")
    retry.add_argument("export", metavar="N", type=number, help="its number in the list")
    retry.add_argument(
        "--keep-differing", action="store_true", help="keep the file that failed by its differences, and say them"
    )
    cancel = actions.add_parser("cancel", help="take one that waits out of the queue")
    cancel.add_argument("export", metavar="N", type=number, help="its number in the list")
    actions.add_parser("resume", help="run those that a program which ended has left waiting")
    actions.add_parser("clear", help="list those that have ended no longer; files stay")
    add_common_options(*actions.choices.values())


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        match arguments.action:
            case "retry":
                again = app.exports.keep_anyway if arguments.keep_differing else app.exports.retry
                return _run([again(arguments.export)], app.exports.finish, app, output)
            case "resume":
                # What Ctrl-C leaves waiting stays in the queue.
                return _run([row.id for row in app.exports.unfinished()], app.exports.run, app, output)
            case "cancel":
                if not app.exports.cancel_queued(arguments.export):
                    status = app.ledger.exports.get(arguments.export).status
                    raise ExportNotWaiting(export=arguments.export, status=status.value)
                output.result({"cancelled": arguments.export}, f"Export {arguments.export} is taken out of the queue.")
            case "clear":
                cleared = app.exports.clear_history()
                output.result({"cleared": cleared}, f"Taken off the list: {cleared}. No file was touched.")
            case _:
                _list(app.exports.history(arguments.last), output)
    return 0


def _run(exports: list[int], run_one: Callable[..., Exported], app: App, output: Output) -> int:
    with stopped_by_interrupt() as cancel:
        on_waiting = waiting_teller(app, output)
        runs = (
            partial(run_one, export, cancel, progress_teller(output, f"export {export}"), on_waiting)
            for export in exports
        )
        return in_turn(runs, cancel, output)


def _list(rows: list[ExportRow], output: Output) -> None:
    output.table(
        [_to_json(row) for row in rows],
        ("export", "at (UTC)", "what", "format", "status", "file"),
        [(row.id, row.created_at[:16].replace("T", " "), row.title, row.format, _told(row), row.path) for row in rows],
        if_empty="No exports yet.",
    )


def _told(row: ExportRow) -> str:
    if row.status is ExportStatus.FAILED:
        return f"failed: {row.error_type}"
    if row.status is ExportStatus.COMPLETED and row.differences:
        return "completed, differs"
    return row.status.value


def _to_json(row: ExportRow) -> dict[str, object]:
    what: dict[str, object] = {"artifact": None, "version": None, "conversation": None}
    match row.subject:
        case ArtifactSubject(artifact, version):
            what |= {"artifact": artifact, "version": version}
        case ConversationSubject(conversation):
            what |= {"conversation": conversation}
    return {
        "id": row.id,
        **what,
        "title": row.title,
        "format": row.format,
        "path": row.path,
        "options": row.options.to_json(),
        "status": row.status.value,
        "bytes": row.bytes,
        "duration_ms": row.duration_ms,
        "warnings": list(row.warnings),
        "differences": list(row.differences),
        "error_type": row.error_type,
        "error_message": row.error_message,
        "created_at": row.created_at,
        "started_at": row.started_at,
        "completed_at": row.completed_at,
    }
