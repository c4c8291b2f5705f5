"""What the status bar tells: money of this month, and who can answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.ui.jobs import Job, Lane

if TYPE_CHECKING:
    from forgeapp.ledger.calls import Spending
    from forgeapp.ledger.providers import ProviderRow
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.services import Services


class Status(QObject):
    """`month`: what this month cost so far, None before the first reading. `providers` in their order.

    `keyless`: the names of those that could not be asked for want of a key, as of the last look; a keyring may take its
    time, so it is looked at aside. `changed` follows each reading.
    """

    changed = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.month: Spending | None = None
        self.providers: list[ProviderRow] = []
        self.keyless: frozenset[str] = frozenset()
        self._look: Job | None = None

    @property
    def askable(self) -> list[ProviderRow]:
        """Those in use that have a key or need none."""
        return [row for row in self.providers if row.is_enabled and row.name not in self.keyless]

    def refresh(self) -> None:
        self._workbench.call(_read, self._show)

    def _show(self, read: tuple[Spending, list[ProviderRow]]) -> None:
        self.month, self.providers = read
        self.changed.emit()
        services, rows = self._workbench.services, list(self.providers)
        if services is not None and (rows or self.keyless):
            if self._look is not None:
                self._look.drop()
            self._look = self._workbench.jobs.run(
                lambda _cancel: frozenset(row.name for row in rows if services.connections.lacks_key(row)),
                self._take_keyless,
                lane=Lane.VIEWS,
            )

    def _take_keyless(self, names: frozenset[str]) -> None:
        if names != self.keyless:
            self.keyless = names
            self.changed.emit()


def _read(services: Services) -> tuple[Spending, list[ProviderRow]]:
    month = datetime.now(UTC).strftime("%Y-%m")
    return services.ledger.calls.spending(month), services.ledger.providers.all()
