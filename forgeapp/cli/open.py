"""`forgeapp open`: a file becomes an artifact, or the next version of one."""

from __future__ import annotations

import argparse
from pathlib import Path

from forgeapp.app import build
from forgeapp.cli.number import number
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a CSV, TSV, Markdown or JSON file")
    parser.add_argument(
        "--as-version-of", metavar="ARTIFACT", type=number, help="store it as the next version of this artifact"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        opened = app.files.open(Path(arguments.file), arguments.as_version_of)
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
