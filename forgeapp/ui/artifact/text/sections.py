"""A Markdown text in sections that can be read one by one: what was read once need not be read again.

What is defined elsewhere in the text, links, pictures, footnotes, goes along with each section that uses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from forgeapp.domain.document import Blocks
from forgeapp.domain.fences import open_fence
from forgeapp.reading.definitions import Definitions, lift_definitions

MIN_CHARS = 160
_WHOLE_ONLY = re.compile(
    r"\^\["  # footnotes without a label
    r"|<!|<\?|</?(?:script|style|template|iframe|object|noscript|pre|textarea|table)\b",  # tags that span blank lines
    re.IGNORECASE,
)
_BEGINS = re.compile(r"#{1,6} |[^\W\d_]|!\[|\||[\"“(]|\*\*\S")
"""A line that, below a blank one, begins a block of its own whatever stands above it."""


@dataclass(frozen=True, slots=True)
class Section:
    """`line`: the number of its first line, from 0; `lines`: how many. `needs`: definitions from elsewhere."""

    line: int
    lines: int
    text: str
    needs: str = ""


def sections(text: str) -> list[Section]:
    """The text cut where reading the parts, each with what it needs, gives the same blocks as reading the whole."""
    definitions = lift_definitions(text)
    if definitions is None or _WHOLE_ONLY.search(definitions.body):
        return [Section(0, text.count("\n") + 1, text)]
    return list(_cut(definitions))


def end_of_prose(text: str) -> int:
    """The line from which on there are only definitions: where footnotes stand in the text."""
    definitions = lift_definitions(text)
    return text.count("\n") + 1 if definitions is None else definitions.end


def _cut(definitions: Definitions) -> Iterator[Section]:
    lines = definitions.body.split("\n")
    begin = size = 0
    is_blank = False
    fence = ""
    open_math = 0

    def section(end: int) -> Section:
        text = "\n".join(lines[begin:end])
        return Section(begin, end - begin, text, definitions.used_by(text))

    for number, line in enumerate(lines):
        was_open, fence = bool(fence), open_fence(line, fence)
        if is_blank and not was_open and size >= MIN_CHARS and not open_math and _BEGINS.match(line):
            yield section(number)
            begin, size = number, 0
        if not fence and ("$$" in line or "\\[" in line or "\\]" in line):
            open_math = (open_math + line.count("$$")) % 2 if "$$" in line else open_math
            open_math = 1 if line.count("\\[") > line.count("\\]") else 0 if "\\]" in line else open_math
        is_blank = not line.strip()
        size += len(line) + 1
    yield section(len(lines))


def read(text: str, known: Mapping[str, Blocks], parse: Callable[[str], Blocks]) -> Iterator[tuple[Section, Blocks]]:
    """Each section with its blocks; those whose text, with what it needs, is `known` are not parsed again."""
    for section in sections(text):
        whole = section.needs + section.text
        blocks = known.get(whole)
        yield section, parse(whole) if blocks is None else blocks
