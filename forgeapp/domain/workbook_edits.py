"""Edits of a workbook as values: each knows how to be done and undone, and holds only what it changes.

What a person types becomes a cell as it would from a model's reply. Not here: rows and columns put in or taken out
(`line_edits`), series (`series`) and number formats (`number_formats`).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from forgeapp.domain.dates import ISO_FORMAT, date_of, serial_of
from forgeapp.domain.localised_formulas import dialect_of
from forgeapp.domain.number_look import ENGLISH, NumberLook
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.references import Move, shifted, with_cells_moved, with_sheet_renamed, without_sheet
from forgeapp.domain.workbook import (
    MAX_COLUMNS,
    MAX_FORMULA_CHARS,
    MAX_ROWS,
    TEXT_FORMAT,
    Cell,
    Hidden,
    Position,
    Sheet,
    Workbook,
    valid_sheet_name,
)

Cells = Mapping[Position, Cell | None]
"""What is to stand where; None clears."""

_PLAIN_FORMAT = re.compile(r"[#,]*0(?:\.0+)?")


class Change(Protocol):
    """One edit. `backward` takes exactly what `forward` gave."""

    def forward(self, workbook: Workbook) -> Workbook: ...
    def backward(self, workbook: Workbook) -> Workbook: ...


@dataclass(frozen=True, slots=True)
class CellsChange:
    """Other cells on the sheet at place `sheet`. `size_before`: its rows and columns, which cells may have enlarged."""

    sheet: int
    before: Cells
    after: Cells
    size_before: tuple[int, int]

    def forward(self, workbook: Workbook) -> Workbook:
        rows = max((row + 1 for (row, _), cell in self.after.items() if cell), default=0)
        columns = max((column + 1 for (_, column), cell in self.after.items() if cell), default=0)
        size = max(self.size_before[0], rows), max(self.size_before[1], columns)
        return with_sheet(workbook, self.sheet, _with_cells(workbook.sheets[self.sheet], self.after, size))

    def backward(self, workbook: Workbook) -> Workbook:
        sheet = _with_cells(workbook.sheets[self.sheet], self.before, self.size_before)
        return with_sheet(workbook, self.sheet, sheet)


class Layout(NamedTuple):
    """What a sheet has beside its cells."""

    name: str
    has_header: bool
    frozen_rows: int
    frozen_columns: int
    widths: Mapping[int, float]
    hidden: Hidden = Hidden()


@dataclass(frozen=True, slots=True)
class LayoutChange:
    """Another layout of the sheet at place `sheet`."""

    sheet: int
    before: Layout
    after: Layout

    def forward(self, workbook: Workbook) -> Workbook:
        return with_sheet(workbook, self.sheet, _with_layout(workbook.sheets[self.sheet], self.after))

    def backward(self, workbook: Workbook) -> Workbook:
        return with_sheet(workbook, self.sheet, _with_layout(workbook.sheets[self.sheet], self.before))


@dataclass(frozen=True, slots=True)
class SheetAdded:
    """A sheet more, at `place`."""

    place: int
    sheet: Sheet

    def forward(self, workbook: Workbook) -> Workbook:
        sheets = workbook.sheets
        return replace(workbook, sheets=(*sheets[: self.place], self.sheet, *sheets[self.place :]))

    def backward(self, workbook: Workbook) -> Workbook:
        return replace(workbook, sheets=workbook.sheets[: self.place] + workbook.sheets[self.place + 1 :])


@dataclass(frozen=True, slots=True)
class SheetRemoved:
    """The sheet at `place` gone."""

    place: int
    sheet: Sheet

    def forward(self, workbook: Workbook) -> Workbook:
        return SheetAdded(self.place, self.sheet).backward(workbook)

    def backward(self, workbook: Workbook) -> Workbook:
        return SheetAdded(self.place, self.sheet).forward(workbook)


@dataclass(frozen=True, slots=True)
class SheetMoved:
    """The sheet at `place` stands at `to` instead."""

    place: int
    to: int

    def forward(self, workbook: Workbook) -> Workbook:
        return _with_sheet_moved(workbook, self.place, self.to)

    def backward(self, workbook: Workbook) -> Workbook:
        return _with_sheet_moved(workbook, self.to, self.place)


@dataclass(frozen=True, slots=True)
class Changes:
    """Several as one, in their order."""

    parts: tuple[Change, ...]

    def forward(self, workbook: Workbook) -> Workbook:
        for part in self.parts:
            workbook = part.forward(workbook)
        return workbook

    def backward(self, workbook: Workbook) -> Workbook:
        for part in reversed(self.parts):
            workbook = part.backward(workbook)
        return workbook


def put_cells(workbook: Workbook, sheet: int, cells: Cells) -> CellsChange | None:
    """These cells on the sheet at place `sheet`; None where they stand there already. What lies off the grid is left
    out."""
    target = workbook.sheets[sheet]
    after = {
        at: cell
        for at, cell in cells.items()
        if target.cells.get(at) != cell and 0 <= at[0] < MAX_ROWS and 0 <= at[1] < MAX_COLUMNS
    }
    if not after:
        return None
    before = {at: target.cells.get(at) for at in after}
    return CellsChange(sheet, before, after, (target.row_count, target.column_count))


def move_cells(
    workbook: Workbook, sheet: int, block: tuple[int, int, int, int], to: int, at: Position
) -> Changes | None:
    """The cells of `block` (top, left, bottom, right, all within it) of the sheet at place `sheet` go to that at `to`.

    The first one stands at `at` afterwards; what was there is gone. Formulas of all sheets follow. None where nothing
    changes. Raises ValueError where the block does not fit there.
    """
    top, left, bottom, right = block
    if at[0] + bottom - top >= MAX_ROWS or at[1] + right - left >= MAX_COLUMNS:
        raise ValueError("beyond the last row or column")
    if (to, at) == (sheet, (top, left)):
        return None
    names = [each.name for each in workbook.sheets]
    move = Move(names[sheet], *block, names[to], at[0] - top, at[1] - left)
    after: list[dict[Position, Cell | None]] = [{} for _ in names]
    for place, each in enumerate(workbook.sheets):
        for where, cell in each.cells.items():
            is_moved = place == sheet and move.holds(*where)
            if is_moved:
                after[place].setdefault(where, None)
                new_home, new_at = to, (where[0] + move.rows, where[1] + move.columns)
            elif place == to and move.covers(*where):
                after[place].setdefault(where, None)
                continue
            else:
                new_home, new_at = place, where
            if cell.is_formula:
                text = with_cells_moved(cell.text, move, names[place], names[new_home])
                cell = replace(cell, text=text) if text != cell.text else cell
            if is_moved or cell is not each.cells[where]:
                after[new_home][new_at] = cell
    # Where the cells come to lie is what there is to see.
    order = [to, *(place for place in range(len(names)) if place != to)]
    changes = [put_cells(workbook, place, after[place]) for place in order]
    parts = tuple(change for change in changes if change is not None)
    return Changes(parts) if parts else None


def resize_column(workbook: Workbook, sheet: int, column: int, width: float | None) -> LayoutChange | None:
    """Another width in characters; None: as wide as its content asks for."""
    layout = layout_of(workbook.sheets[sheet])
    widths = {number: known for number, known in layout.widths.items() if number != column}
    if width is not None:
        widths[column] = width
    return change_layout(workbook, sheet, layout._replace(widths=widths))


def change_layout(workbook: Workbook, sheet: int, layout: Layout) -> LayoutChange | None:
    before = layout_of(workbook.sheets[sheet])
    return LayoutChange(sheet, before, layout) if layout != before else None


def layout_of(sheet: Sheet) -> Layout:
    return Layout(sheet.name, sheet.has_header, sheet.frozen_rows, sheet.frozen_columns, sheet.widths, sheet.hidden)


def hide_sheet(workbook: Workbook, place: int, is_hidden: bool) -> LayoutChange | None:
    """The sheet at `place` out of sight in what is exported, or in sight again. None where it is so already, and where
    no other would be left to be seen."""
    layout = layout_of(workbook.sheets[place])
    others = [sheet for number, sheet in enumerate(workbook.sheets) if number != place and not sheet.hidden.sheet]
    if is_hidden and not others:
        return None
    return change_layout(workbook, place, layout._replace(hidden=replace(layout.hidden, sheet=is_hidden)))


def add_sheet(workbook: Workbook, name: str, place: int | None = None) -> SheetAdded:
    """A blank sheet at `place`, by default behind the others; its name is made valid and unique."""
    taken = tuple(sheet.name for sheet in workbook.sheets)
    blank = Sheet(valid_sheet_name(name, taken), has_header=False)
    return SheetAdded(len(workbook.sheets) if place is None else place, blank)


def rename_sheet(workbook: Workbook, place: int, name: str) -> Changes | None:
    """Another name, made valid and unique; the formulas that name the sheet follow. None where the name stays."""
    sheet = workbook.sheets[place]
    taken = tuple(other.name for other in workbook.sheets if other is not sheet)
    name = valid_sheet_name(name, taken) if name.strip() else sheet.name
    renamed = change_layout(workbook, place, layout_of(sheet)._replace(name=name))
    if renamed is None:
        return None

    def respell(formula: str) -> str:
        return with_sheet_renamed(formula, sheet.name, name)

    return Changes((renamed, *_respelled(workbook, respell)))


def duplicate_sheet(workbook: Workbook, place: int, name: str) -> SheetAdded:
    """A copy of a sheet behind it, its name made valid and unique; what referred to the sheet itself is the copy's."""
    sheet = workbook.sheets[place]
    name = valid_sheet_name(name, tuple(other.name for other in workbook.sheets))
    cells = {
        at: replace(cell, text=with_sheet_renamed(cell.text, sheet.name, name)) if cell.is_formula else cell
        for at, cell in sheet.cells.items()
    }
    return SheetAdded(place + 1, with_sheet_fields(sheet, name=name, cells=cells))


