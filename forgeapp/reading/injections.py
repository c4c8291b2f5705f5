"""Instructions to a model inside a text that was attached: found so that the user can be told of them.

What is found is a hint for people, never a filter: the text is sent as data all the same, see `services.prompts`.
Looked for are phrases (`injection_phrases`), the marks of a conversation ('<|im_start|>', '[INST]'), and text that
people do not see: Unicode tags, characters without width, HTML comments and styles, base64. Sources: OWASP Top 10 for
LLM applications, LLM01; Unicode 16, chapter 23.9 (tags).
"""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from forgeapp.domain.text import without_surrogates
from forgeapp.reading.injection_languages import CJK_PHRASES
from forgeapp.reading.injection_phrases import HEADS, PHRASES, Phrase
from forgeapp.reading.injection_reasons import HIDDEN, IMITATES, NOT_WHERE_DENIED

MAX_FINDINGS: Final = 20
_EXCERPT_CHARS = 120
_BEFORE_CHARS = 30

_WORD = re.compile(r"\b[a-z]++")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_INVISIBLE_RUN = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff]{16,}")
_TAGS = re.compile("\U0001f3f4?[\U000e0020-\U000e007e]{4,}")
"""Letters of the tags block, which nothing draws; a few behind a black flag are the flag of a region."""
_REGION_CHARS = 7
_TAG_OFFSET = 0xE0000
_DENIED = re.compile(
    r"(?:\b(?:not|never|nor|cannot|nobody|nicht|nie|niemals|nunca|jamais|mai)|n['’]t)(?: \w{1,20}){0,4} ?\Z"
)
"""What stands before 'reveal your password' where that is what nobody should do."""
_HAS_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")

_MARKS = re.compile(
    r"<\|{0,1}(?:\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|end_header_id|eot_id|begin_of_text)\|>)"
    r"|<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|eot_id)"
    r"|\[/?inst\]|<</?sys>>|</?(?:start|end)_of_turn>|</?(?:system_prompt|system[-_ ]?(?:instructions?|message|override))>"
    r"|<(?:system|assistant|developer)>\s{0,9}(?:[^\s<>]{1,40}\s{1,9}){2}"
    r"|^[^\w\n]{0,6}\[?system (?:prompt|override|instructions?|update|command)\]?\s?:"
    r"|^[^\w\n]{0,6}(?:ai|assistant|model|llm|chatbot) (?:instructions?|directives?|prompt|command)\s?:|\[system\]\(#"
    r"|^[^\w\n]{0,6}(?:begin|start|end)[ _](?:admin|system|hidden|secret) (?:override|instructions?|prompt)\b"
    r"|^#{2,}\s?(?:system|instructions?|new instructions?)\s?(?:#{2,}|:\s?(?:\n\s{0,4})?(?:you|ignore|print|output|reply|respond|forget|disregard)\b)",
    re.MULTILINE,
)

