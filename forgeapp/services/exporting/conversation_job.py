"""A whole conversation as a child process is given it: what was said, and what was made, in the order of the chat."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Format
from forgeapp.domain.content import Content
from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.publication import Progress
from forgeapp.domain.workbook import Values
from forgeapp.services.exporting.beginnings import beginning_of, beginning_of_values
from forgeapp.services.exporting.handover import ContentFile
from forgeapp.services.exporting.job import Computed, answer, in_own_child, values_for
from forgeapp.services.workers import Limits

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


@dataclass(frozen=True, slots=True)
class Place:
    """Where an artifact came up, as `Made`, but its content is still to be read."""

    content: ContentFile
    title: str
    version: int
    artifact: int
    model: str | None = None


Part = Said | Made


@dataclass(frozen=True, slots=True)
class ConversationOutline:
    """As `ConversationExport`, but nothing that was made is read yet."""

    title: str
    parts: tuple[Said | Place, ...]
    options: ExportOptions = USUAL
    at: str = ""


@dataclass(frozen=True, slots=True)
class ConversationExport:
    """`at`: when it was last used, UTC."""

    title: str
    parts: tuple[Part, ...]
    options: ExportOptions = USUAL
    at: str = ""


@dataclass(frozen=True, slots=True)
class ConversationJob:
    """`format`: one of FORMATS. `formulas`: within these limits they are computed.

    `is_beginning`: of large contents only the beginning is written. `mark`, `keeps_differing`: see
    `exporters.saving.save`.
    """

    conversation: ConversationOutline
    target: Path
    format: Format
    formulas: Limits
    mark: str = ""
    keeps_differing: bool = False
    is_beginning: bool = False


def conversation_task(job: ConversationJob, progress: Progress) -> dict[str, Any]:
    """Writes and verifies it, and tells of it as `job.export_task`.

    Raises ExportDiffers, UnsafeContent, TargetNotWritable, WorkerFailed.
    """
    from forgeapp.services.exporting.conversation_files import save_conversation

    conversation = filled(job.conversation, in_own_child(job.formulas), job.is_beginning)
    return answer(save_conversation(conversation, job.format, job.target, progress, job.mark, job.keeps_differing))


def filled(outline: ConversationOutline, computed: Computed, is_beginning: bool = False) -> ConversationExport:
    """With contents and values; of large ones the beginning. Raises StorageError, and what `computed` raises."""
    made = partial(_made, computed=computed, is_beginning=is_beginning)
    parts = tuple(made(part) if isinstance(part, Place) else part for part in outline.parts)
    return ConversationExport(outline.title, parts, outline.options, outline.at)


def _made(place: Place, computed: Computed, is_beginning: bool) -> Made:
    content = place.content.read()
    values = values_for(content, None, computed)
    if is_beginning:
        content, values = beginning_of(content)[0], beginning_of_values(values)
    return Made(content, place.title, values, place.version, place.artifact, place.model)
