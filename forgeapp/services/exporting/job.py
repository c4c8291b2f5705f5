"""One export as a child process is given it. It reads, computes and lays the content out itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Format
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import CodeFile
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import Blocks
from forgeapp.domain.export_options import USUAL, ExportOptions, honoured
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.domain.publication import Exporter, Progress
from forgeapp.domain.standing import standing_to_json
from forgeapp.domain.workbook import Values, Workbook
from forgeapp.errors import WorkerFailed
from forgeapp.exporters.saving import AS_USUAL, Placing, Saved, save
from forgeapp.services.calculation import Calculation
from forgeapp.services.exporting.handover import ContentFile
from forgeapp.services.workers import Limits, Workers

Computed = Callable[[Workbook], Values]
"""The values of a workbook's formulas."""


@dataclass(frozen=True, slots=True)
class ExportJob:
    """`values`: those of the content's formulas. `formulas`: they are still to be computed, within these limits.

    `format` None: as the target's name says, which of code may be a file of its own. `appendix`: what is to stand
    behind the content where the format has room for it. `looks`: of a workbook's numbers.
    """

    content: Content | ContentFile
    title: str
    values: Values
    target: Path
    format: Format | None
    appendix: Blocks = ()
    options: ExportOptions = USUAL
    placing: Placing = AS_USUAL
    formulas: Limits | None = None
    looks: NumberLooks = BY_CONTENT


def export_task(job: ExportJob, progress: Progress) -> dict[str, Any]:
    """Writes and verifies it, see `answer`.

    Raises ExportDiffers, UnsafeContent, TargetNotWritable, UnsupportedFormat, UsageError, WorkerFailed.
    """
    from forgeapp.services.exporting.publishing import publication

    content = job.content.read() if isinstance(job.content, ContentFile) else job.content
    file_format, source = job.format, None
    if file_format is None:
        from forgeapp.services.exporting.destinations import destination

        file_format, source = destination(kind_of(content), content, job.target)
    values = values_for(content, file_format, in_own_child(job.formulas)) if job.formulas else job.values
    appendix = job.appendix if "provenance" in honoured(kind_of(content), file_format) else ()
    laid_out = publication(content, job.title, values, appendix, job.options, file_format, job.looks)
    exporter = _exporter(file_format, source)
    target, placing = job.target, job.placing
    # The content is laid out; a text full of pictures would be held twice.
    del job, content
    return answer(save(exporter, laid_out, target, progress, placing))


def answer(saved: Saved) -> dict[str, Any]:
    """What the parent is told: `{"name": str, "left": [file], "warnings": [str], "differences": [str]}`.

    `name`: of the file, which may have given way; `left`: by what it is known again.
    """
    return {
        "name": saved.path.name,
        "left": standing_to_json([saved.file]),
        "warnings": list(saved.warnings),
        "differences": list(saved.differences),
    }


def values_for(content: Content, file_format: Format | None, computed: Computed) -> Values:
    """Of its formulas; none at all where they cannot be computed and the file does without: XLSX tells which it lacks.

    Raises WorkerFailed, and what else `computed` raises.
    """
    from forgeapp.services.exporting.publishing import formulas_of

    workbook = formulas_of(content)
    try:
        return {} if workbook is None else computed(workbook)
    except WorkerFailed:
        if file_format is not Format.XLSX:
            raise
        return {}


def in_own_child(limits: Limits) -> Computed:
    """By a child of this process's own, so that no export waits for another's formulas, and none for a preview's."""
    calculation = Calculation(Workers(), limits)
    return lambda workbook: calculation.values(workbook, CancelToken())


def _exporter(file_format: Format | None, source: CodeFile | None) -> Exporter:
    if source is not None:
        from forgeapp.exporters.source import SourceExporter

        return SourceExporter(source)
    from forgeapp.exporters.registry import exporter_for

    assert file_format is not None
    return exporter_for(file_format)
