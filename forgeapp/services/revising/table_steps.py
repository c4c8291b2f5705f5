"""Operations of a patch, taken one after the other on a table. Row 1 is its header; formulas stay text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forgeapp.domain.columns import sorted_order, writes_decimal_comma
from forgeapp.domain.patch import (
    CellsWritten,
    ColumnRenamed,
    ColumnsAdded,
    ColumnsMoved,
    ColumnsRemoved,
    Entry,
    RowsAdded,
    RowsMoved,
    RowsRemoved,
    RowsSorted,
    Step,
)
from forgeapp.domain.table import Table
from forgeapp.domain.table_edits import (
    Column,
    delete_columns,
    delete_rows,
    insert_columns,
    insert_rows,
    move_columns,
    move_rows,
    rename_columns,
    set_cells,
)
from forgeapp.domain.wording import Text
from forgeapp.services.revising.areas import MAX_CELLS, Effort, Extent, spread
from forgeapp.services.revising.misplaced import Misplaced

_MAX_COLUMNS = 16_384


def change_table(base: Table, steps: Sequence[Step]) -> tuple[Table, list[Text], int]:
    """The table after those steps that have a place, what the others are, and how many were taken."""
    table = base
    failed: list[Text] = []
    count = 0
    effort = Effort(100_000_000)
    for step in steps:
        try:
            effort.spend(len(table.rows) * len(table.columns))
            changed, notes = _after(table, step)
        except Misplaced as error:
            failed.append(error.text)
            continue
        failed += notes
        count += changed != table
        table = changed
    return table, failed, count


def _after(table: Table, step: Step) -> tuple[Table, list[Text]]:
    match step:
        case CellsWritten():
            return _written(table, step)
        case RowsAdded():
            return _with_rows(table, step), []
        case RowsRemoved(rows=runs):
            rows = {row for run in runs for row in _body(table, run)}
            return delete_rows(table, rows).forward(table), []
        case RowsMoved():
            return _with_moved_rows(table, step), []
        case ColumnsAdded():
            return _with_columns(table, step), []
        case ColumnsRemoved(columns=names):
            gone = {column for name in names for column in _columns(table, name)}
            if len(gone) == len(table.columns):
                raise Misplaced("all_columns", "A table keeps at least one column.")
            return delete_columns(table, gone).forward(table), []
        case ColumnsMoved():
            return _with_moved_columns(table, step), []
        case ColumnRenamed(column=column, name=name):
            return rename_columns(table, {_extent(table).existing_column(column): name}).forward(table), []
        case RowsSorted():
            return _sorted(table, step), []
    raise Misplaced("not_for_table", "A step for sheets, formats or texts has no place in a table.")


def _extent(table: Table) -> Extent:
    rows, columns = len(table.rows) + 1, len(table.columns)
    return Extent(rows, columns, table.columns, rows, columns)


def _body(table: Table, run: tuple[int, int]) -> range:
    """Rows below the header, from 0. Raises Misplaced for the header too."""
    first, last = _extent(table).rows(run)
    if first < 1:
        raise Misplaced("header_row", "Row 1 is the header; it is neither deleted, moved nor sorted.")
    return range(first - 1, last)


def _columns(table: Table, name: str) -> range:
    first, last = _extent(table).columns(name)
    return range(first, last + 1)


def _written(table: Table, step: CellsWritten) -> tuple[Table, list[Text]]:
    extent = _extent(table)
    cells: dict[tuple[int, int], str] = {}
    names: dict[int, str] = {}
    failed: list[Text] = []
    commas: dict[int, bool] = {}
    for part in step.parts:
        try:
            entries = list(spread(part, extent.block(part.area)))
            for (row, column), _, _, _ in (entries[-1:]) or []:
                if row >= extent.row_count or column >= extent.column_count:
                    raise Misplaced("too_many_values", "{area} is too small for what is to go there.", area=part.area)
        except Misplaced as error:
            failed.append(error.text)
            continue
        for (row, column), entry, _, _ in entries:
            if row == 0:
                names[column] = entry.text
            elif column < extent.column_count:
                cells[row - 1, column] = _text(entry, table, column, commas)
    changed = set_cells(table, cells).forward(table)
    return (rename_columns(changed, names).forward(changed) if names else changed), failed


def _text(entry: Entry, table: Table, column: int, commas: dict[int, bool]) -> str:
    """A plain number is written with the decimal mark of its column."""
    if not entry.is_plain_number or "." not in entry.text:
        return entry.text
    if column not in commas:
        commas[column] = column < len(table.columns) and writes_decimal_comma(row[column] for row in table.rows)
    return entry.text.replace(".", ",") if commas[column] else entry.text


def _with_rows(table: Table, step: RowsAdded) -> Table:
    extent = _extent(table)
    at = extent.row_count + 1 if step.at is None else step.at
    if at == 1:
        raise Misplaced("header_row_above", "No row goes above the header.")
    if at > extent.row_count + 1:
        raise Misplaced(
            "no_such_row", "There is no row {row}; the last one is row {last}.", row=at, last=extent.row_count
        )
    if step.count * len(table.columns) > MAX_CELLS:
        raise Misplaced("too_many_rows", "{count} rows are more than one step may add.", count=step.count)
    commas: dict[int, bool] = {}
    rows: list[tuple[str, ...]] = []
    for entries in step.rows:
        texts = [""] * len(table.columns)
        for column, entry in extent.entry_row(entries).items():
            texts[column] = _text(entry, table, column, commas)
        rows.append(tuple(texts))
    rows += [("",) * len(table.columns)] * (step.count - len(rows))
    return insert_rows(table, at - 2, rows=rows).forward(table)


def _with_moved_rows(table: Table, step: RowsMoved) -> Table:
    rows = _body(table, step.rows)
    before = len(table.rows) if step.before is None else step.before - 2
    if not 0 <= before <= len(table.rows):
        raise Misplaced(
            "no_such_row",
            "There is no row {row}; the last one is row {last}.",
            row=before + 2,
            last=len(table.rows) + 1,
        )
    to = before - len(rows) if before > rows.start else before
    return move_rows(table, rows.start, len(rows), min(max(to, 0), len(table.rows) - len(rows))).forward(table)


def _with_columns(table: Table, step: ColumnsAdded) -> Table:
    at = len(table.columns)
    if step.at is not None:
        at = min(_place_of_new(table, step.at) + step.is_after, len(table.columns))
    if len(table.columns) + len(step.columns) > _MAX_COLUMNS:
        raise Misplaced("too_many_columns", "That are more columns than a table may have.")
    columns: list[Column] = []
    for new in step.columns:
        texts = [entry.text for entry in new.entries]
        if len(texts) > len(table.rows):
            raise Misplaced(
                "column_too_long",
                'The column "{name}" has {cells} cells, and there are {rows} rows.',
                name=new.name,
                cells=len(texts),
                rows=len(table.rows),
            )
        rest = "" if new.fill is None else new.fill.text
        columns.append(Column(new.name, (*texts, *[rest] * (len(table.rows) - len(texts)))))
    return insert_columns(table, at, columns=columns).forward(table)


def _place_of_new(table: Table, name: str) -> int:
    """A new column may stand where none is yet: behind the last one."""
    width = len(table.columns)
    return Extent(len(table.rows) + 1, width, table.columns, most_columns=width + 1).column(name)


def _with_moved_columns(table: Table, step: ColumnsMoved) -> Table:
    columns = _columns(table, step.columns)
    before = len(table.columns) if step.to is None else _extent(table).existing_column(step.to) + step.is_after
    to = before - len(columns) if before > columns.start else before
    to = min(max(to, 0), len(table.columns) - len(columns))
    return move_columns(table, columns.start, len(columns), to).forward(table)


def _sorted(table: Table, step: RowsSorted) -> Table:
    column = _extent(table).existing_column(step.column)
    rows = range(len(table.rows)) if step.rows is None else _body(table, (max(step.rows[0], 2), max(step.rows[1], 2)))
    texts = [table.rows[row][column] for row in rows]
    order = [table.rows[rows.start + place] for place in sorted_order(texts, step.descending)]
    return replace(table, rows=(*table.rows[: rows.start], *order, *table.rows[rows.stop :]))
