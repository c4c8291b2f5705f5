"""One open artifact in its views, each made when it is looked at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedLayout, QWidget

from forgeapp.ui.artifact.editors import make_editor

if TYPE_CHECKING:
    from forgeapp.ui.artifact.editors import Editor
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact


class ArtifactPage(QWidget):
    """`view` is 'edit', 'preview', 'source' or 'history'; it stands on the artifact, not here."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.artifact = artifact
        self._workbench = workbench
        self._views: dict[str, QWidget] = {}
        self._editor: Editor | None = None
        self._stack = QStackedLayout(self)

    @property
    def editor(self) -> Editor | None:
        """None until it was looked at."""
        return self._editor

    def finish_editing(self) -> None:
        """An open cell is taken; texts are part of the artifact with each key."""
        if self.editor is not None:
            self.editor.finish_editing()

    def editor_actions(self) -> list[QAction]:
        """What the editor offers in the Edit menu, while it is in view."""
        if self.editor is None or self.artifact.view != "edit":
            return []
        return self.editor.actions_for_menu()

    @property
    def view_in_sight(self) -> QWidget:
        return self._stack.currentWidget() or self

    def show_view(self, view: str) -> QWidget:
        self.artifact.view = view
        if view not in self._views:
            self._views[view] = self._make(view)
            self._stack.addWidget(self._views[view])
        self._stack.setCurrentWidget(self._views[view])
        return self._views[view]

    def show_version(self, number: int) -> None:
        from forgeapp.ui.artifact.history import HistoryView

        history = self.show_view("history")
        assert isinstance(history, HistoryView)
        history.choose(number)

    def _make(self, view: str) -> QWidget:
        match view:
            case "preview":
                from forgeapp.ui.artifact.preview import Preview

                return Preview(self.artifact, self._workbench)
            case "source":
                from forgeapp.ui.artifact.source import SourceView

                return SourceView(self.artifact, self._workbench)
            case "history":
                from forgeapp.ui.artifact.history import HistoryView

                return HistoryView(self.artifact, self._workbench)
            case _:
                self._editor = make_editor(self.artifact, self._workbench)
                return self._editor
