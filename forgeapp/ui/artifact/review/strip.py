"""The change in view of a grid: where it is, what it says, Accept and Reject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.artifact.changes.deciding import DecisionRow
from forgeapp.ui.artifact.changes.words import one_line, texts_of, told, where_text
from forgeapp.ui.controls import ElidedLabel, Label
from forgeapp.ui.theme import LABEL, color
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.services.comparing import Hunk


class ReviewStrip(QWidget):
    """Signals: `decided(hunk, is_taken)`, `reopened(hunk)`."""

    decided = Signal(int, bool)
    reopened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review_strip")
        self.setAccessibleName(tr("Change in view"))
        self.hunk: int | None = None
        self._decision: DecisionRow | None = None
        self.where = Label("", LABEL, 600)
        self.where.setObjectName("review_where")
        self.place = Label("", LABEL, role="ink_3")
        self.before = ElidedLabel("", LABEL, role="bad")
        self.after = ElidedLabel("", LABEL, role="good")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 7, 12, 4)
        column.setSpacing(2)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self.where)
        self._head.addWidget(self.place)
        self._head.addStretch(1)
        texts = QHBoxLayout()
        texts.setSpacing(8)
        for label in (self.before, self.after):
            label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            texts.addWidget(label)
        texts.addStretch(1)
        column.addLayout(self._head)
        column.addLayout(texts)

    def show_hunk(self, number: int, hunk: Hunk, total: int, decisions: Mapping[int, bool]) -> None:
        if self.hunk != number or self._decision is None:
            self._replace_decision(number, hunk)
        self.hunk = number
        self.where.setText(where_text(hunk.where))
        self.place.setText(tr("{number} of {total}", number=number_text(number + 1), total=number_text(total)))
        for label, text in zip((self.before, self.after), texts_of(hunk), strict=True):
            label.setText(one_line(text, 400))
            label.setVisible(bool(text))
        struck = self.before.font()
        struck.setStrikeOut(True)
        self.before.setFont(struck)
        assert self._decision is not None
        self._decision.show_decision(decisions.get(number))

    def _replace_decision(self, number: int, hunk: Hunk) -> None:
        old = self._decision
        if old is not None:
            old.hide()
            old.deleteLater()
        made = self._decision = DecisionRow(number, told(hunk))
        made.decided.connect(lambda is_taken: self.decided.emit(number, is_taken))
        made.reopened.connect(lambda: self.reopened.emit(number))
        self._head.addWidget(made)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(0, 0, self.width(), 1, color("line"))
