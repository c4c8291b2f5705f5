"""One export as a child process is given it. It lays the content out itself, which would be more to send."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Blocks
from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.publication import Exporter, Progress
from forgeapp.domain.workbook import Values

if TYPE_CHECKING:
    from forgeapp.exporters.saving import Saved


@dataclass(frozen=True, slots=True)
class ExportJob:
    """`values`: those of the content's formulas.

    `source`: a code artifact's own file to be written as it is; else the content goes into `format`.
    `appendix`: what is to stand behind the content. `mark`, `keeps_differing`: see `exporters.saving.save`.
    """

    content: Content
    title: str
    values: Values
    target: Path
    format: Format | None
    source: CodeFile | None = None
    appendix: Blocks = ()
    options: ExportOptions = USUAL
    mark: str = ""
    keeps_differing: bool = False


def export_task(job: ExportJob, progress: Progress) -> dict[str, Any]:
    """Writes and verifies it, see `answer`. Raises ExportDiffers, UnsafeContent, TargetNotWritable."""
    from forgeapp.exporters.registry import exporter_for
    from forgeapp.exporters.saving import save
    from forgeapp.exporters.source import SourceExporter
    from forgeapp.services.exporting.publishing import publication

    laid_out = publication(job.content, job.title, job.values, job.appendix, job.options, job.format)
    exporter: Exporter
    if job.source is not None:
        exporter = SourceExporter(job.source)
    else:
        assert job.format is not None
        exporter = exporter_for(job.format)
    target, mark, keeps_differing = job.target, job.mark, job.keeps_differing
    # The content is laid out; a text full of pictures would be held twice.
    del job
    return answer(save(exporter, laid_out, target, progress, mark, keeps_differing))


def answer(saved: Saved) -> dict[str, Any]:
    """What the parent is told: `{"bytes": int, "warnings": [str], "differences": [str]}`."""
    return {"bytes": saved.bytes, "warnings": list(saved.warnings), "differences": list(saved.differences)}
