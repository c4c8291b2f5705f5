"""The providers and models the user set up, in his order."""

from __future__ import annotations

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

    def change(self, name: str, **columns: Any) -> None:
        """Sets columns of `providers`. Raises UnknownProvider."""
        with self._database.writing() as connection:
            changed = connection.execute(providers.update().where(providers.c.name == name).values(**columns))
            if not changed.rowcount:
                raise UnknownProvider(provider=name)

    def add_models(self, name: str, model_names: tuple[str, ...]) -> None:
        """Those it does not have yet, behind those it has. Raises UnknownProvider."""
        provider = self.get(name)
        with self._database.writing() as connection:
            _add_models(connection, provider.id, model_names)

    def set_price(self, name: str, model: str, input_usd_per_million: str, output_usd_per_million: str) -> None:
        """The user's own price of a model. Raises UnknownProvider, UnknownModel."""
        provider = self.get(name)
        provider.model(model)
        with self._database.writing() as connection:
            connection.execute(
                models.update()
                .where(models.c.provider_id == provider.id, models.c.name == model)
                .values(input_usd_per_million=input_usd_per_million, output_usd_per_million=output_usd_per_million)
            )

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


def _add_models(connection: Connection, provider: int, names: tuple[str, ...]) -> None:
    known = set(connection.execute(select(models.c.name).where(models.c.provider_id == provider)).scalars())
    for name in dict.fromkeys(names):
        if name not in known:
            known.add(name)
            connection.execute(models.insert().values(provider_id=provider, name=name, position=len(known)))
