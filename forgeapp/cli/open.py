"""`forgeapp open`: a file becomes an artifact, or the next version of one."""

from __future__ import annotations

import argparse
from pathlib import Path

from forgeapp.app import build
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.number import number
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.domain.artifact import Kind
from forgeapp.errors import UsageError
from forgeapp.reading.files import ENDINGS


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=f"a file ending in {', '.join(ENDINGS)}, or a code file")
    parser.add_argument(
        "--as-version-of",
        metavar="ARTIFACT",
        type=number,
        help="store it as the next version of this artifact, of whose kind it then is",
    )
    parser.add_argument(
        "--as",
        dest="kind",
        choices=[Kind.TABLE.value, Kind.SPREADSHEET.value],
        help="what rows become: by default XLSX a spreadsheet, CSV a table unless there are formulas in it",
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    if arguments.kind and arguments.as_version_of is not None:
        raise UsageError(reason="--as-version-of keeps the artifact's kind; leave out --as.")
    with build(home_of(arguments)) as app, stopped_by_interrupt() as cancel:
        kind = Kind(arguments.kind) if arguments.kind else None
        opened = app.files.open(Path(arguments.file), arguments.as_version_of, cancel, kind=kind)
    version = opened.version
    output.result(
        {
            "artifact": {"id": version.artifact, "kind": version.kind.value, "version": version.number},
            "lost": list(opened.lost),
        },
        [
            f"{version.kind.value.capitalize()} '{version.title}': "
            f"artifact {version.artifact}, version {version.number}, conversation {opened.conversation}",
            *(f"Note: {what}" for what in opened.lost),
        ],
    )
    return 0
