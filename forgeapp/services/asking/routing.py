"""Which model of which provider is asked, and how: message over conversation over project over everywhere.

What the user chose for one message wins; then the routes he set, the most particular first; then our own rule: the
cheap model, but the premium one for a large task whose result is calculated or run. Where a provider has no model of
the tier wanted, its first one is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Final

from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import NO_PARAMETERS, ForgeRequest, Mode, Parameters, Tier
from forgeapp.errors import UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.providers import ModelRow, ProviderRow
from forgeapp.ledger.routes import Route

SMALL, LARGE = "small", "large"
_PREMIUM_WHEN_LARGE: Final = frozenset({Kind.SPREADSHEET, Kind.CODE})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One model that may be asked. `uses_app_key`: with the distributor's key, not the user's."""

    provider: ProviderRow
    model: ModelRow
    parameters: Parameters = NO_PARAMETERS
    uses_app_key: bool = False

    @property
    def name(self) -> str:
        """'PROVIDER/MODEL'."""
        return f"{self.provider.name}/{self.model.name}"

    @property
    def is_local(self) -> bool:
        return self.provider.is_local


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done, as far as it says who should do it. `input_tokens` is estimated."""

    kind: Kind | None
    conversation: int | None
    input_tokens: int


class Router:
    """`app_providers`: those that a key came with."""

    def __init__(self, ledger: Ledger, small_task_tokens: int, app_providers: Callable[[], Container[str]]) -> None:
        self._ledger = ledger
        self._small_task_tokens = small_task_tokens
        self._app_providers = app_providers

    def check(self, request: ForgeRequest) -> None:
        """Raises UsageError, UnknownProvider or UnknownModel for a model named that is not there or may not answer."""
        if request.model is not None and request.mode is not Mode.TEMPLATES:
            self._named(request.model, request)

    def candidates(self, request: ForgeRequest, task: Task, *, every_model: bool = False) -> list[Candidate]:
        """Who would be asked, in order; the model named alone, where one is named.

        `every_model`: behind them every other model in use, to choose from. Raises as `check` does.
        """
        if request.mode is Mode.TEMPLATES:
            return []
        routes = self._routes(request, task)
        parameters = request.parameters
        for route in routes:
            parameters = parameters.over(route.parameters)
        if request.model is not None:
            chosen = [self._named(request.model, request)]
        else:
            chosen = self._routed(request, task, routes)
        if every_model:
            names = {candidate.name for candidate in chosen}
            chosen += [candidate for candidate in self._all(request) if candidate.name not in names]
        return [replace(candidate, parameters=parameters.over(candidate.model.parameters)) for candidate in chosen]

    def larger(self, than: int, request: ForgeRequest, task: Task) -> Candidate | None:
        """A model in use whose context is known to hold more than so many tokens; the smallest that does."""
        fitting = [
            candidate
            for candidate in self.candidates(replace(request, model=None), task, every_model=True)
            if (candidate.model.context_tokens or 0) > than
        ]
        return min(fitting, key=lambda candidate: candidate.model.context_tokens or 0, default=None)

    def size(self, task: Task) -> str:
        return SMALL if task.input_tokens <= self._small_task_tokens else LARGE

    def _routes(self, request: ForgeRequest, task: Task) -> list[Route]:
        size = self.size(task)
        return [
            route
            for route in self._ledger.routes.applying(task.conversation, request.project)
            if route.kind in (None, task.kind) and route.size in (None, size)
        ]

    def _routed(self, request: ForgeRequest, task: Task, routes: Sequence[Route]) -> list[Candidate]:
        tier, model = request.tier, None
        if tier is None:
            decisive = next((route for route in routes if route.tier or route.model), None)
            if decisive is not None:
                tier, model = decisive.tier, decisive.model
        if tier is None:
            is_premium = task.kind in _PREMIUM_WHEN_LARGE and self.size(task) == LARGE
            tier = Tier.PREMIUM if is_premium else Tier.CHEAP
        by_provider: dict[str, list[Candidate]] = {}
        everybody = self._all(request)
        for candidate in everybody:
            by_provider.setdefault(candidate.provider.name, []).append(candidate)
        chosen = [
            next((candidate for candidate in models if candidate.model.tier is tier), models[0])
            for models in by_provider.values()
        ]
        # A route names whom to ask first; unlike a model named for one message, others may take over.
        first = [candidate for candidate in everybody if candidate.name == model]
        return [*first, *(candidate for candidate in chosen if candidate.name != model)]

    def _all(self, request: ForgeRequest) -> list[Candidate]:
        """Every model in use of every provider in use that may answer in the request's mode, in the user's order."""
        return [
            Candidate(provider, model, uses_app_key=request.mode is Mode.APP_KEY)
            for provider in self._ledger.providers.all()
            if provider.is_enabled and self._may_answer(provider, request.mode)
            for model in provider.models
            if model.is_usable
        ]

    def _may_answer(self, provider: ProviderRow, mode: Mode) -> bool:
        if mode is Mode.LOCAL:
            return provider.is_local
        return mode is not Mode.APP_KEY or provider.name in self._app_providers()

    def _named(self, model: str, request: ForgeRequest) -> Candidate:
        name, slash, model_name = model.partition("/")
        if not slash or not model_name:
            raise UsageError(reason=f"'{model}' is not of the form PROVIDER/MODEL.")
        provider = self._ledger.providers.get(name)
        candidate = Candidate(provider, provider.model(model_name), uses_app_key=request.mode is Mode.APP_KEY)
        if not self._may_answer(provider, request.mode):
            reason = (
                f"{model} is not a local model; only those were to be asked."
                if request.mode is Mode.LOCAL
                else f"No key came with ForgeApp for {name}; choose another model, or your own key."
            )
            raise UsageError(reason=reason)
        return candidate
