"""The chat: the conversation above, the composer below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.ui.chat.composer_box import SHADOW, ComposerBox
from forgeapp.ui.chat.transcript import COLUMN, Transcript
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.chat import Chat


class ChatPane(QWidget):
    """Transcript above ComposerBox, for whichever chat is in view."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chat_pane")
        self.setAccessibleName(tr("Chat"))
        self.setAutoFillBackground(False)
        self._workbench = workbench
        self._chat: Chat | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.transcript = Transcript(workbench)
        self.composer_box = ComposerBox(workbench)
        column.addWidget(self.transcript, 1)
        self._below = QHBoxLayout()
        self._below.addWidget(self.composer_box)
        column.addLayout(self._below)
        self.transcript.focus_left.connect(self.focus_composer)
        self.transcript.example_chosen.connect(self.focus_composer)
        workbench.chat_opened.connect(self._on_chat_opened)
        self._connect_chat()

    def focus_composer(self) -> None:
        self.composer_box.field_focus()

    def _on_chat_opened(self) -> None:
        self._connect_chat()
        self.transcript.show_chat()

    def _connect_chat(self) -> None:
        before, self._chat = self._chat, self._workbench.chat
        if before is self._chat:
            return
        if before is not None:
            # A chat in which a turn goes on unseen may come into view again.
            before.added.disconnect(self._on_turn_changed)
            before.changed.disconnect(self._on_turn_changed)
        self._chat.added.connect(self._on_turn_changed)
        self._chat.changed.connect(self._on_turn_changed)

    def _on_turn_changed(self, _exchange: object) -> None:
        self.composer_box.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = event.size().width()
        side = max(24 if width >= 520 else 12, (width - COLUMN) // 2 - 8)
        self._below.setContentsMargins(side - SHADOW, 0, side - SHADOW, 16 - SHADOW)
        super().resizeEvent(event)
