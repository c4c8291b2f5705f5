"""What must hold among the rows of an archive, beyond what the schema says of each."""

# ruff: noqa: S608 - the names put into SQL are our own tables' and columns'
from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Boolean, Column, Connection, Float, Integer, LargeBinary, Text

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Role
from forgeapp.domain.usage import UsageSource
from forgeapp.ledger.archive.sections import SECTIONS
from forgeapp.ledger.artifacts import Origin
from forgeapp.ledger.calls import CallStatus
from forgeapp.ledger.exports import ExportStatus
from forgeapp.ledger.proposals import ProposalState

CONTENT_KINDS: Final = "content_kinds"
"""A table of the staging's own: `content_id`, `kind`."""

_WORDS: Final[Mapping[tuple[str, str], type[StrEnum]]] = {
    ("messages", "role"): Role,
    ("artifacts", "kind"): Kind,
    ("versions", "kind"): Kind,
    ("versions", "origin"): Origin,
    ("proposals", "state"): ProposalState,
    ("calls", "status"): CallStatus,
    ("calls", "usage_source"): UsageSource,
    ("exports", "status"): ExportStatus,
}
"""Columns that hold one of a few words, without which they cannot be read."""

_TYPES: Final = {
    Boolean: "typeof({0}) = 'integer' AND {0} IN (0, 1)",
    Integer: "typeof({0}) = 'integer' AND {0} >= 0",
    Float: "typeof({0}) IN ('integer', 'real') AND abs({0}) < 1e300",
    LargeBinary: "typeof({0}) = 'blob'",
    Text: "typeof({0}) = 'text'",
}
_OBJECTS: Final = frozenset({"provenance_json", "data_json", "origin_json", "options_json", "glance_json"})
"""The other columns of JSON hold lists."""
_MAX_DEPTH: Final = 100
_TIME: Final = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z"

_MOST_OF_A_CALL: Final = 10**13
"""No cost and no count is noted above it; of larger ones the sum would not fit into a column."""

_AMONG_ROWS: Final = (
    ("messages", "its 'reply_to_id' is an earlier message of the same conversation", """
        SELECT m.id FROM messages m JOIN messages q ON q.id = m.reply_to_id
        WHERE q.id >= m.id OR q.conversation_id != m.conversation_id"""),
    ("artifacts", "its versions are numbered from 1 on", """
        SELECT a.id FROM artifacts a LEFT JOIN versions v ON v.artifact_id = a.id
        GROUP BY a.id HAVING count(v.id) = 0 OR min(v.number) != 1 OR max(v.number) != count(v.id)"""),
    ("artifacts", "it is of the kind of its newest version", """
        SELECT a.id FROM artifacts a JOIN versions v ON v.artifact_id = a.id
        WHERE v.number = (SELECT max(number) FROM versions WHERE artifact_id = a.id) AND v.kind != a.kind"""),
    ("versions", "it is of the kind of what it holds", f"""
        SELECT v.id FROM versions v JOIN {CONTENT_KINDS} k ON k.content_id = v.content_id WHERE k.kind != v.kind"""),
    ("proposals", "its base is a version of its artifact", """
        SELECT p.id FROM proposals p LEFT JOIN versions v ON v.artifact_id = p.artifact_id AND v.number = p.base
        WHERE v.id IS NULL"""),
    ("calls", "it has ended", "SELECT id FROM calls WHERE status = 'running'"),
    ("exports", "it has ended", "SELECT id FROM exports WHERE status IN ('queued', 'running')"),
    ("calls", "its figures are those of a call", f"""
        SELECT id FROM calls WHERE max(input_tokens, output_tokens, reasoning_tokens, cache_read_tokens,
            cache_write_tokens, cache_write_1h_tokens, duration_ms, coalesce(cost_nano_usd, 0),
            coalesce(first_token_ms, 0), coalesce(estimated_input_tokens, 0)) > {_MOST_OF_A_CALL}"""),
    ("exports", "it is of a version of an artifact, or of a conversation", """
        SELECT e.id FROM exports e LEFT JOIN versions v ON v.artifact_id = e.artifact_id AND v.number = e.version
        WHERE (e.artifact_id IS NULL) = (e.conversation_id IS NULL) OR (e.artifact_id IS NOT NULL AND v.id IS NULL)"""),
    ("exports", "its 'leaf_id' is a message of its conversation", """
        SELECT e.id FROM exports e JOIN messages m ON m.id = e.leaf_id
        WHERE m.conversation_id IS NOT e.conversation_id"""),
    ("routes", "there is one for each place, kind and size", """
        SELECT max(id) FROM routes GROUP BY project_id, conversation_id, kind, size HAVING count(*) > 1"""),
    ("budgets", "there is one for each project and kind", """
        SELECT max(id) FROM budgets GROUP BY project_id, kind HAVING count(*) > 1"""),
    ("drafts", "there is one for each conversation", """
        SELECT max(id) FROM drafts GROUP BY conversation_id HAVING count(*) > 1"""),
)  # fmt: skip
"""Section, what holds of each of its rows, and a query for the ids of those of which it does not."""

