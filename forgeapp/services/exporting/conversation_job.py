"""A whole conversation as a child process is given it: what was said, and what was made, in the order of the chat."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Format
from forgeapp.domain.content import Content
from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.publication import Progress
from forgeapp.domain.workbook import Values

FORMATS = (Format.PDF, Format.DOCX, Format.HTML, Format.MD, Format.ZIP, Format.JSON)
"""What a conversation goes into, the usual one first."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `who`: 'You', or the model. `at`: UTC, as the ledger has it. `markdown`: without what was made.

    `cost_nano_usd`: of the calls that led to it, None where there was none or its price is unknown.
    """

    who: str
    at: str
    markdown: str
    is_request: bool = False
    is_partial: bool = False
    cost_nano_usd: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """An artifact where it came up in the chat, as it stood before it came up again; `values` of its formulas.

    `artifact`: its number, the same wherever it comes up. `model`: who made this version, None where nobody was asked.
    """

    content: Content
    title: str
    values: Values
    version: int
    artifact: int
    model: str | None = None


Part = Said | Made


@dataclass(frozen=True, slots=True)
class ConversationExport:
    """`at`: when it was last used, UTC."""

    title: str
    parts: tuple[Part, ...]
    options: ExportOptions = USUAL
    at: str = ""


@dataclass(frozen=True, slots=True)
class ConversationJob:
    """`format`: one of FORMATS. `mark`, `keeps_differing`: see `exporters.saving.save`."""

    conversation: ConversationExport
    target: Path
    format: Format
    mark: str = ""
    keeps_differing: bool = False


def conversation_task(job: ConversationJob, progress: Progress) -> dict[str, Any]:
    """Writes and verifies it, and tells of it as `job.export_task`.

    Raises ExportDiffers, UnsafeContent, TargetNotWritable.
    """
    from forgeapp.services.exporting.conversation_files import save_conversation
    from forgeapp.services.exporting.job import answer

    return answer(save_conversation(job.conversation, job.format, job.target, progress, job.mark, job.keeps_differing))
