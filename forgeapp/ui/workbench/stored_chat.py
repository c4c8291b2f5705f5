"""Reads a page of a conversation out of the ledger, with what came of each message. Runs in a worker thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forgeapp.domain.chat import Role
from forgeapp.domain.document import Blocks

if TYPE_CHECKING:
    from forgeapp.ledger import Ledger
    from forgeapp.ledger.artifacts import VersionRow
    from forgeapp.ledger.calls import CallRow
    from forgeapp.ledger.conversations import StoredMessage

_TEMPLATE = "template"
"""Who makes something of a template says only what is around it."""
_INTERRUPTED = "interrupted"


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
    cards = ledger.artifacts.brought_by(conversation, asked[0].id, max(message.id for message in messages))
    return Page([_exchange(message, replies[message.id], cards, calls) for message in asked], has_earlier)


def _exchange(
    message: StoredMessage,
    replies: Sequence[StoredMessage],
    cards: dict[int, list[VersionRow]],
    calls: dict[int, list[CallRow]],
) -> StoredExchange:
    own_calls = calls.get(message.id, ())
    found: list[Reply] = []
    for reply in replies:
        led_to_it = tuple(call for call in own_calls if call.reply == reply.id)
        versions = tuple(cards.get(reply.id, ()))
        text = _said(reply.text, message.text, versions)
        blocks = _parsed(text)
        found.append(
            Reply(reply.id, text, reply.model, reply.is_partial, reply.created_at, versions, led_to_it, blocks)
        )
    without_reply = tuple(call for call in own_calls if call.reply is None)
    return StoredExchange(message.text, message.id, message.created_at, tuple(found), without_reply)


def _has_words(call: CallRow) -> bool:
    """An interrupted call's first token was never noted; it led to a reply only where words had arrived."""
    return call.first_token_ms is not None or call.status.value == _INTERRUPTED


def _parsed(text: str) -> Blocks:
    from forgeapp.reading.markdown import parse

    return parse(text)


def _said(reply: str, request: str, versions: Sequence[VersionRow]) -> str:
    """A reply without the artifacts that were read out of it."""
    if not versions or versions[0].origin.value == _TEMPLATE:
        return reply
    from forgeapp.reading import Reader

    reader = Reader(versions[0].kind, request)
    reader.feed(reply)
    return reader.finish().chat_text
