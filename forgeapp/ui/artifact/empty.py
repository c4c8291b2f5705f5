"""The pane with nothing open: what can be begun here, and what was worked on last."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from forgeapp.domain.artifact import Kind
from forgeapp.ui.artifact.tiles import RecentRow, Tile
from forgeapp.ui.chat.captions import kind_text
from forgeapp.ui.controls import Button, Label
from forgeapp.ui.file_choice import chosen_file
from forgeapp.ui.jobs import Lane
from forgeapp.ui.theme import LABEL, TITLE, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.learning.builtin import Template
    from forgeapp.ui.workbench import Workbench

KINDS: Final = (Kind.TABLE, Kind.DOCUMENT, Kind.SPREADSHEET, Kind.CODE)
_MAX_WIDTH: Final = 620
_NARROW: Final = 480
_WIDE: Final = 660
_OFFERED_AFTER_MS: Final = 150


class EmptyPane(QScrollArea):
    """New, recent artifacts, templates, and a file to open."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty_pane")
        self.setAccessibleName(tr("Nothing is open"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._workbench = workbench
        self._templates: Sequence[Template] = ()
        self._desk = QWidget()
        self._desk.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk.setProperty("look", "surface")
        self._column = QVBoxLayout(self._desk)
        self._column.setSpacing(0)
        self._build()
        self.setWidget(self._desk)
        workbench.artifacts.recent_changed.connect(self.show_recent)
        self._desk.setVisible(workbench.services is not None)
        workbench.when_restored(self._load)
        self.show_recent()

    def _build(self) -> None:
        title = Label(tr("Begin by hand"), TITLE, 600)
        words = Label(
            tr("What is made in the chat opens here, too. Files can be dropped on this side."), role="ink_2", wrap=True
        )
        self._new = _grid()
        self._tiles: list[Tile] = []
        for kind in KINDS:
            tile = Tile(kind, kind_text(kind))
            tile.setObjectName(f"new_{kind.value}")
            tile.setAccessibleName(tr("New {kind}", kind=kind_text(kind)))
            tile.clicked.connect(partial(self._on_new, kind))
            self._tiles.append(tile)
        self._open = Button(tr("Open a file…"), "folder-open", "quiet", small=True)
        self._open.setObjectName("open_file")
        self._open.clicked.connect(self._on_open)
        self._templates_title = _heading(tr("Templates"))
        self._template_grid = _grid()
        self._template_tiles: list[Tile] = []
        self._recent_box = QWidget()
        recent = QVBoxLayout(self._recent_box)
        recent.setContentsMargins(0, 0, 0, 24)
        recent.setSpacing(4)
        recent.addWidget(_heading(tr("Recent")))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        recent.addLayout(self._recent)
        new_row = QHBoxLayout()
        new_row.addWidget(_heading(tr("New")))
        new_row.addStretch(1)
        new_row.addWidget(self._open)
        column = self._column
        column.addWidget(title)
        column.addSpacing(4)
        column.addWidget(words)
        column.addSpacing(20)
        column.addLayout(new_row)
        column.addSpacing(4)
        column.addLayout(self._new)
        column.addSpacing(24)
        column.addWidget(self._recent_box)
        column.addWidget(self._templates_title)
        column.addSpacing(8)
        column.addLayout(self._template_grid)
        column.addStretch(1)
        self._templates_title.hide()
        self._recent_box.hide()
        self._arrange()

    def show_recent(self) -> None:
        """The artifacts worked on last."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        rows = self._workbench.artifacts.recent
        for row in rows:
            button = RecentRow(row, self._workbench.thumbnails)
            button.setObjectName("recent_artifact")
            button.clicked.connect(partial(self._on_recent, row.id))
            self._recent.addWidget(button)
        self._recent_box.setVisible(bool(rows))

    def _load(self) -> None:
        """After the first paint; what was open last has a moment to come back before anything is offered."""
        if isValid(self):
            self._workbench.jobs.run(lambda _cancel: _builtin_templates(), self._show_templates, lane=Lane.VIEWS)
            QTimer.singleShot(_OFFERED_AFTER_MS, self._desk, self._desk.show)

    def _show_templates(self, templates: Sequence[Template]) -> None:
        if not isValid(self):
            return
        self._templates = templates
        for template in templates:
            tile = Tile(template.kind, template.name)
            tile.setObjectName(f"template_{template.id}")
            tile.setToolTip(f"{template.name}: {template.description}")
            tile.setAccessibleDescription(template.description)
            tile.clicked.connect(partial(self._on_template, template.id))
            self._template_tiles.append(tile)
        self._templates_title.setVisible(bool(templates))
        self._arrange()

    def _arrange(self) -> None:
        """Two columns where there is no room for more."""
        width = self.viewport().width()
        is_narrow = width < px(_NARROW)
        side = max(16 if is_narrow else 32, (width - px(_MAX_WIDTH)) // 2)
        self._column.setContentsMargins(side, 20 if is_narrow else 40, side, 24)
        _fill(self._new, self._tiles, 4 if width >= px(_WIDE) else 2)
        _fill(self._template_grid, self._template_tiles, 3 if width >= px(_WIDE) else 2)

    def _on_new(self, kind: Kind, _checked: bool = False) -> None:
        self._workbench.artifacts.make_blank(kind)

    def _on_template(self, template: str, _checked: bool = False) -> None:
        self._workbench.artifacts.make_from_template(template)

    def _on_recent(self, artifact: int, _checked: bool = False) -> None:
        self._workbench.artifacts.open(artifact)

    def _on_open(self) -> None:
        path = chosen_file(self.window())
        if path:
            self._workbench.artifacts.open_file(path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _builtin_templates() -> Sequence[Template]:
    from forgeapp.learning.builtin import builtin_templates

    return builtin_templates()


def _heading(words: str) -> Label:
    return Label(words, LABEL, 500, "ink_3")


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(8)
    return grid


def _fill(grid: QGridLayout, tiles: Sequence[Tile], columns: int) -> None:
    for column in range(4):
        grid.setColumnStretch(column, 1 if column < columns else 0)
    for number, tile in enumerate(tiles):
        grid.addWidget(tile, number // columns, number % columns)
