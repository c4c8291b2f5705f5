"""The providers and models the user set up, in his order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from forgeapp.errors import UnknownModel, UnknownProvider, UsageError
from forgeapp.ledger.database import Database, insert_row, utc_now
from forgeapp.ledger.tables import models, providers


@dataclass(frozen=True, slots=True)
class ModelRow:
    """`input_usd_per_million`, `output_usd_per_million`: the user's own price as decimal text, which wins."""

    name: str
    input_usd_per_million: str | None = None
    output_usd_per_million: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """`prices`: whose price list holds ('openai', ..., 'local', 'none'). `key_env`: where the key may also stand."""

    id: int
    name: str
    dialect: str
    base_url: str
    key_env: str | None
    prices: str
    is_enabled: bool
    position: int
    models: tuple[ModelRow, ...]

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
                by_provider.setdefault(row.provider_id, []).append(
                    ModelRow(row.name, row.input_usd_per_million, row.output_usd_per_million)
                )
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
