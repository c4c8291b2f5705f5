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
from fpdf.drawing_primitives import DeviceRGB, color_from_hex_string

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
from forgeapp.exporters.pdf.text import Line, Piece, Typesetter

_FOOTER = Style(size=FOOTER, color=MUTED)
_BASELINE = 0.34
"""Of the size: how far the baseline lies below the middle of the line."""
BAR_WIDTH = 2.2
_DOT_GAP = 4.2
_AIR = 1.5
"""Above and below a drawing that is higher than its line."""


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
    """The footnotes of the present page, which stand at its foot (pdf_notes)."""

    def least(self, marks: Iterable[Mark]) -> float:
        """The height that marks on a line need on its page for their notes."""
        ...

    def take(self, marks: Iterable[Mark]) -> None:
        """The marks stand on this page: their notes go to its foot, as much of them as there is room for."""
        ...

    def end_page(self) -> None: ...

    def begin_page(self) -> None: ...


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
        """Moves to where something of this height stands whole, on a new page if need be.

        `lead`: how much lower than usual its first line stands; what hangs beside it goes with it.
        """
        if self.is_at_top:
            self._space = 0.0
        elif self.y + self._space + height > self.bottom:
            self.new_page()
        if not self._has_page:
            self._add_page()
        self._settle(lead)

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
        for bar in self._bars:
            self._draw_bar(bar)
            bar.since = None
        self.leave_page()
        self._size = size
        self.right = size[0] - MARGIN_SIDE
        self.bottom = self.lowest

    def leave_page(self) -> None:
        """What comes next stands on a page of its own."""
        self._end_page()
        self.y, self._space, self._has_page = MARGIN_TOP, 0.0, False

    def open_bar(self, x: float) -> None:
        """Begins a bar along the left side of all that is drawn until `close_bar`."""
        self._bars.append(_Bar(x))

    def close_bar(self) -> None:
        self._draw_bar(self._bars.pop())

    def lines(self, lines: Sequence[Line], leading: float, *, align: str = "start") -> None:
        """Draws the lines of a paragraph; none stands alone at the foot or the head of a page."""
        count = len(lines)
        together = lines[: count if count <= 3 else 2]
        first = lines[0] if lines else None
        lead = _lead(first, leading) if first and first.ascent else 0.0
        self.begin(min(self._height(together, leading), self.page_room), lead)
        for index, line in enumerate(lines):
            if self.y + self._height(lines[index : index + (2 if count - index == 2 else 1)], leading) > (
                self.bottom + 0.01
            ):
                self.new_page()
            self.line(line, self.left, self.width, leading, align)
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
        size = max(piece.style.size for piece in line.pieces)
        lead = _lead(line, leading) if line.ascent else 0.0
        draw_line(self.paper, line, left, self.y + lead + leading / 2 + _BASELINE * size)

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
        self.paper.set_fill_color(_color(color))
        self.paper.rect(left, top, width, height, style="F")
        self.paper.set_fill_color(_color(INK))

    def rule(self, left: float, right: float, y: float, thickness: float = 0.5, color: str = HAIRLINE) -> None:
        self.paper.set_draw_color(_color(color))
        self.paper.set_line_width(thickness)
        self.paper.line(left, y, right, y)

    def check_box(self, left: float, top: float, size: float, *, is_checked: bool) -> None:
        paper = self.paper
        paper.set_line_width(0.8)
        paper.set_draw_color(_color(INK if is_checked else MUTED))
        paper.rect(left, top, size, size, round_corners=True, corner_radius=1.4)
        if is_checked:
            paper.set_line_width(1.1)
            points = ((0.22, 0.52), (0.43, 0.74), (0.80, 0.26))
            paper.polyline([(left + x * size, top + y * size) for x, y in points])

    def turn_mark(self, left: float, middle: float, size: float) -> None:
        """A small hook: the line above goes on here. Drawn, so that it is not copied with the text."""
        paper = self.paper
        paper.set_draw_color(_color(STRONG_LINE))
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
        if not self._page_sizes:
            self._add_page()
        self._end_page()

    def number_pages(self, title: str, first: int) -> None:
        """Gives every page from `first` its footer: the title left, 'page / pages' right; none to a single page."""
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
            draw_line(paper, head, MARGIN_SIDE, height - FOOTER_BASELINE)
            draw_line(paper, number, width - MARGIN_SIDE - number.width, height - FOOTER_BASELINE)

    def turn_to(self, page: int) -> None:
        """What is drawn from now on stands on this page, counted from 1."""
        paper = self.paper
        paper.page = page
        paper.w, paper.h = paper.w_pt, paper.h_pt = self._page_sizes[page - 1]
        # Font, colours and line width are part of a page's state; the library knows them of the last page only.
        paper.current_font_is_set_on_page = False
        paper.draw_color = paper.fill_color = _color(BAR)
        paper.set_draw_color(_color(INK))
        paper.set_fill_color(_color(INK))
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
        self.paper.set_fill_color(_color(INK))
        self.y, self._has_page, self.bottom = MARGIN_TOP, True, self.lowest
        if self.notes:
            self.notes.begin_page()
        self.on_page()


