"""The envelope a model is asked to put its artifact into, and the reading of it: both in one place.

<artifact kind="spreadsheet" title="Cafe budget">
...
</artifact>
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.domain.artifact import Kind
from forgeapp.reading.scan import fence_mark

_OPEN = re.compile(r"\s*<(?:ant)?artifact\b([^<>]*)>\s*$", re.IGNORECASE)
_CLOSE = re.compile(r"(.*?)</(?:ant)?artifact\s*>\s*$", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_FOREIGN_KINDS = {
    "text/markdown": Kind.DOCUMENT,
    "application/vnd.ant.code": Kind.CODE,
    "text/csv": Kind.TABLE,
    "sheet": Kind.SPREADSHEET,
    "workbook": Kind.SPREADSHEET,
}

_INTRODUCTION = """\
Put what the user asked for between two lines of their own:

<artifact kind="{kind}" title="a short title">
...
</artifact>

Say anything else outside, briefly. Write nothing of the artifact twice. Use one artifact unless several are asked \
for; if you need to ask something first, or decline, write no artifact at all."""

_INSIDE = {
    Kind.TABLE: "Inside a table: one GitHub-flavoured Markdown table with a header row; write | within a cell as \\|.",
    Kind.DOCUMENT: "Inside a document: Markdown, beginning with its title as a level 1 heading. No fence around it.",
    Kind.SPREADSHEET: """\
Inside a spreadsheet: JSON, one row a line, without a fence:
{"sheets":[
{"name":"Budget","rows":[
["Item","Amount"],
["Rent",850],
["Total","=SUM(B2:B2)"]
]}
]}
Numbers are JSON numbers without currency signs or separators. Whatever can be calculated is a formula: a string that \
begins with '=', English function names, commas between arguments. The first row of "rows" is row 1.""",
    Kind.CODE: """\
Inside code: one fence a file, its name after the language:
```python file=main.py
...
```""",
}


def instructions(kind: Kind | None) -> str:
    """What a model is told about the envelope; for one kind, or for all of them where the kind is left to it."""
    if kind is None or kind not in _INSIDE:
        kinds = "|".join(_INSIDE)
        return "\n\n".join((_INTRODUCTION.replace("{kind}", kinds), *_INSIDE.values()))
    return "\n\n".join((_INTRODUCTION.replace("{kind}", kind), _INSIDE[kind]))


@dataclass(frozen=True, slots=True)
class Envelope:
    """Lines `start` to `end` of a reply with the tags, `lines` within from line `inside` on; `kind` None if unknown."""

    kind: Kind | None
    title: str | None
    start: int
    end: int
    inside: int
    lines: tuple[str, ...]
    closed: bool


def opening(line: str) -> tuple[Kind | None, str | None] | None:
    """Kind and title of a line that opens an envelope, None for every other line."""
    if "<" not in line or len(line) > 2_000:
        return None
    match = _OPEN.match(line)
    if not match:
        return None
    attributes = {key.lower(): html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(match[1])}
    return _kind(attributes.get("kind") or attributes.get("type") or ""), attributes.get("title", "").strip() or None


def _kind(word: str) -> Kind | None:
    try:
        return Kind(word.strip().lower())
    except ValueError:
        return _FOREIGN_KINDS.get(word.strip().lower())


def before_closing(line: str) -> str | None:
    """What stands before the closing tag of a line that closes an envelope, None for every other line."""
    if "</" not in line or len(line) > 100_000 or not line.rstrip().endswith(">"):
        return None
    match = _CLOSE.match(line)
    return match[1] if match else None


def envelopes(lines: Sequence[str]) -> list[Envelope]:
    """Every envelope, in order; the tags stand on lines of their own, not within a fence of the reply."""
    found: list[Envelope] = []
    at = 0
    while at < len(lines):
        head = opening(lines[at])
        if head is None:
            at += 1
            continue
        end, inside, closed = _inside(lines, at + 1)
        found.append(Envelope(head[0], head[1], at, end, at + 1, inside, closed))
        at = end
    return found


def _inside(lines: Sequence[str], start: int) -> tuple[int, tuple[str, ...], bool]:
    """End, content and whether it was closed. A closing tag within an open fence counts only where no other does."""
    fence = ""
    first: int | None = None
    for number in range(start, len(lines)):
        rest = before_closing(lines[number])
        if rest is not None:
            if not fence:
                return number + 1, _content(lines, start, number, rest), True
            first = number if first is None else first
            continue
        if opening(lines[number]) is not None and (not fence or first is not None):
            if first is None:
                return number, tuple(lines[start:number]), False
            break
        mark = fence_mark(lines[number])
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not mark[2]:
            fence = ""
    if first is not None:
        rest = before_closing(lines[first]) or ""
        return first + 1, _content(lines, start, first, rest), True
    return len(lines), tuple(lines[start:]), False


def _content(lines: Sequence[str], start: int, end: int, rest: str) -> tuple[str, ...]:
    return (*lines[start:end], rest) if rest.strip() else tuple(lines[start:end])
