"""Migrations: ordered modules, never changed once released, run without Alembic's env.py and script folder.

The version stands in SQLite's `user_version`. Alembic is imported only when a file is behind. A migration that is new
gets the next number and a row in `_MODULES`; a test leads every older schema to `tables.metadata`.
"""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import Connection

from forgeapp.errors import DatabaseTooNew

_MODULES = (
    "m0001_first",
    "m0002_window",
    "m0003_spending",
    "m0004_providers",
    "m0005_artifacts",
    "m0006_export_queue",
    "m0007_replacing",
)
NEWEST = len(_MODULES)


def version_of(connection: Connection) -> int:
    """The schema's version; 0 for an empty file. Raises DatabaseTooNew for a file of a newer program."""
    version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if version > NEWEST:
        raise DatabaseTooNew(path=connection.engine.url.database)
    return version


def upgrade(connection: Connection, to: int = NEWEST) -> None:
    """Leads the schema to version `to` within the transaction of `connection`."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    for number in range(version_of(connection), to):
        operations = Operations(MigrationContext.configure(connection))
        import_module(f"{__name__}.{_MODULES[number]}").upgrade(operations)
        connection.exec_driver_sql(f"PRAGMA user_version = {number + 1}")
