"""A Markdown table as a grid of cells to be filled: rows and columns added, moved and taken away, then written back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from forgeapp.ui.artifact.text.format_bar import FormatBar
from forgeapp.ui.artifact.text.markdown_tables import MAX_COLUMNS, MAX_ROWS, Alignment, TextTable, written
from forgeapp.ui.controls import Button, HLine, Label
from forgeapp.ui.controls.painting import draw_ring
from forgeapp.ui.icons import icon
from forgeapp.ui.theme import BODY, LABEL, color, font, px
from forgeapp.ui.wording import number_text, tr

_MAX_STEPS: Final = 200
_Cells = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _State:
    cells: _Cells
    alignments: tuple[Alignment, ...]


class TableGrid(QWidget):
    """`taken(markdown)`: what the table's lines become. `left`: nothing is changed.

    Tab and Shift+Tab go through the cells, Enter down; behind the last cell comes a new row. Undo and redo are the
    grid's own until it is taken.
    """

    taken = Signal(str)
    left = Signal()

    def __init__(self, table: TextTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("table_grid")
        self.setAccessibleName(tr("Table as a grid"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.table = table
        self._state = _State(table.cells, table.alignments)
        self._undo: list[_State] = []
        self._redo: list[_State] = []
        self._is_filling = False
        self.cells = GridCells(self)
        self.cells.itemChanged.connect(self._on_item_changed)
        self.cells.left.connect(self.left)
        self.cells.new_row_asked.connect(self._add_row_at_end)
        self._make_actions()
        self._size = Label("", LABEL, role="ink_3")
        cancel = Button(tr("Cancel"), kind="quiet", small=True)
        cancel.setObjectName("grid_cancel")
        cancel.setToolTip(tr("Leave the text as it is") + "  Esc")
        cancel.clicked.connect(self.left)
        done = Button(tr("Done"), kind="primary", small=True)
        done.setObjectName("grid_done")
        done.setToolTip(tr("Write the table into the text") + "  Ctrl+Return")
        done.clicked.connect(self.take)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 12, 4)
        head.setSpacing(8)
        head.addWidget(Label(tr("Edit table"), BODY, 600))
        head.addWidget(self._size)
        head.addStretch(1)
        head.addWidget(cancel)
        head.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(HLine("line"))
        column.addWidget(self.cells, 1)
        self.setFocusProxy(self.cells)
        self._fill(0, 0)

    @property
    def rows(self) -> _Cells:
        """The header first."""
        return self._state.cells

    @property
    def alignments(self) -> tuple[Alignment, ...]:
        return self._state.alignments

    @property
    def is_changed(self) -> bool:
        return (self._state.cells, self._state.alignments) != (self.table.cells, self.table.alignments)

    def take(self) -> None:
        """An open cell is taken, too."""
        self.cells.finish()
        if self.is_changed:
            self.taken.emit(written(self.table.lead, self._state.cells, self._state.alignments))
        else:
            self.left.emit()

    def add_row(self) -> None:
        """Below the one that is chosen."""
        if len(self.rows) <= MAX_ROWS:
            row, column = self._place
            blank = ("",) * len(self.alignments)
            self._change(_inserted(self.rows, row + 1, blank), self.alignments, row + 1, column)

    def add_column(self) -> None:
        """Right of the one that is chosen."""
        if len(self.alignments) < MAX_COLUMNS:
            row, column = self._place
            cells = tuple(_inserted(cells, column + 1, "") for cells in self.rows)
            self._change(cells, _inserted(self.alignments, column + 1, None), row, column + 1)

    def remove_row(self) -> None:
        row, column = self._place
        if row > 0:
            self._change(self.rows[:row] + self.rows[row + 1 :], self.alignments, min(row, len(self.rows) - 2), column)

    def remove_column(self) -> None:
        row, column = self._place
        if len(self.alignments) > 1:
            cells = tuple(cells[:column] + cells[column + 1 :] for cells in self.rows)
            alignments = self.alignments[:column] + self.alignments[column + 1 :]
            self._change(cells, alignments, row, min(column, len(alignments) - 1))

    def move_row(self, by: int) -> None:
        """The header changes places, too: it is the first row."""
        row, column = self._place
        if 0 <= row + by < len(self.rows):
            self._change(_moved(self.rows, row, by), self.alignments, row + by, column)

    def move_column(self, by: int) -> None:
        row, column = self._place
        if 0 <= column + by < len(self.alignments):
            cells = tuple(_moved(cells, column, by) for cells in self.rows)
            self._change(cells, _moved(self.alignments, column, by), row, column + by)

    def align(self, alignment: Alignment) -> None:
        """The column that is chosen; once more takes it back."""
        row, column = self._place
        new = None if self.alignments[column] == alignment else alignment
        alignments = (*self.alignments[:column], new, *self.alignments[column + 1 :])
        self._change(self.rows, alignments, row, column)

    def undo(self) -> None:
        if self._undo:
            self._redo.append(self._state)
            self._state = self._undo.pop()
            self._fill(*self._place)

    def redo(self) -> None:
        if self._redo:
            self._undo.append(self._state)
            self._state = self._redo.pop()
            self._fill(*self._place)

    @property
    def _place(self) -> tuple[int, int]:
        return max(self.cells.currentRow(), 0), max(self.cells.currentColumn(), 0)

    def _make_actions(self) -> None:
        def action(name: str, text: str, icon_name: str, keys: str, act: Callable[[], object]) -> tuple[QAction, str]:
            made = QAction(icon(icon_name), text, self)
            made.setObjectName(name)
            made.setShortcut(QKeySequence(keys))
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.triggered.connect(lambda: act() and None)
            self.addAction(made)
            return made, icon_name

        self._alignings = {
            "left": action("align_left", tr("Left"), "text-align-start", "", lambda: self.align("left")),
            "center": action("align_center", tr("Centred"), "text-align-center", "", lambda: self.align("center")),
            "right": action("align_right", tr("Right"), "text-align-end", "", lambda: self.align("right")),
        }
        for made, _ in self._alignings.values():
            made.setCheckable(True)
        self._remove_row = action("remove_row", tr("Delete row"), "trash-2", "Ctrl+Shift+Backspace", self.remove_row)
        groups = [
            [
                action("add_row", tr("Add row"), "arrow-down-from-line", "Ctrl+Shift+Return", self.add_row),
                action("add_column", tr("Add column"), "arrow-right-from-line", "Ctrl+Shift+Right", self.add_column),
            ],
            [
                action("row_up", tr("Move row up"), "arrow-up", "Alt+Up", lambda: self.move_row(-1)),
                action("row_down", tr("Move row down"), "arrow-down", "Alt+Down", lambda: self.move_row(1)),
                action("column_left", tr("Move column left"), "arrow-left", "Alt+Left", lambda: self.move_column(-1)),
                action(
                    "column_right", tr("Move column right"), "arrow-right", "Alt+Right", lambda: self.move_column(1)
                ),
            ],
            list(self._alignings.values()),
            [
                self._remove_row,
                action("remove_column", tr("Delete column"), "columns-3", "Ctrl+Shift+Delete", self.remove_column),
            ],
            [
                action("grid_undo", tr("Undo"), "undo-2", "Ctrl+Z", self.undo),
                action("grid_redo", tr("Redo"), "redo-2", "Ctrl+Shift+Z", self.redo),
            ],
        ]
        self.bar = FormatBar(groups)
        self.bar.setObjectName("grid_bar")
        self.bar.setAccessibleName(tr("Rows and columns"))
        self.cells.currentCellChanged.connect(lambda *_: self._follow())
        take = QAction(self)
        take.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        take.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        take.triggered.connect(self.take)
        self.addAction(take)

    def _follow(self) -> None:
        """The actions say what holds for the cell that is chosen."""
        row, column = self._place
        if column < len(self.alignments):
            for name, (made, _) in self._alignings.items():
                made.setChecked(self.alignments[column] == name)
        self._remove_row[0].setEnabled(row > 0)

    def _add_row_at_end(self) -> None:
        self.cells.setCurrentCell(len(self.rows) - 1, 0)
        self.add_row()

    def _change(self, cells: _Cells, alignments: tuple[Alignment, ...], row: int, column: int) -> None:
        self._step(_State(cells, alignments))
        self._fill(row, column)

    def _step(self, state: _State) -> None:
        if state != self._state:
            self._undo = [*self._undo[-_MAX_STEPS:], self._state]
            self._redo.clear()
            self._state = state

    def _fill(self, row: int, column: int) -> None:
        self._is_filling = True
        rows, count = self.rows, len(self.alignments)
        self.cells.setRowCount(len(rows))
        self.cells.setColumnCount(count)
        flags = {"right": Qt.AlignmentFlag.AlignRight, "center": Qt.AlignmentFlag.AlignHCenter}
        for number, cells in enumerate(rows):
            for place, text in enumerate(cells):
                item = QTableWidgetItem(text)
                across = flags.get(self.alignments[place] or "", Qt.AlignmentFlag.AlignLeft)
                item.setTextAlignment(across | Qt.AlignmentFlag.AlignVCenter)
                if number == 0:
                    item.setFont(font(BODY, 600))
                    item.setBackground(color("sunken"))
                self.cells.setItem(number, place, item)
        self.cells.resizeColumnsToContents()
        for place in range(count):
            width = min(max(self.cells.columnWidth(place) + 16, px(72)), px(320))
            self.cells.setColumnWidth(place, width)
        self.cells.resizeRowsToContents()
        self.cells.setCurrentCell(min(row, len(rows) - 1), min(column, count - 1))
        self._size.setText(tr("{rows} × {columns}", rows=number_text(len(rows) - 1), columns=number_text(count)))
        self._is_filling = False
        self._follow()

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if self._is_filling:
            return
        row, column = item.row(), item.column()
        cells = self.rows[row]
        new = (*cells[:column], item.text(), *cells[column + 1 :])
        self._step(replace(self._state, cells=(*self.rows[:row], new, *self.rows[row + 1 :])))
        QTimer.singleShot(0, self.cells, lambda: self.cells.resizeRowToContents(row))


class GridCells(QTableWidget):
    """`new_row_asked`: Tab or Enter behind the last cell. `left`: Esc in no open cell."""

    new_row_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("grid_cells")
        self.setAccessibleName(tr("Cells"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setItemDelegate(_CellDelegate(self))
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().hide()
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(px(28))
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def finish(self) -> None:
        """An open cell is taken."""
        editor = self.findChild(_CellField)
        if editor is not None:
            delegate = self.itemDelegate()
            delegate.commitData.emit(editor)
            delegate.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def go(self, down: int, across: int) -> None:
        """To the next cell; behind a row's end comes the next row."""
        row, column = self.currentRow(), self.currentColumn()
        if across:
            at = row * self.columnCount() + column + across
            row, column = divmod(at, self.columnCount())
        else:
            row += down
        if row < 0:
            return
        if row >= self.rowCount():
            self.new_row_asked.emit()
            return
        self.setCurrentCell(row, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Tab | Qt.Key.Key_Backtab:
                self.go(0, -1 if is_back or event.key() == Qt.Key.Key_Backtab else 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.go(-1 if is_back else 1, 0)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if not event.modifiers() and self.currentItem():
                self.currentItem().setText("")
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def focusNextPrevChild(self, _forward: bool) -> bool:
        return False


class _CellField(QPlainTextEdit):
    pass


class _CellDelegate(QStyledItemDelegate):
    """Enter and Tab take the cell and go on, Shift+Enter begins a line in it, Esc leaves it as it was."""

    def __init__(self, cells: GridCells) -> None:
        super().__init__(cells)
        self._cells = cells

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        field = _CellField(parent)
        field.setObjectName("grid_field")
        field.setAccessibleName(tr("Cell"))
        field.setProperty("look", "plain")
        field.setFrameShape(QFrame.Shape.NoFrame)
        field.setAutoFillBackground(True)
        field.setFont(font(BODY))
        field.document().setDocumentMargin(5)
        field.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        field.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        field.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        return field

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        assert isinstance(editor, QPlainTextEdit)
        editor.setPlainText(str(index.data() or ""))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: QModelIndex | QPersistentModelIndex) -> None:
        assert isinstance(editor, QPlainTextEdit)
        self._cells.model().setData(index, editor.toPlainText())
        del model

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area = option.rect  # type: ignore[attr-defined]
        editor.setGeometry(area.x(), area.y(), area.width(), max(area.height(), px(30)))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if index.row() == self._cells.currentRow() and index.column() == self._cells.currentColumn():
            draw_ring(painter, option.rect.adjusted(0, 0, -1, -1), 2)  # type: ignore[attr-defined]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        assert isinstance(watched, QPlainTextEdit)
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                return False
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if is_back:
                watched.insertPlainText("\n")
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._close(watched, 1, 0)
            case Qt.Key.Key_Tab | Qt.Key.Key_Backtab:
                self._close(watched, 0, -1 if is_back or event.key() == Qt.Key.Key_Backtab else 1)
            case Qt.Key.Key_Escape:
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.RevertModelCache)
            case _:
                return False
        return True

    def _close(self, field: QPlainTextEdit, down: int, across: int) -> None:
        self.commitData.emit(field)
        self.closeEditor.emit(field, QAbstractItemDelegate.EndEditHint.NoHint)
        self._cells.go(down, across)


def _inserted(items: tuple, at: int, item: object) -> tuple:  # type: ignore[type-arg]
    return (*items[:at], item, *items[at:])


def _moved(items: tuple, at: int, by: int) -> tuple:  # type: ignore[type-arg]
    rest = items[:at] + items[at + 1 :]
    return _inserted(rest, at + by, items[at])
