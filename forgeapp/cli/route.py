"""`forgeapp route`: which model answers what, and how: in a conversation, a project, or everywhere."""

from __future__ import annotations

import argparse

from forgeapp.app import App, build
from forgeapp.cli.number import number
from forgeapp.cli.options import add_common_options, home_of
from forgeapp.cli.output import Output
from forgeapp.cli.request_options import add_kind_option, add_parameter_options, kind_of, parameters_of
from forgeapp.domain.request import NO_PARAMETERS, Tier
from forgeapp.errors import UsageError
from forgeapp.ledger.routes import Route
from forgeapp.services.asking.routing import LARGE, SMALL


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="all of them; the more particular one wins")
    change = actions.add_parser("set", help="say which model is asked")
    remove = actions.add_parser("remove", help="leave it to the other routes again")
    for action in (change, remove):
        add_kind_option(action, "for this kind alone")
        action.add_argument("--size", choices=(SMALL, LARGE), help="for small or for large tasks alone")
        place = action.add_mutually_exclusive_group()
        place.add_argument("--project", metavar="P", help="in this project alone")
        place.add_argument("--conversation", metavar="ID", type=number, help="in this conversation alone")
    who = change.add_mutually_exclusive_group()
    who.add_argument("--tier", choices=[tier.value for tier in Tier], help="each provider's cheap or its premium model")
    who.add_argument("--model", metavar="PROVIDER/MODEL", help="this model first")
    add_parameter_options(change)
    add_common_options(*actions.choices.values())


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        routes = app.ledger.routes
        match arguments.action:
            case "set":
                routes.set(_route(app, arguments))
            case "remove":
                routes.remove(arguments.project, arguments.conversation, kind_of(arguments), arguments.size)
            case _:
                pass
        rows = routes.all()
    output.table(
        [_to_json(row) for row in rows],
        ("where", "kind", "size", "asked", "temperature", "longest reply", "stop"),
        [_shown(row) for row in rows],
        if_empty="No routes: cheap models are asked, premium ones for large spreadsheets and code.",
    )
    return 0


def _route(app: App, arguments: argparse.Namespace) -> Route:
    """Raises UsageError, UnknownProvider, UnknownModel."""
    parameters = parameters_of(arguments)
    if arguments.tier is None and arguments.model is None and parameters == NO_PARAMETERS:
        raise UsageError(reason="Say what is wanted: --tier, --model, --temperature, --max-output or --stop.")
    if arguments.model is not None:
        provider, slash, model = arguments.model.partition("/")
        if not slash:
            raise UsageError(reason=f"'{arguments.model}' is not of the form PROVIDER/MODEL.")
        app.ledger.providers.get(provider).model(model)
    return Route(
        project=arguments.project,
        conversation=arguments.conversation,
        kind=kind_of(arguments),
        size=arguments.size,
        tier=Tier(arguments.tier) if arguments.tier else None,
        model=arguments.model,
        parameters=parameters,
    )


def _to_json(row: Route) -> dict[str, object]:
    return {
        "project": row.project,
        "conversation": row.conversation,
        "kind": row.kind.value if row.kind else None,
        "size": row.size,
        "tier": row.tier.value if row.tier else None,
        "model": row.model,
        "temperature": row.parameters.temperature,
        "max_output_tokens": row.parameters.max_output_tokens,
        "stop": list(row.parameters.stop),
    }


def _shown(row: Route) -> tuple[object, ...]:
    where = "everywhere"
    if row.conversation is not None:
        where = f"conversation {row.conversation}"
    elif row.project is not None:
        where = f"project {row.project}"
    parameters = row.parameters
    return (
        where,
        row.kind.value if row.kind else "any",
        row.size or "any",
        row.model or (f"{row.tier.value} models" if row.tier else "as otherwise"),
        parameters.temperature,
        parameters.max_output_tokens,
        ", ".join(map(repr, parameters.stop)),
    )
