"""The looks of a PDF page: type scale, space and colours; sizes in points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from fpdf import FPDF

from forgeapp.domain.export_options import Paper

PAPER: Final[Mapping[Paper, tuple[float, float]]] = {Paper.A4: (595.28, 841.89), Paper.LETTER: (612.0, 792.0)}
"""Width and height of an upright page."""
MARGIN_SIDE, MARGIN_TOP, MARGIN_BOTTOM = 64.0, 62.0, 66.0
FOOTER_BASELINE = 34.0
"""Of the page number, above the paper's lower edge."""

BODY, SMALL, CODE, FOOTER = 10.5, 9.0, 8.8, 8.0
CODE_IN_TEXT = 0.9
"""Of the text around it."""
LEADING = 1.5
CODE_LEADING = 1.45
HEADINGS = (19.0, 15.0, 13.0, 11.5, 10.5, 10.5)
HEADING_LEADING = 1.28
SPACE_ABOVE_HEADING = (26.0, 22.0, 17.0, 14.0, 12.0, 12.0)
SPACE_BELOW_HEADING = (9.0, 7.0, 5.0, 4.0, 3.0, 3.0)
SPACE = 9.0
"""Between paragraphs."""
SPACE_IN_LIST = 3.0
INDENT = 19.0
DEEPEST_INDENT = 10
"""Levels of lists and quotes that still move to the right; deeper ones stay there."""

INK = "#1b1d21"
MUTED = "#666d78"
LINK = "#1f5fbf"
HAIRLINE = "#d9dde3"
STRONG_LINE = "#8b929d"
GROUND = "#f5f6f8"
BAR = "#cfd4dc"


class Drawing(Protocol):
    """What stands in a line like a letter. `width`, `ascent` and `descent` at full size, in points."""

    width: float
    ascent: float
    descent: float

    def paint(self, pdf: FPDF, left: float, baseline: float, scale: float, color: str) -> None:
        """Draws it, `scale` times its full size."""
        ...


@dataclass(slots=True, eq=False)
class Mark:
    """The number that stands for a footnote. `note` and `back` are the places of the footnote and of its mark.

    `is_named`: the text has it somewhere.
    """

    number: int
    note: int
    back: int
    is_named: bool = False
    is_drawn: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """How a run is set.

    `link`: an address, or the number of a place in the file. `ground`: a light box behind it. `drawing`: what is shown
    instead of the text, which stays there to be searched and copied. `mark`: the footnote the text is the number of.
    """

    size: float = BODY
    bold: bool = False
    italic: bool = False
    mono: bool = False
    strike: bool = False
    raised: bool = False
    ground: bool = False
    color: str = INK
    link: str | int | None = None
    drawing: Drawing | None = None
    mark: Mark | None = None

    @property
    def emphasis(self) -> str:
        return ("B" if self.bold else "") + ("I" if self.italic else "")

    def at(self, size: float) -> Style:
        return replace(self, size=size)


PLAIN = Style()
HEADER = Style(size=SMALL, bold=True)
CELL = Style(size=SMALL)
