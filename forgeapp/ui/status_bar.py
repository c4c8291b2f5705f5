"""The row below the panes: this month's cost, the exports, and who can answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from forgeapp.domain.money import usd_text
from forgeapp.ui.chat.marks import Mark
from forgeapp.ui.control.budget_words import meter_role, used_share
from forgeapp.ui.control.provider_words import condition_of
from forgeapp.ui.controls import ElidedLabel, Label, Meter
from forgeapp.ui.controls.painting import PaintedButton, draw_ring, fill_round
from forgeapp.ui.exports.chip import ExportsChip
from forgeapp.ui.theme import LABEL, RADIUS, color, px
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

_METER_WIDTH = 116


class StatusBar(QWidget):
    """A click on who answers leads to the Configuration page."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self.setObjectName("status_bar")
        self._workbench = workbench
        self.setFixedHeight(28)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 6, 0)
        row.setSpacing(6)
        row.addWidget(Mark("wallet", "ink_2", 14))
        self._month = Label("", LABEL, role="ink_2")
        self.meter = Meter()
        self.meter.setObjectName("budget_share")
        self.meter.setFixedWidth(px(_METER_WIDTH))
        self.money = Label("", LABEL, role="ink_2")
        self.money.setObjectName("budget_meter")
        self._calls = Label("", LABEL, role="ink_3")
        self.exports = ExportsChip(workbench)
        self.who = _Who()
        self.who.setObjectName("providers_button")
        self.who.clicked.connect(workbench.configuration_wished)
        row.addWidget(self._month)
        row.addSpacing(6)
        row.addWidget(self.meter)
        row.addSpacing(2)
        row.addWidget(self.money)
        row.addSpacing(6)
        row.addWidget(self._calls)
        row.addStretch(1)
        row.addWidget(self.exports)
        row.addWidget(self.who)
        workbench.status.changed.connect(self.show_status)
        workbench.status.counted_down.connect(self._show_who)
        self.show_status()

    def show_status(self) -> None:
        status = self._workbench.status
        self._month.setText(QLocale().standaloneMonthName(datetime.now(UTC).month))
        row, budget = status.month, status.budget
        spent = usd_text(row.cost_nano_usd if row else 0)
        self.meter.setVisible(budget is not None)
        shown = spent
        if budget is not None:
            share = used_share(budget)
            self.meter.set_value(share, meter_role(share))
            shown = tr("{spent} of {amount}", spent=spent, amount=usd_text(budget.amount_nano_usd).removeprefix("$ "))
        unknown = row.unknown_cost_calls if row else 0
        if unknown:
            unpriced = tr("1 call") if unknown == 1 else tr("{count} calls", count=number_text(unknown))
            shown = tr("{spent} and {calls} of unknown cost", spent=shown, calls=unpriced)
        self.money.setText(shown)
        self.money.setAccessibleName(tr("Spent this month: {spent}", spent=shown))
        count = row.calls if row else 0
        self._calls.setText(tr("1 call") if count == 1 else tr("{count} calls", count=number_text(count)))
        self._show_who()

    def _show_who(self) -> None:
        status = self._workbench.status
        app_names = [row.name for row in status.app_askable]
        ready, troubles, keyless = [], [], []
        for row in status.providers:
            condition = condition_of(row, row.name in status.keyless, status.left_out.get(row.name))
            if condition.is_ready or (row.name in status.keyless and row.name in app_names):
                ready.append(row.name)
            elif row.name in status.keyless:
                # What the program put there by itself is not missed as long as nobody gives it a key.
                keyless.extend([] if row.is_seed or not row.is_enabled else [row.name])
            elif row.is_enabled:
                troubles.append(tr("{provider}: {state}", provider=row.name, state=condition.text))
        self.who.show_names(ready, troubles, [tr("{provider}: no key", provider=name) for name in keyless])

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("ground"))
        painter.fillRect(QRect(0, 0, self.width(), 1), color("line"))


class _Who(PaintedButton):
    """Who would answer, and who would not and why; it leads to the Configuration page."""

    def __init__(self) -> None:
        super().__init__()
        self.setToolTip(tr("Open the Configuration page"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(6)
        self._mark = Mark("check", "good", 14)
        self._ready = _part("who_answers", "good")
        self._trouble_mark = Mark("triangle-alert", "warn", 14)
        self._troubles = _part("provider_troubles", "warn")
        self._keyless = _part("keyless_providers", "warn")
        for part in (self._mark, self._ready, self._trouble_mark, self._troubles, self._keyless):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)

    def show_names(self, ready: list[str], troubles: list[str], keyless: list[str]) -> None:
        nobody = not (ready or troubles or keyless)
        self._mark.setVisible(bool(ready))
        self._ready.setText(
            tr("No provider set up: templates and copy/paste work without") if nobody else ", ".join(ready)
        )
        self._ready.set_role("good" if ready else "ink_3")
        self._ready.setVisible(bool(ready) or nobody)
        self._trouble_mark.setVisible(bool(troubles or keyless))
        for part, words in ((self._troubles, troubles), (self._keyless, keyless)):
            part.setText(", ".join(words))
            part.setVisible(bool(words))
        said = [self._ready.text(), *troubles, *keyless]
        self.setAccessibleName(tr("Who answers: {names}", names=", ".join(filter(None, said))))

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return QSize(layout.sizeHint().width() if layout else 0, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.is_hovered:
            fill_round(painter, self.rect(), RADIUS, color("hover"))
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)


def _part(name: str, role: str) -> ElidedLabel:
    label = ElidedLabel("", LABEL, role=role)
    label.setObjectName(name)
    return label
