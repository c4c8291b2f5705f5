"""What an export in the ledger names, as files: read from the ledger, computed, and given to a child process."""

from __future__ import annotations

from forgeapp.domain.artifact import Format
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Blocks
from forgeapp.domain.export_options import honoured
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject
from forgeapp.domain.publication import Progress
from forgeapp.domain.workbook import Values, Workbook
from forgeapp.errors import WorkerFailed
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import StoredVersion
from forgeapp.ledger.exports import ExportRow
from forgeapp.services.calculation import Calculation
from forgeapp.services.exporting.conversation_job import ConversationJob
from forgeapp.services.exporting.destinations import check_place, conversation_format, destination
from forgeapp.services.exporting.exported import Exported
from forgeapp.services.exporting.job import ExportJob
from forgeapp.services.exporting.publishing import formulas_of
from forgeapp.services.exporting.saving_files import save_files
from forgeapp.services.provenance import provenance_blocks, provenance_of
from forgeapp.services.workers import Limits, Workers


class Writing:
    def __init__(self, ledger: Ledger, workers: Workers, calculation: Calculation, limits: Limits) -> None:
        self._ledger = ledger
        self._workers = workers
        self._calculation = calculation
        self._limits = limits

    def write(self, row: ExportRow, cancel: CancelToken, on_progress: Progress) -> Exported:
        """What was written, without its duration.

        Raises UnknownVersion, UnsupportedFormat, TargetNotWritable, UnsafeContent, ExportFailed, WorkerFailed, ...
        """
        match row.request.subject:
            case ArtifactSubject(artifact, number):
                version = self._ledger.artifacts.version(artifact, number)
                if row.request.is_folder:
                    return save_files(version, row.request, row.mark or "", cancel, on_progress)
                return self._write_version(version, row, cancel, on_progress)
            case ConversationSubject():
                return self._write_conversation(row, cancel, on_progress)

    def _write_version(
        self, version: StoredVersion, row: ExportRow, cancel: CancelToken, on_progress: Progress
    ) -> Exported:
        request, content = row.request, version.content
        file_format, source = destination(version.kind, content, request.target)
        check_place(request.target)
        workbook = formulas_of(content)
        values = self._computed(workbook, file_format, cancel) if workbook else {}
        appendix: Blocks = ()
        if request.options.provenance and "provenance" in honoured(version.kind, file_format):
            appendix = provenance_blocks(provenance_of(self._ledger, version.artifact, version.number))
        job = ExportJob(
            content,
            version.title,
            values,
            request.target,
            file_format,
            source,
            appendix,
            request.options,
            row.mark or "",
            request.keeps_differing,
        )
        return self._run("export", job, cancel, on_progress)

    def _computed(self, workbook: Workbook, file_format: Format | None, cancel: CancelToken) -> Values:
        """No values at all where they cannot be computed and the file needs none: XLSX tells which are missing."""
        try:
            return self._calculation.values(workbook, cancel)
        except WorkerFailed:
            if file_format is not Format.XLSX:
                raise
            return {}

    def _write_conversation(self, row: ExportRow, cancel: CancelToken, on_progress: Progress) -> Exported:
        from forgeapp.services.exporting.conversation import conversation_export

        request = row.request
        assert isinstance(request.subject, ConversationSubject)
        file_format = conversation_format(request.target)
        check_place(request.target)
        leaf = request.subject.leaf
        conversation = conversation_export(
            self._ledger,
            request.subject.conversation,
            lambda workbook: self._calculation.values(workbook, cancel),
            request.options,
            () if leaf is None else (leaf,),
        )
        job = ConversationJob(conversation, request.target, file_format, row.mark or "", request.keeps_differing)
        return self._run("conversation", job, cancel, on_progress)

    def _run(self, task: str, job: ExportJob | ConversationJob, cancel: CancelToken, on_progress: Progress) -> Exported:
        answer = self._workers.run(task, job, self._limits, cancel, on_progress)
        warnings, differences = tuple(answer["warnings"]), tuple(answer["differences"])
        return Exported(job.target, answer["bytes"], 0, warnings, differences)
