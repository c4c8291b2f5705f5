"""What a revision starts from."""

from __future__ import annotations

from dataclasses import dataclass

from forgeapp.domain.artifact import Kind
from forgeapp.domain.content import Content, kind_of
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import ArtifactRow


@dataclass(frozen=True, slots=True)
class Base:
    """Version `number` of `artifact`, or a change of it that waits for the user: a later request goes on from there."""

    artifact: int
    number: int
    title: str
    content: Content

    @property
    def kind(self) -> Kind:
        return kind_of(self.content)


def base_of(ledger: Ledger, artifact: ArtifactRow, *, reviews: bool, answers: int | None) -> Base:
    """`reviews`: the user looks at changes before they are made. `answers`: the message that is answered again: what
    came of it before is not built on."""
    waiting = ledger.proposals.pending(artifact.id) if reviews else None
    if waiting is not None and not (answers is not None and _answers(ledger, waiting.message) == answers):
        return Base(artifact.id, waiting.base, waiting.title, waiting.content)
    version = ledger.artifacts.version(artifact.id, waiting.base if waiting is not None else None)
    return Base(artifact.id, version.number, version.title, version.content)


def _answers(ledger: Ledger, reply: int | None) -> int | None:
    return ledger.conversations.message(reply).reply_to if reply is not None else None
