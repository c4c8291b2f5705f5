"""The control centre: a list of pages on the left, the page in view on the right; Esc leads back to the panes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from forgeapp.ui.control.activity import ActivityPage
from forgeapp.ui.control.configuration import ConfigurationPage
from forgeapp.ui.control.navigation import Navigation
from forgeapp.ui.control.page import Page
from forgeapp.ui.notices import Notice
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ledger.providers import ModelRow, ProviderRow
    from forgeapp.ui.main_window import MainWindow

CONFIGURATION: Final = "configuration"
ACTIVITY: Final = "activity"
_COMPACT_BELOW: Final = 1_000
_UNDO_FOR_MS: Final = 20_000


_PAGES: Final[dict[str, Callable[[MainWindow, QWidget], Page]]] = {
    CONFIGURATION: ConfigurationPage,
    ACTIVITY: ActivityPage,
}


class ControlCentre(QWidget):
    """`left` asks for the panes. A page is made when it is shown first, and reads what it shows whenever it is.

    Whatever holds others is given its own parent first: a style sheet is worked out anew for all that changes parents.
    """

    left = Signal()

    def __init__(self, window: MainWindow, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = window
        self.setObjectName("control_centre")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "ground")
        self.navigation = Navigation(
            [(CONFIGURATION, tr("Configuration"), "settings"), (ACTIVITY, tr("Activity"), "scroll-text")]
        )
        self.navigation.chosen.connect(self.show_page)
        self.navigation.left.connect(self.left)
        window.workbench.registry.removed.connect(self._on_provider_removed)
        window.workbench.registry.model_removed.connect(self._on_model_removed)
        self._pages: dict[str, Page] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        self._stack = QStackedWidget(self)
        row.addWidget(self._stack, 1)

    @property
    def page(self) -> str:
        """The key of the page in view, '' before there is one."""
        return next((key for key, page in self._pages.items() if page is self._stack.currentWidget()), "")

    def show_page(self, key: str) -> None:
        before = self._stack.currentWidget()
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = _PAGES[key](self._window, self._stack)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.navigation.set_value(key)
        if self.isVisible() and before is not page:
            page.focus_first()

    def focus_page(self) -> None:
        self._pages[self.page].focus_first()

    def _on_provider_removed(self, removed: tuple[ProviderRow, list[str]]) -> None:
        row, order = removed
        registry = self._window.workbench.registry
        actions = [(tr("Undo"), partial(registry.restore, row, order))]
        hint = ""
        if registry.key_sources.get(row.name) in ("keyring", "session"):
            hint = tr("Its key is still kept.")
            actions.append((tr("Forget the key"), partial(registry.forget_key, row.name, row.key_name)))
        text = tr("{provider} is removed.", provider=row.name)
        self._window.notices.show_notice(Notice(text, hint=hint, actions=tuple(actions), timeout_ms=_UNDO_FOR_MS))

    def _on_model_removed(self, provider: str, removed: tuple[ModelRow, list[str]]) -> None:
        model, order = removed
        action = (tr("Undo"), partial(self._window.workbench.registry.restore_model, provider, model, order))
        text = tr("{model} is removed.", model=f"{provider}/{model.name}")
        self._window.notices.show_notice(Notice(text, actions=(action,), timeout_ms=_UNDO_FOR_MS))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.navigation.set_compact(self.width() < _COMPACT_BELOW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)
