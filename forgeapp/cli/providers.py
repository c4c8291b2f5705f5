"""`forgeapp providers`: who can be asked, where, in which order and at what price."""

from __future__ import annotations

import argparse
import re

from forgeapp.app import App, build
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.keys import notice_lock
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output
from forgeapp.cli.provider_changes import add_change_options, apply, changes_of, check_models
from forgeapp.errors import KeyMissing, UsageError
from forgeapp.ledger.models import Refreshed
from forgeapp.ledger.providers import ModelRow, ProviderRow

_NAME = re.compile(r"[\w.-]{1,40}")


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="all, in the order in which they are asked")
    add = actions.add_parser("add", help="set up a provider")
    add.add_argument("name", metavar="NAME")
    change = actions.add_parser("set", help="change a provider or its models")
    change.add_argument("name", metavar="NAME")
    for action in (add, change):
        required = action is add
        action.add_argument(
            "--dialect", metavar="D", required=required, help="gemini, openai, openai-chat, anthropic or ollama"
        )
        action.add_argument("--base-url", metavar="URL", required=required, help="as the vendor's SDK takes it")
        add_change_options(action)
    change.add_argument("--enable", action="store_true", default=None, dest="is_enabled")
    change.add_argument("--disable", action="store_false", dest="is_enabled")
    actions.add_parser("remove", help="forget a provider; its calls stay in the ledger")
    test = actions.add_parser("test", help="ask it for one word; say how long it took and what was learned")
    test.add_argument("--model", metavar="M", help="the model that is asked")
    models = actions.add_parser("models", help="its models")
    models.add_argument("--refresh", action="store_true", help="ask the provider which it has")
    for name in ("remove", "test", "models"):
        actions.choices[name].add_argument("name", metavar="NAME")
    find = actions.add_parser("find", help="look for servers on this machine: Ollama, LM Studio, llama.cpp")
    find.add_argument("--add", action="store_true", help="set up those that are found")
    order = actions.add_parser("order", help="put these first, in this order")
    order.add_argument("names", metavar="NAME", nargs="+")
    add_common_options(*actions.choices.values())


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
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
                return _test(app, arguments.name, arguments.model, output)
            case "models":
                return _models(app, arguments.name, arguments.refresh, output)
            case "find":
                return _find(app, arguments.add, output)
            case _:
                pass
        rows = [(row, app.connections.key_source(row)) for row in providers.all()]
        notice_lock(app, output)
    output.table(
        [_to_json(row, key) for row, key in rows],
        ("name", "dialect", "base url", "models", "key", "in use"),
        [
            (
                row.name,
                row.dialect,
                row.base_url,
                ", ".join(model.name for model in row.models),
                _shown_key(row, key),
                _shown_state(row),
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
        "key_name": row.key_name,
        "key_env": row.key_env,
        "requests_per_minute": row.requests_per_minute,
        "tokens_per_minute": row.tokens_per_minute,
        "mark": row.mark,
        "model_details": [_model_to_json(model) for model in row.models],
    }


def _model_to_json(model: ModelRow) -> dict[str, object]:
    """`max_output_tokens` is what it can, `output_tokens` what the user wants."""
    return {
        "name": model.name,
        "input_usd_per_million": model.input_usd_per_million,
        "output_usd_per_million": model.output_usd_per_million,
        "enabled": model.is_enabled,
        "vanished_at": model.vanished_at,
        "tier": model.tier.value if model.tier else None,
        "context_tokens": model.context_tokens,
        "max_output_tokens": model.max_output_tokens,
        "takes_pictures": model.takes_pictures,
        "temperature": model.parameters.temperature,
        "output_tokens": model.parameters.max_output_tokens,
        "stop": list(model.parameters.stop),
        "allows_unknown_price": model.allows_unknown_price,
    }


def _shown_key(row: ProviderRow, key: str | None) -> str:
    if key is None:
        return "none"
    return f"{row.key_name} ({key})" if row.key_name else key


def _shown_state(row: ProviderRow) -> str:
    if not row.is_enabled:
        return "no"
    return f"yes, but: {row.mark.replace('_', ' ')}" if row.mark else "yes"


def _add(app: App, arguments: argparse.Namespace) -> None:
    if not _NAME.fullmatch(arguments.name):
        raise UsageError(reason=f"'{arguments.name}' is no name: use up to 40 letters, digits, dots and dashes.")
    app.connections.check(arguments.dialect, arguments.base_url)
    changes = changes_of(app, arguments)
    check_models(changes, arguments.name, None)
    prices = arguments.prices or app.connections.usual_prices(arguments.dialect, arguments.base_url)
    app.ledger.providers.add(
        arguments.name, arguments.dialect, arguments.base_url, changes.new_models, arguments.key_env, prices
    )
    apply(changes, arguments.name, app)


def _change(app: App, arguments: argparse.Namespace) -> None:
    row = app.ledger.providers.get(arguments.name)
    if arguments.base_url is not None or arguments.dialect is not None:
        base_url = row.base_url if arguments.base_url is None else arguments.base_url
        app.connections.check(arguments.dialect or row.dialect, base_url)
    changes = changes_of(app, arguments)
    check_models(changes, row.name, row)
    apply(changes, row.name, app)


def _test(app: App, name: str, model: str | None, output: Output) -> int:
    try:
        with stopped_by_interrupt() as cancel:
            result = app.registry.test(name, cancel, model)
    except KeyMissing:
        notice_lock(app, output)
        raise
    call = result.call
    took = f"{call.provider}/{call.model} answered in {call.duration_ms / 1000:.1f} s"
    if call.first_token_ms is not None:
        took += f", the first word after {call.first_token_ms / 1000:.1f} s"
    output.result(
        call.to_json() | {"first_token_ms": call.first_token_ms, "learned": list(map(str, result.learned))},
        [f"{took}.", *map(str, result.learned)],
    )
    return 0


def _models(app: App, name: str, refreshes: bool, output: Output) -> int:
    refreshed = Refreshed()
    if refreshes:
        with stopped_by_interrupt() as cancel:
            refreshed = app.registry.refresh_models(name, cancel)
    changes = {
        **dict.fromkeys(refreshed.added, "added"),
        **dict.fromkeys(refreshed.vanished, "vanished"),
        **dict.fromkeys(refreshed.returned, "returned"),
    }
    models = app.ledger.providers.get(name).models
    output.table(
        [_model_to_json(model) | {"change": changes.get(model.name)} for model in models],
        ("model", "tier", "context", "in use", "now"),
        [
            (
                model.name,
                model.tier.value if model.tier else "",
                f"{model.context_tokens:,}" if model.context_tokens else "",
                "no longer listed" if model.vanished_at else "yes" if model.is_enabled else "no",
                changes.get(model.name),
            )
            for model in models
        ],
        if_empty=f"No models yet. Ask for them: forgeapp providers models {name} --refresh",
    )
    return 0


def _find(app: App, adds: bool, output: Output) -> int:
    with stopped_by_interrupt() as cancel:
        found = app.registry.find_local(cancel)
    if adds:
        for server in found:
            app.registry.add_found(server)
    output.table(
        [
            {
                "name": server.name,
                "dialect": server.dialect,
                "base_url": server.base_url,
                "models": list(server.models),
                "added": adds,
            }
            for server in found
        ],
        ("name", "dialect", "base url", "models", "set up"),
        [
            (server.name, server.dialect, server.base_url, ", ".join(server.models), "yes" if adds else "no")
            for server in found
        ],
        if_empty="No server that is not set up already answers here.",
    )
    return 0
