"""A fence around the whole reply, talk included: models put one there that were told to answer in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from forgeapp.reading import prose
from forgeapp.reading.scan import MARKDOWN_WORDS, PLAIN_WORDS, Fence, HeadingPart, Paragraph, Part, RulePart, scan

MAX_DEPTH = 2


def without_wrapping(lines: Sequence[str]) -> Sequence[str]:
    """The lines within a fence that holds all of the reply and talk of its own; all other lines as they are."""
    for _ in range(MAX_DEPTH):
        inside = _inside(lines)
        if inside is None:
            break
        lines = inside
    return lines


def _inside(lines: Sequence[str]) -> Sequence[str] | None:
    first = next((line.lstrip() for line in lines if line.strip()), "")
    if not first.startswith(("```", "~~~")):
        return None
    parts = scan(lines)
    only = parts[0]
    if len(parts) != 1 or not isinstance(only, Fence) or only.word not in MARKDOWN_WORDS | PLAIN_WORDS:
        return None
    inner = scan(only.lines)
    if all(isinstance(part, Paragraph | HeadingPart | RulePart) for part in inner) and only.word in PLAIN_WORDS:
        return None
    return only.lines if len(inner) > 1 and (_introduces(inner[0]) or _offers(inner[-1])) else None


def _introduces(part: Part) -> bool:
    if not isinstance(part, Paragraph) or part.bold_line or part.is_list or prose.is_salutation(part.text):
        return False
    return prose.begins_as_opening(part.text) and part.text.rstrip(" *_👇").endswith((":", "：", ".", "!", "。", "！"))


def _offers(part: Part) -> bool:
    """Whether the reply's last words are an offer; a signature or a note belongs to a document."""
    if not isinstance(part, Paragraph) or part.is_list or prose.is_signed(part.text):
        return False
    return prose.is_invitation(part.text)
