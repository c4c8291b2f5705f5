"""What tables and sheets have in common: rows and columns woven, and cells that changed where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from forgeapp.domain.workbook import Position
from forgeapp.services.comparing.axis import Axis, Everything, Run, rebased
from forgeapp.services.comparing.hunks import ColumnsChange, Hunk, RowsChange, Span


class CellPart(NamedTuple):
    """A cell that changed: where it stands in the other, the number of the hunk that says so, and whether nothing but
    its number format changed."""

    after: Position
    hunk: int
    is_format: bool = False


@dataclass(frozen=True, slots=True)
class GridWeave:
    """Two grids: their `rows` and `columns`, and the cells of both that changed, by their place in the base."""

    rows: Axis
    columns: Axis
    cells: Mapping[Position, CellPart]

    def onto(
        self,
        moved: GridWeave,
        is_free: Callable[[Position, Position, CellPart], bool],
        are_same: Callable[[bool, Run, Run], bool],
    ) -> tuple[GridWeave, frozenset[int]]:
        """The weave from the newest grid on, and the hunks that have no place there.

        `moved` leads from the base to the newest; `is_free` tells of a cell that changed there, by its place in the
        base and in the newest, whether it can be changed all the same; `are_same` whether rows, or columns, that came
        there hold what those of the other do. What is taken out must stand there as it did, and what replaces what
        stays is not put in either.
        """
        rows, collided_rows = rebased(self.rows, moved.rows, partial(are_same, True))
        columns, collided_columns = rebased(self.columns, moved.columns, partial(are_same, False))
        collided = {*collided_rows, *collided_columns}
        taken_rows, taken_columns = _taken_out(self.rows), _taken_out(self.columns)
        for row, column in moved.cells:
            collided |= {hunk for hunk in (taken_rows.get(row), taken_columns.get(column)) if hunk is not None}
        to_rows = moved.rows.standing(Everything(), of_base=True)
        to_columns = moved.columns.standing(Everything(), of_base=True)
        cells: dict[Position, CellPart] = {}
        for at, part in self.cells.items():
            newest = to_rows[at[0]], to_columns[at[1]]
            if -1 in newest:
                continue
            if at not in moved.cells or is_free(at, newest, part):
                cells[newest] = part
            else:
                collided.add(part.hunk)
        collided |= {part.hunk for part in self.cells.values()} - {part.hunk for part in cells.values()}
        for axis in (self.rows, self.columns):
            for first, second in _replaced(axis):
                if collided & {first, second}:
                    collided |= {first, second}
        return GridWeave(rows, columns, cells), frozenset(collided)


def _taken_out(axis: Axis) -> dict[int, int]:
    """Lines that went, with their hunks."""
    return {
        line: run.hunk
        for run in axis.runs
        if run.after is None and run.base is not None and run.hunk is not None
        for line in range(run.base, run.base + run.length)
    }


def _replaced(axis: Axis) -> Iterator[tuple[int, int]]:
    """The hunks of lines that went where others came."""
    for first, second in zip(axis.runs, axis.runs[1:], strict=False):
        if first.after is None and second.base is None and first.hunk is not None and second.hunk is not None:
            yield first.hunk, second.hunk


def tell_columns(
    columns: Axis, sheet: str | None, words: Callable[[Span, bool], tuple[str, str]], hunks: list[Hunk]
) -> Axis:
    """Puts the columns that came or went behind `hunks`; `words`: where they are and what they hold."""
    first = len(hunks)
    for base, after, is_added in changed_spans(columns.runs):
        where, text = words(after if is_added else base, is_added)
        texts = ("", text) if is_added else (text, "")
        hunks.append(Hunk(where, *texts, ColumnsChange(sheet, base, after)))
    return columns.numbered(range(first, len(hunks)))


def rows_hunk(sheet: str | None, base: Span, after: Span, words: Callable[[Span, bool], tuple[str, str]]) -> Hunk:
    is_added = base.start == base.end
    where, text = words(after if is_added else base, is_added)
    texts = ("", text) if is_added else (text, "")
    return Hunk(where, *texts, RowsChange(sheet, base, after))


def changed_spans(runs: tuple[Run, ...]) -> Iterator[tuple[Span, Span, bool]]:
    """Of what came or went: where in the base, where in the other, and whether it came."""
    for run, base, after in spans(runs):
        if not run.is_of_both:
            yield base, after, run.base is None


def spans(runs: tuple[Run, ...]) -> Iterator[tuple[Run, Span, Span]]:
    """Each run, with where it begins and ends in both; where it is not, the span is empty."""
    at = to = 0
    for run in runs:
        at, to = (at if run.base is None else run.base), (to if run.after is None else run.after)
        base = Span(at, at + (0 if run.base is None else run.length))
        after = Span(to, to + (0 if run.after is None else run.length))
        yield run, base, after
        at, to = base.end, after.end
