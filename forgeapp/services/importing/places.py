"""Where each row and column of a grid that comes back stood when it was written."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from forgeapp.domain.workbook import Cell, Position, Sheet
from forgeapp.services.importing.alignment import Line, Pairs, aligned
from forgeapp.services.importing.meaning import is_same_cell, key_of

_MAX_KEYS = 6_000_000
"""Cells, blank ones among them, that are laid beside each other to find moved rows."""


@dataclass(frozen=True, slots=True)
class Places:
    """By the row or column now: the one before, absent where it is new."""

    rows: dict[int, int]
    columns: dict[int, int]

    def before(self, at: Position) -> Position | None:
        row, column = self.rows.get(at[0]), self.columns.get(at[1])
        return None if row is None or column is None else (row, column)


def paired_columns(before: Sequence[Hashable], after: Sequence[Hashable]) -> Pairs:
    """By the cells of the first row; where none of them is left, by position."""
    pairs = aligned([(key,) for key in before], [(key,) for key in after])
    if any(was is not None and now is not None for was, now in pairs):
        return pairs
    return [(place, place) for place in range(min(len(before), len(after)))]


def places_of(written: Sheet, read: Sheet) -> Places:
    """Where the cells of `read` stood in `written`, the sheet as it was exported."""
    rows, columns = _used(written)
    read_rows, read_columns = _used(read)
    heads = [
        [key_of(sheet.cells.get((0, column))) for column in range(width)]
        for sheet, width in ((written, columns), (read, read_columns))
    ]
    pairs = _known(paired_columns(*heads))
    if (rows, columns) == (read_rows, read_columns) and pairs == [(place, place) for place in range(columns)]:
        changed = _changed_rows(written, read)
        if 2 * len(changed) <= rows:
            return Places(_in_place(rows), _in_place(columns))
    now_of = {now: was for was, now in pairs}
    if max(rows, read_rows) * max(len(pairs), 1) > _MAX_KEYS:
        return Places(_in_place(min(rows, read_rows)), now_of)
    before = _lines(written, rows, [was for was, _ in pairs])
    after = _lines(read, read_rows, [now for _, now in pairs])
    return Places({now: was for was, now in _known(aligned(before, after))}, now_of)


def _known(pairs: Pairs) -> list[Position]:
    return [(was, now) for was, now in pairs if was is not None and now is not None]


def _in_place(count: int) -> dict[int, int]:
    return {place: place for place in range(count)}


def _used(sheet: Sheet) -> Position:
    """Rows and columns down to the last filled cell."""
    return max((row for row, _ in sheet.cells), default=-1) + 1, max(
        (column for _, column in sheet.cells), default=-1
    ) + 1


def _changed_rows(written: Sheet, read: Sheet) -> set[int]:
    cells = read.cells
    changed = {at[0] for at in cells.keys() ^ written.cells.keys()}
    for at, was in written.cells.items():
        now = cells.get(at)
        if now is not None and not is_same_cell(now, was):
            changed.add(at[0])
    return changed


def _lines(sheet: Sheet, rows: int, columns: Iterable[int]) -> list[Line]:
    order = list(columns)
    get: Callable[[Position], Cell | None] = sheet.cells.get
    blank = (None,) * len(order)
    filled = {row for row, _ in sheet.cells}
    return [tuple(_loose(get((row, column))) for column in order) if row in filled else blank for row in range(rows)]


def _loose(cell: Cell | None) -> Hashable:
    """A key by which a row is known again though others came before it: formulas move their references along."""
    key = key_of(cell)
    return ("formula",) if isinstance(key, tuple) else key
