"""Draws a cell of a grid of changes: what it held struck through, what it holds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip

from forgeapp.ui.artifact.changes.grid_model import ChangeLook, ChangesModel
from forgeapp.ui.artifact.grid import CellDelegate
from forgeapp.ui.artifact.grid.cell_editor import PADDING
from forgeapp.ui.artifact.grid.model import ALIGNMENT, Index
from forgeapp.ui.controls import plain_tooltip
from forgeapp.ui.richtext.marked import TURN_ROLES
from forgeapp.ui.theme import BODY, CAPTION, LABEL, color, font, px

_MAX_DRAWN_CHARS = 300
_TOO_LOW = 38
"""Cells lower than that show what was there beside what is there now, not above it."""


class ChangesDelegate(CellDelegate):
    """What was there struck through in red above, or beside, what is there now in green."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ChangesModel)
        look = model.change(index.row(), index.column())
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        is_open = not look.is_over and (look.old is not None or bool(look.turn))
        if is_open:
            role = TURN_ROLES[look.turn] if look.turn else "good"
            painter.fillRect(rect, color(f"{role}_soft"))
        elif look.is_moved and not look.is_over:
            painter.fillRect(rect, color("accent_soft"))
        elif look.is_header:
            painter.fillRect(rect, color("sunken"))
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, color("accent", 0.14))
        inner = rect.adjusted(PADDING, 0, -PADDING, 0)
        if look.old is None or look.is_over:
            self._paint_text(painter, inner, look, is_open)
        elif rect.height() >= px(_TOO_LOW):
            half = rect.height() * 2 // 5
            self._paint_old(painter, QRect(inner.left(), rect.top() + 3, inner.width(), half - 2), look)
            below = QRect(inner.left(), rect.top() + half, inner.width(), rect.height() - half - 2)
            self._paint_text(painter, below, look, is_open)
        else:
            room = round(QFontMetricsF(font(CAPTION)).horizontalAdvance(look.old[:_MAX_DRAWN_CHARS]))
            room = min(room, inner.width() * 2 // 5)
            self._paint_old(painter, QRect(inner.left(), rect.top(), room, rect.height()), look)
            self._paint_text(painter, inner.adjusted(room + 6, 0, 0, 0), look, is_open)

    def _paint_old(self, painter: QPainter, area: QRect, look: ChangeLook) -> None:
        type_ = font(CAPTION)
        type_.setStrikeOut(True)
        self._draw(painter, area, look.old or "", type_, "bad", look.is_right)

    def _paint_text(self, painter: QPainter, area: QRect, look: ChangeLook, is_open: bool) -> None:
        type_ = font(LABEL, mono=True) if look.is_formula else font(BODY, 600 if look.is_header else 400)
        is_gone = (look.turn == "removed") is is_open and look.turn == "removed"
        type_.setStrikeOut(is_gone)
        if is_open:
            role = TURN_ROLES[look.turn] if look.turn else "good"
        else:
            role = "formula" if look.is_formula else "ink"
        self._draw(painter, area, look.text, type_, role, look.is_right)

    def _draw(self, painter: QPainter, area: QRect, text: str, type_: QFont, role: str, is_right: bool) -> None:
        line = " ".join(text[:_MAX_DRAWN_CHARS].split("\n"))
        shown = QFontMetricsF(type_).elidedText(line, Qt.TextElideMode.ElideRight, area.width())
        painter.setFont(type_)
        painter.setPen(color(role))
        painter.drawText(area, ALIGNMENT["right" if is_right else "left"] | Qt.TextFlag.TextSingleLine, shown)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() is not QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        look = self._look(index)
        text = f"{look.old}\n→\n{look.text}" if look.old is not None else ""
        if not text:
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), plain_tooltip(text), view.viewport(), view.visualRect(index))
        return True

    def _look(self, index: Index) -> ChangeLook:
        model = index.model()
        assert isinstance(model, ChangesModel)
        return model.change(index.row(), index.column())
