"""`forgeapp artifacts`: the list, and the versions of one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from forgeapp.app import App, build
from forgeapp.cli.number import number
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output
from forgeapp.domain.money import usd_text

if TYPE_CHECKING:
    from forgeapp.services.provenance import Provenance, Step


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
    name = actions.add_parser("label", help="give version N a name; '' takes it away")
    name.add_argument("artifact", metavar="ID", type=number)
    name.add_argument("number", metavar="N", type=number)
    name.add_argument("label", metavar="TEXT")
    origin = actions.add_parser("provenance", help="where a version comes from: requests, models, calls, cost, edits")
    origin.add_argument("artifact", metavar="ID", type=number)
    origin.add_argument("--version", metavar="N", type=number, dest="number")
    versions = actions.add_parser("versions", help="the versions of one, the newest first")
    versions.add_argument("artifact", metavar="ID", type=number)
    copy = actions.add_parser("save-as", help="keep a version as a new artifact, a version of another, or a source")
    copy.add_argument("artifact", metavar="ID", type=number)
    copy.add_argument("--version", metavar="N", type=number, dest="number")
    place = copy.add_mutually_exclusive_group()
    place.add_argument("--as-version-of", metavar="OTHER", type=number, help="the next version of this artifact")
    place.add_argument("--as-source", action="store_true", help="a source, to be given to models as context")
    copy.add_argument("--title", metavar="TEXT", help="what the new one is called")
    add_common_options(show, compare, restore, name, origin, versions, copy)


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        match arguments.action:
            case "show":
                content = app.ledger.artifacts.version(arguments.artifact, arguments.number).content
                output.result(app.describing.describe(content), app.describing.as_text(content, app.number_looks))
            case "diff":
                from forgeapp.cli.hunks import hunk_lines
                from forgeapp.services.comparing import compare

                before = app.ledger.artifacts.version(arguments.artifact, arguments.before)
                after = app.ledger.artifacts.version(arguments.artifact, arguments.after)
                hunks = compare(before.content, after.content).hunks
                lines = list(hunk_lines(hunks)) or "No difference."
                output.result({"hunks": [hunk.to_json() for hunk in hunks]}, lines)
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
            case "label":
                app.ledger.artifacts.label(arguments.artifact, arguments.number, arguments.label or None)
                words = f"is called '{arguments.label.strip()}'" if arguments.label.strip() else "has no name"
                output.result(
                    {"artifact": arguments.artifact, "version": arguments.number, "label": arguments.label.strip()},
                    f"Version {arguments.number} of artifact {arguments.artifact} {words}.",
                )
            case "provenance":
                from forgeapp.services.provenance import provenance_of

                found = provenance_of(app.ledger, arguments.artifact, arguments.number)
                output.result(found.to_json(), _provenance_lines(found))
            case "versions":
                _list_versions(app, arguments.artifact, output)
            case "save-as":
                _save_as(app, arguments, output)
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


def _provenance_lines(found: Provenance) -> list[str]:
    from forgeapp.services.provenance import ORIGINS

    lines = [f"'{found.title}', version {found.number}"]
    for step in found.steps:
        words = f"Version {step.number}: {ORIGINS[step.origin]}, {step.at[:16].replace('T', ' ')} UTC"
        lines.append(words + (f" ({step.label})" if step.label else ""))
        lines += [f"  {name}: {value}" for name, value in _facts(step) if value]
        lines += [
            f"  {call.provider}/{call.model}: {call.status.value}, {usd_text(call.cost_nano_usd)}"
            for call in step.calls
        ]
    return [*lines, f"Cost of all calls: {usd_text(found.cost_nano_usd)}"]


def _facts(step: Step) -> list[tuple[str, str | None]]:
    return [
        ("Request", step.request),
        ("Model", step.model),
        ("Template", step.template),
        ("File", step.file),
        ("Sources", ", ".join(step.sources)),
        ("Selection", step.selection),
        ("Changes taken", f"{step.taken[0]} of {step.taken[1]}" if step.taken else None),
    ]


def _list_versions(app: App, artifact: int, output: Output) -> None:
    rows = app.ledger.artifacts.versions(artifact)
    output.table(
        [
            {
                "version": row.number,
                "origin": row.origin.value,
                "title": row.title,
                "label": row.label,
                "created_at": row.created_at,
            }
            for row in rows
        ],
        ("version", "origin", "title", "name", "created (UTC)"),
        [
            (row.number, row.origin.value, row.title, row.label or "", row.created_at[:16].replace("T", " "))
            for row in rows
        ],
        if_empty="",
    )


def _save_as(app: App, arguments: argparse.Namespace, output: Output) -> None:
    version = app.ledger.artifacts.version(arguments.artifact, arguments.number)
    if arguments.as_source:
        source = app.handwork.save_as_source(version, arguments.title)
        output.result({"source": {"id": source.id, "title": source.title}}, f"Source {source.id}: '{source.title}'")
        return
    saved = app.handwork.save_as(version, arguments.as_version_of, arguments.title)
    output.result(
        {"artifact": {"id": saved.artifact, "kind": saved.kind.value, "version": saved.number}},
        f"{saved.kind.value.capitalize()} '{saved.title}': artifact {saved.artifact}, version {saved.number}",
    )
