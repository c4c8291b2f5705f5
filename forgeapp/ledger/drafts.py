"""What stands in a composer and is not sent yet."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from forgeapp.domain.text import without_surrogates
from forgeapp.ledger.database import Database, utc_now
from forgeapp.ledger.tables import drafts


class Drafts:
    """One text for each conversation, and one, None, for the conversation that is not begun yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, conversation: int | None, text: str) -> None:
        """'' takes the draft away."""
        with self._database.writing() as connection:
            connection.execute(drafts.delete().where(_of(conversation)))
            if text:
                connection.execute(
                    drafts.insert().values(
                        conversation_id=conversation, text=without_surrogates(text), updated_at=utc_now()
                    )
                )

    def get(self, conversation: int | None) -> str:
        """'' where there is none."""
        with self._database.reading() as connection:
            return connection.execute(select(drafts.c.text).where(_of(conversation))).scalar() or ""


def _of(conversation: int | None) -> ColumnElement[bool]:
    column = drafts.c.conversation_id
    return column.is_(None) if conversation is None else column == conversation
