"""`forgeapp paste`: a reply from another chat becomes an artifact, with no key and no network."""

from __future__ import annotations

import argparse

from forgeapp.app import build
from forgeapp.cli.forge import report
from forgeapp.cli.input import read_text
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.number import number
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.cli.targets import file_targets
from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import ForgeRequest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the reply as text; '-' reads standard input")
    parser.add_argument("--request", metavar="TEXT", required=True, help="what you had asked for")
    parser.add_argument("--model", metavar="NAME", help="which model the reply is from, as you know it")
    parser.add_argument("--kind", choices=[kind.value for kind in Kind], help="what the reply holds")
    parser.add_argument("--project", metavar="NAME", help="the project a new conversation belongs to")
    parser.add_argument("--conversation", metavar="ID", type=number, help="go on with this conversation")
    parser.add_argument("--to", metavar="FILE", nargs="+", action="extend", default=[], help="write these files")


def run(arguments: argparse.Namespace, output: Output) -> int:
    targets = file_targets(arguments.to, output)
    reply = read_text(arguments.file)
    with build(home_of(arguments)) as app, stopped_by_interrupt() as cancel:
        request = ForgeRequest(
            text=arguments.request,
            conversation=arguments.conversation,
            project=arguments.project,
            kind=Kind(arguments.kind) if arguments.kind else None,
        )
        finished = app.forge.paste(request, reply, arguments.model)
        return report(app, finished, targets, cancel, output)
