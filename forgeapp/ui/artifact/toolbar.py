"""The row above an artifact: its views, undo and redo, its versions, and Export."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal, SignalInstance
from PySide6.QtGui import QPainter, QResizeEvent, QUndoStack
from PySide6.QtWidgets import QWidget

from forgeapp.ui.artifact.versions import version_line
from forgeapp.ui.commands import keys_of
from forgeapp.ui.controls import Button, IconButton, MenuButton, SegmentedControl, Toolbar
from forgeapp.ui.icons import icon
from forgeapp.ui.theme import px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import VersionRow
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

HEIGHT: Final = 44
VIEWS: Final = ("edit", "preview", "source", "history", "provenance")
_ICONS: Final = {
    "edit": "pencil",
    "preview": "eye",
    "source": "code-xml",
    "history": "history",
    "provenance": "waypoints",
}
_LISTED: Final = 10


class ArtifactToolbar(Toolbar):
    """Shows one artifact at a time. What has no room gives way: first words, those of the views last, then undo and
    redo, which keys do, too.

    `view_chosen(str)`, `version_chosen(int)`: a version to be looked at, `export_asked()`.
    """

    view_chosen = Signal(str)
    version_chosen = Signal(int)
    export_asked = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("artifact_toolbar")
        self.setFixedHeight(max(HEIGHT, px(20) + 24))
        self._artifact: OpenArtifact | None = None
        self._reviews = workbench.reviews
        self._reviews.changed.connect(self._on_review_changed)
        self.views = SegmentedControl(
            [
                ("edit", tr("Edit")),
                ("preview", tr("Preview")),
                ("source", tr("Source")),
                ("history", tr("History")),
                ("provenance", tr("Provenance")),
            ]
        )
        self.views.set_icons(_ICONS)
        self.views.setObjectName("artifact_views")
        self.views.setAccessibleName(tr("View"))
        self.views.selected.connect(self.view_chosen)
        self.undo = IconButton("undo-2", tr("Undo"), keys_of("edit.undo"))
        self.undo.setObjectName("undo")
        self.undo.clicked.connect(self._on_undo)
        self.redo = IconButton("redo-2", tr("Redo"), keys_of("edit.redo"))
        self.redo.setObjectName("redo")
        self.redo.clicked.connect(self._on_redo)
        self.version = VersionButton(workbench)
        self.version.setObjectName("version_menu")
        self.version.version_chosen.connect(self.version_chosen)
        self.export = ExportButton()
        self.export.setObjectName("export")
        self.export.clicked.connect(self.export_asked)
        self.row.addWidget(self.views)
        self.row.addWidget(self.undo)
        self.row.addWidget(self.redo)
        self.row.addStretch(1)
        self.row.addWidget(self.version)
        self.row.addWidget(self.export)

    def show_artifact(self, artifact: OpenArtifact | None) -> None:
        """None before an artifact that was shown goes."""
        before, self._artifact = self._artifact, artifact
        if before is artifact:
            return
        if before is not None:
            for changed in _changes(before.undo_stack):
                changed.disconnect(self._on_stack_changed)
            before.stored.disconnect(self._on_stored)
            before.destroyed.disconnect(self._on_gone)
        self.version.show_artifact(artifact)
        if artifact is not None:
            for changed in _changes(artifact.undo_stack):
                changed.connect(self._on_stack_changed)
            artifact.stored.connect(self._on_stored)
            artifact.destroyed.connect(self._on_gone)
            self._on_stack_changed()
            self._fit()

    def show_view(self, view: str) -> None:
        self.views.set_value(view)
        self._on_stack_changed()

    def _on_gone(self) -> None:
        # Its undo stack still speaks while it goes.
        self._artifact = None
        self.version.show_artifact(None)

    def _on_stored(self) -> None:
        self.version.reword()
        self._fit()

    def _on_stack_changed(self, _what: object = None) -> None:
        if self._artifact is None:
            return
        found = self._reviews.of(self._artifact)
        if found is not None and self._artifact.view == "edit":
            self.undo.setEnabled(bool(found.decisions))
            self.redo.setEnabled(False)
            self.undo.set_tooltip(tr("Take the last decision back"), keys_of("edit.undo"))
            return
        stack = self._artifact.undo_stack
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        undo, redo = stack.undoText(), stack.redoText()
        self.undo.set_tooltip(
            tr("Undo: {step}", step=undo) if undo else tr("Undo: there is nothing to undo"), keys_of("edit.undo")
        )
        self.redo.set_tooltip(
            tr("Redo: {step}", step=redo) if redo else tr("Redo: there is nothing to redo"), keys_of("edit.redo")
        )

    def _on_review_changed(self, artifact: OpenArtifact) -> None:
        if artifact is self._artifact:
            found = self._reviews.of(artifact)
            if found is not None:
                found.decided.connect(self._on_stack_changed)
            self._on_stack_changed()

    def _on_undo(self) -> None:
        if self._artifact is None:
            return
        if self._artifact.view == "edit" and self._reviews.of(self._artifact) is not None:
            self._reviews.undo(self._artifact)
        else:
            self._artifact.undo_stack.undo()

    def _on_redo(self) -> None:
        if self._artifact is not None:
            self._artifact.undo_stack.redo()

    def _fit(self) -> None:
        """Level by level, until everything has room."""
        for is_version_short, is_export_short, are_views_short, has_steps in _LEVELS:
            self.views.set_compact(are_views_short)
            self.version.set_compact(is_version_short, with_chevron=not is_export_short)
            self.export.set_compact(is_export_short)
            for button in (self.undo, self.redo):
                button.setVisible(has_steps)
            edge = 8 if is_export_short else 12
            self.row.setContentsMargins(edge, 0, edge, 1)
            self.row.setSpacing(2 if is_export_short else 6)
            self.row.invalidate()
            if self.row.minimumSize().width() <= self.width():
                break
        self.row.activate()

    def minimumSizeHint(self) -> QSize:
        # What gives way must not hold the pane open.
        least = 4 * 34 + px(110) + 30 + 40 + 32
        return QSize(least, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _changes(stack: QUndoStack) -> tuple[SignalInstance, ...]:
    return stack.indexChanged, stack.canUndoChanged, stack.canRedoChanged


_LEVELS: Final = (
    (False, False, False, True),
    (True, False, False, True),
    (True, True, False, True),
    (True, False, True, True),
    (True, True, True, True),
    (True, True, True, False),
)
"""Whether the version button, the Export button and the views are short, and whether undo and redo are there."""


class VersionButton(MenuButton):
    """'Version 3'; its menu lists the newest versions with how and when each came to be."""

    version_chosen = Signal(int)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__("", "history", parent=parent)
        self._artifacts = workbench.artifacts
        self._artifact: OpenArtifact | None = None
        self._is_compact = False
        self._has_chevron = True

    def show_artifact(self, artifact: OpenArtifact | None) -> None:
        self._artifact = artifact
        self.reword()

    def reword(self) -> None:
        if self._artifact is None:
            return
        words = tr("Version {number}", number=self._artifact.version)
        self.setText("" if self._is_compact else words)
        self.setAccessibleName(words)
        self.setToolTip(words if self._is_compact else "")
        self.updateGeometry()
        self.update()

    def set_compact(self, is_compact: bool, with_chevron: bool = True) -> None:
        self._is_compact, self._has_chevron = is_compact, with_chevron
        self.reword()

    def open_menu(self) -> None:
        artifact = self._artifact
        if artifact is None:
            return

        def show(rows: list[VersionRow]) -> None:
            if self._artifact is artifact and self.isVisible():
                self._fill(rows)
                super(VersionButton, self).open_menu()

        self._artifacts.list_versions(artifact, show)

    def _fill(self, rows: list[VersionRow]) -> None:
        self.menu.clear()
        for row in rows[:_LISTED]:
            action = self.menu.addAction(version_line(row).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(row is rows[0])
            action.triggered.connect(partial(self._choose, row.number))
        self.menu.addSeparator()
        words = tr("All {count} versions", count=len(rows)) if len(rows) > _LISTED else tr("History")
        self.menu.addAction(icon("history"), words).triggered.connect(partial(self._choose, rows[0].number))

    def _choose(self, number: int, _checked: bool = False) -> None:
        self.version_chosen.emit(number)

    def _trailing(self) -> int:
        return super()._trailing() if self._has_chevron else 0

    def sizeHint(self) -> QSize:
        if self._is_compact:
            return QSize(50 if self._has_chevron else 32, super().sizeHint().height())
        return super().sizeHint()

    def _paint_content(self, painter: QPainter, role: str) -> None:
        if self._has_chevron:
            super()._paint_content(painter, role)
        else:
            Button._paint_content(self, painter, role)


class ExportButton(Button):
    """The pane's one primary button, in the end only its icon."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Export"), "download", "primary", parent=parent)
        self._is_compact = False
        self.set_compact(False)

    def set_compact(self, is_compact: bool) -> None:
        self._is_compact = is_compact
        self.setText("" if is_compact else tr("Export"))
        self.setToolTip(f"{tr('Export')}  {keys_of('artifact.export')}")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(40, super().sizeHint().height()) if self._is_compact else super().sizeHint()
