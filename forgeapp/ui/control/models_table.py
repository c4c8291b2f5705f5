"""The models of a provider as a table whose cells are edited in place."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QRegularExpressionValidator, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from forgeapp.domain.request import Tier
from forgeapp.ui.control.models_model import NOTE, PATTERNS, ROLE, SHORT_NOTE, Column, Index, ModelsModel, tier_text
from forgeapp.ui.controls import Menu
from forgeapp.ui.controls.painting import draw_ring
from forgeapp.ui.controls.switch import paint_switch
from forgeapp.ui.icons import icon
from forgeapp.ui.theme import BODY, LABEL, ROW, color, font, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

_WIDTHS: Final = {
    Column.ON: 44,
    Column.TIER: 84,
    Column.CONTEXT: 84,
    Column.PRICE: 108,
    Column.TEMPERATURE: 92,
    Column.OUTPUT: 92,
}
_NARROW_BELOW: Final = 640
_ROWS_SHOWN: Final = 10
_NOTE_GAP: Final = 8


class ModelsTable(QTableView):
    """Space or a click switches a model on and off, Enter or a double click edits a cell, Alt+Up and Alt+Down move it,
    Delete removes it."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self.setObjectName("models_table")
        self.setAccessibleName(tr("Models"))
        self._workbench = workbench
        self._model = ModelsModel(workbench, self)
        self._wanted: str | None = None
        self.setModel(self._model)
        self.setItemDelegate(_Cell(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_wished)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        self._measure()

    def refresh(self) -> None:
        if self.state() is QAbstractItemView.State.EditingState:
            return
        here = self.currentIndex()
        name = self._wanted or (self._model.model_at(here).name if here.isValid() else None)
        column = here.column() if here.isValid() else Column.NAME
        scrolled = self.verticalScrollBar().value()
        self._model.refresh()
        provider = self._model.provider
        names = [model.name for model in provider.models] if provider else []
        if name in names:
            self.setCurrentIndex(self._model.index(names.index(name), column))
            self.verticalScrollBar().setValue(scrolled)
        self._fit()

    def _measure(self) -> None:
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, px(width))
        self.verticalHeader().setDefaultSectionSize(max(ROW, round(QFontMetricsF(font(BODY)).height()) + 10))
        self._fit()

    def _fit(self) -> None:
        """As high as its rows, up to a few of them."""
        rows = min(max(self._model.rowCount(), 1), _ROWS_SHOWN)
        header = max(self.horizontalHeader().sizeHint().height(), 26)
        self.setFixedHeight(rows * self.verticalHeader().defaultSectionSize() + header + 2)

    def act(self, index: QModelIndex) -> None:
        """What a key or a click on a cell does: switch, choose, or edit."""
        if index.column() == Column.ON:
            self._model.setData(index, None, Qt.ItemDataRole.CheckStateRole)
        elif index.column() == Column.TIER:
            self._open_tiers(index)
        elif index.column() in PATTERNS:
            self.edit(index)

    def _open_tiers(self, index: QModelIndex) -> None:
        provider, model = self._model.provider, self._model.model_at(index)
        assert provider is not None
        menu = Menu(self)
        menu.setObjectName("tier_menu")
        for tier in (None, Tier.CHEAP, Tier.PREMIUM):
            action = menu.addAction(tier_text(tier) if tier else tr("None"))
            action.setCheckable(True)
            action.setChecked(model.tier is tier)
            action.triggered.connect(
                partial(self._workbench.registry.change_model, provider.name, model.name, tier=tier)
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _on_menu_wished(self, where: QPoint) -> None:
        index = self.indexAt(where)
        if index.isValid():
            self.setCurrentIndex(index)
            self._open_menu(index, self.viewport().mapToGlobal(where))

    def _open_menu(self, index: Index, where: QPoint) -> None:
        registry, provider, model = self._workbench.registry, self._model.provider, self._model.model_at(index)
        assert provider is not None
        menu = Menu(self)
        menu.setObjectName("model_menu")
        menu.addAction(icon("zap"), tr("Test with this model"), partial(registry.test, provider.name, model.name))
        allow = menu.addAction(tr("Ask it under a budget though its price is unknown"))
        allow.setCheckable(True)
        allow.setChecked(model.allows_unknown_price)
        allow.triggered.connect(
            partial(
                registry.change_model, provider.name, model.name, allows_unknown_price=not model.allows_unknown_price
            )
        )
        menu.addSeparator()
        menu.addAction(icon("arrow-up"), tr("Move up"), partial(self._move, index.row(), -1)).setShortcut("Alt+Up")
        menu.addAction(icon("arrow-down"), tr("Move down"), partial(self._move, index.row(), 1)).setShortcut("Alt+Down")
        menu.addSeparator()
        menu.addAction(icon("trash-2", "bad"), tr("Remove"), partial(registry.remove_model, provider.name, model.name))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)
        menu.setActiveAction(menu.actions()[0])

    def _move(self, row: int, by: int) -> None:
        provider = self._model.provider
        if provider is not None:
            self._wanted = provider.models[row].name
            self._workbench.registry.move_model(provider.name, self._wanted, by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        key = event.key()
        if not index.isValid() or self.state() is QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(index.row(), -1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Space:
            on = self._model.index(index.row(), Column.ON)
            self.act(on if index.column() in (Column.ON, Column.NAME) else index)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.act(index)
        elif key == Qt.Key.Key_Menu:
            self._open_menu(index, self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))
        elif key == Qt.Key.Key_Delete:
            provider = self._model.provider
            assert provider is not None
            self._workbench.registry.remove_model(provider.name, self._model.model_at(index).name)
        else:
            self._wanted = None
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._wanted = None
        index = self.indexAt(event.position().toPoint())
        if (
            event.button() is Qt.MouseButton.LeftButton
            and index.isValid()
            and index.column() in (Column.ON, Column.TIER)
        ):
            self.act(index)

    def closeEditor(self, editor: QWidget, hint: Any) -> None:
        super().closeEditor(editor, hint)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(Column.CONTEXT, self.width() < _NARROW_BELOW)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._measure()


class _Cell(QStyledItemDelegate):
    def __init__(self, view: ModelsTable) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        area = option.rect
        is_here = index.row() == self._view.currentIndex().row() and self._view.hasFocus()
        if is_here:
            painter.fillRect(area, color("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, color("hover"))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, color("line_2"))
        if index.column() == Column.ON:
            paint_switch(painter, area, index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked)
        else:
            self._paint_words(painter, option, index)
        if self._view.hasFocus() and index == self._view.currentIndex():
            draw_ring(painter, area.adjusted(0, 0, 0, -1), 4)
        painter.restore()

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect.adjusted(8, 0, -8, 0)
        type_ = font(BODY if index.column() == Column.NAME else LABEL)
        note = str(index.data(NOTE) or "")
        side = Qt.AlignmentFlag.AlignRight if index.column() >= Column.CONTEXT else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        text, metrics = str(index.data() or ""), QFontMetricsF(type_)
        painter.setFont(type_)
        painter.setPen(color(str(index.data(ROLE))))
        if not note:
            painter.drawText(area, flags, metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, area.width()))
            return
        small = QFontMetricsF(font(LABEL))
        if metrics.horizontalAdvance(text) + _NOTE_GAP + small.horizontalAdvance(note) > area.width():
            note = str(index.data(SHORT_NOTE))
        room = area.width() - _NOTE_GAP - small.horizontalAdvance(note)
        words = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(area, flags, words)
        painter.setFont(font(LABEL))
        painter.setPen(color("warn"))
        painter.drawText(area.adjusted(ceil(metrics.horizontalAdvance(words)) + _NOTE_GAP, 0, 0, 0), flags, note)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setObjectName("model_field")
        field.setProperty("look", "cell")
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setAccessibleName(str(self._view.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        field.setValidator(QRegularExpressionValidator(PATTERNS[index.column()], field))
        if index.column() == Column.PRICE:
            field.setPlaceholderText(tr("in / out"))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(Qt.ItemDataRole.EditRole))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        if editor.hasAcceptableInput():
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))
