"""The versions of an artifact, newest first: number or name, when, how each came to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from forgeapp.ui.artifact.versions import version_caption, version_name
from forgeapp.ui.controls.painting import draw_ring, fill_round
from forgeapp.ui.theme import BODY, CAPTION, RADIUS, color, font, px
from forgeapp.ui.wording import tr, when

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import VersionRow

_ROW: Final = Qt.ItemDataRole.UserRole
_NEWEST: Final = Qt.ItemDataRole.UserRole + 1
MAX_LABEL_CHARS: Final = 120


class VersionList(QListWidget):
    """Signals: `chosen(int)`: the number of the version in view, by arrow keys or the mouse; `paired(int)`: one clicked
    with Ctrl, to be compared with it; `labelled(int, str)`: the user gave it a name, '' takes it away;
    `menu_asked(QPoint)`."""

    chosen = Signal(int)
    paired = Signal(int)
    labelled = Signal(int, str)
    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history_list")
        self.setAccessibleName(tr("Versions"))
        self.setAccessibleDescription(
            tr("F2 gives a version a name; a click with Ctrl compares it with the one chosen.")
        )
        self.setProperty("look", "plain")
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListWidget.EditTrigger.NoEditTriggers)
        self.setItemDelegate(_VersionDelegate(self._take_label, self))
        self.second: int | None = None
        self.currentItemChanged.connect(self._on_current_changed)
        self.itemDoubleClicked.connect(lambda _item: self.rename())

    @property
    def number(self) -> int | None:
        item = self.currentItem()
        return item.data(_ROW).number if item is not None else None

    def show_versions(self, rows: list[VersionRow], number: int, newest: int) -> None:
        """Fills the list and chooses `number`, or the first where it is not among them."""
        self.blockSignals(True)
        self.clear()
        chosen = None
        for row in rows:
            item = QListWidgetItem(self)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setData(_ROW, row)
            item.setData(_NEWEST, row.number == newest)
            words = (version_name(row), version_caption(row), when(row.created_at))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(words))
            chosen = item if row.number == number else chosen
        self.setCurrentItem(chosen or self.item(0))
        self.blockSignals(False)
        self.scrollToItem(self.currentItem())

    def choose(self, number: int) -> None:
        for place in range(self.count()):
            if self.item(place).data(_ROW).number == number:
                self.setCurrentRow(place)

    def show_second(self, number: int | None) -> None:
        """Marks the version the chosen one is compared with."""
        self.second = number
        self.viewport().update()

    def rename(self) -> None:
        """Opens a field for the name of the version in view."""
        item = self.currentItem()
        if item is not None:
            self.editItem(item)

    def _take_label(self, number: int, label: str) -> None:
        self.labelled.emit(number, label)

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_ROW).number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() is Qt.MouseButton.LeftButton
        if is_left and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            item = self.itemAt(event.position().toPoint())
            if item is not None and item is not self.currentItem():
                self.paired.emit(item.data(_ROW).number)
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.rename()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualItemRect(self.currentItem()).bottomLeft())
            self.menu_asked.emit(at)
            return
        item = self.itemAt(event.pos())
        if item is not None:
            self.setCurrentItem(item)
            self.menu_asked.emit(event.globalPos())


class _VersionDelegate(QStyledItemDelegate):
    def __init__(self, take: Callable[[int, str], None], parent: VersionList) -> None:
        super().__init__(parent)
        self._take = take
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(option.rect.width(), px(36) + 14)

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        row: VersionRow = index.data(_ROW)
        field = QLineEdit(row.label or "", parent)
        field.setObjectName("version_label")
        field.setAccessibleName(tr("Name of version {number}", number=row.number))
        field.setPlaceholderText(tr("Name of version {number}", number=row.number))
        field.setMaxLength(MAX_LABEL_CHARS)
        field.selectAll()
        return field

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """It was filled when it was made."""

    def setModelData(
        self, editor: QWidget, _model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: VersionRow = index.data(_ROW)
        assert isinstance(editor, QLineEdit)
        label = editor.text().strip()
        if label != (row.label or ""):
            self._take(row.number, label)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area = option.rect.adjusted(8, 0, -8, 0)
        height = max(editor.sizeHint().height(), px(28))
        editor.setGeometry(QRect(area.left(), area.center().y() - height // 2, area.width(), height))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: VersionRow = index.data(_ROW)
        painter.save()
        area = option.rect.adjusted(6, 1, -6, -1)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, area, RADIUS, color("selected" if is_chosen else "hover"))
        elif row.number == self._list.second:
            fill_round(painter, area, RADIUS, None, color("accent"))
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
        room = upper.width() - round(QFontMetricsF(font(CAPTION)).horizontalAdvance(at)) - 8
        name = QFontMetricsF(font(BODY, 500)).elidedText(version_name(row), Qt.TextElideMode.ElideRight, room)
        painter.drawText(upper, flags, name)
        painter.restore()
