"""Providers as people trust them: budgets and reservations, kept replies, routes, limits, failure reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

_CALLS = (
    "ALTER TABLE calls ADD COLUMN cache_write_1h_tokens INTEGER DEFAULT '0' NOT NULL",
    "ALTER TABLE calls ADD COLUMN finish TEXT",
    "ALTER TABLE calls ADD COLUMN reserved_nano_usd INTEGER",
    "ALTER TABLE calls ADD COLUMN lease_until TEXT",
    "ALTER TABLE calls ADD COLUMN cache_key TEXT",
    "ALTER TABLE calls ADD COLUMN estimated_input_tokens INTEGER",
    "CREATE INDEX ix_calls_running ON calls (owner) WHERE status = 'running'",
    "CREATE INDEX ix_calls_cache_key ON calls (cache_key, status) WHERE cache_key IS NOT NULL",
    # What a project, a kind or a key has spent is summed in the index alone, too: before every call.
    "DROP INDEX ix_calls_spending",
    "CREATE INDEX ix_calls_spending ON calls (started_at, status, cost_nano_usd, project_id, kind, key_name)",
)
_PROVIDERS = (
    "ALTER TABLE providers ADD COLUMN is_seed BOOLEAN DEFAULT '0' NOT NULL",
    "ALTER TABLE providers ADD COLUMN key_name TEXT",
    "ALTER TABLE providers ADD COLUMN requests_per_minute INTEGER",
    "ALTER TABLE providers ADD COLUMN tokens_per_minute INTEGER",
    "ALTER TABLE providers ADD COLUMN mark TEXT",
    "ALTER TABLE providers ADD COLUMN marked_at TEXT",
    "ALTER TABLE providers ADD COLUMN quirks_json TEXT DEFAULT '[]' NOT NULL",
)
_MODELS = (
    "ALTER TABLE models ADD COLUMN is_enabled BOOLEAN DEFAULT '1' NOT NULL",
    "ALTER TABLE models ADD COLUMN vanished_at TEXT",
    "ALTER TABLE models ADD COLUMN tier TEXT",
    "ALTER TABLE models ADD COLUMN context_tokens INTEGER",
    "ALTER TABLE models ADD COLUMN max_output_tokens INTEGER",
    "ALTER TABLE models ADD COLUMN takes_pictures BOOLEAN",
    "ALTER TABLE models ADD COLUMN temperature FLOAT",
    "ALTER TABLE models ADD COLUMN output_tokens INTEGER",
    "ALTER TABLE models ADD COLUMN stop_json TEXT DEFAULT '[]' NOT NULL",
    "ALTER TABLE models ADD COLUMN allows_unknown_price BOOLEAN DEFAULT '0' NOT NULL",
    "ALTER TABLE models ADD COLUMN estimated_tokens FLOAT DEFAULT '0' NOT NULL",
    "ALTER TABLE models ADD COLUMN reported_tokens FLOAT DEFAULT '0' NOT NULL",
)


def upgrade(operations: Operations) -> None:
    for step in (*_CALLS, *_PROVIDERS, *_MODELS):
        operations.execute(step)
    operations.create_table("seeds", sa.Column("name", sa.Text(), nullable=False), _key(operations, "seeds", "name"))
    operations.create_table(
        "routes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("size", sa.Text(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("temperature", sa.Float(), nullable=True),
        sa.Column("output_tokens", sa.Integer(), nullable=True),
        sa.Column("stop_json", sa.Text(), server_default="[]", nullable=False),
        _reference(operations, "routes", "project_id", "projects", "CASCADE"),
        _reference(operations, "routes", "conversation_id", "conversations", "CASCADE"),
        _key(operations, "routes"),
    )
    operations.create_table(
        "budgets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("amount_nano_usd", sa.Integer(), nullable=False),
        _reference(operations, "budgets", "project_id", "projects", "CASCADE"),
        _key(operations, "budgets"),
    )
    operations.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        _reference(operations, "reports", "conversation_id", "conversations", "SET NULL"),
        _reference(operations, "reports", "message_id", "messages", "SET NULL"),
        _key(operations, "reports"),
    )
    for table, column in (
        ("routes", "project_id"),
        ("routes", "conversation_id"),
        ("budgets", "project_id"),
        ("reports", "conversation_id"),
        ("reports", "message_id"),
    ):
        operations.create_index(operations.f(f"ix_{table}_{column}"), table, [column])


def _key(operations: Operations, table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=operations.f(f"pk_{table}"))


def _reference(operations: Operations, table: str, column: str, other: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = operations.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=on_delete)
