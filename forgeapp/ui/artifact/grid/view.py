"""The grid itself: selection, keys and clipboard over a `GridModel`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
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
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from forgeapp.ui.artifact.grid.block import Block
from forgeapp.ui.artifact.grid.cell_editor import CellEditor
from forgeapp.ui.artifact.grid.clipboard import MAX_COPIED, put_rows, take_rows
from forgeapp.ui.artifact.grid.delegate import CellDelegate
from forgeapp.ui.artifact.grid.header import GridHeader
from forgeapp.ui.artifact.grid.model import GridModel, Index
from forgeapp.ui.artifact.grid.outline import paint_over
from forgeapp.ui.artifact.grid.selected import rows_of, spanned
from forgeapp.ui.artifact.grid.steps import around, edge_from, reach_of
from forgeapp.ui.theme import px
from forgeapp.ui.wording import number_text, tr

_SELECT = QItemSelectionModel.SelectionFlag
_MIN_WIDTH = 64
_MAX_WIDTH = 320
_MEASURED_ROWS = 60
_SCALE_OF = 1_000
_HELD = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)
_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class GridView(QTableView):
    """The current cell is where a selection began: typing goes there, Shift moves the opposite corner. Tab goes from
    cell to cell; after Esc it leaves the grid.

    Signals: `cleared(list[Block])`: Delete, or Cut after it copied; `pasted(rows, Block)`: texts, and the selection
    they are for; `menu_requested(place, QPoint)`: place is 'cells', 'rows' or 'columns', selected already;
    `rows_moved(first, count, to)` and `columns_moved(...)`: the first stands at `to` afterwards;
    `rename_requested(column)`: its name was double clicked, or F2 pressed with all of the column selected;
    `selection_changed()`: current cell or selection; `refused(reason)`: what is selected cannot be copied.
    """

    cleared = Signal(object)
    pasted = Signal(object, object)
    menu_requested = Signal(str, QPoint)
    rows_moved = Signal(int, int, int)
    columns_moved = Signal(int, int, int)
    rename_requested = Signal(int)
    selection_changed = Signal()
    refused = Signal(str)

    def __init__(self, names: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = CellDelegate(self)
        self.column_header = GridHeader(Qt.Orientation.Horizontal, self, names)
        self.row_header = GridHeader(Qt.Orientation.Vertical, self)
        self._bound: list[QAction] = []
        self._fitted: dict[int, int] = {}
        self._tab_start: int | None = None
        self._press: tuple[int, int] | None = None
        self._blocks: list[Block] | None = None
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
        self.column_header.menu_requested.connect(self._on_column_menu_requested)
        self.row_header.menu_requested.connect(self._on_row_menu_requested)
        self.row_header.sectionCountChanged.connect(self.row_header.fit_text)

    def grid_model(self) -> GridModel:
        return cast(GridModel, self.model())

    def used(self) -> tuple[int, int]:
        return self.grid_model().used()

    def bind(self, action: QAction) -> None:
        """The action's keys work here before any other of the window's with the same ones."""
        self._bound.append(action)

    # Selection

    @property
    def current(self) -> tuple[int, int] | None:
        """Row and column of the current cell."""
        index = self.currentIndex()
        return (index.row(), index.column()) if index.isValid() else None

    def blocks(self) -> list[Block]:
        """What is selected, in the order of the grid; may reach beyond what is used."""
        if self._blocks is None:
            selection = self.selectionModel().selection()
            ranges = (selection.at(place) for place in range(selection.count()))
            self._blocks = sorted(Block(each.top(), each.left(), each.bottom(), each.right()) for each in ranges)
        return self._blocks

    def used_blocks(self) -> list[Block]:
        """What is selected of that which is used."""
        rows, columns = self.used()
        return [cut for block in self.blocks() if (cut := block.within(rows, columns)) is not None]

    def block(self) -> Block | None:
        """The selected block the current cell is in, or the current cell."""
        if self.current is None:
            return None
        return next(
            (block for block in self.blocks() if block.holds(*self.current)), Block(*self.current, *self.current)
        )

    def select(self, block: Block, current: tuple[int, int] | None = None, scroll: bool = True) -> None:
        """Selects `block`, cut to the grid; the current cell is its first one unless `current` says another."""
        model = self.model()
        cut = block.within(model.rowCount(), model.columnCount())
        if cut is None:
            return
        at = current if current is not None and cut.holds(*current) else (cut.top, cut.left)
        selection = self.selectionModel()
        selection.setCurrentIndex(model.index(*at), _SELECT.NoUpdate)
        corners = model.index(cut.top, cut.left), model.index(cut.bottom, cut.right)
        selection.select(QItemSelection(*corners), _SELECT.ClearAndSelect)
        if scroll:
            self.scrollTo(model.index(*at))

    def go_to(self, row: int, column: int) -> None:
        """Makes this the current cell, the only one selected."""
        self.select(Block(row, column, row, column))

    def whole_sections(self, orientation: Qt.Orientation) -> tuple[int, int] | None:
        """First and count of the columns (or rows) that are selected as a whole and side by side."""
        blocks = self.blocks()
        if not blocks or not all(self._is_whole(block, orientation) for block in blocks):
            return None
        spans = sorted(_span(block, orientation) for block in blocks)
        if any(after[0] > before[1] + 1 for before, after in pairwise(spans)):
            return None
        return spans[0][0], spans[-1][1] - spans[0][0] + 1

    def section_state(self, orientation: Qt.Orientation, section: int) -> tuple[bool, bool]:
        """Whether something in the column (or row) is selected, and whether all of it is."""
        touched = False
        for block in self.blocks():
            first, last = _span(block, orientation)
            if first <= section <= last:
                touched = True
                if self._is_whole(block, orientation):
                    return True, True
        return touched, False

    def _is_whole(self, block: Block, orientation: Qt.Orientation) -> bool:
        rows, columns = self.used()
        if orientation is Qt.Orientation.Horizontal:
            return block.top == 0 and block.bottom >= max(rows, 1) - 1 and block.bottom >= self.model().rowCount() - 1
        return block.left == 0 and block.right >= columns - 1 and block.right >= self.model().columnCount() - 1

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
        rows, block = take_rows(), self.block()
        if rows and block is not None:
            self.pasted.emit(rows, block)

    def clear_cells(self) -> None:
        blocks = self.used_blocks()
        if blocks:
            self.cleared.emit(blocks)

    def select_all(self) -> None:
        """All that is used, or the current cell's grid where nothing is."""
        rows, columns = self.used()
        if rows and columns:
            self.select(Block(0, 0, rows - 1, columns - 1), self.current, scroll=False)

    def select_columns(self, first: int, count: int = 1) -> None:
        self.select(Block(0, first, self.model().rowCount() - 1, first + count - 1), scroll=False)
        self.scrollTo(self.model().index(max(self.rowAt(0), 0), first))

    def select_rows(self, first: int, count: int = 1) -> None:
        self.select(Block(first, 0, first + count - 1, self.model().columnCount() - 1), scroll=False)
        self.scrollTo(self.model().index(first, max(self.columnAt(0), 0)))

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

    # Widths

    def fit_columns(self, columns: Sequence[int] | None = None) -> None:
        """Columns as wide as their names and first rows need, within bounds."""
        for column in range(self.model().columnCount()) if columns is None else columns:
            wanted = max(self.column_header.sectionSizeFromContents(column).width(), self.sizeHintForColumn(column))
            self._fitted[column] = min(max(wanted, px(_MIN_WIDTH)), px(_MAX_WIDTH))
            self.setColumnWidth(column, self._fitted[column])

    def widen_columns(self, columns: Sequence[int]) -> None:
        """Fits those anew that have become too narrow, unless the user gave them a width of his own."""
        for column in columns:
            if self.columnWidth(column) == self._fitted.get(column, 0) < self.sizeHintForColumn(column):
                self.fit_columns([column])

    def rescale_columns(self, factor: float) -> None:
        """The text has another size: what was fitted is fitted anew, what the user gave a width grows along."""
        for column, fitted in list(self._fitted.items()):
            if column >= self.model().columnCount():
                continue
            width = self.columnWidth(column)
            if width == fitted:
                self.fit_columns([column])
            else:
                self.setColumnWidth(column, round(width * factor))

    # Moving

    def _go(self, rows: int, columns: int, to_edge: bool, extends: bool) -> None:
        block, current = self.block(), self.current
        if block is None or current is None:
            if self.model().rowCount() and self.model().columnCount():
                self.go_to(0, 0)
            return
        start = reach_of(block, current) if extends else current
        if to_edge:
            row, column = edge_from(self.grid_model(), start, rows, columns)
        else:
            row, column = start[0] + rows, start[1] + columns
        row = min(max(row, 0), self.model().rowCount() - 1)
        column = min(max(column, 0), self.model().columnCount() - 1)
        self._arrive(row, column, extends)

    def _arrive(self, row: int, column: int, extends: bool) -> None:
        current = self.current
        if extends and current is not None:
            self.select(Block.between(current, (row, column)), current, scroll=False)
            self.scrollTo(self.model().index(row, column))
        else:
            self.go_to(row, column)

    def _advance(self, rows: int, columns: int) -> None:
        """Enter and Tab: around within a selection of several cells, else to the next cell."""
        block, current = self.block(), self.current
        if block is None or current is None:
            return
        if block.size > 1 and len(self.blocks()) == 1:
            index = self.model().index(*around(block, current, rows, columns))
            self.selectionModel().setCurrentIndex(index, _SELECT.NoUpdate)
            self.scrollTo(index)
            return
        last_row, last_column = self.model().rowCount() - 1, self.model().columnCount() - 1
        row, column = current
        if columns:
            if self._tab_start is None:
                self._tab_start = column
            column += columns
            if column > last_column and row < last_row:
                row, column = row + 1, 0
            elif column < 0 and row > 0:
                row, column = row - 1, last_column
            start = self._tab_start
            self.go_to(row, min(max(column, 0), last_column))
            self._tab_start = start
            return
        if self._tab_start is not None and rows > 0:
            column = min(self._tab_start, last_column)
        self.go_to(min(max(row + rows, 0), last_row), column)

    def _on_went_on(self, rows: int, columns: int) -> None:
        self.setFocus()
        self._advance(rows, columns)

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

    def _take_step(self, event: QKeyEvent) -> bool:
        """Arrows, Home, End, Page Up and Down, Enter and Tab."""
        key, held = Qt.Key(event.key()), event.modifiers()
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        if held & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
            return False
        if key in _STEPS:
            self._go(*_STEPS[key], control, shift)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self._advance(-1 if shift else 1, 0)
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and not control:
            self._advance(0, -1 if shift or key == Qt.Key.Key_Backtab else 1)
            return True
        current, block = self.current, self.block()
        if current is None or block is None:
            return False
        reach = reach_of(block, current) if shift else current
        used_rows, used_columns = self.used()
        page = max(self.viewport().height() // px(28) - 1, 1)
        last_row, last_column = max(used_rows - 1, 0), max(used_columns - 1, 0)
        target = {
            Qt.Key.Key_Home: (0, 0) if control else (reach[0], 0),
            Qt.Key.Key_End: (last_row, last_column) if control else (reach[0], last_column),
            Qt.Key.Key_PageUp: (max(reach[0] - page, 0), reach[1]),
            Qt.Key.Key_PageDown: (min(reach[0] + page, self.model().rowCount() - 1), reach[1]),
        }.get(key)
        if target is None:
            return False
        self._arrive(*target, shift)
        return True

    # Qt

    def setModel(self, model: object) -> None:
        super().setModel(model)  # type: ignore[arg-type]
        self._blocks = None
        cast(GridModel, model).modelReset.connect(self._on_reset)
        self.row_header.fit_text()

    def _on_reset(self) -> None:
        self._blocks = None
        self.row_header.fit_text()

    def selectAll(self) -> None:
        self.select_all()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._show_selection()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._tab_start = None
        self._show_selection()

    def _show_selection(self) -> None:
        self._blocks = None
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
        model, rows = self.grid_model(), self.model().rowCount()
        first = max(self.rowAt(0), 0)
        measured = [*range(min(rows, _MEASURED_ROWS)), *range(first, min(first + _MEASURED_ROWS, rows))]
        return max((self.cells.text_width(model.look(row, column)) for row in measured), default=0) + 1

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
                if self.focusNextPrevChild(not is_back) if leaves else self._take_step(event):
                    return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bound = self._take_bound(event)
        if bound is not None:
            bound.trigger()
        elif event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self._begin_edit_or_name()
        elif self._take_step(event):
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
        if self._press is not None and self.current != self._press:
            index = self.model().index(*self._press)
            if index.isValid():
                self.selectionModel().setCurrentIndex(index, _SELECT.NoUpdate)
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
                self.rescale_columns(self._scale / before)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_over(self, QPainter(self.viewport()))


def _span(block: Block, orientation: Qt.Orientation) -> tuple[int, int]:
    return (block.left, block.right) if orientation is Qt.Orientation.Horizontal else (block.top, block.bottom)
