"""Artifacts and their versions: added, never changed, never removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import IO, Any

from sqlalchemy import Connection, func, select

from forgeapp.domain.artifact import Kind
from forgeapp.domain.content import Content, from_json, kind_of, to_json
from forgeapp.domain.glance import Glance, glance
from forgeapp.domain.text import without_surrogates
from forgeapp.errors import UnknownArtifact, UnknownVersion
from forgeapp.ledger.contents import PackedContent, get_content, pack_content, pieces_of, put_content
from forgeapp.ledger.database import Database, insert_row, utc_now
from forgeapp.ledger.tables import artifacts, messages, versions


class Origin(StrEnum):
    """How a version came to be."""

    GENERATED = "generated"
    REVISED = "revised"
    PASTED = "pasted"
    TEMPLATE = "template"
    IMPORTED = "imported"
    RESTORED = "restored"
    EDITED = "edited"
    COPIED = "copied"


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to be stored. `provenance`: request, model, template, file ... as plain JSON values.

    `artifact` None makes a new artifact of it.
    """

    content: Content
    origin: Origin
    title: str
    artifact: int | None = None
    conversation: int | None = None
    message: int | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredVersion:
    artifact: int
    number: int
    kind: Kind
    title: str
    content: Content
    origin: Origin
    provenance: Mapping[str, Any]
    created_at: str
    message: int | None = None
    """The reply it came with."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in a list, without its content. `message`: the reply it came with. `label`: what the user calls it.

    `glance` None: it was stored by a program that did not note one, or what stands there is none.
    """

    artifact: int
    number: int
    kind: Kind
    title: str
    origin: Origin
    created_at: str
    provenance: Mapping[str, Any]
    message: int | None
    glance: Glance | None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ArtifactRow:
    """An artifact in a list: `version` is the newest one's number, `versions` how many there are."""

    id: int
    kind: Kind
    title: str
    version: int
    versions: int
    conversation: int | None
    updated_at: str


class Artifacts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewVersion) -> StoredVersion:
        """Raises UnknownArtifact."""
        content = packed(self._database, new.content)
        with self._database.writing() as connection:
            return insert_version(connection, new, content)

    def all(self) -> list[ArtifactRow]:
        """The one changed last comes first."""
        return self._select()

    def get(self, artifact: int) -> ArtifactRow:
        """Raises UnknownArtifact."""
        for row in self._select(artifacts.c.id == artifact):
            return row
        raise UnknownArtifact(artifact=artifact)

    def latest_of(self, conversation: int) -> ArtifactRow | None:
        """The artifact last worked on in a conversation: the one that is open there."""
        return next(iter(self._select(artifacts.c.conversation_id == conversation)), None)

    def version(self, artifact: int, number: int | None = None) -> StoredVersion:
        """One version, the newest by default. Raises UnknownArtifact, UnknownVersion."""
        query = select(versions).where(versions.c.artifact_id == artifact)
        if number is not None:
            query = query.where(versions.c.number == number)
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(versions.c.number.desc()).limit(1)).first()
            text = get_content(connection, row.content_id) if row is not None else ""
        if row is None:
            raise UnknownVersion(artifact=artifact, version=number, newest=self.get(artifact).version)
        content = content_of(text)
        return StoredVersion(
            artifact=artifact,
            number=row.number,
            kind=kind_of(content),
            title=row.title,
            content=content,
            origin=Origin(row.origin),
            provenance=json.loads(row.provenance_json),
            created_at=row.created_at,
            message=row.message_id,
        )

    def copy_content(self, artifact: int, number: int, file: IO[bytes]) -> None:
        """Writes the JSON text of what a version holds into `file`, piece by piece: large ones are never held whole.

        Raises UnknownArtifact, UnknownVersion, and what writing raises.
        """
        of_it = (versions.c.artifact_id == artifact) & (versions.c.number == number)
        with self._database.reading() as connection:
            content = connection.execute(select(versions.c.content_id).where(of_it)).scalar()
            if content is not None:
                file.writelines(pieces_of(connection, content))
        if content is None:
            raise UnknownVersion(artifact=artifact, version=number, newest=self.get(artifact).version)

    def versions(self, artifact: int) -> list[VersionRow]:
        """The newest first. Raises UnknownArtifact."""
        query = select(versions).where(versions.c.artifact_id == artifact).order_by(versions.c.number.desc())
        with self._database.reading() as connection:
            rows = [_version_row(row) for row in connection.execute(query)]
        if not rows:
            raise UnknownArtifact(artifact=artifact)
        return rows

    def opened_as(self, artifact: int) -> list[Mapping[str, Any]]:
        """The provenance of those versions that were read from files, the newest first."""
        query = select(versions.c.provenance_json).where(
            versions.c.artifact_id == artifact, versions.c.origin == Origin.IMPORTED.value
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(versions.c.number.desc()))
            return [json.loads(row.provenance_json) for row in rows]

    def brought_by(
        self, conversation: int, since: int | None = None, until: int | None = None
    ) -> dict[int, list[VersionRow]]:
        """The versions that came with each reply of a conversation, by the reply's message id.

        `since`, `until`: only those of messages from this id on, up to this one.
        """
        query = (
            select(versions)
            .join_from(messages, versions, versions.c.message_id == messages.c.id)
            .where(messages.c.conversation_id == conversation)
            .order_by(versions.c.id)
        )
        if since is not None:
            query = query.where(messages.c.id >= since)
        if until is not None:
            query = query.where(messages.c.id <= until)
        found: dict[int, list[VersionRow]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.message_id, []).append(_version_row(row))
        return found

    def restore(self, artifact: int, number: int) -> StoredVersion:
        """An older version becomes the newest one again, as a version of its own."""
        old = self.version(artifact, number)
        return self.add(
            NewVersion(
                content=old.content,
                origin=Origin.RESTORED,
                title=old.title,
                artifact=artifact,
                provenance={"restored_from": number},
            )
        )

    def label(self, artifact: int, number: int, label: str | None) -> None:
        """What the user calls a version; None takes its name away. Raises UnknownArtifact, UnknownVersion."""
        label = without_surrogates(label).strip() if label else None
        of_it = (versions.c.artifact_id == artifact) & (versions.c.number == number)
        with self._database.writing() as connection:
            found = connection.execute(versions.update().where(of_it).values(label=label or None)).rowcount
        if not found:
            raise UnknownVersion(artifact=artifact, version=number, newest=self.get(artifact).version)

    def _select(self, *where: object) -> list[ArtifactRow]:
        # Looked up in the index of versions for each artifact listed: one of many costs no more than one of one.
        own = versions.c.artifact_id == artifacts.c.id
        newest = select(func.max(versions.c.number)).where(own).scalar_subquery().label("newest")
        count = select(func.count()).select_from(versions).where(own).scalar_subquery().label("version_count")
        last = select(func.max(versions.c.id)).where(own).scalar_subquery()
        query = (
            select(artifacts, newest, count)
            .where(*where)  # type: ignore[arg-type]
            .order_by(artifacts.c.updated_at.desc(), last.desc())
        )
        with self._database.reading() as connection:
            return [
                ArtifactRow(
                    id=row.id,
                    kind=Kind(row.kind),
                    title=row.title,
                    version=row.newest,
                    versions=row.version_count,
                    conversation=row.conversation_id,
                    updated_at=row.updated_at,
                )
                for row in connection.execute(query)
            ]


