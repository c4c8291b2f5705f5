"""The queue of exports: kept before anything else, claimed by one process, written in a child, followed to its end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest, Subject
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.domain.publication import Progress
from forgeapp.domain.standing import Standing
from forgeapp.domain.table import Table
from forgeapp.errors import (
    Cancelled,
    Crashed,
    ExportDiffers,
    ExportNotWaiting,
    ForgeError,
    TargetChanged,
    TargetNotWritable,
    UnknownVersion,
    UsageError,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.exports import ExportRow, ExportStatus
from forgeapp.services.exporting.destinations import (
    check_place,
    conversation_format,
    destination,
    standing_at_target,
)
from forgeapp.services.exporting.exported import Exported
from forgeapp.services.exporting.job import ExportJob
from forgeapp.services.exporting.leftovers import remove_leftovers
from forgeapp.services.exporting.repeating import earlier_export
from forgeapp.services.exporting.saving_files import files_standing
from forgeapp.services.exporting.turns import Turns
from forgeapp.services.exporting.writing import Writing
from forgeapp.services.workers import Limits, Workers

OnWaiting = Callable[[float], None]
"""Told the seconds that are left until an export may begin, about once a second."""
_AT_ONCE: Final = 2
_WAIT_STEP_S: Final = 1.0


class Exports:
    """`limits`: of one export; `formulas`: of computing those of one content.

    `per_minute`: how many may begin within a minute in this home, asked each time; 0 is without limit. `looks`: of the
    numbers of workbooks, asked each time, too.
    """

    def __init__(
        self,
        ledger: Ledger,
        workers: Workers,
        limits: Limits,
        formulas: Limits,
        per_minute: Callable[[], int] = lambda: 0,
        looks: Callable[[], NumberLooks] = lambda: BY_CONTENT,
    ) -> None:
        self._ledger = ledger
        self._workers = workers
        self._limits = limits
        self._per_minute = per_minute
        self._writing = Writing(ledger, workers, limits, formulas, looks)
        self._turns = Turns(_AT_ONCE)

    def enqueue(self, request: ExportRequest) -> int:
        """Keeps an export that waits for `run`, here or, should this process end, after the next start.

        What stands at its place is looked at now, unless the request says what may be replaced.

        Raises UnknownArtifact, UnknownVersion, UnsupportedFormat, UsageError; TargetNotWritable for a path that cannot
        be stored.
        """
        try:
            request = replace(request, target=request.target.absolute())
        except OSError as error:
            # The folder the program was started in has gone.
            raise TargetNotWritable(path=request.target, reason=error.strerror or str(error)) from error
        title = self._title_of(request)
        if not _is_text(request.target):
            raise TargetNotWritable(path=ascii(str(request.target)), reason="its name is not Unicode text")
        if request.may_replace is None:
            request = replace(request, may_replace=self._standing(request))
        return self._ledger.exports.enqueue(request, title)

    def run(
        self,
        export: int,
        cancel: CancelToken,
        on_progress: Progress = lambda _share: None,
        on_waiting: OnWaiting = lambda _seconds: None,
    ) -> Exported:
        """Writes what was queued; what stood at its place stays until the new file is verified. Two run at a time, in
        the order they were queued.

        Raises Cancelled, which leaves one that has not begun in the queue (`cancel_queued` takes it out), so that a
        window can be closed; ExportNotWaiting for one that another process runs or that has ended; and what writing
        raises: TargetNotWritable, UnsafeContent, ExportDiffers, WorkerFailed, ...
        """
        target = self._ledger.exports.get(export).request.target
        with self._turns.turn(export, target, cancel):
            self._claim(export, cancel, on_waiting)
            return self._run(self._ledger.exports.get(export), cancel, on_progress)

    def export(
        self,
        request: ExportRequest,
        cancel: CancelToken,
        on_progress: Progress = lambda _share: None,
        on_waiting: OnWaiting = lambda _seconds: None,
    ) -> Exported:
        """`enqueue` and `run`, and raises as they do; one that is cancelled does not stay in the queue."""
        return self.finish(self.enqueue(request), cancel, on_progress, on_waiting)

    def finish(
        self,
        export: int,
        cancel: CancelToken,
        on_progress: Progress = lambda _share: None,
        on_waiting: OnWaiting = lambda _seconds: None,
    ) -> Exported:
        """`run`, but one that is cancelled does not stay in the queue."""
        try:
            return self.run(export, cancel, on_progress, on_waiting)
        except Cancelled:
            self._ledger.exports.cancel_queued(export)
            raise

    def retry(self, export: int) -> int:
        """Queues what has ended once more, as it was asked for. Raises UnknownExport, ExportNotWaiting.

        It replaces what the last try left there, or the user was told stands there; nothing that came later.
        """
        return self.enqueue(_once_more(self._ended(export)))

    def keep_anyway(self, export: int) -> int:
        """Queues one that failed by its differences once more, now to be kept with them.

        Raises UnknownExport; UsageError for any other.
        """
        row = self._ended(export)
        if row.error_type != ExportDiffers.key:
            raise UsageError(reason=f"Export {export} did not fail by differences.")
        return self.enqueue(replace(_once_more(row), keeps_differing=True))

    def earlier(self, artifact: int, content: Content) -> ExportRequest | None:
        """The last one of an artifact that now holds `content`, to be asked for again, see `earlier_export`."""
        row = self._ledger.exports.last_of(artifact)
        return earlier_export(row, content) if row is not None else None

    def cancel_queued(self, export: int) -> bool:
        """Whether it was still waiting; it will not be run. A running one ends by its token."""
        return self._ledger.exports.cancel_queued(export)

    def unfinished(self) -> list[ExportRow]:
        """Queued ones that a process left behind, the oldest first: the caller's to run, and given to nobody else."""
        return self._ledger.exports.adopt()

    def history(self, limit: int = 200) -> list[ExportRow]:
        """The newest first, also those that wait and run."""
        return self._ledger.exports.all(limit)

    def clear_history(self) -> int:
        """Lists those that have ended no longer, and gives how many there were; no file is touched."""
        return self._ledger.exports.clear()

    def write_table(self, table: Table, target: Path) -> None:
        """Writes a table that is no artifact, such as a report of the ledger's. Raises as `export` does."""
        self._write_unkept(Kind.TABLE, table, table.title, target)

    def write_document(self, document: Document, target: Path) -> None:
        """Writes a document that is no artifact, such as a failure report. Raises as `export` does."""
        self._write_unkept(Kind.DOCUMENT, document, document.title, target)

    def _write_unkept(self, kind: Kind, content: Table | Document, title: str | None, target: Path) -> None:
        target = target.absolute()
        destination(kind, content, target)
        check_place(target)
        job = ExportJob(content, title or target.stem, {}, target, None)
        self._workers.run("export", job, self._limits, CancelToken())

    def _title_of(self, request: ExportRequest) -> str:
        """Raises what is wrong with the request itself, as far as that takes no reading of contents."""
        match request.subject:
            case ArtifactSubject(artifact, number):
                rows = self._ledger.artifacts.versions(artifact)
                version = next((row for row in rows if row.number == number), None)
                if version is None:
                    raise UnknownVersion(artifact=artifact, version=number, newest=rows[0].number)
                if request.is_folder and version.kind is not Kind.CODE:
                    raise UsageError(
                        reason="Only code has files of its own: name a file, its extension says the format."
                    )
                if not request.is_folder:
                    destination(version.kind, None, request.target)
                return version.title
            case ConversationSubject(conversation):
                title = self._ledger.conversations.get(conversation).title
                conversation_format(request.target)
                return title

    def _standing(self, request: ExportRequest) -> Standing:
        """What stands where it is to go. Asks the disk."""
        if isinstance(request.subject, ArtifactSubject) and request.is_folder:
            version = self._ledger.artifacts.version(request.subject.artifact, request.subject.version)
            return files_standing(version.content, request.target) if isinstance(version.content, Code) else ()
        return standing_at_target(request.target)

    def _claim(self, export: int, cancel: CancelToken, on_waiting: OnWaiting) -> None:
        try:
            while wait_s := self._ledger.exports.claim(export, self._per_minute()):
                on_waiting(wait_s)
                cancel.wait(min(wait_s, _WAIT_STEP_S))
        except ExportNotWaiting as error:
            if error.params["status"] == ExportStatus.CANCELLED.value:
                raise Cancelled() from error
            raise

    def _run(self, row: ExportRow, cancel: CancelToken, on_progress: Progress) -> Exported:
        facts = _facts(row.subject) | {"format": row.format}
        started = time.monotonic()
        try:
            self._ledger.events.record("export_started", **facts)
            exported = self._writing.write(row, cancel, on_progress)
        except Exception as error:
            self._fail(row, error if isinstance(error, ForgeError) else Crashed(), facts)
            raise
        finally:
            # A child that was killed could not do it.
            remove_leftovers(row)
        exported = replace(exported, duration_ms=round((time.monotonic() - started) * 1000))
        self._complete(row, exported, facts)
        return exported

    def _complete(self, row: ExportRow, exported: Exported, facts: dict[str, Any]) -> None:
        with _told_anyway(row):
            self._ledger.exports.complete(
                row.id,
                exported.bytes,
                exported.duration_ms,
                exported.warnings,
                exported.differences,
                path=exported.path,
                left=exported.left,
                files=tuple(file.path.relative_to(exported.path).as_posix() for file in exported.files),
            )
            self._ledger.events.record(
                "export_completed",
                **facts,
                bytes=exported.bytes,
                duration_ms=exported.duration_ms,
                differences=len(exported.differences),
            )

    def _fail(self, row: ExportRow, error: ForgeError, facts: dict[str, Any]) -> None:
        status = ExportStatus.CANCELLED if isinstance(error, Cancelled) else ExportStatus.FAILED
        differences = tuple(error.params.get("differences", ()))
        told = {"difference": differences[0], "differences": len(differences)} if differences else {}
        with _told_anyway(row):
            found = self._standing(row.request) if isinstance(error, TargetChanged) else None
            self._ledger.exports.fail(row.id, status, error.key, error.message, differences, found)
            self._ledger.events.record("export_failed", **facts, error_type=error.key, **told)

    def _ended(self, export: int) -> ExportRow:
        row = self._ledger.exports.get(export)
        if not row.status.is_ended:
            raise ExportNotWaiting(export=export, status=row.status.value)
        return row


@contextmanager
def _told_anyway(row: ExportRow) -> Iterator[None]:
    """How an export ended is what the user is to hear of, also where it could not be stored: on a full disk."""
    try:
        yield
    except ForgeError:
        logging.getLogger(__name__).warning("the end of export %d could not be stored", row.id)


def _once_more(row: ExportRow) -> ExportRequest:
    """One that came with an archive says of no file here that it may be replaced."""
    return replace(row.request, may_replace=row.request.may_replace or ())


def _facts(subject: Subject) -> dict[str, Any]:
    match subject:
        case ArtifactSubject(artifact, version):
            return {"artifact": artifact, "version": version}
        case ConversationSubject(conversation):
            return {"conversation": conversation}


def _is_text(path: Path) -> bool:
    """A name in another encoding than the system's has characters that stand for single bytes."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
