"""Options that every verb takes."""

from __future__ import annotations

import argparse


def add_common_options(*parsers: argparse.ArgumentParser) -> None:
    """Before the verb or behind it."""
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
