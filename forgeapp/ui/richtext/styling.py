"""Inlines as text with formats in the theme's colours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout

from forgeapp.domain.document import FootnoteMark, Inline, InlineMath, Inlines, LineBreak, Picture, Run
from forgeapp.exporters.formulas import Formula, Undrawn
from forgeapp.ui.richtext import formulas
from forgeapp.ui.richtext.cell import Cell, Insert, format_range, units
from forgeapp.ui.richtext.formulas import Wish, known
from forgeapp.ui.richtext.marked import TURN_ROLES, MarkedRun
from forgeapp.ui.richtext.pieces import LostRun, NumberedMark
from forgeapp.ui.theme import color, font, px, roles
from forgeapp.ui.wording import text_below, tr

MAX_SHOWN_CHARS = 200_000
"""Of one paragraph."""
NOTE, MARK = "#note:", "#mark:"
"""Addresses within a view: of a footnote, and of the mark that leads to it; its label follows."""
FORMULA_SIZE = 1.12
"""Of the text's: the font for formulas runs small."""
_STAND_IN = "x"
"""What a drawn formula replaces: unseen, and as wide as the formula."""


@dataclass(frozen=True, slots=True)
class Span:
    """An inline and the positions it stands between."""

    start: int
    end: int
    inline: Inline


@dataclass(frozen=True, slots=True)
class Styled:
    """`chips` stand on a ground of their own: code and formulas within a text."""

    text: str
    spans: tuple[Span, ...]

    @property
    def links(self) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if self.address(span) is not None)

    @staticmethod
    def address(span: Span) -> str | None:
        """Where a click on it leads, None: nowhere."""
        match span.inline:
            case LostRun():
                return None
            case Run(link=link) if is_link(link) or is_place(link):
                return link
            case NumberedMark(label=label):
                return NOTE + label
            case _:
                return None

    @property
    def lost(self) -> tuple[Span, ...]:
        """Links that lead to no heading."""
        return tuple(span for span in self.spans if isinstance(span.inline, LostRun))

    @property
    def chips(self) -> tuple[Span, ...]:
        return tuple(
            span
            for span in self.spans
            if (isinstance(span.inline, InlineMath) and drawn(span.inline) is None)
            or (isinstance(span.inline, Run) and span.inline.code)
        )

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """Formulas nobody has drawn yet."""
        asked = (Wish(span.inline.tex, False) for span in self.spans if isinstance(span.inline, InlineMath))
        return tuple(wish for wish in asked if known(wish) is None)

    def source(self, span: Span, part: str) -> str:
        """What is copied of an inline that shows `part`."""
        return span.inline.tex if isinstance(span.inline, InlineMath) and drawn(span.inline) else part


def drawn(inline: InlineMath) -> Formula | None:
    found = known(Wish(inline.tex, False))
    return found if isinstance(found, Formula) else None


def reason(inline: InlineMath) -> str:
    """Why it is shown as TeX; '' where it is not, or not yet known."""
    found = known(Wish(inline.tex, False))
    return text_below(found.reason) if isinstance(found, Undrawn) else ""


def lost_hint(text: Styled, cell: Cell, point: QPointF) -> str:
    """Why a link at a point of its cell leads nowhere; '' where there is none."""
    for span in text.lost:
        if isinstance(span.inline, LostRun) and any(rect.contains(point) for rect in cell.rects(span.start, span.end)):
            return tr("No heading here is called {address}", address=span.inline.link or "")
    return ""


def inserts(text: Styled, size: int, role: str = "ink") -> list[Insert]:
    """The formulas in a text, to be drawn in place of their stand-ins."""
    em = px(size) * FORMULA_SIZE
    made = []
    for span in text.spans:
        formula = drawn(span.inline) if isinstance(span.inline, InlineMath) else None
        if formula is not None:
            painting = partial(_paint_formula, formula, em, role)
            made.append(Insert(span.start, formula.ascent * em, formula.descent * em, painting))
    return made


def _paint_formula(formula: Formula, em: float, role: str, painter: QPainter, at: QPointF) -> None:
    formulas.paint(painter, formula, at.x(), at.y(), em, role)