def line_extra(line: Line, leading: float) -> float:
    """What a line with drawings is higher than others."""
    if not line.ascent:
        return 0.0
    size = max(piece.style.size for piece in line.pieces)
    return _lead(line, leading) + max(0.0, line.descent + _AIR - (leading / 2 - _BASELINE * size))


def _lead(line: Line, leading: float) -> float:
    """How much lower than usual a line with drawings stands."""
    size = max(piece.style.size for piece in line.pieces)
    return max(0.0, line.ascent + _AIR - (leading / 2 + _BASELINE * size))


def draw_line(pdf: FPDF, line: Line, left: float, baseline: float) -> None:
    """Draws the pieces of one line from `left` on."""
    for piece in line.pieces:
        style = piece.style
        if style.ground:
            size = style.size
            pdf.set_fill_color(_color(GROUND))
            pdf.rect(left - 1, baseline - size, piece.width + 2, size * 1.32, style="F")
            pdf.set_fill_color(_color(INK))
        if style.drawing:
            style.drawing.paint(pdf, left, baseline, piece.scale, style.color)
            _draw_unseen(pdf, piece, left, baseline)
        else:
            _draw_piece(pdf, piece, left, baseline - (0.34 * style.size if style.raised else 0))
        if style.strike:
            _stroke(pdf, left, baseline - 0.3 * style.size, piece.width, style.color, 0.6)
        if style.link:
            if not style.raised:
                _stroke(pdf, left, baseline + 1.6, piece.width, style.color, 0.35)
            pdf.link(left, baseline - style.size, piece.width, style.size * 1.3, style.link)
        if style.mark and not style.mark.is_drawn:
            style.mark.is_drawn = True
            pdf.set_link(style.mark.back, y=max(baseline - 2 * style.size, 0), page=pdf.page)
        left += piece.width


def _draw_piece(pdf: FPDF, piece: Piece, left: float, baseline: float) -> None:
    style = piece.style
    pdf.set_font(piece.face.family, piece.face.emphasis, style.size)
    pdf.set_text_color(_color(style.color))
    if not piece.shaped:
        pdf.text(left, baseline, piece.text)
        return
    _draw_shaped(pdf, piece, left, baseline)


def _draw_shaped(pdf: FPDF, piece: Piece, left: float, baseline: float) -> None:
    """All of it at once: `cell` would cut before every mark of no script (harakat, accents), and letters fall apart."""
    from fpdf.line_break import Fragment

    if not pdf.current_font_is_set_on_page:
        pdf.text(left, baseline, "")
    pdf.set_text_shaping(True, direction="rtl" if piece.level % 2 else "ltr")
    shaping = pdf.text_shaping
    assert shaping is not None
    shaping["fragment_direction"] = shaping["direction"]
    fragment = Fragment(piece.text, pdf._get_current_graphics_state(), pdf.k)
    glyphs = fragment.render_with_text_shaping(left, baseline, pdf.h, 0.0)
    pdf.set_text_shaping(False)
    color = _color(piece.style.color).serialize().lower()
    pdf._out(f"q {color} BT {left:.2f} {pdf.h - baseline:.2f} Td {glyphs} ET Q")


def _draw_unseen(pdf: FPDF, piece: Piece, left: float, baseline: float) -> None:
    """Text in rendering mode 3 (ISO 32000-1, 9.3.6), stretched to the width of the drawing it stands for."""
    natural = sum(part.width for part in piece.behind)
    stretch = piece.width / natural if natural > 0 else 1.0
    for part in piece.behind:
        pdf.set_font(part.face.family, part.face.emphasis, part.style.size)
        if not pdf.current_font_is_set_on_page:
            pdf.text(left, baseline, "")
        pdf._out(f"q 3 Tr {stretch * 100:.2f} Tz")
        pdf.text(left, baseline, part.text)
        pdf._out("Q")
        left += part.width * stretch


def _stroke(pdf: FPDF, left: float, y: float, width: float, color: str, thickness: float) -> None:
    pdf.set_draw_color(_color(color))
    pdf.set_line_width(thickness)
    pdf.line(left, y, left + width, y)


_COLORS: dict[str, DeviceRGB] = {}


def _color(value: str) -> DeviceRGB:
    color = _COLORS.get(value)
    if color is None:
        parsed = color_from_hex_string(value)
        if not isinstance(parsed, DeviceRGB):
            raise TypeError(f"{value} is not '#rrggbb'")
        color = _COLORS[value] = parsed
    return color
