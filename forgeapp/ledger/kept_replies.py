"""Whole replies that are kept, each with its call: the same prompt is answered with them again, for nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from forgeapp.domain.chat import FinishReason
from forgeapp.ledger.calls import CallStatus
from forgeapp.ledger.database import Database
from forgeapp.ledger.tables import calls

_IS_OK = calls.c.status == CallStatus.OK.value


@dataclass(frozen=True, slots=True)
class KeptReply:
    """`call`: the one that brought it."""

    call: int
    provider: str
    model: str
    text: str
    finish: FinishReason


@dataclass(frozen=True, slots=True)
class KeptTotals:
    """How many replies are kept, and how often one of them was given again."""

    replies: int
    uses: int


class KeptReplies:
    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, cache_key: str, since: str) -> KeptReply | None:
        """The newest whole reply to that prompt which was asked for at `since` or later."""
        query = (
            select(calls.c.id, calls.c.provider, calls.c.model, calls.c.reply)
            .where(calls.c.cache_key == cache_key, _IS_OK, calls.c.started_at >= since)
            .order_by(calls.c.id.desc())
        )
        with self._database.reading() as connection:
            row = connection.execute(query.limit(1)).first()
        return KeptReply(*row, finish=FinishReason.STOP) if row is not None else None

    def forget(self) -> int:
        """None that is there is given again; they stay in the ledger. Gives how many there were."""
        with self._database.writing() as connection:
            forgotten = calls.update().where(calls.c.cache_key.is_not(None), _IS_OK).values(cache_key=None)
            return connection.execute(forgotten).rowcount

    def totals(self) -> KeptTotals:
        kept = select(func.count()).select_from(calls).where(calls.c.cache_key.is_not(None), _IS_OK)
        used = select(func.count()).select_from(calls).where(calls.c.status == CallStatus.CACHED.value)
        with self._database.reading() as connection:
            return KeptTotals(connection.execute(kept).scalar_one(), connection.execute(used).scalar_one())
