"""Replies that are given again for nothing: how many, for how long, and the way to clear them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from forgeapp.ui.control.fields import EntryField, FieldWithUnit, read_count
from forgeapp.ui.control.page import Section
from forgeapp.ui.controls import Button, Label, Popover
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench


class KeptRepliesCard(Section):
    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(
            tr("Kept replies"),
            tr("The same prompt to the same model gets the reply that is kept, at no cost."),
            parent=parent,
        )
        self.setObjectName("kept_replies_card")
        self._workbench = workbench
        self._told = Label("", LABEL, role="ink_2")
        self._told.setObjectName("kept_replies")
        self.clear = Button(tr("Clear…"), "trash-2", small=True)
        self.clear.setObjectName("clear_replies")
        self.clear.clicked.connect(self._ask)
        self.days = EntryField(tr("Days a reply is kept"), read_count)
        self.days.setObjectName("cache_days")
        self.days.entered.connect(self._on_days_entered)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._told, 1)
        row.addWidget(self.clear)
        days = QHBoxLayout()
        days.setSpacing(8)
        days.addWidget(Label(tr("Kept for")), 1)
        days.addWidget(FieldWithUnit(self.days, behind=tr("days"), width=64))
        self.content.addLayout(row)
        self.content.addLayout(days)
        workbench.kept_replies.changed.connect(self.refresh)
        workbench.settings_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        totals, services = self._workbench.kept_replies.totals, self._workbench.services
        count = totals.replies if totals is not None else 0
        if not count:
            self._told.setText(tr("None so far"))
        else:
            kept = tr("1 reply") if count == 1 else tr("{count} replies", count=number_text(count))
            uses = totals.uses if totals is not None else 0
            used = tr("used once") if uses == 1 else tr("used {count} times", count=number_text(uses))
            self._told.setText(f"{kept}, {used}")
        self.clear.setEnabled(bool(count))
        if services is not None:
            self.days.show_text(str(services.settings.cache_days))

    def _ask(self) -> None:
        popover = Popover(self)
        popover.setObjectName("clear_popover")
        popover.content.addWidget(Label(tr("Clear all kept replies? They cannot be brought back."), weight=500))
        popover.content.addWidget(Label(tr("Conversations and artifacts stay as they are."), LABEL, role="ink_2"))
        row = QHBoxLayout()
        row.addStretch(1)
        leave = Button(tr("Keep them"), kind="quiet")
        leave.clicked.connect(popover.close)
        clear = Button(tr("Clear them"), "trash-2", "danger")
        clear.setObjectName("clear_confirmed")
        clear.clicked.connect(partial(self._on_confirmed, popover))
        row.addWidget(leave)
        row.addWidget(clear)
        popover.content.addLayout(row)
        popover.closed.connect(popover.deleteLater)
        popover.open_under(self.clear, align_right=True)

    def _on_confirmed(self, popover: Popover) -> None:
        popover.close()
        self._workbench.kept_replies.clear()

    def _on_days_entered(self, days: object) -> None:
        if days is None:
            self.refresh()
        else:
            self._workbench.keep_setting("cache_days", days)
