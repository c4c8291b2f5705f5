"""The headings of a Markdown text, by line: what its outline shows. Linear in the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from forgeapp.domain.document import Blocks, Heading, plain_text
from forgeapp.domain.fences import open_fence

MAX_HEADINGS: Final = 5_000
_ATX: Final = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_UNDERLINE: Final = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_NO_TITLE: Final = re.compile(r"[ \t]*(?:[|>]|[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|(?: {4}|\t))")


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """`line` from 0, `level` 1..6, `words` without marks."""

    line: int
    level: int
    words: str


def heading_lines(
    text: str, parse: Callable[[str], Blocks], known: dict[str, tuple[int, str] | None]
) -> tuple[HeadingLine, ...]:
    """`known`: what its lines were found to be earlier, filled on the way."""
    lines = text.split("\n")
    found: list[HeadingLine] = []
    fence = ""
    for number, line in enumerate(lines):
        was_open, fence = bool(fence), open_fence(line, fence)
        if was_open or fence:
            continue
        if _ATX.match(line):
            source = line
        elif number + 1 < len(lines) and _is_title(line, lines[number + 1], lines[number - 1] if number else ""):
            source = f"{line}\n{lines[number + 1]}"
        else:
            continue
        if source not in known:
            known[source] = _read(source, parse)
        heading = known[source]
        if heading is not None:
            found.append(HeadingLine(number, *heading))
        if len(found) == MAX_HEADINGS:
            break
    return tuple(found)


def _is_title(line: str, after: str, before: str) -> bool:
    return bool(line.strip()) and not before.strip() and bool(_UNDERLINE.match(after)) and not _NO_TITLE.match(line)


def _read(source: str, parse: Callable[[str], Blocks]) -> tuple[int, str] | None:
    block = next(iter(parse(source)), None)
    return (block.level, plain_text(block.inlines)) if isinstance(block, Heading) else None
