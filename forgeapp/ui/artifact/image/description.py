"""What a picture shows, in words: typed into one line, taken as a step once the user has paused or gone on."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from forgeapp.domain.image import MAX_ALT_CHARS
from forgeapp.ui.wording import tr

_PAUSE_MS: Final = 1_000


class DescriptionField(QLineEdit):
    """`taken(str)`: to become part of the artifact. `undo_wished`, `redo_wished`: nothing typed is left to take back.

    Enter and leaving take what was typed, Esc gives it up.
    """

    taken = Signal(str)
    undo_wished = Signal()
    redo_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("description")
        self.setAccessibleName(tr("Description"))
        self.setPlaceholderText(tr("What the picture shows: its caption, and for who cannot see it"))
        self.setMaxLength(MAX_ALT_CHARS)
        self._shown = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.finish)
        self.textEdited.connect(lambda _text: self._pause.start())
        self.returnPressed.connect(self.finish)

    def show_text(self, text: str) -> None:
        """The artifact's; what is being typed gives way where it is another."""
        self._pause.stop()
        self._shown = text
        line = " ".join(text.splitlines())
        if line != self.text():
            self.setText(line)
            if not self.hasFocus():
                self.setCursorPosition(0)

    def finish(self) -> None:
        """Takes what was typed, if anything was."""
        self._pause.stop()
        if self.text() != " ".join(self._shown.splitlines()):
            self._shown = self.text()
            at = self.cursorPosition()
            # What is taken is a step of the artifact's from now on, and no longer one of the field's own.
            self.setText(self._shown)
            self.setCursorPosition(at)
            self.taken.emit(self._shown)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable():
            self.undo_wished.emit()
        elif event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable():
            self.redo_wished.emit()
        elif event.matches(QKeySequence.StandardKey.Cancel) and self.text() != self._shown:
            self.show_text(self._shown)
        else:
            super().keyPressEvent(event)
