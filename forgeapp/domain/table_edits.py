"""Edits of a table, each with its exact counterpart: the first table is there again after `backward`.

Rows and columns count from 0. Nothing here is checked twice: positions outside the table raise IndexError or
ValueError where the edit is made, not where it is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from forgeapp.domain.table import Table

T = TypeVar("T")
Row = tuple[str, ...]
Change = Callable[[Table], Table]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name and its cell in each row."""

    name: str
    cells: Row


@dataclass(frozen=True, slots=True)
class TableEdit:
    """`forward` makes the edit, `backward` takes it back; each expects the table the other leaves."""

    forward: Change
    backward: Change

    def then(self, following: TableEdit) -> TableEdit:
        """Both as one edit; `following` was made for the table this one leaves."""
        return TableEdit(
            lambda table: following.forward(self.forward(table)),
            lambda table: self.backward(following.backward(table)),
        )


_NO_EDIT = TableEdit(lambda table: table, lambda table: table)


def set_cells(table: Table, cells: Mapping[tuple[int, int], str]) -> TableEdit:
    """Texts by row and column."""
    changed: dict[int, list[str]] = {}
    for (row, column), text in cells.items():
        _check(row, len(table.rows))
        _check(column, len(table.columns))
        changed.setdefault(row, list(table.rows[row]))[column] = text
    return _replace_rows(table, {row: tuple(texts) for row, texts in changed.items()})


def set_rows(table: Table, rows: Sequence[int], left: int, texts: Sequence[Sequence[str]]) -> TableEdit:
    """Texts into these rows from column `left` on; the rows need not stand below one another.

    Texts beyond the last column make unnamed ones, those beyond the last of `rows` new rows at the end.
    """
    width = max((len(row) for row in texts), default=0)
    edit = _NO_EDIT
    if left + width > len(table.columns):
        edit = insert_columns(table, len(table.columns), left + width - len(table.columns))
    grown = edit.forward(table)
    changed: dict[int, Row] = {}
    for row, new in zip(rows, texts, strict=False):
        _check(row, len(table.rows))
        old = grown.rows[row]
        changed[row] = (*old[:left], *new, *old[left + len(new) :])
    edit = edit.then(_replace_rows(grown, changed))
    end = len(grown.columns)
    more = [(*[""] * left, *new, *[""] * (end - left - len(new))) for new in texts[len(rows) :]]
    return edit.then(_insert_rows(dict(enumerate(more, len(table.rows))))) if more else edit


def clear_rows(table: Table, rows: Sequence[int], left: int, width: int) -> TableEdit:
    """Blanks `width` cells from `left` on in these rows."""
    return set_rows(table, rows, left, (("",) * width,) * len(rows))


def rename_columns(table: Table, names: Mapping[int, str]) -> TableEdit:
    """Names by column."""
    for column in names:
        _check(column, len(table.columns))
    before = table.columns
    after = tuple(names.get(column, name) for column, name in enumerate(before))
    return TableEdit(lambda now: replace(now, columns=after), lambda now: replace(now, columns=before))


def insert_rows(table: Table, at: int, count: int = 1, rows: Sequence[Row] = ()) -> TableEdit:
    """`count` blank rows, or `rows`, so that the first one stands at `at`."""
    _check(at, len(table.rows) + 1)
    new = tuple(rows) or (("",) * len(table.columns),) * count
    return _insert_rows(dict(enumerate(new, at)))


def delete_rows(table: Table, rows: Collection[int]) -> TableEdit:
    for row in rows:
        _check(row, len(table.rows))
    return _reversed(_insert_rows({row: table.rows[row] for row in sorted(set(rows))}))


def move_rows(table: Table, first: int, count: int, to: int) -> TableEdit:
    """`count` rows from `first` on, so that the first of them stands at `to` afterwards."""
    _check_move(first, count, to, len(table.rows))
    return TableEdit(
        lambda now: replace(now, rows=_moved(now.rows, first, count, to)),
        lambda now: replace(now, rows=_moved(now.rows, to, count, first)),
    )


def keep_rows(table: Table, order: Sequence[int]) -> TableEdit:
    """The rows named, in that order, each at most once; the others go. Raises ValueError where it does not."""
    if len(set(order)) != len(order):
        raise ValueError("an order names each row once")
    before = table.rows
    after = tuple(before[row] for row in order)
    return TableEdit(lambda now: replace(now, rows=after), lambda now: replace(now, rows=before))


