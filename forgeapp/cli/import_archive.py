"""`forgeapp import`: an archive is taken over; what is here already stays as it is."""

from __future__ import annotations

import argparse
from pathlib import Path

from forgeapp.app import build
from forgeapp.cli.export_all import listed
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.cli.progress import progress_teller


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="what 'forgeapp export-all' wrote")


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app, stopped_by_interrupt() as cancel:
        taken = app.archives.import_file(Path(arguments.file), cancel, progress_teller(output))
    output.result(
        {"added": taken.added, "present": taken.present},
        ["Added: " + listed(taken.added), "Here already, and left as they are: " + listed(taken.present)],
    )
    return 0
