"""What a formula is typed into, the cell or the bar, as one thing to those who help with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QTextEdit, QWidget

from forgeapp.ui.artifact.grid import CellEditor
from forgeapp.ui.artifact.text.positions import Positions
from forgeapp.ui.theme import color


class Mark(NamedTuple):
    """Characters `start` to `end` in the colour of a role."""

    start: int
    end: int
    tone: str


class FormulaField(Protocol):
    """`cursor` counts characters. `points_by_keys`: arrows choose cells rather than move within the text."""

    @property
    def widget(self) -> QWidget: ...
    @property
    def points_by_keys(self) -> bool: ...
    def text(self) -> str: ...
    def cursor(self) -> int: ...
    def put(self, text: str, cursor: int) -> None: ...
    def mark(self, marks: Sequence[Mark]) -> None: ...
    def caret(self) -> QRect:
        """In the widget's own coordinates."""
        ...


def _characters(text: str, units: int) -> int:
    """How many characters Qt's `units` are."""
    return units if text.isascii() else len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))


class CellField:
    def __init__(self, editor: CellEditor) -> None:
        self._editor = editor

    @property
    def widget(self) -> QWidget:
        return self._editor

    @property
    def points_by_keys(self) -> bool:
        return self._editor.starts_blank

    def text(self) -> str:
        return self._editor.toPlainText()

    def cursor(self) -> int:
        return _characters(self.text(), self._editor.textCursor().position())

    def put(self, text: str, cursor: int) -> None:
        # Through a cursor, so that the field's own undo goes on.
        moved = QTextCursor(self._editor.document())
        moved.select(QTextCursor.SelectionType.Document)
        moved.insertText(text)
        moved.setPosition(Positions(text).in_units(cursor))
        self._editor.setTextCursor(moved)

    def mark(self, marks: Sequence[Mark]) -> None:
        positions = Positions(self.text())
        selections: list[QTextEdit.ExtraSelection] = []
        for mark in marks:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self._editor.document())
            cursor.setPosition(positions.in_units(mark.start))
            cursor.setPosition(positions.in_units(mark.end), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor  # type: ignore[attr-defined]
            selection.format = _look(mark.tone)  # type: ignore[attr-defined]
            selections.append(selection)
        self._editor.setExtraSelections(selections)

    def caret(self) -> QRect:
        caret = self._editor.cursorRect()
        return QRect(self._editor.viewport().mapTo(self._editor, caret.topLeft()), caret.size())


class BarField:
    points_by_keys = False

    def __init__(self, field: QLineEdit) -> None:
        self._field = field

    @property
    def widget(self) -> QWidget:
        return self._field

    def text(self) -> str:
        return self._field.text()

    def cursor(self) -> int:
        return _characters(self.text(), self._field.cursorPosition())

    def put(self, text: str, cursor: int) -> None:
        self._field.setText(text)
        self._field.setCursorPosition(Positions(text).in_units(cursor))

    def mark(self, marks: Sequence[Mark]) -> None:
        """A line edit is coloured as an input method colours what it composes."""
        positions, at = Positions(self.text()), self._field.cursorPosition()
        attributes = [
            QInputMethodEvent.Attribute(
                QInputMethodEvent.AttributeType.TextFormat,
                positions.in_units(mark.start) - at,
                positions.in_units(mark.end) - positions.in_units(mark.start),
                _look(mark.tone),
            )
            for mark in marks
        ]
        QApplication.sendEvent(self._field, QInputMethodEvent("", attributes))

    def caret(self) -> QRect:
        caret = self._field.cursorRect()
        return QRect(QPoint(caret.center().x(), 0), self._field.rect().bottomLeft() + QPoint(caret.center().x(), 0))


def _look(tone: str) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(color(tone))
    return look
