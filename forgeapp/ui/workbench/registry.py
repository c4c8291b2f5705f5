"""The providers and their models as the Configuration page changes them, and what is being asked of them there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import ModelInfo
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import Cancelled, ForgeError
from forgeapp.ui.jobs import Job, Lane, OnError

if TYPE_CHECKING:
    from forgeapp.ledger.providers import ModelRow, ProviderRow, Refreshed
    from forgeapp.providers.local_servers import FoundServer
    from forgeapp.services.asking.registry import TestResult
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.services import Services

_COLUMNS = ("dialect", "base_url", "prices", "key_name", "key_env", "requests_per_minute", "tokens_per_minute")
"""What the form says that is a column of the provider's row."""
_SAMPLE_TOKENS = 1_000
"""Prices are looked up for so many, where no dearer rate for long prompts holds yet."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form says of a provider. `key` None leaves the key as it is; limits None are none."""

    name: str
    dialect: str
    base_url: str
    prices: str
    key: str | None = None
    key_name: str | None = None
    key_env: str | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


@dataclass(slots=True)
class Probe:
    """Something asked of a provider by hand: a test, or which models it has; `outcome` None while it is under way."""

    purpose: Literal["test", "models"]
    job: Job | None = None
    outcome: TestResult | Refreshed | ForgeError | None = None

    @property
    def is_running(self) -> bool:
        return self.outcome is None


@dataclass(frozen=True, slots=True)
class ListPrice:
    """USD per million tokens by the price list; None where it is unknown."""

    input_usd: float | None
    output_usd: float | None


