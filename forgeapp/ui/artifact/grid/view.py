"""The grid itself: selection, keys and clipboard over a `GridModel`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QEvent, QItemSelection, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from forgeapp.ui.artifact.grid.cell_editor import CellEditor
from forgeapp.ui.artifact.grid.clipboard import MAX_COPIED, Taken, put_rows, take
from forgeapp.ui.artifact.grid.delegate import CellDelegate
from forgeapp.ui.artifact.grid.header import GridHeader
from forgeapp.ui.artifact.grid.model import GridModel, Index
from forgeapp.ui.artifact.grid.outline import paint_over
from forgeapp.ui.artifact.grid.selected import rows_of, spanned
from forgeapp.ui.artifact.grid.selection import SelectingView
from forgeapp.ui.artifact.grid.walk import Walk
from forgeapp.ui.artifact.grid.widths import ColumnWidths
from forgeapp.ui.theme import px
from forgeapp.ui.wording import number_text, tr

_SCALE_OF = 1_000
_READ_AT_ONCE_CHARS = 200_000
_HELD = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


class GridView(SelectingView):
    """The current cell is where a selection began: typing goes there, Shift moves the opposite corner. Tab goes from
    cell to cell; after Esc it leaves the grid.

    Signals: `cleared(list[Block])`: Delete, or Cut after it copied; `pasted(rows, Block)`: texts, and the selection
    they are for; `much_taken(Taken, Block)`: so much that it is to be read off the UI thread;
    `menu_requested(place, QPoint)`: place is 'cells', 'rows' or 'columns', selected already;
    `rows_moved(first, count, to)` and `columns_moved(...)`: the first stands at `to` afterwards;
    `rename_requested(column)`: its name was double clicked, or F2 pressed with all of the column selected;
    `sort_clicked(column)` and `filter_clicked(column)`: on the marks in its header;
    `selection_changed()`: current cell or selection; `refused(reason)`: what is selected cannot be copied.
    """

    cleared = Signal(object)
    pasted = Signal(object, object)
    much_taken = Signal(object, object)
    menu_requested = Signal(str, QPoint)
    rows_moved = Signal(int, int, int)
    columns_moved = Signal(int, int, int)
    rename_requested = Signal(int)
    sort_clicked = Signal(int)
    filter_clicked = Signal(int)
    selection_changed = Signal()
    refused = Signal(str)

    def __init__(self, names: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = CellDelegate(self)
        self.column_header = GridHeader(Qt.Orientation.Horizontal, self, names)
        self.row_header = GridHeader(Qt.Orientation.Vertical, self)
        self._bound: list[QAction] = []
        self._walk = Walk(self)
        self._widths = ColumnWidths(self)
        self._press: tuple[int, int] | None = None
        self._tab_leaves = False
        self._scale = px(_SCALE_OF)
        self.setAccessibleDescription(tr("Esc, then Tab or Shift+Tab, leaves the grid."))
        self.setItemDelegate(self.cells)
        self.setHorizontalHeader(self.column_header)
        self.setVerticalHeader(self.row_header)
        self.setShowGrid(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AnyKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.cells.went_on.connect(self._on_went_on)
        self.column_header.dragged.connect(self.columns_moved)
        self.row_header.dragged.connect(self.rows_moved)
        self.column_header.opened.connect(self.rename_requested)
        self.column_header.sort_clicked.connect(self.sort_clicked)
        self.column_header.filter_clicked.connect(self.filter_clicked)
        self.column_header.menu_requested.connect(self._on_column_menu_requested)
        self.row_header.menu_requested.connect(self._on_row_menu_requested)
        self.row_header.sectionCountChanged.connect(self.row_header.fit_text)

    def bind(self, action: QAction) -> None:
        """The action's keys work here before any other of the window's with the same ones."""
        self._bound.append(action)

    # Clipboard

    def copied_rows(self) -> Sequence[Sequence[str]]:
        """The texts of what is selected."""
        return rows_of(self.grid_model(), self.used_blocks())

    def can_copy(self) -> bool:
        """Whether anything is selected that can be copied; tells where it is too much."""
        blocks = self.used_blocks()
        rows, columns = spanned(blocks)
        if len(rows) * len(columns) > MAX_COPIED:
            self.refused.emit(tr("at most {count} cells are copied at once", count=number_text(MAX_COPIED)))
            return False
        return bool(blocks)

    def copy(self) -> bool:
        """On the clipboard; False where there is nothing, or too much."""
        if not self.can_copy():
            return False
        put_rows(self.copied_rows())
        return True

    def cut(self) -> None:
        if self.copy():
            self.clear_cells()

    def paste(self) -> None:
        self.give(take())

    def give(self, taken: Taken) -> None:
        """What was on the clipboard goes where the selection is."""
        block = self.block()
        if block is None:
            return
        if taken.size > _READ_AT_ONCE_CHARS:
            self.much_taken.emit(taken, block)
        elif rows := taken.rows():
            self.pasted.emit(rows, block)

    def clear_cells(self) -> None:
        blocks = self.used_blocks()
        if blocks:
            self.cleared.emit(blocks)

    # Editing

    def begin_edit(self) -> None:
        """Opens the current cell with what it holds."""
        index = self.currentIndex()
        if index.isValid():
            self.cells.starts_blank = False
            self.edit(index)

    def finish_editing(self) -> None:
        """Takes what is being typed, in a cell or a name: before what is shown here is stored or written elsewhere."""
        for editor in self.findChildren(CellEditor):
            if editor.isVisible():
                editor.finish()

    def _begin_edit_or_name(self) -> None:
        current = self.current
        if current and self.column_header.names and self.whole_sections(Qt.Orientation.Horizontal):
            self.rename_requested.emit(current[1])
        else:
            self.begin_edit()

    @property
    def is_editing(self) -> bool:
        return self.state() is QAbstractItemView.State.EditingState

    def fit_columns(self, columns: Sequence[int] | None = None) -> None:
        """Columns as wide as their names and first rows need, within bounds."""
        self._widths.fit(columns)

    def widen_columns(self, columns: Sequence[int]) -> None:
        """Fits those anew that have become too narrow, unless the user gave them a width of his own."""
        self._widths.widen(columns)

    def _arrive(self, row: int, column: int, extends: bool) -> None:
        self._walk.arrive(row, column, extends)

    def _on_went_on(self, rows: int, columns: int) -> None:
        self.setFocus()
        self._walk.advance(rows, columns)

    # Menus

    def _on_column_menu_requested(self, section: int, at: QPoint) -> None:
        if section >= 0:
            if not self.section_state(Qt.Orientation.Horizontal, section)[1]:
                self.select_columns(section)
            self.menu_requested.emit("columns", at)

    def _on_row_menu_requested(self, section: int, at: QPoint) -> None:
        if section >= 0:
            if not self.section_state(Qt.Orientation.Vertical, section)[1]:
                self.select_rows(section)
            self.menu_requested.emit("rows", at)

    def _take_bound(self, event: QKeyEvent) -> QAction | None:
        pressed = QKeySequence(event.keyCombination())
        for action in self._bound:
            if action.isEnabled() and pressed in action.shortcuts():
                return action
        return None

    # Qt

    def setModel(self, model: object) -> None:
        super().setModel(model)  # type: ignore[arg-type]
        self.blocks_changed()
        cast(GridModel, model).modelReset.connect(self._on_reset)
        self.row_header.fit_text()

    def _on_reset(self) -> None:
        self.blocks_changed()
        self.row_header.fit_text()

    def selectAll(self) -> None:
        self.select_all()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._show_selection()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._walk.forget_start()
        self._show_selection()

    def _show_selection(self) -> None:
        self.blocks_changed()
        self.cells.cross = self.current
        self.cells.marks_current = sum(block.size for block in self.blocks()) > 1
        self.viewport().update()
        self.column_header.viewport().update()
        self.row_header.viewport().update()
        self.selection_changed.emit()

    def edit(self, index: Index, trigger: object = None, event: QEvent | None = None) -> bool | None:  # type: ignore[override]
        if trigger is None:
            super().edit(index)
            return None
        self.cells.starts_blank = trigger is QAbstractItemView.EditTrigger.AnyKeyPressed
        return super().edit(index, trigger, event)  # type: ignore[call-overload]

    def sizeHintForColumn(self, column: int) -> int:
        return self._widths.needed(column)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and not self.is_editing:
            assert isinstance(event, QKeyEvent)
            if self._take_bound(event) is not None:
                event.accept()
                return True
        if event.type() is QEvent.Type.KeyPress:  # Tab would leave the grid before keyPressEvent sees it
            assert isinstance(event, QKeyEvent)
            leaves = self._tab_leaves
            if event.key() not in _HELD:
                self._tab_leaves = event.key() == Qt.Key.Key_Escape
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                is_back = event.key() == Qt.Key.Key_Backtab or event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                if self.focusNextPrevChild(not is_back) if leaves else self._walk.take(event):
                    return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bound = self._take_bound(event)
        if bound is not None:
            bound.trigger()
        elif event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self._begin_edit_or_name()
        elif self._walk.take(event):
            event.accept()
        elif event.text() and event.text().isprintable():
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        is_left = event.button() is Qt.MouseButton.LeftButton
        if is_left and index.isValid() and event.modifiers() == Qt.KeyboardModifier.ShiftModifier and self.current:
            self._arrive(index.row(), index.column(), True)
            return
        self._press = (index.row(), index.column()) if is_left and index.isValid() else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed = self._press
        if pressed is not None and self.current != pressed and self.model().index(*pressed).isValid():
            self.set_current(*pressed)
        self._press = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
            self.menu_requested.emit("cells", at)
            return
        index = self.indexAt(event.pos())
        if index.isValid() and not self.selectionModel().isSelected(index):
            self.go_to(index.row(), index.column())
        self.menu_requested.emit("cells", event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current is None and self.model().rowCount() and self.model().columnCount():
            self.go_to(0, 0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tab_leaves = False
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.cells.forget_fonts()
            self.row_header.fit_text()
            self.column_header.fit_text()
            before, self._scale = self._scale, px(_SCALE_OF)
            if before != self._scale:
                self._widths.rescale(self._scale / before)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_over(self, QPainter(self.viewport()))
