"""What a revision starts from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from forgeapp.domain.artifact import Kind
from forgeapp.domain.content import Content, kind_of
from forgeapp.errors import PictureNotRevised
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import ArtifactRow, NewVersion
from forgeapp.services.comparing import compare, fitted

EARLIER = "earlier_replies"
"""What a version's provenance calls the replies before its own whose changes it holds too."""


@dataclass(frozen=True, slots=True)
class Base:
    """Version `number` of `artifact`, or a change of it that waits for the user: a later request goes on from there.

    `replies`: the messages whose changes wait in it, in their order.
    """

    artifact: int
    number: int
    title: str
    content: Content
    replies: tuple[int, ...] = ()

    @property
    def kind(self) -> Kind:
        return kind_of(self.content)


def base_of(ledger: Ledger, artifact: ArtifactRow, *, reviews: bool, answers: int | None) -> Base:
    """`reviews`: the user looks at changes before they are made. `answers`: the message that is answered again: what
    came of it before is not built on. Raises PictureNotRevised."""
    if artifact.kind is Kind.IMAGE:
        raise PictureNotRevised(title=artifact.title)
    waiting = ledger.proposals.pending(artifact.id) if reviews else None
    while waiting is not None and answers is not None and _answers(ledger, waiting.message) == answers:
        waiting = ledger.proposals.before(waiting)
    if waiting is None:
        version = ledger.artifacts.version(artifact.id)
        return Base(artifact.id, version.number, version.title, version.content)
    replies = [*waiting.provenance.get(EARLIER, ()), waiting.message]
    known = tuple(reply for reply in replies if isinstance(reply, int))
    return Base(artifact.id, waiting.base, waiting.title, waiting.content, known)


def as_it_is_now(ledger: Ledger, base: Base, new: NewVersion) -> NewVersion | None:
    """A change of `base` as one of the newest version, where that is another one by now; None where not all of it has
    a place there."""
    newest = ledger.artifacts.version(base.artifact)
    if newest.number == base.number:
        return new
    result = fitted(compare(base.content, new.content), newest.content)
    if result.unplaced:
        return None
    title = new.title if new.title != base.title else newest.title
    return replace(new, content=result.content, title=title, provenance={**new.provenance, "base": newest.number})


def _answers(ledger: Ledger, reply: int | None) -> int | None:
    return ledger.conversations.message(reply).reply_to if reply is not None else None
