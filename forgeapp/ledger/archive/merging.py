"""A staged archive taken over: what is here already stays as it is, the rest comes under new ids.

All that can be seen comes in one transaction. Before it come the chunks, most of an archive, in portions between which
others can write: until a content is made of them nobody sees them, and those of an import that broke off are found by
their digests the next time.

For each table a temporary one says which id every row of the archive has here, and whether it is new. A conversation
is here if all of its messages, and all versions of its artifacts, are: one that has gone on here since is not brought
again, one that had gone on there comes whole, beside the older one. A call that is here is never counted twice.
"""

# ruff: noqa: S608 - the names put into SQL are our own tables' and columns'
from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table

from forgeapp.ledger.archive.id_map import IdMap
from forgeapp.ledger.archive.sections import LISTS, OF_A_PROCESS, REFERENCES, SECTIONS
from forgeapp.ledger.contents import pack_ids, unpack_ids

STAGED: Final = "staged"
"""The name under which the staged archive is attached."""
PORTION: Final = 128
"""So many chunks are added at a time: some milliseconds."""

# What an event tells besides ids, which are others here.
_FACTS = "json_remove({0}.data_json, " + ", ".join(f"'$.{name}'" for name in REFERENCES["events", "data_json"]) + ")"

# Ids here of rows that are the same as one of the archive's (aliases h and s). Of several the first counts. What is
# new besides: everything for which this finds none, and which belongs to nothing that is here.
_SAME: Final = {
    "projects": "h.name = s.name",
    "chunks": "h.digest = s.digest",
    "contents": "h.digest = s.digest",
    "sources": "h.created_at = s.created_at AND h.title = s.title AND h.text = s.text",
    "reports": "h.created_at = s.created_at AND h.markdown = s.markdown",
    "events": f"h.created_at = s.created_at AND h.name = s.name AND {_FACTS.format('h')} = {_FACTS.format('s')}",
    "calls": "h.started_at = s.started_at AND h.provider = s.provider AND h.model = s.model"
    " AND h.attempt = s.attempt AND h.os_user = s.os_user AND h.prompt_json = s.prompt_json",
    "exports": "h.created_at = s.created_at AND h.path = s.path AND h.format = s.format",
    "routes": "h.project_id IS {project_id} AND h.conversation_id IS {conversation_id}"
    " AND h.kind IS s.kind AND h.size IS s.size",
    "budgets": "h.project_id IS {project_id} AND h.kind IS s.kind",
    "drafts": "h.conversation_id IS {conversation_id}",
}
_OWNERS: Final = {
    "messages": ("conversations", "conversation_id"),
    "drafts": ("conversations", "conversation_id"),
    "versions": ("artifacts", "artifact_id"),
    "proposals": ("artifacts", "artifact_id"),
}
"""Rows that come only with the row they belong to."""


@dataclass(frozen=True, slots=True)
class Merged:
    """How many rows of each section were added, and how many were here already."""

    added: dict[str, int]
    present: dict[str, int]


def count_chunks(connection: Connection) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {STAGED}.chunks").scalar_one())


def bring_chunks(connection: Connection, after: int) -> tuple[int, int] | None:
    """Adds the next portion behind the staged id `after`: its last id, and how many were not here; None at the end."""
    run = connection.exec_driver_sql
    portion = f"SELECT id FROM {STAGED}.chunks WHERE id > {after} ORDER BY id LIMIT {PORTION}"
    first, last = run(f"SELECT min(id), max(id) FROM ({portion})").one()
    if last is None:
        return None
    here = run("SELECT coalesce(max(id), 0) FROM main.chunks").scalar_one()
    # In a new home they keep their ids, see `_map_ids`.
    ours = "s.id" if first > here else f"{here} + row_number() OVER (ORDER BY s.id)"
    added = run(f"""
        INSERT INTO main.chunks (id, digest, data) SELECT {ours}, s.digest, s.data FROM {STAGED}.chunks s
        WHERE s.id > {after} AND s.id <= {last}
        AND NOT EXISTS (SELECT 1 FROM main.chunks h WHERE h.digest = s.digest) ORDER BY s.id""").rowcount
    return last, added


def merge(connection: Connection, on_progress: Callable[[float], None]) -> Merged:
    """Within the transaction of `connection`, to whose database the staged one is attached as STAGED."""
    _find_conversations(connection)
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    added: dict[str, int] = {}
    present: dict[str, int] = {}
    for done, table in enumerate(SECTIONS):
        _map_ids(connection, table)
        with _rewriting(connection, driver, table):
            connection.exec_driver_sql(_insertion(table))
        counted = f"SELECT count(*), coalesce(sum(is_new), 0) FROM {_ids(table.name)}"
        total, new = connection.exec_driver_sql(counted).one()
        added[table.name], present[table.name] = new, total - new
        on_progress((done + 1) / len(SECTIONS))
    for table in SECTIONS:
        connection.exec_driver_sql(f"DROP TABLE {_ids(table.name)}")
    for name in ("same_artifacts", "same_conversations"):
        connection.exec_driver_sql(f"DROP TABLE temp.{name}")
    return Merged(added, present)


