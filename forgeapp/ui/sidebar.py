"""The conversations there are, the one used last at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from forgeapp.ui.controls import Button, Label, Menu, SearchField
from forgeapp.ui.controls.painting import draw_ring, fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import BODY, CAPTION, LABEL, RADIUS, color, font
from forgeapp.ui.wording import tr, when

if TYPE_CHECKING:
    from forgeapp.ledger.conversations import Conversation
    from forgeapp.ui.workbench import Workbench

_ID = Qt.ItemDataRole.UserRole
_AT = Qt.ItemDataRole.UserRole + 1
_OPEN = Qt.ItemDataRole.UserRole + 2
_BUSY = Qt.ItemDataRole.UserRole + 3
Index = QModelIndex | QPersistentModelIndex


class Sidebar(QWidget):
    """'New conversation', a filter by title, and the list."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAccessibleName(tr("Conversations"))
        self.setProperty("look", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._workbench = workbench
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 9, 8)
        column.setSpacing(0)
        self.new_button = Button(tr("New conversation"), "plus")
        self.new_button.setObjectName("new_conversation")
        self.new_button.clicked.connect(workbench.conversations.new)
        column.addWidget(self.new_button)
        column.addSpacing(8)
        self.search = SearchField(tr("Find a conversation"))
        self.search.setObjectName("conversation_search")
        self.search.textChanged.connect(self._on_search_changed)
        column.addWidget(self.search)
        self.heading = Label(tr("Recent"), CAPTION, 500, "ink_3")
        self.heading.setContentsMargins(8, 12, 8, 4)
        column.addWidget(self.heading)
        self.model = ConversationModel(workbench, self)
        self.list = ConversationList(self.model, workbench)
        column.addWidget(self.list, 1)
        self.nothing = Label("", LABEL, role="ink_3", wrap=True)
        self.nothing.setObjectName("no_conversations")
        self.nothing.setContentsMargins(8, 12, 8, 4)
        column.addWidget(self.nothing)
        column.addStretch(0)
        self.search.installEventFilter(self)
        workbench.conversations.listed.connect(self.refresh)
        workbench.chat_opened.connect(self.refresh)
        workbench.turn_ended.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        self.list.refresh()
        is_empty = self.model.rowCount() == 0
        is_known = self._workbench.services is not None
        self.list.setHidden(is_empty)
        self.heading.setHidden(is_empty)
        self.search.setVisible(bool(self._workbench.conversations.rows) or bool(self.search.text()))
        self.nothing.setVisible(is_empty and is_known)
        if self.search.text().strip():
            self.nothing.setText(tr("No conversation has this in its title."))
        else:
            self.nothing.setText(tr("Your conversations will be listed here, each named after its first message."))

    def _on_search_changed(self, text: str) -> None:
        self.model.set_filter(text)
        self.refresh()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Down leads from the filter into the list, Enter opens its first row."""
        if watched is self.search and event.type() is QEvent.Type.KeyPress and self.model.rowCount():
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Down:
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
                self.list.setCurrentIndex(self.model.index(0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.list.open(self.model.index(0))
                return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(self.width() - 1, 0, 1, self.height(), color("line"))


class ConversationModel(QAbstractListModel):
    """The conversations whose title holds every word of the filter."""

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._filter: list[str] = []
        self._rows: list[Conversation] = []

    def set_filter(self, text: str) -> None:
        self._filter = text.casefold().split()

    def refresh(self) -> None:
        """Takes over the workbench's list; what stayed the same only is painted again."""
        rows = [row for row in self._workbench.conversations.rows if self._matches(row.title)]
        if [row.id for row in rows] == [row.id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _matches(self, title: str) -> bool:
        folded = title.casefold()
        return all(word in folded for word in self._filter)

    def row_of(self, conversation: int | None) -> int:
        """-1 where it is not listed."""
        return next((place for place, row in enumerate(self._rows) if row.id == conversation), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole | Qt.ItemDataRole.ToolTipRole:
                return row.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return tr("{title}, {when}", title=row.title, when=when(row.updated_at))
            case _ if role == _ID:
                return row.id
            case _ if role == _AT:
                return when(row.updated_at)
            case _ if role == _OPEN:
                return row.id == self._workbench.chat.conversation
            case _ if role == _BUSY:
                return self._workbench.conversations.is_busy(row.id)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        title = str(value).strip()
        row = self._rows[index.row()]
        if role != Qt.ItemDataRole.EditRole or not title or title == row.title:
            return False
        self._workbench.conversations.rename(row.id, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        del index
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable


class ConversationList(QListView):
    """A click or Enter opens a row, F2 renames it where it stands."""

    def __init__(self, model: ConversationModel, workbench: Workbench) -> None:
        super().__init__()
        self.setObjectName("conversation_list")
        self.setAccessibleName(tr("Conversations"))
        self.setProperty("look", "plain")
        self._model = model
        self._workbench = workbench
        self._waits = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setModel(model)
        self.setItemDelegate(_Row(self))
        self.setUniformItemSizes(True)
        self.setSpacing(0)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_wished)
        self.clicked.connect(self.open)

    def open(self, index: Index) -> None:
        self._workbench.conversations.open(index.data(_ID))

    def refresh(self) -> None:
        if self.state() is QAbstractItemView.State.EditingState:
            # The list would take the field away in which a title is being typed.
            self._waits = True
            return
        here = self.currentIndex().data(_ID) if self.currentIndex().isValid() else None
        self._model.refresh()
        row = self._model.row_of(here if here is not None else self._workbench.chat.conversation)
        if row >= 0:
            self.setCurrentIndex(self._model.index(row))
        self.viewport().update()

    def _on_menu_wished(self, where: QPoint) -> None:
        index = self.indexAt(where)
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        # Rows may move while the menu is open: what it acts on is the conversation.
        conversation = index.data(_ID)
        menu = Menu(self)
        menu.setObjectName("conversation_menu")
        menu.addAction(tr("Open"), lambda: self._workbench.conversations.open(conversation))
        menu.addAction(tr("Rename"), lambda: self._rename(conversation))
        menu.addAction(tr("Export all of it…"), lambda: self._export(conversation))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(where))

    def _export(self, conversation: int) -> None:
        row = self._model.row_of(conversation)
        if row >= 0:
            self._workbench.exports.conversation_wished.emit(conversation, self._model.index(row).data())

    def _rename(self, conversation: int) -> None:
        row = self._model.row_of(conversation)
        if row >= 0:
            self.setCurrentIndex(self._model.index(row))
            self.edit(self.currentIndex())

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._waits:
            self._waits = False
            self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self.viewport()).fillRect(self.viewport().rect(), color("ground"))
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_editing = self.state() is QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid() and not is_editing:
            self.open(self.currentIndex())
            return
        super().keyPressEvent(event)


