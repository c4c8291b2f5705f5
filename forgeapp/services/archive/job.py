"""An archive written or taken over, as a child process is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from forgeapp import __version__
from forgeapp.domain.publication import Progress
from forgeapp.domain.standing import Standing
from forgeapp.errors import ExportFailed, TargetNotWritable, UnreadableFile
from forgeapp.exporters.saving import remove_part, take_place
from forgeapp.ledger.archive import SECTIONS, Archive, Staging
from forgeapp.ledger.database import Database, utc_now
from forgeapp.services.archive.document import FORMAT, DocumentReader, Tally, tallied, write_document
from forgeapp.services.archive.packing import reading, writing
from forgeapp.services.archive.recognition import require_archive

_WRITTEN: Final = 0.6
"""The share of the progress that writing an archive takes; the rest is verification."""
_STAGED: Final = 0.7
_CHECKED: Final = 0.85
_STEPS: Final = 200
"""So many times progress is told."""
_SECTIONS: Final = frozenset(table.name for table in SECTIONS)
_REMEDY: Final = "Nothing here was changed. Export it again where it comes from, and import that file."


@dataclass(frozen=True, slots=True)
class ExportAllJob:
    """`part`: where it is written before it takes its place at `target`, where only `stood` may be replaced."""

    database: Path
    backups: Path
    target: Path
    part: Path
    stood: Standing
    is_packed: bool = False


@dataclass(frozen=True, slots=True)
class ImportJob:
    """`staging`: a database file of its own, which is not there yet; the caller removes it."""

    database: Path
    backups: Path
    source: Path
    staging: Path


def export_all_task(job: ExportAllJob, on_progress: Progress) -> dict[str, Any]:
    """Writes, reads again, compares, renames. Raises ExportFailed, TargetNotWritable, TargetChanged, StorageError."""
    with _database(job.database, job.backups) as database:
        try:
            try:
                written = _written(Archive(database), job, on_progress)
                found = _found(job.part, on_progress)
            except OSError as error:
                raise TargetNotWritable(path=job.target, reason=error.strerror or str(error)) from error
            except ValueError as error:
                raise ExportFailed(path=job.target, reason=str(error), remedy="") from error
            if differing := [name for name, told in written.items() if found.get(name) != told]:
                reason = f"read again, it differs in {', '.join(differing)}"
                raise ExportFailed(path=job.target, reason=reason, remedy="Try again.")
            take_place(job.part, job.target, job.stood)
        finally:
            remove_part(job.part)
    on_progress(1.0)
    rows = {name: told["rows"] for name, told in written.items()}
    return {"bytes": job.target.stat().st_size, "rows": rows}


def _written(archive: Archive, job: ExportAllJob, on_progress: Progress) -> dict[str, Any]:
    with writing(job.part, job.is_packed) as file, archive.snapshot() as snapshot:
        head = {"forgeapp": __version__, "format": FORMAT, "schema": snapshot.schema, "made_at": utc_now()}
        on_row = _stepwise(sum(snapshot.counts().values()), lambda share: on_progress(share * _WRITTEN))
        return write_document(snapshot, head, file, on_row)


def _found(part: Path, on_progress: Progress) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with reading(part) as (file, share):
        on_row = _stepwise_in(share, lambda share: on_progress(_WRITTEN + share * (1 - _WRITTEN)))
        for name, value in DocumentReader(file).members():
            if name in _SECTIONS:
                tally = Tally()
                for _ in tallied(value, tally):
                    on_row()
                found[name] = tally.to_json()
    return found


def import_archive_task(job: ImportJob, on_progress: Progress) -> dict[str, Any]:
    """Raises UnreadableFile, and then has changed nothing; StorageError."""
    require_archive(job.source)
    try:
        staging = _staged(job.source, job.staging, lambda share: on_progress(share * _STAGED))
        staging.check(lambda share: on_progress(_STAGED + share * (_CHECKED - _STAGED)))
    except UnicodeDecodeError as error:
        raise UnreadableFile(source=job.source.name, reason="it is not UTF-8", remedy=_REMEDY) from error
    except ValueError as error:
        raise UnreadableFile(source=job.source.name, reason=str(error), remedy=_REMEDY) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(source=job.source.name, reason=reason, remedy=_REMEDY) from error
    with _database(job.database, job.backups) as database:
        merged = Archive(database).take(staging, lambda share: on_progress(_CHECKED + share * (1 - _CHECKED)))
    return {"added": merged.added, "present": merged.present}


def _staged(source: Path, path: Path, on_progress: Progress) -> Staging:
    """Every row as it comes, and at the end whether all have come, and as they were written."""
    found: dict[str, Any] = {}
    with reading(source) as (file, share):
        members = DocumentReader(file).members()
        head, first = _head(members)
        staging = Staging(path, head["schema"])
        on_row = _stepwise_in(share, on_progress)
        told: Any = None
        with staging.filling() as filling:
            for name, value in _chained(first, members):
                if name == "sections":
                    told = value
                    continue
                if name not in _SECTIONS or not isinstance(value, Iterator):
                    raise ValueError(f"'{name}' is no list that this program knows")
                tally = Tally()
                for row in tallied(value, tally):
                    try:
                        filling.add(name, row)
                    except ValueError as error:
                        raise ValueError(f"'{name}', row {tally.rows:,}: {error}") from error
                    on_row()
                found[name] = tally.to_json()
            _compare(told, found)
    return staging


def _head(members: Iterator[tuple[str, Any]]) -> tuple[dict[str, Any], tuple[str, Any] | None]:
    """What stands before the sections, and the first of them."""
    head: dict[str, Any] = {}
    first = None
    for name, value in members:
        if isinstance(value, Iterator) or name == "sections":
            first = (name, value)
            break
        head[name] = value
    form, schema = head.get("format"), head.get("schema")
    if not (isinstance(form, int) and isinstance(schema, int)) or min(form, schema) < 1:
        raise ValueError("it does not say of which 'format' and 'schema' it is")
    if form > FORMAT:
        raise ValueError(f"it has the format {form}, which only a newer ForgeApp reads")
    return head, first


def _chained(first: tuple[str, Any] | None, rest: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    if first is not None:
        yield first
    yield from rest


def _compare(told: Any, found: dict[str, Any]) -> None:
    if not isinstance(told, dict):
        raise ValueError("it does not say how many rows it has: its end is missing")
    for name in sorted(told.keys() | found.keys()):
        if told.get(name) != found.get(name):
            rows = found.get(name, {"rows": 0})["rows"]
            raise ValueError(f"'{name}' is not as it was written: {rows:,} rows have come")


def _stepwise(total: int, on_progress: Progress) -> Callable[[], None]:
    """To be called for each row; tells the share now and then."""
    every = max(total // _STEPS, 1)
    done = 0

    def on_row() -> None:
        nonlocal done
        done += 1
        if done % every == 0:
            on_progress(done / total)

    return on_row


def _stepwise_in(share: Callable[[], float], on_progress: Callable[[float], None]) -> Callable[[], None]:
    """As `_stepwise`, by how far a file has been read."""
    told = 0.0

    def on_row() -> None:
        nonlocal told
        at = share()
        if (at - told) * _STEPS > 1:
            told = at
            on_progress(at)

    return on_row


@contextmanager
def _database(path: Path, backups: Path) -> Iterator[Database]:
    database = Database(path, backups)
    try:
        yield database
    finally:
        database.close()
