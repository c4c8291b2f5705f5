"""The budgets of this month, as the Configuration page shows and sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from forgeapp.domain.artifact import Kind
    from forgeapp.ledger.budgets import BudgetRow
    from forgeapp.ui.workbench import Workbench


class Budgets(QObject):
    """`rows`: one a scope, the global one without project and kind. `changed` follows each reading."""

    changed = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.rows: list[BudgetRow] = []

    def refresh(self) -> None:
        self._workbench.call(lambda services: services.ledger.budgets.all(), self._show)

    def set(self, amount_nano_usd: int | None, project: str | None = None, kind: Kind | None = None) -> None:
        """None takes the budget away."""
        self._workbench.call(lambda services: services.ledger.budgets.set(amount_nano_usd, project, kind))
        self.refresh()
        self._workbench.status.refresh()

    def _show(self, rows: list[BudgetRow]) -> None:
        self.rows = rows
        self.changed.emit()