class _Row(QStyledItemDelegate):
    """Icon, title, when; a dot in place of the time where a turn is under way."""

    def __init__(self, view: ConversationList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, max(30, round(QFontMetricsF(font(BODY)).height()) + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        area = option.rect.adjusted(0, 0, 0, -1)
        is_open = bool(index.data(_OPEN))
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if is_open or is_hovered:
            fill_round(painter, area, RADIUS, color("selected" if is_open else "hover"))
        ratio = self._view.devicePixelRatioF()
        role = "ink" if is_open else "ink_2"
        middle = area.center().y() + 1
        painter.drawPixmap(QPoint(area.left() + 8, middle - 7), pixmap("message-square", role, 14, ratio))
        right = area.right() - 8
        if index.data(_BUSY):
            fill_round(painter, QRect(right - 6, middle - 4, 7, 7), 3.5, color("accent"))
            right -= 14
        else:
            at = index.data(_AT)
            painter.setFont(font(CAPTION))
            painter.setPen(color("ink_3"))
            width = round(QFontMetricsF(font(CAPTION)).horizontalAdvance(at)) + 2
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRect(right - width, area.top(), width + 1, area.height()), flags, at)
            right -= width + 8
        type_ = font(BODY, 500 if is_open else 400)
        painter.setFont(type_)
        painter.setPen(color(role))
        left = area.left() + 30
        title = QFontMetricsF(type_).elidedText(index.data(), Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(
            QRect(left, area.top(), right - left, area.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            title,
        )
        if self._view.hasFocus() and index == self._view.currentIndex():
            draw_ring(painter, area, RADIUS)
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setObjectName("conversation_title")
        field.setAccessibleName(tr("Title"))
        field.setMaxLength(60)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data())
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))
