"""The export of a conversation as a child process is given it. It reads and computes what was made itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Format
from forgeapp.domain.publication import Progress
from forgeapp.exporters.saving import AS_USUAL, Placing
from forgeapp.services.exporting.beginnings import beginning_of, beginning_of_values
from forgeapp.services.exporting.conversation_parts import ConversationExport, ConversationOutline, Made, Place
from forgeapp.services.exporting.job import Computed, answer, in_own_child, values_for
from forgeapp.services.workers import Limits


@dataclass(frozen=True, slots=True)
class ConversationJob:
    """`format`: one of CONVERSATION_FORMATS. `formulas`: within these limits they are computed.

    `is_beginning`: of large contents only the beginning is written.
    """

    conversation: ConversationOutline
    target: Path
    format: Format
    formulas: Limits
    placing: Placing = AS_USUAL
    is_beginning: bool = False


def conversation_task(job: ConversationJob, progress: Progress) -> dict[str, Any]:
    """Writes and verifies it, and tells of it as `job.export_task`.

    Raises ExportDiffers, UnsafeContent, TargetNotWritable, WorkerFailed.
    """
    from forgeapp.services.exporting.conversation_files import save_conversation

    conversation = filled(job.conversation, in_own_child(job.formulas), job.is_beginning)
    return answer(save_conversation(conversation, job.format, job.target, progress, job.placing))


def filled(outline: ConversationOutline, computed: Computed, is_beginning: bool = False) -> ConversationExport:
    """With contents and values; of large ones the beginning. Raises StorageError, and what `computed` raises."""
    made = partial(_made, computed=computed, is_beginning=is_beginning)
    parts = tuple(made(part) if isinstance(part, Place) else part for part in outline.parts)
    return ConversationExport(outline.title, parts, outline.options, outline.at, outline.looks)


def _made(place: Place, computed: Computed, is_beginning: bool) -> Made:
    content = place.content.read()
    values = values_for(content, None, computed)
    if is_beginning:
        content, values = beginning_of(content)[0], beginning_of_values(values)
    return Made(content, place.title, values, place.version, place.artifact, place.model)