def is_inner(address: str) -> bool:
    """Whether it leads to somewhere within the view."""
    return is_place(address)


def is_place(address: str | None) -> bool:
    """Whether it leads to a heading, a footnote or a mark of the same text."""
    return address is not None and address.startswith("#")


def is_link(address: str | None) -> bool:
    """Whether it is one that may be opened."""
    return bool(address) and address.lower().startswith(("http://", "https://", "mailto:"))  # type: ignore[union-attr]


def styled(inlines: Inlines) -> Styled:
    parts: list[str] = []
    spans: list[Span] = []
    at = size = 0
    for inline in inlines:
        match inline:
            case Run(text=text):
                shown = text.replace("\n", " ")
            case InlineMath(tex=tex):
                shown = _STAND_IN if drawn(inline) else tex.replace("\n", " ")
            case LineBreak():
                shown = "\u2028"
            case NumberedMark(number=number):
                shown = str(number)
            case FootnoteMark(label=label):
                shown = label
            case Picture(alt=alt):
                shown = alt
        shown = shown[: MAX_SHOWN_CHARS - size]
        length = units(shown)
        if length:
            parts.append(shown)
            spans.append(Span(at, at + length, inline))
            at += length
            size += len(shown)
    return Styled("".join(parts), tuple(spans))


def formats(text: Styled, size: int, weight: int = 400) -> list[QTextLayout.FormatRange]:
    """What differs from plain text of `size` and `weight`."""
    theme = (roles().ink, px(1000))
    made = []
    for span in text.spans:
        formula = drawn(span.inline) if isinstance(span.inline, InlineMath) else None
        if formula is not None:
            made.append(format_range(span.start, span.end - span.start, _stand_in(formula, size, weight)))
            continue
        look = _look_of(span.inline)
        if look != _PLAIN:
            made.append(format_range(span.start, span.end - span.start, _format(look, size, weight, theme)))
    return made


def _stand_in(formula: Formula, size: int, weight: int) -> QTextCharFormat:
    made = QTextCharFormat()
    type_ = QFont(font(size, weight))
    width = formula.width * px(size) * FORMULA_SIZE
    type_.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, width - QFontMetricsF(type_).horizontalAdvance(_STAND_IN))
    made.setFont(type_)
    made.setForeground(QColor(0, 0, 0, 0))
    return made


@dataclass(frozen=True, slots=True)
class _Look:
    bold: bool = False
    italic: bool = False
    strike: bool = False
    mono: bool = False
    role: str = ""
    raised: bool = False
    ground: str = ""


_PLAIN = _Look()


def _look_of(inline: Inline) -> _Look:
    match inline:
        case MarkedRun(turn=turn) if turn:
            is_struck = inline.strike or turn == "removed"
            role = TURN_ROLES[turn]
            return _Look(inline.bold, inline.italic, is_struck, inline.code, role, ground=f"{role}_soft")
        case Run():
            look = _Look(inline.bold, inline.italic, inline.strike, inline.code)
            is_live = not isinstance(inline, LostRun) and (is_link(inline.link) or is_place(inline.link))
            return replace(look, role="accent") if is_live else look
        case InlineMath():
            return _Look(mono=True, role="formula")
        case FootnoteMark():
            return _Look(role="accent", raised=True)
        case Picture():
            return _Look(italic=True, role="ink_3")
    return _PLAIN


@lru_cache(maxsize=512)
def _format(look: _Look, size: int, weight: int, theme: tuple[str, int]) -> QTextCharFormat:  # noqa: ARG001
    """`theme` is part of the key only: another theme, another format."""
    made = QTextCharFormat()
    heavy = 600 if look.bold and weight < 600 else (700 if look.bold and look.mono else weight)
    made.setFont(_font(look, size, heavy))
    if look.role:
        made.setForeground(QColor(color(look.role)))
    if look.ground:
        made.setBackground(QColor(color(look.ground)))
    if look.raised:
        made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
    return made


def _font(look: _Look, size: int, weight: int) -> QFont:
    made = font(size - 1 if look.mono else size, 700 if look.mono and weight >= 600 else weight, look.mono)
    made.setItalic(look.italic)
    made.setStrikeOut(look.strike)
    return made
