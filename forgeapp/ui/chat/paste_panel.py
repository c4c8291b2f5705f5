"""Copy/paste: the prompt to take to another chat, and the place for the reply it gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from forgeapp.domain.chat import Message, Role
from forgeapp.ui.controls import Button, IconButton, Label
from forgeapp.ui.theme import LABEL, font, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.domain.request import ForgeRequest
    from forgeapp.services.forge import Preview
    from forgeapp.ui.workbench import Workbench

_COPIED_FOR_MS = 2_000


class PastePanel(QWidget):
    """Stands in the composer's place while a reply is fetched by hand. `closed` once it is read or given up."""

    closed = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._text = ""
        self._request: ForgeRequest | None = None
        self.setObjectName("paste_panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Label(tr("Copy/paste"), weight=600))
        head.addStretch()
        close = IconButton("x", tr("Back to the message"), "Esc", side=24, size=14)
        close.setObjectName("paste_close")
        close.clicked.connect(self._on_cancelled)
        head.addWidget(close)
        column.addLayout(head)
        steps = Label(
            "\n".join(
                (
                    tr("1. Copy the prompt and paste it into any chat you have."),
                    tr("2. Copy the whole reply you get there."),
                    tr("3. Paste it below and read it."),
                )
            ),
            LABEL,
            role="ink_2",
            wrap=True,
        )
        column.addWidget(steps)
        self.prompt = _text_field("paste_prompt", tr("The prompt"), 3)
        self.prompt.setReadOnly(True)
        self.prompt.setPlaceholderText(tr("Putting the prompt together"))
        self.copy = Button(tr("Copy"), "copy", "primary")
        self.copy.setObjectName("paste_copy")
        self.copy.clicked.connect(self._on_copied)
        column.addWidget(_titled(tr("Prompt"), self.copy))
        column.addWidget(self.prompt)
        self.reply = _text_field("paste_reply", tr("The reply from the other chat"), 4)
        self.reply.setPlaceholderText(tr("Paste the reply here"))
        self.reply.setTabChangesFocus(True)
        self.reply.textChanged.connect(self._on_reply_changed)
        column.addWidget(Label(tr("Reply"), LABEL, 500, "ink_2"))
        column.addWidget(self.reply)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.model = QLineEdit()
        self.model.setObjectName("paste_model")
        self.model.setAccessibleName(tr("Which model was it? (optional)"))
        self.model.setPlaceholderText(tr("Which model was it? (optional)"))
        self.cancel = Button(tr("Cancel"))
        self.cancel.setObjectName("paste_cancel")
        self.cancel.clicked.connect(self._on_cancelled)
        self.read = Button(tr("Read reply"), kind="plain")
        self.read.setObjectName("paste_read")
        self.read.clicked.connect(self._on_read)
        self.model.returnPressed.connect(self.read.click)
        row.addWidget(self.model, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.read)
        column.addLayout(row)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_FOR_MS)
        self._copied.timeout.connect(self._show_uncopied)

    @property
    def text(self) -> str:
        """The message the prompt was made of."""
        return self._text

    def show_text(self, text: str) -> None:
        """Puts the prompt for this message together."""
        self._text = text
        self.prompt.setPlainText("")
        self.copy.setEnabled(False)
        self.reply.setPlainText("")
        self._on_reply_changed()
        request = self._request = self._workbench.composer.request(text)

        def show(preview: Preview) -> None:
            if self._text == text:
                self.prompt.setPlainText(prompt_text(preview.prompt.messages))
                self.copy.setEnabled(True)
                self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

        def failed(error: Exception) -> None:
            self._on_cancelled()
            self._workbench.failed.emit(error)

        self._workbench.call(lambda services: services.forge.preview(request), show, failed)

    def _on_copied(self) -> None:
        QGuiApplication.clipboard().setText(self.prompt.toPlainText())
        self.copy.set_icon("check")
        self.copy.set_text(tr("Copied"))
        self.copy.set_kind("plain")
        self.read.set_kind("primary")
        self._copied.start()
        self.reply.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_uncopied(self) -> None:
        self.copy.set_icon("copy")
        self.copy.set_text(tr("Copy"))

    def _on_reply_changed(self) -> None:
        has_reply = bool(self.reply.toPlainText().strip())
        self.read.setEnabled(has_reply)
        self.read.set_kind("primary" if has_reply else "plain")
        self.copy.set_kind("plain" if has_reply else "primary")

    def _on_read(self) -> None:
        reply = self.reply.toPlainText()
        if reply.strip() and self._request is not None:
            self._workbench.paste(self._request, reply, self.model.text(), self._on_stored)

    def _on_stored(self) -> None:
        """Not before: a reply that cannot be stored is not to be fetched again."""
        composer = self._workbench.composer
        if composer.text == self._text:
            composer.replace_text("")
        self.reply.setPlainText("")
        self._text = ""
        self.closed.emit()

    def _on_cancelled(self) -> None:
        self._text = ""
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.reply.toPlainText().strip():
            self._on_cancelled()
            return
        super().keyPressEvent(event)


def prompt_text(messages: Sequence[Message]) -> str:
    """The messages as one text for another chat: what went before is named by who said it."""
    parts = []
    for message in messages[:-1]:
        if message.role is Role.SYSTEM:
            parts.append(message.text)
        else:
            parts.append(f"{'User' if message.role is Role.USER else 'Assistant'}: {message.text}")
    if messages:
        is_named = any(message.role is not Role.SYSTEM for message in messages[:-1])
        parts.append(f"User: {messages[-1].text}" if is_named else messages[-1].text)
    return "\n\n".join(parts)


def _text_field(name: str, accessible_name: str, lines: int) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setObjectName(name)
    field.setAccessibleName(accessible_name)
    field.setFont(font(LABEL))
    field.setFixedHeight(px(16) * lines + 18)
    return field


def _titled(title: str, button: Button) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(Label(title, LABEL, 500, "ink_2"))
    row.addStretch()
    row.addWidget(button)
    return holder
