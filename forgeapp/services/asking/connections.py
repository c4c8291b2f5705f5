"""Providers as the user set them up: opened with their keys, priced and checked.

Not here: what is done to them, see `registry`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING

from forgeapp import log
from forgeapp.credentials import Credentials
from forgeapp.domain.chat import Message, Provider
from forgeapp.domain.usage import Usage
from forgeapp.errors import KeyMissing, StorageError, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.providers import ModelRow, ProviderRow

if TYPE_CHECKING:
    from forgeapp.providers.base import Quirks
    from forgeapp.providers.catalog import OwnPrice

_NOT_IN_BASE_URL = frozenset("@?#")


class Connections:
    """`read_timeout_s`, `local_timeout_s`: as `use_timeouts` says."""

    def __init__(
        self, ledger: Ledger, credentials: Credentials, read_timeout_s: float, local_timeout_s: float | None = None
    ) -> None:
        self._ledger = ledger
        self._credentials = credentials
        self.use_timeouts(read_timeout_s, local_timeout_s)
        self._quirks: dict[int, tuple[tuple[str, str], Quirks]] = {}
        self._learning = Lock()

    def use_timeouts(self, read_timeout_s: float, local_timeout_s: float | None = None) -> None:
        """How long a stream may be silent, in calls from now on.

        `local_timeout_s`: a model on the user's own machine is loaded first, and says nothing until then.
        """
        self._read_timeout_s = read_timeout_s
        self._local_timeout_s = local_timeout_s or read_timeout_s

    def connect(self, row: ProviderRow, *, uses_app_key: bool = False) -> Provider:
        """`uses_app_key`: with the key that came with the program, not the user's. Raises KeyMissing."""
        key = (
            self._credentials.app_key(row.name)
            if uses_app_key
            else self._credentials.get(row.name, row.key_env, row.key_name)
        )
        variable = self._credentials.variable(row.name, row.key_env, row.key_name)
        if key is None and row.needs_key:
            raise KeyMissing(provider=row.name, variable=variable)
        from forgeapp.providers.registry import make_provider
        from forgeapp.providers.transport import Timeouts

        if key is not None:
            log.hide(key)
        return make_provider(
            row.dialect,
            name=row.name,
            base_url=row.base_url,
            api_key=key,
            key_variable=variable,
            timeouts=Timeouts(read_s=self._local_timeout_s if row.is_local else self._read_timeout_s),
            quirks=self._quirks_of(row),
        )

    def most_cost(
        self, row: ProviderRow, model: ModelRow, messages: Sequence[Message], output_tokens: int
    ) -> int | None:
        """The most a call with these messages and so many tokens of reply can cost; None where no price is known."""
        from forgeapp.providers.catalog import input_bound, most_nano_usd

        return most_nano_usd(row.prices, model.name, input_bound(messages), output_tokens, _own_price(model))

    def price(self, row: ProviderRow, model: ModelRow, usage: Usage) -> tuple[int | None, str | None]:
        """Cost in nano-dollars, None where no price is known, and the price list it is from."""
        from forgeapp.providers.catalog import cost_nano_usd

        return cost_nano_usd(row.prices, model.name, usage, _own_price(model))

    def key_source(self, row: ProviderRow) -> str | None:
        """Where the key comes from: 'keyring', 'environment:VARIABLE', or None where there is none."""
        return self._credentials.source(row.name, row.key_env, row.key_name)

    def key_label(self, row: ProviderRow) -> str | None:
        """What a call is noted with: the key's name where it has one, else where it comes from."""
        return self._credentials.label(row.name, row.key_env, row.key_name)

    def lacks_key(self, row: ProviderRow) -> bool:
        """Whether it could not be asked for want of a key. May wait for the keyring."""
        return row.needs_key and self.key_source(row) is None

    def check(self, dialect: str, base_url: str) -> None:
        """Raises UsageError for a dialect or address that cannot be, or an address that may hold a key."""
        from forgeapp.providers.registry import make_provider

        if _NOT_IN_BASE_URL & set(base_url):
            # The address is not repeated: what stands there may be a password.
            raise UsageError(
                reason="A base URL holds neither a name and password ('@') nor parameters ('?', '#'); "
                "keys are set with 'forgeapp keys set' or --key-env."
            )
        make_provider(dialect, name="new", base_url=base_url)

    def check_prices(self, prices: str) -> None:
        """Raises UsageError for a price list there is none of, naming those there are."""
        from forgeapp.providers.catalog import price_lists

        known = price_lists()
        if prices not in known:
            raise UsageError(reason=f"There is no price list {prices}. Price lists are: {', '.join(known)}.")

    def usual_prices(self, dialect: str, base_url: str) -> str:
        """The price list of the vendor whose own address this is, else of the one whose dialect it is."""
        from forgeapp.providers.catalog import NONE, usual_prices
        from forgeapp.providers.registry import PRICES, parse_base_url

        known = usual_prices(str(parse_base_url(base_url)))
        return known if known != NONE else PRICES.get(dialect, NONE)

    def _quirks_of(self, row: ProviderRow) -> Quirks:
        """What is known of a server, one object for all its calls; another server at another address begins anew."""
        from forgeapp.providers.base import Quirks

        def keep(known: tuple[str, ...]) -> None:
            # What can't be written down is learned again the next time.
            with contextlib.suppress(StorageError):
                self._ledger.providers.learn_quirks(row.name, known)

        server = row.dialect, row.base_url
        with self._learning:
            known = self._quirks.get(row.id)
            if known is None or known[0] != server:
                known = self._quirks[row.id] = server, Quirks(row.quirks, keep)
            return known[1]


def _own_price(model: ModelRow) -> OwnPrice | None:
    """The user's own price of a model, where he set one."""
    from forgeapp.providers.catalog import OwnPrice

    if model.input_usd_per_million is None or model.output_usd_per_million is None:
        return None
    return OwnPrice(Decimal(model.input_usd_per_million), Decimal(model.output_usd_per_million))
