"""`forgeapp providers`: who can be asked, where, in which order and at what price."""

from __future__ import annotations

import argparse
import re

from forgeapp.app import App, build
from forgeapp.cli.output import Output
from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import UsageError
from forgeapp.ledger.providers import ModelRow, ProviderRow

_NAME = re.compile(r"[\w.-]{1,40}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PRICE = re.compile(r"(?P<model>.+)=(?P<input>\d{1,6}(?:\.\d{1,9})?)/(?P<output>\d{1,6}(?:\.\d{1,9})?)", re.ASCII)


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="all, in the order in which they are asked")
    add = actions.add_parser("add", help="set up a provider")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--dialect", metavar="D", required=True, help="openai-chat: OpenAI's chat completions")
    add.add_argument("--base-url", metavar="URL", required=True, help="as the vendor's SDK takes it")
    change = actions.add_parser("set", help="change a provider")
    change.add_argument("name", metavar="NAME")
    change.add_argument("--base-url", metavar="URL")
    change.add_argument("--price", metavar="MODEL=IN/OUT", action="append", default=[], help="USD per million tokens")
    change.add_argument("--enable", action="store_true", default=None, dest="is_enabled")
    change.add_argument("--disable", action="store_false", dest="is_enabled")
    for action in (add, change):
        action.add_argument("--model", metavar="M", action="append", default=[], help="a model; the first one is usual")
        action.add_argument("--key-env", metavar="VAR", help="the environment variable that holds the key")
        action.add_argument("--prices", metavar="P", help="whose price list holds: openai, ..., local (free) or none")
    for name, text in (
        ("remove", "forget a provider; its calls stay in the ledger"),
        ("test", "ask it for one word, and say how long it took"),
        ("models", "its models; --refresh asks the provider for them"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("name", metavar="NAME")
        if name == "models":
            action.add_argument("--refresh", action="store_true")
    order = actions.add_parser("order", help="put these first, in this order")
    order.add_argument("names", metavar="NAME", nargs="+")
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        action.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS)


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(getattr(arguments, "home", None)) as app:
        providers = app.ledger.providers
        match arguments.action:
            case "add":
                _add(app, arguments)
            case "set":
                _change(app, arguments)
            case "remove":
                providers.remove(arguments.name)
            case "order":
                providers.order(tuple(arguments.names))
            case "test":
                return _test(app, arguments.name, output)
            case "models":
                return _models(app, arguments, output)
            case _:
                pass
        rows = [(row, app.connections.key_source(row)) for row in providers.all()]
    output.table(
        [_to_json(row, key) for row, key in rows],
        ("name", "dialect", "base url", "models", "key", "in use"),
        [
            (
                row.name,
                row.dialect,
                row.base_url,
                ", ".join(model.name for model in row.models),
                key or "none",
                "yes" if row.is_enabled else "no",
            )
            for row, key in rows
        ],
        if_empty="None yet. Add one: forgeapp providers add NAME --dialect openai-chat --base-url URL --model M",
    )
    return 0


def _to_json(row: ProviderRow, key: str | None) -> dict[str, object]:
    return {
        "name": row.name,
        "dialect": row.dialect,
        "base_url": row.base_url,
        "models": [model.name for model in row.models],
        "enabled": row.is_enabled,
        "position": row.position,
        "prices": row.prices,
        "key": key,
    }


def _add(app: App, arguments: argparse.Namespace) -> None:
    if not _NAME.fullmatch(arguments.name):
        raise UsageError(reason=f"'{arguments.name}' is no name: use up to 40 letters, digits, dots and dashes.")
    app.connections.check(arguments.dialect, arguments.base_url)
    _check_references(app, arguments)
    app.ledger.providers.add(
        arguments.name,
        arguments.dialect,
        arguments.base_url,
        tuple(arguments.model),
        arguments.key_env,
        arguments.prices or app.connections.usual_prices(arguments.base_url),
    )


def _change(app: App, arguments: argparse.Namespace) -> None:
    row = app.ledger.providers.get(arguments.name)
    if arguments.base_url is not None:
        app.connections.check(row.dialect, arguments.base_url)
    _check_references(app, arguments)
    columns = {
        column: getattr(arguments, column)
        for column in ("base_url", "key_env", "prices", "is_enabled")
        if getattr(arguments, column) is not None
    }
    model_prices = [_own_price(price) for price in arguments.price]
    app.ledger.providers.change(row.name, tuple(arguments.model), model_prices, **columns)


def _check_references(app: App, arguments: argparse.Namespace) -> None:
    """Raises UsageError where the variable or the price list that is named can be none."""
    if arguments.key_env is not None and not _VARIABLE.fullmatch(arguments.key_env):
        # What was given is not repeated: it may be the key itself.
        raise UsageError(
            reason="--key-env takes the name of an environment variable (letters, digits and underscores), "
            "never the key itself."
        )
    if arguments.prices is not None:
        app.connections.check_prices(arguments.prices)


def _own_price(text: str) -> ModelRow:
    match = _PRICE.fullmatch(text)
    if match is None:
        raise UsageError(reason=f"'{text}' is not of the form MODEL=IN/OUT, such as gpt-x=0.15/0.60.")
    return ModelRow(match["model"], match["input"], match["output"])


def _test(app: App, name: str, output: Output) -> int:
    call = app.registry.test(name, CancelToken()).call
    output.result(call.to_json(), f"{name} answered in {call.duration_ms / 1000:.1f} s.")
    return 0


def _models(app: App, arguments: argparse.Namespace, output: Output) -> int:
    if arguments.refresh:
        app.registry.refresh_models(arguments.name, CancelToken())
    models = app.ledger.providers.get(arguments.name).models
    output.table(
        [
            {
                "name": model.name,
                "input_usd_per_million": model.input_usd_per_million,
                "output_usd_per_million": model.output_usd_per_million,
            }
            for model in models
        ],
        ("model",),
        [(model.name,) for model in models],
        if_empty=f"No models yet. Ask for them: forgeapp providers models {arguments.name} --refresh",
    )
    return 0
