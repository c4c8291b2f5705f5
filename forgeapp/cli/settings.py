"""`forgeapp settings`: what the user can choose."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from typing import Any

from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output
from forgeapp.errors import UsageError
from forgeapp.paths import find_home
from forgeapp.settings import Settings, explanations, load_settings, save_settings

_DEFAULT = "default"


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    get = actions.add_parser("get", help="all of them, or one")
    get.add_argument("name", metavar="NAME", nargs="?")
    change = actions.add_parser("set", help="change one")
    change.add_argument("name", metavar="NAME")
    change.add_argument("value", metavar="VALUE", help="a list as 2,4; 'default' goes back to what it was at first")
    add_common_options(*actions.choices.values())


def run(arguments: argparse.Namespace, output: Output) -> int:
    home = find_home(home_of(arguments))
    settings = load_settings(home.settings)
    name: str | None = getattr(arguments, "name", None)
    defaults = asdict(Settings())
    if name is not None and name not in defaults:
        raise UsageError(reason=f"There is no setting {name}. Settings are: {', '.join(defaults)}.")
    if name is not None and arguments.action == "set":
        value = defaults[name] if arguments.value == _DEFAULT else _read(arguments.value, defaults[name])
        settings = replace(settings, **{name: value})
        home.create()
        save_settings(home.settings, settings)
    rows = [
        {"name": known, "value": value, "default": defaults[known]}
        for known, value in asdict(settings).items()
        if name in (None, known)
    ]
    output.table(
        rows,
        ("name", "value", "default", "what it does"),
        [
            (row["name"], _shown(row["value"]), _shown(row["default"]), explanations().get(str(row["name"]), ""))
            for row in rows
        ],
        if_empty="No settings.",
    )
    return 0


def _read(text: str, default: Any) -> Any:
    """As a value of the default's sort, as far as it is one; what is not, `save_settings` refuses in words."""
    match default:
        case str():
            return text
        case tuple():
            return tuple(_number(part) for part in text.split(",")) if text.strip() else ()
        case _:
            return _number(text)


def _number(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _shown(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
