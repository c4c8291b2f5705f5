"""The versions of an artifact, newest first: number, when, how each came to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from forgeapp.ui.artifact.versions import version_caption
from forgeapp.ui.controls.painting import draw_ring, fill_round
from forgeapp.ui.theme import BODY, CAPTION, RADIUS, color, font, px
from forgeapp.ui.wording import tr, when

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import VersionRow

_ROW: Final = Qt.ItemDataRole.UserRole
_NEWEST: Final = Qt.ItemDataRole.UserRole + 1


class VersionList(QListWidget):
    """`chosen(int)`: the number of the version in view, by arrow keys or the mouse."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history_list")
        self.setAccessibleName(tr("Versions"))
        self.setProperty("look", "plain")
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_VersionDelegate(self))
        self.currentItemChanged.connect(self._on_current_changed)

    @property
    def number(self) -> int | None:
        item = self.currentItem()
        return item.data(_ROW).number if item is not None else None

    def show_versions(self, rows: list[VersionRow], number: int) -> None:
        """Fills the list and chooses `number`, or the newest where it is not among them."""
        self.blockSignals(True)
        self.clear()
        chosen = None
        for row in rows:
            item = QListWidgetItem(self)
            item.setData(_ROW, row)
            item.setData(_NEWEST, row is rows[0])
            words = (tr("Version {number}", number=row.number), version_caption(row), when(row.created_at))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(words))
            chosen = item if row.number == number else chosen
        self.setCurrentItem(chosen or self.item(0))
        self.blockSignals(False)
        self.scrollToItem(self.currentItem())

    def choose(self, number: int) -> None:
        for place in range(self.count()):
            if self.item(place).data(_ROW).number == number:
                self.setCurrentRow(place)

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_ROW).number)


class _VersionDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(option.rect.width(), px(36) + 14)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: VersionRow = index.data(_ROW)
        painter.save()
        area = option.rect.adjusted(6, 1, -6, -1)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, area, RADIUS, color("selected" if is_chosen else "hover"))
        if is_chosen and option.state & QStyle.StateFlag.State_HasFocus:
            draw_ring(painter, area, RADIUS)
        inner = area.adjusted(10, 6, -10, -6)
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        lower = QRect(inner.left(), upper.bottom() + 1, inner.width(), inner.height() - upper.height())
        at = tr("newest") if index.data(_NEWEST) else ""
        at = " · ".join(part for part in (at, when(row.created_at)) if part)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(font(CAPTION))
        painter.setPen(color("ink_3"))
        painter.drawText(upper, flags | Qt.AlignmentFlag.AlignRight, at)
        caption = QFontMetricsF(font(CAPTION)).elidedText(
            version_caption(row), Qt.TextElideMode.ElideRight, lower.width()
        )
        painter.drawText(lower, flags, caption)
        painter.setFont(font(BODY, 500))
        painter.setPen(color("ink"))
        painter.drawText(upper, flags, tr("Version {number}", number=row.number))
        painter.restore()
