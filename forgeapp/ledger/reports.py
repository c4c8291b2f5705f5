"""Failure reports: what was tried, and why nobody answered, kept as Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from forgeapp.domain.text import without_surrogates
from forgeapp.errors import UnknownReport
from forgeapp.ledger.database import Database, insert_row, utc_now
from forgeapp.ledger.tables import reports


@dataclass(frozen=True, slots=True)
class ReportRow:
    """`conversation`, `message`: where it was asked, None once that is gone."""

    id: int
    conversation: int | None
    message: int | None
    task: str
    markdown: str
    created_at: str


_COLUMNS = (
    reports.c.id,
    reports.c.conversation_id,
    reports.c.message_id,
    reports.c.task,
    reports.c.markdown,
    reports.c.created_at,
)


class Reports:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, conversation: int | None, message: int | None, task: str, markdown: str) -> int:
        with self._database.writing() as connection:
            return insert_row(
                connection,
                reports,
                conversation_id=conversation,
                message_id=message,
                task=without_surrogates(task),
                markdown=without_surrogates(markdown),
                created_at=utc_now(),
            )

    def get(self, report: int) -> ReportRow:
        """Raises UnknownReport."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(reports.c.id == report)).first()
        if row is None:
            raise UnknownReport(report=report)
        return ReportRow(*row)

    def all(self, limit: int = 200) -> list[ReportRow]:
        """The newest, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(*_COLUMNS).order_by(reports.c.id.desc()).limit(limit))
            return [ReportRow(*row) for row in rows]

    def remove(self, report: int) -> None:
        """Raises UnknownReport."""
        with self._database.writing() as connection:
            if not connection.execute(reports.delete().where(reports.c.id == report)).rowcount:
                raise UnknownReport(report=report)
