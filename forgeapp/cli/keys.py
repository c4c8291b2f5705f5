"""`forgeapp keys`: keys go into the system's keyring, and are never taken from the command line."""

from __future__ import annotations

import argparse
import getpass
import sys

from forgeapp import log
from forgeapp.app import App, build
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output
from forgeapp.credentials import check_key_name
from forgeapp.errors import KeyringLocked, UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="the names, never the keys")
    for name, text in (("set", "keep a key; it is asked for, or read from standard input"), ("delete", "forget a key")):
        action = actions.add_parser(name, help=text)
        action.add_argument("provider", metavar="NAME", help="the provider's name")
        action.add_argument("--name", metavar="KEYNAME", help="which one, where the provider has several")
    add_common_options(*actions.choices.values())


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        match arguments.action:
            case "set":
                _set(app, *_key_of(arguments))
            case "delete":
                if not app.credentials.delete(*_key_of(arguments)):
                    output.notice("There was no such key.")
            case _:
                pass
        names = app.credentials.names()
    output.table(names, ("name",), [(name,) for name in names], if_empty="No keys yet.")
    return 0


def notice_lock(app: App, output: Output) -> None:
    """Says that keys may be missing only because the keyring is locked, where that is so."""
    fault = app.credentials.keyring_fault
    if isinstance(fault, KeyringLocked):
        output.notice(fault.message)


def _key_of(arguments: argparse.Namespace) -> tuple[str, str | None]:
    """The provider and the key's name, which may also be given as they are listed: 'acme/work'."""
    provider, _, name = arguments.provider.partition("/")
    return (provider, name or None) if arguments.name is None else (arguments.provider, arguments.name)


def _set(app: App, provider: str, name: str | None) -> None:
    if name is not None:
        check_key_name(name)
    value = _asked(provider)
    log.hide(value)
    app.credentials.set(provider, value, name)
    for row in app.ledger.providers.all():
        # The key that was found wanting may be the one that is replaced.
        if row.name == provider and row.mark is not None:
            app.ledger.providers.mark(provider, None)


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
