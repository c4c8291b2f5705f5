"""What `providers add` and `providers set` are told to change, checked before anything is changed."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from forgeapp.app import App
from forgeapp.cli.number import count, temperature
from forgeapp.credentials import check_key_name
from forgeapp.domain.request import Tier
from forgeapp.errors import UnknownModel, UsageError
from forgeapp.ledger.providers import ModelRow, ProviderRow

_NONE = "none"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PRICE = re.compile(r"(?P<model>.+)=(?P<input>\d{1,6}(?:\.\d{1,9})?)/(?P<output>\d{1,6}(?:\.\d{1,9})?)", re.ASCII)
_TIERS = (*(tier.value for tier in Tier), _NONE)


@dataclass(slots=True)
class Changes:
    """`columns` of the provider, `of_models` the columns of each model by its name."""

    columns: dict[str, Any] = field(default_factory=dict)
    new_models: tuple[str, ...] = ()
    prices: list[ModelRow] = field(default_factory=list)
    of_models: dict[str, dict[str, Any]] = field(default_factory=dict)
    removed_models: tuple[str, ...] = ()

    def models(self) -> set[str]:
        """Every model that has to be there, be it new."""
        return {*self.of_models, *self.removed_models, *(price.name for price in self.prices)}


def add_change_options(parser: argparse.ArgumentParser) -> None:
    """What can be set of a provider and its models, when it is added and afterwards."""
    parser.add_argument("--model", metavar="M", action="append", default=[], help="a model; the first one is usual")
    parser.add_argument("--key-env", metavar="VAR", help="the environment variable that holds the key")
    parser.add_argument(
        "--key", metavar="KEYNAME", help="which of its keys is used: a name from 'keys list', or 'none'"
    )
    parser.add_argument("--prices", metavar="P", help="whose price list holds: openai, ..., local (free) or none")
    parser.add_argument(
        "--requests-per-minute", metavar="N", type=_or_none(count), help="ask it no more often; or none"
    )
    parser.add_argument("--tokens-per-minute", metavar="N", type=_or_none(count), help="send it no more; or none")
    for option, value, help_text in (
        ("--price", "IN/OUT", "USD per million tokens"),
        ("--tier", "TIER", "cheap, premium or none"),
        ("--temperature", "T", "0 to 2, or none"),
        ("--max-output", "N", "its longest reply in tokens, or none"),
    ):
        parser.add_argument(option, metavar=f"MODEL={value}", action="append", default=[], help=help_text)
    for option, help_text in (
        ("--allow-unknown-price", "ask it under a budget though nobody knows what it costs"),
        ("--disable-model", "do not ask it"),
        ("--enable-model", "ask it again"),
        ("--remove-model", "forget it"),
    ):
        parser.add_argument(option, metavar="MODEL", action="append", default=[], help=help_text)


def changes_of(app: App, arguments: argparse.Namespace) -> Changes:
    """Raises UsageError for what cannot be; nothing is changed yet."""
    _check_variable(arguments.key_env)
    if arguments.prices is not None:
        app.connections.check_prices(arguments.prices)
    columns = {
        name: getattr(arguments, name)
        for name in ("base_url", "dialect", "key_env", "prices", "is_enabled")
        if getattr(arguments, name, None) is not None
    }
    for name in ("requests_per_minute", "tokens_per_minute"):
        if (limit := getattr(arguments, name)) is not None:
            columns[name] = limit.value
    if arguments.key is not None:
        columns["key_name"] = None if arguments.key == _NONE else check_key_name(arguments.key)
    changes = Changes(
        columns,
        tuple(arguments.model),
        [own_price(text) for text in arguments.price],
        removed_models=tuple(arguments.remove_model),
    )
    _add(changes, "tier", _pairs("--tier", arguments.tier, _tier))
    _add(changes, "temperature", _pairs("--temperature", arguments.temperature, _or_none(temperature)))
    _add(changes, "output_tokens", _pairs("--max-output", arguments.max_output, _or_none(count)))
    _add(changes, "allows_unknown_price", ((model, True) for model in arguments.allow_unknown_price))
    _add(changes, "is_enabled", ((model, False) for model in arguments.disable_model))
    _add(changes, "is_enabled", ((model, True) for model in arguments.enable_model))
    return changes


def check_models(changes: Changes, provider: str, row: ProviderRow | None) -> None:
    """Raises UnknownModel for one that is named and neither there nor new."""
    known = {*changes.new_models, *(model.name for model in (row.models if row else ()))}
    for model in sorted(changes.models() - known):
        raise UnknownModel(provider=provider, model=model)


def apply(changes: Changes, provider: str, app: App) -> None:
    providers = app.ledger.providers
    providers.change(provider, changes.new_models, changes.prices, **changes.columns)
    for model, columns in changes.of_models.items():
        providers.change_model(provider, model, **columns)
    for model in changes.removed_models:
        providers.remove_model(provider, model)


def own_price(text: str) -> ModelRow:
    """'gpt-x=0.15/0.60' as the user's own price. Raises UsageError."""
    match = _PRICE.fullmatch(text)
    if match is None:
        raise UsageError(reason=f"'{text}' is not of the form MODEL=IN/OUT, such as gpt-x=0.15/0.60.")
    return ModelRow(match["model"], match["input"], match["output"])


@dataclass(frozen=True, slots=True)
class _Given:
    """A value that was given, also where it says that there is to be none."""

    value: Any


def _or_none(read: Callable[[str], Any]) -> Callable[[str], _Given]:
    return lambda text: _Given(None if text == _NONE else read(text))


def _tier(text: str) -> _Given:
    if text not in _TIERS:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is none of {', '.join(_TIERS)}")
    return _Given(None if text == _NONE else Tier(text))


def _pairs(option: str, texts: Iterable[str], read: Callable[[str], _Given]) -> Iterable[tuple[str, Any]]:
    for text in texts:
        # A model's name may hold the sign itself.
        model, sign, value = text.rpartition("=")
        if not (model and sign):
            raise UsageError(reason=f"{option} takes MODEL=VALUE, which '{text}' is not.")
        try:
            yield model, read(value).value
        except argparse.ArgumentTypeError as error:
            raise UsageError(reason=f"Argument {option}: {error}.") from error


def _add(changes: Changes, column: str, values: Iterable[tuple[str, Any]]) -> None:
    for model, value in values:
        changes.of_models.setdefault(model, {})[column] = value


def _check_variable(name: str | None) -> None:
    if name is not None and not _VARIABLE.fullmatch(name):
        # What was given is not repeated: it may be the key itself.
        raise UsageError(
            reason="--key-env takes the name of an environment variable (letters, digits and underscores), "
            "never the key itself."
        )
