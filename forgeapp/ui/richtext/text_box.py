"""Paragraphs, headings and items."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from forgeapp.domain.document import InlineMath
from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.cell import Cell
from forgeapp.ui.richtext.formulas import Wish
from forgeapp.ui.richtext.pieces import Marker, Piece, TextPiece
from forgeapp.ui.richtext.styling import MARK, formats, inserts, lost_hint, reason, styled
from forgeapp.ui.theme import CAPTION, color, font, px

_MARKER_GAP = 7


class TextBox(Box):
    piece: TextPiece

    def restyle(self) -> None:
        piece, look = self.piece, self.look
        self.styled = styled(piece.inlines)
        size = look.size_of(piece)
        weight = 600 if piece.level else 400
        leading = look.heading_leading if piece.level else look.leading
        made = formats(self.styled, size, weight)
        drawn = inserts(self.styled, size, self._role())
        self._cell = Cell(self.styled.text, font(size, weight), px(size) * leading, made, inserts=drawn)
        self.set_texts((self.styled.text,))

    def take_piece(self, piece: Piece) -> bool:
        if not isinstance(piece, TextPiece):
            return False
        self.piece = piece
        self.restyle()
        return True

    def arrange(self) -> int:
        self._cell.lay_out(self.room)
        return ceil(self._cell.height)

    @property
    def natural_width(self) -> int:
        """The width at which no line breaks."""
        return self.indent + ceil(Cell.widths(self._cell)[1])

    @property
    def origin(self) -> QPointF:
        return QPointF(0 if self._cell.is_right_to_left else self.indent, 0)

    def cell(self, number: int) -> Cell:  # noqa: ARG002
        return self._cell

    def paint(self, painter: QPainter, clip: QRectF, selection: tuple[int, int] | None) -> None:
        origin = self.origin
        for chip in self.styled.chips:
            self._paint_chip(painter, chip.start, chip.end, origin)
        if self.piece.place.marker:
            self._paint_marker(painter, self.piece.place.marker)
        painter.setPen(color(self._role()))
        self.paint_cells(painter, clip, selection, origin)

    def _role(self) -> str:
        in_quote = any(container.digits is None for container in self.piece.place.containers)
        quiet = self.piece.look == "note" or in_quote or (self.piece.level >= 5)
        return "ink_2" if quiet else "ink"

    def _paint_chip(self, painter: QPainter, start: int, end: int, origin: QPointF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("sunken"))
        size = px(self.look.size_of(self.piece))
        for rect in self._cell.rects(start, end):
            spare = max(0.0, (rect.height() - size * 1.4) / 2)
            painter.drawRoundedRect(rect.translated(origin).adjusted(-2, spare, 2, -spare), 3, 3)

    def _paint_marker(self, painter: QPainter, marker: Marker) -> None:
        is_mirrored = self._cell.is_right_to_left
        edge = self.width - self.indent + px(_MARKER_GAP) if is_mirrored else self.indent - px(_MARKER_GAP)
        baseline = self._cell.first_baseline()
        text_font = font(self.look.size_of(self.piece))
        middle = baseline - QFontMetricsF(text_font).xHeight() / 2
        if marker.checked is not None:
            side = px(13)
            left = edge if is_mirrored else edge - side + px(2)
            self._paint_task(painter, QRectF(round(left), round(middle - side / 2), side, side), marker.checked)
            return
        if marker.label or marker.number is not None:
            text = marker.label or f"{marker.number}."
            if marker.label:
                text_font = font(CAPTION)
            painter.setFont(text_font)
            painter.setPen(color("accent" if marker.label else "ink"))
            width = QFontMetricsF(text_font).horizontalAdvance(text)
            painter.drawText(QPointF(edge if is_mirrored else edge - width, baseline), text)
            return
        radius = px(1000) * 0.0022
        centre = QPointF(edge + radius + 1 if is_mirrored else edge - radius - 1, middle)
        if marker.depth % 3 == 1:
            painter.setPen(QPen(color("ink"), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, radius + 0.3, radius + 0.3)
        elif marker.depth % 3 == 2:
            painter.fillRect(QRectF(centre.x() - radius, centre.y() - radius / 2, 2 * radius, radius), color("ink"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("ink"))
            painter.drawEllipse(centre, radius, radius)

    def _paint_task(self, painter: QPainter, rect: QRectF, checked: bool) -> None:
        painter.setBrush(color("accent") if checked else Qt.BrushStyle.NoBrush)
        painter.setPen(Qt.PenStyle.NoPen if checked else QPen(color("ink_3"), 1.2))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if checked:
            painter.setPen(QPen(color("accent_ink"), 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            points = ((0.27, 0.52), (0.43, 0.68), (0.74, 0.35))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(
                QPolygonF([QPointF(rect.x() + x * rect.width(), rect.y() + y * rect.height()) for x, y in points])
            )

    def link_at(self, point: QPointF) -> str | None:
        inner = point - self.origin
        for span in self.styled.links:
            if any(rect.contains(inner) for rect in self._cell.rects(span.start, span.end)):
                return self.styled.address(span)
        marker = self.piece.place.marker
        if marker and marker.note and point.x() < self.indent and point.y() < self._cell.first_baseline() + 8:
            return MARK + marker.note
        return None

    def hint_at(self, point: QPointF) -> str:
        inner = point - self.origin
        for span in self.styled.chips:
            if isinstance(span.inline, InlineMath) and any(
                rect.contains(inner) for rect in self._cell.rects(span.start, span.end)
            ):
                return reason(span.inline)
        return lost_hint(self.styled, self._cell, inner)

    @property
    def wishes(self) -> Sequence[Wish]:
        return self.styled.wishes

    def links(self) -> list[tuple[int, int, str]]:
        found = [(span.start, span.end, self.styled.address(span) or "") for span in self.styled.links]
        marker = self.piece.place.marker
        # The way back stands at the end of a footnote for who goes by the keys.
        return [*found, (0, self.length, MARK + marker.note)] if marker and marker.note else found
