"""What the user sends: frozen when he presses Send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from forgeapp.domain.artifact import Kind


class Mode(StrEnum):
    """Who may answer: all providers set up, in their order; only local ones; or none, a built-in template alone."""

    PROVIDERS = "providers"
    LOCAL = "local"
    TEMPLATES = "templates"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file given as context: `text` as read from it, data to the model and never an instruction."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ForgeRequest:
    """One turn. `conversation` None starts a new one. `model` is 'PROVIDER/MODEL' and then no other answers.

    `confirmed`: the user has said yes to a doubtful decision and to blank slots. `kind` wins over the gatekeeper.
    """

    text: str
    conversation: int | None = None
    project: str | None = None
    kind: Kind | None = None
    model: str | None = None
    attachments: tuple[Attachment, ...] = ()
    confirmed: bool = False
    mode: Mode = Mode.PROVIDERS
    chat_only: bool = False
    """No artifact is made, whatever the gatekeeper thinks."""
    artifact: int | None = None
    """The open artifact; None: the one last worked on in the conversation."""
    without_artifact: bool = False
    """No artifact is open, whatever was worked on."""
    answers: int | None = None
    """The stored user message that this turn answers again; it is not stored a second time."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Values, as words, for a template's slots by name; they win over what the text says."""
