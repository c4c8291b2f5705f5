"""The line at the right below a grid."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from forgeapp.ui.controls import ElidedLabel
from forgeapp.ui.controls.painting import draw_ring
from forgeapp.ui.theme import LABEL, RADIUS

_EDGE = 6


class SummaryLabel(ElidedLabel):
    """Tab comes to it while it says anything, so that its words are read out."""

    def __init__(self) -> None:
        super().__init__("", LABEL, role="ink_2")
        self.setObjectName("selection_summary")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setContentsMargins(_EDGE, 2, _EDGE, 2)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if text else Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2 * _EDGE, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            draw_ring(QPainter(self), self.rect(), RADIUS)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
