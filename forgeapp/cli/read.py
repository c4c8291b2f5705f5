"""`forgeapp read`: the artifacts in a model's reply; stores nothing."""

from __future__ import annotations

import argparse

from forgeapp.app import build_describing
from forgeapp.cli.input import read_text
from forgeapp.cli.output import Output
from forgeapp.domain.artifact import Kind
from forgeapp.reading import Reader


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the reply as text; '-' reads standard input")
    parser.add_argument("--kind", choices=[kind.value for kind in Kind], help="what the reply holds")
    parser.add_argument("--request", metavar="TEXT", default="", help="what had been asked for")


def run(arguments: argparse.Namespace, output: Output) -> int:
    reader = Reader(Kind(arguments.kind) if arguments.kind else None, arguments.request)
    reader.feed(read_text(arguments.file))
    found = reader.finish()
    describing = build_describing()
    artifacts = [describing.describe(content) for content in found.artifacts]
    output.result(
        {
            "kind": found.kind.value if found.kind else None,
            "title": found.title,
            "chat_text": found.chat_text,
            "artifacts": artifacts,
            "warnings": list(found.warnings),
        },
        [
            *(f"{artifact['kind']}: {artifact['title'] or 'untitled'}" for artifact in artifacts),
            *([] if artifacts else ["No artifact."]),
            *(f"Note: {warning}" for warning in found.warnings),
        ],
    )
    return 0
