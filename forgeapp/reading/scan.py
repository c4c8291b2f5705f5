"""A reply cut into its parts, line by line and in linear time: fences, tables, headings, rules, paragraphs.

Fences know nesting: inside a Markdown fence a fence of the same length belongs to the document, as models mean it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.reading.drawn_tables import drawn_table_at, may_be_drawn
from forgeapp.reading.lenient_json import Decoded, decode
from forgeapp.reading.pipe_tables import PipeTable, has_pipe, table_at

MARKDOWN_WORDS = frozenset({"markdown", "md", "mdx", "gfm", "commonmark", "mkd"})
PLAIN_WORDS = frozenset({"", "text", "txt", "plaintext", "plain", "none", "nohighlight"})
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}(?=```|~~~)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_BOLD_LINE = re.compile(r"(?:\*\*(?!\s)([^*\n]{1,200})\*\*|__(?!\s)([^_\n]{1,200})__)\s*:?\s*")
_SENTENCE_END = (".", ":", "!", "?", ",", ";", "。", "：", "！", "？")
_JSON_START = re.compile(r"[\[{]\s*(?:[\[{\"]|$)")
MAX_JSON_TRIES = 8


@dataclass(frozen=True, slots=True)
class Fence:
    """`info`: all that follows the marks. `lines`: inside, the opening's indentation taken off."""

    start: int
    end: int
    info: str
    lines: tuple[str, ...]
    closed: bool

    @property
    def word(self) -> str:
        word = self.info.split()[0] if self.info.strip() else ""
        return re.split(r"[:{,=]", word.strip("{}."), maxsplit=1)[0].lower() if word else ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class HtmlPart:
    start: int
    end: int
    text: str
    closed: bool


@dataclass(frozen=True, slots=True)
class JsonPart:
    """JSON that stands in the reply without a fence."""

    start: int
    end: int
    text: str
    decoded: Decoded


@dataclass(frozen=True, slots=True)
class HeadingPart:
    start: int
    end: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class RulePart:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines without a blank one between; also list items and quotes."""

    start: int
    end: int
    text: str

    @property
    def is_list(self) -> bool:
        return bool(re.match(r"\s*(?:[-*+•]|\d{1,3}[.)])\s", self.text))

    @property
    def bold_line(self) -> str | None:
        """The text where the whole paragraph is one bold line."""
        match = _BOLD_LINE.fullmatch(self.text.strip())
        return (match[1] or match[2]).strip().rstrip(":").strip() if match else None


Part = Fence | PipeTable | HtmlPart | JsonPart | HeadingPart | RulePart | Paragraph


def is_rule(line: str) -> bool:
    """'---', '* * *', '___'."""
    text = line.strip().replace(" ", "")
    return len(text) >= 3 and text[0] in "*_-" and not text.strip(text[0]) and len(line) - len(line.lstrip(" ")) < 4


def fence_mark(line: str) -> tuple[int, str, str] | None:
    """Indentation, marks and info of a line that opens or closes a fence."""
    if "```" not in line and "~~~" not in line:
        return None
    text = line.lstrip(" \t>")
    indent = len(line) - len(text)
    if item := _ITEM.match(text):
        indent += item.end()
        text = text[item.end() :]
    character = text[:1]
    if character not in ("`", "~"):
        return None
    rest = text.lstrip(character)
    marks = text[: len(text) - len(rest)]
    if len(marks) < 3 or (character == "`" and "`" in rest):
        return None
    return indent, marks, rest.strip()


class _Marks:
    """Where fence marks stand, and what a reader who knows no nesting would find open at the end."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.at = {n: mark for n, line in enumerate(lines) if (mark := fence_mark(line))}
        self.last = max(self.at, default=-1)
        self._left_open: dict[int, bool] = {}
        open_if_outside, open_if_inside = False, True
        for number in sorted(self.at, reverse=True):
            self._left_open[number] = open_if_outside
            bare = not self.at[number][2]
            outside = open_if_inside
            inside = open_if_outside if bare else open_if_inside
            open_if_outside, open_if_inside = outside, inside

    def leaves_one_open(self, number: int) -> bool:
        """Whether a fence would stay open at the end if the mark in this line closed one."""
        return self._left_open[number]


def scan(lines: Sequence[str]) -> list[Part]:
    """The parts of `lines` in order; blank lines belong to none."""
    return _Scanner(lines).parts()


