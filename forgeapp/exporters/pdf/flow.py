"""Pages of a PDF that grow downwards: a cursor, page breaks, and lines drawn with what decorates them.

Lengths are points, measured from the paper's upper left corner. Not here: what a block looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil, floor
from typing import Protocol

from fpdf import FPDF

from forgeapp.exporters.pdf.pen import baseline_of, color_of, draw_line, lead_of, line_extra
from forgeapp.exporters.pdf.style import (
    BAR,
    FOOTER,
    FOOTER_BASELINE,
    GROUND,
    HAIRLINE,
    INK,
    MARGIN_BOTTOM,
    MARGIN_SIDE,
    MARGIN_TOP,
    MUTED,
    STRONG_LINE,
    Mark,
    Style,
)
from forgeapp.exporters.pdf.text import Line, Typesetter

_FOOTER = Style(size=FOOTER, color=MUTED)
BAR_WIDTH = 2.2
_DOT_GAP = 4.2
_ROUNDING = 0.01
_MOST_KEPT = 1 / 3
"""Of a page: higher lines do not wait for what comes next."""


def new_paper(size: tuple[float, float]) -> FPDF:
    """A PDF without a page, whose breaks and margins are left to Flow."""
    paper = FPDF(unit="pt", format=size)
    paper.set_auto_page_break(False)
    paper.set_margin(0)
    paper.c_margin = 0
    # Else the text '{nb}' would be taken for the number of pages.
    paper.str_alias_nb_pages = ""
    return paper


class NotesAtFoot(Protocol):
    """The footnotes of the present page, which stand at its foot (notes)."""

    def least(self, marks: Iterable[Mark]) -> float:
        """The height that marks on a line need on its page for their notes."""
        ...

    def take(self, marks: Iterable[Mark]) -> None:
        """The marks stand on this page: their notes go to its foot, as much of them as there is room for."""
        ...

    def end_page(self) -> None: ...

    def begin_page(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Kept:
    """Lines that wait for what comes next. `space`: above them. `draw` moves the cursor below them."""

    space: float
    height: float
    draw: Callable[[], None]


@dataclass(slots=True)
class _Bar:
    x: float
    since: float | None = None


class Flow:
    """Where the next line goes. `left` and `right` are the edges of the present column of text.

    `upright`: the usual size of a page. `bottom`: where this page's text ends, above its footnotes. `notes`: None where
    the publication has none.
    """

    def __init__(self, paper: FPDF, typesetter: Typesetter, upright: tuple[float, float]) -> None:
        self.paper = paper
        self.type = typesetter
        self.upright = upright
        self.notes: NotesAtFoot | None = None
        self.on_page: Callable[[], None] = lambda: None
        """Called when a page begins."""
        self._page_sizes: list[tuple[float, float]] = []
        self._bars: list[_Bar] = []
        self._hanging: list[Callable[[], None]] = []
        self._kept: list[_Kept] = []
        self._space = 0.0
        self.left = MARGIN_SIDE
        self.right = upright[0] - MARGIN_SIDE
        self.y = MARGIN_TOP
        self._size = upright
        self.bottom = self.lowest
        self._has_page = False

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def lowest(self) -> float:
        """Where a page ends that has no footnotes."""
        return self._size[1] - MARGIN_BOTTOM

    @property
    def is_at_top(self) -> bool:
        return self.y <= MARGIN_TOP

    @property
    def is_on_wide_page(self) -> bool:
        return self._size != self.upright

    @property
    def page_room(self) -> float:
        """The height of an empty page."""
        return self.lowest - MARGIN_TOP

    @property
    def room(self) -> float:
        """The height left on this page, after the space asked for."""
        return self.bottom - self.y - (0.0 if self.is_at_top else self._space)

    def space(self, height: float) -> None:
        """Asks for space before what comes next; of several wishes the largest counts, none at the top of a page."""
        self._space = max(self._space, height)

    def cancel_space(self) -> None:
        self._space = 0.0

    def begin(self, height: float, lead: float = 0.0) -> None:
        """Moves to where something of this height stands whole, with what was kept for it, on a new page if need be.

        `lead`: how much lower than usual its first line stands; what hangs beside it goes with it.
        """
        kept, self._kept = self._kept, []
        spaces = [*(each.space for each in kept), self._space]
        if self.is_at_top:
            spaces[0] = 0.0
        elif self.y + sum(spaces) + sum(each.height for each in kept) + height > self.bottom:
            self.new_page()
            spaces[0] = 0.0
        if not self._has_page:
            self._add_page()
        for space, each in zip(spaces, kept, strict=False):
            self.y += space
            each.draw()
        self._space = spaces[-1]
        if kept and self.y + self._space + height > self.bottom + _ROUNDING:
            # Together they are higher than a page.
            self.new_page()
        self._settle(lead)

    def keep(self, lines: Sequence[Line], leading: float, arrive: Callable[[], None] = lambda: None) -> None:
        """Lines that stand on the page of what comes next. `arrive` is called where they begin."""
        height = self._height(lines, leading)
        if height > self.page_room * _MOST_KEPT:
            self.begin(height)
            arrive()
            self.lines(lines, leading)
            return
        left, width = self.left, self.width

        def draw() -> None:
            arrive()
            for line in lines:
                self._set_line(line, left, width, leading, "start")

        self._kept.append(_Kept(self._space, height, draw))
        self._space = 0.0

    def release(self) -> None:
        """Draws what was kept, should nothing come."""
        if self._kept:
            self.begin(0.0)

    def _settle(self, lead: float) -> None:
        self.y += self._space
        self._space = 0.0
        for bar in self._bars:
            if bar.since is None:
                bar.since = self.y
        if self._hanging:
            hanging, self._hanging = self._hanging, []
            self.y += lead
            for draw in hanging:
                draw()
            self.y -= lead

    @property
    def is_hanging(self) -> bool:
        return bool(self._hanging)

    def hang(self, draw: Callable[[], None]) -> None:
        """Draws it beside what comes next, on the page where that stands."""
        self._hanging.append(draw)

    def new_page(self) -> None:
        for bar in self._bars:
            self._draw_bar(bar)
        self._end_page()
        self._add_page()
        self._space = 0.0
        for bar in self._bars:
            bar.since = self.y if bar.since is not None else None

    def set_page_size(self, size: tuple[float, float]) -> None:
        """What comes next goes on pages of this size: a new one, unless it is the present size."""
        if size == self._size:
            return
        self.release()
        for bar in self._bars:
            self._draw_bar(bar)
            bar.since = None
        self.leave_page()
        self._size = size
        self.right = size[0] - MARGIN_SIDE
        self.bottom = self.lowest

    def leave_page(self) -> None:
        """What comes next stands on another page, also where this one is empty."""
        self.release()
        self._end_page()
        self.y, self._space, self._has_page, self.bottom = MARGIN_TOP, 0.0, False, self.lowest

    def turn_over(self) -> None:
        """What comes next begins a page: another one, unless this one is empty."""
        self.release()
        if self._has_page and not (self.is_at_top and self.bottom == self.lowest):
            self.leave_page()

    def open_bar(self, x: float) -> None:
        """Begins a bar along the left side of all that is drawn until `close_bar`."""
        self._bars.append(_Bar(x))

    def close_bar(self) -> None:
        self._draw_bar(self._bars.pop())

    def lines(self, lines: Sequence[Line], leading: float, *, align: str = "start", below: float = 0.0) -> None:
        """Draws the lines of a paragraph; none stands alone at the foot or the head of a page.

        `below`: what there must be room for under the last one.
        """
        count = len(lines)
        together = lines[: count if count <= 3 else 2]
        first = lines[0] if lines else None
        lead = lead_of(first, leading) if first and first.ascent else 0.0
        least = self._height(together, leading) + (below if count <= 3 else 0.0)
        self.begin(min(least, self.page_room), lead)
        for index, line in enumerate(lines):
            least = self._height(lines[index : index + (2 if count - index == 2 else 1)], leading)
            if count - index == 2:
                least += below
            if self.y + least > self.bottom + _ROUNDING and not self.is_at_top:
                self.new_page()
            self._set_line(line, self.left, self.width, leading, align)

    def _set_line(self, line: Line, left: float, width: float, leading: float, align: str) -> None:
        """Draws one line, goes on below it, and takes its notes to the foot of the page."""
        self.line(line, left, width, leading, align)
        self.y += leading + line_extra(line, leading)
        if line.marks and self.notes:
            self.notes.take(line.marks)

    def _height(self, lines: Sequence[Line], leading: float) -> float:
        """Of lines with what their footnotes need at least."""
        height = leading * len(lines)
        for line in lines:
            if line.ascent:
                height += line_extra(line, leading)
            if line.marks and self.notes:
                height += self.notes.least(line.marks)
        return height

    def line(self, line: Line, left: float, width: float, leading: float, align: str) -> None:
        """Draws one line at the cursor's height, which stays; 'start' is the right for one that runs backwards."""
        if not line.pieces:
            return
        if align == "right" or (align == "start" and line.is_backwards):
            left += width - line.width
        elif align == "center":
            left += (width - line.width) / 2
        draw_line(self.paper, line, left, self.y + baseline_of(line, leading))

    def picture(self, data: bytes, left: float, width: float, height: float) -> None:
        """At the cursor's height, which stays."""
        self.paper.image(BytesIO(data), left, self.y, width, height)

    def section(self, name: str, level: int) -> None:
        """An entry of the outline that leads to the cursor's height; `level` from 0."""
        self.paper.set_y(self.y)
        self.paper.start_section(name, level, strict=False)

    def place(self, link: int) -> None:
        """Where a link leads to from now on: to the cursor's height."""
        self.paper.set_link(link, y=self.y, page=self.paper.page)

    def box(self, left: float, top: float, width: float, height: float, color: str = GROUND) -> None:
        self.paper.set_fill_color(color_of(color))
        self.paper.rect(left, top, width, height, style="F")
        self.paper.set_fill_color(color_of(INK))

    def rule(self, left: float, right: float, y: float, thickness: float = 0.5, color: str = HAIRLINE) -> None:
        self.paper.set_draw_color(color_of(color))
        self.paper.set_line_width(thickness)
        self.paper.line(left, y, right, y)

    def check_box(self, left: float, top: float, size: float, *, is_checked: bool) -> None:
        paper = self.paper
        paper.set_line_width(0.8)
        paper.set_draw_color(color_of(INK if is_checked else MUTED))
        paper.rect(left, top, size, size, round_corners=True, corner_radius=1.4)
        if is_checked:
            paper.set_line_width(1.1)
            points = ((0.22, 0.52), (0.43, 0.74), (0.80, 0.26))
            paper.polyline([(left + x * size, top + y * size) for x, y in points])

    def turn_mark(self, left: float, middle: float, size: float) -> None:
        """A small hook: the line above goes on here. Drawn, so that it is not copied with the text."""
        paper = self.paper
        paper.set_draw_color(color_of(STRONG_LINE))
        paper.set_line_width(0.6)
        bottom, right = middle + size * 0.2, left + size * 0.8
        paper.polyline([(left, middle - size * 0.4), (left, bottom), (right, bottom)])
        paper.polyline(
            [(right - size * 0.25, bottom - size * 0.25), (right, bottom), (right - size * 0.25, bottom + size * 0.25)]
        )

    def leader(self, left: float, right: float, y: float) -> None:
        """A quiet row of dots."""
        if right - left < 4 * _DOT_GAP:
            return
        # On one raster for all lines of a page.
        start, end = ceil(left / _DOT_GAP) * _DOT_GAP, floor(right / _DOT_GAP) * _DOT_GAP
        self.paper.set_dash_pattern(dash=0.01, gap=_DOT_GAP - 0.01)
        self.rule(start, end, y, 0.7, STRONG_LINE)
        self.paper.set_dash_pattern()

    def lead_to(self, left: float, top: float, width: float, height: float, page: int, y: float) -> None:
        """Makes an area of the present page lead to a height of another one."""
        paper = self.paper
        link = paper.add_link(page=page)
        here = paper.h_pt
        paper.h_pt = self._page_sizes[page - 1][1]
        paper.set_link(link, y=y, page=page)
        paper.h_pt = here
        paper.link(left, top, width, height, link)

    @property
    def page_count(self) -> int:
        return len(self._page_sizes)

    def end(self) -> None:
        """Nothing more is set; of a publication without content an empty page stays."""
        self.release()
        if not self._page_sizes:
            self._add_page()
        self._end_page()

    def number_pages(self, title: str, first: int) -> None:
        """Gives every page from `first` its footer: the title where it begins, and at the other edge 'page / pages'.

        A single page has none.
        """
        count = len(self._page_sizes)
        if count == 1:
            return
        paper = self.paper
        head = self.type.lines([(title, _FOOTER)], self.upright[0] - 2 * MARGIN_SIDE - 80)[0]
        for page, (width, height) in enumerate(self._page_sizes, 1):
            if page < first:
                continue
            self.turn_to(page)
            number = self.type.lines([(f"{page} / {count}", _FOOTER)], width)[0]
            first_line, last_line = (number, head) if head.is_backwards else (head, number)
            draw_line(paper, first_line, MARGIN_SIDE, height - FOOTER_BASELINE)
            draw_line(paper, last_line, width - MARGIN_SIDE - last_line.width, height - FOOTER_BASELINE)

    def turn_to(self, page: int) -> None:
        """What is drawn from now on stands on this page, counted from 1."""
        paper = self.paper
        paper.page = page
        paper.w, paper.h = paper.w_pt, paper.h_pt = self._page_sizes[page - 1]
        # Font, colours and line width are part of a page's state; the library knows them of the last page only.
        paper.current_font_is_set_on_page = False
        paper.draw_color = paper.fill_color = color_of(BAR)
        paper.set_draw_color(color_of(INK))
        paper.set_fill_color(color_of(INK))
        paper.line_width = -1.0
        paper.set_line_width(0.5)

    def _end_page(self) -> None:
        if self._has_page and self.notes:
            self.notes.end_page()

    def _draw_bar(self, bar: _Bar) -> None:
        if bar.since is not None and self.y > bar.since:
            self.box(bar.x, bar.since, BAR_WIDTH, self.y - bar.since, BAR)

    def _add_page(self) -> None:
        self.paper.add_page(format=self._size)
        self._page_sizes.append(self._size)
        self.paper.set_fill_color(color_of(INK))
        self.y, self._has_page, self.bottom = MARGIN_TOP, True, self.lowest
        if self.notes:
            self.notes.begin_page()
        self.on_page()
