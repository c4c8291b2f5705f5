"""The line above the grid: which cell, and what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from forgeapp.ui.artifact.spreadsheet.cells import set_formula_look
from forgeapp.ui.artifact.spreadsheet.format_buttons import FormatButtons
from forgeapp.ui.controls import ElidedLabel, Label
from forgeapp.ui.controls.painting import draw_ring
from forgeapp.ui.theme import LABEL, RADIUS, color, px
from forgeapp.ui.wording import tr

HEIGHT = 34
_WRITING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
Step = tuple[int, int]


class FormulaBar(QWidget):
    """Signals: `began()` the user begins to write; `taken(text, step)` Enter, Tab or leaving took it, `step` rows and
    columns to go on, None to stay; `given_up()` Esc; `cell_wanted()`: a cell of several lines, which one line cannot
    show, is to be written in the grid; `left()`: the field is no longer written in. The text is the editor's to show
    again."""

    began = Signal()
    taken = Signal(str, object)
    given_up = Signal()
    cell_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formula_bar")
        self.setAccessibleName(tr("Formula bar"))
        self._address = Label("A1", LABEL, 600)
        self._address.setObjectName("cell_address")
        # So that what follows does not move with every step.
        self._address.setMinimumWidth(px(26))
        self._fx = _Italic("fx", LABEL, role="ink_3")
        self._note = ElidedLabel("", LABEL, role="ink_3")
        self._note.setObjectName("formula_note")
        self._note.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._note.hide()
        self.field = _Field(self)
        self.formats = FormatButtons()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 6, 1)
        row.setSpacing(10)
        row.addWidget(self._address)
        row.addWidget(self._fx)
        row.addWidget(self.field, 1)
        row.addWidget(self._note)
        row.addWidget(self.formats)
        self.setFixedHeight(px(HEIGHT))

    @property
    def address(self) -> str:
        return self._address.text()

    @property
    def note(self) -> str:
        """What is told at the right, '' for nothing."""
        return self._note.text() if not self._note.isHidden() else ""

    def show_cell(self, address: str, text: str) -> None:
        self._address.setText(address)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """What is being typed in the cell, or stands there."""
        self.field.show_text(text)

    def tell(self, text: str, role: Literal["ink_3", "warn"] = "ink_3", tooltip: str = "") -> None:
        """A quiet word at the right; '' takes it away."""
        self._note.set_role(role)
        self._note.setText(text)
        if tooltip:
            self._note.setToolTip(tooltip)
        self._note.setVisible(bool(text))

    def finish_editing(self) -> None:
        """Takes what is being typed, if anything is."""
        self.field.finish()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.formats.fit(self.width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.setFixedHeight(px(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), color("line"))
        if self.field.hasFocus():
            draw_ring(painter, self.field.geometry().adjusted(-6, 3, 6, -3), RADIUS)


class _Italic(Label):
    def setFont(self, type_: QFont | str | Sequence[str]) -> None:
        italic = QFont(type_)
        italic.setItalic(True)
        super().setFont(italic)


class _Field(QLineEdit):
    """`guard` is asked first whether a key is for something else than the text."""

    def __init__(self, bar: FormulaBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._shown = ""
        self.guard: Callable[[QKeyEvent], bool] = lambda _event: False
        self.setObjectName("formula")
        self.setAccessibleName(tr("Content of the cell"))
        self.setProperty("look", "plain")
        self.setFrame(False)
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(lambda text: set_formula_look(self, text))

    def show_text(self, text: str) -> None:
        self._shown = text
        # One line cannot show a break: it is not written in here.
        self.setReadOnly("\n" in text)
        line = text.replace("\n", " ")
        if line != self.text():
            self.setText(line)
            self.setCursorPosition(0)

    def _on_edited(self) -> None:
        self._bar.began.emit()

    @property
    def is_touched(self) -> bool:
        return self.hasFocus() and self.text() != self._shown.replace("\n", " ")

    def finish(self) -> None:
        if self.is_touched:
            self._take(None)
        self._bar.left.emit()

    def _take(self, step: Step | None) -> None:
        is_touched = self.text() != self._shown.replace("\n", " ")
        self._bar.taken.emit(self.text() if is_touched else self._shown, step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self.isReadOnly() and event.button() is Qt.MouseButton.LeftButton:
            self._bar.cell_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_writing = event.text().isprintable() and bool(event.text())
        if self.isReadOnly() and (is_writing or event.key() in _WRITING):
            self._bar.cell_wanted.emit()
            return
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take((-1 if is_back else 1, 0))
        elif event.key() == Qt.Key.Key_Escape:
            self.show_text(self._shown)
            self._bar.given_up.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if self.hasFocus() and self.guard(event):
                event.accept()
                return True
            if (
                event.key() == Qt.Key.Key_Tab and self.is_touched
            ):  # Tab would leave the field before keyPressEvent sees it
                self._take((0, 1))
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._bar.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._bar.update()
        if event.reason() is not Qt.FocusReason.PopupFocusReason and self.text() != self._shown.replace("\n", " "):
            self._take(None)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._bar.left.emit()
