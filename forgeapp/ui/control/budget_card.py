"""The budgets of this month: in all, by project and by kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.money import usd_text
from forgeapp.ui.chat.captions import kind_text
from forgeapp.ui.control.budget_words import meter_role, used_share
from forgeapp.ui.control.fields import EntryField, FieldWithUnit, amount_text, read_amount
from forgeapp.ui.control.page import Section
from forgeapp.ui.controls import Button, ElidedLabel, HLine, IconButton, Label, Menu, Meter
from forgeapp.ui.icons import KIND_ICONS, icon
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ledger.budgets import BudgetRow
    from forgeapp.ui.workbench import Workbench

Scope = tuple[str | None, Kind | None]
_GLOBAL: Final[Scope] = (None, None)
_KINDS: Final = (Kind.TABLE, Kind.DOCUMENT, Kind.SPREADSHEET, Kind.CODE)


class BudgetCard(Section):
    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(tr("Budget"), tr("A call that could cost more than what is left is not sent."), parent=parent)
        self.setObjectName("budget_card")
        self._workbench = workbench
        self.add = Button(tr("Add"), "plus", small=True)
        self.add.setObjectName("add_budget")
        self.add.setAccessibleName(tr("Add a budget for a project or a kind"))
        self.add.clicked.connect(self._open_menu)
        self.head.addWidget(self.add)
        self._lines: dict[Scope, BudgetLine] = {}
        self._begun: set[Scope] = set()
        """Budgets whose amount is being thought of."""
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        self.content.addLayout(self._column)
        self._app_line = HLine()
        self.app_key = Label("", LABEL, role="ink_2", wrap=True)
        self.app_key.setObjectName("app_key_cap")
        self.content.addWidget(self._app_line)
        self.content.addWidget(self.app_key)
        workbench.budgets.changed.connect(self.refresh)
        workbench.status.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        budgets, status = self._workbench.budgets, self._workbench.status
        rows: dict[Scope, BudgetRow] = {(row.project, row.kind): row for row in budgets.rows}
        self._begun -= set(rows)
        scopes = sorted({_GLOBAL, *rows, *self._begun}, key=_place)
        for scope in set(self._lines) - set(scopes):
            gone = self._lines.pop(scope)
            gone.hide()
            gone.deleteLater()
        for place, scope in enumerate(scopes):
            if scope not in self._lines:
                line = self._lines[scope] = BudgetLine(scope, partial(self._set, scope), partial(self._forget, scope))
                self._column.insertWidget(place, line)
            spent = status.month.cost_nano_usd if status.month is not None and scope == _GLOBAL else 0
            self._lines[scope].show_row(rows.get(scope), spent)
        app_key = status.app_key
        self._app_line.setVisible(app_key is not None)
        self.app_key.setVisible(app_key is not None)
        if app_key is not None:
            self.app_key.setText(
                tr(
                    "The key that came with ForgeApp ({providers}) is used for {amount} a day at most, {left} left "
                    "today; the settings below change that.",
                    providers=", ".join(app_key.providers),
                    amount=usd_text(app_key.amount_nano_usd),
                    left=usd_text(app_key.left_nano_usd),
                )
            )

    def _set(self, scope: Scope, amount: object) -> None:
        assert amount is None or isinstance(amount, int)
        if amount is None and scope != _GLOBAL:
            self._forget(scope)
        else:
            self._workbench.budgets.set(amount, *scope)

    def _forget(self, scope: Scope) -> None:
        if scope in self._begun:
            self._begun.discard(scope)
            self.refresh()
        else:
            self._workbench.budgets.set(None, *scope)

    def _open_menu(self) -> None:
        menu = Menu(self)
        menu.setObjectName("budget_scopes")
        for kind in _KINDS:
            self._offer(menu, (None, kind), kind_text(kind), KIND_ICONS[kind])
        projects = self._workbench.conversations.projects
        if projects:
            menu.addSeparator()
        for project in projects:
            self._offer(menu, (project, None), project, "folder")
        menu.aboutToHide.connect(menu.deleteLater)
        corner = self.add.mapToGlobal(QPoint(self.add.width(), self.add.height() + 2))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))
        menu.setActiveAction(menu.actions()[0])

    def _offer(self, menu: Menu, scope: Scope, text: str, icon_name: str) -> None:
        action = menu.addAction(icon(icon_name), text, partial(self._begin, scope))
        action.setEnabled(scope not in self._lines)

    def _begin(self, scope: Scope) -> None:
        self._begun.add(scope)
        self.refresh()
        line = self._lines[scope]
        line.show()
        line.field.setFocus(Qt.FocusReason.OtherFocusReason)


class BudgetLine(QWidget):
    """A budget: what for, its amount, and what is used of it."""

    def __init__(self, scope: Scope, set_amount: Callable[[object], None], forget: Callable[[], None]) -> None:
        super().__init__()
        project, kind = scope
        name = project or (kind_text(kind) if kind else tr("This month"))
        self.setObjectName(f"budget_{kind.value if kind else 'project' if project else 'month'}")
        self.field = EntryField(tr("Budget: {name}", name=name), read_amount)
        self.field.setObjectName("budget_amount")
        self.field.setPlaceholderText(tr("none"))
        self.field.entered.connect(set_amount)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(ElidedLabel(name, weight=500 if scope == _GLOBAL else 400), 1)
        row.addWidget(FieldWithUnit(self.field, "$"))
        if scope != _GLOBAL:
            remove = IconButton("x", tr("Remove the budget: {name}", name=name), side=24, size=14)
            remove.setObjectName("remove_budget")
            remove.clicked.connect(forget)
            row.addWidget(remove)
        self._meter = Meter()
        self._used = Label("", LABEL, role="ink_2", wrap=True)
        self._used.setObjectName("budget_used")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._meter)
        column.addWidget(self._used)

    def show_row(self, row: BudgetRow | None, spent_nano_usd: int) -> None:
        """None where there is no budget; then `spent_nano_usd` is told alone."""
        self._meter.setVisible(row is not None)
        if row is None:
            self.field.show_text("")
            self._used.setText(tr("{spent} spent", spent=usd_text(spent_nano_usd)))
            return
        self.field.show_text(amount_text(row.amount_nano_usd))
        share = used_share(row)
        self._meter.set_value(share, meter_role(share))
        parts = [tr("{spent} spent", spent=usd_text(row.settled_nano_usd))]
        if row.reserved_nano_usd:
            parts.append(tr("{reserved} reserved for calls under way", reserved=usd_text(row.reserved_nano_usd)))
        parts.append(tr("{left} left", left=usd_text(max(row.left_nano_usd, 0))))
        if row.unknown_cost_calls:
            parts.append(tr("{count} of unknown cost", count=row.unknown_cost_calls))
        self._used.setText(" · ".join(parts))


def _place(scope: Scope) -> tuple[int, str]:
    project, kind = scope
    return (2, project.casefold()) if project else (1, kind.value) if kind else (0, "")
