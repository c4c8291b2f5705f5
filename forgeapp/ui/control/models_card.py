"""The models of the provider that is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from forgeapp.ui.control.models_table import ModelsTable
from forgeapp.ui.control.page import Section
from forgeapp.ui.controls import Button, Label, MenuButton
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench


class ModelsCard(Section):
    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(
            tr("Models"), tr("Of each provider the first that fits is asked, from the top."), parent=parent
        )
        self.setObjectName("models_card")
        self._workbench = workbench
        self.provider = MenuButton(tr("Provider"), "server", "plain")
        self.provider.setObjectName("models_provider")
        self.provider.chosen.connect(workbench.registry.select)
        self.refresh_button = Button(tr("Refresh"), "rotate-cw")
        self.refresh_button.setObjectName("refresh_models")
        self.refresh_button.clicked.connect(self._on_refresh_clicked)
        self.head.addWidget(self.provider)
        self.head.addWidget(self.refresh_button)
        self.table = ModelsTable(workbench)
        self._nothing = Label("", role="ink_2", wrap=True)
        self._nothing.setObjectName("no_models")
        self.field = QLineEdit()
        self.field.setObjectName("new_model")
        self.field.setPlaceholderText(tr("Add a model by its name"))
        self.field.setAccessibleName(tr("Add a model by its name"))
        self.field.returnPressed.connect(self._on_add)
        self.add = Button(tr("Add"), "plus")
        self.add.setObjectName("add_model")
        self.add.clicked.connect(self._on_add)
        self.field.textChanged.connect(lambda text: self.add.setEnabled(bool(text.strip())))
        self.add.setEnabled(False)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.add)
        self.content.addWidget(self.table)
        self.content.addWidget(self._nothing)
        self.content.addLayout(row)
        workbench.registry.changed.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        registry = self._workbench.registry
        row = registry.selected_row
        self.setVisible(row is not None)
        if row is None:
            return
        names = tuple(one.name for one in registry.rows)
        if names != self.provider.choices:
            self.provider.set_choices([(name, name, None) for name in names], row.name)
        self.provider.set_value(row.name)
        probe = registry.probes.get(row.name)
        self.refresh_button.setEnabled(probe is None or not probe.is_running)
        self.table.refresh()
        self.table.setVisible(bool(row.models))
        self._nothing.setVisible(not row.models)
        self._nothing.setText(
            tr("{provider} has no models yet: refresh to ask it for them, or add one by name.", provider=row.name)
        )

    def _on_refresh_clicked(self) -> None:
        row = self._workbench.registry.selected_row
        if row is not None:
            self._workbench.registry.refresh_models(row.name)

    def _on_add(self) -> None:
        row, name = self._workbench.registry.selected_row, self.field.text().strip()
        if row is not None and name:
            self.field.clear()
            self._workbench.registry.add_model(row.name, name)
