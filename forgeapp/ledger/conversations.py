"""Conversations, their messages, and the projects that group them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from forgeapp.domain.chat import Role
from forgeapp.errors import UsageError
from forgeapp.ledger.database import Database, insert_row, utc_now
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
    """`model`: who answered. `is_partial`: the reply broke off or was stopped."""

    id: int
    conversation: int
    role: Role
    text: str
    model: str | None
    is_partial: bool
    created_at: str


class Conversations:
    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, first_message: str, project: str | None = None) -> int:
        """A new conversation, named after its first message."""
        title = " ".join(first_message.split())
        if len(title) > _TITLE_CHARS:
            title = title[: _TITLE_CHARS - 1].rstrip() + "…"
        now = utc_now()
        with self._database.writing() as connection:
            project_id = _project_id(connection, project) if project else None
            return insert_row(
                connection,
                conversations,
                title=title or "Untitled",
                project_id=project_id,
                created_at=now,
                updated_at=now,
            )

    def get(self, conversation: int) -> Conversation:
        """Raises UsageError for a number that is none."""
        for found in self._select(conversations.c.id == conversation):
            return found
        raise UsageError(reason=f"There is no conversation {conversation}.")

    def all(self) -> list[Conversation]:
        """The one used last comes first."""
        return self._select()

    def add_message(
        self, conversation: int, role: Role, text: str, *, model: str | None = None, is_partial: bool = False
    ) -> int:
        with self._database.writing() as connection:
            return insert_message(connection, conversation, role, text, model, is_partial)

    def messages(self, conversation: int) -> list[StoredMessage]:
        query = select(messages).where(messages.c.conversation_id == conversation).order_by(messages.c.id)
        with self._database.reading() as connection:
            return [
                StoredMessage(
                    id=row.id,
                    conversation=row.conversation_id,
                    role=Role(row.role),
                    text=row.text,
                    model=row.model,
                    is_partial=row.is_partial,
                    created_at=row.created_at,
                )
                for row in connection.execute(query)
            ]

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
    connection: Connection, conversation: int, role: Role, text: str, model: str | None, is_partial: bool
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
        created_at=now,
    )
    connection.execute(conversations.update().where(conversations.c.id == conversation).values(updated_at=now))
    return message


def _project_id(connection: Connection, name: str) -> int:
    found = connection.execute(select(projects.c.id).where(projects.c.name == name)).scalar()
    if found is not None:
        return int(found)
    return insert_row(connection, projects, name=name, created_at=utc_now())
