"""Options that say what is wanted and how it is to be answered."""

from __future__ import annotations

import argparse

from forgeapp.cli.number import count, temperature
from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import Parameters


def add_kind_option(parser: argparse._ActionsContainer, help_text: str) -> None:
    parser.add_argument("--kind", choices=[kind.value for kind in Kind], help=help_text)


def kind_of(arguments: argparse.Namespace) -> Kind | None:
    return Kind(arguments.kind) if arguments.kind else None


def add_parameter_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--temperature", metavar="T", type=temperature, help="0 (the same each time) to 2 (varied)")
    parser.add_argument("--max-output", metavar="N", type=count, help="the longest reply, in tokens")
    parser.add_argument("--stop", metavar="S", action="append", default=[], help="end the reply before this text")


def parameters_of(arguments: argparse.Namespace) -> Parameters:
    return Parameters(arguments.temperature, arguments.max_output, tuple(arguments.stop))
