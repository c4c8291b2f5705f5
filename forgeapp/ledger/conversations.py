"""Conversations, their messages, and the projects that group them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from forgeapp.domain.chat import Role
from forgeapp.domain.text import without_surrogates
from forgeapp.errors import UsageError
from forgeapp.ledger.database import Database, insert_row, utc_now
from forgeapp.ledger.projects import ensure_project
from forgeapp.ledger.tables import conversations, messages, projects

_TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Conversation:
    id: int
    title: str
    project: str | None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """`model`: who answered. `is_partial`: the reply broke off or was stopped. `reply_to`: the message it answers."""

    id: int
    conversation: int
    role: Role
    text: str
    model: str | None
    is_partial: bool
    created_at: str
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What was said, oldest first, right behind each message the reply that counts: the newest whole one, else the
    newest partial one. `earlier` messages stand before that.
    """

    messages: Sequence[StoredMessage]
    earlier: int


class Conversations:
    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, first_message: str, project: str | None = None) -> int:
        """A new conversation, named after its first message."""
        now = utc_now()
        with self._database.writing() as connection:
            project_id = ensure_project(connection, project) if project else None
            return insert_row(
                connection,
                conversations,
                title=_title(first_message),
                project_id=project_id,
                created_at=now,
                updated_at=now,
            )

    def get(self, conversation: int) -> Conversation:
        """Raises UsageError for a number that is none."""
        for found in self._select(conversations.c.id == conversation):
            return found
        raise _unknown(conversation)

    def all(self) -> list[Conversation]:
        """The one used last comes first."""
        return self._select()

    def rename(self, conversation: int, title: str) -> None:
        """Raises UsageError for a number that is none."""
        with self._database.writing() as connection:
            named = conversations.update().where(conversations.c.id == conversation).values(title=_title(title))
            if not connection.execute(named).rowcount:
                raise _unknown(conversation)

    def add_message(
        self,
        conversation: int,
        role: Role,
        text: str,
        *,
        model: str | None = None,
        is_partial: bool = False,
        reply_to: int | None = None,
    ) -> int:
        with self._database.writing() as connection:
            return insert_message(connection, conversation, role, text, model, is_partial, reply_to)

    def message(self, message: int) -> StoredMessage:
        """Raises UsageError for a number that is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(messages).where(messages.c.id == message)).first()
        if row is None:
            raise UsageError(reason=f"There is no message {message}.")
        return _stored_message(row)

    def messages(self, conversation: int, before: int | None = None, limit: int | None = None) -> list[StoredMessage]:
        """Oldest first, replies right behind what they answer, however late they came: all, or the newest `limit`.

        `before`: only messages with an id below it, and their replies.
        """
        query = select(messages).where(messages.c.conversation_id == conversation)
        if before is not None or limit is not None:
            first = select(messages.c.id).where(
                messages.c.conversation_id == conversation, messages.c.reply_to_id.is_(None)
            )
            if before is not None:
                first = first.where(messages.c.id < before)
            chosen = first.order_by(messages.c.id.desc()).limit(limit)
            query = select(messages).where(messages.c.id.in_(chosen) | messages.c.reply_to_id.in_(chosen))
        place = func.coalesce(messages.c.reply_to_id, messages.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(place.desc(), messages.c.id.desc()).limit(limit)).all()
        return [_stored_message(row) for row in reversed(rows)]

    def history(self, conversation: int, before: int | None, limit: int) -> History:
        """The newest `limit` messages of the user, below the id `before`, each with the reply that counts."""
        own = messages.c.conversation_id == conversation
        asked = select(messages).where(own, messages.c.role == Role.USER.value).order_by(messages.c.id.desc())
        if before is not None:
            asked = asked.where(messages.c.id < before)
        with self._database.reading() as connection:
            questions = [_stored_message(row) for row in connection.execute(asked.limit(limit))][::-1]
            whole = func.max(case((~messages.c.is_partial, messages.c.id)))
            counts = (
                select(func.coalesce(whole, func.max(messages.c.id)))
                .where(messages.c.reply_to_id.in_([row.id for row in questions]))
                .group_by(messages.c.reply_to_id)
            )
            replies = {
                row.reply_to_id: _stored_message(row)
                for row in connection.execute(select(messages).where(messages.c.id.in_(counts)))
            }
            earlier = 0
            if questions:
                counted = select(func.count()).select_from(messages).where(own, messages.c.id < questions[0].id)
                earlier = connection.execute(counted).scalar_one()
        pairs = [(question, replies.get(question.id)) for question in questions]
        return History([message for pair in pairs for message in pair if message is not None], earlier)

    def _select(self, *where: object) -> list[Conversation]:
        query = (
            select(conversations, projects.c.name.label("project"))
            .select_from(conversations.outerjoin(projects))
            .where(*where)  # type: ignore[arg-type]
            .order_by(conversations.c.updated_at.desc(), conversations.c.id.desc())
        )
        with self._database.reading() as connection:
            return [
                Conversation(row.id, row.title, row.project, row.created_at, row.updated_at)
                for row in connection.execute(query)
            ]


def insert_message(
    connection: Connection,
    conversation: int,
    role: Role,
    text: str,
    model: str | None,
    is_partial: bool,
    reply_to: int | None,
) -> int:
    now = utc_now()
    message = insert_row(
        connection,
        messages,
        conversation_id=conversation,
        role=role.value,
        text=text,
        model=model,
        is_partial=is_partial,
        reply_to_id=reply_to,
        created_at=now,
    )
    connection.execute(conversations.update().where(conversations.c.id == conversation).values(updated_at=now))
    return message


def _stored_message(row: Any) -> StoredMessage:
    return StoredMessage(
        id=row.id,
        conversation=row.conversation_id,
        role=Role(row.role),
        text=row.text,
        model=row.model,
        is_partial=row.is_partial,
        created_at=row.created_at,
        reply_to=row.reply_to_id,
    )


def _title(text: str) -> str:
    title = " ".join(without_surrogates(text).split())
    if len(title) > _TITLE_CHARS:
        title = title[: _TITLE_CHARS - 1].rstrip() + "…"
    return title or "Untitled"


def _unknown(conversation: int) -> UsageError:
    return UsageError(reason=f"There is no conversation {conversation}.")
