"""The quiet lines around a reply: hops, who answered, warnings, and marks such as 'Stopped'."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from forgeapp.ui.chat.captions import Answered, HopLine
from forgeapp.ui.controls import ElidedLabel, Label
from forgeapp.ui.controls.labels import plain_tooltip
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import CAPTION, LABEL


class Mark(QWidget):
    """A small icon in a role's colour."""

    def __init__(self, icon_name: str, role: str = "ink_3", side: int = 13, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name, self._role, self._side = icon_name, role, side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_mark(self, icon_name: str, role: str) -> None:
        self._icon_name, self._role = icon_name, role
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(QPoint(0, 0), pixmap(self._icon_name, self._role, self._side, self.devicePixelRatioF()))


class MarkedLine(QWidget):
    """An icon and one line; what does not fit is in the tooltip. With `wrap` as many lines as it needs."""

    def __init__(
        self,
        icon_name: str,
        text: str,
        role: str = "ink_3",
        icon_role: str | None = None,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(6)
        mark = Mark(icon_name, icon_role or role, parent=self)
        mark.setContentsMargins(0, 0, 0, 0)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter)
        self.label = Label(text, LABEL, role=role, wrap=True) if wrap else ElidedLabel(text, LABEL, role=role)
        row.addWidget(self.label, 1)

    @property
    def text(self) -> str:
        return self.label.text()


class HopMark(MarkedLine):
    """One failed attempt on the way to a reply."""

    def __init__(self, hop: HopLine, parent: QWidget | None = None) -> None:
        super().__init__("rotate-cw", hop.text, parent=parent)
        self.setObjectName("hop")
        self.setToolTip(plain_tooltip(hop.whole))
        self.setAccessibleName(hop.whole)


class MetaLine(QWidget):
    """Who answered, and the figures of the call."""

    def __init__(self, answered: Answered, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reply_meta")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 2)
        row.setSpacing(8)
        self.by = ElidedLabel("", CAPTION, 500, "ink_2")
        self.figures = ElidedLabel("", CAPTION, 400, "ink_3")
        row.addWidget(self.by)
        row.addWidget(self.figures, 1)
        self.show_answered(answered)

    def show_answered(self, answered: Answered) -> None:
        self.by.setText(answered.by)
        self.by.setVisible(bool(answered.by))
        self.figures.setText(answered.figures)
        self.setAccessibleName(f"{answered.by} {answered.figures}".strip())
