"""The field a column's name becomes while it is written in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextOption

from forgeapp.ui.artifact.grid.cell_editor import CellEditor
from forgeapp.ui.artifact.grid.view import GridView
from forgeapp.ui.theme import BODY, font


class NameEditor(CellEditor):
    """Lies over the column's header with its name selected, and goes when it is left.

    `named(text)`: Enter, Tab or another place took the text; `went_on(step)`: Tab asks for the name of the next column
    (-1: the one before). Esc gives up.
    """

    named = Signal(str)
    went_on = Signal(int)

    def __init__(self, grid: GridView, column: int, name: str) -> None:
        super().__init__(grid)
        self._is_over = False
        self.setObjectName("name_editor")
        self.setFont(font(BODY, 600))
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.set_text(name)
        self.selectAll()
        header = grid.column_header
        left = header.sectionViewportPosition(column)
        corner = header.viewport().mapTo(grid, QPoint(left, 0))
        self.set_cell(QRect(corner.x() - 1, corner.y(), header.sectionSize(column) + 1, header.height()))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self) -> None:
        self._end(takes=True)

    def give_up(self) -> None:
        """Goes without taking the text."""
        self._end(takes=False)

    def _end(self, takes: bool) -> None:
        if self._is_over:
            return
        self._is_over = True
        grid, had_focus = self.parentWidget(), self.hasFocus()
        self.hide()
        if takes:
            self.named.emit(" ".join(self.text().split()))
        if had_focus and grid is not None:
            grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._end(takes=True)
                return True
            if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self._end(takes=True)
                self.went_on.emit(1 if key == Qt.Key.Key_Tab else -1)
                return True
            if key == Qt.Key.Key_Escape:
                self._end(takes=False)
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._end(takes=True)
