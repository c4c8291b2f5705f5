"""Projects: names that group conversations, calls and money. One is made when it is first named."""

from __future__ import annotations

from sqlalchemy import Connection, select

from forgeapp.domain.text import without_surrogates
from forgeapp.ledger.database import insert_row, utc_now
from forgeapp.ledger.tables import conversations, projects


def find_project(connection: Connection, name: str) -> int | None:
    return connection.execute(select(projects.c.id).where(projects.c.name == without_surrogates(name))).scalar()


def ensure_project(connection: Connection, name: str) -> int:
    """The one of that name, made where there is none."""
    found = find_project(connection, name)
    if found is not None:
        return found
    return insert_row(connection, projects, name=without_surrogates(name), created_at=utc_now())


def project_of(connection: Connection, conversation: int | None, name: str | None) -> int | None:
    """The project whose money and routes hold: the conversation's own; outside a conversation the one named."""
    if conversation is not None:
        query = select(conversations.c.project_id).where(conversations.c.id == conversation)
        return connection.execute(query).scalar()
    return find_project(connection, name) if name else None
