"""`forgeapp artifacts`: the list, and the versions of one."""

from __future__ import annotations

import argparse

from forgeapp.app import build
from forgeapp.cli.number import number
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    show = actions.add_parser("show", help="one version, the newest by default")
    show.add_argument("artifact", metavar="ID", type=number)
    show.add_argument("--version", metavar="N", type=number, dest="number")
    compare = actions.add_parser("diff", help="what changed from version A to version B")
    compare.add_argument("artifact", metavar="ID", type=number)
    compare.add_argument("before", metavar="A", type=number)
    compare.add_argument("after", metavar="B", type=number)
    restore = actions.add_parser("restore", help="make version N the newest one again")
    restore.add_argument("artifact", metavar="ID", type=number)
    restore.add_argument("number", metavar="N", type=number)
    add_common_options(show, compare, restore)


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        match arguments.action:
            case "show":
                content = app.ledger.artifacts.version(arguments.artifact, arguments.number).content
                output.result(app.describing.describe(content), app.describing.as_text(content))
            case "diff":
                from forgeapp.services.diff import diff

                before = app.ledger.artifacts.version(arguments.artifact, arguments.before)
                after = app.ledger.artifacts.version(arguments.artifact, arguments.after)
                hunks = diff(before.content, after.content)
                lines = [line for hunk in hunks for line in (f"{hunk.where}:", f"- {hunk.before}", f"+ {hunk.after}")]
                output.result({"hunks": [hunk.to_json() for hunk in hunks]}, lines or "No difference.")
            case "restore":
                restored = app.ledger.artifacts.restore(arguments.artifact, arguments.number)
                output.result(
                    {
                        "artifact": {
                            "id": restored.artifact,
                            "kind": restored.kind.value,
                            "version": restored.number,
                        }
                    },
                    f"Version {arguments.number} is now version {restored.number} of artifact {restored.artifact}.",
                )
            case _:
                rows = app.ledger.artifacts.all()
                output.table(
                    [
                        {
                            "id": row.id,
                            "kind": row.kind.value,
                            "title": row.title,
                            "version": row.version,
                            "versions": row.versions,
                            "conversation": row.conversation,
                            "updated_at": row.updated_at,
                        }
                        for row in rows
                    ],
                    ("id", "kind", "title", "versions", "conversation", "updated (UTC)"),
                    [
                        (
                            row.id,
                            row.kind.value,
                            row.title,
                            row.versions,
                            row.conversation,
                            row.updated_at[:16].replace("T", " "),
                        )
                        for row in rows
                    ],
                    if_empty="No artifacts yet. Make one: forgeapp forge 'a monthly budget spreadsheet for a cafe'",
                )
    return 0
