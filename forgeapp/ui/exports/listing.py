"""The list of exports: those that wait and run, then how the others ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from forgeapp.ui.controls import Button, EmptyState, HLine, Label, Popover
from forgeapp.ui.exports.row import ExportRow
from forgeapp.ui.theme import px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.export import Export

_WIDTH: Final = 520
_HEIGHT: Final = 440
_AT_ONCE: Final = 4
"""Rows are made so many at a time, so that keys and painting come between."""
_NEXT_MS: Final = 5
_REFRESH_MS: Final = 60
_LOOK_AGAIN_MS: Final = 2_000
"""How often what other processes do is looked at."""


class ExportsList(Popover):
    """Open it with `open_over`."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exports_list")
        self.setAccessibleName(tr("Exports"))
        self._exports = workbench.exports
        self._rows: dict[Export, ExportRow] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._fill)
        self._again = QTimer(self)
        self._again.setInterval(_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._exports.read)
        self.stop_all = Button(tr("Stop all"), kind="quiet", small=True)
        self.stop_all.setObjectName("exports_stop_all")
        self.stop_all.clicked.connect(self._exports.stop_all)
        self.clear = Button(tr("Clear history"), kind="quiet", small=True)
        self.clear.setObjectName("exports_clear")
        self.clear.setToolTip(tr("The files stay"))
        self.clear.clicked.connect(self._exports.clear)
        head = QHBoxLayout()
        head.setContentsMargins(12, 10, 8, 6)
        head.setSpacing(4)
        head.addWidget(Label(tr("Exports"), weight=600), 1)
        head.addWidget(self.stop_all)
        head.addWidget(self.clear)
        self._body = QWidget()
        self._body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._body.setProperty("look", "raised")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setObjectName("exports_area")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._body)
        self.empty = EmptyState(
            "download", tr("No exports yet"), tr("What is exported is listed here, with how it ended and how to go on.")
        )
        self.empty.setObjectName("no_exports")
        edges = self.content.contentsMargins()
        self.content.setContentsMargins(edges.left() - 12, edges.top() - 12, edges.right() - 12, edges.bottom() - 4)
        self.content.setSpacing(0)
        self.content.addLayout(head)
        self.content.addWidget(HLine("line"))
        self.content.addWidget(self.area, 1)
        self.content.addWidget(self.empty, 1)
        for told in (self._exports.started, self._exports.ended, self._exports.listed):
            told.connect(self._on_told)

    @property
    def rows(self) -> list[ExportRow]:
        """In the order they are shown."""
        return [self._rows[export] for export in self._wanted if export in self._rows]

    def open_over(self, anchor: QWidget) -> None:
        self._exports.read()
        self._fill()
        window = anchor.window()
        self.setFixedSize(min(px(_WIDTH), window.width() - 16) + 24, min(px(_HEIGHT), window.height() - 80) + 24)
        self.open_above(anchor, align_right=True)
        if self.rows:
            self.rows[0].setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def _wanted(self) -> list[Export]:
        return [*self._exports.running, *self._exports.ended_ones]

    def _on_told(self, _export: object = None) -> None:
        if self.isVisible() and not self._later.isActive():
            self._later.start(_REFRESH_MS)

    def _fill(self) -> None:
        """Makes the rows those of the workbench, the first ones at once."""
        wanted = self._wanted
        kept = set(wanted)
        for export in [export for export in self._rows if export not in kept]:
            gone = self._rows.pop(export)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        made = 0
        for place, export in enumerate(wanted):
            row = self._rows.get(export)
            if row is None:
                if made == _AT_ONCE:
                    self._later.start(_NEXT_MS)
                    break
                made += 1
                row = self._rows[export] = ExportRow(export, self._exports, self.close, self._body)
                self._column.insertWidget(place, row)
            elif self._column.indexOf(row) != place:
                self._column.removeWidget(row)
                self._column.insertWidget(place, row)
        is_waiting = self.isVisible() and any(export.is_elsewhere for export in wanted)
        if is_waiting != self._again.isActive():
            self._again.start() if is_waiting else self._again.stop()
        self.area.setVisible(bool(wanted))
        self.empty.setVisible(not wanted)
        self.clear.setEnabled(bool(self._exports.ended_ones))
        self.stop_all.setVisible(len(self._exports.running) > 1)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._later.stop()
        self._again.stop()
