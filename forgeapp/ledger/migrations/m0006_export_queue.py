"""Exports that wait for their turn: what was asked for is kept whole, of an artifact or of a conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

_KEPT = (
    "id, artifact_id, version, format, path, status, bytes, duration_ms, warnings_json, error_type, error_message,"
    " created_at, completed_at, owner"
)
_TITLE = (
    "coalesce((SELECT v.title FROM versions v WHERE v.artifact_id = e.artifact_id AND v.number = e.version),"
    " (SELECT a.title FROM artifacts a WHERE a.id = e.artifact_id), '')"
)


def upgrade(operations: Operations) -> None:
    """The table is made anew: SQLite lets no column of a table be empty that once had to be filled."""
    operations.execute("ALTER TABLE exports RENAME TO exports_before")
    operations.drop_index(operations.f("ix_exports_artifact_id"), "exports_before")
    operations.create_table(
        "exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("artifact_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("leaf_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("options_json", sa.Text(), server_default="{}", nullable=False),
        sa.Column("keeps_differing", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("is_folder", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("replaces", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("warnings_json", sa.Text(), server_default="[]", nullable=False),
        sa.Column("differences_json", sa.Text(), server_default="[]", nullable=False),
        sa.Column("files_json", sa.Text(), server_default="[]", nullable=False),
        sa.Column("error_type", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=True),
        sa.Column("completed_at", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("is_cleared", sa.Boolean(), server_default="0", nullable=False),
        _reference(operations, "artifact_id", "artifacts", "CASCADE"),
        _reference(operations, "conversation_id", "conversations", "CASCADE"),
        _reference(operations, "leaf_id", "messages", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=operations.f("pk_exports")),
    )
    operations.execute(
        f"INSERT INTO exports ({_KEPT}, title, started_at) SELECT {_KEPT}, {_TITLE}, created_at FROM exports_before e"  # noqa: S608 - our own words
    )
    operations.drop_table("exports_before")
    for column in ("artifact_id", "conversation_id", "leaf_id", "started_at"):
        operations.create_index(operations.f(f"ix_exports_{column}"), "exports", [column])
    operations.execute("CREATE INDEX ix_exports_unfinished ON exports (status) WHERE status IN ('queued', 'running')")


def _reference(operations: Operations, column: str, other: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = operations.f(f"fk_exports_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=on_delete)
