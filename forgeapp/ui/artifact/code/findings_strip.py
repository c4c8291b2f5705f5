"""What is not right in the code, below it: how much, and as a list that leads to each place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from forgeapp.domain.finding import Severity
from forgeapp.ui.artifact.code.findings import Placed
from forgeapp.ui.artifact.code.severity import count_words, draw_severity, severity_word
from forgeapp.ui.controls import HLine, IconButton
from forgeapp.ui.controls.painting import PaintedButton, advance, draw_ring, fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import number_text, text_below, tr

_PLACED: Final = Qt.ItemDataRole.UserRole
_ROWS: Final = 5
"""The list shows at most so many at once."""
_SIDE: Final = 9
_ORDER: Final = tuple(Severity)
"""The worst first."""


class FindingsStrip(QWidget):
    """Hidden while there is none. `chosen(Placed)`; `stepped(1 or -1)`: the next one is asked for, or the last."""

    chosen = Signal(object)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findings_strip")
        self.counts = _Counts()
        self.counts.toggled.connect(self._on_toggled)
        previous = IconButton("chevron-up", tr("Previous finding"), "Shift+F7", side=28)
        previous.setObjectName("finding_previous")
        previous.clicked.connect(lambda: self.stepped.emit(-1))
        following = IconButton("chevron-down", tr("Next finding"), "F7", side=28)
        following.setObjectName("finding_next")
        following.clicked.connect(lambda: self.stepped.emit(1))
        self.list = _FindingList()
        self.list.activated.connect(lambda index: self.chosen.emit(index.data(_PLACED)))
        self.list.itemClicked.connect(lambda item: self.chosen.emit(item.data(_PLACED)))
        self.list.hide()
        row = QHBoxLayout()
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(2)
        row.addWidget(self.counts)
        row.addStretch(1)
        row.addWidget(previous)
        row.addWidget(following)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(HLine("line"))
        column.addLayout(row)
        column.addWidget(self.list)
        self.hide()

    def show_findings(self, placed: Sequence[Placed], names_files: bool) -> None:
        """`names_files`: there are several, so each finding says which it is in."""
        counts = dict.fromkeys(Severity, 0)
        for each in placed:
            counts[each.finding.severity] += 1
        self.counts.show_counts(counts)
        self.list.show_findings(placed, names_files)
        self.setVisible(bool(placed))

    def _on_toggled(self, is_open: bool) -> None:
        self.list.setVisible(is_open)
        if is_open and self.counts.hasFocus():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.list.isVisible():
            self.counts.setChecked(False)
            self.counts.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)


class _Counts(PaintedButton):
    """'● 2 errors  ▲ 1 warning', and a chevron: opens and closes the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findings_counts")
        self.setCheckable(True)
        self.setToolTip(tr("Show what was found"))
        self._parts: list[tuple[Severity, str]] = []

    def show_counts(self, counts: dict[Severity, int]) -> None:
        self._parts = [(severity, count_words(severity, count)) for severity, count in counts.items() if count]
        self.setText(", ".join(words for _, words in self._parts))
        self.setAccessibleName(tr("Findings: {counts}", counts=self.text()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(LABEL))
        width = sum(advance(metrics, words) + _SIDE + 6 + 12 for _, words in self._parts)
        return QSize(8 + width + 16, px(20) + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.is_hovered:
            fill_round(painter, self.rect(), RADIUS, color("hover"))
        metrics = QFontMetricsF(font(LABEL))
        painter.setFont(font(LABEL))
        x, middle = 8, self.height() / 2
        for severity, words in self._parts:
            draw_severity(painter, QRectF(x, middle - _SIDE / 2, _SIDE, _SIDE), severity)
            x += _SIDE + 6
            painter.setPen(color("ink_2"))
            width = advance(metrics, words)
            painter.drawText(QRect(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
            x += width + 12
        name = "chevron-down" if self.isChecked() else "chevron-up"
        painter.drawPixmap(x - 4, round(middle) - 7, pixmap(name, "ink_3", 14, self.devicePixelRatioF()))
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)


class _FindingList(QListWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findings_list")
        self.setAccessibleName(tr("Findings"))
        self.setProperty("look", "plain")
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_FindingDelegate(self))

    def show_findings(self, placed: Sequence[Placed], names_files: bool) -> None:
        row = self.currentRow()
        self.clear()
        for each in sorted(placed, key=lambda each: _ORDER.index(each.finding.severity)):
            words = text_below(each.finding.message)
            number = number_text(each.line + 1)
            where = (
                tr("{file}, line {number}", file=each.finding.file, number=number)
                if names_files
                else tr("Line {number}", number=number)
            )
            item = QListWidgetItem(words, self)
            item.setData(_PLACED, each)
            item.setToolTip(words)
            item.setData(Qt.ItemDataRole.StatusTipRole, where)
            told = f"{severity_word(each.finding.severity)}, {where}: {words}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
        self.setCurrentRow(min(max(row, 0), self.count() - 1))
        self.setFixedHeight(min(max(self.count(), 1), _ROWS) * (px(20) + 8) + 8)


class _FindingDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(option.rect.width(), px(20) + 8)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        placed: Placed = index.data(_PLACED)
        painter.save()
        area = option.rect.adjusted(8, 1, -8, -1)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if (is_chosen and has_focus) or option.state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, area, RADIUS, color("selected" if is_chosen and has_focus else "hover"))
        if has_focus:
            draw_ring(painter, area, RADIUS)
        middle = area.center().y() + 0.5
        draw_severity(painter, QRectF(area.left() + 8, middle - _SIDE / 2, _SIDE, _SIDE), placed.finding.severity)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        metrics = QFontMetricsF(font(LABEL))
        painter.setFont(font(LABEL))
        where = metrics.elidedText(
            index.data(Qt.ItemDataRole.StatusTipRole), Qt.TextElideMode.ElideMiddle, area.width() * 0.4
        )
        inner = area.adjusted(8 + _SIDE + 8, 0, -8, 0)
        painter.setPen(color("ink_3"))
        painter.drawText(inner, flags | Qt.AlignmentFlag.AlignRight, where)
        room = inner.width() - advance(metrics, where) - 12
        painter.setPen(color("ink"))
        words = metrics.elidedText(index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, flags, words)
        painter.restore()
