"""Artifacts people can work on: contents kept once, labels of versions, changes that wait for the user, sources."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from hashlib import blake2b

import sqlalchemy as sa
from alembic.operations import Operations

_COPY = (
    "INSERT INTO versions (id, artifact_id, number, title, content_id, origin, message_id, provenance_json, created_at,"
    " kind, glance_json) SELECT id, artifact_id, number, title, ?, origin, message_id, provenance_json, created_at,"
    " kind, glance_json FROM versions_before WHERE id = ?"
)


def upgrade(operations: Operations) -> None:
    for table, columns in (
        ("contents", (("chunks", sa.LargeBinary()), ("size", sa.Integer()))),
        ("chunks", (("data", sa.LargeBinary()),)),
    ):
        operations.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("digest", sa.LargeBinary(), nullable=False),
            *(sa.Column(name, kind, nullable=False) for name, kind in columns),
            _key(operations, table),
            sa.UniqueConstraint("digest", name=operations.f(f"uq_{table}_digest")),
        )
    _move_contents(operations)
    operations.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("artifact_id", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("provenance_json", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        _reference(operations, "proposals", "artifact_id", "artifacts", "CASCADE"),
        _reference(operations, "proposals", "content_id", "contents"),
        _reference(operations, "proposals", "message_id", "messages", "SET NULL"),
        _key(operations, "proposals"),
    )
    operations.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin_json", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        _reference(operations, "sources", "project_id", "projects", "SET NULL"),
        _key(operations, "sources"),
    )
    for table, column in (("proposals", "artifact_id"), ("proposals", "message_id"), ("sources", "project_id")):
        operations.create_index(operations.f(f"ix_{table}_{column}"), table, [column])


def _move_contents(operations: Operations) -> None:
    """`versions.content_json` becomes rows of `contents`, each one chunk: what is stored from now on is cut finer."""
    connection = operations.get_bind()
    operations.execute("ALTER TABLE versions RENAME TO versions_before")
    operations.drop_index(operations.f("ix_versions_message_id"), "versions_before")
    operations.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("artifact_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("provenance_json", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("glance_json", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        _reference(operations, "versions", "artifact_id", "artifacts", "CASCADE"),
        _reference(operations, "versions", "content_id", "contents"),
        _reference(operations, "versions", "message_id", "messages", "SET NULL"),
        _key(operations, "versions"),
        sa.UniqueConstraint("artifact_id", "number", name=operations.f("uq_versions_artifact_id_number")),
    )
    for version, text in _contents(connection):
        content = _put(connection, text.encode("utf-8", "replace"))
        connection.exec_driver_sql(_COPY, (content, version))
    operations.drop_table("versions_before")
    operations.create_index(operations.f("ix_versions_message_id"), "versions", ["message_id"])


def _contents(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    ids = [row[0] for row in connection.exec_driver_sql("SELECT id FROM versions_before ORDER BY id")]
    for version in ids:
        query = "SELECT content_json FROM versions_before WHERE id = ?"
        yield version, connection.exec_driver_sql(query, (version,)).scalar_one()


def _put(connection: sa.Connection, data: bytes) -> int:
    digest = blake2b(data, digest_size=16).digest()
    query = "SELECT id FROM contents WHERE digest = ?"
    known = connection.exec_driver_sql(query, (digest,)).scalar()
    if known is None:
        chunk = connection.exec_driver_sql(
            "INSERT INTO chunks (digest, data) VALUES (?, ?) RETURNING id", (digest, zlib.compress(data, 6))
        ).scalar_one()
        known = connection.exec_driver_sql(
            "INSERT INTO contents (digest, chunks, size) VALUES (?, ?, ?) RETURNING id",
            (digest, int(chunk).to_bytes(4, "little"), len(data)),
        ).scalar_one()
    return int(known)


def _key(operations: Operations, table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=operations.f(f"pk_{table}"))


def _reference(
    operations: Operations, table: str, column: str, other: str, on_delete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = operations.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=on_delete)
