"""The providers and models the user set up, in his order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from forgeapp.domain.request import NO_PARAMETERS, Parameters, Tier
from forgeapp.errors import UnknownModel, UnknownProvider, UsageError
from forgeapp.ledger.database import Database, insert_row, utc_now
from forgeapp.ledger.tables import models, providers

_CORRECTED_FROM_TOKENS = 1_000
_MOST_CORRECTION = 4.0


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
class ProviderRow:
    """`prices`: whose price list holds ('openai', ..., 'local', 'none'). `key_env`: where the key may also stand.

    `key_name`: which of its named keys is used, None for the one without a name. `mark`: the key of an error only the
    user can mend, with the moment it came. `is_seed`: put here by the program and never changed by the user. `quirks`:
    what its server was found not to take.
    """

    id: int
    name: str
    dialect: str
    base_url: str
    key_env: str | None
    prices: str
    is_enabled: bool
    position: int
    models: tuple[ModelRow, ...]
    is_seed: bool = False
    key_name: str | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    mark: str | None = None
    marked_at: str | None = None
    quirks: tuple[str, ...] = ()

    @property
    def needs_key(self) -> bool:
        """A server reached over https asks for a key; one over plain http may do without."""
        return self.base_url.startswith("https:")

    def model(self, name: str) -> ModelRow:
        """Raises UnknownModel."""
        for model in self.models:
            if model.name == name:
                return model
        raise UnknownModel(provider=self.name, model=name)


class Providers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, name: str, dialect: str, base_url: str, model_names: tuple[str, ...], key_env: str | None, prices: str
    ) -> None:
        """Behind those there are. Raises UsageError for a name that is taken."""
        with self._database.writing() as connection:
            if connection.execute(select(providers.c.id).where(providers.c.name == name)).first():
                raise UsageError(reason=f"A provider named {name} is there already; change it with 'providers set'.")
            position = connection.execute(select(func.coalesce(func.max(providers.c.position), -1) + 1)).scalar_one()
            provider = insert_row(
                connection,
                providers,
                name=name,
                dialect=dialect,
                base_url=base_url,
                key_env=key_env,
                prices=prices,
                position=position,
                created_at=utc_now(),
            )
            _add_models(connection, provider, model_names)

    def all(self) -> list[ProviderRow]:
        """In the order in which they are tried."""
        with self._database.reading() as connection:
            by_provider: dict[int, list[ModelRow]] = {}
            for row in connection.execute(select(models).order_by(models.c.position)):
                by_provider.setdefault(row.provider_id, []).append(_model_row(row))
            return [
                ProviderRow(
                    id=row.id,
                    name=row.name,
                    dialect=row.dialect,
                    base_url=row.base_url,
                    key_env=row.key_env,
                    prices=row.prices,
                    is_enabled=row.is_enabled,
                    position=row.position,
                    models=tuple(by_provider.get(row.id, ())),
                    is_seed=row.is_seed,
                    key_name=row.key_name,
                    requests_per_minute=row.requests_per_minute,
                    tokens_per_minute=row.tokens_per_minute,
                    mark=row.mark,
                    marked_at=row.marked_at,
                    quirks=_words(row.quirks_json),
                )
                for row in connection.execute(select(providers).order_by(providers.c.position))
            ]

    def get(self, name: str) -> ProviderRow:
        """Raises UnknownProvider."""
        for row in self.all():
            if row.name == name:
                return row
        raise UnknownProvider(provider=name)

    def change(
        self, name: str, model_names: tuple[str, ...] = (), model_prices: Sequence[ModelRow] = (), **columns: Any
    ) -> None:
        """Adds models it does not have yet, sets the user's own prices and columns of `providers`; all or nothing.

        Raises UnknownProvider, UnknownModel.
        """
        with self._database.writing() as connection:
            provider = connection.execute(select(providers.c.id).where(providers.c.name == name)).scalar()
            if provider is None:
                raise UnknownProvider(provider=name)
            _add_models(connection, provider, model_names)
            for price in model_prices:
                _set_price(connection, provider, name, price)
            if columns:
                connection.execute(providers.update().where(providers.c.id == provider).values(**columns))

    def remove(self, name: str) -> None:
        """Its calls stay in the ledger. Raises UnknownProvider."""
        with self._database.writing() as connection:
            if not connection.execute(providers.delete().where(providers.c.name == name)).rowcount:
                raise UnknownProvider(provider=name)

    def order(self, names: tuple[str, ...]) -> None:
        """Puts these first, in this order; the others follow as they stood. Raises UnknownProvider."""
        known = [row.name for row in self.all()]
        for name in names:
            if name not in known:
                raise UnknownProvider(provider=name)
        ordered = [*names, *(name for name in known if name not in names)]
        with self._database.writing() as connection:
            for position, name in enumerate(ordered):
                connection.execute(providers.update().where(providers.c.name == name).values(position=position))


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
        Parameters(row.temperature, row.output_tokens, _words(row.stop_json)),
        row.allows_unknown_price,
        factor,
    )


def _words(text: str) -> tuple[str, ...]:
    """A JSON list of texts; () for anything else, for the file may have been changed by others."""
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return tuple(word for word in words if isinstance(word, str)) if isinstance(words, list) else ()


def _set_price(connection: Connection, provider: int, name: str, price: ModelRow) -> None:
    changed = connection.execute(
        models.update()
        .where(models.c.provider_id == provider, models.c.name == price.name)
        .values(input_usd_per_million=price.input_usd_per_million, output_usd_per_million=price.output_usd_per_million)
    )
    if not changed.rowcount:
        raise UnknownModel(provider=name, model=price.name)


def _add_models(connection: Connection, provider: int, names: tuple[str, ...]) -> None:
    known = set(connection.execute(select(models.c.name).where(models.c.provider_id == provider)).scalars())
    for name in dict.fromkeys(names):
        if name not in known:
            known.add(name)
            connection.execute(models.insert().values(provider_id=provider, name=name, position=len(known)))
