"""What stands before the text of a PDF: its cover, and its contents with page numbers.

The contents are laid out first, since their pages come first, and drawn last, when the pages of the headings are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.document import Blocks, Inline, InlineMath, LineBreak, Picture, Run
from forgeapp.exporters.front import listed_headings
from forgeapp.exporters.pdf.flow import Flow
from forgeapp.exporters.pdf.inlines import InlineSetter
from forgeapp.exporters.pdf.pen import line_extra
from forgeapp.exporters.pdf.style import (
    BODY,
    HEADINGS,
    INK,
    LEADING,
    LINK,
    MARGIN_SIDE,
    MARGIN_TOP,
    MUTED,
    Style,
)
from forgeapp.exporters.pdf.text import Line

_INDENT = 17.0
_NUMBER_ROOM = 34.0
_SPACE_ABOVE = (7.0, 1.5, 0.0)
_TITLE = Style(size=HEADINGS[0], bold=True)
_LEADER_GAP = 6.0

_COVER_TITLE = Style(size=30.0, bold=True)
_COVER_SUBJECT = Style(size=14.0, color=MUTED)
_COVER_LINE = Style(size=BODY, color=MUTED)
_COVER_WIDTH = 0.86
_BAR = 48.0
_COVER_TOP = 0.3
"""Of the page: where the title stands."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The words of a cover page, cleaned by `flowing`; what is '' is not there."""

    title: str
    subject: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """`number` among all headings; `level` from 1, the highest in the contents."""

    number: int
    level: int
    lines: list[Line]
    style: Style

    @property
    def height(self) -> float:
        leading = self.style.size * LEADING
        return sum(leading + line_extra(line, leading) for line in self.lines)


def set_cover(flow: Flow, cover: Cover) -> None:
    """A page of its own: the title on the upper third, who and when at its foot."""
    flow.begin(0.0)
    width = flow.width * _COVER_WIDTH
    flow.y = flow.lowest * _COVER_TOP
    size = _COVER_TITLE.size
    title = flow.type.lines([(cover.title, _COVER_TITLE)], width)
    while size > HEADINGS[0] and len(title) > 4:
        size -= 2
        title = flow.type.lines([(cover.title, _COVER_TITLE.at(size))], width)
    left = flow.right - _BAR if title[0].is_backwards else flow.left
    flow.rule(left, left + _BAR, flow.y - size, 2.6, LINK)
    _set_lines(flow, title, size * 1.22, flow.lowest - 140)
    flow.y += 12
    _set_lines(flow, flow.type.lines([(cover.subject, _COVER_SUBJECT)], width), 20.0, flow.lowest - 90)
    foot = [text for text in (cover.author, cover.date) if text]
    flow.y = flow.lowest - len(foot) * _COVER_LINE.size * LEADING
    for number, text in enumerate(foot):
        style = replace(_COVER_LINE, color=INK) if number == 0 and cover.author else _COVER_LINE
        _set_lines(flow, flow.type.lines([(text, style)], width)[:1], style.size * LEADING, flow.lowest + 1)
    flow.leave_page()


def _set_lines(flow: Flow, lines: Iterable[Line], leading: float, lowest: float) -> None:
    for line in lines:
        if line.pieces and flow.y + leading <= lowest:
            flow.line(line, flow.left, flow.width, leading, "start")
            flow.y += leading


class Contents:
    """Made of the headings of `blocks`, with `words` above: `reserve` takes their pages, `draw` fills them."""

    def __init__(self, flow: Flow, inlines: InlineSetter, blocks: Blocks, words: str) -> None:
        self._flow = flow
        self._words = words
        entries: list[_Entry] = []
        headings = listed_headings(blocks)
        highest = min((heading.level for _, heading in headings), default=1)
        for number, heading in headings:
            level = heading.level - highest + 1
            style = Style(bold=level == 1, color=INK if level == 1 else MUTED)
            room = flow.width - _NUMBER_ROOM - _LEADER_GAP - (level - 1) * _INDENT
            lines = flow.type.lines(inlines.spans(_plain(heading.inlines), style), room)
            entries.append(_Entry(number, level, lines, style))
        self._pages: list[list[tuple[float, _Entry]]] = []
        self._first_page = 0
        y = MARGIN_TOP + _TITLE.size * 2.2
        page: list[tuple[float, _Entry]] = []
        for entry in entries:
            y += _SPACE_ABOVE[entry.level - 1] if page else 0.0
            if page and y + entry.height > flow.lowest:
                self._pages.append(page)
                page, y = [], MARGIN_TOP
            page.append((y, entry))
            y += entry.height
        if page:
            self._pages.append(page)

    def reserve(self) -> None:
        for _ in self._pages:
            self._flow.begin(0.0)
            self._first_page = self._first_page or self._flow.page_count
            self._flow.leave_page()

    def draw(self, places: Sequence[tuple[int, float]]) -> None:
        """`places`: the page and height of every heading, also of those not listed."""
        flow = self._flow
        flow.left, flow.right = MARGIN_SIDE, flow.upright[0] - MARGIN_SIDE
        for offset, entries in enumerate(self._pages):
            flow.turn_to(self._first_page + offset)
            if not offset:
                flow.y = MARGIN_TOP
                flow.line(flow.type.lines([(self._words, _TITLE)], flow.width)[0], flow.left, flow.width, 24.0, "start")
            for y, entry in entries:
                flow.y = y
                self._draw_entry(entry, *places[entry.number])

    def _draw_entry(self, entry: _Entry, page: int, height: float) -> None:
        flow = self._flow
        leading = entry.style.size * LEADING
        indent = (entry.level - 1) * _INDENT
        backwards = bool(entry.lines) and entry.lines[0].is_backwards
        left, right = (flow.left, flow.right - indent) if backwards else (flow.left + indent, flow.right)
        top = flow.y
        for line in entry.lines:
            flow.line(line, left, right - left, leading, "start")
            flow.y += leading + line_extra(line, leading)
        flow.y -= leading
        number = flow.type.lines([(str(page), entry.style)], _NUMBER_ROOM)[0]
        flow.line(number, left, right - left, leading, "start" if backwards else "right")
        last = entry.lines[-1].width if entry.lines else 0.0
        gap = (last + _LEADER_GAP, number.width + _LEADER_GAP)
        start, end = (left + gap[1], right - gap[0]) if backwards else (left + gap[0], right - gap[1])
        flow.leader(start, end, flow.y + leading / 2 + 0.3 * entry.style.size)
        flow.lead_to(left, top, right - left, flow.y + leading - top, page, height)


def _plain(inlines: Sequence[Inline]) -> list[Inline]:
    """A heading without looks, links and marks."""
    plain: list[Inline] = []
    for inline in inlines:
        match inline:
            case Run(text=text):
                plain.append(Run(text))
            case InlineMath():
                plain.append(inline)
            case Picture(alt=alt):
                plain.append(Run(alt))
            case LineBreak():
                plain.append(Run(" "))
            case _:
                pass
    return plain
