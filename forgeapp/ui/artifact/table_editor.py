"""A table to write in: each edit is a step on its artifact's undo stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain.arrangement import ColumnFilter
from forgeapp.domain.row_places import table_cell_after
from forgeapp.domain.table import Table
from forgeapp.errors import BlockedError, TooLarge
from forgeapp.ui.artifact.asking import Asking
from forgeapp.ui.artifact.grid import (
    Block,
    GridFindBar,
    GridView,
    LatePaste,
    Line,
    NameEditor,
    Searched,
    Typing,
    go_on_typing,
    lift_typing,
)
from forgeapp.ui.artifact.grid.search import Place
from forgeapp.ui.artifact.grid.selected import rows_of, spanned
from forgeapp.ui.artifact.selection_summary import SelectionSummary
from forgeapp.ui.artifact.selections import is_part, selected_rows
from forgeapp.ui.artifact.table_actions import TableActions
from forgeapp.ui.artifact.table_arranging import Arranging
from forgeapp.ui.artifact.table_change import Cells, ColumnOrder, TableChange
from forgeapp.ui.artifact.table_model import TableModel
from forgeapp.ui.artifact.table_steps import TableSteps
from forgeapp.ui.artifact.table_view_bar import ViewBar
from forgeapp.ui.controls import Button, HLine, Menu
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.domain.request import Selection
    from forgeapp.ui.artifact.table_filter import FilterPopover
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_WIDENED_AT_ONCE = 20


class TableEditor(QWidget):
    """The grid `table_grid`, above it `view_bar` where rows are sorted or filtered, below it `add_row`, `add_column`
    and the summary of what is selected. Edits are in `steps`, what is seen of the rows in `arranging`."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._artifact = artifact
        self._workbench = workbench
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
        self.late_paste = LatePaste(self.grid, workbench)
        self.steps = TableSteps(artifact, self.grid, self.model, workbench)
        self.arranging = Arranging(self.model, workbench, self._settle, self)
        self.view_bar = ViewBar()
        self.find_bar = GridFindBar(self.grid, self, workbench)
        self.actions_of = TableActions(self)
        self.asking = Asking(self, self.grid, artifact, workbench)
        self.summary = SelectionSummary(self.grid, self._counted, workbench)
        self._anchor = QWidget(self.grid.column_header.viewport())
        self._anchor.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lay_out()
        self.grid.fit_columns()
        self._connect()
        artifact.changed.connect(self._on_changed)
        self._on_selection_changed()

    def _connect(self) -> None:
        grid, steps, arranging = self.grid, self.steps, self.arranging
        grid.cleared.connect(steps.clear)
        grid.pasted.connect(steps.paste)
        grid.refused.connect(self._on_copy_refused)
        grid.rows_moved.connect(steps.move_rows)
        grid.columns_moved.connect(steps.move_columns)
        grid.rename_requested.connect(self.name_column)
        grid.sort_clicked.connect(arranging.cycle)
        grid.filter_clicked.connect(self.open_filter)
        grid.menu_requested.connect(self._on_menu_requested)
        grid.row_header.sectionClicked.connect(self._on_row_clicked)
        grid.selection_changed.connect(self._on_selection_changed)
        arranging.arranged.connect(self._on_arranged)
        arranging.changed.connect(self._on_arrangement_changed)
        self.view_bar.cleared.connect(self._on_view_cleared)
        self.view_bar.applied.connect(self.apply_view)
        self.model.written.connect(steps.write)

    def selection_for_asking(self, is_chosen: bool = False) -> Selection | None:
        """The selected cells; `is_chosen`: also a single one."""
        blocks = self.grid.used_blocks()
        rows = [self.model.data_rows(block.top, block.bottom) for block in blocks]
        return selected_rows(self._table, blocks, rows, is_chosen)

    def selection_for_copying(self) -> Table | None:
        """The selected cells below the names of their columns; None for the whole, and for a single one."""
        blocks = self.grid.used_blocks()
        if not is_part(sum(block.size for block in blocks), len(self._table.rows) * len(self._table.columns)):
            return None
        names = [self._table.columns[column] for column in spanned(blocks)[1]]
        return Table(None, tuple(names), tuple(map(tuple, rows_of(self.model, blocks))))

    def actions_for_menu(self) -> list[QAction]:
        """What can be done here, in the order of a menu; separators between groups."""
        return self.actions_of.in_order

    def finish_editing(self) -> None:
        """Takes what is being typed: before the table is stored, exported or closed."""
        self.grid.finish_editing()

    page, page_count = 0, 1

    def searched(self, only_page: bool, as_shown: bool) -> Searched:
        """What the find bar looks through: the rows as they are shown, in which nothing is computed."""
        del only_page, as_shown
        rows, order = self._table.rows, self.model.order
        columns = range(len(self._table.columns))

        def lines() -> Iterator[Line]:
            for row, place in enumerate(range(len(rows)) if order is None else order):
                yield Line(row, columns, rows[place])

        return Searched({0: lines}, (rows, order), self.model.shown_count * len(columns))

    def show_page(self, page: int) -> None:
        """There is but one."""

    def write_found(self, label: str, cells: Mapping[Place, str]) -> None:
        """Texts by row as shown and column, as one step."""
        self.steps.write_shown(label, {(row, column): text for (_, row, column), text in cells.items()})

    @property
    def undo_stack(self) -> QUndoStack:
        return self._artifact.undo_stack

    @property
    def is_idle(self) -> bool:
        """Whether no sort or filter is under way."""
        return self.arranging.is_idle

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
        foot.addWidget(self.asking.new_button())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.view_bar)
        layout.addWidget(self.grid, 1)
        layout.addWidget(HLine())
        layout.addLayout(foot)

    def add_row(self) -> None:
        """A blank row at the end."""
        self.steps.add_row()
        self.grid.setFocus()

    def add_column(self) -> None:
        self._name_new(self.steps.put_columns(len(self._table.columns)))

    def insert_columns(self, is_right: bool) -> None:
        """As many blank columns as are selected; the first one waits for its name."""
        self._name_new(self.steps.insert_columns(is_right))

    def _name_new(self, column: int | None) -> None:
        if column is not None:
            self.name_column(column)

    # What is seen of the rows

    def sort(self, is_descending: bool) -> None:
        """Shows the rows sorted by the current column."""
        if self.grid.current is not None:
            self.arranging.sort(self.grid.current[1], is_descending)

    def cycle_sort(self) -> None:
        """By the current column: ascending, descending, as they are."""
        if self.grid.current is not None:
            self.arranging.cycle(self.grid.current[1])

    def open_filter(self, column: int | None = None) -> FilterPopover | None:
        """The card that filters by a column, the current one unless said otherwise."""
        from forgeapp.ui.artifact.table_filter import FilterPopover

        if column is None:
            column = self.grid.current[1] if self.grid.current is not None else 0
        if column >= len(self._table.columns):
            return None
        self.finish_editing()
        now = self.model.arrangement.filters.get(column, ColumnFilter())
        card = FilterPopover(self.model.columns, column, now, self._workbench, self)
        card.filtered.connect(partial(self.arranging.filter, column))
        card.sort_chosen.connect(partial(self.arranging.sort, column))
        self.grid.scrollTo(self.model.index(max(self.grid.rowAt(0), 0), column))
        header = self.grid.column_header
        self._anchor.setGeometry(header.sectionViewportPosition(column), 0, header.sectionSize(column), header.height())
        card.open_under(self._anchor)
        return card

    def apply_view(self) -> None:
        """What is seen becomes the table: one step, which Undo takes back."""
        self.finish_editing()
        order = self.model.order
        if order is None or not self.arranging.is_idle:
            return
        self.arranging.clear()
        self.steps.keep_rows(tr("Sort and filter the rows"), order)
        self.grid.setFocus()

    def _settle(self) -> None:
        """Rows are about to go elsewhere: what is being typed belongs to the row it was typed in."""
        if self.grid.is_editing:
            self.grid.finish_editing()

    def _on_view_cleared(self) -> None:
        self.arranging.clear()
        self.grid.setFocus()

    def _on_arranged(self, order: list[int] | None) -> None:
        current = self.grid.current
        row = self.model.data_row(current[0]) if current is not None else 0
        if order != self.model.order:
            self.model.show_table(self._table, order)
        if current is not None and self.model.columnCount():
            place = self.model.shown_row(row)
            self.grid.go_to(0 if place is None else place, min(current[1], self.model.columnCount() - 1))
        self.summary.refresh()
        self.actions_of.refresh()

    def _on_arrangement_changed(self) -> None:
        wanted = self.model.arrangement
        self.grid.row_header.is_draggable = self.steps.can_move_rows
        self.grid.widen_columns(list(wanted.filters) + ([wanted.sort[0]] if wanted.sort is not None else []))
        self._show_view()
        self.grid.column_header.viewport().update()
        self.actions_of.refresh()

    def _show_view(self) -> None:
        self.view_bar.show_view(self.model.arrangement, self._table, self.model.shown_count, not self.arranging.is_idle)

    def name_column(self, column: int) -> None:
        """Opens the column's name to be written."""
        table = self._table
        if not 0 <= column < len(table.columns):
            return
        index = self.model.index(max(self.grid.rowAt(0), 0), column)
        self.grid.scrollTo(index)
        self._naming = editor = NameEditor(self.grid, column, table.columns[column])
        editor.setAccessibleName(tr("Name of the column"))
        editor.named.connect(partial(self.steps.rename_column, column))
        editor.went_on.connect(lambda step: self.name_column(column + step))
        editor.destroyed.connect(partial(self._forget_name, editor))

    def _forget_name(self, editor: NameEditor, _gone: object = None) -> None:
        if self._naming is editor:
            self._naming = None

    # From the grid

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
        menu.addSeparator()
        menu.addActions(self.asking.actions)
        menu.popup(at)

    # From the artifact

    def _on_changed(self, where: object) -> None:
        change = where if isinstance(where, TableChange) else None
        table, before = self._table, self.model.table
        if self._naming is not None and before.columns != table.columns:
            self._naming.give_up()  # it may lie over another column now
        kept, current = self.grid.blocks(), self.grid.current
        typing, cell = self._follow_typing(change, before, table)
        widths = [self.grid.columnWidth(column) for column in range(self.model.columnCount())]
        self._follow_columns(change, before, table)
        order, is_known = self._order_after(change, before, table)
        self.model.show_table(table, order, self._changed_block(change) if is_known else None)
        if change is not None and change.columns is not None:
            self._arrange_widths(widths, change.columns, change.is_done)
        elif change is None and before.columns != table.columns:
            self.grid.fit_columns()
        elif change is not None and change.is_confined:
            self.grid.widen_columns(range(change.cells.left, change.cells.right + 1)[:_WIDENED_AT_ONCE])
        if not is_known:
            self.arranging.again()
        if typing is not None and cell is not None:
            self._go_on_typing(typing, cell)
        elif change is not None and not self.steps.keeps_selection:
            self._select(change.cells)
        elif change is None and kept and current is not None:
            self.grid.select(kept[0], current, scroll=False)
        self._show_view()
        self.summary.refresh()
        self.actions_of.refresh()

    def _follow_columns(self, change: TableChange | None, before: Table, table: Table) -> None:
        """Sort and filters go where their columns go."""
        if change is not None:
            self.arranging.follow(change.column_places(len(before.columns)))
        elif before.columns != table.columns:
            places = {name: at for at, name in enumerate(table.columns) if table.columns.count(name) == 1}
            self.arranging.follow({at: places[name] for at, name in enumerate(before.columns) if name in places})

    def _order_after(
        self, change: TableChange | None, before: Table, table: Table
    ) -> tuple[Sequence[int] | None, bool]:
        """The rows to be shown now, and whether that is what the arrangement asks for: else it is asked for again."""
        wanted = self.model.arrangement
        if wanted.is_idle:
            return None, True
        order = change.order_under(wanted) if change is not None else None
        if order is not None:
            return order, True
        if change is not None and not change.touches_all and len(before.rows) == len(table.rows):
            return self.model.order, True
        return None, False

    def _changed_block(self, change: TableChange | None) -> Block | None:
        """All that may look different, None: anything."""
        return self._block(change.cells) if change is not None and change.is_confined else None

    def _block(self, cells: Cells) -> Block | None:
        """Where cells of the table are shown, None where they lie apart."""
        if not cells.rows:
            return None
        if self.model.order is None:
            return Block(cells.rows[0], cells.left, cells.rows[-1], cells.right)
        end = len(self._table.rows)
        places = self.model.shown_rows([row for row in cells.rows if row < end])
        places += [self.model.blank_row for row in cells.rows if row >= end]
        shown = [place for place in places if place is not None]
        if not shown or len(shown) < len(places) or max(shown) - min(shown) + 1 != len(shown):
            return None
        return Block(min(shown), cells.left, max(shown), cells.right)

    def _select(self, cells: Cells) -> None:
        block = self._block(cells)
        if block is None and cells.rows:
            place = self.model.shown_row(cells.rows[0])
            block = None if place is None else Block(place, cells.left, place, cells.right)
        if block is not None:
            self.grid.select(block)

    def _follow_typing(
        self, change: TableChange | None, before: Table, table: Table
    ) -> tuple[Typing | None, tuple[int, int] | None]:
        """What is being typed, lifted off a cell that does not stay where it is, and where in the table that cell
        stands now."""
        current = self.grid.current
        if self.steps.keeps_selection or not self.grid.is_editing or current is None:
            return None, None
        at = self.model.data_row(current[0]), current[1]
        place = table_cell_after(before, table, *at)
        if place == at and change is None and self.model.order is None:
            return None, None
        typing = lift_typing(self.grid)
        if typing is not None and place is None and typing.text:
            reason = tr("The cell you were writing in is gone. You wrote: {words}", words=typing.text)
            self._workbench.failed.emit(BlockedError(reason=reason, remedy=""))
        return typing, place

    def _go_on_typing(self, typing: Typing, cell: tuple[int, int]) -> None:
        row = self.model.blank_row if cell[0] >= len(self._table.rows) else self.model.shown_row(cell[0])
        if row is not None:
            go_on_typing(self.grid, row, cell[1], typing)
        else:  # it is shown no more
            self.steps.write_data(tr("Edit a cell"), {cell: typing.text})

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
        rows, columns = len(self._table.rows), len(self._table.columns)
        tall = tr("1 row") if rows == 1 else tr("{count} rows", count=number_text(rows))
        wide = tr("1 column") if columns == 1 else tr("{count} columns", count=number_text(columns))
        return tr("{rows}, {columns}", rows=tall, columns=wide)
