"""`forgeapp keys`: keys go into the system's keyring, and are never taken from the command line."""

from __future__ import annotations

import argparse
import getpass
import sys

from forgeapp.app import build
from forgeapp.cli.output import Output
from forgeapp.errors import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="the names, never the keys")
    for name, text in (("set", "keep a key; it is asked for, or read from standard input"), ("delete", "forget a key")):
        actions.add_parser(name, help=text).add_argument("name", metavar="NAME", help="the provider's name")
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        action.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS)


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(getattr(arguments, "home", None)) as app:
        match arguments.action:
            case "set":
                app.credentials.set(arguments.name, _asked(arguments.name))
            case "delete":
                app.credentials.delete(arguments.name)
            case _:
                pass
        names = app.credentials.names()
    output.table(names, ("name",), [(name,) for name in names], if_empty="No keys yet.")
    return 0


def _asked(name: str) -> str:
    if sys.stdin is None:
        raise UsageError(reason="No key was given: standard input is closed.")
    try:
        value = getpass.getpass(f"Key for {name}: ") if sys.stdin.isatty() else sys.stdin.readline()
    except (EOFError, UnicodeDecodeError):
        value = ""
    if not value.strip():
        raise UsageError(reason="No key was given.")
    return value.strip()
