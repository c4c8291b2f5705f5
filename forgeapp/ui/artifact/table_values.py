"""The values of a column with their counts, to be ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from forgeapp.domain.columns import folded
from forgeapp.ui.controls.painting import fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import BODY, LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import number_text, tr

_TEXT: Final = Qt.ItemDataRole.UserRole
_COUNT: Final = Qt.ItemDataRole.UserRole + 1
_BOX = 16
_SHOWN_CHARS = 200
_ROW = 26
_HEIGHT = 6 * _ROW + 4


class ValueList(QListWidget):
    """`ticked()` are the values chosen; space or a click ticks one."""

    def __init__(self, ticked: Collection[str]) -> None:
        super().__init__()
        self._ticked = set(ticked)
        self.setObjectName("filter_values")
        self.setAccessibleName(tr("Values"))
        self.setUniformItemSizes(True)
        self.setItemDelegate(_ValueDelegate(self))
        self.setFixedHeight(px(_HEIGHT))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_values(self, values: Sequence[tuple[str, int]]) -> None:
        self.clear()
        for text, count in values:
            words = " ".join(text[:_SHOWN_CHARS].split()) or tr("(blank)")
            item = QListWidgetItem(words)
            item.setData(_TEXT, text)
            item.setData(_COUNT, count)
            item.setCheckState(Qt.CheckState.Checked if text in self._ticked else Qt.CheckState.Unchecked)
            self.addItem(item)
        if self.count():
            self.setCurrentRow(0)

    def show_only(self, words: str) -> None:
        """Those that contain the folded words."""
        for place in range(self.count()):
            item = self.item(place)
            item.setHidden(words not in folded(str(item.data(_TEXT))))

    def ticked(self) -> frozenset[str]:
        return frozenset(self._ticked)

    def _toggle(self, item: QListWidgetItem) -> None:
        text = str(item.data(_TEXT))
        self._ticked.symmetric_difference_update((text,))
        item.setCheckState(Qt.CheckState.Checked if text in self._ticked else Qt.CheckState.Unchecked)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        item = self.itemAt(event.position().toPoint())
        if item is not None and event.button() is Qt.MouseButton.LeftButton:
            self._toggle(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentItem() is not None:
            self._toggle(self.currentItem())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()  # the card's own
        else:
            super().keyPressEvent(event)


class _ValueDelegate(QStyledItemDelegate):
    """A box to tick, the value, how often it occurs."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, max(px(_ROW), round(QFontMetricsF(font(BODY)).height()) + 8))

    def editorEvent(self, *_: object) -> bool:
        return False  # the list ticks, wherever in the row it was clicked

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        is_ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            fill_round(painter, rect.adjusted(2, 1, -2, -1), RADIUS, color("hover"))
        box = QRect(rect.left() + 8, rect.top() + (rect.height() - _BOX) // 2, _BOX, _BOX)
        fill_round(
            painter, box, 4, color("accent" if is_ticked else "surface"), color("accent" if is_ticked else "ink_3")
        )
        if is_ticked:
            mark = pixmap("check", "accent_ink", 12, painter.device().devicePixelRatioF(), 2.5)
            painter.drawPixmap(box.topLeft() + QPoint(2, 2), mark)
        count = number_text(int(index.data(_COUNT)))
        painter.setFont(font(LABEL))
        painter.setPen(color("ink_3"))
        room = round(QFontMetricsF(font(LABEL)).horizontalAdvance(count))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(rect.adjusted(0, 0, -12, 0), middle | Qt.AlignmentFlag.AlignRight, count)
        words = QRect(box.right() + 9, rect.top(), rect.right() - 20 - room - box.right() - 9, rect.height())
        painter.setFont(font(BODY))
        painter.setPen(color("ink" if index.data(_TEXT) else "ink_3"))
        shown = QFontMetricsF(font(BODY)).elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, max(words.width(), 0)
        )
        painter.drawText(words, middle, shown)