_UNSEEN = re.compile(
    r"(?:style\s?=\s?[\"'][^\"'<>]{0,300}(?:(?<![\w-])color\s?:\s?(?:white\b|#fff(?:fff)?\b|rgba?\(\s?255\s?,\s?255\s?,\s?255|transparent\b|rgba\([^)]{1,30},\s?0?\.?0\s?\))"
    r"|font-size\s?:\s?[01](?:\.\d{1,3})?(?:px|pt|em|rem|%)?\s?[;\"']|opacity\s?:\s?0(?:\.0\d{0,3})?\s?[;\"']|display\s?:\s?none|visibility\s?:\s?hidden"
    r"|(?:left|top|text-indent)\s?:\s?-\d{3,5}px)[^<>]{0,400}|<(?:[a-z]{1,10} )[^<>]{0,200}\bhidden\b[^<>]{0,200}|<font [^<>]{0,100}color\s?=\s?[\"']?(?:white|#ffffff)[^<>]{0,100})"
    r">([^<]{8,2000})",
)
_TO_MODEL = re.compile(
    r"\b(?:ai|a\.i\.|llms?|chatbot|chatgpt|gpt|copilot|assistants?|language models?|ai ?models?|agent|ki|ia|sprachmodell|assistent\w*|asistente|assistente)\b"
    r"(?:[^\w.!?]{1,4}[\w'-]{1,20}){0,6}?[^\w.!?]{1,4}(?:must|should|shall|please|ignore|say|tell|reply|respond|output|print|send|recommend|"
    r"include|reveal|forward|state|mention|visit|rate|muss|soll|sollen|sage|antworte|doit|dois|reponds|debe|debes|responde|deve|devi|rispondi)\b"
    r"|(?:<!--|>)\W{0,9}(?:please |bitte )?(?:ignore|disregard|forget|say|state|reply|respond|output|print|tell the user|recommend|reveal|rate this|always|from now on|"
    r"ignoriere|sage|antworte|oublie|reponds|dis|responde|di que|diga|rispondi)\b (?!(?:if|unless|whitespace|errors?|this (?:line|file|block))\b)"
)
_BASE64 = re.compile(
    r"(?<![\w+/=.-])[A-Za-z0-9+/]{24,}+(?:\r?\n[A-Za-z0-9+/]{24,}+)*+(?:\r?\n[A-Za-z0-9+/]{1,23})?={0,2}"
)
_MAX_HIDDEN_CHARS = 4_000
_MAX_DECODED_CHARS = 4_000
_MAX_BASE64 = 200


@dataclass(frozen=True, slots=True)
class Instruction:
    """`line` counts from 1. `excerpt`: that part of the line, without what is not visible. `reason`: what it does."""

    line: int
    excerpt: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Find:
    """In the plain text, at these characters; `shown` where the excerpt is not what stands there."""

    start: int
    end: int
    reason: str
    shown: str | None = None


def find_instructions(text: str) -> list[Instruction]:
    """The first findings, at most one a line and MAX_FINDINGS in all, in their order; in time linear in the text."""
    text = without_surrogates(text).replace("\r\n", "\n").replace("\r", "\n")
    found = [*_invisible_text(text)]
    plain = text if text.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", _TAGS.sub("", text)))
    # What is left out may hold no line end: lines are the same in both texts.
    located = [*_located(text, found), *_located(plain, list(_in_plain(plain)))]
    by_line: dict[int, Instruction] = {}
    for instruction in located:
        by_line.setdefault(instruction.line, instruction)
    return [by_line[line] for line in sorted(by_line)][:MAX_FINDINGS]


def _in_plain(plain: str) -> Iterator[_Find]:
    folded = _folded(plain)
    for finds in (_phrases(folded), _marks(folded), _unseen(folded), _encoded(plain)):
        for number, find in enumerate(finds, start=1):
            yield find
            if number == 10 * MAX_FINDINGS:
                break


def _folded(plain: str) -> str:
    """Lower case, without accents, wide and compatibility forms as plain ones; each character stays one.

    A line end as it is written in code and JSON is what it means: a blank.
    """
    plain = plain.replace("\\n", "  ").replace("\\t", "  ")
    if plain.isascii():
        return plain.lower()
    return plain.translate({ord(sign): _fold(sign) for sign in set(plain)})


@lru_cache(maxsize=8_192)
def _fold(sign: str) -> str:
    if sign == "ß":
        return "s"
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not "\u0300" <= part <= "\u036f")
    folded = unicodedata.normalize("NFC", bare).lower()
    return folded if len(folded) == 1 else sign


def _phrases(folded: str) -> Iterator[_Find]:
    end = 0
    for word in _WORD.finditer(folded):
        start = word.start()
        if start < end:
            continue
        for phrase in _beginning_with(word[0]):
            match = phrase.pattern.match(folded, start)
            if match and not (phrase.reason in NOT_WHERE_DENIED and _DENIED.search(folded, max(0, start - 40), start)):
                end = match.end()
                yield _Find(start, end, phrase.reason)
                break
    if _HAS_CJK.search(folded):
        for reason, pattern in CJK_PHRASES:
            for number, match in enumerate(pattern.finditer(folded), start=1):
                yield _Find(match.start(), match.end(), reason)
                if number == MAX_FINDINGS:
                    break


