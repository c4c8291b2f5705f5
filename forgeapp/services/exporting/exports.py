"""A version of an artifact into a file, in a child process, followed in the ledger."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import FORMATS, Format, Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Blocks, Document
from forgeapp.domain.export_options import USUAL, ExportOptions, honoured
from forgeapp.domain.filenames import safe_name
from forgeapp.domain.publication import Progress
from forgeapp.domain.table import Table
from forgeapp.errors import Cancelled, ExportFailed, ForgeError, TargetNotWritable, UnsupportedFormat, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import StoredVersion
from forgeapp.ledger.exports import ExportStatus
from forgeapp.services.calculation import Calculation
from forgeapp.services.exporting.job import ExportJob
from forgeapp.services.exporting.publishing import has_formulas, workbook_of
from forgeapp.services.provenance import provenance_blocks, provenance_of
from forgeapp.services.workers import Limits, Workers


@dataclass(frozen=True, slots=True)
class Exported:
    """A verified file. `warnings`: what could not be carried over, in words."""

    path: Path
    bytes: int
    duration_ms: int
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """An entry of `exports` in the command line contract."""
        return {
            "path": str(self.path),
            "bytes": self.bytes,
            "ms": self.duration_ms,
            "verified": True,
            "differences": list(self.warnings),
        }


class Exports:
    def __init__(self, ledger: Ledger, workers: Workers, calculation: Calculation, limits: Limits) -> None:
        self._ledger = ledger
        self._workers = workers
        self._calculation = calculation
        self._limits = limits

    def export(
        self,
        version: StoredVersion,
        target: Path,
        cancel: CancelToken,
        on_progress: Progress = lambda _share: None,
        options: ExportOptions = USUAL,
    ) -> Exported:
        """Writes `target` in the format its extension names; what stood there stays until the new file is verified.

        Raises UnsupportedFormat, TargetNotWritable, UnsafeContent, ExportFailed, WorkerFailed, Cancelled.
        """
        target = target.absolute()
        job_format, source = destination(version.kind, version.content, target)
        check_place(target)
        format_name = job_format.value if job_format else target.suffix.lstrip(".")
        row = self._ledger.exports.begin(version.artifact, version.number, format_name, target)
        self._ledger.events.record("export_started", artifact=version.artifact, format=format_name)
        started = time.monotonic()
        try:
            answer = self._write(version, target, job_format, source, cancel, on_progress, options)
        except ForgeError as error:
            status = ExportStatus.CANCELLED if isinstance(error, Cancelled) else ExportStatus.FAILED
            self._ledger.exports.fail(row, status, error.key, error.message)
            self._ledger.events.record(
                "export_failed", artifact=version.artifact, format=format_name, error_type=error.key
            )
            raise
        duration_ms = round((time.monotonic() - started) * 1000)
        exported = Exported(target, answer["bytes"], duration_ms, tuple(answer["warnings"]))
        self._ledger.exports.complete(row, exported.bytes, duration_ms, exported.warnings)
        self._ledger.events.record(
            "export_completed",
            artifact=version.artifact,
            format=format_name,
            bytes=exported.bytes,
            duration_ms=duration_ms,
        )
        return exported

    def write_table(self, table: Table, target: Path) -> None:
        """Writes a table that is no artifact, such as a report of the ledger's. Raises as `export` does."""
        self._write_unkept(Kind.TABLE, table, table.title, target)

    def write_document(self, document: Document, target: Path) -> None:
        """Writes a document that is no artifact, such as a failure report. Raises as `export` does."""
        self._write_unkept(Kind.DOCUMENT, document, document.title, target)

    def _write_unkept(self, kind: Kind, content: Table | Document, title: str | None, target: Path) -> None:
        target = target.absolute()
        file_format, _ = destination(kind, content, target)
        check_place(target)
        job = ExportJob(content, title or target.stem, {}, target, file_format)
        self._workers.run("export", job, self._limits, CancelToken())

    def _write(
        self,
        version: StoredVersion,
        target: Path,
        job_format: Format | None,
        source: CodeFile | None,
        cancel: CancelToken,
        on_progress: Progress,
        options: ExportOptions,
    ) -> Any:
        content = version.content
        # The commonest table holds no formulas: a sheet of it would be made for nothing.
        workbook = None if isinstance(content, Table) and not has_formulas(content) else workbook_of(content)
        if job_format is Format.XLSX and workbook is not None and not workbook.sheets:
            raise ExportFailed(path=target, reason="the document has no tables", remedy="Choose PDF or DOCX.")
        values = self._calculation.values(workbook, cancel) if workbook else {}
        appendix: Blocks = ()
        if options.provenance and "provenance" in honoured(version.kind, job_format):
            appendix = provenance_blocks(provenance_of(self._ledger, version.artifact, version.number))
        job = ExportJob(content, version.title, values, target, job_format, source, appendix, options)
        return self._workers.run("export", job, self._limits, cancel, on_progress)


def proposed_path(version: StoredVersion, file_format: Format | None, folder: Path) -> Path:
    """A free, safe name in `folder` for a version, in this format or the usual one of its kind."""
    extension = (file_format or FORMATS[version.kind][0]).value
    name = safe_name(f"{version.title}.{extension}", "artifact")
    stem, _, ending = name.rpartition(".")
    path, number = folder / name, 2
    while path.exists():
        path, number = folder / f"{stem} ({number}).{ending}", number + 1
    return path


def destination(kind: Kind, content: Content | None, target: Path) -> tuple[Format | None, CodeFile | None]:
    """The format an extension names, or the code artifact's own file that `target` is named after.

    `content` None asks before there is one. Raises UnsupportedFormat; UsageError where several files could be meant.
    """
    extension = target.suffix.lstrip(".").casefold()
    if isinstance(content, Code):
        alike = [file for file in content.files if Path(file.name).suffix.lstrip(".").casefold() == extension]
        named = [file for file in alike if Path(file.name).name.casefold() == target.name.casefold()] or alike
        if len(named) == 1:
            return None, named[0]
        if named:
            names = ", ".join(file.name for file in named)
            raise UsageError(reason=f"The artifact has several such files ({names}): name one of them, or use .zip.")
    elif content is None and kind is Kind.CODE:
        return None, None
    formats = FORMATS[kind]
    named_format = Format.named(extension)
    if named_format is None or named_format not in formats:
        raise UnsupportedFormat(
            kind=kind.value,
            format=extension or "a file without an extension",
            formats=", ".join(item.value for item in formats),
        )
    return named_format, None


def check_place(target: Path) -> None:
    """Raises TargetNotWritable for a place no file can stand at."""
    try:
        if not target.parent.is_dir():
            raise TargetNotWritable(path=target, reason="its folder does not exist")
        if target.is_dir():
            raise TargetNotWritable(path=target, reason="it is a folder")
    except OSError as error:
        raise TargetNotWritable(path=target, reason=error.strerror or str(error)) from error
