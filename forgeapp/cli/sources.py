"""`forgeapp sources`: texts kept to be given to a model as context."""

from __future__ import annotations

import argparse
from pathlib import Path

from forgeapp.app import build
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    add = actions.add_parser("add", help="keep a text file as a source")
    add.add_argument("file", metavar="FILE")
    add.add_argument("--title", metavar="TEXT", help="what it is called, by default the file's name")
    add.add_argument("--project", metavar="NAME", help="the project it belongs to")
    listed = actions.add_parser("list", help="list them, the newest first")
    add_common_options(add, listed)


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        if arguments.action == "add":
            from forgeapp.reading.text_files import read_text_file

            path = Path(arguments.file)
            origin = {"file": path.name}
            title = arguments.title or path.name
            source = app.ledger.sources.add(title, read_text_file(path), origin, arguments.project)
            output.result({"source": {"id": source.id, "title": source.title}}, f"Source {source.id}: '{source.title}'")
            return 0
        found = app.ledger.sources.all()
    output.table(
        [
            {
                "id": source.id,
                "title": source.title,
                "origin": dict(source.origin),
                "characters": len(source.text),
                "project": source.project,
                "created_at": source.created_at,
            }
            for source in found
        ],
        ("id", "title", "characters", "project", "kept (UTC)"),
        [(s.id, s.title, f"{len(s.text):,}", s.project or "", s.created_at[:16].replace("T", " ")) for s in found],
        if_empty="No sources yet. Keep one: forgeapp sources add notes.txt",
    )
    return 0
