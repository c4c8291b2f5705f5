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
_GAVE_REPLY = ("ok", "cancelled", "interrupted")


@dataclass(frozen=True, slots=True)
class Reply:
    """`text`: what was said around the artifacts, `blocks` the same as it is shown; the artifacts are `cards`.

    `model` None: a template answered, or whoever pasted the reply did not say.

    `calls`: the attempts that led to it, the last one being its own.
    """

    message: int
    text: str
    model: str | None
    is_partial: bool
    at: str
    cards: tuple[VersionRow, ...]
    calls: tuple[CallRow, ...]
    blocks: Blocks = ()


@dataclass(frozen=True, slots=True)
class StoredExchange:
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
    cards = ledger.artifacts.brought_by(conversation)
    calls = ledger.calls.of_conversation(conversation)
    asked: list[StoredMessage] = []
    replies: dict[int, list[StoredMessage]] = {}
    for message in messages:
        if message.role is Role.USER:
            asked.append(message)
            replies.setdefault(message.id, [])
        elif asked:
            own = message.reply_to if message.reply_to in replies else asked[-1].id
            replies[own].append(message)
    return Page([_exchange(message, replies[message.id], cards, calls) for message in asked], has_earlier)


def _exchange(
    message: StoredMessage,
    replies: Sequence[StoredMessage],
    cards: dict[int, list[VersionRow]],
    calls: dict[int, list[CallRow]],
) -> StoredExchange:
    own_calls = tuple(calls.get(message.id, ()))
    left = list(own_calls)
    found: list[Reply] = []
    for reply in replies:
        led_to_it = _take_calls(left) if reply.model is not None else ()
        versions = tuple(cards.get(reply.id, ()))
        text = _said(reply.text, message.text, versions)
        blocks = _parsed(text)
        found.append(
            Reply(reply.id, text, reply.model, reply.is_partial, reply.created_at, versions, led_to_it, blocks)
        )
    return StoredExchange(message.text, message.id, message.created_at, tuple(found), own_calls)


def _take_calls(calls: list[CallRow]) -> tuple[CallRow, ...]:
    """The next attempts up to and with one that gave a reply."""
    end = next((index for index, call in enumerate(calls) if call.status.value in _GAVE_REPLY), len(calls) - 1) + 1
    taken = tuple(calls[:end])
    del calls[:end]
    return taken


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