class _Scanner:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._marks = _Marks(lines)
        self._json_tries = 0

    def parts(self) -> list[Part]:
        found: list[Part] = []
        at, lines = 0, self._lines
        paragraph: int | None = None

        def close_paragraph(end: int) -> None:
            nonlocal paragraph
            if paragraph is not None:
                found.append(Paragraph(paragraph, end, "\n".join(lines[paragraph:end])))
                paragraph = None

        while at < len(lines):
            line = lines[at]
            if not line.strip():
                close_paragraph(at)
                at += 1
                continue
            if paragraph is not None and at == paragraph + 1 and (level := _underline(lines[at - 1], line)):
                text = lines[at - 1].strip()
                paragraph = None
                found.append(HeadingPart(at - 1, at + 1, level, text))
                at += 1
                continue
            part = self._part(at)
            if part is None:
                if paragraph is None:
                    paragraph = at
                at += 1
                continue
            close_paragraph(at)
            found.append(part)
            at = max(part.end, at + 1)
        close_paragraph(len(lines))
        return found

    def _part(self, at: int) -> Part | None:
        line = self._lines[at]
        if at in self._marks.at:
            return self._fence(at)
        if heading := _HEADING.match(line):
            return HeadingPart(at, at + 1, len(heading[1]), _without_hashes(heading[2] or ""))
        if is_rule(line):
            return RulePart(at, at + 1)
        if may_be_drawn(line) and (table := drawn_table_at(self._lines, at)):
            return table
        if (has_pipe(line) or line.lstrip().startswith("+-")) and (table := table_at(self._lines, at)):
            return table
        text = line.lstrip()
        if text[:6].lower() == "<table":
            return self._html(at)
        if text[0] in "[{" and _JSON_START.match(text) and self._json_tries < MAX_JSON_TRIES:
            self._json_tries += 1
            return self._json(at)
        return None

    def _fence(self, at: int) -> Fence:
        indent, marks, info = self._marks.at[at]
        word = info.split()[0].lower() if info else ""
        below = self._lines[at + 1] if at + 1 < len(self._lines) else ""
        nests = word in MARKDOWN_WORDS or (word in PLAIN_WORDS and below.lstrip().startswith("# "))
        depth = 1
        end, closed = len(self._lines), False
        for number in range(at + 1, len(self._lines)):
            mark = self._marks.at.get(number)
            if mark is None or mark[1][0] != marks[0] or len(mark[1]) < len(marks) or mark[0] > indent + 3 + 60 * nests:
                continue
            if mark[2]:
                depth += nests
                continue
            if depth == 1 and nests and self._opens_inside(number):
                depth += 1
                continue
            depth -= 1
            if depth == 0:
                end, closed = number, True
                break
        last = end
        while not closed and last > at + 1 and not self._lines[last - 1].strip():
            last -= 1
        body = self._lines[at + 1 : last]
        return Fence(at, end + 1 if closed else end, info, tuple(_dedented(line, indent) for line in body), closed)

    def _opens_inside(self, number: int) -> bool:
        """Whether a bare mark within a Markdown fence rather opens an inner fence than closes the outer one.

        What opens stands before text and, as a rule, after a blank line; what closes the other way round.
        """
        if number + 1 >= len(self._lines) or not self._lines[number + 1].strip() or number >= self._marks.last:
            return False
        return not self._lines[number - 1].strip() or self._marks.leaves_one_open(number)

    def _html(self, at: int) -> HtmlPart:
        depth = 0
        for number in range(at, len(self._lines)):
            lowered = self._lines[number].lower()
            depth += lowered.count("<table") - lowered.count("</table")
            if depth <= 0:
                return HtmlPart(at, number + 1, "\n".join(self._lines[at : number + 1]), True)
        end = next(n for n in range(len(self._lines), at, -1) if "<" in self._lines[n - 1])
        text = "\n".join(self._lines[at:end])
        return HtmlPart(at, end, text, False)

    def _json(self, at: int) -> JsonPart | None:
        text = "\n".join(self._lines[at:])
        decoded = decode(text)
        if decoded is None or not isinstance(decoded.value, dict | list) or not decoded.value:
            return None
        if not decoded.complete and "\n\n" in text.strip():
            return None
        after = text[decoded.end :].split("\n", 1)[0]
        if after.strip():
            return None
        end = at + text.count("\n", 0, decoded.end) + 1
        return JsonPart(at, end, text[: decoded.end], decoded)


def _without_hashes(text: str) -> str:
    text = text.strip()
    shorter = text.rstrip("#")
    return shorter.rstrip() if not shorter or shorter[-1] in " \t" else text


def _underline(text: str, line: str) -> int:
    """1 or 2 where `line` underlines `text` as a heading; '---' under a sentence is a rule."""
    mark = line.strip()
    if not mark or len(line) - len(line.lstrip(" ")) > 3 or text.startswith(("    ", "\t")):
        return 0
    if not mark.strip("="):
        return 1
    if not mark.strip("-") and len(mark) >= 2 and not text.rstrip(" *_").endswith(_SENTENCE_END):
        return 0 if re.match(r"\s*(?:[-*+>]|\d+[.)])\s", text) else 2
    return 0


def _dedented(line: str, indent: int) -> str:
    if not indent:
        return line
    space = len(line) - len(line.lstrip(" \t>"))
    return line[min(space, indent) :]
