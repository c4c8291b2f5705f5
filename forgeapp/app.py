"""The composition root: builds every service once and wires them, for the window, the command line and tests alike.

What reads and writes the ledger is there at once; the other services, which bring many modules along, are built when
they are asked for first.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from forgeapp import log
from forgeapp.credentials import APP_KEY_SOURCE, Credentials
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.money import nano_from_usd
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.domain.wording import Text
from forgeapp.errors import DatabaseDamaged, StorageError, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.budgets import Cap
from forgeapp.ledger.calls import Charge
from forgeapp.paths import Home, find_home, resource
from forgeapp.services.asking.connections import Connections
from forgeapp.services.scratch import remove_abandoned
from forgeapp.services.seeding import read_seeds
from forgeapp.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forgeapp.domain.artifact import Kind
    from forgeapp.domain.chat import Message, Provider
    from forgeapp.domain.decision import Decision
    from forgeapp.domain.number_look import NumberLooks
    from forgeapp.ledger.exports import ExportRow
    from forgeapp.services.archive.archives import Archives
    from forgeapp.services.asking.breaker import Breakers
    from forgeapp.services.asking.rate_limits import RateLimits
    from forgeapp.services.asking.registry import Registry
    from forgeapp.services.asking.routing import Candidate
    from forgeapp.services.calculation import Calculation
    from forgeapp.services.checking import Checking
    from forgeapp.services.describing import Describing
    from forgeapp.services.exporting.exports import Exports
    from forgeapp.services.exporting.pages import Pages
    from forgeapp.services.exporting.previews import Previews
    from forgeapp.services.files import Files
    from forgeapp.services.forge import Forge
    from forgeapp.services.handwork import Handwork
    from forgeapp.services.revising.reviews import Reviews
    from forgeapp.services.workers import Limits, Workers
    from forgeapp.ui.main_window import MainWindow


class App:
    """Everything of one home. Use it as a context: leaving it closes the database."""

    def __init__(self, home: Home) -> None:
        home.create()
        self.home = home
        self.settings = load_settings(home.settings)
        log.start(home.logs)
        try:
            self.ledger = Ledger(home.database, home.backups)
        except BaseException:
            log.stop()
            raise
        self.credentials = Credentials(home.root, resource("app-keys.json"))
        self.connections = Connections(
            self.ledger, self.credentials, self.settings.read_timeout_s, self.settings.turn_deadline_s
        )
        try:
            self.ledger.providers.seed(read_seeds())
            self._recover()
        except DatabaseDamaged:
            self.close()
            raise
        except StorageError:
            # A disk that is full: the next start tries again.
            pass

    @cached_property
    def forge(self) -> Forge:
        from forgeapp.services.asking.chain import Chain, Doors, Patience
        from forgeapp.services.asking.failure_report import FailureReports
        from forgeapp.services.asking.reserving import Reserving
        from forgeapp.services.asking.routing import Router
        from forgeapp.services.forge import Forge

        settings = self.settings
        reserving = Reserving(self.ledger, self._most_cost, self._caps, settings.least_output_tokens)
        chain = Chain(
            self.ledger,
            Doors(self._connect, self._key_name, self._needs_key),
            self.connections.price,
            _count_tokens,
            Patience(settings.attempts, settings.retry_waits_s, settings.turn_deadline_s, settings.read_timeout_s),
            reserving,
            self.breakers,
            self.limits,
        )
        router = Router(self.ledger, settings.small_task_tokens, self.credentials.app_providers)
        reports = FailureReports(self.ledger, self.exports.write_document, self.home.reports)
        return Forge(
            self.ledger,
            _decide,
            router,
            chain,
            reports,
            self._estimate_cost,
            _count_tokens,
            lambda workbook: self.calculation.values(workbook, CancelToken()),
            settings,
        )

    @cached_property
    def breakers(self) -> Breakers:
        from forgeapp.services.asking.breaker import Breakers

        return Breakers()

    @cached_property
    def limits(self) -> RateLimits:
        from forgeapp.services.asking.rate_limits import RateLimits

        return RateLimits()

    @cached_property
    def registry(self) -> Registry:
        from forgeapp.services.asking.registry import Registry

        return Registry(self.ledger, self.connections, _count_tokens)

    @cached_property
    def files(self) -> Files:
        from forgeapp.services.files import Files

        return Files(self.ledger, self._workers, self.calculation, self._file_limits, lambda: self.number_looks)

    @cached_property
    def handwork(self) -> Handwork:
        from forgeapp.services.handwork import Handwork

        return Handwork(self.ledger)

    @cached_property
    def reviews(self) -> Reviews:
        from forgeapp.services.revising.reviews import Reviews

        return Reviews(self.ledger)

    @cached_property
    def exports(self) -> Exports:
        from forgeapp.services.exporting.exports import Exports

        return Exports(
            self.ledger,
            self._workers,
            self._file_limits,
            self._formula_limits,
            lambda: self.settings.exports_per_minute,
            lambda: self.number_looks,
        )

    @cached_property
    def pages(self) -> Pages:
        from forgeapp.services.calculation import Calculation
        from forgeapp.services.exporting.pages import Pages

        calculation = Calculation(self._preview_workers, self._formula_limits)
        return Pages(self._preview_workers, calculation, self._file_limits, lambda: self.number_looks)

    @cached_property
    def previews(self) -> Previews:
        from forgeapp.services.calculation import Calculation
        from forgeapp.services.exporting.previews import Previews

        calculation = Calculation(self._preview_workers, self._formula_limits)
        limits, formulas = self._file_limits, self._formula_limits
        return Previews(
            self.ledger, self._preview_workers, calculation, self.pages, limits, formulas, lambda: self.number_looks
        )

    @cached_property
    def archives(self) -> Archives:
        from forgeapp.services.archive.archives import Archives

        return Archives(self.home.database, self.home.backups, self._workers, self.settings.worker_memory_mb)

    @cached_property
    def calculation(self) -> Calculation:
        from forgeapp.services.calculation import Calculation

        return Calculation(self._workers, self._formula_limits)

    @cached_property
    def checking(self) -> Checking:
        from forgeapp.services.checking import Checking

        return Checking(self._workers)

    @cached_property
    def describing(self) -> Describing:
        from forgeapp.services.describing import Describing

        return Describing(self.calculation)

    @cached_property
    def _workers(self) -> Workers:
        from forgeapp.services.workers import Workers

        return Workers()

    @cached_property
    def _preview_workers(self) -> Workers:
        """Of their own, formulas among them: who looks at a file before it is written waits for nobody else's work."""
        from forgeapp.services.workers import Workers

        return Workers(files=1)

    @property
    def _file_limits(self) -> Limits:
        from forgeapp.services.workers import Limits

        return Limits(self.settings.worker_memory_mb, self.settings.export_timeout_s)

    @property
    def _formula_limits(self) -> Limits:
        from forgeapp.services.workers import Limits

        return Limits(self.settings.worker_memory_mb, self.settings.formula_timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def window(self) -> MainWindow:
        """The main window over these services; closing it closes them. Raises NoScreen."""
        from forgeapp.ui.program import make_application, open_window

        make_application(needs_screen=False)
        return open_window(self.home, self)

    @property
    def app_key_cap(self) -> Cap:
        """What the key that came with the program may spend today (UTC)."""
        name = Text("app_key_allowance", "The allowance a day of the key that came with ForgeApp")
        amount = nano_from_usd(str(self.settings.app_key_usd_a_day))
        return Cap(name, amount, datetime.now(UTC).strftime("%Y-%m-%d"), APP_KEY_SOURCE)

    @property
    def number_looks(self) -> NumberLooks:
        """How numbers of workbooks look, as the settings have it now."""
        from forgeapp.services.number_looks import looks_of

        return looks_of(self.settings.number_look)

    def use_settings(self, settings: Settings) -> None:
        """From the next turn on; one that runs ends as it began. Workers keep their limits until the next start."""
        self.settings = settings
        self.connections.use_timeouts(settings.read_timeout_s, settings.turn_deadline_s)
        self.__dict__.pop("forge", None)

    def close(self) -> None:
        self.ledger.close()
        log.stop()

    def _recover(self) -> None:
        """Settles what a process that died had left running."""
        self.ledger.calls.recover(self._charge_for)
        self.ledger.exports.recover(_remove_leftovers)
        remove_abandoned()

    def _charge_for(self, provider: str, model: str, messages: tuple[str, ...], reply: str) -> Charge:
        """What an interrupted call has probably cost: the provider may charge for it."""
        usage = Usage(
            input_tokens=sum(_count_tokens(message) for message in messages),
            output_tokens=_count_tokens(reply),
            source=UsageSource.ESTIMATED,
        )
        try:
            row = self.ledger.providers.get(provider)
            cost, price_version = self.connections.price(row, row.model(model), usage)
        except UsageError:
            return Charge(usage, None, None)
        return Charge(usage, cost, price_version)

    def _connect(self, candidate: Candidate) -> Provider:
        return self.connections.connect(candidate.provider, uses_app_key=candidate.uses_app_key)

    def _key_name(self, candidate: Candidate) -> str | None:
        return APP_KEY_SOURCE if candidate.uses_app_key else self.connections.key_label(candidate.provider)

    def _needs_key(self, candidate: Candidate) -> bool:
        return candidate.provider.needs_key and not candidate.uses_app_key

    def _most_cost(self, candidate: Candidate, messages: Sequence[Message], output_tokens: int) -> int | None:
        return self.connections.most_cost(candidate.provider, candidate.model, messages, output_tokens)

    def _caps(self, candidate: Candidate) -> tuple[Cap, ...]:
        return (self.app_key_cap,) if candidate.uses_app_key else ()

    def _estimate_cost(self, candidate: Candidate, input_tokens: int, output_tokens: int) -> int | None:
        from forgeapp.services.asking.estimating import estimate_for

        usage = Usage(
            input_tokens=estimate_for(candidate.model, input_tokens),
            output_tokens=output_tokens,
            source=UsageSource.ESTIMATED,
        )
        return self.connections.price(candidate.provider, candidate.model, usage)[0]


def build(home: str | Path | None = None) -> App:
    """The services of a home: the one named, else FORGEAPP_HOME's, else the system's. Raises StorageError."""
    return App(find_home(home))


def build_describing() -> Describing:
    """For verbs that need no home."""
    from forgeapp.services.calculation import Calculation
    from forgeapp.services.describing import Describing
    from forgeapp.services.workers import Limits, Workers

    usual = Settings()
    return Describing(Calculation(Workers(), Limits(usual.worker_memory_mb, usual.formula_timeout_s)))


def _remove_leftovers(row: ExportRow) -> None:
    from forgeapp.services.exporting.leftovers import remove_leftovers

    remove_leftovers(row)


def _decide(text: str, open_kind: Kind | None) -> Decision:
    from forgeapp.gatekeeper import decide

    return decide(text, open_kind)


def _count_tokens(text: str) -> int:
    from forgeapp.providers.tokens import estimate

    return estimate(text)