def insert_columns(table: Table, at: int, count: int = 1, columns: Sequence[Column] = ()) -> TableEdit:
    """`count` blank unnamed columns, or `columns`, so that the first one stands at `at`."""
    _check(at, len(table.columns) + 1)
    new = tuple(columns) or (Column("", ("",) * len(table.rows)),) * count
    if any(len(column.cells) != len(table.rows) for column in new):
        raise ValueError("a column has a cell in each row")
    return _insert_columns(dict(enumerate(new, at)))


def delete_columns(table: Table, columns: Collection[int]) -> TableEdit:
    """Some or all: a table without columns has rows without cells."""
    for column in columns:
        _check(column, len(table.columns))
    gone = {at: Column(table.columns[at], tuple(row[at] for row in table.rows)) for at in sorted(set(columns))}
    return _reversed(_insert_columns(gone))


def move_columns(table: Table, first: int, count: int, to: int) -> TableEdit:
    """`count` columns from `first` on, so that the first of them stands at `to` afterwards."""
    _check_move(first, count, to, len(table.columns))

    def moved(now: Table, origin: int, target: int) -> Table:
        rows = tuple(_moved(row, origin, count, target) for row in now.rows)
        return replace(now, columns=_moved(now.columns, origin, count, target), rows=rows)

    return TableEdit(lambda now: moved(now, first, to), lambda now: moved(now, to, first))


def _replace_rows(table: Table, rows: Mapping[int, Row]) -> TableEdit:
    before = {row: table.rows[row] for row in rows}
    return TableEdit(lambda now: _with_rows(now, rows), lambda now: _with_rows(now, before))


def _with_rows(table: Table, rows: Mapping[int, Row]) -> Table:
    changed = list(table.rows)
    for place, row in rows.items():
        changed[place] = row
    return replace(table, rows=tuple(changed))


def _insert_rows(rows: Mapping[int, Row]) -> TableEdit:
    """Rows by the place they have afterwards, in ascending order; `backward` deletes them."""
    return TableEdit(
        lambda now: replace(now, rows=_woven(now.rows, rows)),
        lambda now: replace(now, rows=_without(now.rows, rows)),
    )


def _insert_columns(columns: Mapping[int, Column]) -> TableEdit:
    names = {at: column.name for at, column in columns.items()}
    first = next(iter(columns), 0)
    is_run = list(columns) == list(range(first, first + len(columns)))

    def forward(now: Table) -> Table:
        new = zip(*(column.cells for column in columns.values()), strict=True) if columns else ((),) * len(now.rows)
        pairs = zip(now.rows, new, strict=True)
        rows: tuple[Row, ...]
        if is_run:
            rows = tuple(row[:first] + cells + row[first:] for row, cells in pairs)
        else:
            rows = tuple(_woven(row, dict(zip(columns, cells, strict=True))) for row, cells in pairs)
        return replace(now, columns=_woven(now.columns, names), rows=rows)

    def backward(now: Table) -> Table:
        rows: tuple[Row, ...]
        if is_run:
            rows = tuple(row[:first] + row[first + len(columns) :] for row in now.rows)
        else:
            rows = tuple(_without(row, columns) for row in now.rows)
        return replace(now, columns=_without(now.columns, columns), rows=rows)

    return TableEdit(forward, backward)


def _reversed(edit: TableEdit) -> TableEdit:
    return TableEdit(edit.backward, edit.forward)


def _woven(items: tuple[T, ...], new: Mapping[int, T]) -> tuple[T, ...]:
    """`new` by the place they have afterwards, in ascending order, among `items`."""
    woven: list[T] = []
    taken = 0
    for at, item in new.items():
        free = at - len(woven)
        woven.extend(items[taken : taken + free])
        taken += free
        woven.append(item)
    woven.extend(items[taken:])
    return tuple(woven)


def _without(items: tuple[T, ...], places: Collection[int]) -> tuple[T, ...]:
    return tuple(item for place, item in enumerate(items) if place not in places)


def _moved(items: tuple[T, ...], first: int, count: int, to: int) -> tuple[T, ...]:
    rest = items[:first] + items[first + count :]
    return rest[:to] + items[first : first + count] + rest[to:]


def _check(place: int, end: int) -> None:
    if not 0 <= place < end:
        raise IndexError(f"{place} is outside the table")


def _check_move(first: int, count: int, to: int, length: int) -> None:
    if count < 1 or first < 0 or to < 0 or max(first, to) + count > length:
        raise IndexError(f"{count} from {first} cannot move to {to}")
