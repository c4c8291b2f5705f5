"""Exports know what they may replace: what the user agreed to, not just that he did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(operations: Operations) -> None:
    operations.add_column("exports", sa.Column("may_replace_json", sa.Text(), nullable=True))
    operations.add_column("exports", sa.Column("gives_way", sa.Boolean(), server_default="0", nullable=False))
    operations.execute("UPDATE exports SET may_replace_json = '[]' WHERE is_folder AND NOT replaces")
    operations.drop_column("exports", "replaces")
