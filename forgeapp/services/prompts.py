"""The messages of one call: instructions, what went before, attachments as data, the open artifact, the request."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from forgeapp.domain.chat import Message, Picture, Role
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.request import Attachment
from forgeapp.domain.wording import Text
from forgeapp.paths import resource
from forgeapp.reading.envelope import instructions
from forgeapp.reading.injections import find_instructions

CountTokens = Callable[[str], int]

_TOKENS_PER_MESSAGE = 4
"""What providers add around each message, as OpenAI documents it for its chat format (3 and a name)."""

_PIECE_CHARS = 2_000
_MAX_NAME_CHARS = 120
_NOTHING = r"[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]{0,16}"
"""What a reader passes over between the signs of a tag."""


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

    `earlier`: how many messages stand before `history`. `selection`: what of the artifact the request is about, as
    text. `manner`: how the answer is to be given; None: as an artifact of the kind that was decided on.
    """

    history: Sequence[Message] = ()
    attachments: Sequence[Attachment] = ()
    current: str | None = None
    earlier: int = 0
    selection: str | None = None
    manner: str | None = None


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
    elif material.manner is not None:
        parts.append(material.manner)
    else:
        parts.append(instructions(decision.kind))
    system = "\n\n".join(parts)
    history, dropped = _newest(material.history, history_tokens, count_tokens)
    texts = [attachment for attachment in material.attachments if attachment.picture is None]
    attached, cut, remarks = _attached(texts, attachment_tokens, count_tokens)
    if left_out := material.earlier + dropped:
        cut.append(Text("cut_messages", "{count} earlier messages of the conversation", count=left_out))
    body = [*attached]
    if material.current is not None:
        remarks += _remarks_on_current(material.current)
        body.append(f"<current>\n{_unclosing(material.current, 'current')}\n</current>")
    if material.selection is not None:
        body.append(f"<selection>\n{_unclosing(material.selection, 'selection')}\n</selection>")
    pictures, names = _pictures(material.attachments)
    if names:
        body.append(f"Attached pictures, in this order: {', '.join(names)}")
    body.append(request)
    messages = (Message(Role.SYSTEM, system), *history, Message(Role.USER, "\n\n".join(body), pictures))
    tokens = sum(count_tokens(message.text) + _TOKENS_PER_MESSAGE for message in messages)
    version = hashlib.sha256(system.encode()).hexdigest()[:12]
    return AssembledPrompt(messages, tokens, tuple(cut), version, tuple(remarks))


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
) -> tuple[list[str], list[Text], list[Text]]:
    """The frames, what was cut, and what to know of what goes along."""
    parts: list[str] = []
    cut: list[Text] = []
    remarks: list[Text] = []
    for attachment in attachments:
        name = _clean(attachment.name)
        kept, budget = _beginning(attachment.text, budget, count_tokens)
        if len(kept) < len(attachment.text):
            left = len(attachment.text) - len(kept)
            cut.append(Text("cut_attachment", "the rest of {name} ({count} characters)", name=name, count=left))
        if kept:
            framed = name.replace('"', "'")
            parts.append(f'<data name="{framed}">\n{_unclosing(kept, "data")}\n</data>')
            remarks += _remarks_on_attached(name, kept)
    return parts, cut, remarks


def _remarks_on_attached(name: str, text: str) -> list[Text]:
    for found in find_instructions(text):
        template = (
            'The attached {name} holds text that reads like an instruction to the model (line {line}: "{excerpt}"). '
            "It is sent as data only."
        )
        return [Text("instructions_found", template, name=name, line=found.line, excerpt=found.excerpt)]
    return []


def _remarks_on_current(text: str) -> list[Text]:
    for found in find_instructions(text):
        template = (
            'The open artifact holds text that reads like an instruction to the model ("{excerpt}"). '
            "It is sent as data only."
        )
        return [Text("instructions_found_open", template, excerpt=found.excerpt)]
    return []


def _pictures(attachments: Sequence[Attachment]) -> tuple[tuple[Picture, ...], list[str]]:
    """The pictures, and what they are called."""
    given = [(one.picture, _clean(one.name)) for one in attachments if one.picture is not None]
    return tuple(picture for picture, _ in given), [name for _, name in given]


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


def _clean(name: str) -> str:
    """A file's name on one line, without what could be taken for a tag or is not seen, of bounded length."""
    signs = (sign if sign.isprintable() and sign not in "<>＜＞" else " " for sign in name)
    return " ".join("".join(signs).split())[:_MAX_NAME_CHARS] or "file"


def _unclosing(text: str, tag: str) -> str:
    """Material that holds our own closing tag, however it is spelled, must not end its own frame."""
    return _closing(tag).sub("‹/" + tag, text)


@lru_cache(maxsize=3)
def _closing(tag: str) -> re.Pattern[str]:
    """'</data', also in capitals, in wide letters, and with blanks or what is not seen in between."""
    wide = (f"[{letter}{chr(ord(letter) + 0xFEE0)}]" for letter in tag)
    signs = ["[<＜﹤]", "[/／∕⁄]", *wide]
    return re.compile(_NOTHING.join(signs), re.IGNORECASE)
