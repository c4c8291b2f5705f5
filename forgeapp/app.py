"""The composition root: builds every service once and wires them, for the window, the command line and tests alike.

What reads and writes the ledger is there at once; the other services, which bring many modules along, are built when
they are asked for first.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from forgeapp import log
from forgeapp.credentials import Credentials
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import Charge
from forgeapp.paths import Home, find_home
from forgeapp.services.connections import Connections
from forgeapp.settings import Settings, load_settings

if TYPE_CHECKING:
    from forgeapp.domain.artifact import Kind
    from forgeapp.domain.decision import Decision
    from forgeapp.services.calculation import Calculation
    from forgeapp.services.chain import Candidate
    from forgeapp.services.describing import Describing
    from forgeapp.services.exports import Exports
    from forgeapp.services.files import Files
    from forgeapp.services.forge import Forge
    from forgeapp.services.handwork import Handwork
    from forgeapp.services.workers import Workers
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
        self.credentials = Credentials(home.root)
        self.connections = Connections(self.ledger, self.credentials, self.settings.read_timeout_s)
        self._recover()

    @cached_property
    def forge(self) -> Forge:
        from forgeapp.services.chain import Chain, Patience
        from forgeapp.services.forge import Forge

        chain = Chain(
            self.ledger,
            self.connections.connect,
            self.connections.key_source,
            self.connections.price,
            _count_tokens,
            Patience(self.settings.attempts, self.settings.retry_waits_s, self.settings.turn_deadline_s),
        )
        return Forge(self.ledger, _decide, chain, self._estimate_cost, _count_tokens, self.settings)

    @cached_property
    def files(self) -> Files:
        from forgeapp.services.files import Files

        return Files(self.ledger)

    @cached_property
    def handwork(self) -> Handwork:
        from forgeapp.services.handwork import Handwork

        return Handwork(self.ledger)

    @cached_property
    def exports(self) -> Exports:
        from forgeapp.services.exports import Exports
        from forgeapp.services.workers import Limits

        limits = Limits(self.settings.worker_memory_mb, self.settings.export_timeout_s)
        return Exports(self.ledger, self._workers, self.calculation, limits)

    @cached_property
    def calculation(self) -> Calculation:
        return _calculation(self._workers, self.settings)

    @cached_property
    def describing(self) -> Describing:
        from forgeapp.services.describing import Describing

        return Describing(self.calculation)

    @cached_property
    def _workers(self) -> Workers:
        from forgeapp.services.workers import Workers

        return Workers()

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

    def close(self) -> None:
        self.ledger.close()
        log.stop()

    def _recover(self) -> None:
        """Settles what a process that died had left running."""
        self.ledger.calls.recover(self._charge_for)
        self.ledger.exports.recover()

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

    def _estimate_cost(self, candidate: Candidate, input_tokens: int, output_tokens: int) -> int | None:
        usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, source=UsageSource.ESTIMATED)
        return self.connections.price(candidate.provider, candidate.model, usage)[0]


def build(home: str | Path | None = None) -> App:
    """The services of a home: the one named, else FORGEAPP_HOME's, else the system's. Raises StorageError."""
    return App(find_home(home))


def build_describing() -> Describing:
    """For verbs that need no home."""
    from forgeapp.services.describing import Describing
    from forgeapp.services.workers import Workers

    return Describing(_calculation(Workers(), Settings()))


def _calculation(workers: Workers, settings: Settings) -> Calculation:
    from forgeapp.services.calculation import Calculation
    from forgeapp.services.workers import Limits

    return Calculation(workers, Limits(settings.worker_memory_mb, settings.formula_timeout_s))


def _decide(text: str, open_kind: Kind | None) -> Decision:
    from forgeapp.gatekeeper import decide

    return decide(text, open_kind)


def _count_tokens(text: str) -> int:
    from forgeapp.providers.tokens import estimate

    return estimate(text)
