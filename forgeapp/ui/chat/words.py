"""A reply's text, whole or as it arrives."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from forgeapp.ui.chat.texts import PlainText

_REPAINT_MS = 35


class ReplyWords(PlainText):
    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName("reply_text")


class StreamedWords(PlainText):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setObjectName("reply_text")
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REPAINT_MS)
        self._timer.timeout.connect(self._show)

    def feed(self, text: str) -> None:
        self._text += text
        if not self._timer.isActive():
            self._timer.start()

    def restart(self) -> None:
        self._text = ""
        self._show()

    def _show(self) -> None:
        self.set_text(self._text)
