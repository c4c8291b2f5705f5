"""The schema as it stands today; `migrations` lead every older file to it.

Times (`_at`) are UTC text, '2026-11-21T03:10:29.123Z', so that they sort and are readable. Money is integer
nano-dollars. Texts that are JSON end in `_json`. `owner` is the process that runs a call or an export, see
`processes`. A message of the assistant answers `reply_to_id`; a call answers `message_id` and led to `reply_id`; a
version came with the assistant's `message_id`.

A running call's `reserved_nano_usd` is the most it can cost; it counts against budgets until the call is settled, be it
by whoever finds its owner dead or, past `lease_until`, too slow. A settled one's `cache_key` (NULL: not to be used
again) says for which prompt its reply may be given once more. A model's `max_output_tokens` is what it can, its
`output_tokens` what the user wants; `estimated_tokens` and `reported_tokens` are what was guessed and reported of the
same prompts, later ones weighing more. A provider's `mark` is the key of an error that only the user can mend. A route
with neither project nor conversation holds everywhere; where `kind` or `size` is NULL, for all of them. `seeds` names
what was put here by the program once.

What a version or a proposal holds is a row of `contents`, a list of ids of `chunks`, see `ledger.contents`. A proposal
is a model's change of version number `base` that waits for the user, or what became of it (`state`): the number of the
`version` it led to.

An export is of a version of an artifact, or of a conversation; which replies of it stands in its options as 'shown',
in older rows as `leaf_id`. One that is queued belongs to the `owner` that will run it; a running one's `mark` stands in
the names of the files it writes before they take their places. `files_json` names what was written into the folder
`path`. A cleared one is no longer listed.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


projects = Table(
    "projects",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    _id(),
    Column("project_id", ForeignKey("projects.id")),
    Column("title", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False, index=True),
)

messages = Table(
    "messages",
    metadata,
    _id(),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("model", Text),
    Column("is_partial", Boolean, nullable=False, server_default="0"),
    Column("created_at", Text, nullable=False),
    Column("reply_to_id", ForeignKey("messages.id", ondelete="SET NULL"), index=True),
)

drafts = Table(
    "drafts",
    metadata,
    _id(),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), unique=True),
    Column("text", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)

artifacts = Table(
    "artifacts",
    metadata,
    _id(),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="SET NULL"), index=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False, index=True),
)

versions = Table(
    "versions",
    metadata,
    _id(),
    Column("artifact_id", ForeignKey("artifacts.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("content_id", ForeignKey("contents.id"), nullable=False),
    Column("origin", Text, nullable=False),
    Column("message_id", ForeignKey("messages.id", ondelete="SET NULL"), index=True),
    Column("provenance_json", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default=""),
    Column("glance_json", Text),
    Column("label", Text),
    UniqueConstraint("artifact_id", "number"),
)

contents = Table(
    "contents",
    metadata,
    _id(),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("chunks", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    _id(),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("data", LargeBinary, nullable=False),
)

proposals = Table(
    "proposals",
    metadata,
    _id(),
    Column("artifact_id", ForeignKey("artifacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("base", Integer, nullable=False),
    Column("content_id", ForeignKey("contents.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("message_id", ForeignKey("messages.id", ondelete="SET NULL"), index=True),
    Column("provenance_json", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("decided_at", Text),
    Column("version", Integer),
)

sources = Table(
    "sources",
    metadata,
    _id(),
    Column("project_id", ForeignKey("projects.id", ondelete="SET NULL"), index=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("origin_json", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    _id(),
    Column("purpose", Text, nullable=False),
    Column("os_user", Text, nullable=False),
    Column("prompt_version", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("key_name", Text),
    Column("project_id", ForeignKey("projects.id", ondelete="SET NULL")),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("kind", Text),
    Column("attempt", Integer, nullable=False),
    Column("input_tokens", Integer, nullable=False, server_default="0"),
    Column("output_tokens", Integer, nullable=False, server_default="0"),
    Column("reasoning_tokens", Integer, nullable=False, server_default="0"),
    Column("cache_read_tokens", Integer, nullable=False, server_default="0"),
    Column("cache_write_tokens", Integer, nullable=False, server_default="0"),
    Column("usage_source", Text, nullable=False, server_default="estimated"),
    Column("cost_nano_usd", Integer),
    Column("price_version", Text),
    Column("duration_ms", Integer, nullable=False, server_default="0"),
    Column("first_token_ms", Integer),
    Column("status", Text, nullable=False),
    Column("error_type", Text),
    Column("error_message", Text),
    Column("prompt_json", Text, nullable=False),
    Column("reply", Text, nullable=False, server_default=""),
    Column("started_at", Text, nullable=False),
    Column("owner", Text),
    Column("message_id", ForeignKey("messages.id", ondelete="SET NULL"), index=True),
    Column("reply_id", ForeignKey("messages.id", ondelete="SET NULL"), index=True),
    Column("cache_write_1h_tokens", Integer, nullable=False, server_default="0"),
    Column("finish", Text),
    Column("reserved_nano_usd", Integer),
    Column("lease_until", Text),
    Column("cache_key", Text),
    Column("estimated_input_tokens", Integer),
    Index("ix_calls_conversation_id", "conversation_id"),
    Index("ix_calls_running", "owner", sqlite_where=text("status = 'running'")),
    Index("ix_calls_cache_key", "cache_key", "status", sqlite_where=text("cache_key IS NOT NULL")),
    Index("ix_calls_spending", "started_at", "status", "cost_nano_usd", "project_id", "kind", "key_name"),
)

exports = Table(
    "exports",
    metadata,
    _id(),
    Column("artifact_id", ForeignKey("artifacts.id", ondelete="CASCADE"), index=True),
    Column("version", Integer),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    Column("leaf_id", ForeignKey("messages.id", ondelete="SET NULL"), index=True),
    Column("title", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("options_json", Text, nullable=False, server_default="{}"),
    Column("keeps_differing", Boolean, nullable=False, server_default="0"),
    Column("is_folder", Boolean, nullable=False, server_default="0"),
    Column("status", Text, nullable=False),
    Column("bytes", Integer),
    Column("duration_ms", Integer),
    Column("warnings_json", Text, nullable=False, server_default="[]"),
    Column("differences_json", Text, nullable=False, server_default="[]"),
    Column("files_json", Text, nullable=False, server_default="[]"),
    Column("error_type", Text),
    Column("error_message", Text),
    Column("created_at", Text, nullable=False),
    Column("started_at", Text, index=True),
    Column("completed_at", Text),
    Column("owner", Text),
    Column("mark", Text),
    Column("is_cleared", Boolean, nullable=False, server_default="0"),
    Column("may_replace_json", Text),
    Column("gives_way", Boolean, nullable=False, server_default="0"),
    Index("ix_exports_unfinished", "status", sqlite_where=text("status IN ('queued', 'running')")),
)

events = Table(
    "events",
    metadata,
    _id(),
    Column("name", Text, nullable=False, index=True),
    Column("data_json", Text, nullable=False),
    Column("created_at", Text, nullable=False, index=True),
)

journal = Table(
    "journal",
    metadata,
    _id(),
    Column("call_id", ForeignKey("calls.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)

providers = Table(
    "providers",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("dialect", Text, nullable=False),
    Column("base_url", Text, nullable=False),
    Column("key_env", Text),
    Column("prices", Text, nullable=False),
    Column("is_enabled", Boolean, nullable=False, server_default="1"),
    Column("position", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("is_seed", Boolean, nullable=False, server_default="0"),
    Column("key_name", Text),
    Column("requests_per_minute", Integer),
    Column("tokens_per_minute", Integer),
    Column("mark", Text),
    Column("marked_at", Text),
    Column("quirks_json", Text, nullable=False, server_default="[]"),
)

seeds = Table(
    "seeds",
    metadata,
    Column("name", Text, primary_key=True),
)

models = Table(
    "models",
    metadata,
    _id(),
    Column("provider_id", ForeignKey("providers.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("input_usd_per_million", Text),
    Column("output_usd_per_million", Text),
    Column("is_enabled", Boolean, nullable=False, server_default="1"),
    Column("vanished_at", Text),
    Column("tier", Text),
    Column("context_tokens", Integer),
    Column("max_output_tokens", Integer),
    Column("takes_pictures", Boolean),
    Column("temperature", Float),
    Column("output_tokens", Integer),
    Column("stop_json", Text, nullable=False, server_default="[]"),
    Column("allows_unknown_price", Boolean, nullable=False, server_default="0"),
    Column("estimated_tokens", Float, nullable=False, server_default="0"),
    Column("reported_tokens", Float, nullable=False, server_default="0"),
    UniqueConstraint("provider_id", "name"),
)

routes = Table(
    "routes",
    metadata,
    _id(),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), index=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    Column("kind", Text),
    Column("size", Text),
    Column("tier", Text),
    Column("model", Text),
    Column("temperature", Float),
    Column("output_tokens", Integer),
    Column("stop_json", Text, nullable=False, server_default="[]"),
)

budgets = Table(
    "budgets",
    metadata,
    _id(),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), index=True),
    Column("kind", Text),
    Column("amount_nano_usd", Integer, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    _id(),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="SET NULL"), index=True),
    Column("message_id", ForeignKey("messages.id", ondelete="SET NULL"), index=True),
    Column("task", Text, nullable=False),
    Column("markdown", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)
