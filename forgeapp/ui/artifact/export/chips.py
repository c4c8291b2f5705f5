"""The formats as chips to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from forgeapp.ui.artifact.export.formats import Choice
from forgeapp.ui.controls.painting import PaintedButton, advance, draw_ring, fill_round
from forgeapp.ui.theme import CAPTION, LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import tr

_COLUMNS: Final = 4


class FormatChips(QWidget):
    """The formats in rows; arrow keys move the choice, as they do in a group of radio buttons."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_formats")
        self.setAccessibleName(tr("Format"))
        self.offered: list[Choice] = []
        self._chips: list[FormatChip] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._place = 0

    @property
    def choice(self) -> Choice:
        return self.offered[self._place]

    def show_choices(self, offered: Sequence[Choice], chosen: Choice) -> None:
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self.offered, self._chips = list(offered), []
        for number, choice in enumerate(offered):
            chip = FormatChip(choice, self)
            chip.clicked.connect(lambda _checked=False, choice=choice: self._on_clicked(choice))
            self._grid.addWidget(chip, number // _COLUMNS, number % _COLUMNS)
            self._chips.append(chip)
        self.choose(chosen)

    def choose(self, choice: Choice) -> None:
        """Shows it as chosen, without a signal."""
        self._place = self.offered.index(choice)
        for number, chip in enumerate(self._chips):
            chip.setChecked(number == self._place)
            is_chosen = number == self._place
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus)

    def _on_clicked(self, choice: Choice) -> None:
        self.choose(choice)
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -_COLUMNS,
            Qt.Key.Key_Down: _COLUMNS,
        }.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        place = self._place + step
        if 0 <= place < len(self.offered):
            self._on_clicked(self.offered[place])
            self._chips[place].setFocus(Qt.FocusReason.TabFocusReason)


class FormatChip(PaintedButton):
    """'XLSX' above 'Excel workbook'."""

    def __init__(self, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self.setCheckable(True)
        self.setObjectName(f"format_{choice.key or 'file'}")
        self.setText(choice.name)
        self.setAccessibleName(f"{choice.name}, {choice.words}")
        self.setToolTip(choice.words)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = advance(QFontMetricsF(font(CAPTION)), self._choice.words)
        return QSize(words + 16, px(34) + 10)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, *_ARROWS):
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        is_on = self.isChecked()
        fill = color("accent_soft" if is_on else "hover" if self.is_hovered else "surface")
        fill_round(painter, self.rect(), RADIUS, fill, color("accent" if is_on else "line"))
        inner = self.rect().adjusted(8, 5, -4, -5)
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        lower = QRect(inner.left(), upper.bottom() + 1, inner.width(), inner.height() - upper.height())
        for text, area, type_, role in (
            (self._choice.name, upper, font(LABEL, 600), "accent" if is_on else "ink"),
            (self._choice.words, lower, font(CAPTION), "ink_2"),
        ):
            painter.setFont(type_)
            painter.setPen(color(role))
            shown = QFontMetricsF(type_).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)


_ARROWS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
