"""What an export in the ledger names, as files: put into files for a child process, which does the rest."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Format
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Blocks
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject
from forgeapp.domain.number_look import NumberLooks
from forgeapp.domain.publication import Progress
from forgeapp.domain.standing import standing_from_json
from forgeapp.errors import TargetNotWritable
from forgeapp.exporters.saving import Placing, place_of
from forgeapp.ledger import Ledger
from forgeapp.ledger.exports import ExportRow
from forgeapp.services.exporting.conversation_job import ConversationJob
from forgeapp.services.exporting.destinations import check_place, conversation_format
from forgeapp.services.exporting.exported import Exported
from forgeapp.services.exporting.handover import hand_over
from forgeapp.services.exporting.job import ExportJob
from forgeapp.services.exporting.opening_losses import told_at_first_export
from forgeapp.services.exporting.own_delimiter import with_own_delimiter
from forgeapp.services.exporting.saving_files import save_files
from forgeapp.services.scratch import scratch
from forgeapp.services.workers import Limits, Workers


class Writing:
    """`formulas`: what computing the formulas of one content may use. `looks`: of the numbers of workbooks."""

    def __init__(
        self,
        ledger: Ledger,
        workers: Workers,
        limits: Limits,
        formulas: Limits,
        looks: Callable[[], NumberLooks],
    ) -> None:
        self._ledger = ledger
        self._workers = workers
        self._limits = limits
        self._formulas = formulas
        self._looks = looks

    def write(self, row: ExportRow, cancel: CancelToken, on_progress: Progress) -> Exported:
        """What was written, without its duration; with the first of an artifact also what it was opened without.

        Raises UnknownVersion, UnsupportedFormat, TargetNotWritable, UnsafeContent, ExportFailed, WorkerFailed, ...
        """
        exported = self._written(row, cancel, on_progress)
        told = told_at_first_export(self._ledger, row.subject)
        return replace(exported, warnings=(*exported.warnings, *told)) if told else exported

    def _written(self, row: ExportRow, cancel: CancelToken, on_progress: Progress) -> Exported:
        subject, request, placing = row.subject, row.request, self._placing(row)
        if isinstance(subject, ArtifactSubject) and request.is_folder:
            version = self._ledger.artifacts.version(subject.artifact, subject.version)
            return save_files(version, request.target, placing, cancel, on_progress)
        try:
            check_place(request.target)
        except TargetNotWritable:
            if not request.gives_way or not os.path.lexists(request.target):
                raise
            # A folder, or a file that is write-protected.
            placing = replace(placing, may_replace=())
        with scratch() as folder:
            task, job = self._job(row, placing, folder)
            cancel.check()
            answer = self._workers.run(task, job, self._limits, cancel, on_progress)
        return _exported(request.target, answer)

    def _placing(self, row: ExportRow) -> Placing:
        """What earlier exports have left there since this one was asked for may be replaced, too: the one asked for
        last wins."""
        request, may_replace = row.request, row.request.may_replace
        if may_replace is not None:
            may_replace += self._ledger.exports.left_since(row)
        return Placing(row.mark or "", request.keeps_differing, may_replace, request.gives_way)

    def _job(self, row: ExportRow, placing: Placing, folder: Path) -> tuple[str, ExportJob | ConversationJob]:
        """The child's task, and what it is given."""
        match row.subject:
            case ArtifactSubject() as subject:
                return "export", self._artifact_job(row, subject, placing, folder)
            case ConversationSubject() as subject:
                return "conversation", self._conversation_job(row, subject, placing, folder)

    def _artifact_job(self, row: ExportRow, subject: ArtifactSubject, placing: Placing, folder: Path) -> ExportJob:
        request = row.request
        appendix: Blocks = ()
        if request.options.provenance:
            # It comes with all of comparing, and the window lists exports as soon as it opens.
            from forgeapp.services.provenance import provenance_blocks, provenance_of

            appendix = provenance_blocks(provenance_of(self._ledger, subject.artifact, subject.version))
        return ExportJob(
            hand_over(self._ledger, subject.artifact, subject.version, folder),
            row.title,
            {},
            request.target,
            None,
            appendix,
            self._options(row, subject),
            placing,
            self._formulas,
            self._looks(),
        )

    def _options(self, row: ExportRow, subject: ArtifactSubject) -> ExportOptions:
        options = row.request.options
        if row.request.format != Format.CSV:
            return options
        return with_own_delimiter(self._ledger, subject.artifact, options)

    def _conversation_job(
        self, row: ExportRow, subject: ConversationSubject, placing: Placing, folder: Path
    ) -> ConversationJob:
        from forgeapp.services.exporting.conversation import conversation_outline

        request = row.request
        return ConversationJob(
            conversation_outline(self._ledger, subject, folder, request.options, looks=self._looks()),
            request.target,
            conversation_format(request.target),
            self._formulas,
            placing,
        )


def _exported(target: Path, answer: dict[str, Any]) -> Exported:
    """As the child told of it, see `job.answer`."""
    path = target if answer["name"] == target.name else place_of(target).with_name(answer["name"])
    left = standing_from_json(answer["left"])
    size = sum(file.size for file in left)
    return Exported(path, size, 0, tuple(answer["warnings"]), tuple(answer["differences"]), left=left)