def move_sheet(workbook: Workbook, place: int, to: int) -> SheetMoved | None:
    """The sheet at `place` goes to `to`; None where it stands there."""
    to = min(max(to, 0), len(workbook.sheets) - 1)
    return SheetMoved(place, to) if to != place else None


def delete_sheet(workbook: Workbook, place: int) -> Changes:
    """The sheet gone; what referred to it is '#REF!'."""
    sheet = workbook.sheets[place]
    changes = [
        change
        for change in _respelled(workbook, lambda formula: without_sheet(formula, sheet.name))
        if change.sheet != place
    ]
    return Changes((*changes, SheetRemoved(place, sheet)))


def typed_cell(text: str, before: Cell | None = None, look: NumberLook = ENGLISH) -> Cell | None:
    """The cell that `text`, typed where `before` stood, becomes; None for nothing.

    Numbers, percentages, money and dates, of ISO 8601 or in the order of the `look`, are numbers, a leading '=' makes a
    formula, also one typed as in a German, French, Spanish, Portuguese or Italian spreadsheet; a leading apostrophe
    makes text. A number that says nothing of its format keeps that of the number before it. Raises ValueError for a
    formula of more than MAX_FORMULA_CHARS.
    """
    text = text.strip()
    if text.startswith("'"):
        text = text[1:]
        return Cell(text, None, TEXT_FORMAT if Cell(text).is_formula else None) if text else None
    if not text:
        return None
    kept = before.format if before and before.format != TEXT_FORMAT else None
    if text.startswith("=") and len(text) > 1:
        if len(text) > MAX_FORMULA_CHARS:
            raise ValueError(f"a formula of more than {MAX_FORMULA_CHARS} characters")
        dialect = dialect_of((text,))
        return Cell(dialect.english(text) if dialect else text, None, kept)
    if text.casefold() in ("true", "false"):
        return Cell(text.upper())
    number = parse_number(text, look.decimal_comma)
    if number is not None:
        is_plain = number.format is None or bool(_PLAIN_FORMAT.fullmatch(number.format))
        if not (is_plain and kept):
            return Cell(text, number.value, number.format)
        if "%" in kept and abs(number.value) >= 1:
            percent = parse_number(f"{text}%", look.decimal_comma)
            return Cell(f"{text}%", percent.value, kept) if percent else Cell(text, number.value, kept)
        return Cell(text, number.value, kept)
    local = look.iso_date(text)
    written, usual = (local, look.date_code) if local else (text, ISO_FORMAT)
    serial = serial_of(written)
    if serial is not None:
        return Cell(written, serial, kept if kept and "y" in kept.casefold() else usual)
    return Cell(text)


