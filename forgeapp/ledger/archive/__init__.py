"""Everything that was said and made, taken out of a database as rows and into another one again.

What is deliberately not here: the file it goes through, see `services.archive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from forgeapp.ledger.archive.merging import STAGED, Merged, merge
from forgeapp.ledger.archive.sections import LEFT_OUT, SECTIONS
from forgeapp.ledger.archive.snapshot import Snapshot
from forgeapp.ledger.archive.staging import Filling, Staging
from forgeapp.ledger.database import Database

__all__ = ["LEFT_OUT", "SECTIONS", "Archive", "Filling", "Merged", "Snapshot", "Staging"]


class Archive:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        with self._database.reading() as connection:
            yield Snapshot(connection)

    def take(self, staging: Staging, on_progress: Callable[[float], None] = lambda _share: None) -> Merged:
        """Adds what a filled and checked staging holds and is not here; all of it or nothing."""
        with self._database.writing_beside(staging.path, STAGED) as connection:
            return merge(connection, on_progress)