@lru_cache(maxsize=8_192)
def _beginning_with(word: str) -> tuple[Phrase, ...]:
    if not HEADS.fullmatch(word):
        return ()
    return tuple(phrase for phrase in PHRASES if phrase.heads.fullmatch(word))


def _marks(folded: str) -> Iterator[_Find]:
    for match in _MARKS.finditer(folded):
        yield _Find(match.start(), match.end(), IMITATES)


def _unseen(folded: str) -> Iterator[_Find]:
    """Comments and text in the colour of the paper that speak to a model, though no phrase is found in them."""
    spans = [(match.start(1) - 1, match.end(1)) for match in _UNSEEN.finditer(folded)]
    for start, end in [*_comments(folded), *spans]:
        hit = _TO_MODEL.search(folded, start, min(end, start + _MAX_HIDDEN_CHARS))
        if hit:
            yield _Find(hit.start(), hit.end(), HIDDEN)


def _comments(folded: str) -> Iterator[tuple[int, int]]:
    """From where each HTML comment begins to where it ends."""
    end = 0
    while (start := folded.find("<!--", end)) >= 0 and (end := folded.find("-->", start + 4)) >= 0:
        yield start, end


def _encoded(plain: str) -> Iterator[_Find]:
    for number, match in enumerate(_BASE64.finditer(plain)):
        if number == _MAX_BASE64:
            return
        decoded = _decoded(match[0][:_MAX_DECODED_CHARS])
        if decoded is None:
            continue
        folded = _folded(decoded)
        inside = next(_phrases(folded), None) or next(_marks(folded), None)
        if inside is not None:
            yield _Find(match.start(), match.end(), inside.reason, decoded)


def _decoded(text: str) -> str | None:
    """What base64 holds, where that is text in words."""
    bare = "".join(text.split()).rstrip("=")
    try:
        decoded = base64.b64decode(bare[: len(bare) // 4 * 4] + _padded(bare[len(bare) // 4 * 4 :]), validate=True)
        words = decoded.decode("utf-8", "ignore")
    except (binascii.Error, ValueError):
        return None
    is_text = words.isprintable() or "".join(words.split()).isprintable()
    return words if is_text and len(words) * 2 > len(decoded) else None


def _padded(rest: str) -> str:
    return "" if len(rest) < 2 else rest + "=" * (4 - len(rest))


def _invisible_text(text: str) -> Iterator[_Find]:
    if text.isascii():
        return
    for match in _TAGS.finditer(text):
        if match[0][0] == "\U0001f3f4" and len(match[0]) <= _REGION_CHARS:
            continue
        letters = "".join(chr(ord(sign) - _TAG_OFFSET) for sign in match[0].lstrip("\U0001f3f4"))
        yield _Find(match.start(), match.end(), HIDDEN, letters)
    for match in _INVISIBLE_RUN.finditer(text):
        yield _Find(match.start(), match.end(), HIDDEN, f"({match.end() - match.start()} characters without width)")


def _located(text: str, found: list[_Find]) -> Iterator[Instruction]:
    if not found:
        return
    ends = [match.start() for match in re.finditer("\n", text)]
    for find in sorted(found, key=lambda one: one.start):
        line = bisect_right(ends, find.start - 1)
        begins = ends[line - 1] + 1 if line else 0
        if find.shown is not None:
            shown = find.shown
        else:
            start = max(begins, find.start - _BEFORE_CHARS)
            end = text.find("\n", find.end)
            end = min(end if end >= 0 else len(text), start + 2 * _EXCERPT_CHARS)
            shown = ("…" if start > begins else "") + text[start:end]
        yield Instruction(line + 1, _shown(shown), find.reason)


def _shown(text: str) -> str:
    """One line without controls, cut."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return words if len(words) <= _EXCERPT_CHARS else words[: _EXCERPT_CHARS - 1].rstrip() + "…"
