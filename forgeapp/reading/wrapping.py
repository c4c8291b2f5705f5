"""What stands too close together in a reply: a fence around all of it, talk included, and talk beside an HTML table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forgeapp.reading import prose
from forgeapp.reading.scan import (
    MARKDOWN_WORDS,
    PLAIN_WORDS,
    Fence,
    HeadingPart,
    Paragraph,
    Part,
    RulePart,
    fence_mark,
    scan,
)

MAX_DEPTH = 2
_BESIDE = re.compile(r"(?<=[^\s>])\s*(?=<table[\s>])|(?<=</table>)\s*(?=[^\s<])", re.IGNORECASE)


def without_wrapping(lines: Sequence[str]) -> Sequence[str]:
    """The lines within a fence that holds all of the reply and talk of its own; all other lines as they are."""
    for _ in range(MAX_DEPTH):
        inside = _inside(lines)
        if inside is None:
            break
        lines = inside
    return lines


def with_tables_apart(lines: Sequence[str]) -> Sequence[str]:
    """Text on one line with an HTML table gets a line of its own; nothing changes within fences."""
    if not any("table" in line.lower() and "<" in line for line in lines):
        return lines
    found: list[str] = []
    fence, depth = "", 0
    for line in lines:
        mark = fence_mark(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not mark[2]:
            fence = ""
        lowered = line.lower()
        opened = lowered.count("<table") - lowered.count("</table")
        if fence or "table" not in lowered or "|" in line or "`" in line or depth + opened > 1 or depth > 1:
            found.append(line)
        else:
            found.extend(_BESIDE.split(line))
        depth = max(0, depth + opened)
    return found


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
