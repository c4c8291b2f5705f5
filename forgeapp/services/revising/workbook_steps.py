"""Operations of a patch, taken one after the other on a workbook; formulas follow as in any spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from forgeapp.domain.columns import sorted_order, writes_decimal_comma
from forgeapp.domain.line_edits import delete_lines, insert_lines
from forgeapp.domain.number_formats import GENERAL, fault_of, set_formats
from forgeapp.domain.number_look import ENGLISH, NumberLook
from forgeapp.domain.patch import (
    CellsWritten,
    ColumnRenamed,
    ColumnsAdded,
    ColumnsMoved,
    ColumnsRemoved,
    Entry,
    Frozen,
    NumberFormatted,
    RowsAdded,
    RowsMoved,
    RowsRemoved,
    RowsSorted,
    SheetAdded,
    SheetRemoved,
    SheetRenamed,
    Step,
    Widened,
)
from forgeapp.domain.request import Selection
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, TEXT_FORMAT, Cell, Position, Sheet, Workbook, address
from forgeapp.domain.workbook_edits import (
    Change,
    add_sheet,
    change_layout,
    delete_sheet,
    layout_of,
    move_cells,
    moved_cell,
    put_cells,
    rename_sheet,
    resize_column,
    typed_cell,
)
from forgeapp.services.revising.areas import MAX_CELLS, Effort, Extent, merged, spread
from forgeapp.services.revising.misplaced import Misplaced

_SAMPLED_CELLS = 5_000
_MAX_FROZEN = 1_000
_MAX_SHEETS = 500

Placed = tuple[Position, Entry, int, int]
"""Where an entry goes, and how far that is from where its formula was written for."""


def change_workbook(
    base: Workbook, steps: Sequence[Step], selection: Selection | None
) -> tuple[Workbook, list[Text], int]:
    """The workbook after those steps that have a place, what the others are, and how many were taken."""
    desk = _Desk(base, selection)
    failed: list[Text] = []
    count = 0
    for step in steps:
        before = desk.workbook
        try:
            failed += desk.take(step)
        except Misplaced as error:
            desk.workbook = before
            failed.append(error.text)
            continue
        count += desk.workbook is not before
    return desk.workbook, failed, count


class _Desk:
    """The workbook as the steps so far left it."""

    def __init__(self, workbook: Workbook, selection: Selection | None) -> None:
        self.workbook = workbook
        name, mark, _ = selection.where.rpartition("!") if selection else ("", "", "")
        self._sheet_name = name.strip("'").replace("''", "'") if mark else None
        texts = (cell.text for sheet in workbook.sheets for cell in sheet.cells.values() if not cell.is_formula)
        self._effort = Effort()
        # As the model was shown it: by what stands in the cells, not by what the window shows of them.
        self._look = NumberLook(",", ".") if writes_decimal_comma(islice(texts, _SAMPLED_CELLS)) else ENGLISH

    def take(self, step: Step) -> list[Text]:
        """Raises Misplaced; what of a step had no place is given back."""
        match step:
            case CellsWritten():
                return self._write(step)
            case RowsAdded():
                self._add_rows(step)
            case RowsRemoved(rows=runs, sheet=sheet):
                extent = self._extent(place := self._place(sheet))
                self._delete(place, map(extent.rows, runs), are_rows=True)
            case RowsMoved(rows=run, before=before, sheet=sheet):
                extent = self._extent(place := self._place(sheet))
                first, last = extent.rows(run)
                end = extent.row_count + 1
                to = end if before is None else before
                if to > end:
                    raise Misplaced(
                        "no_such_row", "There is no row {row}; the last one is row {last}.", row=to, last=end - 1
                    )
                self._move(place, first, last, to - 1, are_rows=True)
            case ColumnsAdded():
                self._add_columns(step)
            case ColumnsRemoved(columns=names, sheet=sheet):
                extent = self._extent(place := self._place(sheet))
                self._delete(place, map(extent.columns, names), are_rows=False)
            case ColumnsMoved(columns=name, to=to, is_after=is_after, sheet=sheet):
                extent = self._extent(place := self._place(sheet))
                first, last = extent.columns(name)
                before = extent.column_count if to is None else extent.existing_column(to) + is_after
                self._move(place, first, last, before, are_rows=False)
            case ColumnRenamed(column=name, name=new, sheet=sheet):
                extent = self._extent(place := self._place(sheet))
                self._put(place, [((0, extent.existing_column(name)), Entry(new), 0, 0)])
            case RowsSorted():
                self._sort(step)
            case SheetAdded():
                self._add_sheet(step)
            case SheetRemoved(name=name):
                place = self._place(name)
                if len(self.workbook.sheets) == 1:
                    raise Misplaced("last_sheet", 'The only sheet, "{name}", is not deleted.', name=name)
                self._go_through_all()
                self._change(delete_sheet(self.workbook, place))
                self._sheet_name = None
            case SheetRenamed(sheet=name, name=new):
                place = self._place(name)
                if any(sheet.name.casefold() == new.casefold() for sheet in self.workbook.sheets) and (
                    self.workbook.sheets[place].name.casefold() != new.casefold()
                ):
                    raise Misplaced("sheet_taken", 'There is a sheet "{name}" already.', name=new)
                self._go_through_all()
                self._change(rename_sheet(self.workbook, place, new))
                self._sheet_name = self.workbook.sheets[place].name
            case NumberFormatted():
                self._format(step)
            case Frozen():
                self._freeze(step)
            case Widened(columns=names, width=width, sheet=sheet):
                extent = self._extent(place := self._place(sheet))
                for name in names:
                    for column in _through(extent.columns(name)):
                        self._change(resize_column(self.workbook, place, column, width))
            case _:
                raise Misplaced("not_for_workbook", "A step for texts has no place in a spreadsheet.")
        return []

    def _change(self, change: Change | None) -> None:
        if change is not None:
            self.workbook = change.forward(self.workbook)

    def _place(self, name: str | None) -> int:
        """The sheet of that name; without one the only one, else the one last spoken of. Raises Misplaced."""
        sheets = self.workbook.sheets
        wanted = name if name is not None else self._sheet_name
        if wanted is None:
            if len(sheets) == 1:
                return 0
            raise Misplaced("no_sheet_named", "A step does not say which sheet it is for.")
        low = wanted.strip().strip("'").casefold()
        for place, sheet in enumerate(sheets):
            if sheet.name.casefold() == low:
                self._sheet_name = sheet.name
                return place
        raise Misplaced("no_such_sheet", 'There is no sheet "{name}".', name=wanted[:80])

    def _extent(self, place: int) -> Extent:
        sheet = self.workbook.sheets[place]
        names = [cell.text if (cell := sheet.cells.get((0, at))) else "" for at in range(sheet.column_count)]
        return Extent(sheet.row_count, sheet.column_count, names)

    def _put(
        self, place: int, entries: Iterable[Placed], likeness: Callable[[Position], Cell | None] | None = None
    ) -> list[Text]:
        """Types the entries in; `likeness`: the cell whose number format a new one takes over."""
        sheet = self.workbook.sheets[place]
        cells: dict[Position, Cell | None] = {}
        failed: list[Text] = []
        for at, entry, rows, columns in entries:
            before = sheet.cells.get(at) or (likeness(at) if likeness else None)
            try:
                cell = typed_cell(entry.text, before, ENGLISH if entry.is_plain_number else self._look)
            except ValueError:
                failed.append(
                    Misplaced("formula_too_long", "The formula for {cell} is too long.", cell=address(at)).text
                )
                continue
            cells[at] = moved_cell(cell, rows, columns)
        self._effort.spend(len(sheet.cells) + 10 * len(cells))
        self._change(put_cells(self.workbook, place, cells))
        return failed

    def _write(self, step: CellsWritten) -> list[Text]:
        place = self._place(step.sheet)
        extent = self._extent(place)
        failed: list[Text] = []
        entries: dict[Position, Placed] = {}
        for part in step.parts:
            try:
                placed = list(spread(part, extent.block(part.area)))
            except Misplaced as error:
                failed.append(error.text)
                continue
            entries |= {each[0]: each for each in placed if each[0][0] < MAX_ROWS and each[0][1] < MAX_COLUMNS}
            if len(entries) > MAX_CELLS:
                raise Misplaced("too_large", "{area} has more cells than one step may fill.", area=part.area)
        return failed + self._put(place, entries.values())

    def _add_rows(self, step: RowsAdded) -> None:
        place = self._place(step.sheet)
        extent = self._extent(place)
        first = extent.row_count if step.at is None else step.at - 1
        if step.count > MAX_CELLS or sum(map(len, step.rows)) > MAX_CELLS:
            raise Misplaced("too_many_rows", "{count} rows are more than one step may add.", count=step.count)
        entries = [
            ((first + row, column), entry, 0, 0)
            for row, texts in enumerate(step.rows)
            for column, entry in extent.entry_row(texts).items()
        ]
        self._insert(place, first, step.count, are_rows=True)
        sheet, end = self.workbook.sheets[place], first + step.count
        body = 1 if sheet.has_header else 0

        def neighbour(at: Position) -> Cell | None:
            above = sheet.cells.get((first - 1, at[1])) if first > body else None
            return above or sheet.cells.get((end, at[1]))

        self._put(place, entries, neighbour)

    def _add_columns(self, step: ColumnsAdded) -> None:
        place = self._place(step.sheet)
        extent = self._extent(place)
        first = extent.column_count if step.at is None else extent.column(step.at) + step.is_after
        filled_rows = sorted({row for row, _ in self.workbook.sheets[place].cells if row > 0})
        self._insert(place, first, len(step.columns), are_rows=False)
        entries: list[Placed] = []
        for column, new in enumerate(step.columns, first):
            if new.name:
                entries.append(((0, column), Entry(new.name), 0, 0))
            entries += [((row, column), entry, 0, 0) for row, entry in enumerate(new.entries, 1)]
            if new.fill is not None:
                below = (row for row in filled_rows if row > len(new.entries))
                entries += [((row, column), new.fill, row - 1, 0) for row in below]
        if len(entries) > MAX_CELLS:
            raise Misplaced("too_many_columns", "That are more columns than one step may fill.")
        self._put(place, entries)

    def _insert(self, place: int, first: int, count: int, are_rows: bool) -> None:
        self._go_through_all()
        try:
            if first + count > (MAX_ROWS if are_rows else MAX_COLUMNS):
                raise ValueError("beyond the last row or column")
            self._change(insert_lines(self.workbook, place, first, count, are_rows))
        except ValueError as error:
            raise Misplaced("sheet_full", "The sheet has no room for so many more rows or columns.") from error

    def _delete(self, place: int, runs: Iterable[tuple[int, int]], are_rows: bool) -> None:
        for first, last in merged(runs):
            self._go_through_all()
            self._change(delete_lines(self.workbook, place, first, last - first + 1, are_rows))

    def _go_through_all(self) -> None:
        """Formulas on all sheets follow. Raises Misplaced where that was asked for too often."""
        self._effort.spend(sum(len(sheet.cells) for sheet in self.workbook.sheets) + 100)

    def _move(self, place: int, first: int, last: int, before: int, are_rows: bool) -> None:
        """Rows or columns go before another one: a gap is made, the cells move into it, where they were is closed."""
        if first <= before <= last + 1:
            return
        count = last - first + 1
        self._insert(place, before, count, are_rows)
        source = first + count if before <= first else first
        sheet = self.workbook.sheets[place]
        end = (sheet.column_count if are_rows else sheet.row_count) - 1
        block = (source, 0, source + count - 1, end) if are_rows else (0, source, end, source + count - 1)
        if end >= 0:
            at = (before, 0) if are_rows else (0, before)
            self._change(move_cells(self.workbook, place, block, place, at))
        if not are_rows:
            for off in range(count):
                width = sheet.widths.get(source + off)
                if width is not None:
                    self._change(resize_column(self.workbook, place, before + off, width))
        self._change(delete_lines(self.workbook, place, source, count, are_rows))

    def _sort(self, step: RowsSorted) -> None:
        place = self._place(step.sheet)
        extent = self._extent(place)
        sheet = self.workbook.sheets[place]
        column = extent.existing_column(step.column)
        first, last = (1, extent.row_count - 1) if step.rows is None else extent.rows(step.rows)
        if step.rows is None:
            # A total below the rows is none of them.
            while last >= first and ((cell := sheet.cells.get((last, column))) is None or cell.is_formula):
                last -= 1
        rows = range(first, last + 1)
        self._effort.spend(len(rows) + len(sheet.cells))
        cells = [sheet.cells.get((row, column)) for row in rows]
        if any(cell is not None and cell.is_formula for cell in cells):
            raise Misplaced(
                "sort_by_formula", 'Column "{name}" holds formulas, whose values are not known here.', name=step.column
            )
        order = sorted_order([_key(cell) for cell in cells], step.descending)
        by_row: dict[int, dict[int, Cell]] = {}
        for (row, at), cell in sheet.cells.items():
            if first <= row <= last:
                by_row.setdefault(row, {})[at] = cell
        changed: dict[Position, Cell | None] = {(row, at): None for row, line in by_row.items() for at in line}
        for row, taken in zip(rows, order, strict=True):
            origin = first + taken
            for at, cell in by_row.get(origin, {}).items():
                changed[row, at] = moved_cell(cell, row - origin, 0)
        self._change(put_cells(self.workbook, place, changed))

    def _add_sheet(self, step: SheetAdded) -> None:
        sheets = self.workbook.sheets
        if any(sheet.name.casefold() == step.name.casefold() for sheet in sheets):
            raise Misplaced("sheet_taken", 'There is a sheet "{name}" already.', name=step.name)
        if len(sheets) >= _MAX_SHEETS or sum(map(len, step.rows)) > MAX_CELLS:
            raise Misplaced("too_many_sheets", "The workbook has no room for more sheets of that size.")
        self._change(add_sheet(self.workbook, step.name))
        place = len(sheets)
        self._sheet_name = self.workbook.sheets[place].name
        entries = [
            ((row, column), entry, 0, 0) for row, line in enumerate(step.rows) for column, entry in enumerate(line)
        ]
        self._put(place, entries)
        if len(step.rows) > 1 and _is_header(self.workbook.sheets[place]):
            layout = layout_of(self.workbook.sheets[place])
            self._change(change_layout(self.workbook, place, layout._replace(has_header=True)))

    def _freeze(self, step: Frozen) -> None:
        place = self._place(step.sheet)
        layout = layout_of(self.workbook.sheets[place])
        if step.rows is not None:
            layout = layout._replace(frozen_rows=min(step.rows, _MAX_FROZEN))
        if step.columns is not None:
            layout = layout._replace(frozen_columns=min(step.columns, _MAX_FROZEN))
        self._change(change_layout(self.workbook, place, layout))

    def _format(self, step: NumberFormatted) -> None:
        place = self._place(step.sheet)
        extent = self._extent(place)
        if fault := fault_of(step.format):
            raise Misplaced(
                "bad_format", 'The number format "{code}" cannot be used: {fault}.', code=step.format[:80], fault=fault
            )
        blocks = [extent.block(area) for area in step.areas]
        code = GENERAL if step.format.casefold() == "general" else step.format
        # A formula that is made text would no longer be one.
        self._effort.spend(len(self.workbook.sheets[place].cells) * len(blocks))
        codes = {
            at: code
            for at, cell in self.workbook.sheets[place].cells.items()
            if any(block.holds(*at) for block in blocks) and not (code == TEXT_FORMAT and cell.is_formula)
        }
        self._change(set_formats(self.workbook, place, codes))


def _through(ends: tuple[int, int]) -> range:
    return range(ends[0], ends[1] + 1)


def _key(cell: Cell | None) -> str:
    """A cell to be sorted by: a number by what it means."""
    if cell is None:
        return ""
    return cell.text if cell.number is None else f"{cell.number:.12g}"


def _is_header(sheet: Sheet) -> bool:
    first = [cell for (row, _), cell in sheet.cells.items() if row == 0]
    return bool(first) and all(cell.number is None and not cell.is_formula for cell in first)
