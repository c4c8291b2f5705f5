"""What led to a reply: the attempts at providers, and what they were sent."""

from __future__ import annotations

import json

from sqlalchemy import select

from forgeapp.ledger.calls import SETTLED, SHOWN, CallRow, call_row
from forgeapp.ledger.database import Database
from forgeapp.ledger.tables import calls


class Replies:
    def __init__(self, database: Database) -> None:
        self._database = database

    def calls(self, reply: int) -> list[CallRow]:
        """The settled calls that led to a stored message of the assistant, in the order of the attempts."""
        query = select(*SHOWN).where(calls.c.reply_id == reply, SETTLED).order_by(calls.c.id)
        with self._database.reading() as connection:
            return [call_row(row) for row in connection.execute(query)]

    def prompt(self, call: int) -> list[tuple[str, str]]:
        """Role and text of each message a call was sent; [] where that is no longer kept."""
        with self._database.reading() as connection:
            text = connection.execute(select(calls.c.prompt_json).where(calls.c.id == call)).scalar()
        try:
            rows = json.loads(text or "[]")
        except ValueError:
            return []
        if not isinstance(rows, list):
            return []
        return [(str(row.get("role", "")), str(row.get("content", ""))) for row in rows if isinstance(row, dict)]
