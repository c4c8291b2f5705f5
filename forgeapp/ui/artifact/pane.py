"""The right side of the window: tabs, toolbar, and the artifact in view."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from forgeapp.ui.artifact.empty import EmptyPane
from forgeapp.ui.artifact.page import ArtifactPage
from forgeapp.ui.artifact.tabs_row import TabsRow
from forgeapp.ui.artifact.tiles import DropMark
from forgeapp.ui.artifact.toolbar import ArtifactToolbar
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.domain.artifact import Format
    from forgeapp.ledger.artifacts import StoredVersion
    from forgeapp.ui.artifact.draft_view import DraftView
    from forgeapp.ui.artifact.export.panel import ExportPanel
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.live_turn import LiveTurn
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_MAX_DROPPED: Final = 10
_MIN_WIDTH: Final = 400


class ArtifactPane(QWidget):
    """Shows what `workbench.artifacts` holds open. Files dropped anywhere on it are opened."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("artifact_pane")
        self.setAccessibleName(tr("Artifact"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.setAcceptDrops(True)
        self._workbench = workbench
        self._artifacts = workbench.artifacts
        self._pages: dict[int, ArtifactPage] = {}
        self._draft: LiveTurn | None = None
        self._draft_view: DraftView | None = None
        self._is_draft_shown = False
        self.tabs_row = TabsRow(workbench)
        self.tabs = self.tabs_row.bar
        self.toolbar = ArtifactToolbar(workbench)
        self.empty = EmptyPane(workbench)
        self._stack = _Stack()
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs_row)
        column.addWidget(self.toolbar)
        column.addWidget(self._stack, 1)
        self._drop_mark = DropMark(self)
        self._artifacts.activated.connect(self._on_activated)
        self._artifacts.closed.connect(self._on_closed)
        self.tabs.draft_chosen.connect(self._on_draft_chosen)
        self.toolbar.view_chosen.connect(self._on_view_chosen)
        self.toolbar.version_chosen.connect(self.show_version)
        self.toolbar.export_asked.connect(self.open_export)
        self._on_activated()

    @property
    def page(self) -> ArtifactPage | None:
        """The artifact in view; None while nothing or a draft is."""
        active = self._artifacts.active
        return self._pages.get(active.id) if active is not None and not self._is_draft_shown else None

    @cached_property
    def panel(self) -> ExportPanel:
        from forgeapp.ui.artifact.export.panel import ExportPanel

        return ExportPanel(self._workbench, self)

    @property
    def draft_view(self) -> DraftView | None:
        return self._draft_view

    def show_view(self, view: str) -> None:
        """'edit', 'preview', 'source', 'history' or 'provenance' of the artifact in view; the keyboard goes there."""
        page = self.page
        if page is not None:
            self._show_view(page, view)
            self.focus_view()

    def focus_view(self) -> None:
        """Gives the keyboard to the artifact in view."""
        if self.page is not None:
            self.page.view_in_sight.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_version(self, number: int) -> None:
        """A version in History."""
        page = self.page
        if page is not None:
            self._show_view(page, "history")
            page.show_version(number)
            self.focus_view()

    def open_export(self, file_format: Format | None = None) -> None:
        """The card under the Export button, for the artifact that is active."""
        active = self._artifacts.active
        if active is None:
            return
        if self._is_draft_shown:
            self._is_draft_shown = False
            self._show()
        self.panel.open_for(active, self.toolbar.export, file_format or None)

    def _on_export_asked(self, version: StoredVersion | None, has_provenance: bool) -> None:
        """By a view of the artifact in view: of one of its versions, or with where it comes from at the end."""
        page = self.page
        if page is not None:
            self.panel.open_for(page.artifact, self.toolbar.export, None, version, has_provenance or None)

    def take_back(self) -> bool:
        """Where changes are being reviewed: the last decision is open again. False where nothing is in review."""
        page = self.page
        if page is None or page.review is None or page.view_in_sight is not page.review:
            return False
        self._workbench.reviews.undo(page.artifact)
        return True

    def finish_editing(self) -> None:
        """What is being typed into a cell becomes part of the artifact."""
        for page in self._pages.values():
            page.finish_editing()

    def editor_actions(self) -> list[QAction]:
        """What the editor in view offers beside the commands of the window."""
        page = self.page
        return page.editor_actions() if page is not None else []

    def _on_activated(self) -> None:
        draft = self._artifacts.draft
        if draft is not self._draft:
            self._drop_draft()
            self._draft = draft
        self._is_draft_shown = draft is not None and self._artifacts.is_draft_in_view
        self._show()

    def _on_draft_chosen(self) -> None:
        self._artifacts.look_at_draft()

    def _on_closed(self, artifact: int) -> None:
        page = self._pages.pop(artifact, None)
        if page is not None:
            if page.artifact is self._shown:
                self._shown = None
                self.toolbar.show_artifact(None)
            self._stack.removeWidget(page)
            page.hide()
            page.deleteLater()

    _shown: OpenArtifact | None = None

    def _show(self) -> None:
        active = self._artifacts.active
        self.tabs.show_draft(self._is_draft_shown)
        self.tabs_row.setVisible(bool(self._artifacts.tabs) or self._draft is not None)
        self._shown = None if self._is_draft_shown else active
        self.toolbar.setVisible(self._shown is not None)
        self.toolbar.show_artifact(self._shown)
        if self._is_draft_shown and self._draft is not None:
            self._bring(self._view_of(self._draft))
        elif active is not None:
            page = self._page_of(active)
            self._show_view(page, active.view)
            self._bring(page)
        else:
            self._bring(self.empty)

    def _bring(self, widget: QWidget) -> None:
        """The keyboard goes along where it was on what gives way; else Qt would hand it to any widget."""
        before, focused = self._stack.currentWidget(), QApplication.focusWidget()
        had_focus = bool(before and focused and before is not widget and before.isAncestorOf(focused))
        self._stack.setCurrentWidget(widget)
        if had_focus:
            target = widget.view_in_sight if isinstance(widget, ArtifactPage) else widget
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_view(self, page: ArtifactPage, view: str) -> None:
        self._watch_drops(page.show_view(view))
        self.toolbar.show_view(view)

    def _on_view_chosen(self, view: str) -> None:
        if self.page is not None:
            self._show_view(self.page, view)

    def _page_of(self, artifact: OpenArtifact) -> ArtifactPage:
        page = self._pages.get(artifact.id)
        if page is None:
            page = self._pages[artifact.id] = ArtifactPage(artifact, self._workbench)
            page.export_asked.connect(self._on_export_asked)
            self._stack.addWidget(page)
        return page

    def _view_of(self, draft: LiveTurn) -> DraftView:
        if self._draft_view is None:
            from forgeapp.ui.artifact.draft_view import DraftView

            self._draft_view = DraftView(draft)
            self._stack.addWidget(self._draft_view)
        return self._draft_view

    def _drop_draft(self) -> None:
        view, self._draft_view = self._draft_view, None
        if view is not None:
            self._stack.removeWidget(view)
            view.hide()
            view.deleteLater()

    def _watch_drops(self, view: QWidget) -> None:
        """Text fields would take a dropped file for its name: they ask the pane first."""
        for widget in view.findChildren(QWidget):
            if widget.acceptDrops():
                widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        takes_files = getattr(watched.parent(), "takes_files", None)
        match event:
            case QDragEnterEvent() | QDragMoveEvent() | QDropEvent() if takes_files and takes_files(event.mimeData()):
                # Pictures belong into the text they are dropped on.
                return False
            case QDragEnterEvent() | QDragMoveEvent() | QDropEvent() if _files(event.mimeData()):
                if event.type() is QEvent.Type.DragEnter:
                    self.dragEnterEvent(event)  # type: ignore[arg-type]
                elif event.type() is QEvent.Type.Drop:
                    self.dropEvent(event)
                else:
                    event.acceptProposedAction()
                return True
            case QDragLeaveEvent():
                self._drop_mark.hide()
        return False

    def minimumSizeHint(self) -> QSize:
        return QSize(_MIN_WIDTH, 240)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event.mimeData()):
            event.acceptProposedAction()
            self._drop_mark.setGeometry(self.rect())
            self._drop_mark.raise_()
            self._drop_mark.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._drop_mark.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_mark.hide()
        files = _files(event.mimeData())
        event.acceptProposedAction()
        for path in files:
            self._workbench.when_ready(partial(self._artifacts.open_file, path))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drop_mark.setGeometry(self.rect())


class _Stack(QStackedWidget):
    """What is not in view does not hold the pane open."""

    def minimumSizeHint(self) -> QSize:
        return QSize(_MIN_WIDTH, 160)


def _files(mime: QMimeData) -> list[Path]:
    """The files that are held, at most ten; addresses in the net are none."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()][:_MAX_DROPPED]
