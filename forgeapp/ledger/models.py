"""The models of a provider, written and read within a transaction of `Providers`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, func, select

from forgeapp.domain.chat import ModelInfo
from forgeapp.domain.request import NO_PARAMETERS, Parameters, Tier
from forgeapp.domain.text import without_surrogates
from forgeapp.errors import UnknownModel
from forgeapp.ledger.database import utc_now
from forgeapp.ledger.tables import models
from forgeapp.ledger.words import read_words

_CORRECTED_FROM_TOKENS: Final = 1_000
_MOST_CORRECTION: Final = 4.0
_DECAY: Final = 0.9
_MOST_LISTED: Final = 5_000
_MOST_TO_CHOOSE_FROM = 30
_MOST_NAME_CHARS: Final = 200
_MOST_CONTEXT_TOKENS: Final = 10**9


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model of a provider; None where nobody has said.

    `input_usd_per_million`, `output_usd_per_million`: the user's own price as decimal text, which wins.
    `context_tokens`, `max_output_tokens`, `takes_pictures`: what it can. `parameters`: how the user wants it asked.
    `vanished_at`: since when the provider lists it no more. `token_factor`: reported tokens for one that was estimated.
    """

    name: str
    input_usd_per_million: str | None = None
    output_usd_per_million: str | None = None
    is_enabled: bool = True
    vanished_at: str | None = None
    tier: Tier | None = None
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    takes_pictures: bool | None = None
    parameters: Parameters = NO_PARAMETERS
    allows_unknown_price: bool = False
    token_factor: float = field(default=1.0, compare=False)

    @property
    def is_usable(self) -> bool:
        """In use, and still there."""
        return self.is_enabled and self.vanished_at is None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a provider's own list changed, by name: models that are new, no longer listed, or listed again."""

    added: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()


def read_models(connection: Connection) -> dict[int, list[ModelRow]]:
    """By the provider's id, in the user's order."""
    found: dict[int, list[ModelRow]] = {}
    for row in connection.execute(select(models).order_by(models.c.position, models.c.id)):
        found.setdefault(row.provider_id, []).append(_model_row(row))
    return found


def add_models(connection: Connection, provider: int, rows: Sequence[ModelRow]) -> tuple[str, ...]:
    """Behind those there are; gives the names of those that were not there yet."""
    known = set(connection.execute(select(models.c.name).where(models.c.provider_id == provider)).scalars())
    new = list({row.name: row for row in rows if row.name not in known}.values())
    first = connection.execute(
        select(func.coalesce(func.max(models.c.position), 0) + 1).where(models.c.provider_id == provider)
    ).scalar_one()
    if new:
        rows_to_add = [
            {"provider_id": provider, "position": first + place, **_values(row)} for place, row in enumerate(new)
        ]
        connection.execute(models.insert(), rows_to_add)
    return tuple(row.name for row in new)


def change_model(connection: Connection, provider: int, name: str, columns: Mapping[str, Any]) -> bool:
    """Sets columns of one model and leaves the others as they are; False where there is no such model."""
    changed = models.update().where(models.c.provider_id == provider, models.c.name == name).values(**columns)
    return bool(connection.execute(changed).rowcount)


def delete_model(connection: Connection, provider: int, name: str) -> bool:
    """False where there is no such model."""
    removed = models.delete().where(models.c.provider_id == provider, models.c.name == name)
    return bool(connection.execute(removed).rowcount)


def order_models(connection: Connection, provider: int, provider_name: str, names: Sequence[str]) -> None:
    """Puts these first, in this order; the others follow as they stood. Raises UnknownModel."""
    query = select(models.c.name).where(models.c.provider_id == provider).order_by(models.c.position, models.c.id)
    known = dict.fromkeys(connection.execute(query).scalars())
    for name in names:
        if name not in known:
            raise UnknownModel(provider=provider_name, model=name)
    for position, name in enumerate(dict.fromkeys([*names, *known])):
        change_model(connection, provider, name, {"position": position})


