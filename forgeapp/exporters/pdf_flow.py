"""Pages of a PDF that grow downwards: a cursor, page breaks, and lines drawn with what decorates them.

Lengths are points, measured from the paper's upper left corner. Not here: what a block looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fpdf import FPDF
from fpdf.drawing_primitives import DeviceRGB, color_from_hex_string

from forgeapp.exporters.pdf_style import (
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
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Style,
)
from forgeapp.exporters.pdf_text import Line, Piece, Typesetter

_FOOTER = Style(size=FOOTER, color=MUTED)
_BASELINE = 0.34
"""Of the size: how far the baseline lies below the middle of the line."""
_BAR_WIDTH = 2.2


def new_paper() -> FPDF:
    """A PDF without a page, whose breaks and margins are left to Flow."""
    paper = FPDF(unit="pt", format=(PAGE_WIDTH, PAGE_HEIGHT))
    paper.set_auto_page_break(False)
    paper.set_margin(0)
    paper.c_margin = 0
    # Else the text '{nb}' would be taken for the number of pages.
    paper.str_alias_nb_pages = ""
    return paper


@dataclass(slots=True)
class _Bar:
    x: float
    since: float | None = None


class Flow:
    """Where the next line goes. `left` and `right` are the edges of the present column of text."""

    def __init__(self, paper: FPDF, typesetter: Typesetter) -> None:
        self.paper = paper
        self.type = typesetter
        self._page_widths: list[float] = []
        self._bars: list[_Bar] = []
        self._space = 0.0
        self.left = MARGIN_SIDE
        self.right = PAGE_WIDTH - MARGIN_SIDE
        self.y = MARGIN_TOP
        self._size = (PAGE_WIDTH, PAGE_HEIGHT)
        self._has_page = False

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def bottom(self) -> float:
        return self._size[1] - MARGIN_BOTTOM

    @property
    def is_at_top(self) -> bool:
        return self.y <= MARGIN_TOP

    @property
    def is_on_wide_page(self) -> bool:
        return self._size != (PAGE_WIDTH, PAGE_HEIGHT)

    @property
    def page_room(self) -> float:
        """The height of an empty page."""
        return self.bottom - MARGIN_TOP

    @property
    def room(self) -> float:
        """The height left on this page, after the space asked for."""
        return self.bottom - self.y - (0.0 if self.is_at_top else self._space)

    def space(self, height: float) -> None:
        """Asks for space before what comes next; of several wishes the largest counts, none at the top of a page."""
        self._space = max(self._space, height)

    def cancel_space(self) -> None:
        self._space = 0.0

    def begin(self, height: float) -> None:
        """Moves to where something of this height stands whole, on a new page if need be."""
        if self.is_at_top:
            self._space = 0.0
        elif self.y + self._space + height > self.bottom:
            self.new_page()
        if not self._has_page:
            self._add_page()
        self.y += self._space
        self._space = 0.0
        for bar in self._bars:
            if bar.since is None:
                bar.since = self.y

    def new_page(self) -> None:
        for bar in self._bars:
            self._draw_bar(bar)
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
        self._size = size
        self.right = size[0] - MARGIN_SIDE
        self.y, self._space, self._has_page = MARGIN_TOP, 0.0, False

    def open_bar(self, x: float) -> None:
        """Begins a bar along the left side of all that is drawn until `close_bar`."""
        self._bars.append(_Bar(x))

    def close_bar(self) -> None:
        self._draw_bar(self._bars.pop())

    def lines(self, lines: Sequence[Line], leading: float, *, align: str = "left") -> None:
        """Draws the lines of a paragraph; none stands alone at the foot or the head of a page."""
        count = len(lines)
        self.begin(leading * (count if count <= 3 else 2))
        for index, line in enumerate(lines):
            left = count - index
            if self.y + leading > self.bottom + 0.01 or (left == 2 and self.y + 2 * leading > self.bottom + 0.01):
                self.new_page()
            self.line(line, self.left, self.width, leading, align)
            self.y += leading

    def line(self, line: Line, left: float, width: float, leading: float, align: str) -> None:
        """Draws one line at the cursor's height, which stays."""
        if not line.pieces:
            return
        if align == "right" or (align == "left" and line.is_backwards):
            left += width - line.width
        elif align == "center":
            left += (width - line.width) / 2
        size = max(piece.style.size for piece in line.pieces)
        draw_line(self.paper, line, left, self.y + leading / 2 + _BASELINE * size)

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

    def finish(self, title: str) -> None:
        """Gives every page its footer: the title to the left, 'page / pages' to the right; none to a single page."""
        if not self._has_page:
            self._add_page()
        count = len(self._page_widths)
        if count == 1:
            return
        paper = self.paper
        baseline = paper.h - FOOTER_BASELINE
        head = self.type.lines([(title, _FOOTER)], PAGE_WIDTH - 2 * MARGIN_SIDE - 80)[0]
        for page, width in enumerate(self._page_widths, 1):
            paper.page = page
            # The font is part of a page's state; the library keeps track of it for the present page only.
            paper.current_font_is_set_on_page = False
            number = self.type.lines([(f"{page} / {count}", _FOOTER)], PAGE_WIDTH)[0]
            draw_line(paper, head, MARGIN_SIDE, baseline)
            draw_line(paper, number, width - MARGIN_SIDE - number.width, baseline)

    def _draw_bar(self, bar: _Bar) -> None:
        if bar.since is not None and self.y > bar.since:
            self.box(bar.x, bar.since, _BAR_WIDTH, self.y - bar.since, BAR)

    def _add_page(self) -> None:
        self.paper.add_page(format=self._size)
        self._page_widths.append(self._size[0])
        self.paper.set_fill_color(_color(INK))
        self.y, self._has_page = MARGIN_TOP, True


def draw_line(pdf: FPDF, line: Line, left: float, baseline: float) -> None:
    """Draws the pieces of one line from `left` on."""
    for piece in line.pieces:
        style = piece.style
        if style.ground:
            size = style.size
            pdf.set_fill_color(_color(GROUND))
            pdf.rect(left - 1, baseline - size, piece.width + 2, size * 1.32, style="F")
            pdf.set_fill_color(_color(INK))
        _draw_piece(pdf, piece, left, baseline - (0.34 * style.size if style.raised else 0))
        if style.strike:
            _stroke(pdf, left, baseline - 0.3 * style.size, piece.width, style.color, 0.6)
        if style.link:
            if not style.raised:
                _stroke(pdf, left, baseline + 1.6, piece.width, style.color, 0.35)
            pdf.link(left, baseline - style.size, piece.width, style.size * 1.3, style.link)
        left += piece.width


def _draw_piece(pdf: FPDF, piece: Piece, left: float, baseline: float) -> None:
    style = piece.style
    pdf.set_font(piece.face.family, piece.face.emphasis, style.size)
    pdf.set_text_color(_color(style.color))
    if not piece.shaped:
        pdf.text(left, baseline, piece.text)
        return
    pdf.set_text_shaping(True, direction="rtl" if piece.level % 2 else "ltr")
    pdf.set_xy(left, baseline - 0.8 * style.size)
    pdf.cell(w=piece.width, h=style.size, text=piece.text)
    pdf.set_text_shaping(False)


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
