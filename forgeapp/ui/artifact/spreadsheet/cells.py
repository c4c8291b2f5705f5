"""Draws a spreadsheet's cells: numbers are never cut, errors say what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip, QWidget

from forgeapp.ui.artifact.grid import CellDelegate, CellEditor
from forgeapp.ui.artifact.grid.cell_editor import PADDING
from forgeapp.ui.artifact.grid.model import ALIGNMENT, CellLook, Index
from forgeapp.ui.artifact.spreadsheet.model import SheetModel
from forgeapp.ui.theme import BODY, LABEL, color, font


class SheetDelegate(CellDelegate):
    """For a `SheetModel`. A formula being typed is set as one.

    `guard` is asked first whether a key pressed in a cell is for something else than the text.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.guard: Callable[[QKeyEvent], bool] = lambda _event: False
        self.opened.connect(_set_as_typed)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = _model(index).look(index.row(), index.column())
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if look.align == "right" and self.text_width(look) > rect.width() + 2:
            self._paint_hashes(painter, option, look)
        else:
            super().paint(painter, option, index)

    def _paint_hashes(self, painter: QPainter, option: QStyleOptionViewItem, look: CellLook) -> None:
        """A number that is cut would be another number."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        inner = rect.adjusted(PADDING, 0, -PADDING, 0)
        count = max(int(inner.width() / max(self.metrics(look.weight).horizontalAdvance("#"), 1)), 1)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if is_selected or look.fill is not None:
            painter.fillRect(rect, color("accent_soft" if is_selected else look.fill or "surface"))
        painter.setFont(font(BODY, look.weight))
        painter.setPen(color("ink_3"))
        painter.drawText(inner, ALIGNMENT["right"] | Qt.TextFlag.TextSingleLine, "#" * min(count, 12))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and isinstance(watched, CellEditor):
            return self.guard(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() is QEvent.Type.ToolTip and index.isValid():
            tip = _model(index).tip(index.row(), index.column())
            if tip:
                QToolTip.showText(event.globalPos(), f"<p>{escape(tip)}</p>", view.viewport(), view.visualRect(index))
                return True
        return super().helpEvent(event, view, option, index)


def _model(index: Index) -> SheetModel:
    model = index.model()
    assert isinstance(model, SheetModel)
    return model


def _set_as_typed(editor: QWidget) -> None:
    assert isinstance(editor, CellEditor)
    editor.textChanged.connect(lambda: set_formula_look(editor, editor.text()))


def set_formula_look(field: QWidget, text: str) -> None:
    """Formulas in the mono type and their own colour, all else in the window's."""
    is_formula = text.startswith("=")
    tone = "formula" if is_formula else ""
    if field.property("tone") != tone:
        field.setProperty("tone", tone)
        field.style().unpolish(field)
        field.style().polish(field)
        field.setFont(font(LABEL, mono=True) if is_formula else font(BODY))
