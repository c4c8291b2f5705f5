"""What a conversation consists of for export: what was said, and what was made, in the order of the chat."""

from __future__ import annotations

from dataclasses import dataclass

from forgeapp.domain.content import Content
from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.domain.workbook import Values
from forgeapp.services.exporting.handover import ContentFile


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
    looks: NumberLooks = BY_CONTENT


@dataclass(frozen=True, slots=True)
class ConversationExport:
    """`at`: when it was last used, UTC. `looks`: of the numbers of its workbooks."""

    title: str
    parts: tuple[Part, ...]
    options: ExportOptions = USUAL
    at: str = ""
    looks: NumberLooks = BY_CONTENT
