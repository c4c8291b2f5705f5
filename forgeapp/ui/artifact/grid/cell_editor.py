"""The field a cell becomes while it is written in."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from forgeapp.ui.carried_text import CarriedText, selected_mime
from forgeapp.ui.theme import BODY, color, font

PADDING = 8
_RING = 2
_MAX_LINES = 12
_MEASURED_CHARS = 2_000


class CellEditor(QPlainTextEdit):
    """Grows to the right with its text as far as the grid is in view, then downwards.

    `starts_blank`: typing began it, so arrow keys leave it for the next cell; else they move within the text.
    """

    finished = Signal()

    def __init__(self, parent: QWidget, starts_blank: bool = False) -> None:
        super().__init__(parent)
        self.starts_blank = starts_blank
        self.is_filled = False
        self._cell = QRect()
        self._carried = CarriedText("")
        self.setProperty("look", "plain")
        self.setObjectName("cell_editor")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font(BODY))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)

    def text(self) -> str:
        return self._carried.read(self.document())

    def set_text(self, text: str) -> None:
        """Replaces the text; the cursor stands at its end."""
        self._carried = CarriedText(text)
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def set_cell(self, rect: QRect) -> None:
        """Where its cell lies in the grid."""
        self._cell = QRect(rect)
        self._fit()

    def finish(self) -> None:
        """Has its text taken, as Enter does, and goes."""
        self.finished.emit()

    def _fit(self) -> None:
        parent = self.parentWidget()
        if self._cell.isNull() or parent is None:
            return
        metrics = QFontMetricsF(self.font())
        widths = [metrics.horizontalAdvance(line[:_MEASURED_CHARS]) for line in self.toPlainText().split("\n")[:100]]
        most = max(parent.width() - self._cell.left(), self._cell.width())
        width = min(max(ceil(max(widths)) + 2 * PADDING + 4, self._cell.width()), most)
        inner = max(width - 2 * PADDING, 1)
        lines = min(sum(max(1, ceil(each / inner)) for each in widths), _MAX_LINES)
        above = max((self._cell.height() - round(metrics.lineSpacing())) // 2, _RING)
        height = max(self._cell.height(), ceil(lines * metrics.lineSpacing()) + 2 * above)
        where = QRect(self._cell.left(), self._cell.top(), width, height)
        if where.bottom() > parent.height():
            where.moveTop(max(min(parent.height() - height, self._cell.top()), 0))
        self.setViewportMargins(PADDING + 1, above, PADDING - _RING, _RING)
        self.setGeometry(where)
        QTimer.singleShot(0, self, self.ensureCursorVisible)

    def createMimeDataFromSelection(self) -> QMimeData:
        return selected_mime(self.textCursor())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            painter = QPainter(self)
            painter.fillRect(self.rect(), color("accent"))
            painter.fillRect(self.rect().adjusted(_RING, _RING, -_RING, -_RING), color("surface"))
            return True
        return super().event(event)
