"""What happened, as rows: names and figures, never more than a line of the user's text."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from forgeapp.ledger.database import Database, utc_now
from forgeapp.ledger.tables import events

MAX_TEXT_CHARS = 80


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    data: dict[str, Any]
    created_at: str


class Events:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._salt = secrets.token_bytes(16)

    def record(self, name: str, **data: str | int | float | bool | None) -> None:
        """Text over MAX_TEXT_CHARS is stored as a salted SHA-256; the salt is gone with the process."""
        kept = {key: self._shortened(value) if isinstance(value, str) else value for key, value in data.items()}
        row = events.insert().values(name=name, data_json=json.dumps(kept, ensure_ascii=False), created_at=utc_now())
        with self._database.writing() as connection:
            connection.execute(row)

    def has(self, name: str, **data: str | int) -> bool:
        """Whether one of this name has these values."""
        query = select(events.c.id).where(events.c.name == name)
        for key, value in data.items():
            query = query.where(func.json_extract(events.c.data_json, f"$.{key}") == value)
        with self._database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def all(self, name: str | None = None) -> list[Event]:
        """Oldest first."""
        query = select(events).order_by(events.c.id)
        if name is not None:
            query = query.where(events.c.name == name)
        with self._database.reading() as connection:
            return [Event(row.name, json.loads(row.data_json), row.created_at) for row in connection.execute(query)]

    def _shortened(self, text: str) -> str:
        if len(text) <= MAX_TEXT_CHARS:
            return text
        return "sha256:" + hashlib.sha256(self._salt + text.encode()).hexdigest()
