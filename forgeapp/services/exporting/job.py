"""One export as a child process is given it. It lays the content out itself, which would be more to send."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Blocks
from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.publication import Progress
from forgeapp.domain.workbook import Values


@dataclass(frozen=True, slots=True)
class ExportJob:
    """`values`: those of the content's formulas.

    `source`: a code artifact's own file to be written as it is; else the content goes into `format`.
    `appendix`: what is to stand behind the content.
    """

    content: Content
    title: str
    values: Values
    target: Path
    format: Format | None
    source: CodeFile | None = None
    appendix: Blocks = ()
    options: ExportOptions = USUAL


def export_task(job: ExportJob, progress: Progress) -> dict[str, Any]:
    from forgeapp.exporters.registry import exporter_for
    from forgeapp.exporters.saving import save
    from forgeapp.services.exporting.publishing import publication

    laid_out = publication(job.content, job.title, job.values, job.appendix, job.options)
    if job.source is not None:
        from forgeapp.exporters.source import SourceExporter

        saved = save(SourceExporter(job.source), laid_out, job.target, progress)
    else:
        assert job.format is not None
        saved = save(exporter_for(job.format), laid_out, job.target, progress)
    return {"bytes": saved.bytes, "warnings": list(saved.warnings)}