def take_models(connection: Connection, provider: int, infos: Sequence[ModelInfo]) -> Refreshed:
    """Brings the rows in line with what the provider lists. None is removed: it may be priced, or listed again.

    Where a list is too long to choose from, what is new is off at first, but never so that none is on. The list comes
    from a server: names too long to be one are passed over, as are limits out of all proportion.
    """
    listed = {info.name: info for info in map(_checked, infos[:_MOST_LISTED]) if info is not None}
    query = select(models).where(models.c.provider_id == provider).order_by(models.c.position, models.c.id)
    vanished, returned = [], []
    for row in connection.execute(query).all():
        info = listed.get(row.name)
        if info is None:
            if row.vanished_at is None:
                vanished.append(row.name)
                change_model(connection, provider, row.name, {"vanished_at": utc_now()})
            continue
        if row.vanished_at is not None:
            returned.append(row.name)
        columns = {"vanished_at": None, **_said(info)}
        if any(row._mapping[column] != value for column, value in columns.items()):
            change_model(connection, provider, row.name, columns)
    is_enabled = len(listed) <= _MOST_TO_CHOOSE_FROM
    new = [ModelRow(info.name, is_enabled=is_enabled, **_said(info)) for info in listed.values()]
    added = add_models(connection, provider, new)
    if added and not any(model.is_usable for model in read_models(connection)[provider]):
        change_model(connection, provider, added[0], {"is_enabled": True})
    return Refreshed(added, tuple(vanished), tuple(returned))


def learn_tokens(connection: Connection, provider: int, name: str, estimated: int, reported: int) -> None:
    """Adds what was estimated and reported of the same text to what is known; what is older weighs less.

    One report counts for no more than the correction may ever be: it comes from a server.
    """
    if estimated <= 0 or reported <= 0:
        return
    believed = float(min(max(reported, estimated / _MOST_CORRECTION), estimated * _MOST_CORRECTION))
    sums = {
        "estimated_tokens": models.c.estimated_tokens * _DECAY + float(estimated),
        "reported_tokens": models.c.reported_tokens * _DECAY + believed,
    }
    change_model(connection, provider, name, sums)


def model_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The user's words for a model's columns as the table has them: `stop` is a list, `tier` a word."""
    named = dict(columns)
    if "stop" in named:
        named["stop_json"] = json.dumps(named.pop("stop"))
    if named.get("tier") is not None:
        named["tier"] = Tier(named["tier"]).value
    return named


def _checked(info: ModelInfo) -> ModelInfo | None:
    name = without_surrogates(info.name)
    if not name.strip() or len(name) > _MOST_NAME_CHARS:
        return None
    return ModelInfo(
        name, _in_proportion(info.context_tokens), _in_proportion(info.max_output_tokens), info.takes_pictures
    )


def _said(info: ModelInfo) -> dict[str, Any]:
    """What the list says of a model; where it is silent, what was known before stays."""
    said = {
        "context_tokens": info.context_tokens,
        "max_output_tokens": info.max_output_tokens,
        "takes_pictures": info.takes_pictures,
    }
    return {column: value for column, value in said.items() if value is not None}


def _in_proportion(tokens: int | None) -> int | None:
    return tokens if tokens is not None and 0 < tokens <= _MOST_CONTEXT_TOKENS else None


def _values(row: ModelRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "input_usd_per_million": row.input_usd_per_million,
        "output_usd_per_million": row.output_usd_per_million,
        "is_enabled": row.is_enabled,
        "vanished_at": row.vanished_at,
        "context_tokens": row.context_tokens,
        "max_output_tokens": row.max_output_tokens,
        "takes_pictures": row.takes_pictures,
        "allows_unknown_price": row.allows_unknown_price,
        **model_columns(
            {
                "tier": row.tier,
                "temperature": row.parameters.temperature,
                "output_tokens": row.parameters.max_output_tokens,
                "stop": row.parameters.stop,
            }
        ),
    }


def _model_row(row: Any) -> ModelRow:
    factor = 1.0
    if row.estimated_tokens >= _CORRECTED_FROM_TOKENS:
        factor = min(max(row.reported_tokens / row.estimated_tokens, 1 / _MOST_CORRECTION), _MOST_CORRECTION)
    return ModelRow(
        row.name,
        row.input_usd_per_million,
        row.output_usd_per_million,
        row.is_enabled,
        row.vanished_at,
        Tier(row.tier) if row.tier in tuple(Tier) else None,
        row.context_tokens,
        row.max_output_tokens,
        row.takes_pictures,
        Parameters(row.temperature, row.output_tokens, read_words(row.stop_json)),
        row.allows_unknown_price,
        factor,
    )
