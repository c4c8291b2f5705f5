"""The exports in the status bar: how far they are, and the way to their list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from forgeapp.ui.controls.painting import PaintedButton, advance, draw_ring, fill_round
from forgeapp.ui.exports.words import batch_text, share_of, state_text
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import LABEL, RADIUS, color, font
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.export import FAILED, Export

if TYPE_CHECKING:
    from forgeapp.ui.exports.listing import ExportsList
    from forgeapp.ui.workbench import Workbench

_REFRESH_MS: Final = 100
_ICON: Final = 14
_BAR: Final = 3


class ExportsChip(PaintedButton):
    """Not there before the first export; a small icon afterwards, red until a failure was looked at."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exports_chip")
        self._workbench = workbench
        self._exports = workbench.exports
        self._share = 0.0
        self.has_failed = False
        self._list: ExportsList | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_REFRESH_MS)
        self._later.timeout.connect(self.refresh)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._exports.started.connect(self._on_started)
        self._exports.ended.connect(self._on_ended)
        self._exports.listed.connect(self.refresh)
        self.clicked.connect(self.open_list)
        for export in self._exports.running:
            self._on_started(export)
        self.refresh()

    def open_list(self) -> None:
        if self._list is None:
            from forgeapp.ui.exports.listing import ExportsList

            self._list = ExportsList(self._workbench, self.window())
        self.has_failed = False
        self.refresh()
        self._list.open_over(self if self.isVisible() else self.parentWidget() or self)

    def refresh(self) -> None:
        self._later.stop()
        batch = self._exports.batch
        self.setText(batch_text(batch) if batch else "")
        self._share = share_of(batch)
        words = tr("Exports: {state}", state=self._state()) if batch else tr("Exports")
        if self.has_failed:
            words = tr("Exports: one has failed")
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setVisible(bool(batch or self._exports.ended_ones))
        self.updateGeometry()
        self.update()

    def _state(self) -> str:
        """Of a single one also the row or page it is at."""
        batch = self._exports.batch
        return state_text(batch[0]) if len(batch) == 1 and not batch[0].is_over else self.text()

    def _on_started(self, export: Export) -> None:
        export.changed.connect(self._on_changed)
        self._on_changed()

    def _on_changed(self) -> None:
        # Many run at once, each with many steps.
        if not self._later.isActive():
            self._later.start()

    def _on_ended(self, export: Export) -> None:
        if export.state == FAILED:
            self.has_failed = True
        self.refresh()

    def sizeHint(self) -> QSize:
        words = advance(QFontMetricsF(font(LABEL, 500)), self.text()) + 6 if self.text() else 0
        return QSize(8 + _ICON + words + 8, 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        is_busy = bool(self.text())
        if self.is_hovered or is_busy:
            fill_round(painter, self.rect(), RADIUS, color("hover" if self.is_hovered else "accent_soft"))
        role = "bad" if self.has_failed else "accent" if is_busy else "ink_2"
        drawn = pixmap("download", role, _ICON, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(8, (self.height() - _ICON) // 2), drawn)
        if is_busy:
            painter.setFont(font(LABEL, 500))
            painter.setPen(color("ink"))
            area = QRect(8 + _ICON + 6, 0, self.width() - _ICON - 14, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.text())
            track = QRectF(8, self.height() - _BAR, (self.width() - 16) * self._share, 2)
            fill_round(painter, track, 1, color("accent"))
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)