_BEGUN: Final = (
    ("conversations", "created_at"),
    ("artifacts", "created_at"),
    ("messages", "conversation_id, created_at"),
    ("calls", "started_at"),
    ("events", "created_at, name"),
    ("sources", "created_at"),
    ("reports", "created_at"),
    ("exports", "created_at"),
)
"""What says which rows here may be the same: so many of one moment that looking for them would take for ever are none
that people have made.
"""
_MOST_AT_ONCE: Final = 1_000


def check(connection: Connection, on_progress: Callable[[float], None]) -> None:
    """Raises ValueError, naming the row and what must hold of it."""
    for done, table in enumerate(SECTIONS):
        for column in table.columns:
            for holds, must in _of_column(table.name, column):
                _require(connection, table.name, must, f"SELECT id FROM {table.name} WHERE NOT ({holds})")
            if column.name.endswith("_json"):
                _check_json(connection, table.name, column.name)
        on_progress((done + 1) / len(SECTIONS))
    for section, must, query in _AMONG_ROWS:
        _require(connection, section, must, query)
    for section, columns in _BEGUN:
        crowded = f"SELECT max(id) FROM {section} GROUP BY {columns} HAVING count(*) > {_MOST_AT_ONCE}"
        _require(connection, section, f"at most {_MOST_AT_ONCE:,} are of the same moment", crowded)


def _of_column(section: str, column: Column[Any]) -> Iterator[tuple[str, str]]:
    """Conditions in SQL, and the same in words."""
    name = column.name
    or_none = f"{name} IS NULL OR " if column.nullable else ""
    kind = next(kind for kind in _TYPES if isinstance(column.type, kind))
    yield or_none + _TYPES[kind].format(name), f"'{name}' is {'empty or ' if column.nullable else ''}{_called(kind)}"
    if name.endswith("_at"):
        # `datetime` gives NULL for the 31st of February's like.
        yield f"{or_none}({name} GLOB '{_TIME}' AND datetime({name}) IS NOT NULL)", f"'{name}' is a time in UTC"
    if (section, name) in _WORDS:
        words = [word.value for word in _WORDS[section, name]]
        listed = ", ".join(f"'{word}'" for word in words)
        yield f"{or_none}{name} IN ({listed})", f"'{name}' is one of {', '.join(words)}"


def _called(kind: type) -> str:
    return {
        Boolean: "true or false",
        Integer: "a whole number, not below zero",
        Float: "a number",
        LargeBinary: "bytes",
        Text: "text",
    }[kind]


def _require(connection: Connection, section: str, must: str, query: str) -> None:
    found = connection.exec_driver_sql(f"{query} LIMIT 1").scalar()
    if found is not None:
        raise ValueError(f"'{section}', row {found}: {must}")


def _check_json(connection: Connection, section: str, name: str) -> None:
    wanted = dict if name in _OBJECTS else list
    query = f"SELECT id, {name} FROM {section} WHERE {name} IS NOT NULL"
    for number, text in connection.execution_options(yield_per=200).exec_driver_sql(query):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"'{section}', row {number}: '{name}' is JSON") from error
        if not isinstance(value, wanted) or not _is_shallow(value, _MAX_DEPTH):
            raise ValueError(f"'{section}', row {number}: '{name}' is {'an object' if wanted is dict else 'a list'}")


def _is_shallow(value: object, depth: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return True
    return depth > 0 and all(_is_shallow(part, depth - 1) for part in value)
