"""What an archive brings, in a database file of its own until it has been looked through.

Nothing in it is trusted: rows go through the constraints of a schema like ours, contents are put together and read, and
`checks` looks at what a schema cannot say. All faults of the archive are a ValueError that names them.
"""

# ruff: noqa: S608 - the names put into SQL are our own tables' and columns'
from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError

from forgeapp.domain.content import kind_of
from forgeapp.errors import StorageError
from forgeapp.ledger import migrations
from forgeapp.ledger.archive.checks import CONTENT_KINDS, check
from forgeapp.ledger.archive.sections import OF_A_PROCESS, Row
from forgeapp.ledger.artifacts import content_of
from forgeapp.ledger.contents import pack_ids
from forgeapp.ledger.tables import metadata

MAX_CHUNK_BYTES: Final = 1_048_576
MAX_CONTENT_BYTES: Final = 268_435_456
MAX_ID: Final = 2**30
_ROOM: Final = "Make sure the disk has free space and the folder can be written, and try again."


class Staging:
    """A database of the archive's `schema`; its file, not there yet, is the caller's to remove.

    Raises ValueError where a newer program's schema is asked for.
    """

    def __init__(self, path: Path, schema: int) -> None:
        if not 1 <= schema <= migrations.NEWEST:
            raise ValueError(f"its data has the form {schema}, and this program knows 1 to {migrations.NEWEST}")
        self.path = path
        self._schema = schema

    @contextmanager
    def filling(self) -> Iterator[Filling]:
        """All rows in one transaction; afterwards the schema is today's."""
        with self._writing() as connection:
            _create_tables(connection, self._schema)
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute(f"CREATE TABLE {CONTENT_KINDS} (content_id INTEGER PRIMARY KEY, kind TEXT NOT NULL)")
            yield Filling(driver, self.path)
            migrations.upgrade(connection)

    def check(self, on_progress: Callable[[float], None] = lambda _share: None) -> None:
        """Raises ValueError, naming a row and what must hold of it."""
        with self._writing() as connection:
            check(connection, on_progress)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        engine = create_engine(f"sqlite:///{self.path}", connect_args={"isolation_level": None})

        @event.listens_for(engine, "connect")
        def _on_connect(connection: Any, _record: Any) -> None:
            # It is thrown away whatever happens: nothing has to survive a power cut.
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=ON", "trusted_schema=OFF"):
                connection.execute(f"PRAGMA {pragma}").close()

        @event.listens_for(engine, "begin")
        def _on_begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        try:
            with engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            # The disk is full, most likely; the constraints have been looked at row by row.
            raise StorageError(path=self.path, reason=error.orig, remedy=_ROOM) from error
        finally:
            engine.dispose()


def _create_tables(connection: Connection, schema: int) -> None:
    if schema < migrations.NEWEST:
        migrations.upgrade(connection, schema)
    else:
        # The same, as a test of the migrations has it, in a tenth of the time.
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {schema}")


class Filling:
    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._columns: dict[str, frozenset[str]] = {}
        self._statements: dict[tuple[str, ...], str] = {}

    def add(self, section: str, row: Row) -> None:
        """Raises ValueError for a row that has no place in the section."""
        number = row.get("id")
        if not _is_id(number):
            raise ValueError(f"'id' is a whole number from 1 to {MAX_ID:,}")
        match section:
            case "chunks":
                row = _chunk_row(row)
            case "contents":
                row = self._content_row(row)
        self._insert(section, row)

    def _insert(self, section: str, row: Row) -> None:
        known = self._columns.get(section)
        if known is None:
            described = self._connection.execute(f"PRAGMA table_info({section})")
            known = frozenset(name for _, name, *_ in described) - OF_A_PROCESS.get(section, frozenset())
            self._columns[section] = known
        for name, value in row.items():
            if name not in known:
                raise ValueError(f"it has no '{name[:40]}'")
            if value is not None and not isinstance(value, str | int | float | bytes):
                raise ValueError(f"'{name}' is a text, a number, true, false or null")
        names = (section, *row)
        statement = self._statements.get(names)
        if statement is None:
            # Names of columns we know; values are bound.
            columns, places = ", ".join(row), ", ".join("?" * len(row))
            statement = f"INSERT INTO {section} ({columns}) VALUES ({places})"
            self._statements[names] = statement
        try:
            self._connection.execute(statement, tuple(row.values()))
        except sqlite3.IntegrityError as error:
            raise ValueError(_constraint(error)) from error
        except (OverflowError, UnicodeEncodeError) as error:
            raise ValueError("a number or a text in it cannot be stored") from error
        except sqlite3.Error as error:
            raise StorageError(path=self._path, reason=error, remedy=_ROOM) from error

    def _content_row(self, row: Row) -> Row:
        """Put together from its chunks, and read as what opens it will."""
        extra = set(row) - {"id", "chunks", "size"}
        ids = row.get("chunks")
        if extra or not isinstance(ids, list) or not all(map(_is_id, ids)):
            raise ValueError("'chunks' is a list of ids, and 'size' is their bytes")
        data = self._joined(ids)
        if len(data) != row.get("size"):
            raise ValueError(f"its chunks have {len(data):,} bytes")
        try:
            kind = kind_of(content_of(data.decode()))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"it is no artifact: {_short(error)}") from error
        self._connection.execute(f"INSERT OR REPLACE INTO {CONTENT_KINDS} VALUES (?, ?)", (row["id"], kind.value))
        return {"id": row["id"], "digest": _digest(data), "chunks": pack_ids(ids), "size": len(data)}

    def _joined(self, ids: list[int]) -> bytes:
        parts: dict[int, bytes] = {}
        size = 0
        for number in ids:
            if number not in parts:
                found = self._connection.execute("SELECT data FROM chunks WHERE id = ?", (number,)).fetchone()
                if found is None:
                    raise ValueError(f"there is no chunk {number}")
                parts[number] = zlib.decompress(found[0])
            size += len(parts[number])
            if size > MAX_CONTENT_BYTES:
                raise ValueError(f"a content has at most {MAX_CONTENT_BYTES:,} bytes")
        return b"".join(parts[number] for number in ids)


def _chunk_row(row: Row) -> Row:
    match row:
        case {"id": number, "text": str(text), **others} if not others:
            try:
                data = text.encode()
            except UnicodeEncodeError as error:
                raise ValueError("'text' has halves of characters") from error
        case {"id": number, "base64": str(text), **others} if not others:
            data = base64.b64decode(text, validate=True)
        case _:
            raise ValueError("a chunk has an 'id' and either 'text' or 'base64'")
    if len(data) > MAX_CHUNK_BYTES:
        raise ValueError(f"a chunk has at most {MAX_CHUNK_BYTES:,} bytes")
    return {"id": number, "digest": _digest(data), "data": zlib.compress(data, 6)}


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_ID


def _constraint(error: sqlite3.IntegrityError) -> str:
    match error.sqlite_errorname:
        case "SQLITE_CONSTRAINT_FOREIGNKEY":
            return "it refers to a row that does not stand before it"
        case "SQLITE_CONSTRAINT_NOTNULL":
            return f"it lacks '{str(error).rpartition('.')[2]}'"
        case "SQLITE_CONSTRAINT_UNIQUE" | "SQLITE_CONSTRAINT_PRIMARYKEY":
            return "it stands there twice"
    return str(error)


def _short(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return "it is not JSON"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error)[:200]
