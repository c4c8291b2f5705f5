"""Providers as the user set them up, opened with their keys, timed and priced."""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from forgeapp import log
from forgeapp.credentials import Credentials
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Message, Prompt, Provider, Role, TextPiece, UsageReported
from forgeapp.domain.secret import variable_for
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import Cancelled, ForgeError, KeyMissing, UnknownModel, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallRow, CallStatus, NewCall, Purpose, Settlement
from forgeapp.ledger.providers import ModelRow, ProviderRow

if TYPE_CHECKING:
    from forgeapp.providers.catalog import OwnPrice

_VENDORS = {
    "api.openai.com": "openai",
    "openrouter.ai": "openrouter",
    "api.groq.com": "groq",
    "api.mistral.ai": "mistral",
    "api.deepseek.com": "deepseek",
    "api.together.xyz": "together",
    "api.fireworks.ai": "fireworks",
    "api.x.ai": "x-ai",
}
"""Whose public prices hold at whose own address; every other address has no price list until the user names one."""
_NOT_IN_BASE_URL = frozenset("@?#")


class Connections:
    def __init__(self, ledger: Ledger, credentials: Credentials, read_timeout_s: float) -> None:
        self._ledger = ledger
        self._credentials = credentials
        self._read_timeout_s = read_timeout_s

    def connect(self, row: ProviderRow, *, uses_app_key: bool = False) -> Provider:
        """`uses_app_key`: with the key that came with the program, not the user's. Raises KeyMissing."""
        key = (
            self._credentials.app_key(row.name)
            if uses_app_key
            else self._credentials.get(row.name, row.key_env, row.key_name)
        )
        if key is None and row.needs_key:
            raise KeyMissing(provider=row.name, variable=row.key_env or variable_for(row.name))
        from forgeapp.providers.registry import make_provider
        from forgeapp.providers.transport import Timeouts

        if key is not None:
            log.hide(key)

        timeouts = Timeouts(read_s=self._read_timeout_s)
        return make_provider(row.dialect, name=row.name, base_url=row.base_url, api_key=key, timeouts=timeouts)

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

    def usual_prices(self, base_url: str) -> str:
        """The price list of the vendor whose own address this is, else 'none': nothing is guessed to be free."""
        from forgeapp.providers.registry import parse_base_url

        return _VENDORS.get(parse_base_url(base_url).host, "none")

    def test(self, name: str, cancel: CancelToken) -> CallRow:
        """Asks for one word. Raises UnknownProvider, UnknownModel, KeyMissing, ProviderError, Cancelled."""
        row = self._ledger.providers.get(name)
        if not row.models:
            raise UnknownModel(provider=name, model="to test with")
        messages = (Message(Role.USER, "Reply with the word: ready"),)
        provider = self.connect(row)
        new_call = NewCall(Purpose.TEST, name, row.models[0].name, 1, messages, "test", key_name=self.key_source(row))
        call = self._ledger.calls.begin(new_call)
        started = time.monotonic()
        usage, words, failure = Usage(source=UsageSource.ESTIMATED), list[str](), None
        try:
            for event in provider.stream(Prompt(row.models[0].name, messages, max_output_tokens=16), cancel):
                match event:
                    case UsageReported(usage=reported):
                        usage = reported
                    case TextPiece(text=text):
                        words.append(text)
                    case _:
                        pass
        except ForgeError as error:
            failure = error
        is_reported = usage.source is UsageSource.REPORTED
        is_unanswered = failure is not None and not is_reported and not words
        cost, price_version = self.price(row, row.models[0], usage) if is_reported else (None, None)
        status = CallStatus.OK
        if failure is not None:
            status = CallStatus.CANCELLED if isinstance(failure, Cancelled) else CallStatus.FAILED
        settled = self._ledger.calls.settle(
            call,
            Settlement(
                status=status,
                usage=usage,
                cost_nano_usd=0 if is_unanswered else cost,
                price_version=price_version,
                duration_ms=round((time.monotonic() - started) * 1000),
                first_token_ms=None,
                reply="".join(words),
                error_type=failure.key if failure else None,
                error_message=failure.message if failure else None,
            ),
        )
        if failure is not None:
            raise failure
        return settled

    def refresh_models(self, name: str) -> None:
        """Adds the models the provider says it has. Raises UnknownProvider, KeyMissing, ProviderError."""
        row = self._ledger.providers.get(name)
        self._ledger.providers.change(name, tuple(model.name for model in self.connect(row).list_models(CancelToken())))


def _own_price(model: ModelRow) -> OwnPrice | None:
    """The user's own price of a model, where he set one."""
    from forgeapp.providers.catalog import OwnPrice

    if model.input_usd_per_million is None or model.output_usd_per_million is None:
        return None
    return OwnPrice(Decimal(model.input_usd_per_million), Decimal(model.output_usd_per_million))
