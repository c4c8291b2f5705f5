"""The messages that wait for the reply under way, below it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.ui.chat.captions import message_text
from forgeapp.ui.chat.marks import Mark
from forgeapp.ui.chat.texts import Bubble
from forgeapp.ui.controls import Button, Label
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench.queue import Queue, Queued


class QueueView(QWidget):
    """Shows a Queue; `show_queue` gives it another one. `focus_left`: the button that had the focus is gone."""

    focus_left = Signal()

    def __init__(self, queue: Queue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self.setAccessibleName(tr("Messages that wait"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 8)
        self._column.setSpacing(12)
        self._rows: list[_Row] = []
        self._queue = queue
        queue.changed.connect(self.refresh)
        self.refresh()

    def show_queue(self, queue: Queue) -> None:
        if queue is not self._queue:
            self._queue.changed.disconnect(self.refresh)
            self._queue = queue
            queue.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        queue = self._queue
        if [row.item for row in self._rows] != queue.items:
            self._build()
        for place, row in enumerate(self._rows):
            row.show_state(queue.is_held, place == 0)
        self.setVisible(bool(self._rows))

    def _build(self) -> None:
        had_focus = self.isAncestorOf(self.window().focusWidget() or self)
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_Row(item, self._queue, self) for item in self._queue.items]
        for row in self._rows:
            self._column.addWidget(row)
            row.show()
        if had_focus:
            self.focus_left.emit()


class _Row(QWidget):
    """One message, fainter than those that were sent, and what can be done with it."""

    def __init__(self, item: Queued, queue: Queue, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = item
        self.setObjectName("queued")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Bubble(message_text(item.request.text), self, is_waiting=True))
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addStretch(1)
        line.addWidget(Mark("clock", parent=self))
        self.label = Label("", LABEL, role="ink_3")
        line.addWidget(self.label)
        self.send = Button(tr("Send now"), kind="quiet", small=True)
        self.send.setObjectName("queued_send")
        self.send.clicked.connect(partial(queue.send_now, item))
        line.addWidget(self.send)
        self.remove = Button(tr("Remove"), kind="quiet", small=True)
        self.remove.setObjectName("queued_remove")
        self.remove.clicked.connect(partial(queue.remove, item))
        line.addWidget(self.remove)
        column.addLayout(line)

    def show_state(self, is_held: bool, is_next: bool) -> None:
        words = tr("Waits for the reply before it") if is_next else tr("Waits for the one before it")
        self.label.setText(tr("Not sent yet") if is_held else words)
        self.send.setVisible(is_held)