def _ids(section: str) -> str:
    return f"temp.ids_of_{section}"


def _find_conversations(connection: Connection) -> None:
    """Fills same_conversations and same_artifacts: what of the archive is wholly here, by ids there (s) and here (h).

    The moment at which a conversation or an artifact was begun says which may be the same: names change, and times of
    later steps, too.
    """
    run = connection.exec_driver_sql
    run(f"""
        CREATE TEMP TABLE likely_artifacts AS
        SELECT s.id AS s, h.id AS h, h.conversation_id FROM {STAGED}.artifacts s
        JOIN main.artifacts h ON h.created_at = s.created_at
        WHERE NOT EXISTS (
            SELECT 1 FROM {STAGED}.versions v JOIN {STAGED}.contents c ON c.id = v.content_id
            WHERE v.artifact_id = s.id AND NOT EXISTS (
                SELECT 1 FROM main.versions w JOIN main.contents d ON d.id = w.content_id
                WHERE w.artifact_id = h.id AND w.number = v.number AND w.created_at = v.created_at
                AND d.digest = c.digest))""")
    run("CREATE INDEX temp.likely_artifacts_s ON likely_artifacts (s)")
    run(f"""
        CREATE TEMP TABLE likely_conversations AS
        SELECT s.id AS s, h.id AS h, s.title = h.title AS is_named_alike FROM {STAGED}.conversations s
        JOIN main.conversations h ON h.created_at = s.created_at""")
    # What was said in them, by time: a long conversation is not looked through for each of its messages.
    run("""
        CREATE TEMP TABLE said AS SELECT id, conversation_id, created_at FROM main.messages
        WHERE conversation_id IN (SELECT h FROM likely_conversations)""")
    run("CREATE INDEX temp.said_at ON said (conversation_id, created_at)")
    run(f"""
        CREATE TEMP TABLE same_conversations AS SELECT l.s AS s, min(l.h) AS h FROM likely_conversations l
        WHERE NOT EXISTS (SELECT 1 FROM {STAGED}.messages m WHERE m.conversation_id = l.s AND {_here("l.h")} IS NULL)
        AND NOT EXISTS (
            SELECT 1 FROM {STAGED}.artifacts a WHERE a.conversation_id = l.s AND NOT EXISTS (
                SELECT 1 FROM likely_artifacts x WHERE x.s = a.id AND x.conversation_id = l.h))
        AND (l.is_named_alike OR EXISTS (SELECT 1 FROM {STAGED}.messages m WHERE m.conversation_id = l.s)
            OR EXISTS (SELECT 1 FROM {STAGED}.artifacts a WHERE a.conversation_id = l.s))
        GROUP BY l.s""")
    # A copy of a conversation has copies of its artifacts.
    run(f"""
        CREATE TEMP TABLE same_artifacts AS SELECT x.s AS s, min(x.h) AS h FROM likely_artifacts x
        JOIN {STAGED}.artifacts a ON a.id = x.s LEFT JOIN same_conversations c ON c.s = a.conversation_id
        WHERE a.conversation_id IS NULL OR x.conversation_id = c.h
        GROUP BY x.s""")
    for name in ("likely_artifacts", "likely_conversations"):
        run(f"DROP TABLE temp.{name}")


def _here(conversation: str) -> str:
    """A query for the message of a conversation here that is the staged one, m."""
    return f"""(
        SELECT n.id FROM temp.said t JOIN main.messages n ON n.id = t.id
        WHERE t.conversation_id = {conversation} AND t.created_at = m.created_at AND n.role = m.role
        AND n.text = m.text AND n.is_partial = m.is_partial LIMIT 1)"""


