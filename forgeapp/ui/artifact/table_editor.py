"""A table to write in: each edit is a step on its artifact's undo stack."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain import table_edits
from forgeapp.domain.columns import sorted_order
from forgeapp.domain.row_places import table_cell_after
from forgeapp.domain.table import Table
from forgeapp.domain.table_edits import TableEdit
from forgeapp.errors import BlockedError, TooLarge
from forgeapp.ui.artifact.grid import Block, GridView, NameEditor, Typing, go_on_typing, lift_typing
from forgeapp.ui.artifact.selection_summary import SelectionSummary
from forgeapp.ui.artifact.table_actions import TableActions
from forgeapp.ui.artifact.table_change import ColumnOrder, TableChange
from forgeapp.ui.artifact.table_model import TableModel
from forgeapp.ui.controls import Button, HLine, Menu
from forgeapp.ui.jobs import Lane
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_SORTED_AT_ONCE = 2_000
_WIDENED_AT_ONCE = 20
_MAX_ROWS = 1_048_576
_MAX_COLUMNS = 1_000
_MAX_PASTED_CELLS = 2_000_000


class TableEditor(QWidget):
    """The grid `table_grid`, and below it `add_row`, `add_column` and the summary of what is selected."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._artifact = artifact
        self._workbench = workbench
        self._keeps_selection = False
        self._sorting: Job | None = None
        self._naming: NameEditor | None = None
        self._gone_widths: dict[int, int] = {}
        self.setObjectName("table_editor")
        self.setProperty("look", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = TableModel(self._table)
        self.grid = GridView(names=True)
        self.grid.setObjectName("table_grid")
        self.grid.setAccessibleName(tr("Table"))
        self.grid.setModel(self.model)
        self.grid.column_header.is_draggable = True
        self.grid.row_header.is_draggable = True
        self.setFocusProxy(self.grid)
        self.actions_of = TableActions(self)
        self.summary = SelectionSummary(self.grid, self._counted, workbench)
        self._lay_out()
        self.grid.fit_columns()
        self.grid.cleared.connect(self._on_cleared)
        self.grid.pasted.connect(self._on_pasted)
        self.grid.refused.connect(self._on_copy_refused)
        self.grid.rows_moved.connect(self.move_rows)
        self.grid.columns_moved.connect(self.move_columns)
        self.grid.rename_requested.connect(self.name_column)
        self.grid.menu_requested.connect(self._on_menu_requested)
        self.grid.row_header.sectionClicked.connect(self._on_row_clicked)
        self.grid.selection_changed.connect(self._on_selection_changed)
        self.model.written.connect(self._on_written)
        artifact.changed.connect(self._on_changed)
        self._on_selection_changed()

    def actions_for_menu(self) -> list[QAction]:
        """What can be done here, in the order of a menu; separators between groups."""
        return self.actions_of.in_order

    def finish_editing(self) -> None:
        """Takes what is being typed: before the table is stored, exported or closed."""
        self.grid.finish_editing()

    @property
    def undo_stack(self) -> QUndoStack:
        return self._artifact.undo_stack

    @property
    def is_idle(self) -> bool:
        """Whether no sort is under way."""
        return self._sorting is None

    @property
    def _table(self) -> Table:
        content = self._artifact.content
        assert isinstance(content, Table)
        return content

    def _lay_out(self) -> None:
        row = Button(tr("Row"), "plus", "quiet", small=True)
        row.setObjectName("add_row")
        row.setAccessibleName(tr("Add a row at the end"))
        row.setToolTip(tr("Add a row at the end"))
        row.clicked.connect(self.add_row)
        column = Button(tr("Column"), "plus", "quiet", small=True)
        column.setObjectName("add_column")
        column.setAccessibleName(tr("Add a column at the end"))
        column.setToolTip(tr("Add a column at the end"))
        column.clicked.connect(self.add_column)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 4, 6, 4)
        foot.setSpacing(4)
        foot.addWidget(row)
        foot.addWidget(column)
        foot.addWidget(self.summary, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.grid, 1)
        layout.addWidget(HLine())
        layout.addLayout(foot)

    # Steps

    def _take(
        self,
        label: str,
        edit: TableEdit,
        before: Block,
        after: Block,
        columns: ColumnOrder | None = None,
        touches_all: bool = False,
    ) -> None:
        change = TableChange(edit, before, after, columns, touches_all)
        self._artifact.edit(label, change.forward, change.backward, change)

    def add_row(self) -> None:
        """A blank row at the end."""
        self._insert_rows(len(self._table.rows), 1)
        self.grid.setFocus()

    def add_column(self) -> None:
        self._insert_columns(len(self._table.columns), 1)

    def insert_rows(self, is_below: bool) -> None:
        """As many blank rows as are selected, above or below them."""
        block = self._selected()
        self._insert_rows(min(block.bottom + 1, len(self._table.rows)) if is_below else block.top, block.height)

    def insert_columns(self, is_right: bool) -> None:
        """As many blank columns as are selected; the first one waits for its name."""
        block = self._selected()
        self._insert_columns(block.right + 1 if is_right else block.left, block.width)

    def _insert_rows(self, at: int, count: int) -> None:
        table = self._table
        count = min(count, _MAX_ROWS - len(table.rows))
        if count <= 0 or not table.columns:
            return
        left = self.grid.current[1] if self.grid.current else 0
        block = Block(at, left, at + count - 1, left)
        label = tr("Insert a row") if count == 1 else tr("Insert {count} rows", count=count)
        self._take(label, table_edits.insert_rows(table, at, count), self._selected(), block, touches_all=True)

    def _insert_columns(self, at: int, count: int) -> None:
        table = self._table
        count = min(count, _MAX_COLUMNS - len(table.columns))
        if count <= 0:
            return
        width = len(table.columns)
        order = [*range(at), *(None for _ in range(count)), *range(at, width)]
        after = Block(0, at, len(table.rows), at + count - 1)
        label = tr("Insert a column") if count == 1 else tr("Insert {count} columns", count=count)
        self._take(label, table_edits.insert_columns(table, at, count), self._selected(), after, order)
        self.name_column(at)

    def delete_rows(self) -> None:
        table, blocks = self._table, self.grid.used_blocks()
        rows = sorted({row for block in blocks for row in range(block.top, block.bottom + 1)})
        if not rows:
            return
        left, right = min(block.left for block in blocks), max(block.right for block in blocks)
        label = tr("Delete a row") if len(rows) == 1 else tr("Delete {count} rows", count=len(rows))
        before, after = Block(rows[0], left, rows[-1], right), Block(rows[0], left, rows[0], left)
        self._take(label, table_edits.delete_rows(table, rows), before, after, touches_all=True)

    def delete_columns(self) -> None:
        table, blocks = self._table, self.grid.blocks()
        gone = {column for block in blocks for column in range(block.left, block.right + 1)}
        if not gone or len(gone) >= len(table.columns):
            return
        first, last = min(gone), max(gone)
        order = [column for column in range(len(table.columns)) if column not in gone]
        bottom = len(table.rows)
        at = min(first, len(order) - 1)
        label = tr("Delete a column") if len(gone) == 1 else tr("Delete {count} columns", count=len(gone))
        before, after = Block(0, first, bottom, last), Block(0, at, 0, at)
        self._take(label, table_edits.delete_columns(table, gone), before, after, order)

    def move_rows(self, first: int, count: int, to: int) -> None:
        table = self._table
        count = min(count, len(table.rows) - first)
        to = min(to, len(table.rows) - count)
        if count <= 0 or to < 0 or to == first:
            return
        block = self._selected()
        left, right = block.left, block.right
        label = tr("Move a row") if count == 1 else tr("Move {count} rows", count=count)
        before, after = Block(first, left, first + count - 1, right), Block(to, left, to + count - 1, right)
        self._take(label, table_edits.move_rows(table, first, count, to), before, after, touches_all=True)

    def move_columns(self, first: int, count: int, to: int) -> None:
        table = self._table
        if to < 0 or to + count > len(table.columns) or to == first:
            return
        edit = table_edits.move_columns(table, first, count, to)
        numbered = Table(None, tuple(str(column) for column in range(len(table.columns))))
        order = [int(name) for name in edit.forward(numbered).columns]
        block = self._selected()
        label = tr("Move a column") if count == 1 else tr("Move {count} columns", count=count)
        before = Block(block.top, first, block.bottom, first + count - 1)
        after = Block(block.top, to, block.bottom, to + count - 1)
        self._take(label, edit, before, after, order)

    def move_selection(self, rows: int, columns: int) -> None:
        """The rows or columns that are selected, one step."""
        block = self._selected()
        if rows and block.top < len(self._table.rows):
            self.move_rows(block.top, min(block.bottom, len(self._table.rows) - 1) - block.top + 1, block.top + rows)
        elif columns:
            self.move_columns(block.left, block.width, block.left + columns)

    def sort(self, descending: bool) -> None:
        """All rows by the current column; many of them off the UI thread, and again if something changed."""
        if self.grid.current is not None:
            self._sort(self.grid.current[1], descending)

    def _sort(self, column: int, descending: bool) -> None:
        table = self._table
        if column >= len(table.columns) or len(table.rows) < 2:
            return
        if self._sorting is not None:
            self._sorting.drop()
            self._sorting = None
        texts = [row[column] for row in table.rows]
        if len(texts) <= _SORTED_AT_ONCE:
            self._sort_by(table, column, descending, sorted_order(texts, descending))
            return
        self._sorting = self._workbench.jobs.run(
            lambda _cancel: sorted_order(texts, descending),
            partial(self._sort_by, table, column, descending),
            lane=Lane.FILES,
        )

    def _sort_by(self, table: Table, column: int, descending: bool, order: tuple[int, ...]) -> None:
        self._sorting = None
        if self.grid.is_editing:
            # It belongs to the row it was typed in, which is about to go elsewhere.
            self.grid.finish_editing()
        if table is not self._table:
            if table.columns == self._table.columns:
                self._sort(column, descending)
            else:
                reason = tr("The rows were not sorted: the columns changed meanwhile.")
                self._workbench.failed.emit(BlockedError(reason=reason, remedy=tr("Sort them again.")))
            return
        block = Block(0, column, len(table.rows) - 1, column)
        label = tr("Sort rows Z to A") if descending else tr("Sort rows A to Z")
        self._take(label, table_edits.reorder_rows(table, order), block, block, touches_all=True)

    def name_column(self, column: int) -> None:
        """Opens the column's name to be written."""
        table = self._table
        if not 0 <= column < len(table.columns):
            return
        index = self.model.index(max(self.grid.rowAt(0), 0), column)
        self.grid.scrollTo(index)
        self._naming = editor = NameEditor(self.grid, column, table.columns[column])
        editor.setAccessibleName(tr("Name of the column"))
        editor.named.connect(partial(self._rename, column))
        editor.went_on.connect(lambda step: self.name_column(column + step))
        editor.destroyed.connect(partial(self._forget_name, editor))

    def _forget_name(self, editor: NameEditor, _gone: object = None) -> None:
        if self._naming is editor:
            self._naming = None

    def _rename(self, column: int, name: str) -> None:
        table = self._table
        if column < len(table.columns) and name != table.columns[column]:
            block = Block(0, column, len(table.rows), column)
            edit = table_edits.rename_columns(table, {column: name})
            self._take(tr("Rename a column"), edit, block, block)

    def _selected(self) -> Block:
        """The selected block in the table; its row may be the blank one at the end."""
        block = self.grid.block() or Block(0, 0, 0, 0)
        rows, columns = len(self._table.rows), len(self._table.columns)
        return block.within(rows, columns) or block.within(rows + 1, max(columns, 1)) or Block(0, 0, 0, 0)

    # From the grid

    def _on_written(self, row: int, column: int, text: str) -> None:
        table = self._table
        block = Block(row, column, row, column)
        self._keeps_selection = True
        if row < len(table.rows):
            self._take(tr("Edit a cell"), table_edits.set_cells(table, {(row, column): text}), block, block)
        elif text:
            cells = tuple(text if place == column else "" for place in range(len(table.columns)))
            edit = table_edits.insert_rows(table, row, rows=[cells])
            self._take(tr("Add a row"), edit, block, block, touches_all=True)
        self._keeps_selection = False

    def _on_cleared(self, blocks: Sequence[Block]) -> None:
        table = self._table
        edit: TableEdit | None = None
        now = table
        for block in blocks:
            one = table_edits.clear_block(now, block.top, block.left, block.height, block.width)
            edit = one if edit is None else edit.then(one)
            if len(blocks) > 1:
                now = one.forward(now)
        if edit is not None:
            whole = Block(
                min(block.top for block in blocks),
                min(block.left for block in blocks),
                max(block.bottom for block in blocks),
                max(block.right for block in blocks),
            )
            self._keeps_selection = len(blocks) > 1
            self._take(tr("Clear cells"), edit, whole, whole)
            self._keeps_selection = False

    def _on_pasted(self, rows: list[list[str]], block: Block) -> None:
        table = self._table
        if not table.columns:
            return
        target = block.within(len(table.rows), len(table.columns)) or self._selected()
        texts = _tiled(rows, target)
        height, width = len(texts), len(texts[0])
        if target.top + height > _MAX_ROWS or target.left + width > _MAX_COLUMNS or height * width > _MAX_PASTED_CELLS:
            reason = tr("a table has at most {rows} rows and {columns} columns", rows=_MAX_ROWS, columns=_MAX_COLUMNS)
            self._workbench.failed.emit(TooLarge(source=tr("What is to be pasted"), reason=reason))
            return
        edit = table_edits.paste_block(table, target.top, target.left, texts)
        after = Block(target.top, target.left, target.top + height - 1, target.left + width - 1)
        more = after.right + 1 - len(table.columns)
        order = [*range(len(table.columns)), *(None for _ in range(more))] if more > 0 else None
        touches_all = after.bottom >= len(table.rows)
        before = after.within(len(table.rows), len(table.columns)) or target
        self._take(tr("Paste"), edit, before, after, order, touches_all)

    def _on_copy_refused(self, reason: str) -> None:
        self._workbench.failed.emit(TooLarge(source=tr("What is to be copied"), reason=reason))

    def _on_row_clicked(self, row: int) -> None:
        if row == self.model.blank_row:
            self.add_row()

    def _on_selection_changed(self) -> None:
        self.actions_of.refresh()

    def _on_menu_requested(self, place: str, at: QPoint) -> None:
        self.actions_of.refresh()
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions_of.for_place(place))
        menu.popup(at)

    # From the artifact

    def _on_changed(self, where: object) -> None:
        change = where if isinstance(where, TableChange) else None
        table, before = self._table, self.model.table
        if self._naming is not None and before.columns != table.columns:
            self._naming.give_up()  # it may lie over another column now
        kept, current = self.grid.blocks(), self.grid.current
        typing, place = self._follow_typing(change, before, table)
        widths = [self.grid.columnWidth(column) for column in range(self.model.columnCount())]
        self.model.show_table(table, change.changed if change else None)
        if change is not None and change.columns is not None:
            self._arrange_widths(widths, change.columns, change.is_done)
        elif change is None and before.columns != table.columns:
            self.grid.fit_columns()
        elif change is not None and change.changed is not None:
            self.grid.widen_columns(range(change.changed.left, change.changed.right + 1)[:_WIDENED_AT_ONCE])
        if typing is not None and place is not None:
            go_on_typing(self.grid, *place, typing)
        elif change is not None and not self._keeps_selection:
            self.grid.select(change.block)
        elif change is None and kept and current is not None:
            self.grid.select(kept[0], current, scroll=False)
        self.summary.refresh()
        self.actions_of.refresh()

    def _follow_typing(
        self, change: TableChange | None, before: Table, table: Table
    ) -> tuple[Typing | None, tuple[int, int] | None]:
        """What is being typed, lifted off a cell that does not stay where it is, and where that cell stands now."""
        current = self.grid.current
        if self._keeps_selection or not self.grid.is_editing or current is None:
            return None, None
        place = table_cell_after(before, table, *current)
        if place == current and change is None:
            return None, None
        typing = lift_typing(self.grid)
        if typing is not None and place is None and typing.text:
            reason = tr("The cell you were writing in is gone. You wrote: {words}", words=typing.text)
            self._workbench.failed.emit(BlockedError(reason=reason, remedy=""))
        return typing, place

    def _arrange_widths(self, widths: Sequence[int], columns: ColumnOrder, is_done: bool) -> None:
        """Each column keeps its width where it goes; new ones are measured, those that come back have their own."""
        if is_done:
            came_from: list[int | None] = list(columns)
            self._gone_widths = {at: width for at, width in enumerate(widths) if at not in columns}
        else:
            size = max([len(self._table.columns), *(c + 1 for c in columns if c is not None)])
            came_from = [None] * size
            for place, column in enumerate(columns):
                if column is not None:
                    came_from[column] = place
        for place, column in enumerate(came_from):
            if column is not None and column < len(widths):
                self.grid.setColumnWidth(place, widths[column])
            elif not is_done and place in self._gone_widths:
                self.grid.setColumnWidth(place, self._gone_widths[place])
            else:
                self.grid.fit_columns([place])

    def _counted(self) -> str:
        rows, columns = self.model.used()
        tall = tr("1 row") if rows == 1 else tr("{count} rows", count=number_text(rows))
        wide = tr("1 column") if columns == 1 else tr("{count} columns", count=number_text(columns))
        return tr("{rows}, {columns}", rows=tall, columns=wide)


def _tiled(rows: list[list[str]], target: Block) -> list[list[str]]:
    """As often as fits exactly into what is selected: one cell fills it all."""
    height, width = len(rows), len(rows[0])
    if target.size > height * width and target.height % height == 0 and target.width % width == 0:
        return [row * (target.width // width) for row in rows] * (target.height // height)
    return rows
