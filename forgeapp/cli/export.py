"""`forgeapp export`: an artifact into files, each verified before it takes its place."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from forgeapp.app import build
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.number import number
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.domain.artifact import Kind
from forgeapp.domain.export_options import ExportOptions
from forgeapp.errors import ForgeError
from forgeapp.services.exporting.exports import Exported


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("artifact", metavar="ARTIFACT", type=number, help="its number in 'forgeapp artifacts'")
    parser.add_argument("--version", metavar="N", type=number, dest="number", help="an older version")
    parser.add_argument(
        "--to",
        metavar="FILE",
        nargs="+",
        action="extend",
        required=True,
        help="the extension names the format; a folder ('out/') takes code's own files",
    )
    parser.add_argument("--yes", action="store_true", help="replace files of code that stand in the folder")
    parser.add_argument(
        "--provenance", action="store_true", help="add a page on where it comes from (PDF, DOCX, HTML, MD, XLSX)"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    exported: list[Exported] = []
    error: ForgeError | None = None
    with build(home_of(arguments)) as app, stopped_by_interrupt() as cancel:
        version = app.ledger.artifacts.version(arguments.artifact, arguments.number)
        options = ExportOptions(provenance=arguments.provenance)
        try:
            for name in arguments.to:
                # One by one: those before a failing one are kept and told.
                if version.kind is Kind.CODE and _is_folder(name):
                    for each in app.saving_files.save(version, Path(name), cancel, replaces=arguments.yes):
                        exported.append(each)  # noqa: PERF402
                else:
                    exported.append(app.exports.export(version, Path(name), cancel, options=options))
        except ForgeError as failure:
            error = failure
    data: dict[str, object] = {"exports": [item.to_json() for item in exported]}
    if error is not None:
        output.failure(error, **data)
        return error.exit_code
    output.result(
        data,
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


def _is_folder(name: str) -> bool:
    return name.endswith(("/", os.sep)) or Path(name).is_dir()
