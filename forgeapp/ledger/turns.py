"""The end of a turn: reply, versions and cost, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.chat import Role
from forgeapp.ledger.artifacts import NewVersion, StoredVersion, insert_version
from forgeapp.ledger.calls import Settlement, settle_call
from forgeapp.ledger.conversations import insert_message
from forgeapp.ledger.database import Database


@dataclass(frozen=True, slots=True)
class FinishedTurn:
    """`call` and `settlement` are None where no provider was called."""

    conversation: int
    reply: str
    model: str | None = None
    is_partial: bool = False
    versions: Sequence[NewVersion] = ()
    call: int | None = None
    settlement: Settlement | None = None


class Turns:
    def __init__(self, database: Database) -> None:
        self._database = database

    def finish(self, turn: FinishedTurn) -> list[StoredVersion]:
        with self._database.writing() as connection:
            message = None
            if turn.reply:
                message = insert_message(
                    connection, turn.conversation, Role.ASSISTANT, turn.reply, turn.model, turn.is_partial
                )
            if turn.call is not None and turn.settlement is not None:
                settle_call(connection, turn.call, turn.settlement)
            return [insert_version(connection, replace(new, message=message)) for new in turn.versions]
