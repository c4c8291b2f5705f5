"""What an empty conversation shows: a question, four requests to begin with, and a way without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.ui.chat.captions import kind_text
from forgeapp.ui.controls import Button, Label
from forgeapp.ui.controls.painting import PaintedButton, draw_ring, fill_round
from forgeapp.ui.icons import KIND_ICONS, pixmap
from forgeapp.ui.theme import BODY, CARD_RADIUS, LABEL, PAGE, color, font
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

_WIDTH: Final = 600
_TWO_COLUMNS_FROM: Final = 440


class Beginning(QWidget):
    """The empty conversation. A click on a request puts it into the composer; `chosen` follows."""

    chosen = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.setObjectName("beginning")
        self.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(3)
        title = Label(tr("What shall we make?"), PAGE, 600)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title)
        column.addSpacing(6)
        line = Label(
            tr("Say it in your words. What is made opens beside the chat, to edit and to export."),
            role="ink_2",
            wrap=True,
        )
        line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(line)
        column.addSpacing(20)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column.addLayout(self._grid)
        self.examples = [self._example(kind, text) for kind, text in _requests()]
        self._columns = 0
        column.addSpacing(16)
        self.hint = Label("", LABEL, role="ink_3", wrap=True)
        self.hint.setObjectName("no_provider_hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.hint)
        self.add_provider = Button(tr("Add a provider"), "plus", small=True)
        self.add_provider.setObjectName("beginning_add_provider")
        self.add_provider.clicked.connect(workbench.configuration_wished)
        column.addSpacing(8)
        column.addWidget(self.add_provider, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(4)
        self._arrange(2)
        workbench.status.changed.connect(self._show_hint)
        self._show_hint()

    def _example(self, kind: Kind, text: str) -> _Example:
        example = _Example(kind, text, self)
        example.setObjectName(f"example_{kind.value}")
        example.clicked.connect(lambda: self._choose(text))
        return example

    def _choose(self, text: str) -> None:
        self._workbench.composer.replace_text(text)
        self.chosen.emit()

    def _show_hint(self) -> None:
        status = self._workbench.status
        has_provider = bool(status.askable or status.app_askable)
        is_known = self._workbench.services is not None
        self.hint.setText(
            tr("No provider is set up yet: add one, or choose Copy/paste below to use any chat you have.")
        )
        self.hint.setVisible(is_known and not has_provider)
        self.add_provider.setVisible(is_known and not has_provider)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, example in enumerate(self.examples):
            self._grid.addWidget(example, number // columns, number % columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= _TWO_COLUMNS_FROM else 1)


def _requests() -> tuple[tuple[Kind, str], ...]:
    return (
        (Kind.SPREADSHEET, tr("A monthly budget for a small café: planned, actual and difference, with totals")),
        (Kind.DOCUMENT, tr("Minutes of the kick-off meeting: timeline, budget, next steps")),
        (Kind.TABLE, tr("Compare oak, tile and linoleum side by side: price, care, feel, noise")),
        (Kind.CODE, tr("A Python script that renames photos by the date they were taken")),
    )


class _Example(PaintedButton):
    """A request to begin with."""

    def __init__(self, kind: Kind, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setText(text)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _words(self, width: int) -> QRect:
        room = QRect(0, 0, max(80, width - 28), 400)
        metrics = QFontMetricsF(font(BODY))
        return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.text()).toAlignedRect()

    def _kind_height(self) -> int:
        return max(16, round(QFontMetricsF(font(LABEL, 500)).height()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return 12 + self._kind_height() + 6 + self._words(width).height() + 12

    def sizeHint(self) -> QSize:
        return QSize(280, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        lit = self.is_hovered or self.isDown()
        fill_round(painter, self.rect(), CARD_RADIUS, color("ground" if lit else "surface"), color("line"))
        height = self._kind_height()
        painter.drawPixmap(
            QPoint(14, 12 + (height - 16) // 2), pixmap(KIND_ICONS[self._kind], "good", 16, self.devicePixelRatioF())
        )
        painter.setFont(font(LABEL, 500))
        painter.setPen(color("ink_3"))
        painter.drawText(QRect(36, 12, self.width() - 48, height), Qt.AlignmentFlag.AlignVCenter, kind_text(self._kind))
        painter.setFont(font(BODY))
        painter.setPen(color("ink" if lit else "ink_2"))
        words = QRect(14, 12 + height + 6, self.width() - 28, self.height() - height - 24)
        painter.drawText(words, Qt.TextFlag.TextWordWrap, self.text())
        if self.shows_focus:
            draw_ring(painter, self.rect(), CARD_RADIUS)
