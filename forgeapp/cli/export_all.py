"""`forgeapp export-all`: conversations, artifacts with all their versions, sources and costs as one JSON file."""

from __future__ import annotations

import argparse
from pathlib import Path

from forgeapp.app import build
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.cli.progress import progress_teller

_COUNTED = ("conversations", "messages", "artifacts", "versions", "sources", "calls")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        metavar="FILE",
        required=True,
        help="a file ending in .json, or .json.gz to pack it; 'forgeapp import' takes it over elsewhere",
    )
    parser.epilog = "Keys, providers and settings stay out of it: they are each machine's own."


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app, stopped_by_interrupt() as cancel:
        written = app.archives.export_all(Path(arguments.to), cancel, progress_teller(output))
    output.result(
        {"path": str(written.path), "bytes": written.bytes, "verified": True, "rows": written.rows},
        [
            f"Saved: {written.path} ({written.bytes:,} bytes, read again and compared)",
            f"In it: {listed(written.rows)}",
        ],
    )
    return 0


def listed(rows: dict[str, int]) -> str:
    """How many of what a person counts in."""
    return ", ".join(f"{name} {rows[name]:,}" for name in _COUNTED if rows[name]) or "nothing"
