"""What was spent since a moment is summed in an index alone."""

from __future__ import annotations

from alembic.operations import Operations


def upgrade(operations: Operations) -> None:
    operations.execute("DROP INDEX ix_calls_started_at")
    operations.execute("CREATE INDEX ix_calls_spending ON calls (started_at, status, cost_nano_usd)")
