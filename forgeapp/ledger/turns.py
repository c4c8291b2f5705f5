"""The end of a turn: reply, versions and cost, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.chat import Role
from forgeapp.ledger.artifacts import NewVersion, StoredVersion, insert_version, packed
from forgeapp.ledger.calls import Settlement, credit_reply, settle_call
from forgeapp.ledger.conversations import insert_message
from forgeapp.ledger.database import Database
from forgeapp.ledger.proposals import NewProposal, insert_proposal


@dataclass(frozen=True, slots=True)
class FinishedTurn:
    """`calls`: every attempt of the turn, in order; `settlement` is the last one's, None where that is settled.

    `reply_to`: the user's message that is answered.
    """

    conversation: int
    reply: str
    reply_to: int | None = None
    model: str | None = None
    is_partial: bool = False
    versions: Sequence[NewVersion] = ()
    proposals: Sequence[NewProposal] = ()
    calls: Sequence[int] = ()
    settlement: Settlement | None = None


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """`reply`: the message stored, None where there was nothing to store."""

    reply: int | None = None
    versions: Sequence[StoredVersion] = ()
    proposals: Sequence[int] = ()


class Turns:
    def __init__(self, database: Database) -> None:
        self._database = database

    def finish(self, turn: FinishedTurn) -> StoredTurn:
        versions_ready = [packed(self._database, new.content) for new in turn.versions]
        proposals_ready = [packed(self._database, new.content) for new in turn.proposals]
        with self._database.writing() as connection:
            message = None
            if turn.reply:
                message = insert_message(
                    connection,
                    turn.conversation,
                    Role.ASSISTANT,
                    turn.reply,
                    turn.model,
                    turn.is_partial,
                    turn.reply_to,
                )
                credit_reply(connection, turn.calls, message)
            if turn.settlement is not None:
                settle_call(connection, turn.calls[-1], turn.settlement)
            versions = [
                insert_version(connection, replace(new, message=message), content)
                for new, content in zip(turn.versions, versions_ready, strict=True)
            ]
            proposals = [
                insert_proposal(connection, replace(new, message=message), content)
                for new, content in zip(turn.proposals, proposals_ready, strict=True)
            ]
        return StoredTurn(message, versions, proposals)
