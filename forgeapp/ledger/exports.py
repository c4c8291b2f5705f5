"""Every export that was asked for: waiting, running, or how it ended."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest, Subject
from forgeapp.domain.standing import Standing, standing_from_json, standing_to_json
from forgeapp.errors import ExportNotWaiting, UnknownExport
from forgeapp.ledger.database import Database, insert_row, seconds_since, utc_after, utc_now
from forgeapp.ledger.tables import exports
from forgeapp.processes import current_owner, is_alive

INTERRUPTED = "interrupted"
"""The `error_type` of an export whose process ended before it did."""
_WINDOW_S = 60.0
"""What a limit a minute is counted over."""
_SHOWN = "shown"


class ExportStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_ended(self) -> bool:
        return self not in (ExportStatus.QUEUED, ExportStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """`title`: of the subject, as it was called. `mark`: in the names of files a running one writes at first.

    `files`: names of those in the folder, where it went into one.
    """

    id: int
    request: ExportRequest
    title: str
    format: str
    status: ExportStatus
    bytes: int | None
    duration_ms: int | None
    warnings: tuple[str, ...]
    differences: tuple[str, ...]
    error_type: str | None
    error_message: str | None
    created_at: str
    started_at: str | None
    completed_at: str | None
    mark: str | None
    files: tuple[str, ...]

    @property
    def subject(self) -> Subject:
        return self.request.subject

    @property
    def options(self) -> ExportOptions:
        return self.request.options

    @property
    def path(self) -> str:
        return str(self.request.target)


class Exports:
    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, request: ExportRequest, title: str) -> int:
        """A row that waits to be claimed, by this process first of all."""
        with self._database.writing() as connection:
            return insert_row(
                connection,
                exports,
                **_subject_columns(request.subject),
                title=title,
                format=request.format,
                path=str(request.target),
                options_json=_json(request.options.to_json() | _shown_replies(request.subject)),
                keeps_differing=request.keeps_differing,
                is_folder=request.is_folder,
                may_replace_json=_standing_json(request.may_replace),
                gives_way=request.gives_way,
                status=ExportStatus.QUEUED.value,
                created_at=utc_now(),
                owner=current_owner(),
            )

    def claim(self, export: int, per_minute: int = 0) -> float:
        """Makes a queued one this process's own and running: 0.0. Else the seconds until there is room for it.

        `per_minute`: how many may start within a minute, over all processes; 0 is without limit. Raises UnknownExport;
        ExportNotWaiting, be it that another process was first.
        """
        with self._database.writing() as connection:
            status = connection.execute(select(exports.c.status).where(exports.c.id == export)).scalar()
            if status is None:
                raise UnknownExport(export=export)
            if status != ExportStatus.QUEUED.value:
                raise ExportNotWaiting(export=export, status=status)
            if per_minute:
                # What seems to begin only later was begun before the clock was set back: nobody knows when.
                in_window = exports.c.started_at.between(utc_after(-_WINDOW_S), utc_now())
                newest = select(exports.c.started_at).where(in_window).order_by(exports.c.started_at.desc())
                times = list(connection.execute(newest.limit(per_minute)).scalars())
                if len(times) == per_minute:
                    return max(_WINDOW_S - seconds_since(times[-1]), 0.05)
            connection.execute(
                update(exports)
                .where(exports.c.id == export)
                .values(
                    status=ExportStatus.RUNNING.value,
                    owner=current_owner(),
                    started_at=utc_now(),
                    mark=secrets.token_hex(8),
                )
            )
        return 0.0

    def complete(
        self,
        export: int,
        size: int,
        duration_ms: int,
        warnings: tuple[str, ...],
        differences: tuple[str, ...] = (),
        *,
        path: Path | None = None,
        left: Standing = (),
        files: tuple[str, ...] = (),
    ) -> None:
        """`path`: where it stands, should it have given way. `left`: what stands there, and may be replaced next time.

        `files`: names of those in the folder, where it is one.
        """
        gave_way = {} if path is None else {"path": str(path)}
        self._end(
            export,
            status=ExportStatus.COMPLETED.value,
            **gave_way,
            may_replace_json=_standing_json(left),
            bytes=size,
            duration_ms=duration_ms,
            warnings_json=_json(warnings),
            differences_json=_json(differences),
            files_json=_json(files),
        )

    def fail(
        self,
        export: int,
        status: ExportStatus,
        error_type: str,
        message: str,
        differences: tuple[str, ...] = (),
        found: Standing | None = None,
    ) -> None:
        """`found`: what the user is told stands there, and may be replaced if he asks once more; None: as before."""
        told = {} if found is None else {"may_replace_json": _standing_json(found)}
        self._end(
            export,
            status=status.value,
            error_type=error_type,
            error_message=message,
            differences_json=_json(differences),
            **told,
        )

    def cancel_queued(self, export: int) -> bool:
        """Whether it was still waiting; now it is cancelled."""
        with self._database.writing() as connection:
            ended = (
                update(exports)
                .where(exports.c.id == export, exports.c.status == ExportStatus.QUEUED.value)
                .values(status=ExportStatus.CANCELLED.value, completed_at=utc_now(), owner=None)
            )
            return connection.execute(ended).rowcount == 1

    def adopt(self) -> list[ExportRow]:
        """Queued ones whose process has gone, the oldest first: they are this process's now, and given to no other."""
        queued = exports.c.status == ExportStatus.QUEUED.value
        with self._database.writing() as connection:
            rows = [row for row in _select(connection, queued) if not _is_held(row)]
            for row in rows:
                connection.execute(update(exports).where(exports.c.id == row.id).values(owner=current_owner()))
        return [_export_row(row) for row in reversed(rows)]

    def recover(self, clear_up: Callable[[ExportRow], None] = lambda _row: None) -> list[ExportRow]:
        """Marks running ones whose process died as failed, and gives them.

        `clear_up` is called with each before: should this process die in its midst, the next one finds it again. What
        may be replaced stays as it was: nobody knows who wrote to the place since.
        """
        running = exports.c.status == ExportStatus.RUNNING.value
        with self._database.reading() as connection:
            dead = [row for row in _select(connection, running) if not _is_held(row)]
        if not dead:
            return []
        rows = [_export_row(row) for row in dead]
        for row in rows:
            clear_up(row)
        with self._database.writing() as connection:
            for row in dead:
                connection.execute(
                    update(exports)
                    .where(exports.c.id == row.id, running, exports.c.owner.is_not_distinct_from(row.owner))
                    .values(
                        status=ExportStatus.FAILED.value, error_type=INTERRUPTED, completed_at=utc_now(), owner=None
                    )
                )
        return rows

    def artifact_of(self, path: Path) -> int | None:
        """The artifact that was last written to a path; None where none was."""
        names = {path, path.absolute(), path.resolve()}
        folders = {str(folder) for name in names for folder in name.parents}
        is_kept = (exports.c.status == ExportStatus.COMPLETED.value) & exports.c.artifact_id.is_not(None)
        is_file = exports.c.path.in_(map(str, names)) & ~exports.c.is_folder
        is_within = exports.c.path.in_(folders) & exports.c.is_folder
        with self._database.reading() as connection:
            for row in _select(connection, is_kept & (is_file | is_within)):
                if not row.is_folder or names & {Path(row.path, file) for file in _texts(row.files_json)}:
                    return int(row.artifact_id)
        return None

    def left_since(self, row: ExportRow) -> Standing:
        """What others, asked for before it, have left at the same place since this one was asked for."""
        is_there = (exports.c.path == row.path) & (exports.c.is_folder == row.request.is_folder)
        is_before = exports.c.id < row.id
        has_ended = (exports.c.status == ExportStatus.COMPLETED.value) & (exports.c.completed_at >= row.created_at)
        with self._database.reading() as connection:
            rows = _select(connection, is_there & is_before & has_ended)
        return tuple(file for other in rows for file in _standing(other.may_replace_json) or ())

    def last_of(self, artifact: int) -> ExportRow | None:
        """The newest of an artifact that ended well, also where it was cleared from the list."""
        ended_well = (exports.c.artifact_id == artifact) & (exports.c.status == ExportStatus.COMPLETED.value)
        with self._database.reading() as connection:
            return next(map(_export_row, _select(connection, ended_well, 1)), None)

    def get(self, export: int) -> ExportRow:
        """Raises UnknownExport."""
        with self._database.reading() as connection:
            for row in _select(connection, exports.c.id == export):
                return _export_row(row)
        raise UnknownExport(export=export)

    def all(self, limit: int | None = None) -> list[ExportRow]:
        """Newest first, without those that were cleared."""
        with self._database.reading() as connection:
            return [_export_row(row) for row in _select(connection, ~exports.c.is_cleared, limit)]

    def clear(self) -> int:
        """Lists those that have ended no longer; gives how many there were."""
        ended = [status.value for status in ExportStatus if status.is_ended]
        with self._database.writing() as connection:
            cleared = update(exports).where(exports.c.status.in_(ended), ~exports.c.is_cleared).values(is_cleared=True)
            return int(connection.execute(cleared).rowcount)

    def _end(self, export: int, **values: object) -> None:
        """What has ended meanwhile, for instance as a dead process's, stays as it is."""
        with self._database.writing() as connection:
            connection.execute(
                update(exports)
                .where(exports.c.id == export, exports.c.completed_at.is_(None))
                .values(completed_at=utc_now(), owner=None, mark=None, **values)
            )


