"""The exports under way, a slim row each, at the foot of the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.controls import Button, ElidedLabel, Label, Meter
from forgeapp.ui.theme import CAPTION, LABEL, color
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.exports import Export


class RunningExports(QWidget):
    """Not there while nothing runs; how an export ended is told elsewhere."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("running_exports")
        self.setAccessibleName(tr("Exports under way"))
        self._exports = workbench.exports
        self._rows: dict[Export, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 1, 8, 0)
        self._column.setSpacing(0)
        self._exports.started.connect(self._on_started)
        self._exports.ended.connect(self._on_ended)
        for export in self._exports.running:
            self._on_started(export)
        self.setVisible(bool(self._rows))

    def _on_started(self, export: Export) -> None:
        row = self._rows[export] = _Row(export)
        self._column.addWidget(row)
        self.show()

    def _on_ended(self, export: Export) -> None:
        row = self._rows.pop(export, None)
        if row is not None:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.setVisible(bool(self._rows))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(0, 0, self.width(), 1, color("line"))


class _Row(QWidget):
    def __init__(self, export: Export) -> None:
        super().__init__()
        self._export = export
        self.title = ElidedLabel(tr("Writing {name}", name=export.target.name), LABEL, role="ink_2")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.meter = Meter(role="accent")
        self.meter.setAccessibleName(tr("Progress"))
        self.meter.setMaximumWidth(120)
        self.share = Label("", CAPTION, role="ink_3")
        self.share.setMinimumWidth(self.share.fontMetrics().horizontalAdvance("100 %"))
        self.stop = Button(tr("Stop"), "circle-stop", "quiet", small=True)
        self.stop.setObjectName("export_stop")
        self.stop.setAccessibleName(tr("Stop writing {name}", name=export.target.name))
        self.stop.clicked.connect(self._on_stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 5, 0, 5)
        row.setSpacing(8)
        row.addWidget(self.title, 1)
        row.addWidget(self.meter)
        row.addWidget(self.share)
        row.addWidget(self.stop)
        export.progressed.connect(self._on_progressed)
        self._on_progressed()

    def _on_progressed(self) -> None:
        self.meter.set_value(self._export.progress)
        self.share.setText(tr("{percent} %", percent=number_text(self._export.progress * 100)))

    def _on_stopped(self) -> None:
        self.stop.setEnabled(False)
        self.stop.set_text(tr("Stopping"))
        self._export.stop()
