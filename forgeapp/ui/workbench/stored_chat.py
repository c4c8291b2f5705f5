"""Reads a page of a conversation out of the ledger, with what came of each message. Runs in a worker thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Role

if TYPE_CHECKING:
    from forgeapp.domain.document import Blocks
    from forgeapp.ledger import Ledger
    from forgeapp.ledger.artifacts import VersionRow
    from forgeapp.ledger.calls import CallRow
    from forgeapp.ledger.conversations import StoredMessage
    from forgeapp.ledger.proposals import ProposalRow

_TEMPLATE = "template"
"""Who makes something of a template says only what is around it."""
_INTERRUPTED = "interrupted"
_PATCH = "patch"
"""Stands in the provenance of what a patch made."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change of an artifact that the user decides on. `state`: 'pending', 'accepted', 'partly', 'rejected' or
    'superseded'; `version`: what it led to."""

    id: int
    artifact: int
    kind: Kind
    title: str
    state: str
    version: int | None

    @property
    def is_pending(self) -> bool:
        return self.state == "pending"


@dataclass(frozen=True, slots=True)
class Reply:
    """`text`: what was said around the artifacts, `blocks` the same as it is shown; the artifacts are `cards`.

    `model` None: a template answered, or whoever pasted the reply did not say.

    `calls`: the attempts of the turn that gave it, those that failed among them.
    """

    message: int
    text: str
    model: str | None
    is_partial: bool
    at: str
    cards: tuple[VersionRow, ...]
    calls: tuple[CallRow, ...]
    blocks: Blocks = ()
    proposals: tuple[Proposed, ...] = ()

    @property
    def call(self) -> CallRow | None:
        """The attempt whose words these are: the last one that had begun a reply. None where no model was asked."""
        if self.model is None or not self.calls:
            return None
        return next((call for call in reversed(self.calls) if _has_words(call)), self.calls[-1])


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """`calls`: the attempts that led to none of the replies."""

    text: str
    message: int
    at: str
    replies: tuple[Reply, ...]
    calls: tuple[CallRow, ...]


@dataclass(frozen=True, slots=True)
class Page:
    exchanges: Sequence[StoredExchange]
    has_earlier: bool


def read_page(ledger: Ledger, conversation: int, before: int | None, limit: int) -> Page:
    """The exchanges of the `limit` messages before message `before`, or of the newest ones, oldest first."""
    messages = ledger.conversations.messages(conversation, before=before, limit=limit)
    has_earlier = len(messages) == limit
    if has_earlier:
        # A reply whose message is on the page before goes with it there.
        first = next((index for index, message in enumerate(messages) if message.role is Role.USER), 0)
        messages = messages[first:]
    asked: list[StoredMessage] = []
    replies: dict[int, list[StoredMessage]] = {}
    for message in messages:
        if message.role is Role.USER:
            asked.append(message)
            replies.setdefault(message.id, [])
        elif asked:
            own = message.reply_to if message.reply_to in replies else asked[-1].id
            replies[own].append(message)
    if not asked:
        return Page([], has_earlier)
    calls = ledger.calls.of_conversation(conversation, asked[0].id, asked[-1].id)
    last = max(message.id for message in messages)
    brought = _Brought(
        ledger.artifacts.brought_by(conversation, asked[0].id, last),
        _proposals(ledger, conversation, asked[0].id, last),
    )
    return Page([_exchange(message, replies[message.id], brought, calls) for message in asked], has_earlier)


@dataclass(frozen=True, slots=True)
class _Brought:
    """By the reply's message."""

    versions: dict[int, list[VersionRow]]
    proposals: dict[int, list[Proposed]]


def _proposals(ledger: Ledger, conversation: int, since: int, until: int) -> dict[int, list[Proposed]]:
    found = ledger.proposals.brought_by(conversation, since, until)
    kinds = {
        number: ledger.artifacts.get(number).kind
        for number in {row.artifact for rows in found.values() for row in rows}
    }

    def proposed(row: ProposalRow) -> Proposed:
        return Proposed(row.id, row.artifact, kinds[row.artifact], row.title, row.state.value, row.version)

    return {message: [proposed(row) for row in rows] for message, rows in found.items()}


def _exchange(
    message: StoredMessage,
    replies: Sequence[StoredMessage],
    brought: _Brought,
    calls: dict[int, list[CallRow]],
) -> StoredExchange:
    from forgeapp.services.chat_text import without_broken_patch

    own_calls = calls.get(message.id, ())
    found: list[Reply] = []
    for reply in replies:
        led_to_it = tuple(call for call in own_calls if call.reply == reply.id)
        versions, proposals = brought.versions.get(reply.id, []), brought.proposals.get(reply.id, [])
        if reply.is_partial and not (versions or proposals):
            text = without_broken_patch(reply.text)
        else:
            text = _said(reply.text, message.text, versions, proposals)
        found.append(
            Reply(
                reply.id,
                text,
                reply.model,
                reply.is_partial,
                reply.created_at,
                tuple(versions),
                led_to_it,
                _parsed(text),
                tuple(proposals),
            )
        )
    without_reply = tuple(call for call in own_calls if call.reply is None)
    return StoredExchange(message.text, message.id, message.created_at, tuple(found), without_reply)


def _has_words(call: CallRow) -> bool:
    """An interrupted call's first token was never noted; it led to a reply only where words had arrived."""
    return call.first_token_ms is not None or call.status.value == _INTERRUPTED


def _parsed(text: str) -> Blocks:
    from forgeapp.reading.markdown import parse

    return parse(text)


def _said(reply: str, request: str, versions: Sequence[VersionRow], proposals: Sequence[Proposed]) -> str:
    """A reply without the artifacts, or the changes of one, that were read out of it."""
    brought: list[Proposed | VersionRow] = [*proposals, *versions]
    if not brought or (versions and versions[0].origin.value == _TEMPLATE):
        return reply
    from forgeapp.services.chat_text import words_around

    is_patch = bool(proposals) or any(_PATCH in version.provenance for version in versions)
    return words_around(reply, request, brought[0].kind, is_patch)
