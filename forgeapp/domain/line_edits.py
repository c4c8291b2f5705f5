"""Rows and columns put into a workbook or taken out of it; the formulas of all its sheets follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from forgeapp.domain.references import Lines, with_lines_deleted, with_lines_inserted
from forgeapp.domain.workbook import Area, Cell, Hidden, Position, Sheet, Workbook
from forgeapp.domain.workbook_edits import CellsChange, Changes, put_cells, with_sheet, with_sheet_fields


@dataclass(frozen=True, slots=True)
class Frame:
    """What of a sheet follows its lines beside the cells."""

    row_count: int
    column_count: int
    frozen_rows: int
    frozen_columns: int
    widths: Mapping[int, float]
    hidden: Hidden
    filter: Area | None


@dataclass(frozen=True, slots=True)
class LinesChange:
    """Blank `lines` put into the sheet at place `sheet`, or the `lines` taken out of it together with `removed`."""

    sheet: int
    lines: Lines
    is_insertion: bool
    removed: Mapping[Position, Cell]
    before: Frame
    after: Frame

    def forward(self, workbook: Workbook) -> Workbook:
        return self._applied(workbook, self.is_insertion, self.after)

    def backward(self, workbook: Workbook) -> Workbook:
        return self._applied(workbook, not self.is_insertion, self.before)

    def _applied(self, workbook: Workbook, opens: bool, frame: Frame) -> Workbook:
        sheet = workbook.sheets[self.sheet]
        cells = _opened(sheet, self.lines) if opens else _closed(sheet, self.lines)
        if opens and not self.is_insertion:
            cells |= self.removed
        fields = {name: getattr(frame, name) for name in Frame.__slots__}
        return with_sheet(workbook, self.sheet, with_sheet_fields(sheet, cells=cells, **fields))


def insert_lines(workbook: Workbook, place: int, first: int, count: int, are_rows: bool) -> Changes | None:
    """`count` blank rows, or columns, that stand at `first` afterwards; formulas follow, ranges around them grow.

    None where nothing changes. Raises ValueError where cells would be pushed beyond the last row or column.
    """
    sheet = workbook.sheets[place]
    lines = Lines(sheet.name, first, count, are_rows)
    last = max((at[0 if are_rows else 1] for at in sheet.cells), default=-1)
    if last >= first and last + count >= lines.limit:
        raise ValueError("beyond the last row or column")
    return _changes(workbook, place, lines, is_insertion=True)


def delete_lines(workbook: Workbook, place: int, first: int, count: int, are_rows: bool) -> Changes | None:
    """The rows, or columns, gone with what stands in them; ranges shrink, what referred to them alone is '#REF!'.

    None where nothing changes.
    """
    lines = Lines(workbook.sheets[place].name, first, count, are_rows)
    return _changes(workbook, place, lines, is_insertion=False)


def _changes(workbook: Workbook, place: int, lines: Lines, is_insertion: bool) -> Changes | None:
    respell = with_lines_inserted if is_insertion else with_lines_deleted
    parts: list[CellsChange | LinesChange] = []
    for index, sheet in enumerate(workbook.sheets):
        cells = {
            at: replace(cell, text=text)
            for at, cell in sheet.cells.items()
            if cell.is_formula and (text := respell(cell.text, lines, sheet.name)) != cell.text
        }
        if index == place and not is_insertion:
            cells = {at: cell for at, cell in cells.items() if not _holds(lines, at)}
        change = put_cells(workbook, index, cells)
        if change is not None:
            parts.append(change)
    sheet = workbook.sheets[place]
    removed = {} if is_insertion else {at: cell for at, cell in sheet.cells.items() if _holds(lines, at)}
    before, after = _frame(sheet), _frame_after(sheet, lines, is_insertion)
    is_moved = any(at[0 if lines.are_rows else 1] >= lines.first for at in sheet.cells)
    if not parts and not is_moved and before == after:
        return None
    return Changes((*parts, LinesChange(place, lines, is_insertion, removed, before, after)))


def _holds(lines: Lines, at: Position) -> bool:
    return lines.first <= at[0 if lines.are_rows else 1] < lines.end


def _opened(sheet: Sheet, lines: Lines) -> dict[Position, Cell]:
    down, right = (lines.count, 0) if lines.are_rows else (0, lines.count)
    axis = 0 if lines.are_rows else 1
    return {(at[0] + down, at[1] + right) if at[axis] >= lines.first else at: cell for at, cell in sheet.cells.items()}


def _closed(sheet: Sheet, lines: Lines) -> dict[Position, Cell]:
    up, left = (lines.count, 0) if lines.are_rows else (0, lines.count)
    axis = 0 if lines.are_rows else 1
    return {
        (at[0] - up, at[1] - left) if at[axis] >= lines.end else at: cell
        for at, cell in sheet.cells.items()
        if not _holds(lines, at)
    }


def _frame(sheet: Sheet) -> Frame:
    frozen = (sheet.frozen_rows, sheet.frozen_columns)
    return Frame(sheet.row_count, sheet.column_count, *frozen, sheet.widths, sheet.hidden, sheet.filter)


def _frame_after(sheet: Sheet, lines: Lines, is_insertion: bool) -> Frame:
    frame = _frame(sheet)
    follow = _count_inserted if is_insertion else _count_deleted
    filtered = _area_after(frame.filter, lines, is_insertion) if frame.filter else None
    if lines.are_rows:
        return replace(
            frame,
            hidden=replace(frame.hidden, rows=frozenset(_lines_after(frame.hidden.rows, lines, is_insertion).values())),
            filter=filtered,
            row_count=min(follow(frame.row_count, lines), lines.limit),
            frozen_rows=follow(frame.frozen_rows, lines),
        )
    return replace(
        frame,
        column_count=min(follow(frame.column_count, lines), lines.limit),
        frozen_columns=follow(frame.frozen_columns, lines),
        widths={now: frame.widths[was] for was, now in _lines_after(frame.widths, lines, is_insertion).items()},
        hidden=replace(
            frame.hidden, columns=frozenset(_lines_after(frame.hidden.columns, lines, is_insertion).values())
        ),
        filter=filtered,
    )


def _count_inserted(count: int, lines: Lines) -> int:
    return count + lines.count if lines.first < count else count


def _count_deleted(count: int, lines: Lines) -> int:
    return count - max(min(count, lines.end) - lines.first, 0)


def _lines_after(numbers: Iterable[int], lines: Lines, is_insertion: bool) -> dict[int, int]:
    """Where these rows, or columns, stand then; without those that are gone."""
    if is_insertion:
        moved = {number: number + (lines.count if number >= lines.first else 0) for number in numbers}
        return {was: now for was, now in moved.items() if now < lines.limit}
    kept = (number for number in numbers if not lines.first <= number < lines.end)
    return {number: number - (lines.count if number >= lines.end else 0) for number in kept}


def _area_after(area: Area, lines: Lines, is_insertion: bool) -> Area | None:
    """It grows by what is put between its lines, and goes with its first row or the last of its columns."""
    corners = (area[0], area[2]) if lines.are_rows else (area[1], area[3])
    if is_insertion:
        first, last = (min(each + (lines.count if each >= lines.first else 0), lines.limit - 1) for each in corners)
    else:
        first = _count_deleted(corners[0], lines)
        last = _count_deleted(corners[1] + 1, lines) - 1
        if last < first or (lines.are_rows and lines.first <= corners[0] < lines.end):
            return None
    return (first, area[1], last, area[3]) if lines.are_rows else (area[0], first, area[2], last)
