"""`forgeapp tour`: the window does its main job by itself, and leaves pictures and files."""

from __future__ import annotations

import argparse
from pathlib import Path

from forgeapp.cli.output import Output


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("forgeapp-tour"), help="where pictures and files go"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    from forgeapp.app import build
    from forgeapp.ui.tour import take_tour

    out: Path = arguments.out.absolute()
    files = take_tour(out, build, output.notice)
    output.result([str(path) for path in files], [f"{len(files)} pictures and files lie in {out}"])
    return 0
