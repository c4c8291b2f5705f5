"""The edits of a table, each one step on its artifact's undo stack.

What is selected are rows as they are shown; what is changed are the table's own, whatever order they are seen in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from forgeapp.domain import table_edits
from forgeapp.domain.table import Table
from forgeapp.domain.table_edits import TableEdit
from forgeapp.errors import TooLarge
from forgeapp.ui.artifact.grid import Block, GridView
from forgeapp.ui.artifact.table_change import Cells, ColumnOrder, ShownRows, TableChange
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.table_model import TableModel
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

MAX_ROWS = 1_048_576
MAX_COLUMNS = 1_000
_MAX_PASTED_CELLS = 2_000_000


class TableSteps:
    """`keeps_selection`: the step under way leaves the selection where the user has it."""

    def __init__(self, artifact: OpenArtifact, grid: GridView, model: TableModel, workbench: Workbench) -> None:
        self._artifact = artifact
        self._grid = grid
        self._model = model
        self._workbench = workbench
        self.keeps_selection = False

    @property
    def table(self) -> Table:
        content = self._artifact.content
        assert isinstance(content, Table)
        return content

    def selected(self) -> Block:
        """The selected block as shown; its row may be the blank one at the end."""
        block = self._grid.block() or Block(0, 0, 0, 0)
        rows, columns = self._model.used()
        return block.within(rows, columns) or block.within(rows + 1, max(columns, 1)) or Block(0, 0, 0, 0)

    # Rows

    def add_row(self) -> None:
        """A blank row at the end."""
        self._insert_rows(self._model.shown_count, 1)

    def insert_rows(self, is_below: bool) -> None:
        """As many blank rows as are selected, above or below them."""
        block = self.selected()
        place = min(block.bottom + 1, self._model.shown_count) if is_below else block.top
        self._insert_rows(place, block.height)

    def _insert_rows(self, place: int, count: int) -> None:
        """So that they are shown at `place`: beside the row they are to be next to."""
        table, model = self.table, self._model
        count = min(count, MAX_ROWS - len(table.rows))
        if count <= 0 or not table.columns:
            return
        if place < model.shown_count or not model.shown_count:
            at = model.data_row(place)
        else:
            at = len(table.rows) if model.order is None else model.data_row(place - 1) + 1
        label = tr("Insert a row") if count == 1 else tr("Insert {count} rows", count=count)
        self._put_rows(label, place, at, [("",) * len(table.columns)] * count, self._grid.current or (0, 0))

    def _put_rows(
        self, label: str, place: int, at: int, rows: Sequence[tuple[str, ...]], current: tuple[int, int]
    ) -> None:
        edit = table_edits.insert_rows(self.table, at, rows=rows)
        after = Cells(range(at, at + len(rows)), current[1], current[1])
        self._take(
            label, edit, self._cells(self.selected()), after, touches_all=True, shown=self._grown(place, at, len(rows))
        )

    def _grown(self, place: int, at: int, count: int) -> ShownRows | None:
        order = self._model.order
        if order is None:
            return None
        moved = [row + count if row >= at else row for row in order]
        return ShownRows(self._model.arrangement, order, [*moved[:place], *range(at, at + count), *moved[place:]])

    def _shrunk(self, gone: Collection[int]) -> ShownRows | None:
        order = self._model.order
        if order is None:
            return None
        left_out, before = set(gone), sorted(gone)
        after = [row - bisect_left(before, row) for row in order if row not in left_out]
        return ShownRows(self._model.arrangement, order, after)

    def delete_rows(self) -> None:
        blocks = self._grid.used_blocks()
        shown = sorted({row for block in blocks for row in range(block.top, block.bottom + 1)})
        if not shown:
            return
        rows = sorted(self._model.data_row(row) for row in shown)
        left, right = min(block.left for block in blocks), max(block.right for block in blocks)
        label = tr("Delete a row") if len(rows) == 1 else tr("Delete {count} rows", count=len(rows))
        kept = self._shrunk(rows)
        next_row = shown[0] if kept is None else (*kept.after, len(self.table.rows) - len(rows))[shown[0]]
        edit, after = table_edits.delete_rows(self.table, rows), Cells((next_row,), left, left)
        self._take(label, edit, Cells(rows, left, right), after, touches_all=True, shown=kept)

    @property
    def can_move_rows(self) -> bool:
        """Rows that are sorted or filtered stand nowhere they could be moved from."""
        return self._model.order is None

    def move_rows(self, first: int, count: int, to: int) -> None:
        table = self.table
        count = min(count, len(table.rows) - first)
        to = min(to, len(table.rows) - count)
        if count <= 0 or to < 0 or to == first or not self.can_move_rows:
            return
        block = self.selected()
        label = tr("Move a row") if count == 1 else tr("Move {count} rows", count=count)
        before = Cells(range(first, first + count), block.left, block.right)
        after = Cells(range(to, to + count), block.left, block.right)
        self._take(label, table_edits.move_rows(table, first, count, to), before, after, touches_all=True)

    def keep_rows(self, label: str, order: Sequence[int]) -> None:
        """These rows in this order are all the table has from now on."""
        block = self.selected()
        rows, columns = range(len(self.table.rows)), (block.left, block.right)
        before, after = Cells(rows[:1], *columns), Cells(range(min(len(order), 1)), *columns)
        self._take(label, table_edits.keep_rows(self.table, order), before, after, touches_all=True)

    # Columns

    def insert_columns(self, is_right: bool) -> int | None:
        """As many blank columns as are selected; where the first one stands, None where there is no room."""
        block = self.selected()
        return self.put_columns(block.right + 1 if is_right else block.left, block.width)

    def put_columns(self, at: int, count: int = 1) -> int | None:
        table = self.table
        count = min(count, MAX_COLUMNS - len(table.columns))
        if count <= 0:
            return None
        width = len(table.columns)
        order = [*range(at), *(None for _ in range(count)), *range(at, width)]
        after = Cells(range(len(table.rows) + 1), at, at + count - 1)
        label = tr("Insert a column") if count == 1 else tr("Insert {count} columns", count=count)
        self._take(label, table_edits.insert_columns(table, at, count), self._cells(self.selected()), after, order)
        return at

    def delete_columns(self) -> None:
        table, blocks = self.table, self._grid.blocks()
        gone = {column for block in blocks for column in range(block.left, block.right + 1)}
        if not gone or len(gone) >= len(table.columns):
            return
        order = [column for column in range(len(table.columns)) if column not in gone]
        at, rows = min(*gone, len(order) - 1), range(len(table.rows) + 1)
        label = tr("Delete a column") if len(gone) == 1 else tr("Delete {count} columns", count=len(gone))
        before, after = Cells(rows, min(gone), max(gone)), Cells(self._cells(Block(0, at, 0, at)).rows, at, at)
        self._take(label, table_edits.delete_columns(table, gone), before, after, order)

    def move_columns(self, first: int, count: int, to: int) -> None:
        table = self.table
        if to < 0 or to + count > len(table.columns) or to == first:
            return
        edit = table_edits.move_columns(table, first, count, to)
        numbered = Table(None, tuple(str(column) for column in range(len(table.columns))))
        order = [int(name) for name in edit.forward(numbered).columns]
        rows = self._cells(self.selected()).rows
        label = tr("Move a column") if count == 1 else tr("Move {count} columns", count=count)
        self._take(label, edit, Cells(rows, first, first + count - 1), Cells(rows, to, to + count - 1), order)

    def move_selection(self, rows: int, columns: int) -> None:
        """The rows or columns that are selected, one step."""
        block = self.selected()
        if rows and block.top < len(self.table.rows):
            self.move_rows(block.top, min(block.bottom, len(self.table.rows) - 1) - block.top + 1, block.top + rows)
        elif columns:
            self.move_columns(block.left, block.width, block.left + columns)

    def rename_column(self, column: int, name: str) -> None:
        table = self.table
        if column < len(table.columns) and name != table.columns[column]:
            cells = Cells(range(len(table.rows) + 1), column, column)
            self._take(tr("Rename a column"), table_edits.rename_columns(table, {column: name}), cells, cells)

    # Cells

    def write(self, row: int, column: int, text: str) -> None:
        """What the user typed into a cell as shown; written into the blank row it is a new one."""
        table = self.table
        self.keeps_selection = True
        if row < self._model.shown_count:
            self.write_data(tr("Edit a cell"), {(self._model.data_row(row), column): text})
        elif text:
            cells = tuple(text if place == column else "" for place in range(len(table.columns)))
            self._put_rows(tr("Add a row"), row, len(table.rows), [cells], (row, column))
        self.keeps_selection = False

    def write_data(self, label: str, cells: Mapping[tuple[int, int], str]) -> None:
        """Texts by the table's row and column."""
        rows, columns = sorted({row for row, _ in cells}), [column for _, column in cells]
        where = Cells(rows, min(columns), max(columns))
        self._take(label, table_edits.set_cells(self.table, cells), where, where)

    def write_shown(self, label: str, cells: Mapping[tuple[int, int], str]) -> None:
        """Texts by the row they are shown in and column, as one step; the selection stays."""
        self.keeps_selection = True
        self.write_data(label, {(self._model.data_row(row), column): text for (row, column), text in cells.items()})
        self.keeps_selection = False

    def clear(self, blocks: Sequence[Block]) -> None:
        """Blanks what is selected."""
        edit: TableEdit | None = None
        now = self.table
        for block in blocks:
            rows = self._model.data_rows(block.top, block.bottom)
            one = table_edits.clear_rows(now, rows, block.left, block.width)
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
            self.keeps_selection = len(blocks) > 1
            self._take(tr("Clear cells"), edit, self._cells(whole), self._cells(whole))
            self.keeps_selection = False

    def fill_down(self) -> None:
        """The first row of what is selected into those below it; a single row takes what stands above it."""
        block = self.selected().within(*self._model.used())
        if block is None or (block.height == 1 and block.top == 0):
            return
        source = block.top - 1 if block.height == 1 else block.top
        texts = self._model.copy_rows(Block(source, block.left, source, block.right))
        rows = self._model.data_rows(source + 1, block.bottom)
        edit = table_edits.set_rows(self.table, rows, block.left, [texts[0]] * len(rows))
        self._take(tr("Fill down"), edit, self._cells(block), self._cells(block))

    def paste(self, rows: list[list[str]], block: Block) -> None:
        """Into the rows as they are shown; those beyond the last become rows at the end."""
        table, model = self.table, self._model
        if not table.columns:
            return
        target = block.within(*model.used()) or self.selected()
        texts = _tiled(rows, target)
        height, width = len(texts), len(texts[0])
        more_rows = max(target.top + height - model.shown_count, 0)
        is_too_large = len(table.rows) + more_rows > MAX_ROWS or target.left + width > MAX_COLUMNS
        if is_too_large or height * width > _MAX_PASTED_CELLS:
            reason = tr("a table has at most {rows} rows and {columns} columns", rows=MAX_ROWS, columns=MAX_COLUMNS)
            self._workbench.failed.emit(TooLarge(source=tr("What is to be pasted"), reason=reason))
            return
        into = model.data_rows(target.top, target.top + height - 1)
        edit = table_edits.set_rows(table, into, target.left, texts)
        more_columns = target.left + width - len(table.columns)
        order = None
        if more_columns > 0:
            order = [*range(len(table.columns)), *(None for _ in range(more_columns))]
        end = len(table.rows)
        new = range(end, end + more_rows)
        after = Cells(
            range(into[0], end + more_rows) if model.order is None and into else [*into, *new],
            target.left,
            target.left + width - 1,
        )
        before = Cells(into or (end,), target.left, min(after.right, len(table.columns) - 1))
        shown = self._grown(model.shown_count, end, more_rows) if more_rows else None
        self._take(tr("Paste"), edit, before, after, order, touches_all=more_rows > 0, shown=shown)

    def _cells(self, block: Block) -> Cells:
        """The table's cells shown in a block, the blank row among them."""
        rows = self._model.data_rows(block.top, block.bottom)
        if block.bottom >= self._model.shown_count:
            rows = [*rows, len(self.table.rows)]
        return Cells(rows, block.left, block.right)

    def _take(
        self,
        label: str,
        edit: TableEdit,
        before: Cells,
        after: Cells,
        columns: ColumnOrder | None = None,
        touches_all: bool = False,
        shown: ShownRows | None = None,
    ) -> None:
        change = TableChange(edit, before, after, columns, touches_all, shown)
        self._artifact.edit(label, change.forward, change.backward, change)


def _tiled(rows: list[list[str]], target: Block) -> list[list[str]]:
    """As often as fits exactly into what is selected: one cell fills it all."""
    height, width = len(rows), len(rows[0])
    if target.size > height * width and target.height % height == 0 and target.width % width == 0:
        return [row * (target.width // width) for row in rows] * (target.height // height)
    return rows
