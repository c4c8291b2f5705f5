"""What the window shows of a conversation: which message a reply answers, what a version holds; and drafts.

References are added in plain SQL: SQLite takes them only with a new column, and Alembic writes those without.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

_STEPS = (
    "ALTER TABLE messages ADD COLUMN reply_to_id INTEGER REFERENCES messages (id) ON DELETE SET NULL",
    "CREATE INDEX ix_messages_reply_to_id ON messages (reply_to_id)",
    "ALTER TABLE calls ADD COLUMN message_id INTEGER REFERENCES messages (id) ON DELETE SET NULL",
    "CREATE INDEX ix_calls_message_id ON calls (message_id)",
    "ALTER TABLE calls ADD COLUMN reply_id INTEGER REFERENCES messages (id) ON DELETE SET NULL",
    "CREATE INDEX ix_calls_reply_id ON calls (reply_id)",
    "ALTER TABLE versions ADD COLUMN kind TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE versions ADD COLUMN glance_json TEXT",
    "CREATE INDEX ix_versions_message_id ON versions (message_id)",
    # What is there already: a reply answers the user's last message before it, a call the last one before it began.
    "UPDATE messages SET reply_to_id = (SELECT asked.id FROM messages AS asked"
    " WHERE asked.conversation_id = messages.conversation_id AND asked.role = 'user' AND asked.id < messages.id"
    " ORDER BY asked.id DESC LIMIT 1) WHERE role = 'assistant'",
    "UPDATE calls SET message_id = (SELECT asked.id FROM messages AS asked"
    " WHERE asked.conversation_id = calls.conversation_id AND asked.role = 'user'"
    " AND asked.created_at <= calls.started_at ORDER BY asked.id DESC LIMIT 1)",
    "UPDATE calls SET reply_id = (SELECT reply.id FROM messages AS reply"
    " WHERE reply.reply_to_id = calls.message_id AND reply.model IS NOT NULL ORDER BY reply.id LIMIT 1)",
    "UPDATE versions SET kind = coalesce(CASE WHEN json_valid(content_json) THEN json_extract(content_json, '$.kind')"
    " END, (SELECT artifacts.kind FROM artifacts WHERE artifacts.id = versions.artifact_id))",
)


def upgrade(operations: Operations) -> None:
    for step in _STEPS:
        operations.execute(step)
    operations.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=operations.f("fk_drafts_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=operations.f("pk_drafts")),
        sa.UniqueConstraint("conversation_id", name=operations.f("uq_drafts_conversation_id")),
    )
