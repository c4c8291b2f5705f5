"""The providers in the order in which they are asked, the form for one, and servers found on this machine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.ui.chat.marks import Mark
from forgeapp.ui.control.page import Section
from forgeapp.ui.control.provider_form import ProviderForm
from forgeapp.ui.control.provider_row import ProviderItem
from forgeapp.ui.control.provider_words import server_text
from forgeapp.ui.controls import Button, ElidedLabel, Label
from forgeapp.ui.theme import color
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

_GAP = 4


class ProvidersCard(Section):
    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(
            tr("Providers"),
            tr("Asked from the top: when one fails, the next takes over. Those that are off are skipped."),
            parent=parent,
        )
        self.setObjectName("providers_card")
        self._workbench = workbench
        self.add = Button(tr("Add a provider"), "plus")
        self.add.setObjectName("add_provider")
        self.add.clicked.connect(self._on_add_clicked)
        self.head.addWidget(self.add)
        self.form = ProviderForm(workbench)
        self.form.left.connect(self._on_form_left)
        self.form.saved.connect(self._on_saved)
        self.form.hide()
        self.list = ProviderList(workbench)
        self.list.edited.connect(self._on_edited)
        self.list.key_wished.connect(self._on_key_wished)
        self._nothing = Label(
            tr("None is set up yet. Add one with its key, or start a local server such as Ollama."),
            role="ink_2",
            wrap=True,
        )
        self._nothing.setObjectName("no_providers")
        self._servers = QVBoxLayout()
        self._servers.setSpacing(4)
        self._shown_servers: list[object] = []
        self.content.addWidget(self.form)
        self.content.addWidget(self.list)
        self.content.addWidget(self._nothing)
        self.content.addLayout(self._servers)
        workbench.status.counted_down.connect(self.list.refresh)
        workbench.registry.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        self.list.refresh()
        is_known = self._workbench.services is not None
        self._nothing.setVisible(is_known and not self._workbench.registry.rows and self.form.isHidden())
        self._show_servers()

    def focus_first(self) -> None:
        if not self.list.focus():
            self.add.setFocus(Qt.FocusReason.PopupFocusReason)

    def _show_servers(self) -> None:
        servers = self._workbench.registry.servers
        if list(servers) == self._shown_servers:
            return
        self._shown_servers = list(servers)
        while (item := self._servers.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for server in servers:
            row = QWidget()
            row.setObjectName("found_server")
            line = QHBoxLayout(row)
            line.setContentsMargins(30, 4, 4, 4)
            line.setSpacing(8)
            line.addWidget(Mark("zap", "good", 14))
            line.addWidget(ElidedLabel(server_text(server)), 1)
            add = Button(tr("Add"), "plus", small=True)
            add.setObjectName("add_server")
            add.setAccessibleName(tr("Add {name}", name=server.name))
            add.clicked.connect(partial(self._workbench.registry.add_server, server))
            line.addWidget(add)
            self._servers.addWidget(row)

    def _on_add_clicked(self) -> None:
        self.form.open_new()
        self._show_form()

    def _on_edited(self, name: str) -> None:
        row = self._workbench.registry.find(name)
        if row is not None:
            self.form.open_for(row)
            self._show_form()

    def _on_key_wished(self, name: str) -> None:
        self._on_edited(name)
        self.form.ask_for_key()

    def _show_form(self) -> None:
        self.add.setEnabled(False)
        self.refresh()

    def _on_form_left(self) -> None:
        self.form.hide()
        self.add.setEnabled(True)
        self.refresh()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_saved(self, name: str, asks: bool) -> None:
        """What it answers shows at once whether address and key are right."""
        if asks:
            self._workbench.registry.refresh_models(name)


class ProviderList(QWidget):
    """The rows; Up and Down move among them, dragging one shows where it would stand."""

    edited = Signal(str)
    key_wished = Signal(str)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self.setObjectName("provider_list")
        self.setAccessibleName(tr("Providers"))
        self._workbench = workbench
        self._items: dict[str, ProviderItem] = {}
        self._drop_at: int | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)

    @property
    def items(self) -> list[ProviderItem]:
        """In their order."""
        return list(self._items.values())

    def refresh(self) -> None:
        registry = self._workbench.registry
        selected = registry.selected_row
        names = [row.name for row in registry.rows]
        if names != list(self._items):
            self._rebuild(names)
        for row in registry.rows:
            self._items[row.name].show_row(row, row is selected)
        self.setVisible(bool(names))

    def focus(self) -> bool:
        """Gives the keyboard to the row that is selected."""
        for item in self.items:
            if item.isChecked():
                item.setFocus(Qt.FocusReason.PopupFocusReason)
                return True
        return False

    def _rebuild(self, names: list[str]) -> None:
        """Rows that stay keep the keyboard while they move."""
        for name in set(self._items) - set(names):
            item = self._items.pop(name)
            item.hide()
            item.deleteLater()
        ordered = {}
        for place, name in enumerate(names):
            item = self._items.get(name) or self._make(name)
            self._column.insertWidget(place, item)
            ordered[name] = item
        self._items = ordered
        before: QWidget | None = None
        for item in self.items:
            for stop in (item, item.give_key, item.switch, item.more):
                if before is not None:
                    QWidget.setTabOrder(before, stop)
                before = stop

    def _make(self, name: str) -> ProviderItem:
        item = ProviderItem(self._workbench, name)
        item.clicked.connect(partial(self._workbench.registry.select, name))
        item.edited.connect(partial(self.edited.emit, name))
        item.key_wished.connect(partial(self.key_wished.emit, name))
        item.dragged.connect(self._on_dragged)
        item.dropped.connect(partial(self._on_dropped, name))
        return item

    def _on_dragged(self, y: int) -> None:
        self._drop_at = sum(1 for item in self.items if y > item.geometry().center().y())
        self.update()

    def _on_dropped(self, name: str) -> None:
        place, self._drop_at = self._drop_at, None
        self.update()
        names = list(self._items)
        if place is None:
            return
        before = [one for one in names[:place] if one != name]
        ordered = [*before, name, *(one for one in names[place:] if one != name)]
        if ordered != names:
            self._workbench.registry.order(ordered)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        here = self.focusWidget()
        items = self.items
        if by is None or here not in items:
            super().keyPressEvent(event)
            return
        target = items[min(max(items.index(here) + by, 0), len(items) - 1)]
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._drop_at is None or not self._items:
            return
        items = self.items
        if self._drop_at < len(items):
            y = items[self._drop_at].y() - _GAP // 2
        else:
            y = items[-1].geometry().bottom() + 1
        QPainter(self).fillRect(QRect(0, max(y - 1, 0), self.width(), 2), color("accent"))
