"""What the status bar tells: money of this month, and who can answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from forgeapp.ledger.calls import Spending
    from forgeapp.ledger.providers import ProviderRow
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.services import Services


class Status(QObject):
    """`month`: what this month cost so far, None before the first reading. `providers` in their order.

    `changed` follows each reading.
    """

    changed = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.month: Spending | None = None
        self.providers: list[ProviderRow] = []

    def refresh(self) -> None:
        self._workbench.call(_read, self._show)

    def _show(self, read: tuple[Spending, list[ProviderRow]]) -> None:
        self.month, self.providers = read
        self.changed.emit()


def _read(services: Services) -> tuple[Spending, list[ProviderRow]]:
    month = datetime.now(UTC).strftime("%Y-%m")
    return services.ledger.calls.spending(month), services.ledger.providers.all()