class Registry(QObject):
    """`selected`: the provider whose models are shown. `key_sources`: where each key is, as of the last look.

    `servers`: those found on this machine that are not set up. `list_prices` by (provider, model). `probes` by
    provider. `changed` follows each change of any of these, `removed((ProviderRow, order))` and
    `model_removed(provider, (ModelRow, order))` a removal that can be taken back.
    """

    changed = Signal()
    removed = Signal(object)
    model_removed = Signal(str, object)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.selected: str | None = None
        self.key_sources: dict[str, str | None] = {}
        self.servers: list[FoundServer] = []
        self.list_prices: dict[tuple[str, str], ListPrice] = {}
        self.probes: dict[str, Probe] = {}
        self._is_watched = False
        self._searches: Job | None = None
        self._looks: dict[str, Job] = {}
        workbench.status.changed.connect(self._on_status_changed)

    @property
    def rows(self) -> list[ProviderRow]:
        return self._workbench.status.providers

    @property
    def selected_row(self) -> ProviderRow | None:
        """The one that is selected, else the first."""
        return next((row for row in self.rows if row.name == self.selected), next(iter(self.rows), None))

    def find(self, name: str) -> ProviderRow | None:
        return next((row for row in self.rows if row.name == name), None)

    def watch(self, is_watched: bool) -> None:
        """Somebody looks: keys and prices are read after each change, and local servers are looked for."""
        self._is_watched = is_watched
        if is_watched:
            self._workbench.status.refresh()
            self._find_servers()
        elif self._searches is not None:
            self._searches.drop()

    def select(self, name: str) -> None:
        if name != self.selected:
            self.selected = name
            self._look_up_prices()
            self.changed.emit()

    # Providers

    def save(self, draft: Draft, is_new: bool, done: Callable[[], None], on_error: OnError) -> None:
        """Keeps the key, then adds or changes the row; `on_error` gets KeyringMissing before anything was changed."""
        self._ask(
            lambda services, _cancel: _save(services, draft, is_new), lambda _: self._saved(draft, done), on_error
        )

    def hold_key(self, draft: Draft, is_new: bool, done: Callable[[], None], on_error: OnError) -> None:
        """As `save`, with the key held until the program ends."""
        self._ask(
            lambda services, _cancel: _save(services, draft, is_new, for_session=True),
            lambda _: self._saved(draft, done),
            on_error,
        )

    def forget_key(self, name: str, key_name: str | None = None) -> None:
        self._ask(lambda services, _cancel: services.credentials.delete(name, key_name), lambda _: self._reread())

    def check(self, dialect: str, base_url: str, show: Callable[[ForgeError | None], None]) -> Job | None:
        """Whether such an address can be; `show` gets what speaks against it."""

        def look(services: Services, _cancel: CancelToken) -> ForgeError | None:
            try:
                services.connections.check(dialect, base_url)
            except ForgeError as error:
                return error
            return None

        return self._ask(look, show)

    def enable(self, name: str, is_enabled: bool) -> None:
        self._change(lambda services: services.ledger.providers.change(name, is_enabled=is_enabled))

    def order(self, names: Sequence[str]) -> None:
        self._change(lambda services: services.ledger.providers.order(tuple(names)))

    def move(self, name: str, by: int) -> None:
        """Up or down by so many places, as far as there are any."""
        names = [row.name for row in self.rows]
        place = names.index(name)
        target = min(max(place + by, 0), len(names) - 1)
        if target != place:
            names.insert(target, names.pop(place))
            self.order(names)

    def remove(self, name: str) -> None:
        row = self.find(name)
        if row is not None:
            self.probes.pop(name, None)
            self._change(
                lambda services: services.ledger.providers.remove(name), lambda: self.removed.emit((row, self._names))
            )

    def restore(self, row: ProviderRow, order: Sequence[str]) -> None:
        """Puts a removed provider back, where and as it stood."""
        self._change(lambda services: _restore(services, row, order))

    def add_server(self, server: FoundServer) -> None:
        self.servers = [one for one in self.servers if one != server]
        self._change(lambda services: services.registry.add_found(server))
        self.changed.emit()

    # What is asked of them

    def test(self, name: str, model: str | None = None) -> None:
        def ask(services: Services, cancel: CancelToken) -> TestResult:
            result = services.registry.test(name, cancel, model)
            _ask_again(services, name)
            return result

        self._probe(name, Probe("test"), ask)

    def refresh_models(self, name: str) -> None:
        self._probe(name, Probe("models"), lambda services, cancel: services.registry.refresh_models(name, cancel))

    def stop(self, name: str) -> None:
        probe = self.probes.get(name)
        if probe is not None and probe.job is not None:
            probe.job.cancel()

    def forget_probe(self, name: str) -> None:
        """What came of it has been read."""
        probe = self.probes.get(name)
        if probe is not None and not probe.is_running:
            del self.probes[name]
            self.changed.emit()

    # Models

    def add_model(self, provider: str, name: str) -> None:
        self._change(lambda services: services.ledger.providers.change(provider, (name,)))

    def change_model(self, provider: str, name: str, **columns: Any) -> None:
        self._change(lambda services: services.ledger.providers.change_model(provider, name, **columns))

    def set_price(self, provider: str, name: str, input_usd: str | None, output_usd: str | None) -> None:
        """The user's own price in USD per million tokens as decimal text; None goes back to the price list."""

        def change(services: Services) -> None:
            from forgeapp.ledger.providers import ModelRow

            services.ledger.providers.change(provider, model_prices=(ModelRow(name, input_usd, output_usd),))

        self._change(change)

    def move_model(self, provider: str, name: str, by: int) -> None:
        row = self.find(provider)
        if row is None:
            return
        names = [model.name for model in row.models]
        place = names.index(name)
        target = min(max(place + by, 0), len(names) - 1)
        if target != place:
            names.insert(target, names.pop(place))
            self._change(lambda services: services.ledger.providers.order_models(provider, tuple(names)))

    def remove_model(self, provider: str, name: str) -> None:
        row = self.find(provider)
        if row is not None:
            model = row.model(name)
            names = [one.name for one in row.models]
            self._change(
                lambda services: services.ledger.providers.remove_model(provider, name),
                lambda: self.model_removed.emit(provider, (model, names)),
            )

    def restore_model(self, provider: str, model: ModelRow, order: Sequence[str]) -> None:
        self._change(lambda services: _restore_model(services, provider, model, order))

    # How it is done

    @property
    def _names(self) -> list[str]:
        return [row.name for row in self.rows]

    def _change(self, work: Callable[[Services], object], then: Callable[[], None] | None = None) -> None:
        def done(_result: object) -> None:
            if then is not None:
                then()
            self._workbench.status.refresh()

        self._workbench.call(work, done)

    def _saved(self, draft: Draft, done: Callable[[], None]) -> None:
        self.selected = draft.name
        self.probes.pop(draft.name, None)
        self._reread()
        done()

    def _reread(self) -> None:
        self._workbench.status.refresh()

    def _ask(
        self,
        work: Callable[[Services, CancelToken], Any],
        show: Callable[[Any], None],
        on_error: OnError | None = None,
    ) -> Job | None:
        services = self._workbench.services
        if services is None:
            return None
        return self._workbench.jobs.run(lambda cancel: work(services, cancel), show, on_error, Lane.ASIDE)

    def _probe(self, name: str, probe: Probe, work: Callable[[Services, CancelToken], Any]) -> None:
        running = self.probes.get(name)
        if running is not None and running.is_running:
            return

        def show(outcome: Any) -> None:
            probe.outcome = outcome
            self._workbench.status.refresh()
            self.changed.emit()

        def fail(error: Exception) -> None:
            if not isinstance(error, ForgeError):
                self.probes.pop(name, None)
                self._workbench.failed.emit(error)
            elif isinstance(error, Cancelled):
                self.probes.pop(name, None)
            else:
                probe.outcome = error
            self._workbench.status.refresh()
            self.changed.emit()

        self.probes[name] = probe
        probe.job = self._ask(work, show, fail)
        self.changed.emit()

    def _find_servers(self) -> None:
        if self._searches is not None:
            self._searches.drop()
        self._searches = self._ask(
            lambda services, cancel: services.registry.find_local(cancel), self._take_servers, self._on_search_failed
        )

    def _take_servers(self, servers: list[FoundServer]) -> None:
        self.servers = servers
        self.changed.emit()

    def _on_search_failed(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self._workbench.failed.emit(error)

    def _on_status_changed(self) -> None:
        names = self._names
        self.probes = {name: probe for name, probe in self.probes.items() if name in names}
        if self._is_watched:
            self._look_up_keys()
            self._look_up_prices()
        self.changed.emit()

    def _look_up_keys(self) -> None:
        rows = list(self.rows)

        def show(sources: dict[str, str | None]) -> None:
            if sources != self.key_sources:
                self.key_sources = sources
                self.changed.emit()

        self._look("keys", lambda services: {row.name: services.connections.key_source(row) for row in rows}, show)

    def _look_up_prices(self) -> None:
        row = self.selected_row
        if row is None:
            return

        def show(prices: dict[tuple[str, str], ListPrice]) -> None:
            if any(self.list_prices.get(key) != price for key, price in prices.items()):
                self.list_prices |= prices
                self.changed.emit()

        self._look("prices", lambda services: _list_prices(services, row), show)

    def _look(self, what: str, work: Callable[[Services], Any], show: Callable[[Any], None]) -> None:
        """Only the newest look of a kind is shown."""
        if (before := self._looks.get(what)) is not None:
            before.drop()
        job = self._ask(lambda services, _cancel: work(services), show)
        if job is not None:
            self._looks[what] = job


def _save(services: Services, draft: Draft, is_new: bool, for_session: bool = False) -> None:
    services.connections.check(draft.dialect, draft.base_url)
    if draft.key is not None:
        keep = services.credentials.set_for_session if for_session else services.credentials.set
        keep(draft.name, draft.key, draft.key_name)
    providers = services.ledger.providers
    if is_new:
        providers.add(draft.name, draft.dialect, draft.base_url, (), draft.key_env, draft.prices)
    row = providers.get(draft.name)
    # What stays as it was leaves what is known of the server, and what stands against it.
    changed = {name: value for name in _COLUMNS if (value := getattr(draft, name)) != getattr(row, name)}
    providers.change(draft.name, **changed)
    if draft.key is not None:
        providers.mark(draft.name, None)
    _ask_again(services, draft.name)


def _ask_again(services: Services, name: str) -> None:
    """It answers, or was changed: nobody need wait any longer before asking it."""
    services.breakers.reset(name)
    services.limits.resume(name)


def _restore(services: Services, row: ProviderRow, order: Sequence[str]) -> None:
    providers = services.ledger.providers
    names = tuple(model.name for model in row.models)
    providers.add(row.name, row.dialect, row.base_url, names, row.key_env, row.prices)
    providers.change(
        row.name,
        is_enabled=row.is_enabled,
        key_name=row.key_name,
        requests_per_minute=row.requests_per_minute,
        tokens_per_minute=row.tokens_per_minute,
    )
    _list_again(services, row.name, row.models)
    for model in row.models:
        _take_back(services, row.name, model)
    known = {known.name for known in providers.all()}
    providers.order(tuple(name for name in order if name in known))


def _restore_model(services: Services, provider: str, model: ModelRow, order: Sequence[str]) -> None:
    providers = services.ledger.providers
    providers.change(provider, (model.name,))
    _list_again(services, provider, providers.get(provider).models, model)
    _take_back(services, provider, model)
    known = {known.name for known in providers.get(provider).models}
    providers.order_models(provider, tuple(name for name in order if name in known))


def _list_again(services: Services, provider: str, models: Sequence[ModelRow], back: ModelRow | None = None) -> None:
    """What the provider had said of models, and which of them it lists no more; `back` is one of them as it was."""
    rows = [back if back is not None and model.name == back.name else model for model in models]
    infos = [
        ModelInfo(model.name, model.context_tokens, model.max_output_tokens, model.takes_pictures) for model in rows
    ]
    services.ledger.providers.take_models(provider, infos)
    there = [info for info, model in zip(infos, rows, strict=True) if model.vanished_at is None]
    if len(there) < len(infos):
        services.ledger.providers.take_models(provider, there)


def _take_back(services: Services, provider: str, model: ModelRow) -> None:
    """What the user had said of a model."""
    providers = services.ledger.providers
    if model.input_usd_per_million is not None or model.output_usd_per_million is not None:
        providers.change(provider, model_prices=(model,))
    providers.change_model(
        provider,
        model.name,
        tier=model.tier,
        is_enabled=model.is_enabled,
        temperature=model.parameters.temperature,
        output_tokens=model.parameters.max_output_tokens,
        stop=model.parameters.stop,
        allows_unknown_price=model.allows_unknown_price,
    )


def _list_prices(services: Services, row: ProviderRow) -> dict[tuple[str, str], ListPrice]:
    """Without the user's own prices, which stand in the rows."""
    from forgeapp.ledger.providers import ModelRow

    def usd(model: str, usage: Usage) -> float | None:
        cost, _version = services.connections.price(row, ModelRow(model), usage)
        return None if cost is None else cost / _SAMPLE_TOKENS / 1_000

    prices = {}
    for model in row.models:
        given = usd(model.name, Usage(input_tokens=_SAMPLE_TOKENS, source=UsageSource.ESTIMATED))
        taken = usd(model.name, Usage(output_tokens=_SAMPLE_TOKENS, source=UsageSource.ESTIMATED))
        prices[row.name, model.name] = ListPrice(given, taken)
    return prices
