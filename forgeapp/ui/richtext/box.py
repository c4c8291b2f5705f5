"""What a piece is drawn as: text in cells, found by positions that run through all cells of a box."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from forgeapp.ui.richtext.cell import Cell, cut, fill, units
from forgeapp.ui.richtext.formulas import Wish
from forgeapp.ui.richtext.look import Look
from forgeapp.ui.richtext.pieces import Container, Piece, RulePiece
from forgeapp.ui.theme import color, px, roles

QUOTE_INDENT = 16


class Box:
    """One piece on the page. `y` and `height` are whole pixels; the space to the left of `indent` holds the marker."""

    def __init__(self, piece: Piece, look: Look) -> None:
        self.piece = piece
        self.look = look
        self.y = 0
        self.height = 0
        self.width = -1
        self.indent = 0
        self.scroll_x = 0
        self.content_width = 0
        self.texts: Sequence[str] = ()
        self.starts: list[int] = []
        self.stamp = theme_stamp()
        self.awaited: Sequence[Wish] = ()
        """Formulas it was laid out without."""

    @property
    def length(self) -> int:
        """The last position."""
        return self.starts[-1] + units(self.texts[-1]) if self.starts else 0

    @property
    def has_work(self) -> bool:
        """Whether `work` has something left to do, such as colouring long code."""
        return False

    @property
    def is_laid_out(self) -> bool:
        return self.width >= 0

    @property
    def is_outdated(self) -> bool:
        """Whether the theme is another one than when its cells were made."""
        return self.stamp != theme_stamp()

    @property
    def overflow(self) -> int:
        """How far it can be scrolled sideways."""
        return max(0, self.content_width - self.room)

    @property
    def room(self) -> int:
        """The width right of the indentation."""
        return max(40, self.width - self.indent)

    @property
    def content_rect(self) -> QRectF:
        """What scrolls sideways, within the box."""
        return QRectF(self.indent, 0, self.room, self.height)

    def work(self) -> None:
        """A slice of a few milliseconds."""

    def set_texts(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.starts = []
        at = 0
        for text in texts:
            self.starts.append(at)
            at += units(text) + 1

    def cell(self, number: int) -> Cell:
        raise NotImplementedError

    def cell_number_at(self, point: QPointF) -> int:  # noqa: ARG002
        """The cell nearest to a point."""
        return 0

    def cells_in(self, clip: QRectF) -> Iterator[int]:  # noqa: ARG002
        """The cells that a rectangle within the box may show."""
        return iter(range(len(self.texts)))

    def lay_out(self, width: int) -> None:
        """Takes `width`; `height` is known then."""
        if not self.is_laid_out:
            self.stamp = theme_stamp()
            self.restyle()
        self.width = width
        self.indent = min(indent_of(self.piece.place.containers, self.look), width // 2)
        self.height = self.arrange()
        self.awaited = self.wishes

    def arrange(self) -> int:
        """Places what it holds; the height."""
        return 0

    def take_piece(self, piece: Piece) -> bool:  # noqa: ARG002
        """Once laid out: shows a changed piece in place of its own, where that is cheaper than a new box."""
        return False

    def restyle(self) -> None:
        """Makes the cells in the theme's colours and sizes; it is laid out afterwards."""

    def refresh(self) -> None:
        """Follows the theme, before it is painted."""
        if self.is_laid_out and self.is_outdated:
            self.stamp = theme_stamp()
            self.restyle()
            self.lay_out(self.width)

    def paint(self, painter: QPainter, clip: QRectF, selection: tuple[int, int] | None) -> None:
        """Draws what lies in `clip`; the painter's origin is the box's."""

    def paint_cells(self, painter: QPainter, clip: QRectF, selection: tuple[int, int] | None, origin: QPointF) -> None:
        """Text and its selection; the painter's pen is the colour of the text."""
        for number in self.cells_in(clip):
            cell = self.cell(number)
            if selection:
                start = max(0, selection[0] - self.starts[number])
                end = min(units(cell.text), selection[1] - self.starts[number])
                if start < end:
                    fill(painter, cell.rects(start, end), origin, color("accent", 0.25))
            cell.paint(painter, origin)

    @property
    def origin(self) -> QPointF:
        """Where the cells' coordinates begin."""
        return QPointF(self.indent - self.scroll_x, 0)

    def position_at(self, point: QPointF) -> int:
        if not self.starts:
            return 0
        inner = point - self.origin
        number = min(self.cell_number_at(inner), len(self.starts) - 1)
        return self.starts[number] + self.cell(number).position_at(inner)

    def caret(self, position: int) -> QRectF:
        if not self.starts:
            return QRectF(0, 0, 1, self.height)
        number, offset = self.find(position)
        return self.cell(number).caret(offset).translated(self.origin)

    def find(self, position: int) -> tuple[int, int]:
        """The cell of a position, and the position within it."""
        number = max(0, bisect_right(self.starts, position) - 1)
        return number, min(position - self.starts[number], units(self.texts[number]))

    def line_ends(self, position: int) -> tuple[int, int]:
        if not self.starts:
            return 0, 0
        number, offset = self.find(position)
        start, end = self.cell(number).line_ends(offset)
        return self.starts[number] + start, self.starts[number] + end

    def parts(self, start: int, end: int) -> Iterator[tuple[int, str, int, int]]:
        """The cells from one position to another: number, selected text, where it begins and ends in the cell."""
        for number, (text, at) in enumerate(zip(self.texts, self.starts, strict=True)):
            first, last = max(0, start - at), min(units(text), end - at)
            if first <= last and (first < last or not text):
                yield number, cut(text, first, last), first, last

    def link_at(self, point: QPointF) -> str | None:  # noqa: ARG002
        return None

    def hint_at(self, point: QPointF) -> str:  # noqa: ARG002
        """What is to be known of what stands there; '' for nothing."""
        return ""

    @property
    def wishes(self) -> Sequence[Wish]:
        """Formulas in it that nobody has drawn yet."""
        return ()

    def links(self) -> list[tuple[int, int, str]]:
        """Start, end and address of each."""
        return []


class RuleBox(Box):
    """A hairline."""

    def arrange(self) -> int:
        return px(9)

    def paint(self, painter: QPainter, clip: QRectF, selection: tuple[int, int] | None) -> None:  # noqa: ARG002
        assert isinstance(self.piece, RulePiece)
        painter.fillRect(QRectF(self.indent, self.height // 2, self.room, 1), color("line"))


def indent_of(containers: Sequence[Container], look: Look) -> int:
    return sum(container_indent(container, look) for container in containers)


def container_indent(container: Container, look: Look) -> int:
    if container.digits is None:
        return px(QUOTE_INDENT)
    return px(look.indent + max(0, container.digits - 2) * (look.text // 2 + 1))


def theme_stamp() -> tuple[str, int]:
    """What changes when the theme does."""
    return roles().ground, px(1000)
