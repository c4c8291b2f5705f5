"""A Markdown text in sections that can be read one by one: what was read once need not be read again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from forgeapp.domain.document import Blocks

MIN_CHARS = 400
_WHOLE_ONLY = re.compile(
    r"\[\^|\^\[|^ {0,3}\[[^\]\n]{1,500}\]:"  # footnotes and links defined elsewhere
    r"|<!|<\?|</?(?:script|style|template|iframe|object|noscript|pre|textarea|table)\b",  # tags that span blank lines
    re.MULTILINE | re.IGNORECASE,
)
_BEGINS = re.compile(r"#{1,6} |[^\W\d_]")
"""A line that, below a blank one, begins a block of its own whatever stands above it."""
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Section:
    """`line`: the number of its first line, from 0; `lines`: how many."""

    line: int
    lines: int
    text: str


def sections(text: str) -> list[Section]:
    """The text cut where reading the parts gives the same blocks as reading the whole."""
    lines = text.split("\n")
    if _WHOLE_ONLY.search(text):
        return [Section(0, len(lines), text)]
    return list(_cut(lines))


def _cut(lines: list[str]) -> Iterator[Section]:
    begin = size = 0
    is_blank = False
    fence = ""
    open_math = 0
    for number, line in enumerate(lines):
        if fence:
            if line.strip(" \t>").startswith(fence) and not line.strip(" \t>").strip(fence[0]):
                fence = ""
        elif is_blank and size >= MIN_CHARS and not open_math and _BEGINS.match(line):
            yield Section(begin, number - begin, "\n".join(lines[begin:number]))
            begin, size = number, 0
        elif opening := _FENCE.match(line):
            fence = opening[1]
        if not fence and ("$$" in line or "\\[" in line or "\\]" in line):
            open_math = (open_math + line.count("$$")) % 2 if "$$" in line else open_math
            open_math = 1 if line.count("\\[") > line.count("\\]") else 0 if "\\]" in line else open_math
        is_blank = not line.strip()
        size += len(line) + 1
    yield Section(begin, len(lines) - begin, "\n".join(lines[begin:]))


def read(text: str, known: Mapping[str, Blocks], parse: Callable[[str], Blocks]) -> Iterator[tuple[Section, Blocks]]:
    """Each section with its blocks; those whose text is `known` are not parsed again."""
    for section in sections(text):
        blocks = known.get(section.text)
        yield section, parse(section.text) if blocks is None else blocks
