"""The list of conversations, and which one is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.ui.workbench.chat import Chat

if TYPE_CHECKING:
    from forgeapp.ledger.conversations import Conversation
    from forgeapp.ui.workbench import Workbench


class Conversations(QObject):
    """`rows`: newest first, of `project` where one is chosen. `listed` follows each new list."""

    listed = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.rows: list[Conversation] = []
        self.all_rows: list[Conversation] = []
        self.project: str | None = None
        self._chats: dict[int, Chat] = {}

    @property
    def projects(self) -> list[str]:
        return sorted({row.project for row in self.all_rows if row.project})

    @property
    def chats(self) -> set[Chat]:
        """The one in view, and those in which something goes on unseen."""
        return {self._workbench.chat, *self._chats.values()}

    def refresh(self) -> None:
        self._workbench.call(lambda services: services.ledger.conversations.all(), self._show)

    def choose_project(self, project: str | None) -> None:
        """Only its conversations are listed, and new ones belong to it."""
        self.project = project
        self._show(self.all_rows)

    def new(self) -> None:
        """An empty chat; it is stored with its first message."""
        if self._workbench.chat.conversation is None and not self._workbench.chat.exchanges:
            self._workbench.chat_opened.emit()
            return
        self._open(Chat(self._workbench, None))

    def open(self, conversation: int, with_artifact: bool = True) -> None:
        """Brings a conversation into view, and what was worked on last in it."""
        if conversation == self._workbench.chat.conversation:
            return
        chat = self._chats.get(conversation)
        if chat is None:
            chat = self._chats[conversation] = Chat(self._workbench, conversation)
            chat.load()
        self._open(chat)
        if with_artifact:
            self._workbench.artifacts.open_of_conversation(conversation)

    def restore(self, conversation: int) -> None:
        """The one that was open last; a new one where it is no longer there."""

        def look(rows: list[Conversation]) -> None:
            if all(row.id != conversation for row in rows) and self._workbench.chat.conversation == conversation:
                self.new()

        self.open(conversation, with_artifact=False)
        self._workbench.call(lambda services: services.ledger.conversations.all(), look)

    def adopt(self, conversation: int) -> None:
        """Brings a conversation begun by hand into view; from an empty new one what is being written goes along."""
        chat = self._workbench.chat
        if chat.conversation is None and not chat.exchanges:
            chat.take_number(conversation)
            return
        self.open(conversation, with_artifact=False)
        self.refresh()

    def rename(self, conversation: int, title: str) -> None:
        self._workbench.call(lambda services: services.ledger.conversations.rename(conversation, title))
        self.refresh()

    def take_number(self, chat: Chat) -> None:
        """A new conversation has been stored."""
        assert chat.conversation is not None
        self._chats[chat.conversation] = chat

    def is_busy(self, conversation: int) -> bool:
        """Whether a turn is under way there."""
        chat = self._chats.get(conversation)
        return chat is not None and chat.live is not None

    def _open(self, chat: Chat) -> None:
        before = self._workbench.chat
        self._workbench.chat = chat
        self._workbench.composer.move_to(chat)
        self._workbench.chat_opened.emit()
        # One in which a turn or a reading is under way goes on unseen; any other is read again when it is opened.
        for left in {before, *self.chats} - {chat}:
            if not left.is_under_way:
                self._chats.pop(left.conversation or 0, None)
                left.deleteLater()

    def _show(self, rows: list[Conversation]) -> None:
        self.all_rows = rows
        self.rows = [row for row in rows if self.project is None or row.project == self.project]
        self.listed.emit()
