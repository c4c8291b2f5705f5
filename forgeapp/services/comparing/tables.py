"""Tables compared by columns, rows and cells."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Position
from forgeapp.services.comparing.alignment import align_columns, align_rows
from forgeapp.services.comparing.axis import AllBut, Axis, Run, axis_of
from forgeapp.services.comparing.grids import CellPart, GridWeave, rows_hunk, spans, tell_columns
from forgeapp.services.comparing.hunks import CellChange, Hunk, Span, cell_words, columns_words, rows_words
from forgeapp.services.comparing.moving import columns_order_hunk, rows_order_hunk
from forgeapp.services.comparing.sequences import Stretch

_Row = tuple[str, ...]
_Grid = tuple[_Row, ...]
"""The header, then the rows."""


@dataclass(frozen=True, slots=True)
class TableWeave:
    before: Table
    after: Table
    grid: GridWeave

    def accepted(self, chosen: Container[int]) -> Table:
        header, *rows = _woven(_grid(self.before), _grid(self.after), self.grid, chosen)
        return Table(self.before.title, header, tuple(rows))

    def onto(self, newest: Table) -> tuple[Table, frozenset[int]]:
        """The newest table with the hunks whose places did not change there, and the hunks left out."""
        moved = weave_tables(self.before, newest, []).grid
        mine, theirs = _grid(newest), _grid(self.after)

        def is_free(_base: Position, at: Position, part: CellPart) -> bool:
            return mine[at[0]][at[1]] == theirs[part.after[0]][part.after[1]]

        def are_same(are_rows: bool, newest: Run, other: Run) -> bool:
            return _lines(mine, are_rows, newest) == _lines(theirs, are_rows, other)

        grid, left_out = self.grid.onto(moved, is_free, are_same)
        header, *rows = _woven(mine, theirs, grid, AllBut(left_out))
        return Table(newest.title, header, tuple(rows)), left_out


def weave_tables(before: Table, after: Table, hunks: list[Hunk]) -> TableWeave:
    """Compares two tables; what differs is put behind `hunks`."""
    old, new = _grid(before), _grid(after)
    stretches = align_columns(
        before.columns,
        after.columns,
        lambda column: _filled(before, column),
        lambda column: _filled(after, column),
        may_move=True,
    )
    columns = axis_of(stretches, len(before.columns), len(after.columns))
    pairs = columns.pairs()
    olds, news = _projected(old, [at for at, _ in pairs]), _projected(new, [to for _, to in pairs])
    aligned = align_rows(olds[1:], news[1:], lambda _order: True)
    found = (stretch._replace(old=stretch.old + 1, new=stretch.new + 1) for stretch in aligned)
    rows = axis_of((Stretch(0, 0, 1), *found), len(old), len(new))

    def column_words(span: Span, is_added: bool) -> tuple[str, str]:
        grid, names = (new, after.columns) if is_added else (old, before.columns)
        text = "\n".join("\t".join(row[span.start : span.end]) for row in grid)
        return columns_words(None, span, names[span.start]), text

    def row_words(span: Span, is_added: bool) -> tuple[str, str]:
        text = "\n".join("\t".join(row) for row in (new if is_added else old)[span.start : span.end])
        return rows_words(None, span), text

    def order_words(lines: Sequence[int], is_base: bool) -> str:
        return "\n".join("\t".join((old if is_base else new)[line]) for line in lines)

    if columns.order_hunk is not None:
        columns = replace(columns, order_hunk=len(hunks))
        hunks.append(columns_order_hunk(columns, None, (before.columns, after.columns)))
    if rows.order_hunk is not None:
        rows = replace(rows, order_hunk=len(hunks))
        hunks.append(rows_order_hunk(rows, None, order_words))
    columns = tell_columns(columns, None, column_words, hunks)
    cells: dict[tuple[int, int], CellPart] = {}
    numbers: list[int] = []
    for run, base, others in spans(rows.runs):
        if not run.is_of_both:
            numbers.append(len(hunks))
            hunks.append(rows_hunk(None, base, others, row_words))
            continue
        for row, other in zip(range(*base), range(*others), strict=True):
            if olds[row] == news[other]:
                continue
            for column, beside in pairs:
                if old[row][column] != new[other][beside]:
                    at, to = (row, column), (other, beside)
                    cells[at] = CellPart(to, len(hunks))
                    texts = old[row][column], new[other][beside]
                    hunks.append(Hunk(cell_words(None, to), *texts, CellChange(None, at, to)))
    return TableWeave(before, after, GridWeave(rows.numbered(numbers), columns, cells))


def _grid(table: Table) -> _Grid:
    return (table.columns, *table.rows)


def _lines(grid: _Grid, are_rows: bool, run: Run) -> list[_Row]:
    assert run.after is not None
    lines = slice(run.after, run.after + run.length)
    return list(grid[lines]) if are_rows else [row[lines] for row in grid]


def _filled(table: Table, column: int) -> Iterator[str]:
    return (row[column] for row in table.rows if row[column])


def _projected(grid: _Grid, columns: Sequence[int]) -> Sequence[_Row]:
    """The rows with these columns alone."""
    if columns == list(range(len(grid[0]))):
        return grid
    if len(columns) < 2:
        return [tuple(row[column] for column in columns) for row in grid]
    return list(map(itemgetter(*columns), grid))


def _woven(old: _Grid, new: _Grid, grid: GridWeave, chosen: Container[int]) -> Iterator[_Row]:
    of_both, of_old, of_new = _row_makers(grid.columns, chosen)
    to_column = grid.columns.standing(chosen, of_base=True)
    changed: dict[int, list[tuple[int, str]]] = {}
    for (row, column), part in grid.cells.items():
        if part.hunk in chosen and to_column[column] >= 0:
            changed.setdefault(row, []).append((to_column[column], new[part.after[0]][part.after[1]]))
    for run in grid.rows.arranged(chosen):
        if not run.stays(chosen):
            continue
        if run.base is None:
            assert run.after is not None
            yield from map(of_new, new[run.after : run.after + run.length])
        elif run.after is None:
            yield from map(of_old, old[run.base : run.base + run.length])
        else:
            for row in range(run.length):
                made = of_both(old[run.base + row], new[run.after + row])
                if run.base + row in changed:
                    cells = list(made)
                    for place, text in changed[run.base + row]:
                        cells[place] = text
                    made = tuple(cells)
                yield made


_Maker = Callable[[_Row], _Row]


def _row_makers(columns: Axis, chosen: Container[int]) -> tuple[Callable[[_Row, _Row], _Row], _Maker, _Maker]:
    """How a row of both, of the base alone, and of the other alone is made of theirs."""
    runs = [run for run in columns.arranged(chosen) if run.stays(chosen)]
    if columns.is_whole and all(run.base == run.after for run in runs):
        return (lambda old, _new: old), (lambda old: old), (lambda new: new)

    def of_both(old: _Row, new: _Row) -> _Row:
        made: list[str] = []
        for base, after, count, _hunk in runs:
            if base is None:
                assert after is not None
                made += new[after : after + count]
            else:
                made += old[base : base + count]
        return tuple(made)

    def of_old(old: _Row) -> _Row:
        made: list[str] = []
        for base, _after, count, _hunk in runs:
            made += ("",) * count if base is None else old[base : base + count]
        return tuple(made)

    def of_new(new: _Row) -> _Row:
        made: list[str] = []
        for _base, after, count, _hunk in runs:
            made += ("",) * count if after is None else new[after : after + count]
        return tuple(made)

    return of_both, of_old, of_new
