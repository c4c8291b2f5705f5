"""Under the grid, while an error is selected: what it means, where it comes from and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.ui.artifact.spreadsheet.error_words import Explanation
from forgeapp.ui.controls import Button, IconMark, Label
from forgeapp.ui.theme import LABEL, color
from forgeapp.ui.wording import tr


class ErrorStrip(QWidget):
    """`wanted(Place)`: the cell the error comes from is to be shown. Below the grid, so that no cell moves for it."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("error_explanation")
        self._goes_to: object = None
        self._words = Label("", LABEL, role="ink")
        self._remedy = Label("", LABEL, role="ink_2")
        for label in (self._words, self._remedy):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setObjectName("error_words")
        self._remedy.setObjectName("error_remedy")
        self._go = Button("", kind="quiet", small=True)
        self._go.setObjectName("error_source")
        self._go.clicked.connect(lambda: self.wanted.emit(self._goes_to))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._words)
        texts.addWidget(self._remedy)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(IconMark("circle-alert", "bad", "bad_soft", 20), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self._go)
        self.hide()

    @property
    def words(self) -> str:
        """All that is told, '' for nothing."""
        return "" if self.isHidden() else f"{self._words.text()} {self._remedy.text()}".strip()

    def explain(self, explanation: Explanation | None, cell: str = "") -> None:
        """`cell`: how the one to go to is named."""
        if explanation is not None:
            self._words.setText(explanation.words)
            self._remedy.setText(explanation.remedy)
            self._remedy.setVisible(bool(explanation.remedy))
            self._goes_to = explanation.goes_to
            self._go.set_text(tr("Go to {cell}", cell=cell))
            self._go.setVisible(explanation.goes_to is not None)
            self.setAccessibleName(f"{explanation.words} {explanation.remedy}".strip())
        self.setVisible(explanation is not None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("bad_soft"))
