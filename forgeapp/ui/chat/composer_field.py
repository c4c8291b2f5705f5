"""The field a message is written in: it grows with its text, and Enter sends."""

from __future__ import annotations

from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPalette, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from forgeapp.ui.theme import BODY, color, font
from forgeapp.ui.wording import tr

MIN_LINES: Final = 2
MAX_LINES: Final = 8
_MARGIN: Final = 2


class ComposerField(QPlainTextEdit):
    """Two to eight lines high. `sent` follows Enter, `recalled` the Up key in the empty field, `left` Esc.

    `focus_changed` lets the box around it show where the keys go.
    """

    sent = Signal()
    recalled = Signal()
    left = Signal()
    focus_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setProperty("look", "plain")
        self.setAccessibleName(tr("Message"))
        self.setPlaceholderText(tr("Ask for a table, a document, a spreadsheet, code ..."))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(_MARGIN)
        self.viewport().setAutoFillBackground(False)
        self._lines = 0
        self._take_look()
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def put_text(self, text: str) -> None:
        """Another text, with the cursor at its end; one Undo brings back what stood there."""
        if text == self.toPlainText():
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._fit()

    def _take_look(self) -> None:
        self.setFont(font(BODY))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.PlaceholderText, color("ink_3"))
        self.setPalette(palette)

    def _fit(self) -> None:
        # A plain text document is measured in lines.
        lines = ceil(self.document().size().height())
        shown = min(max(lines, MIN_LINES), MAX_LINES)
        height = ceil(shown * QFontMetricsF(self.font()).lineSpacing()) + 2 * _MARGIN + 2
        overflows = lines > MAX_LINES
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if overflows else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)
            if not overflows:
                self.verticalScrollBar().setValue(0)

    def sizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.minimumHeight())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files are not text: the window opens them."""
        return super().canInsertFromMimeData(source) and not any(url.isLocalFile() for url in source.urls())

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
                    self.insertPlainText("\n")
                    self.ensureCursorVisible()
                elif not event.isAutoRepeat():
                    self.sent.emit()
            case Qt.Key.Key_Up if is_plain and not self.toPlainText():
                self.recalled.emit()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_lines"):
            self._take_look()
            self._fit()
