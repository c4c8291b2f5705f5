"""What the user sends: frozen when he presses Send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Picture


class Mode(StrEnum):
    """Who may answer: the distributor's key; all providers set up, in their order; only local ones; or none, a built-in
    template alone."""

    APP_KEY = "app_key"
    PROVIDERS = "providers"
    LOCAL = "local"
    TEMPLATES = "templates"


class Tier(StrEnum):
    """Which of a provider's models: the one for everyday work, or the best it has."""

    CHEAP = "cheap"
    PREMIUM = "premium"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file given as context: `text` as read from it, data to the model and never an instruction; or a picture."""

    name: str
    text: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of the open artifact that a request is about: `text` as it stands there, cells as TSV.

    `where`: 'B2:C9' or 'Budget!B2:C9' for cells, 'lines 3-5' or 'main.py lines 3-5' for text; '' where it is unknown.
    """

    text: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Parameters:
    """How a model is to answer; None and () leave it to the level below: message, route, model, the service itself."""

    temperature: float | None = None
    max_output_tokens: int | None = None
    stop: tuple[str, ...] = ()

    def over(self, below: Parameters) -> Parameters:
        """These, and where they say nothing, what `below` says."""
        return Parameters(
            self.temperature if self.temperature is not None else below.temperature,
            self.max_output_tokens if self.max_output_tokens is not None else below.max_output_tokens,
            self.stop or below.stop,
        )


NO_PARAMETERS: Final = Parameters()


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
    tier: Tier | None = None
    """Which of each provider's models is asked; None leaves it to the routes. `model` wins over it."""
    parameters: Parameters = NO_PARAMETERS
    use_cache: bool = True
    """Whether a reply kept from the same prompt may answer; not where the message is answered again."""
    sources: tuple[int, ...] = ()
    """Sources in the ledger that go along as attachments."""
    selection: Selection | None = None
    """What of the open artifact is to be changed, or is asked about."""
    is_revision: bool = False
    """The open artifact is to be changed, whatever the gatekeeper thinks."""
    reviews: bool = False
    """Whether a change of the open artifact waits for the user to review it; otherwise it is the next version."""
