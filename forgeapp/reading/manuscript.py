"""Where a document begins and ends within a reply: what introduces it and what closes it is chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.reading import prose
from forgeapp.reading.languages import detect
from forgeapp.reading.pipe_tables import PipeTable
from forgeapp.reading.scan import (
    MARKDOWN_WORDS,
    PLAIN_WORDS,
    Fence,
    HeadingPart,
    HtmlPart,
    Paragraph,
    Part,
    RulePart,
    scan,
)
from forgeapp.reading.sources import is_only_rows
from forgeapp.reading.talk_phrases import QUESTION_MARKS

MAX_TALK_WORDS = 160
MAX_LEAD_PARTS = 6


@dataclass(frozen=True, slots=True)
class Span:
    """Parts `first` to `last` (exclusive). `framed`: rules set it off from the talk; `is_closed`: one does below it."""

    first: int
    last: int
    framed: bool
    is_closed: bool


def holds_document(fence: Fence) -> bool:
    """Whether a fence wraps a document: Markdown that is more than a table, or plain text that reads as prose."""
    if fence.word in MARKDOWN_WORDS:
        return not is_only_rows(fence)
    if fence.word not in PLAIN_WORDS:
        return False
    parts = scan(fence.lines)
    levels = {part.level for part in parts if isinstance(part, HeadingPart) and part.text}
    if isinstance(parts[0] if parts else None, HeadingPart) and 1 in levels and levels & {2, 3}:
        return True
    if any(isinstance(part, HeadingPart) and part.level <= 2 for part in parts[:3]) and len(parts) >= 3:
        return not detect(fence.text)
    paragraphs = [part for part in parts if isinstance(part, Paragraph)]
    words = sum(len(part.text.split()) for part in paragraphs)
    wide = sum(character > "\u2e7f" for character in fence.text[:2_000])
    is_prose = len(paragraphs) >= 3 and (words >= 15 or wide >= 40)
    return (is_prose and any(prose.is_salutation(part.text) for part in paragraphs[:8])) or (
        is_prose and words >= 60 and not detect(fence.text)
    )


def find_manuscript(parts: Sequence[Part]) -> Span | None:
    """The parts that are the document, None where nothing is left of the reply but talk."""
    first, framed = _beginning(parts)
    last, closed_by_rule = _end(parts, first, framed)
    while first < last and isinstance(parts[first], RulePart):
        first += 1
    while last > first and isinstance(parts[last - 1], RulePart):
        last -= 1
    return Span(first, last, framed and closed_by_rule, closed_by_rule) if first < last else None


def _beginning(parts: Sequence[Part]) -> tuple[int, bool]:
    """The first part of the document, and whether a rule stands before it."""
    mark = next((n for n, part in enumerate(parts) if isinstance(part, HeadingPart | RulePart)), None)
    if mark is None:
        return _after_openings(parts), False
    lead = parts[:mark]
    if isinstance(parts[mark], HeadingPart) and not lead:
        return _after_greeting_below(parts), False
    if _is_talk(lead, MAX_LEAD_PARTS) and not any(_begins(part) for part in lead[0:]):
        return (mark + 1, True) if isinstance(parts[mark], RulePart) else (mark, False)
    start = _after_openings(parts[:mark])
    return start, False


def _begins(part: Part) -> bool:
    return isinstance(part, Paragraph) and (bool(part.bold_line) or _is_letter_head(part.text))


def _is_letter_head(text: str) -> bool:
    return prose.is_salutation(text) and not prose.is_opening(text)


def _after_openings(parts: Sequence[Part]) -> int:
    """Past the paragraphs that introduce: at most three, and never all there is."""
    first = 0
    while first < len(parts) - 1 and first < 3:
        part = parts[first]
        if not isinstance(part, Paragraph) or part.bold_line or part.is_list:
            break
        if not (prose.is_opening(part.text) or prose.is_talk(part.text)) or _is_letter_head(part.text):
            break
        first += 1
    return first


def _after_greeting_below(parts: Sequence[Part]) -> int:
    """A reply may begin with a heading of its own, speak to the user, and only then give the document."""
    if len(parts) > 3 and isinstance(parts[1], Paragraph) and prose.is_opening(parts[1].text):
        after = parts[2]
        if isinstance(after, RulePart):
            return 3
        if isinstance(after, HeadingPart) and isinstance(parts[0], HeadingPart) and after.level <= parts[0].level:
            return 2
    return 0


def _end(parts: Sequence[Part], first: int, framed: bool) -> tuple[int, bool]:
    """Past the last part of the document, and whether a rule stands there."""
    last = len(parts)
    rule = next((n for n in range(len(parts) - 1, first, -1) if isinstance(parts[n], RulePart)), None)
    if rule is not None and _is_closing(parts[rule + 1 :], framed):
        return rule, True
    has_emoji = any(prose.has_emoji(part.text) for part in parts[first:-1] if isinstance(part, HeadingPart | Paragraph))
    while last - 1 > first:
        part = parts[last - 1]
        if not isinstance(part, Paragraph) or part.is_list:
            break
        waves = not has_emoji and len(part.text) <= 120 and prose.has_emoji(part.text)
        if not waves and not _is_plain_closing(part.text):
            break
        last -= 1
    if rule is not None and last - 1 == rule:
        return rule, True
    return last, False


def _is_closing(tail: Sequence[Part], framed: bool) -> bool:
    """Whether what follows the last rule is talk."""
    if not tail or not _is_talk(tail, MAX_LEAD_PARTS):
        return not tail
    texts = [part.text for part in tail if isinstance(part, Paragraph)]
    if any(prose.is_talk(text) for text in texts):
        return True
    if any(prose.is_signed(text) or _is_aside(text) for text in texts):
        return False
    return framed or any(prose.has_emoji(text) or text.rstrip().endswith(QUESTION_MARKS) for text in texts)


def _is_aside(text: str) -> bool:
    """A last line all in italics belongs to the document."""
    text = text.strip()
    return len(text) > 2 and text[0] in "*_" and text[1] not in "*_" and text[-1] == text[0]


def _is_plain_closing(text: str) -> bool:
    """A last paragraph that is talk although no rule sets it off."""
    if prose.is_signed(text) or _is_aside(text):
        return False
    return prose.is_offer(text) and not prose.is_salutation(text)


def _is_talk(parts: Sequence[Part], most: int) -> bool:
    if len(parts) > most or not all(isinstance(part, Paragraph) for part in parts):
        return False
    return sum(len(part.text.split()) for part in parts if isinstance(part, Paragraph)) <= MAX_TALK_WORDS


def sections_with_content(parts: Sequence[Part]) -> int:
    """How many headings have text or lists of their own below them, no table and no code."""
    sections: list[list[Part]] = []
    for part in parts:
        if isinstance(part, HeadingPart):
            sections.append([])
        elif sections:
            sections[-1].append(part)
    return sum(
        any(isinstance(part, Paragraph) for part in section)
        and not any(isinstance(part, Fence | PipeTable | HtmlPart) for part in section)
        for section in sections
    )
