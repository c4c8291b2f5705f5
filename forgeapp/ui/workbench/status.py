"""What the status bar tells: money of this month, and who can answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from forgeapp.domain.request import Mode
from forgeapp.ui.jobs import Job, Lane

if TYPE_CHECKING:
    from forgeapp.ledger.budgets import BudgetRow
    from forgeapp.ledger.providers import ProviderRow
    from forgeapp.ledger.totals import Spending
    from forgeapp.services.asking.breaker import BreakerState
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.services import Services

_TICK_MS = 1_000


@dataclass(frozen=True, slots=True)
class AppKey:
    """The key that came with the program: for which providers, what it may spend a day (UTC), what is left today."""

    providers: tuple[str, ...]
    amount_nano_usd: int
    left_nano_usd: int


@dataclass(frozen=True, slots=True)
class _Read:
    month: Spending
    budget: BudgetRow | None
    providers: list[ProviderRow]
    states: dict[str, BreakerState]
    app_key: AppKey | None


class Status(QObject):
    """`month`: what this month cost so far, None before the first reading. `budget`: this month's, None without one.

    `providers` in their order. `left_out`: those that are not asked for a while, by name; `counted_down` follows each
    second of that.

    `keyless`: the names of those that could not be asked for want of a key, as of the last look; a keyring may take its
    time, so it is looked at aside. `app_key`: None where none came with the program. `changed` follows each reading.
    """

    changed = Signal()
    counted_down = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.month: Spending | None = None
        self.budget: BudgetRow | None = None
        self.providers: list[ProviderRow] = []
        self.app_key: AppKey | None = None
        self.left_out: dict[str, BreakerState] = {}
        self.keyless: frozenset[str] = frozenset()
        self._looked_at: frozenset[str] = frozenset()
        self._look: Job | None = None
        self._countdown = QTimer(self)
        self._countdown.setInterval(_TICK_MS)
        self._countdown.timeout.connect(self._count_down)

    @property
    def askable(self) -> list[ProviderRow]:
        """Those in use that have a key or need none."""
        return [row for row in self.providers if row.is_enabled and row.name not in self.keyless]

    @property
    def app_askable(self) -> list[ProviderRow]:
        """Those in use that the program brought a key for."""
        names = self.app_key.providers if self.app_key is not None else ()
        return [row for row in self.providers if row.is_enabled and row.name in names]

    def models(self, mode: Mode) -> list[str]:
        """Those that can be asked in this mode, 'PROVIDER/MODEL'."""
        rows: list[ProviderRow] = []
        match mode:
            case Mode.APP_KEY:
                rows = self.app_askable
            case Mode.PROVIDERS:
                rows = self.askable
            case Mode.LOCAL:
                rows = [row for row in self.askable if row.is_local]
        return [f"{row.name}/{model.name}" for row in rows for model in row.models if model.is_usable]

    def refresh(self) -> None:
        self._workbench.call(_read, self._show)

    def _count_down(self) -> None:
        """Who is left out comes back by itself."""
        services = self._workbench.services
        if services is not None:
            self._take_left_out(services.breakers.states())
            self.counted_down.emit()

    def _take_left_out(self, states: dict[str, BreakerState]) -> None:
        self.left_out = {name: state for name, state in states.items() if state.wait_s > 0}
        if not self.left_out:
            self._countdown.stop()
        elif not self._countdown.isActive():
            self._countdown.start()

    def _show(self, read: _Read) -> None:
        self.month, self.budget, self.providers, self.app_key = read.month, read.budget, read.providers, read.app_key
        self._take_left_out(read.states)
        # What the program put there by itself has no key until one is seen; what the user added is taken for usable.
        self.keyless |= {row.name for row in self.providers if row.is_seed and row.name not in self._looked_at}
        self.changed.emit()
        self._workbench.when_restored(self._look_for_keys)

    def _look_for_keys(self) -> None:
        services, rows = self._workbench.services, list(self.providers)
        if services is not None and (rows or self.keyless):
            if self._look is not None:
                self._look.drop()
            self._look = self._workbench.jobs.run(
                lambda _cancel: _look_for_keys(services, rows), self._take_keyless, lane=Lane.ASIDE
            )

    def _take_keyless(self, looked: tuple[frozenset[str], frozenset[str]]) -> None:
        self._looked_at, names = looked
        if names != self.keyless:
            self.keyless = names
            self.changed.emit()


def _read(services: Services) -> _Read:
    month = datetime.now(UTC).strftime("%Y-%m")
    ledger = services.ledger
    budget = next((row for row in ledger.budgets.all() if row.project is None and row.kind is None), None)
    return _Read(
        ledger.calls.spending(month), budget, ledger.providers.all(), services.breakers.states(), _app_key(services)
    )


def _app_key(services: Services) -> AppKey | None:
    providers = services.credentials.app_providers()
    if not providers:
        return None
    cap = services.app_key_cap
    return AppKey(tuple(providers), cap.amount_nano_usd, services.ledger.budgets.left_of(cap))


def _look_for_keys(services: Services, rows: list[ProviderRow]) -> tuple[frozenset[str], frozenset[str]]:
    """Whom it was looked at for, and who lacks one."""
    lacking = frozenset(row.name for row in rows if services.connections.lacks_key(row))
    return frozenset(row.name for row in rows), lacking
