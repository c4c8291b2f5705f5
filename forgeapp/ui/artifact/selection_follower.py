"""What is selected in an editor follows the keyboard into the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from forgeapp.ui.artifact.pane import ArtifactPane
    from forgeapp.ui.workbench import Workbench


class SelectionFollower(QObject):
    """Looks when the keyboard goes from the editor in view to the composer: nothing selected takes nothing along."""

    def __init__(self, pane: ArtifactPane, composer_field: QWidget, workbench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._pane = pane
        self._field = composer_field
        self._workbench = workbench
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not self._field or old is None:
            return
        page = self._pane.page
        if page is None or page.editor is None or page.artifact.view != "edit":
            return
        if page.editor.isAncestorOf(old):
            self._workbench.composer.set_selection(page.editor.selection_for_asking())