def _map_ids(connection: Connection, table: Table) -> None:
    """Fills the table of ids: those of rows that are here, and new ones behind all of ours.

    An empty table takes the ids as they are: in a new home everything has the numbers it had.
    """
    run = connection.exec_driver_sql
    name, ids = table.name, _ids(table.name)
    run(f"CREATE TABLE {ids} (theirs INTEGER PRIMARY KEY, ours INTEGER, is_new INTEGER NOT NULL)")
    match name:
        case "conversations" | "artifacts":
            run(f"INSERT INTO {ids} SELECT s, h, 0 FROM temp.same_{name}")
        case "messages":
            run(f"""
                INSERT INTO {ids} SELECT m.id, {_here("c.ours")}, 0 FROM {STAGED}.messages m
                JOIN {_ids("conversations")} c ON c.theirs = m.conversation_id WHERE c.is_new = 0""")
            run("DROP TABLE temp.said")
        case _ if name in _SAME:
            same = _SAME[name].format(**{key: _reference(other, key) for key, other in _references(table)})
            run(f"""
                INSERT INTO {ids} SELECT s.id, min(h.id), 0 FROM {STAGED}.{name} s JOIN main.{name} h ON {same}
                GROUP BY s.id""")
    if name in _OWNERS:
        owner, column = _OWNERS[name]
        run(f"""
            INSERT OR IGNORE INTO {ids} SELECT s.id, NULL, 0 FROM {STAGED}.{name} s
            JOIN {_ids(owner)} o ON o.theirs = s.{column} WHERE o.is_new = 0""")
    last = run(f"SELECT max(id) FROM main.{name}").scalar()
    ours = "s.id" if last is None else f"{last} + row_number() OVER (ORDER BY s.id)"
    run(f"""
        INSERT INTO {ids} SELECT s.id, {ours}, 1 FROM {STAGED}.{name} s
        WHERE s.id NOT IN (SELECT theirs FROM {ids})""")


def _references(table: Table) -> Iterator[tuple[str, str]]:
    """Column and the table it is of."""
    for key in table.foreign_keys:
        yield key.parent.name, key.column.table.name


def _reference(other: str, column: str) -> str:
    return f"(SELECT ours FROM {_ids(other)} WHERE theirs = s.{column})"


def _insertion(table: Table) -> str:
    """Adds the new rows; one that refers to another of the same table stands behind it."""
    others = dict(_references(table))
    dropped = OF_A_PROCESS.get(table.name, frozenset())
    values: dict[str, str] = {}
    for column in table.columns:
        name = column.name
        if name in dropped:
            continue
        if column.primary_key:
            values[name] = "i.ours"
        elif name in others:
            values[name] = _reference(others[name], name)
        elif (table.name, name) in REFERENCES or (table.name, name) == ("contents", "chunks"):
            values[name] = f"rewritten(s.{name})"
        elif (table.name, name) == ("calls", "cache_key"):
            # A file must not say what a model answers to a prompt: replies come, but none is given again.
            values[name] = "NULL"
        elif (table.name, name) == ("exports", "is_cleared"):
            # Another machine's paths: kept, but nothing is opened or written there again by one click.
            values[name] = "1"
        else:
            values[name] = f"s.{name}"
    return (
        f"INSERT INTO main.{table.name} ({', '.join(values)}) SELECT {', '.join(values.values())}"
        f" FROM {STAGED}.{table.name} s JOIN {_ids(table.name)} i ON i.theirs = s.id WHERE i.is_new ORDER BY s.id"
    )


@contextmanager
def _rewriting(connection: Connection, driver: sqlite3.Connection, table: Table) -> Iterator[None]:
    """The SQL function `rewritten` of this table's values that hold ids within."""
    rewrite = _rewriter(connection, table)
    if rewrite is None:
        yield
        return
    driver.create_function("rewritten", 1, rewrite, deterministic=True)
    try:
        yield
    finally:
        driver.create_function("rewritten", 1, None)


def _rewriter(connection: Connection, table: Table) -> Callable[[Any], Any] | None:
    def map_of(section: str) -> IdMap:
        pairs = f"SELECT theirs, ours FROM {_ids(section)} WHERE ours IS NOT NULL ORDER BY theirs"
        return IdMap((theirs, ours) for theirs, ours in connection.exec_driver_sql(pairs))

    if table.name == "contents":
        chunks = map_of("chunks")
        return lambda packed: pack_ids([chunks.get(number) or 0 for number in unpack_ids(packed)])
    names = next((names for (section, _), names in REFERENCES.items() if section == table.name), None)
    if names is None:
        return None
    maps = {section: map_of(section) for section in set(names.values())}

    def rewrite(text: str) -> str:
        noted = json.loads(text)
        changed = {
            name: _all_here(noted[name], maps[section]) if name in LISTS else _here_or_none(noted[name], maps[section])
            for name, section in names.items()
            if name in noted
        }
        if all(noted[name] == value for name, value in changed.items()):
            return text
        return json.dumps(noted | changed, ensure_ascii=False, separators=(",", ":"))

    return rewrite


def _here_or_none(value: object, ids: IdMap) -> int | None:
    """What refers to nothing in the archive must not come to mean something else here."""
    return ids.get(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _all_here(value: object, ids: IdMap) -> list[int]:
    found = [_here_or_none(part, ids) for part in value] if isinstance(value, list) else []
    return [ours for ours in found if ours is not None]
