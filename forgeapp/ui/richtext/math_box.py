"""A formula on a line of its own: drawn in the middle, or as its TeX where it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from forgeapp.exporters.formulas import Formula, Undrawn
from forgeapp.ui.richtext import formulas
from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.cell import Cell
from forgeapp.ui.richtext.formulas import Wish
from forgeapp.ui.richtext.pieces import MathPiece, Piece
from forgeapp.ui.richtext.styling import FORMULA_SIZE
from forgeapp.ui.theme import color, font, px
from forgeapp.ui.wording import text_below

_PAD = 4
_SMALLEST = 0.6
"""What a wide formula shrinks to; wider ones are cut at the edge."""


class MathBox(Box):
    piece: MathPiece

    def restyle(self) -> None:
        self._wish = Wish(self.piece.tex, True)
        size = self.look.code + 1
        text = self.piece.tex.replace("\n", "\u2028")
        self._cell = Cell(text, font(size, mono=True), px(size) * self.look.leading)
        self.set_texts((text,))

    def take_piece(self, piece: Piece) -> bool:
        if not isinstance(piece, MathPiece):
            return False
        self.piece = piece
        self.restyle()
        return True

    @property
    def formula(self) -> Formula | None:
        found = formulas.known(self._wish)
        return found if isinstance(found, Formula) else None

    @property
    def wishes(self) -> Sequence[Wish]:
        return (self._wish,) if formulas.known(self._wish) is None else ()

    def arrange(self) -> int:
        self._cell.lay_out(self.room)
        formula = self.formula
        if formula is None:
            return ceil(self._cell.height)
        full = px(self.look.text) * FORMULA_SIZE
        self._em = full * min(1.0, max(self.room / max(formula.width * full, 1.0), _SMALLEST))
        return ceil((formula.ascent + formula.descent) * self._em) + 2 * px(_PAD)

    def cell(self, number: int) -> Cell:  # noqa: ARG002
        return self._cell

    def position_at(self, point: QPointF) -> int:
        if self.formula is None:
            return super().position_at(point)
        return 0 if point.y() < self.height / 2 else self.length

    def caret(self, position: int) -> QRectF:
        return super().caret(position) if self.formula is None else QRectF(self.indent, 0, 1, self.height)

    def line_ends(self, position: int) -> tuple[int, int]:
        return super().line_ends(position) if self.formula is None else (0, self.length)

    def paint(self, painter: QPainter, clip: QRectF, selection: tuple[int, int] | None) -> None:
        formula = self.formula
        if formula is None:
            painter.setPen(color("formula"))
            self.paint_cells(painter, clip, selection, self.origin)
            return
        left = self.indent + max(0.0, (self.room - formula.width * self._em) / 2)
        if selection and selection[1] > selection[0]:
            area = QRectF(left, 0, min(formula.width * self._em, self.room), self.height)
            painter.fillRect(area, color("accent", 0.25))
        painter.save()
        painter.setClipRect(QRectF(self.indent, 0, self.room, self.height))
        formulas.paint(painter, formula, left, px(_PAD) + formula.ascent * self._em, self._em, "ink")
        painter.restore()

    def hint_at(self, point: QPointF) -> str:  # noqa: ARG002
        found = formulas.known(self._wish)
        return text_below(found.reason) if isinstance(found, Undrawn) else ""
