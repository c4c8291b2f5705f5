"""A page of the control centre, and the cards it is made of."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from forgeapp.ui.controls import Card, Label
from forgeapp.ui.theme import LABEL, PAGE

_EDGE: Final = 32
_NARROW_EDGE: Final = 16
_NARROW_BELOW: Final = 760
_TWO_COLUMNS_FROM: Final = 1_000
_MOST_WIDTH: Final = 1_240


class Page(QScrollArea):
    """A title, and cards in a broad and a narrow column; below a width in which both have room, one above the other.

    `read` is called whenever the page comes into view, `leave` when it goes; `head` is the row of the title, `body` the
    parent of the cards.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body = QWidget(self.viewport())
        self.body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body.setProperty("look", "ground")
        self._body = QVBoxLayout(self.body)
        self._body.setSpacing(16)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(Label(title, PAGE, 600))
        self.head.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._broad, self._narrow = QVBoxLayout(), QVBoxLayout()
        for column in (self._broad, self._narrow):
            column.setSpacing(16)
            column.addStretch(1)
            self._columns.addLayout(column)
        self._body.addLayout(self.head)
        self._body.addLayout(self._columns)
        self._body.addStretch(1)
        self.setWidget(self.body)
        self._arrange()

    def add_card(self, card: QWidget, is_narrow: bool = False) -> None:
        """Below those of its column."""
        column = self._narrow if is_narrow else self._broad
        column.insertWidget(column.count() - 1, card)

    def read(self) -> None:
        """Asks for what is shown."""

    def leave(self) -> None:
        """Nobody looks any more."""

    def focus_first(self) -> None:
        """Gives the keyboard to what is used first."""

    def _arrange(self) -> None:
        width = self.viewport().width()
        edge = _NARROW_EDGE if width < _NARROW_BELOW else _EDGE
        right = max(edge, width - edge - _MOST_WIDTH)
        self._body.setContentsMargins(edge, 20, right, edge)
        is_wide = width - 2 * edge >= _TWO_COLUMNS_FROM and self._narrow.count() > 1
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(direction)
        self._columns.setStretch(0, 15 if is_wide else 0)
        self._columns.setStretch(1, 8 if is_wide else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._arrange()
        return super().viewportEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.leave()


class Section(Card):
    """A card with a title, a line that says what it is about, and `content` below; `head` is the row of the title."""

    def __init__(self, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.title = Label(title, weight=600)
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(self.head)
        self.text = Label(text, LABEL, role="ink_2", wrap=True)
        words.addWidget(self.text)
        column.addLayout(words)
        self.text.setVisible(bool(text))
        self.content = QVBoxLayout()
        self.content.setSpacing(8)
        column.addLayout(self.content)
