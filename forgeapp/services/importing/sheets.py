"""Sheets that come back from a workbook file, laid beside the ones that were exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from forgeapp.domain.number_look import NumberLook
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Position, Sheet, Value
from forgeapp.services.importing.meaning import is_same_cell, is_same_format, retyped
from forgeapp.services.importing.places import Places, places_of
from forgeapp.sheets.display import display

_SAME_WIDTH = 0.3
"""Characters: two pixels, which programs lose when they count widths in units of their own."""


def sheet_over(base: Sheet, written: Sheet, read: Sheet, look: NumberLook) -> Sheet:
    """`read` with the cells of `base` where they mean what they meant. `written`: `base` as it was exported."""
    places = places_of(written, read)
    cells: dict[Position, Cell] = {}
    for at, cell in read.cells.items():
        before = places.before(at)
        was = written.cells.get(before) if before else None
        if before is None or was is None:
            cells[at] = retyped(cell, look)
        elif is_same_cell(cell, was):
            cells[at] = _kept(base.cells.get(before, was), was, cell)
        else:
            cells[at] = retyped(replace(cell, format=_format(cell, was)), look)
    frozen = (read.frozen_rows, read.frozen_columns)
    exported = (base.frozen_rows or int(base.has_header and base.row_count > 1), base.frozen_columns)
    # What no longer is frozen was rarely set free: programs without a window lose it.
    is_kept = frozen in (exported, (0, 0))
    surplus = base.row_count - max((row for row, _ in written.cells), default=-1) - 1
    return Sheet(
        name=base.name,
        cells=cells,
        has_header=base.has_header,
        frozen_rows=base.frozen_rows if is_kept else frozen[0],
        frozen_columns=base.frozen_columns if is_kept else frozen[1],
        widths=_widths(base, read, places),
        row_count=max((row for row, _ in cells), default=-1) + 1 + surplus,
        column_count=base.column_count if _is_in_place(places.columns, base.column_count) else 0,
        hidden=read.hidden,
        # A sheet without one is given one as it is written.
        filter=read.filter if base.filter else None,
    )


def table_over(base: Table, written: Sheet, read: Sheet, values: Mapping[Position, Value], look: NumberLook) -> Table:
    """`read`, the names of the columns in its first row, as the table `base` was made of."""
    places = places_of(written, read)
    rows_before = (base.columns, *base.rows)
    height = max((row for row, _ in read.cells), default=-1) + 1 + blank_at_end(rows_before)
    width = max((column for _, column in read.cells), default=-1) + 1
    width += blank_at_end(tuple(zip(*rows_before, strict=True))) if base.columns else 0
    grid = [[""] * width for _ in range(max(height, 1))]
    for at, cell in read.cells.items():
        before = places.before(at)
        was = written.cells.get(before) if before else None
        if before is not None and was is not None and is_same_cell(cell, was):
            grid[at[0]][at[1]] = rows_before[before[0]][before[1]]
        else:
            format_code = _format(cell, was) if was is not None else cell.format
            value = cell.number if cell.number is not None else values.get(at)
            grid[at[0]][at[1]] = cell.text if value is None else display(value, format_code, look)
    header, *body = (tuple(row) for row in grid)
    return Table(base.title, header, tuple(body))


def _kept(base: Cell, was: Cell, read: Cell) -> Cell:
    """The base's cell, under another format where it was given one."""
    if (was.number is None and not was.is_formula) or is_same_format(was.format, read.format):
        return base
    return Cell(base.text, was.number, read.format)


def _format(cell: Cell, was: Cell) -> str | None:
    return was.format if is_same_format(cell.format, was.format) else cell.format


def _widths(base: Sheet, read: Sheet, places: Places) -> dict[int, float]:
    """The base's own, unless one was changed. Columns without one were fitted when written, and stay without."""
    found: dict[int, float] = {}
    for now, was in places.columns.items():
        width, read_width = base.widths.get(was), read.widths.get(now)
        if width is not None:
            is_same = read_width is None or abs(read_width - width) <= _SAME_WIDTH
            found[now] = width if is_same or read_width is None else read_width
    if _is_in_place(places.columns, max(places.columns, default=-1) + 1):
        # Columns without a cell do not come back; what width they had is kept.
        found |= {column: width for column, width in base.widths.items() if column not in found}
    return found


def _is_in_place(places: Mapping[int, int], count: int) -> bool:
    return count > 0 and len(places) <= count and all(now == was for now, was in places.items())


def blank_at_end(lines: tuple[tuple[str, ...], ...]) -> int:
    """How many lines at the end hold nothing, and are no row or column of a file."""
    count = 0
    for line in reversed(lines):
        if any(line):
            break
        count += 1
    return count
