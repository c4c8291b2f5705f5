"""Two tables, or two sheets, as one grid: rows and columns of both, and the cells that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from forgeapp.domain.number_look import ENGLISH, NumberLook, NumberLooks
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Position, Sheet, Workbook, column_letters
from forgeapp.ui.richtext.marked import Turn

if TYPE_CHECKING:
    from forgeapp.services.comparing import Comparison


class Line(NamedTuple):
    """A row or column of the grid: its number before and after, None where it is not, and the hunk that says so."""

    before: int | None
    after: int | None
    hunk: int | None = None
    is_moved: bool = False
    """Whether it stood elsewhere before."""

    @property
    def turn(self) -> Turn:
        return "added" if self.before is None else "removed" if self.after is None else ""


@dataclass(frozen=True, slots=True)
class GridPicture:
    """`cells`: hunks of cells that differ, by row and column of this grid. `others`: hunks of the sheet as a whole.

    `name` of the sheet, '' for a table. `places`: where each hunk is to be seen first.
    """

    name: str
    rows: Sequence[Line]
    columns: Sequence[Line]
    cells: Mapping[Position, int]
    places: Mapping[int, Position]
    before: Table | Sheet | None
    after: Table | Sheet | None
    others: Sequence[int] = ()
    turn: Turn = ""
    look: NumberLook = ENGLISH

    def cell(self, row: int, column: int, is_after: bool) -> str | Cell | None:
        """What stands there on one side: a table's text, or a sheet's cell."""
        line, across = self.rows[row], self.columns[column]
        at = (line.after, across.after) if is_after else (line.before, across.before)
        grid = self.after if is_after else self.before
        if at[0] is None or at[1] is None or grid is None:
            return None
        if isinstance(grid, Sheet):
            return grid.cells.get((at[0], at[1]))
        cells = grid.columns if at[0] == 0 else grid.rows[at[0] - 1]
        return cells[at[1]]

    @property
    def hunks(self) -> tuple[int, ...]:
        return tuple(sorted({*self.places, *self.others}))

    def letters(self, column: int) -> str:
        line = self.columns[column]
        number = line.after if line.after is not None else line.before
        return column_letters(number or 0)


@dataclass(slots=True)
class _Axis:
    """What the hunks say of rows or of columns: those that went, came, or stand elsewhere, with their hunks.

    `moved`: of those that stand elsewhere the old number by the new one. `sorted_anew`: spans before and after.
    """

    gone: dict[int, int] = field(default_factory=dict)
    come: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    sorted_anew: list[tuple[range, range, int]] = field(default_factory=list)

    def take(self, before: range, after: range, hunk: int) -> None:
        self.gone.update(dict.fromkeys(before, hunk))
        self.come.update(dict.fromkeys(after, hunk))

    def take_order(self, before: range, after: range, hunk: int, is_move: bool) -> None:
        if is_move:
            self.take(before, after, hunk)
            self.moved.update(zip(after, before, strict=False))
        else:
            self.sorted_anew.append((before, after, hunk))


@dataclass(slots=True)
class _Found:
    """What the hunks say of one sheet."""

    rows: _Axis = field(default_factory=lambda: _Axis())
    columns: _Axis = field(default_factory=lambda: _Axis())
    cells: dict[Position, int] = field(default_factory=dict)
    pairs: list[tuple[Position, Position]] = field(default_factory=list)
    blocks: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)


def table_picture(comparison: Comparison) -> GridPicture:
    """Of two tables; row 0 is the header."""
    before, after = comparison.before, comparison.after
    assert isinstance(before, Table)
    assert isinstance(after, Table)
    found = _read(comparison).get(None, _Found())
    sizes = (len(before.rows) + 1, len(after.rows) + 1), (len(before.columns), len(after.columns))
    return _picture("", found, before, after, *sizes)


def sheet_pictures(comparison: Comparison, looks: NumberLooks) -> tuple[GridPicture, ...]:
    """Of two workbooks, in the order of the new one; sheets that went stand where they stood. `looks`: of their
    numbers."""
    before, after = comparison.before, comparison.after
    assert isinstance(before, Workbook)
    assert isinstance(after, Workbook)
    from forgeapp.services.comparing import SheetChange
    from forgeapp.services.number_looks import look_of
    from forgeapp.sheets.grid import with_formats

    found = _read(comparison)
    # Formulas are shown in the format of what they are computed from, as in the editor.
    olds, news = ({sheet.name: sheet for sheet in with_formats(book).sheets} for book in (before, after))
    renamed: dict[str, str] = {}
    sheet_hunks: dict[tuple[str | None, str | None], int] = {}
    for number, hunk in enumerate(comparison.hunks):
        if isinstance(hunk.change, SheetChange):
            names = hunk.change.before, hunk.change.after
            sheet_hunks[names] = number
            if names[0] is not None and names[1] is not None:
                renamed[names[1]] = names[0]
    made: list[GridPicture] = []
    removed = {name for (name, other) in sheet_hunks if other is None and name is not None}
    order = [(sheet.name, renamed.get(sheet.name, sheet.name)) for sheet in after.sheets]
    for name, old_name in order:
        new, old = news[name], olds.get(old_name)
        is_added = (None, name) in sheet_hunks
        old = None if is_added else old
        own = found.get(name, _Found())
        sheet_hunk = sheet_hunks.get((None, name)) if is_added else sheet_hunks.get((old_name, name))
        made.append(_sheet(name, own, old, new, sheet_hunk))
    for place, sheet in enumerate(before.sheets):
        if sheet.name in removed:
            made.insert(
                min(place, len(made)),
                _sheet(sheet.name, _Found(), olds[sheet.name], None, sheet_hunks[sheet.name, None]),
            )
    look = look_of(after, looks)
    return tuple(replace(each, look=look) for each in made)


def _sheet(name: str, found: _Found, old: Sheet | None, new: Sheet | None, hunk: int | None) -> GridPicture:
    if hunk is not None:
        found.others.insert(0, hunk)
    rows = tuple(sheet.row_count if sheet is not None else 0 for sheet in (old, new))
    columns = tuple(sheet.column_count if sheet is not None else 0 for sheet in (old, new))
    if old is None or new is None:
        # All of it came, or went, with one hunk.
        number = hunk if hunk is not None else 0
        found.rows.take(range(rows[0]), range(rows[1]), number)
        found.columns.take(range(columns[0]), range(columns[1]), number)
    return _picture(name, found, old, new, (rows[0], rows[1]), (columns[0], columns[1]))


def _read(comparison: Comparison) -> dict[str | None, _Found]:
    """The hunks by sheet, as it is named afterwards."""
    from forgeapp.services.comparing import (
        CellChange,
        ColumnsChange,
        ColumnsOrderChange,
        FormatChange,
        RowsChange,
        RowsOrderChange,
    )

    found: dict[str | None, _Found] = {}
    for number, hunk in enumerate(comparison.hunks):
        match hunk.change:
            case CellChange(sheet=sheet, before=before, after=after):
                own = found.setdefault(sheet, _Found())
                own.cells[after] = number
                own.pairs.append((before, after))
            case RowsChange(sheet=sheet, before=old, after=new):
                found.setdefault(sheet, _Found()).rows.take(range(*old), range(*new), number)
            case ColumnsChange(sheet=sheet, before=old, after=new):
                found.setdefault(sheet, _Found()).columns.take(range(*old), range(*new), number)
            case RowsOrderChange(sheet=sheet, before=old, after=new, is_move=is_move):
                found.setdefault(sheet, _Found()).rows.take_order(range(*old), range(*new), number, is_move)
            case ColumnsOrderChange(sheet=sheet, before=old, after=new, is_move=is_move):
                found.setdefault(sheet, _Found()).columns.take_order(range(*old), range(*new), number, is_move)
            case FormatChange(sheet=sheet, after=block):
                found.setdefault(sheet, _Found()).blocks[number] = block
            case _:
                sheet = getattr(hunk.change, "sheet", None)
                if sheet is not None:
                    found.setdefault(sheet, _Found()).others.append(number)
    return found


def _picture(
    name: str,
    found: _Found,
    before: Table | Sheet | None,
    after: Table | Sheet | None,
    row_counts: tuple[int, int],
    column_counts: tuple[int, int],
) -> GridPicture:
    _match(found.rows, ((at[0], to[0]) for at, to in found.pairs), _rows_of(before), _rows_of(after))
    _match(found.columns, ((at[1], to[1]) for at, to in found.pairs), _columns_of(before), _columns_of(after))
    rows, columns = _lines(found.rows, *row_counts), _lines(found.columns, *column_counts)
    row_of = {line.after: at for at, line in enumerate(rows) if line.after is not None}
    column_of = {line.after: at for at, line in enumerate(columns) if line.after is not None}
    cells = {
        (row_of[at[0]], column_of[at[1]]): hunk
        for at, hunk in found.cells.items()
        if at[0] in row_of and at[1] in column_of
    }
    places: dict[int, Position] = {}
    for at, line in enumerate(rows):
        if line.hunk is not None:
            places.setdefault(line.hunk, (at, 0))
    for at, line in enumerate(columns):
        if line.hunk is not None:
            places.setdefault(line.hunk, (0, at))
    for position, hunk in cells.items():
        places.setdefault(hunk, position)
    for hunk, block in found.blocks.items():
        if block[0] in row_of and block[1] in column_of:
            places.setdefault(hunk, (row_of[block[0]], column_of[block[1]]))
    others = [*found.others, *(hunk for hunk in found.blocks if hunk not in places)]
    turn: Turn = "added" if before is None else "removed" if after is None else ""
    return GridPicture(name, rows, columns, cells, places, before, after, tuple(others), turn)


_Keys = Callable[[range], Sequence[object]]
"""What stands in some rows, or columns: equal for equal ones."""


def _rows_of(grid: Table | Sheet | None) -> _Keys:
    if isinstance(grid, Table):
        return lambda span: [grid.rows[at - 1] if at else grid.columns for at in span]
    return partial(_keys_of_sheet, grid, 0)


def _columns_of(grid: Table | Sheet | None) -> _Keys:
    if isinstance(grid, Table):
        return lambda span: [(grid.columns[at], *(row[at] for row in grid.rows)) for at in span]
    return partial(_keys_of_sheet, grid, 1)


def _keys_of_sheet(sheet: Sheet | None, axis: int, span: range) -> Sequence[object]:
    found: dict[int, list[tuple[int, str]]] = {}
    for at, cell in sheet.cells.items() if sheet is not None else ():
        if at[axis] in span:
            found.setdefault(at[axis], []).append((at[1 - axis], cell.text))
    return [tuple(sorted(found.get(at, ()))) for at in span]


def _match(axis: _Axis, pairs: Iterable[tuple[int, int]], olds: _Keys, news: _Keys) -> None:
    """Finds which of the lines that are sorted anew stood where: those with changed cells by these, others by what
    they hold."""
    if not axis.sorted_anew:
        return
    known = {to: at for at, to in pairs}
    # Lines that came or went among the others are told by hunks of their own.
    came, went = frozenset(axis.come), frozenset(axis.gone)
    for before, after, hunk in axis.sorted_anew:
        taken = {known[to] for to in after if to in known}
        free: dict[object, list[int]] = {}
        for at, key in zip(reversed(before), reversed(list(olds(before))), strict=True):
            if at not in taken and at not in went:
                free.setdefault(key, []).append(at)
        for to, key in zip(after, news(after), strict=True):
            if to in came:
                continue
            source = known.get(to)
            if source is None and free.get(key):
                source = free[key].pop()
            if source is not None:
                axis.moved[to] = source
                axis.hidden.add(source)
            axis.come[to] = hunk
        axis.gone.update((at, hunk) for at in before if at not in axis.hidden and at not in went)


def _lines(axis: _Axis, old_count: int, new_count: int) -> list[Line]:
    """Rows or columns of both sides in one order: what is in both side by side, what went before what came."""
    lines: list[Line] = []
    old = new = 0
    while old < old_count or new < new_count:
        if old in axis.hidden:
            old += 1
        elif old in axis.gone or (old < old_count and new >= new_count):
            lines.append(Line(old, None, axis.gone.get(old)))
            old += 1
        elif new in axis.come or old >= old_count:
            lines.append(Line(axis.moved.get(new), new, axis.come.get(new), new in axis.moved))
            new += 1
        else:
            lines.append(Line(old, new))
            old, new = old + 1, new + 1
    return lines