def _version_row(row: Any) -> VersionRow:
    return VersionRow(
        artifact=row.artifact_id,
        number=row.number,
        kind=Kind(row.kind),
        title=row.title,
        origin=Origin(row.origin),
        created_at=row.created_at,
        provenance=json.loads(row.provenance_json),
        message=row.message_id,
        glance=_glance(row.glance_json),
        label=row.label,
    )


def _glance(text: str | None) -> Glance | None:
    """A card without its measures is better than a conversation that cannot be read."""
    try:
        return Glance.from_json(json.loads(text)) if text else None
    except (ValueError, RecursionError):
        return None


def insert_version(connection: Connection, new: NewVersion, content: PackedContent) -> StoredVersion:
    """Stores a version, and its artifact where that is new, within a transaction. Raises UnknownArtifact.

    `content`: that of `new`, see `packed`.
    """
    new = replace(new, title=without_surrogates(new.title))
    now = utc_now()
    kind = kind_of(new.content)
    if new.artifact is None:
        artifact, number = (
            insert_row(
                connection,
                artifacts,
                conversation_id=new.conversation,
                kind=kind.value,
                title=new.title,
                created_at=now,
                updated_at=now,
            ),
            1,
        )
    else:
        artifact = new.artifact
        newest = connection.execute(
            select(func.max(versions.c.number)).where(versions.c.artifact_id == artifact)
        ).scalar()
        if newest is None:
            raise UnknownArtifact(artifact=artifact)
        number = newest + 1
        connection.execute(
            artifacts.update()
            .where(artifacts.c.id == artifact)
            .values(title=new.title, kind=kind.value, updated_at=now)
        )
    connection.execute(
        versions.insert().values(
            artifact_id=artifact,
            number=number,
            title=new.title,
            content_id=put_content(connection, content),
            origin=new.origin.value,
            message_id=new.message,
            provenance_json=_json(dict(new.provenance)),
            created_at=now,
            kind=kind.value,
            glance_json=_json(glance(new.content).to_json()),
        )
    )
    return StoredVersion(
        artifact=artifact,
        number=number,
        kind=kind,
        title=new.title,
        content=new.content,
        origin=new.origin,
        provenance=new.provenance,
        created_at=now,
        message=new.message,
    )


def packed(database: Database, content: Content) -> PackedContent:
    """A content as the ledger keeps it, made ready before the database is locked."""
    return pack_content(database, _json(to_json(content)))


def content_of(text: str) -> Content:
    return from_json(json.loads(text))


def _json(data: dict[str, Any]) -> str:
    """Halves of characters, which a text field may hold and a database may not, become U+FFFD."""
    return without_surrogates(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