def edit_text(cell: Cell | None, look: NumberLook = ENGLISH) -> str:
    """What a person edits, numbers in the `look`: typed again, it gives the same cell."""
    if cell is None:
        return ""
    if cell.is_formula:
        return cell.text
    if cell.number is None:
        return cell.text if _gives(cell.text, cell, look) else f"'{cell.text}"
    texts = [cell.text] if look.writes(cell.text) else []
    if cell.format and "y" in cell.format.casefold() and isinstance(cell.number, int) and 61 <= cell.number < 2_958_466:
        day = date_of(cell.number)
        texts = [day.isoformat() if cell.format == ISO_FORMAT else look.date_text(day), *texts, day.isoformat()]
    if cell.format and "%" in cell.format:
        texts.append(look.marked(f"{cell.number * 100:.15g}%"))
    texts.append(look.marked(f"{cell.number:.15g}"))
    return next((text for text in texts if _gives(text, cell, look)), texts[-1])


def _gives(text: str, cell: Cell, look: NumberLook) -> bool:
    try:
        typed = typed_cell(text, cell, look)
    except ValueError:
        return False
    if typed is None or (typed.number, typed.is_formula) != (cell.number, cell.is_formula):
        return False
    return cell.number is not None or typed.text == cell.text


def moved_cell(cell: Cell | None, rows: int, columns: int) -> Cell | None:
    """The cell as its copy reads so many rows below and columns right of it."""
    return replace(cell, text=shifted(cell.text, rows, columns)) if cell and cell.is_formula else cell


