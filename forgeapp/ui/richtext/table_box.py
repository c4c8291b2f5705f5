"""Tables: a header on the ground's colour, hairlines, numbers to the right; wide ones scroll sideways.

One whose header runs from right to left begins at the right, as in PDF and Word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from forgeapp.domain.document import Inlines, Run, TableBlock, plain_text
from forgeapp.domain.numbers import parse_number
from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.cell import Cell
from forgeapp.ui.richtext.formulas import Wish
from forgeapp.ui.richtext.pieces import Piece, TablePiece
from forgeapp.ui.richtext.styling import Styled, formats, inserts, lost_hint, styled
from forgeapp.ui.theme import LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import number_text, tr

MAX_ROWS = 200
MAX_COLUMNS = 64
_PAD_X = 10
_PAD_Y = 5
_LEADING = 1.4
_WIDEST_WORD = 220
_WIDEST_TEXT = 420
_READABLE = 180
"""What a column takes of its natural width where the table scrolls sideways anyway."""
_BAR = 12
_MIRRORED = {"left": "right", "right": "left"}


class TableBox(Box):
    piece: TablePiece

    def restyle(self) -> None:
        self._rows: list[list[Cell]] = []
        self._styled: list[list[Styled]] = []
        self._texts: list[str] = []
        self._least: list[float] = []
        self._natural: list[float] = []
        self._aligns: list[str] = []
        self._lefts: list[int] = [0]
        self._tops: list[int] = [0]
        self._widths: list[int] = []
        self._is_backwards: bool | None = None
        self._overflow_before = 0
        self._add_rows(self.piece.table)

    def take_piece(self, piece: Piece) -> bool:
        if not isinstance(piece, TablePiece) or piece.table.header != self.piece.table.header:
            return False
        old, new = self.piece.table, piece.table
        self.piece = piece
        shown = min(len(old.rows), MAX_ROWS)
        kept = 0
        while kept < min(shown, len(new.rows)) and old.rows[kept] == new.rows[kept]:
            kept += 1
        self._forget_rows(kept + 1)
        self._add_rows(new)
        return True

    def _forget_rows(self, kept: int) -> None:
        columns = self._columns
        del self._rows[kept:], self._styled[kept:], self._texts[kept * columns :]

    @property
    def _columns(self) -> int:
        return min(len(self.piece.table.header), MAX_COLUMNS)

    def _add_rows(self, table: TableBlock) -> None:
        rows = (table.header, *table.rows[:MAX_ROWS])
        columns = self._columns
        aligns = [_alignment(table, column) for column in range(columns)]
        size = self.look.table
        if not self._rows:
            self._least = [0.0] * columns
            self._natural = [0.0] * columns
        if aligns != self._aligns:
            self._widths = []
            self._aligns = aligns
            for made in self._rows:
                for column, cell in enumerate(made):
                    self._align(cell, aligns[column])
        for row in rows[len(self._rows) :]:
            weight = 400 if self._rows else 600
            cells: list[Cell] = []
            texts: list[Styled] = []
            for column in range(columns):
                inlines: Inlines = row[column] if column < len(row) else ()
                text = styled(inlines)
                styles, drawn = formats(text, size, weight), inserts(text, size)
                cell = Cell(text.text, font(size, weight), px(size) * _LEADING, styles, inserts=drawn)
                least, natural = cell.widths()
                self._least[column] = max(self._least[column], min(least, px(_WIDEST_WORD)))
                self._natural[column] = max(self._natural[column], min(natural, px(_WIDEST_TEXT)))
                cells.append(cell)
                texts.append(text)
            if self._is_backwards is None:
                self._is_backwards = _runs_backwards(cells)
            for cell, alignment in zip(cells, aligns, strict=True):
                self._align(cell, alignment)
            self._rows.append(cells)
            self._styled.append(texts)
            self._texts += [text.text for text in texts]
        self.set_texts(self._texts)

    def _align(self, cell: Cell, alignment: str) -> None:
        if self._is_backwards:
            cell.align(_MIRRORED.get(alignment, alignment))
        else:
            cell.align("right" if cell.is_right_to_left else alignment)

    @property
    def hidden_rows(self) -> int:
        return max(0, len(self.piece.table.rows) - MAX_ROWS)

    @property
    def shown_rows(self) -> list[list[Styled]]:
        """Header first."""
        return self._styled

    def arrange(self) -> int:
        widths = self._column_widths()
        self._widths = widths
        beyond = self._overflow_before - self.scroll_x
        self._lefts = [0]
        for column in range(len(widths)):
            self._lefts.append(self._lefts[-1] + widths[self._place_of(column)])
        self.content_width = self._lefts[-1] + 1
        pad_x, pad_y = px(_PAD_X), px(_PAD_Y)
        self._tops = [0]
        for row in self._rows:
            top = self._tops[-1]
            height = 0.0
            for column, cell in enumerate(row):
                cell.x = self._lefts[self._place_of(column)] + pad_x
                cell.y = top + pad_y
                height = max(height, cell.lay_out(widths[column] - 2 * pad_x))
            self._tops.append(top + ceil(height) + 2 * pad_y)
        height = self._tops[-1] + 1
        # What is scrolled past stays so on the side where the table ends.
        self.scroll_x = max(self.overflow - beyond, 0) if self._is_backwards else min(self.scroll_x, self.overflow)
        self._overflow_before = self.overflow
        height += _BAR if self.overflow else 0
        return height + (px(LABEL) + 12 if self.hidden_rows else 0)

    def _place_of(self, column: int) -> int:
        """Where a column stands, counted from the left; and which one stands there."""
        return self._columns - 1 - column if self._is_backwards else column

    @property
    def shift(self) -> int:
        """How far from the left it begins: a narrow one that runs from the right stands there."""
        return max(self.room - self.content_width, 0) if self._is_backwards else 0

    @property
    def origin(self) -> QPointF:
        return super().origin + QPointF(self.shift, 0)

    def _column_widths(self) -> list[int]:
        pad = 2 * px(_PAD_X)
        least = [ceil(width) + 1 + pad for width in self._least]
        natural = [max(ceil(width) + 1 + pad, small) for width, small in zip(self._natural, least, strict=True)]
        room = self.room - 1
        if sum(natural) <= room:
            if not self.look.fills_width:
                return natural
            spare = room - sum(natural)
            shares = [spare * width // sum(natural) for width in natural]
            shares[-1] += spare - sum(shares)
            return [width + share for width, share in zip(natural, shares, strict=True)]
        if sum(least) <= room:
            spare = room - sum(least)
            wish = sum(natural) - sum(least)
            return [small + (wide - small) * spare // wish for small, wide in zip(least, natural, strict=True)]
        return [min(wide, max(small, px(_READABLE))) for small, wide in zip(least, natural, strict=True)]

    @property
    def table_height(self) -> int:
        return self._tops[-1] + 1

    def cell(self, number: int) -> Cell:
        row, column = divmod(number, self._columns)
        return self._rows[row][column]

    def cell_number_at(self, point: QPointF) -> int:
        row = min(max(0, bisect_right(self._tops, point.y()) - 1), len(self._rows) - 1)
        column = min(max(0, bisect_right(self._lefts, point.x()) - 1), self._columns - 1)
        return row * self._columns + self._place_of(column)

    def cells_in(self, clip: QRectF) -> Iterator[int]:
        first = max(0, bisect_right(self._tops, clip.top()) - 1)
        last = min(len(self._rows), bisect_right(self._tops, clip.bottom()) + 1)
        return iter(range(first * self._columns, last * self._columns))

    def paint(self, painter: QPainter, clip: QRectF, selection: tuple[int, int] | None) -> None:
        shown = min(self.content_width, self.room)
        left = self.indent + self.shift
        right = left + shown
        frame = QRectF(left + 0.5, 0.5, shown - 1, self.table_height - 1)
        painter.save()
        shape = QPainterPath()
        shape.addRoundedRect(frame, RADIUS, RADIUS)
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(left, 0, shown, self._tops[min(1, len(self._tops) - 1)]), color("sunken"))
        for x in self._lefts[1:-1]:
            painter.fillRect(QRectF(left + x - self.scroll_x, 0, 1, self.table_height), color("line_2"))
        for number, y in enumerate(self._tops[1:-1], 1):
            is_sum = number == len(self._rows) - 1 and number > 1 and _is_bold(self._styled[number])
            painter.fillRect(QRectF(left, y - is_sum, right - left, 1 + is_sum), color("line" if is_sum else "line_2"))
        painter.setPen(color("ink"))
        self.paint_cells(painter, clip, selection, self.origin)
        painter.restore()
        painter.setPen(color("line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        if self.hidden_rows:
            painter.setFont(font(LABEL))
            painter.setPen(color("ink_3"))
            text = tr("{count} more rows are not shown here", count=number_text(self.hidden_rows))
            painter.drawText(QPointF(self.indent, self.height - 4), text)

    def link_at(self, point: QPointF) -> str | None:
        inner = point - self.origin
        number = self.cell_number_at(inner)
        row, column = divmod(number, self._columns)
        for span in self._styled[row][column].links:
            if any(rect.contains(inner) for rect in self.cell(number).rects(span.start, span.end)):
                return self._styled[row][column].address(span)
        return None

    def hint_at(self, point: QPointF) -> str:
        inner = point - self.origin
        number = self.cell_number_at(inner)
        row, column = divmod(number, self._columns)
        return lost_hint(self._styled[row][column], self.cell(number), inner)

    def links(self) -> list[tuple[int, int, str]]:
        found: list[tuple[int, int, str]] = []
        for number, start in enumerate(self.starts):
            row, column = divmod(number, self._columns)
            links = self._styled[row][column].links
            found += [(start + span.start, start + span.end, Styled.address(span) or "") for span in links]
        return found

    @property
    def wishes(self) -> Sequence[Wish]:
        return [wish for row in self._styled for text in row for wish in text.wishes]


def _alignment(table: TableBlock, column: int) -> str:
    given = table.alignments[column] if column < len(table.alignments) else None
    if given:
        return given
    texts = [plain_text(row[column]).strip() for row in table.rows[:40] if column < len(row)]
    texts = [text for text in texts if text and text not in ("-", "–", "—")]
    return "right" if texts and all(parse_number(text) is not None for text in texts) else "left"


def _runs_backwards(header: Sequence[Cell]) -> bool:
    """Whether most of its words run from right to left; figures run either way."""
    worded = [cell for cell in header if any(map(str.isalpha, cell.text))]
    return 2 * sum(cell.is_right_to_left for cell in worded) > len(worded)


def _is_bold(row: list[Styled]) -> bool:
    """Whether it is a row of totals: all that stands in it is bold."""
    inlines = [span.inline for text in row for span in text.spans]
    return bool(inlines) and all(isinstance(inline, Run) and inline.bold for inline in inlines)
