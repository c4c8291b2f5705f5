"""`forgeapp gate`: what a message asks for. Decides and does nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import Any

from forgeapp.cli.input import read_text
from forgeapp.cli.output import Output
from forgeapp.domain.artifact import Kind
from forgeapp.errors import UnreadableFile, UsageError
from forgeapp.gatekeeper import decide


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", metavar="TEXT", help="the message; '-' reads standard input")
    parser.add_argument(
        "--open", metavar="KIND", choices=[kind.value for kind in Kind], help="the kind of the artifact that is open"
    )
    parser.add_argument("--batch", metavar="FILE", help="JSON lines with 'text' and 'open'; one JSON line each")


def run(arguments: argparse.Namespace, output: Output) -> int:
    if (arguments.text is None) == (arguments.batch is None):
        raise UsageError(reason="Give a TEXT or --batch FILE.")
    if arguments.batch is not None:
        for text, open_kind in _lines(arguments.batch):
            output.line(decide(text, open_kind).to_json())
        return 0
    text = read_text(arguments.text) if arguments.text == "-" else arguments.text
    decision = decide(text, Kind(arguments.open) if arguments.open else None)
    data = decision.to_json()
    asked = f"{data['intent']} {data['kind'] or ''}".strip() + (f" as {data['format']}" if data["format"] else "")
    output.result(data, [f"{asked} ({decision.confidence:.0%})", *(f"- {reason}" for reason in decision.reasons)])
    return 0


def _lines(source: str) -> Iterable[tuple[str, Kind | None]]:
    # Not splitlines(): a string of JSON may hold line ends other than this one.
    for number, line in enumerate(read_text(source).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _entry(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise UnreadableFile(
                source=f"Line {number} of {source}",
                reason="it is nested too deeply" if isinstance(error, RecursionError) else str(error),
                remedy='Each line is an object like {"text": "...", "open": null}.',
            ) from error


def _entry(data: Any) -> tuple[str, Kind | None]:
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise ValueError("it has no 'text'")
    open_kind = data.get("open")
    return data["text"], Kind(open_kind) if open_kind is not None else None
