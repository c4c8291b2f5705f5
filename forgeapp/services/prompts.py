"""The messages of one call: instructions, what went before, attachments as data, the open artifact, the request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from forgeapp.domain.chat import Message, Role
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.request import Attachment
from forgeapp.domain.wording import Text
from forgeapp.paths import resource
from forgeapp.reading.envelope import instructions

CountTokens = Callable[[str], int]

_TOKENS_PER_MESSAGE = 4
"""What providers add around each message, as OpenAI documents it for its chat format (3 and a name)."""

_PIECE_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class AssembledPrompt:
    """`cut`: what did not fit and was left out, in words. `version` names the texts the prompt was made from.

    `remarks`: what the user should know of what goes along.
    """

    messages: tuple[Message, ...]
    input_tokens: int
    cut: tuple[Text, ...]
    version: str
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """What goes into a prompt beside the request. `current`: the open artifact as text, for a revision.

    `earlier`: how many messages stand before `history`.
    """

    history: Sequence[Message] = ()
    attachments: Sequence[Attachment] = ()
    current: str | None = None
    earlier: int = 0


def is_longer(text: str, tokens: int, count_tokens: CountTokens) -> bool:
    """Whether a text is longer than that, counting no further than needed."""
    return _beginning(text, tokens, count_tokens)[0] != text


def assemble(
    request: str,
    decision: Decision,
    material: Material,
    *,
    count_tokens: CountTokens,
    history_tokens: int,
    attachment_tokens: int,
) -> AssembledPrompt:
    """Keeps the newest messages and the beginning of attachments, in whole messages and lines that are not too long."""
    parts = [_part("system")]
    if decision.intent is Intent.CHAT:
        parts.append(_part("chat"))
    else:
        if decision.intent is Intent.REVISE:
            parts.append(_part("revise"))
        parts.append(instructions(decision.kind))
    system = "\n\n".join(parts)
    history, dropped = _newest(material.history, history_tokens, count_tokens)
    attached, cut = _attached(material.attachments, attachment_tokens, count_tokens)
    if left_out := material.earlier + dropped:
        cut.append(Text("cut_messages", "{count} earlier messages of the conversation", count=left_out))
    body = [*attached]
    if material.current is not None:
        body.append(f"<current>\n{_without_tag(material.current, 'current')}\n</current>")
    body.append(request)
    messages = (Message(Role.SYSTEM, system), *history, Message(Role.USER, "\n\n".join(body)))
    tokens = sum(count_tokens(message.text) + _TOKENS_PER_MESSAGE for message in messages)
    return AssembledPrompt(messages, tokens, tuple(cut), hashlib.sha256(system.encode()).hexdigest()[:12])


@lru_cache(maxsize=8)
def _part(name: str) -> str:
    return resource("seeds", "prompts", f"{name}.md").read_text("utf-8").strip()


def _newest(history: Sequence[Message], budget: int, count_tokens: CountTokens) -> tuple[list[Message], int]:
    kept: list[Message] = []
    for message in reversed(history):
        budget -= count_tokens(message.text) + _TOKENS_PER_MESSAGE
        if budget < 0:
            break
        kept.append(message)
    return kept[::-1], len(history) - len(kept)


def _attached(
    attachments: Sequence[Attachment], budget: int, count_tokens: CountTokens
) -> tuple[list[str], list[Text]]:
    parts: list[str] = []
    cut: list[Text] = []
    for attachment in attachments:
        kept, budget = _beginning(attachment.text, budget, count_tokens)
        if len(kept) < len(attachment.text):
            left = len(attachment.text) - len(kept)
            cut.append(
                Text("cut_attachment", "the rest of {name} ({count} characters)", name=attachment.name, count=left)
            )
        if kept:
            name = attachment.name.replace('"', "'")
            parts.append(f'<data name="{name}">\n{_without_tag(kept, "data")}\n</data>')
    return parts, cut


def _beginning(text: str, budget: int, count_tokens: CountTokens) -> tuple[str, int]:
    kept: list[str] = []
    for piece in _pieces(text):
        tokens = count_tokens(piece)
        if tokens > budget:
            return "".join(kept), 0
        budget -= tokens
        kept.append(piece)
    return text, budget


def _pieces(text: str) -> Iterator[str]:
    """Lines, and what very long ones can be cut into."""
    for line in text.splitlines(keepends=True):
        for start in range(0, len(line), _PIECE_CHARS):
            yield line[start : start + _PIECE_CHARS]


def _without_tag(text: str, tag: str) -> str:
    """Material that holds our own closing tag must not end its own frame."""
    return text.replace(f"</{tag}>", f"</ {tag}>")
