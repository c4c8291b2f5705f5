"""Everything of a home (conversations, artifacts with their versions, sources, costs) into one file, and back.

What is deliberately not here: settings, providers and keys. They are each machine's own.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.publication import Progress
from forgeapp.errors import TargetNotWritable, UsageError
from forgeapp.exporters.saving import part_name, place_of, remove_part
from forgeapp.exporters.standing import standing_at
from forgeapp.processes import current_owner, is_alive
from forgeapp.services.archive.job import ExportAllJob, ImportJob
from forgeapp.services.archive.packing import PACKED, PLAIN, is_archive_name, is_packed_name
from forgeapp.services.archive.recognition import require_archive
from forgeapp.services.workers import Limits, Workers

_TIMEOUT_S: Final = 4 * 3_600.0
"""An archive may be as large as the disk; Stop is there for who does not want to wait."""
_STAGING: Final = "importing-"


@dataclass(frozen=True, slots=True)
class ExportedArchive:
    """`rows`: how many of each section, by its name."""

    path: Path
    bytes: int
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class ImportedArchive:
    """How many rows of each section came in, and how many were here already."""

    added: dict[str, int]
    present: dict[str, int]


class Archives:
    """Of the database at `database`, in child processes, which open it beside whoever uses it."""

    def __init__(self, database: Path, backups: Path, workers: Workers, memory_mb: int) -> None:
        self._database = database
        self._backups = backups
        self._workers = workers
        self._limits = Limits(memory_mb, _TIMEOUT_S)

    def export_all(
        self, target: Path, cancel: CancelToken | None = None, on_progress: Progress = lambda _share: None
    ) -> ExportedArchive:
        """As it is at this moment; verified before it takes the place of what stands at `target` now.

        One whose name ends in .json.gz is packed. Raises UsageError for another ending than that or .json,
        TargetNotWritable, TargetChanged, ExportFailed, WorkerFailed, Cancelled.
        """
        target = target.absolute()
        if not is_archive_name(target.name):
            raise UsageError(reason=f"An archive is a JSON file: end its name in {PLAIN}, or {PACKED} to pack it.")
        if target.is_dir():
            raise TargetNotWritable(path=target, reason="it is a folder")
        place = place_of(target)
        stood = standing_at(place)
        part = place.with_name(part_name(target, secrets.token_hex(8)))
        job = ExportAllJob(self._database, self._backups, place, part, stood, is_packed_name(target.name))
        try:
            done = self._workers.run("export_all", job, self._limits, cancel or CancelToken(), on_progress)
        finally:
            # A child that was killed could not do it.
            remove_part(part)
        return ExportedArchive(target, done["bytes"], done["rows"])

    def import_file(
        self, source: Path, cancel: CancelToken | None = None, on_progress: Progress = lambda _share: None
    ) -> ImportedArchive:
        """Adds what is not here; nothing that is here is changed. All of it or nothing.

        Raises UnreadableFile, naming what is wrong, StorageError, WorkerFailed, Cancelled.
        """
        require_archive(source)
        self._remove_leftovers()
        owner = current_owner().replace(":", "-")
        # Beside the database: there it has to have room anyway.
        staging = self._database.with_name(f"{_STAGING}{owner}-{secrets.token_hex(4)}.db")
        job = ImportJob(self._database, self._backups, source.absolute(), staging)
        try:
            done = self._workers.run("import_archive", job, self._limits, cancel or CancelToken(), on_progress)
        finally:
            _remove(staging)
        return ImportedArchive(done["added"], done["present"])

    def _remove_leftovers(self) -> None:
        """Of programs that were killed."""
        for path in self._database.parent.glob(f"{_STAGING}*.db"):
            pid, _, start = path.name.removeprefix(_STAGING).rpartition("-")[0].partition("-")
            if not is_alive(f"{pid}:{start}"):
                _remove(path)


def _remove(staging: Path) -> None:
    for path in (staging, staging.with_name(f"{staging.name}-journal")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
