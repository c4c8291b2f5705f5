"""The replies that are kept to be given again for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from forgeapp.ledger.kept_replies import KeptTotals
    from forgeapp.ui.workbench import Workbench


class KeptReplies(QObject):
    """`totals`: how many, and how often they were used; None before the first reading, which `changed` follows."""

    changed = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.totals: KeptTotals | None = None

    def refresh(self) -> None:
        self._workbench.call(lambda services: services.ledger.kept_replies.totals(), self._show)

    def clear(self) -> None:
        self._workbench.call(lambda services: services.ledger.kept_replies.forget())
        self.refresh()

    def _show(self, totals: KeptTotals) -> None:
        self.totals = totals
        self.changed.emit()
