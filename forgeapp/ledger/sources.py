"""Sources: texts kept to be given to a model as context, each with where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from forgeapp.domain.text import without_surrogates
from forgeapp.errors import UnknownSource
from forgeapp.ledger.database import Database, insert_row, utc_now
from forgeapp.ledger.projects import ensure_project
from forgeapp.ledger.tables import projects, sources


@dataclass(frozen=True, slots=True)
class Source:
    """`origin`: where it comes from, as plain JSON values: 'file', or 'artifact' and 'version', or 'message'."""

    id: int
    title: str
    text: str
    origin: Mapping[str, Any]
    project: str | None
    created_at: str


class Sources:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, title: str, text: str, origin: Mapping[str, Any], project: str | None = None) -> Source:
        with self._database.writing() as connection:
            number = insert_row(
                connection,
                sources,
                project_id=ensure_project(connection, project) if project else None,
                title=without_surrogates(title),
                text=without_surrogates(text),
                origin_json=json.dumps(dict(origin), ensure_ascii=False),
                created_at=utc_now(),
            )
        return self.get(number)

    def all(self) -> list[Source]:
        """The newest first."""
        return self._select()

    def get(self, source: int) -> Source:
        """Raises UnknownSource."""
        for found in self._select(sources.c.id == source):
            return found
        raise UnknownSource(source=source)

    def _select(self, *where: object) -> list[Source]:
        query = (
            select(sources, projects.c.name)
            .join_from(sources, projects, isouter=True)
            .where(*where)  # type: ignore[arg-type]
            .order_by(sources.c.id.desc())
        )
        with self._database.reading() as connection:
            return [
                Source(row.id, row.title, row.text, json.loads(row.origin_json), row.name, row.created_at)
                for row in connection.execute(query)
            ]
