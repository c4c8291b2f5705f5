"""The Configuration page: who is asked, in which order, with which model, for how much; and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from forgeapp.ui.control.budget_card import BudgetCard
from forgeapp.ui.control.kept_replies_card import KeptRepliesCard
from forgeapp.ui.control.models_card import ModelsCard
from forgeapp.ui.control.page import Page
from forgeapp.ui.control.providers_card import ProvidersCard
from forgeapp.ui.control.routes_card import RoutesCard
from forgeapp.ui.control.settings_card import SettingsCard
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


class ConfigurationPage(Page):
    def __init__(self, window: MainWindow, parent: QWidget) -> None:
        super().__init__(tr("Configuration"), parent)
        self.setObjectName("configuration_page")
        self._workbench = window.workbench
        self.providers = ProvidersCard(self._workbench, self.body)
        self.models = ModelsCard(self._workbench, self.body)
        self.routes = RoutesCard(self._workbench, self.body)
        self.budget = BudgetCard(self._workbench, self.body)
        self.kept_replies = KeptRepliesCard(self._workbench, self.body)
        self.settings = SettingsCard(window, self.body)
        for card in (self.providers, self.models, self.routes):
            self.add_card(card)
        for side_card in (self.budget, self.kept_replies, self.settings):
            self.add_card(side_card, is_narrow=True)

    def read(self) -> None:
        workbench = self._workbench
        workbench.registry.watch(True)
        workbench.routes.refresh()
        workbench.budgets.refresh()
        workbench.kept_replies.refresh()
        self.settings.refresh()

    def leave(self) -> None:
        self._workbench.registry.watch(False)

    def focus_first(self) -> None:
        self.providers.focus_first()
