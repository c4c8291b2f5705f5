"""The steps of a turn, in the order in which they happen; the window and the command line show the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Format, Kind, Version
from forgeapp.domain.chat import Message
from forgeapp.domain.decision import Decision
from forgeapp.errors import ForgeError


@dataclass(frozen=True, slots=True)
class MessageStored:
    """The first step of every turn: the user's words are kept. `message`: also one that is answered again."""

    conversation: int
    message: int


@dataclass(frozen=True, slots=True)
class Decided:
    decision: Decision


@dataclass(frozen=True, slots=True)
class PromptReady:
    """Exactly what is sent. `input_tokens` is estimated. `remarks`: what the user should know of what goes along."""

    messages: tuple[Message, ...]
    input_tokens: int
    cut: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """An attempt failed; `wait_s` until the next one at the same provider, None where the next provider takes over."""

    provider: str
    model: str
    attempt: int
    error: ForgeError
    wait_s: float | None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A provider that was not asked, and why: it is left out after failures, or its budget is spent."""

    provider: str
    model: str
    reason: ForgeError


@dataclass(frozen=True, slots=True)
class Waiting:
    """A provider takes no more for now: it is asked after `wait_s`.

    `limit`: 'requests' or 'tokens' a minute are used up, or the 'server' named the wait.
    """

    provider: str
    model: str
    wait_s: float
    limit: str


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A provider is asked; whatever an earlier attempt had streamed is void. `call`: its row in the ledger.

    `is_cached`: nobody is asked, for a reply to the very same prompt was kept.
    """

    provider: str
    model: str
    attempt: int
    call: int
    is_cached: bool = False


@dataclass(frozen=True, slots=True)
class ChatGrew:
    """More of what the model says around the artifact."""

    text: str


@dataclass(frozen=True, slots=True)
class ArtifactGrew:
    """The next raw piece of the artifact that is being written: the changed tail, never the whole.

    `kind` and `title` as far as they are known yet.
    """

    kind: Kind | None
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class CostGrew:
    """What the attempt under way has cost so far, estimated; `cost_nano_usd` None: unknown."""

    output_tokens: int
    cost_nano_usd: int | None


@dataclass(frozen=True, slots=True)
class ArtifactReady:
    version: Version


@dataclass(frozen=True, slots=True)
class ProposalReady:
    """A change of the open artifact waits for the user. `base`: the version it was made for."""

    proposal: int
    base: Version


class Status(StrEnum):
    """How a turn ended."""

    DONE = "done"
    CHAT = "chat"
    NEEDS_CONFIRMATION = "needs_confirmation"
    NEEDS_SLOTS = "needs_slots"
    BLOCKED = "blocked"
    FAILED = "failed"


class Source(StrEnum):
    """Who made what the turn gave."""

    TEMPLATE = "template"
    CACHE = "cache"
    PROVIDER = "provider"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Summary:
    """The one standard form of a result; what a reply lacks is derived or empty, never invented.

    `warnings` of ours are a `domain.wording.Text`; what reading a reply warns of is plain English.
    """

    title: str = ""
    summary: str = ""
    content: str = ""
    bullets: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    keywords_added: tuple[str, ...] = ()
    next_actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingSlot:
    """A value a template needs and the request does not give; `example` shows what could stand there."""

    name: str
    label: str
    example: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The last step of every turn, also of one that failed: `error` then says what to do.

    `calls` are the `calls` objects of the command line contract. `cost_nano_usd` None: unknown. `export_to`: the file
    format an export was asked in. `reply`: the stored assistant message, None where there is none.
    """

    status: Status
    decision: Decision
    conversation: int
    summary: Summary = Summary()
    artifacts: tuple[Version, ...] = ()
    source: Source | None = None
    template: str | None = None
    missing_slots: tuple[MissingSlot, ...] = ()
    calls: tuple[dict[str, Any], ...] = ()
    cost_nano_usd: int | None = 0
    export_to: Format | None = None
    error: ForgeError | None = None
    reply: int | None = None
    report: Report | None = None
    """What was written down of a turn that nobody answered."""
    proposal: int | None = None
    """A change of the open artifact that waits for the user."""


@dataclass(frozen=True, slots=True)
class Report:
    """A failure report: its number, and the Markdown and PDF files (None where that could not be made)."""

    id: int
    markdown: Path
    pdf: Path | None


Event = (
    MessageStored
    | Decided
    | PromptReady
    | PassedOver
    | Waiting
    | AttemptStarted
    | Hop
    | ChatGrew
    | ArtifactGrew
    | CostGrew
    | ArtifactReady
    | ProposalReady
    | Finished
)
