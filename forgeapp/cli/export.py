"""`forgeapp export`: an artifact into files, each verified before it takes its place."""

from __future__ import annotations

import argparse
from pathlib import Path

from forgeapp.app import build
from forgeapp.cli.output import Output
from forgeapp.domain.cancel import CancelToken


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("artifact", metavar="ARTIFACT", type=int, help="its number in 'forgeapp artifacts'")
    parser.add_argument("--version", metavar="N", type=int, dest="number", help="an older version")
    parser.add_argument(
        "--to", metavar="FILE", nargs="+", action="extend", required=True, help="the extension names the format"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(getattr(arguments, "home", None)) as app:
        version = app.ledger.artifacts.version(arguments.artifact, arguments.number)
        exported = [app.exports.export(version, Path(name), CancelToken()) for name in arguments.to]
    output.result(
        {"exports": [item.to_json() for item in exported]},
        [
            line
            for item in exported
            for line in (
                f"Saved: {item.path} ({item.bytes:,} bytes, {item.duration_ms / 1000:.1f} s)",
                *(f"Note: {warning}" for warning in item.warnings),
            )
        ],
    )
    return 0
