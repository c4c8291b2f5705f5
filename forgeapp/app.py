"""The composition root: builds every service once and wires them, for the window, the command line and tests alike."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from forgeapp import log
from forgeapp.credentials import Credentials
from forgeapp.domain.artifact import Kind
from forgeapp.domain.decision import Decision
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import Charge
from forgeapp.paths import Home, find_home
from forgeapp.services.calculation import Calculation
from forgeapp.services.chain import Candidate, Chain, Patience
from forgeapp.services.connections import Connections
from forgeapp.services.describing import Describing
from forgeapp.services.exports import Exports
from forgeapp.services.files import Files
from forgeapp.services.forge import Forge
from forgeapp.services.handwork import Handwork
from forgeapp.services.workers import Limits, Workers
from forgeapp.settings import Settings, load_settings

if TYPE_CHECKING:
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
        workers = Workers()
        self.calculation = _calculation(workers, self.settings)
        self.describing = Describing(self.calculation)
        self.files = Files(self.ledger)
        self.handwork = Handwork(self.ledger)
        self.exports = Exports(
            self.ledger,
            workers,
            self.calculation,
            Limits(self.settings.worker_memory_mb, self.settings.export_timeout_s),
        )
        chain = Chain(
            self.ledger,
            self.connections.connect,
            self.connections.key_source,
            self.connections.price,
            _count_tokens,
            Patience(self.settings.attempts, self.settings.retry_waits_s, self.settings.turn_deadline_s),
        )
        self.forge = Forge(self.ledger, _decide, chain, self._estimate_cost, _count_tokens, self.settings)

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
    return Describing(_calculation(Workers(), Settings()))


def _calculation(workers: Workers, settings: Settings) -> Calculation:
    return Calculation(workers, Limits(settings.worker_memory_mb, settings.formula_timeout_s))


def _decide(text: str, open_kind: Kind | None) -> Decision:
    from forgeapp.gatekeeper import decide

    return decide(text, open_kind)


def _count_tokens(text: str) -> int:
    from forgeapp.providers.tokens import estimate

    return estimate(text)
