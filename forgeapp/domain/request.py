"""What the user sends: frozen when he presses Send."""

from __future__ import annotations

from dataclasses import dataclass

from forgeapp.domain.artifact import Kind


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
