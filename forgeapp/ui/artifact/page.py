"""One open artifact in its views, each made when it is looked at first; a review stands in place of the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from forgeapp.ui.artifact.editors import make_editor

if TYPE_CHECKING:
    from forgeapp.ui.artifact.editors import Editor
    from forgeapp.ui.artifact.review.view import ReviewView
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.copying import Part
    from forgeapp.ui.workbench.open_artifact import OpenArtifact


class ArtifactPage(QWidget):
    """`view` is 'edit', 'preview', 'source', 'history' or 'provenance'; it stands on the artifact, not here.

    While changes of a model wait for the user, 'edit' shows them; the editor stays as it is behind.
    Signals: `export_asked(StoredVersion or None, with_provenance)`: of a version, or of the newest.
    """

    export_asked = Signal(object, bool)

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.artifact = artifact
        self._workbench = workbench
        self._views: dict[str, QWidget] = {}
        self._editor: Editor | None = None
        self._review: ReviewView | None = None
        self._stack = QStackedLayout(self)
        workbench.reviews.changed.connect(self._on_review_changed)

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
        if self.editor is None or self.artifact.view != "edit" or self._review is not None:
            return []
        return self.editor.actions_for_menu()

    def selection_for_copying(self) -> Part | None:
        """What is selected in the editor, while it is in view."""
        if self.editor is None or self.artifact.view != "edit" or self._review is not None:
            return None
        return self.editor.selection_for_copying()

    @property
    def view_in_sight(self) -> QWidget:
        return self._stack.currentWidget() or self

    def show_view(self, view: str) -> QWidget:
        self.artifact.view = view
        shown: QWidget | None = self._show_review() if view == "edit" else None
        if shown is None:
            if view not in self._views:
                self._views[view] = self._make(view)
                self._stack.addWidget(self._views[view])
            shown = self._views[view]
        self._stack.setCurrentWidget(shown)
        return shown

    @property
    def review(self) -> ReviewView | None:
        """None while nothing waits for the user, or nobody has looked at it."""
        return self._review

    def _show_review(self) -> ReviewView | None:
        found = self._workbench.reviews.of(self.artifact)
        if found is None:
            return None
        if self._review is None:
            from forgeapp.ui.artifact.review.view import ReviewView

            self.finish_editing()
            self._review = ReviewView(self.artifact, self._workbench)
            self._stack.addWidget(self._review)
        self._review.show_review(found)
        return self._review

    def _on_review_changed(self, artifact: OpenArtifact) -> None:
        """A review takes the editor's place, or gives way to it; the keyboard goes along."""
        if artifact is not self.artifact:
            return
        before, focused = self._stack.currentWidget(), QApplication.focusWidget()
        had_focus = bool(before and focused and (focused is before or before.isAncestorOf(focused)))
        over = self._review if self._workbench.reviews.of(artifact) is None else None
        if over is not None:
            self._review = None
        if artifact.view == "edit" and before is not None:
            shown = self.show_view("edit")
            if had_focus and shown is not before:
                shown.setFocus(Qt.FocusReason.OtherFocusReason)
        if over is not None:
            over.close_review()
            self._stack.removeWidget(over)
            over.hide()
            over.deleteLater()

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

                history = HistoryView(self.artifact, self._workbench)
                history.export_asked.connect(lambda version: self.export_asked.emit(version, False))
                return history
            case "provenance":
                from forgeapp.ui.artifact.provenance import ProvenanceView

                provenance = ProvenanceView(self.artifact, self._workbench)
                provenance.export_asked.connect(lambda: self.export_asked.emit(None, True))
                return provenance
            case _:
                self._editor = make_editor(self.artifact, self._workbench)
                return self._editor
