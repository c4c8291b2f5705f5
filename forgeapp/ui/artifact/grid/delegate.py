"""Draws a cell, and makes it a field to write in."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from typing import cast

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from forgeapp.ui.artifact.grid.cell_editor import PADDING, CellEditor
from forgeapp.ui.artifact.grid.model import ALIGNMENT, CellLook, GridModel, Index
from forgeapp.ui.theme import BODY, color, font

_MAX_DRAWN_CHARS = 600
_MAX_TIP_CHARS = 2_000
_ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}

_FLAGS = {align: int(flag | Qt.TextFlag.TextSingleLine) for align, flag in ALIGNMENT.items()}


class CellDelegate(QStyledItemDelegate):
    """For a `GridModel`.

    Signals: `opened(CellEditor)`, `typed(str)` with each change of the text in it, `closed()`, `went_on(rows, columns)`
    when Enter, Tab or an arrow took the text and asks for the cell so many steps further.
    `marks_current`: the current cell is one of several selected ones, and is told apart.
    `cross`: the current cell, whose row and column are softly lit; `found`: cells marked as what is looked for.
    """

    opened = Signal(object)
    typed = Signal(str)
    closed = Signal()
    went_on = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.starts_blank = False
        self.marks_current = False
        self.cross: tuple[int, int] | None = None
        self.found: Collection[tuple[int, int]] = frozenset()
        self._fonts: dict[int, tuple[QFont, QFontMetricsF]] = {}
        self.closeEditor.connect(lambda *_: self.closed.emit())

    def forget_fonts(self) -> None:
        """The text size changed."""
        self._fonts.clear()

    def metrics(self, weight: int = 400) -> QFontMetricsF:
        return self._type(weight)[1]

    def _type(self, weight: int) -> tuple[QFont, QFontMetricsF]:
        found = self._fonts.get(weight)
        if found is None:
            made = font(BODY, weight)
            found = self._fonts[weight] = (made, QFontMetricsF(made))
        return found

    def text_width(self, look: CellLook) -> int:
        """Pixels the cell needs to show all of it on one line, with its padding."""
        return round(self.metrics(look.weight).horizontalAdvance(_line(look.text))) + 2 * PADDING + 2

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = cast(GridModel, index.model()).look(index.row(), index.column())
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            is_current = self.marks_current and state & QStyle.StateFlag.State_HasFocus
            painter.fillRect(rect, color("surface" if is_current else "accent_soft"))
        elif self.found and (index.row(), index.column()) in self.found:
            painter.fillRect(rect, color("warn_soft"))
        elif look.fill is not None:
            painter.fillRect(rect, color(look.fill))
        elif self.cross is not None and (index.row() == self.cross[0] or index.column() == self.cross[1]):
            painter.fillRect(rect, color("ground"))
        if not look.text:
            return
        room = rect.width() - 2 * PADDING
        text, (type_, metrics) = _line(look.text), self._type(look.weight)
        if metrics.horizontalAdvance(text) > room:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.setFont(type_)
        painter.setPen(color(look.tone))
        painter.drawText(rect.adjusted(PADDING, 0, -PADDING, 0), _FLAGS[look.align], text)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        look = cast(GridModel, index.model()).look(index.row(), index.column())
        return QSize(self.text_width(look), round(self.metrics().height()))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() is not QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        look = cast(GridModel, index.model()).look(index.row(), index.column())
        rect = view.visualRect(index)
        is_cut = "\n" in look.text or self.text_width(look) > rect.width() + 2
        tip = ""
        if is_cut:
            whole = look.text if len(look.text) <= _MAX_TIP_CHARS else look.text[: _MAX_TIP_CHARS - 1] + "…"
            tip = f"<p style='white-space: pre-wrap'>{escape(whole)}</p>"
        QToolTip.showText(event.globalPos(), tip, view.viewport(), rect)
        return True

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        editor = CellEditor(parent, self.starts_blank)
        editor.textChanged.connect(lambda: self.typed.emit(editor.text()))
        editor.finished.connect(lambda: self._take(editor))
        self.opened.emit(editor)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fills it once: what comes from elsewhere while the user types must not take the words away."""
        assert isinstance(editor, CellEditor)
        if editor.is_filled:
            return
        editor.is_filled = True
        if not editor.starts_blank:
            editor.set_text(cast(GridModel, index.model()).edit_text(index.row(), index.column()))

    def setModelData(self, editor: QWidget, _model: object, index: Index) -> None:
        assert isinstance(editor, CellEditor)
        model = cast(GridModel, index.model())
        if editor.text() != model.edit_text(index.row(), index.column()):
            model.write(index.row(), index.column(), editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        assert isinstance(editor, CellEditor)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        editor.set_cell(rect.adjusted(-1, -1, 1, 1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, CellEditor) and event.type() is QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            step = _step_of(event, watched.starts_blank)
            if step is not None:
                self._take(watched)
                self.went_on.emit(*step)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.RevertModelCache)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # with Alt or Ctrl: a line break in the cell
                watched.insertPlainText("\n")
                return True
            if event.key() == Qt.Key.Key_F2:
                watched.starts_blank = not watched.starts_blank
                return True
            return False
        return super().eventFilter(watched, event)

    def _take(self, editor: CellEditor) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)


def _step_of(event: QKeyEvent, starts_blank: bool) -> tuple[int, int] | None:
    key = Qt.Key(event.key())
    is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    if held:
        return None
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return (-1 if is_back else 1, 0)
    if key == Qt.Key.Key_Tab:
        return (0, 1)
    if key == Qt.Key.Key_Backtab:
        return (0, -1)
    if starts_blank and not is_back:
        return _ARROWS.get(key)
    return None


def _line(text: str) -> str:
    text = text[:_MAX_DRAWN_CHARS]
    return text.replace("\n", " ") if "\n" in text else text
