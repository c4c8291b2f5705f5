"""What is done to the providers set up: one is tested, its models are looked up, servers on this machine are found."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Message, ModelInfo, Prompt, Provider, Role
from forgeapp.domain.money import LOCAL_PRICES
from forgeapp.domain.wording import Text
from forgeapp.errors import Cancelled, ForgeError, NoModel, ProviderError
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallRow, NewCall, Purpose
from forgeapp.ledger.providers import ModelRow, ProviderRow, Refreshed
from forgeapp.services.asking.attempt import Attempt
from forgeapp.services.asking.connections import Connections
from forgeapp.services.asking.policy import rule_for
from forgeapp.services.asking.routing import Candidate

if TYPE_CHECKING:
    from forgeapp.providers.local_servers import FoundServer

_QUESTION = (Message(Role.USER, "Reply with the word: ready"),)
_ANSWER_TOKENS = 16
_DEADLINE_S = 60.0
_HERE = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - read, not bound


@dataclass(frozen=True, slots=True)
class TestResult:
    """`learned`: what the test found out beside the call's own figures, in sentences for the user."""

    call: CallRow
    learned: tuple[Text, ...]
    __test__: ClassVar = False
    """No test of ours, whatever pytest takes its name for."""


class Registry:
    """`find_servers`: those that answer on this machine, see `providers.local_servers.find`."""

    def __init__(
        self,
        ledger: Ledger,
        connections: Connections,
        count_tokens: Callable[[str], int],
        find_servers: Callable[[CancelToken], list[FoundServer]] | None = None,
    ) -> None:
        self._ledger = ledger
        self._connections = connections
        self._count_tokens = count_tokens
        self._find_servers = find_servers or _find_servers

    def test(self, name: str, cancel: CancelToken, model: str | None = None) -> TestResult:
        """Asks for one word: the model named, else the first in use. The call is a row in the ledger like any other.

        It reserves nothing, so that a spent budget is no reason not to see whether a key works. A reply takes the mark
        off the provider, a failure that only the user can mend puts one on. Raises UnknownProvider, UnknownModel,
        NoModel, KeyMissing, ProviderError, Cancelled.
        """
        row = self._ledger.providers.get(name)
        candidate = Candidate(row, row.model(model) if model is not None else _first_model(row))
        provider = self._connections.connect(row)
        call = self._begin(candidate)
        self._ask(provider, candidate, call, cancel)
        learned = [_peculiarity(quirk) for quirk in self._ledger.providers.get(name).quirks if quirk not in row.quirks]
        if row.mark is not None:
            self._ledger.providers.mark(name, None)
            learned.append(Text("answers_again", "It answers again: what stood against it is forgotten."))
        if (count := _count_models(provider, cancel)) is not None:
            learned.append(Text("models_listed", "It lists {count} models.", count=count))
        return TestResult(self._ledger.calls.get(call), tuple(learned))

    def refresh_models(self, name: str, cancel: CancelToken) -> Refreshed:
        """Takes over which models the provider says it has; how long their context is, from the price data if need be.

        Raises UnknownProvider, KeyMissing, ProviderError, Cancelled.
        """
        row = self._ledger.providers.get(name)
        listed = self._connections.connect(row).list_models(cancel)
        return self._ledger.providers.take_models(name, [_with_context(row, info) for info in listed])

    def find_local(self, cancel: CancelToken) -> list[FoundServer]:
        """Servers on this machine that no provider is set up for yet. Raises Cancelled. Takes up to some seconds."""
        taken = {_place(row.base_url) for row in self._ledger.providers.all()}
        return [server for server in self._find_servers(cancel) if _place(server.base_url) not in taken]

    def add_found(self, server: FoundServer) -> None:
        """Sets up a provider for it, free of charge, under its name or, where that is taken, one with a number."""
        taken = {row.name for row in self._ledger.providers.all()}
        name, number = server.name, 1
        while name in taken:
            number += 1
            name = f"{server.name}-{number}"
        self._ledger.providers.add(name, server.dialect, server.base_url, server.models, None, LOCAL_PRICES)

    def _begin(self, candidate: Candidate) -> int:
        key_name = self._connections.key_label(candidate.provider)
        new_call = NewCall(
            Purpose.TEST, candidate.provider.name, candidate.model.name, 1, _QUESTION, "test", key_name=key_name
        )
        return self._ledger.calls.begin(new_call)

    def _ask(self, provider: Provider, candidate: Candidate, call: int, cancel: CancelToken) -> None:
        """Raises the failure, which is settled and has put its mark."""
        prompt = Prompt(candidate.model.name, _QUESTION, max_output_tokens=_ANSWER_TOKENS)
        attempt = Attempt(self._ledger, self._connections.price, self._count_tokens, candidate, prompt, call)
        pieces = attempt.run(provider, cancel, time.monotonic() + _DEADLINE_S)
        while True:
            try:
                next(pieces)
            except StopIteration as stop:
                outcome = stop.value
                break
        if isinstance(outcome, ForgeError):
            if rule_for(outcome).marks:
                self._ledger.providers.mark(candidate.provider.name, outcome.key)
            raise outcome
        self._ledger.calls.settle(call, outcome.settlement)
        if cancel.is_cancelled:
            raise Cancelled()


def _find_servers(cancel: CancelToken) -> list[FoundServer]:
    from forgeapp.providers.local_servers import find

    return find(cancel)


def _first_model(row: ProviderRow) -> ModelRow:
    """The first in use, else the first. Raises NoModel."""
    models = [model for model in row.models if model.is_usable] or list(row.models)
    if not models:
        raise NoModel(provider=row.name)
    return models[0]


def _peculiarity(quirk: str) -> Text:
    return Text("quirk_learned", "Its server has a peculiarity that is allowed for from now on: {quirk}.", quirk=quirk)


def _count_models(provider: Provider, cancel: CancelToken) -> int | None:
    """How many it lists; None where it does not say, which is no fault."""
    try:
        return len(provider.list_models(cancel))
    except (ProviderError, Cancelled):
        return None


def _with_context(row: ProviderRow, info: ModelInfo) -> ModelInfo:
    from forgeapp.providers.catalog import context_of

    if info.context_tokens is not None:
        return info
    return replace(info, context_tokens=context_of(row.prices, info.name))


def _place(base_url: str) -> tuple[str, int | None]:
    """Host and port, by which a server is known; all names of this machine are one."""
    try:
        address = urlsplit(base_url)
        host, port = address.hostname or "", address.port
    except ValueError:
        return base_url, None
    return ("" if host in _HERE else host), port or (443 if address.scheme == "https" else 80)