def fill_down(sheet: Sheet, top: int, left: int, bottom: int, right: int) -> dict[Position, Cell | None]:
    """The first row of the block copied into its others; a block of one row takes the row above it."""
    source = top if bottom > top else top - 1
    if source < 0:
        return {}
    return {
        (row, column): moved_cell(sheet.cells.get((source, column)), row - source, 0)
        for row in range(source + 1, bottom + 1)
        for column in range(left, right + 1)
    }


def fill_right(sheet: Sheet, top: int, left: int, bottom: int, right: int) -> dict[Position, Cell | None]:
    """The first column of the block copied into its others; a block of one column takes the one left of it."""
    source = left if right > left else left - 1
    if source < 0:
        return {}
    return {
        (row, column): moved_cell(sheet.cells.get((row, source)), 0, column - source)
        for row in range(top, bottom + 1)
        for column in range(source + 1, right + 1)
    }


class _Respell(Protocol):
    def __call__(self, formula: str, /) -> str: ...


def _respelled(workbook: Workbook, respell: _Respell) -> Iterable[CellsChange]:
    for place, sheet in enumerate(workbook.sheets):
        cells = {
            at: replace(cell, text=text)
            for at, cell in sheet.cells.items()
            if cell.is_formula and (text := respell(cell.text)) != cell.text
        }
        change = put_cells(workbook, place, cells)
        if change is not None:
            yield change


def _with_sheet_moved(workbook: Workbook, place: int, to: int) -> Workbook:
    sheets = [*workbook.sheets]
    sheets.insert(to, sheets.pop(place))
    return replace(workbook, sheets=tuple(sheets))


def with_sheet(workbook: Workbook, place: int, sheet: Sheet) -> Workbook:
    """The workbook with another sheet at `place`."""
    sheets = workbook.sheets
    return replace(workbook, sheets=(*sheets[:place], sheet, *sheets[place + 1 :]))


def _with_cells(sheet: Sheet, changes: Cells, size: tuple[int, int]) -> Sheet:
    """Looks at the changes alone: a new Sheet would look through all its cells for its size."""
    cells = dict(sheet.cells)
    for at, cell in changes.items():
        if cell is None:
            cells.pop(at, None)
        else:
            cells[at] = cell
    return with_sheet_fields(sheet, cells=cells, row_count=size[0], column_count=size[1])


def _with_layout(sheet: Sheet, layout: Layout) -> Sheet:
    return with_sheet_fields(sheet, **layout._asdict())


def with_sheet_fields(sheet: Sheet, **fields: object) -> Sheet:
    """The sheet with other fields; whoever gives cells gives the right `row_count` and `column_count`, too."""
    # Not `copy.copy`, which would pack all cells as for another process.
    made = object.__new__(Sheet)
    for field in dataclasses.fields(Sheet):
        object.__setattr__(made, field.name, fields.get(field.name, getattr(sheet, field.name)))
    return made
