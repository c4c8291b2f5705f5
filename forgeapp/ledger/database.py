"""The SQLite file: opening it, one writer at a time, many readers.

Writes begin with BEGIN IMMEDIATE, so that what a transaction read is still true when it writes; the driver's own
transaction handling is off (isolation_level None). One lock per file and process keeps threads from waiting on each
other inside SQLite. What only SQLite can (pragmas, backup) stands here and in `backup`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import OperationalError as SqlOperationalError

from forgeapp.errors import DatabaseDamaged, HomeNotWritable, StorageError
from forgeapp.ledger import migrations
from forgeapp.ledger.backup import back_up

_BUSY_TIMEOUT_S = 30
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def utc_now() -> str:
    """The time as the ledger writes it."""
    return utc_after(0)


def utc_after(seconds: float) -> str:
    """The time so many seconds from now, as the ledger writes it."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_since(at: str) -> float:
    """From a time as the ledger writes it until now; negative where a clock was set back."""
    return (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()


def insert_row(connection: Connection, table: Table, **values: Any) -> int:
    """Adds a row and gives its id."""
    key = connection.execute(table.insert().values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


class Database:
    """One file, created and migrated when opened. Raises DatabaseDamaged, DatabaseTooNew, StorageError."""

    def __init__(self, path: Path, backups: Path) -> None:
        self.path = path
        self._backups = backups
        self._write_lock = threading.Lock()
        self._create_private()
        self._writer = self._engine(begin="BEGIN IMMEDIATE")
        self._reader = self._engine(begin="BEGIN")
        try:
            with self.reading() as connection:
                version = migrations.version_of(connection)
            if version < migrations.NEWEST:
                self._migrate(version)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file, [] for a sound one."""
        with self.reading() as connection:
            findings = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
        return [] if findings == ["ok"] else findings

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One short transaction: all of it or nothing."""
        with self._translated(), self._write_lock, self._writer.begin() as connection:
            yield connection

    @contextmanager
    def writing_beside(self, other: Path, name: str) -> Iterator[Connection]:
        """As `writing`, with the tables of another database file to be read as `name.table`."""
        with self._translated(), self._write_lock, self._writer.connect() as connection:
            # Not through SQLAlchemy, which would begin the transaction: within one nothing can be attached.
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute(f"ATTACH DATABASE ? AS {name}", (str(other),)).close()
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute(f"DETACH DATABASE {name}").close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view."""
        with self._translated(), self._reader.begin() as connection:
            yield connection

    def _create_private(self) -> None:
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise HomeNotWritable(path=self.path, reason=error.strerror or error) from error
        os.close(descriptor)
        if os.name != "nt":
            self.path.chmod(0o600)

    def _engine(self, begin: str) -> Engine:
        engine = create_engine(
            f"sqlite:///{self.path}",
            connect_args={"isolation_level": None, "timeout": _BUSY_TIMEOUT_S, "check_same_thread": False},
        )

        @event.listens_for(engine, "connect")
        def _on_connect(connection: Any, _record: Any) -> None:
            try:
                for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "trusted_schema=OFF"):
                    connection.execute(f"PRAGMA {pragma}").close()
            except sqlite3.Error:
                # The pool has not taken it yet, and so would never close it.
                connection.close()
                raise

        @event.listens_for(engine, "begin")
        def _on_begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    def _migrate(self, version: int) -> None:
        if version:
            name = f"before-migration-from-{version}-{utc_now().replace(':', '')}.db"
            with self._translated():
                back_up(self.path, self._backups / name)
        # Another process may migrate meanwhile: `upgrade` looks again at the version, now holding the write lock.
        with self.writing() as connection:
            migrations.upgrade(connection)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turns faults of the file or the disk into errors the user can act on."""
        try:
            yield
        except DatabaseError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED:
                raise DatabaseDamaged(path=self.path, reason=error.orig, backups=self._backups) from error
            if isinstance(error, SqlOperationalError) and (code in _FULL or code == sqlite3.SQLITE_BUSY):
                remedy = (
                    "Close other programs that use it, and try again."
                    if code == sqlite3.SQLITE_BUSY
                    else "Make sure the disk has free space and the folder can be written, and try again."
                )
                raise StorageError(path=self.path, reason=error.orig, remedy=remedy) from error
            raise
