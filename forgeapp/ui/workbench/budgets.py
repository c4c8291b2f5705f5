"""The budgets of this month, as the Configuration page shows and sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from forgeapp.domain.artifact import Kind
    from forgeapp.ledger.budgets import BudgetRow
    from forgeapp.ui.workbench import Workbench


class Budgets(QObject):
    """`rows`: one a scope, the global one without project and kind. `app_providers`: those the program brought a key
    for. `changed` follows each reading."""

    changed = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.rows: list[BudgetRow] = []
        self.app_providers: list[str] = []

    @property
    def month(self) -> BudgetRow | None:
        """The global one."""
        return next((row for row in self.rows if row.project is None and row.kind is None), None)

    def refresh(self) -> None:
        def read(services: object) -> tuple[list[BudgetRow], list[str]]:
            return services.ledger.budgets.all(), services.credentials.app_providers()  # type: ignore[attr-defined]

        self._workbench.call(read, self._show)

    def set(self, amount_nano_usd: int | None, project: str | None = None, kind: Kind | None = None) -> None:
        """None takes the budget away."""
        self._workbench.call(lambda services: services.ledger.budgets.set(amount_nano_usd, project, kind))
        self.refresh()
        self._workbench.status.refresh()

    def _show(self, read: tuple[list[BudgetRow], list[str]]) -> None:
        self.rows, self.app_providers = read
        self.changed.emit()
