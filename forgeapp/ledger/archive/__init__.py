"""Everything that was said and made, taken out of a database as rows and into another one again.

What is deliberately not here: the file it goes through, see `services.archive`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from forgeapp.ledger.archive.merging import PORTION, STAGED, Merged, bring_chunks, count_chunks, merge
from forgeapp.ledger.archive.sections import LEFT_OUT, SECTIONS
from forgeapp.ledger.archive.snapshot import Snapshot
from forgeapp.ledger.archive.staging import Filling, Staging
from forgeapp.ledger.database import Database

__all__ = ["LEFT_OUT", "SECTIONS", "Archive", "Filling", "Merged", "Snapshot", "Staging"]

_BROUGHT: Final = 0.7
"""The share of the progress of what comes in portions."""
_PAUSE_S: Final = 0.002
"""Between two portions: who waits for the database looks for it now and then only."""


class Archive:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        with self._database.reading() as connection:
            yield Snapshot(connection)

    def take(self, staging: Staging, on_progress: Callable[[float], None] = lambda _share: None) -> Merged:
        """Adds what a filled and checked staging holds and is not here; of what can be seen all or nothing.

        Others can write meanwhile, but for the last step.
        """
        added = self._bring_chunks(staging, lambda share: on_progress(share * _BROUGHT))
        with self._database.writing_beside(staging.path, STAGED) as connection:
            merged = merge(connection, lambda share: on_progress(_BROUGHT + share * (1 - _BROUGHT)))
        total = merged.added["chunks"] + merged.present["chunks"]
        return Merged(merged.added | {"chunks": added}, merged.present | {"chunks": total - added})

    def _bring_chunks(self, staging: Staging, on_progress: Callable[[float], None]) -> int:
        total = added = done = after = 0
        while True:
            with self._database.writing_beside(staging.path, STAGED) as connection:
                total = total or count_chunks(connection)
                portion = bring_chunks(connection, after)
            if portion is None:
                return added
            after, added, done = portion[0], added + portion[1], done + 1
            on_progress(min(done * PORTION / total, 1.0))
            time.sleep(_PAUSE_S)
