"""The row below the panes: this month's cost, and who can answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from forgeapp.domain.money import usd_text
from forgeapp.ui.controls import ElidedLabel, Label
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import LABEL, color
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench


class StatusBar(QWidget):
    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self.setObjectName("status_bar")
        self._workbench = workbench
        self.setFixedHeight(28)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(_Icon("wallet", "ink_2"))
        self._month = Label("", LABEL, role="ink_2")
        self.money = Label("", LABEL, role="ink_2")
        self.money.setObjectName("budget_meter")
        self._calls = Label("", LABEL, role="ink_3")
        self._who = ElidedLabel("", LABEL, role="ink_2")
        self._who.setObjectName("who_answers")
        row.addWidget(self._month)
        row.addSpacing(6)
        row.addWidget(self.money)
        row.addSpacing(6)
        row.addWidget(self._calls)
        row.addStretch(1)
        self._mark = _Icon("check", "good")
        row.addWidget(self._mark)
        row.addWidget(self._who)
        self._keyless = ElidedLabel("", LABEL, role="warn")
        self._keyless.setObjectName("keyless_providers")
        row.addWidget(self._keyless)
        workbench.status.changed.connect(self.show_status)
        self.show_status()

    def show_status(self) -> None:
        status = self._workbench.status
        self._month.setText(QLocale().standaloneMonthName(datetime.now(UTC).month))
        row = status.month
        spent = usd_text(row.cost_nano_usd if row else 0)
        unknown = row.unknown_cost_calls if row else 0
        if unknown:
            unpriced = tr("1 call") if unknown == 1 else tr("{count} calls", count=number_text(unknown))
            spent = tr("{spent} and {calls} of unknown cost", spent=spent, calls=unpriced)
        self.money.setText(spent)
        self.money.setAccessibleName(tr("Spent this month: {spent}", spent=spent))
        count = row.calls if row else 0
        self._calls.setText(tr("1 call") if count == 1 else tr("{count} calls", count=number_text(count)))
        names = [provider.name for provider in status.askable]
        keyless = [row.name for row in status.providers if row.is_enabled and row.name in status.keyless]
        self._mark.setVisible(bool(names))
        self._who.setText(
            ", ".join(names) if names else tr("No provider set up: templates and copy/paste work without")
        )
        self._who.set_role("good" if names else "ink_3")
        self._who.setVisible(bool(names) or not keyless)
        self._keyless.setText(", ".join(tr("{provider}: no key", provider=name) for name in keyless))
        self._keyless.setVisible(bool(keyless))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("ground"))
        painter.fillRect(QRect(0, 0, self.width(), 1), color("line"))


class _Icon(QWidget):
    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role
        self.setFixedSize(14, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).drawPixmap(0, 0, pixmap(self._name, self._role, 14, self.devicePixelRatioF()))
