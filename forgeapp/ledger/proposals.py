"""A model's changes that wait for the user: at most one an artifact, kept until he has decided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select

from forgeapp.domain.content import Content
from forgeapp.domain.text import without_surrogates
from forgeapp.errors import BaseMoved, ProposalGone
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion, content_of, insert_version, packed
from forgeapp.ledger.contents import PackedContent, get_content, put_content
from forgeapp.ledger.database import Database, insert_row, utc_now
from forgeapp.ledger.tables import messages, proposals, versions


class ProposalState(StrEnum):
    """What became of a proposal; one that a later one builds on is superseded by it."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class NewProposal:
    """`content` is version number `base` of `artifact` with everything changed as proposed."""

    artifact: int
    base: int
    content: Content
    title: str
    message: int | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredProposal:
    id: int
    artifact: int
    base: int
    content: Content
    title: str
    message: int | None
    provenance: Mapping[str, Any]
    created_at: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in a list, without its content. `version`: the number of what it led to."""

    id: int
    artifact: int
    title: str
    state: ProposalState
    version: int | None


class Proposals:
    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self, artifact: int) -> StoredProposal | None:
        """What waits for the user."""
        query = select(proposals).where(_waiting(artifact)).order_by(proposals.c.id.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            return _stored(connection, row) if row is not None else None

    def before(self, proposal: StoredProposal) -> StoredProposal | None:
        """The one it stands in place of."""
        with self._database.reading() as connection:
            return _before(connection, proposal)

    def brought_by(
        self, conversation: int, since: int | None = None, until: int | None = None
    ) -> dict[int, list[ProposalRow]]:
        """The proposals that came with each reply of a conversation, by the reply's message id; see `Artifacts`."""
        query = (
            select(proposals)
            .join_from(messages, proposals, proposals.c.message_id == messages.c.id)
            .where(messages.c.conversation_id == conversation)
            .order_by(proposals.c.id)
        )
        if since is not None:
            query = query.where(messages.c.id >= since)
        if until is not None:
            query = query.where(messages.c.id <= until)
        found: dict[int, list[ProposalRow]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.message_id, []).append(
                    ProposalRow(row.id, row.artifact_id, row.title, ProposalState(row.state), row.version)
                )
        return found

    def accept(self, proposal: StoredProposal, content: Content, taken: int, of: int) -> StoredVersion:
        """The next version: `content`, the base with `taken` of the `of` changes.

        Raises BaseMoved where the artifact has another newest version than the base, ProposalGone.
        """
        ready = packed(self._database, content)
        with self._database.writing() as connection:
            newest = _newest(connection, proposal.artifact)
            if newest != proposal.base:
                raise BaseMoved(title=proposal.title, base=proposal.base, newest=newest)
            provenance = {**proposal.provenance, "base": proposal.base, "taken": taken, "of": of}
            version = insert_version(
                connection,
                NewVersion(
                    content,
                    Origin.REVISED,
                    proposal.title,
                    artifact=proposal.artifact,
                    message=proposal.message,
                    provenance=provenance,
                ),
                ready,
            )
            state = ProposalState.ACCEPTED if taken == of else ProposalState.PARTLY
            _decide(connection, proposal, state, version.number)
        return version

    def reject(self, proposal: StoredProposal) -> None:
        """Raises ProposalGone."""
        with self._database.writing() as connection:
            _decide(connection, proposal, ProposalState.REJECTED, None)

    def withdraw(self, proposal: StoredProposal) -> StoredProposal | None:
        """Ends a proposal nobody was asked about; the one it stood in place of, if any, waits again and is given.

        Raises ProposalGone.
        """
        with self._database.writing() as connection:
            _decide(connection, proposal, ProposalState.REJECTED, None)
            before = _before(connection, proposal)
            if before is not None:
                again = {"state": ProposalState.PENDING.value, "decided_at": None}
                connection.execute(proposals.update().where(proposals.c.id == before.id).values(**again))
        return before

    def keep_apart(self, proposal: StoredProposal, new: NewVersion) -> StoredVersion:
        """Decides a proposal by storing `new` in its place. Raises ProposalGone."""
        content = packed(self._database, new.content)
        with self._database.writing() as connection:
            _decide(connection, proposal, ProposalState.REJECTED, None)
            return insert_version(connection, new, content)

    def move(self, proposal: StoredProposal, base: int, content: Content) -> StoredProposal:
        """The proposal fitted to another version. Raises ProposalGone."""
        ready = packed(self._database, content)
        with self._database.writing() as connection:
            values = {"base": base, "content_id": put_content(connection, ready)}
            if not connection.execute(proposals.update().where(_still(proposal)).values(**values)).rowcount:
                raise ProposalGone(title=proposal.title)
        return replace(proposal, base=base, content=content)


def insert_proposal(connection: Connection, new: NewProposal, content: PackedContent) -> int:
    """Stores a proposal within a transaction; it stands in place of one that waited.

    `content`: that of `new`, see `artifacts.packed`.
    """
    now = utc_now()
    superseded = {"state": ProposalState.SUPERSEDED.value, "decided_at": now}
    connection.execute(proposals.update().where(_waiting(new.artifact)).values(**superseded))
    return insert_row(
        connection,
        proposals,
        artifact_id=new.artifact,
        base=new.base,
        content_id=put_content(connection, content),
        title=without_surrogates(new.title),
        message_id=new.message,
        provenance_json=without_surrogates(json.dumps(dict(new.provenance), ensure_ascii=False)),
        state=ProposalState.PENDING.value,
        created_at=now,
    )


def _stored(connection: Connection, row: Any) -> StoredProposal:
    return StoredProposal(
        id=row.id,
        artifact=row.artifact_id,
        base=row.base,
        content=content_of(get_content(connection, row.content_id)),
        title=row.title,
        message=row.message_id,
        provenance=json.loads(row.provenance_json),
        created_at=row.created_at,
    )


def _before(connection: Connection, proposal: StoredProposal) -> StoredProposal | None:
    """The artifact's proposal before that one, unless it was decided by the user."""
    earlier = (proposals.c.artifact_id == proposal.artifact) & (proposals.c.id < proposal.id)
    row = connection.execute(select(proposals).where(earlier).order_by(proposals.c.id.desc()).limit(1)).first()
    if row is None or row.state != ProposalState.SUPERSEDED.value:
        return None
    return _stored(connection, row)


def _decide(connection: Connection, proposal: StoredProposal, state: ProposalState, version: int | None) -> None:
    values = {"state": state.value, "decided_at": utc_now(), "version": version}
    if not connection.execute(proposals.update().where(_still(proposal)).values(**values)).rowcount:
        raise ProposalGone(title=proposal.title)


def _still(proposal: StoredProposal) -> Any:
    return (proposals.c.id == proposal.id) & (proposals.c.state == ProposalState.PENDING.value)


def _waiting(artifact: int) -> Any:
    return (proposals.c.artifact_id == artifact) & (proposals.c.state == ProposalState.PENDING.value)


def _newest(connection: Connection, artifact: int) -> int:
    newest = connection.execute(select(func.max(versions.c.number)).where(versions.c.artifact_id == artifact)).scalar()
    return int(newest or 0)
