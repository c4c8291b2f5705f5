"""Options that several verbs take, and what they say."""

from __future__ import annotations

import argparse

from forgeapp.cli.number import count, temperature
from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import Parameters


def add_common_options(*parsers: argparse.ArgumentParser) -> None:
    """What every verb takes, before it or behind it."""
    for parser in parsers:
        parser.add_argument(
            "--home",
            metavar="DIR",
            default=argparse.SUPPRESS,
            help="the folder with your data (else FORGEAPP_HOME, else the system's)",
        )
        parser.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document on standard output"
        )


def home_of(arguments: argparse.Namespace) -> str | None:
    return getattr(arguments, "home", None)


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