def _select(connection: Connection, where: ColumnElement[bool], limit: int | None = None) -> list[Any]:
    query = select(exports).where(where).order_by(exports.c.id.desc()).limit(limit)
    return list(connection.execute(query))


def _is_held(row: Any) -> bool:
    return bool(row.owner) and is_alive(row.owner)


def _subject_columns(subject: Subject) -> dict[str, int | None]:
    match subject:
        case ArtifactSubject(artifact, version):
            return {"artifact_id": artifact, "version": version}
        case ConversationSubject(conversation):
            return {"conversation_id": conversation}


def _shown_replies(subject: Subject) -> dict[str, list[int]]:
    """What stands beside the options: there may be many, and nobody looks for them."""
    shown = subject.shown if isinstance(subject, ConversationSubject) else ()
    return {_SHOWN: list(shown)} if shown else {}


def _export_row(row: Any) -> ExportRow:
    options = json.loads(row.options_json)
    subject: Subject = (
        ArtifactSubject(row.artifact_id, row.version)
        if row.artifact_id is not None
        else ConversationSubject(row.conversation_id, _numbers(options.get(_SHOWN, [row.leaf_id])))
    )
    return ExportRow(
        id=row.id,
        request=ExportRequest(
            subject,
            Path(row.path),
            ExportOptions.from_json(options),
            row.keeps_differing,
            row.is_folder,
            _standing(row.may_replace_json),
            row.gives_way,
        ),
        title=row.title,
        format=row.format,
        status=ExportStatus(row.status),
        bytes=row.bytes,
        duration_ms=row.duration_ms,
        warnings=_texts(row.warnings_json),
        differences=_texts(row.differences_json),
        error_type=row.error_type,
        error_message=row.error_message,
        created_at=row.created_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        mark=row.mark,
        files=_texts(row.files_json),
    )


def _standing_json(standing: Standing | None) -> str | None:
    return None if standing is None else _json(standing_to_json(standing))


def _standing(text: str | None) -> Standing | None:
    return None if text is None else standing_from_json(json.loads(text))


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)


def _numbers(listed: object) -> tuple[int, ...]:
    return tuple(each for each in listed if isinstance(each, int)) if isinstance(listed, list) else ()


def _texts(text: str) -> tuple[str, ...]:
    return tuple(map(str, json.loads(text)))
