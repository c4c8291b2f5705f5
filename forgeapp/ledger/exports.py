"""Every export that was asked for, and how it ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from forgeapp.ledger.database import Database, insert_row, utc_now
from forgeapp.ledger.owner import current_owner, is_alive
from forgeapp.ledger.tables import exports

INTERRUPTED = "interrupted"
"""The `error_type` of an export whose process ended before it did."""


class ExportStatus(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ExportRow:
    id: int
    artifact: int
    version: int
    format: str
    path: str
    status: ExportStatus
    bytes: int | None
    duration_ms: int | None
    warnings: tuple[str, ...]
    error_type: str | None
    created_at: str


class Exports:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, artifact: int, version: int, file_format: str, path: Path) -> int:
        with self._database.writing() as connection:
            return insert_row(
                connection,
                exports,
                artifact_id=artifact,
                version=version,
                format=file_format,
                path=str(path),
                status=ExportStatus.RUNNING.value,
                created_at=utc_now(),
                owner=current_owner(),
            )

    def complete(self, export: int, size: int, duration_ms: int, warnings: tuple[str, ...]) -> None:
        self._end(
            export,
            status=ExportStatus.COMPLETED,
            bytes=size,
            duration_ms=duration_ms,
            warnings_json=json.dumps(warnings, ensure_ascii=False),
        )

    def fail(self, export: int, status: ExportStatus, error_type: str, error_message: str) -> None:
        self._end(export, status=status, error_type=error_type, error_message=error_message)

    def recover(self) -> int:
        """Marks exports whose process died as failed. Gives how many there were."""
        running = exports.c.status == ExportStatus.RUNNING.value
        with self._database.reading() as connection:
            rows = connection.execute(select(exports.c.id, exports.c.owner).where(running)).all()
        dead = [row.id for row in rows if not (row.owner and is_alive(row.owner))]
        if dead:
            with self._database.writing() as connection:
                for export in dead:
                    connection.execute(
                        exports.update()
                        .where(exports.c.id == export, running)
                        .values(
                            status=ExportStatus.FAILED.value, error_type=INTERRUPTED, completed_at=utc_now(), owner=None
                        )
                    )
        return len(dead)

    def artifact_of(self, path: Path) -> int | None:
        """The artifact that was last written to a path; None where none was."""
        query = (
            select(exports.c.artifact_id)
            .where(exports.c.path.in_({str(path), str(path.absolute()), str(path.resolve())}))
            .where(exports.c.status == ExportStatus.COMPLETED.value)
            .order_by(exports.c.id.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return int(found) if found is not None else None

    def all(self) -> list[ExportRow]:
        """Newest first."""
        with self._database.reading() as connection:
            return [
                ExportRow(
                    id=row.id,
                    artifact=row.artifact_id,
                    version=row.version,
                    format=row.format,
                    path=row.path,
                    status=ExportStatus(row.status),
                    bytes=row.bytes,
                    duration_ms=row.duration_ms,
                    warnings=tuple(json.loads(row.warnings_json)),
                    error_type=row.error_type,
                    created_at=row.created_at,
                )
                for row in connection.execute(select(exports).order_by(exports.c.id.desc()))
            ]

    def _end(self, export: int, *, status: ExportStatus, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(
                exports.update()
                .where(exports.c.id == export)
                .values(status=status.value, completed_at=utc_now(), owner=None, **values)
            )
