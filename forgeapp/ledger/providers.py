"""The providers and models the user set up, in his order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from forgeapp.domain.chat import ModelInfo
from forgeapp.domain.money import LOCAL_PRICES
from forgeapp.errors import UnknownModel, UnknownProvider, UsageError
from forgeapp.ledger.database import Database, insert_row, utc_now
from forgeapp.ledger.models import ModelRow as ModelRow
from forgeapp.ledger.models import Refreshed as Refreshed
from forgeapp.ledger.models import (
    add_models,
    change_model,
    delete_model,
    learn_tokens,
    model_columns,
    order_models,
    read_models,
    take_models,
)
from forgeapp.ledger.tables import providers, seeds
from forgeapp.ledger.words import read_words

_TOUCHING_THE_SERVER: Final = frozenset({"dialect", "base_url"})
_TOUCHING_THE_KEY: Final = frozenset({"key_env", "key_name"})


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
    def is_local(self) -> bool:
        """It runs on the user's own machine, as he says by its price list: nothing is guessed from an address."""
        return self.prices == LOCAL_PRICES

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


@dataclass(frozen=True, slots=True)
class SeedProvider:
    """A provider the program brings along; the columns are those of ProviderRow."""

    name: str
    dialect: str
    base_url: str
    key_env: str | None
    prices: str
    models: tuple[ModelRow, ...] = ()


class Providers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, name: str, dialect: str, base_url: str, model_names: tuple[str, ...], key_env: str | None, prices: str
    ) -> None:
        """Behind those there are, or in the place of a seed of that name that nobody has changed.

        Raises UsageError for a name that is taken.
        """
        new = SeedProvider(name, dialect, base_url, key_env, prices, tuple(map(ModelRow, model_names)))
        with self._database.writing() as connection:
            query = select(providers.c.is_seed, providers.c.position).where(providers.c.name == name)
            taken = connection.execute(query).first()
            if taken is not None and not taken.is_seed:
                raise UsageError(reason=f"A provider named {name} is there already; change it with 'providers set'.")
            if taken is not None:
                connection.execute(providers.delete().where(providers.c.name == name))
            _insert(connection, new, taken.position if taken is not None else None, is_seed=False)

    def seed(self, seeded: Sequence[SeedProvider]) -> None:
        """Puts in those that were never put in before and whose name is free.

        All of them are noted, so that one the user removes does not come back.
        """
        with self._database.reading() as connection:
            known = set(connection.execute(select(seeds.c.name)).scalars())
        if known.issuperset(new.name for new in seeded):
            return
        with self._database.writing() as connection:
            known = set(connection.execute(select(seeds.c.name)).scalars())
            taken = set(connection.execute(select(providers.c.name)).scalars())
            for new in seeded:
                if new.name in known:
                    continue
                known.add(new.name)
                connection.execute(seeds.insert().values(name=new.name))
                if new.name not in taken:
                    _insert(connection, new, None, is_seed=True)

    def all(self) -> list[ProviderRow]:
        """In the order in which they are tried."""
        with self._database.reading() as connection:
            by_provider = read_models(connection)
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
                    quirks=read_words(row.quirks_json),
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

        What was learned of a server goes with its address, a mark with whatever may have mended its cause. Raises
        UnknownProvider, UnknownModel.
        """
        follows: dict[str, Any] = {}
        if columns.keys() & _TOUCHING_THE_SERVER:
            follows["quirks_json"] = "[]"
        if columns.keys() & (_TOUCHING_THE_SERVER | _TOUCHING_THE_KEY):
            follows |= {"mark": None, "marked_at": None}
        with self._database.writing() as connection:
            provider = _touch(connection, name, **follows | columns)
            add_models(connection, provider, tuple(map(ModelRow, model_names)))
            for row in model_prices:
                price = {
                    "input_usd_per_million": row.input_usd_per_million,
                    "output_usd_per_million": row.output_usd_per_million,
                }
                if not change_model(connection, provider, row.name, price):
                    raise UnknownModel(provider=name, model=row.name)

    def change_model(self, provider: str, model: str, **columns: Any) -> None:
        """Sets what the user wants of a model: any of tier, is_enabled, temperature, output_tokens, stop,
        allows_unknown_price. Raises UnknownProvider, UnknownModel.
        """
        with self._database.writing() as connection:
            if not change_model(connection, _touch(connection, provider), model, model_columns(columns)):
                raise UnknownModel(provider=provider, model=model)

    def remove_model(self, provider: str, model: str) -> None:
        """Raises UnknownProvider, UnknownModel."""
        with self._database.writing() as connection:
            if not delete_model(connection, _touch(connection, provider), model):
                raise UnknownModel(provider=provider, model=model)

    def order_models(self, provider: str, names: Sequence[str]) -> None:
        """Puts these first, in this order; the others follow as they stood. Raises UnknownProvider, UnknownModel."""
        with self._database.writing() as connection:
            order_models(connection, _touch(connection, provider), provider, names)

    def take_models(self, name: str, infos: Sequence[ModelInfo]) -> Refreshed:
        """Takes over what the provider lists: adds new ones behind, notes what they can, marks those that vanished.

        Raises UnknownProvider.
        """
        with self._database.writing() as connection:
            return take_models(connection, _require(connection, name), infos)

    def learn_tokens(self, provider: str, model: str, estimated: int, reported: int) -> None:
        """Of the same text: our own count, and the model's. One that is not there any more learns nothing."""
        with self._database.writing() as connection:
            found = _find(connection, provider)
            if found is not None:
                learn_tokens(connection, found, model, estimated, reported)

    def learn_quirks(self, name: str, quirks: tuple[str, ...]) -> None:
        """All that its server is known not to take. A provider that is not there any more learns nothing."""
        self._note(name, quirks_json=json.dumps(quirks))

    def mark(self, name: str, key: str | None) -> None:
        """Notes the key of an error only the user can mend; None: it is mended. No matter if the provider is gone."""
        self._note(name, mark=key, marked_at=utc_now() if key is not None else None)

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

    def _note(self, name: str, **columns: Any) -> None:
        """What the program found out: the row is none the less as the user left it."""
        with self._database.writing() as connection:
            connection.execute(providers.update().where(providers.c.name == name).values(**columns))


def _find(connection: Connection, name: str) -> int | None:
    return connection.execute(select(providers.c.id).where(providers.c.name == name)).scalar()


def _require(connection: Connection, name: str) -> int:
    """Raises UnknownProvider."""
    found = _find(connection, name)
    if found is None:
        raise UnknownProvider(provider=name)
    return found


def _touch(connection: Connection, name: str, **columns: Any) -> int:
    """The provider's id; by the user's hand it ceases to be a seed. Raises UnknownProvider."""
    provider = _require(connection, name)
    values = {"is_seed": False} | columns
    connection.execute(providers.update().where(providers.c.id == provider).values(**values))
    return provider


def _insert(connection: Connection, new: SeedProvider, position: int | None, *, is_seed: bool) -> None:
    """At that position, else behind those there are."""
    if position is None:
        behind = select(func.coalesce(func.max(providers.c.position), -1) + 1)
        position = connection.execute(behind).scalar_one()
    provider = insert_row(
        connection,
        providers,
        name=new.name,
        dialect=new.dialect,
        base_url=new.base_url,
        key_env=new.key_env,
        prices=new.prices,
        position=position,
        created_at=utc_now(),
        is_seed=is_seed,
    )
    add_models(connection, provider, new.models)
