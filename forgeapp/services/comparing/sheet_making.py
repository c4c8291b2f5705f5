"""Sheets made of those of two workbooks, as far as hunks are taken."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.references import LOST
from forgeapp.domain.workbook import Cell, Position, Sheet, valid_sheet_name
from forgeapp.services.comparing.axis import Axis, Places
from forgeapp.services.comparing.carrying import Carrying, SheetPlaces, carried
from forgeapp.services.comparing.sheet_frames import carried_filter, carried_freeze, carried_hidden, carried_widths
from forgeapp.services.comparing.sheets import SheetWeave


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet of the base, of the other, or of both, with its place there.

    `hunk`: the one that adds, removes or renames it; a sheet of the base alone without one stays whatever is taken.
    """

    base: Sheet | None = None
    base_place: int | None = None
    after: Sheet | None = None
    after_place: int | None = None
    hunk: int | None = None
    weave: SheetWeave | None = None

    def stays(self, chosen: Container[int]) -> bool:
        if self.base is not None and self.after is not None:
            return True
        return (self.hunk in chosen) is (self.base is None)

    def name(self, chosen: Container[int]) -> str:
        sheet = self.after if self.base is None or (self.after is not None and self.hunk in chosen) else self.base
        assert sheet is not None
        return sheet.name


def make_sheets(parts: Sequence[Part], chosen: Container[int]) -> tuple[tuple[Sheet, ...], frozenset[int]]:
    """The sheets in the order of `parts`, and the hunks not taken after all: what they refer to is not there."""
    names: dict[int, str] = {}
    for key, part in enumerate(parts):
        if part.stays(chosen):
            names[key] = _free_name(part.name(chosen), names)
    from_base = Carrying(_places(parts, names, chosen, of_base=True))
    from_after = Carrying(_places(parts, names, chosen, of_base=False))
    made: list[Sheet] = []
    kept: set[int] = set()
    for key, part in enumerate(parts):
        if key not in names:
            continue
        if part.base is None or part.after is None or part.weave is None:
            sheet, carrying = (part.after, from_after) if part.base is None else (part.base, from_base)
            assert sheet is not None
            made.append(_carried_sheet(sheet, names[key], carrying))
            continue
        cells, missed = _cells(part.base, part.after, part.weave, chosen, from_base, from_after)
        kept |= missed
        made.append(_sheet(part.base, part.after, part.weave, chosen, names[key], cells))
    return tuple(made), frozenset(kept)


def _free_name(name: str, names: Mapping[int, str]) -> str:
    lowered = {taken.casefold() for taken in names.values()}
    return valid_sheet_name(name, tuple(names.values())) if name.casefold() in lowered else name


class _Still(Places):
    """Of a sheet whose lines all stay."""

    def __init__(self) -> None:
        super().__init__((), 0, 0)


def _places(
    parts: Sequence[Part], names: Mapping[int, str], chosen: Container[int], of_base: bool
) -> dict[str, SheetPlaces | None]:
    places: dict[str, SheetPlaces | None] = {}
    for key, part in enumerate(parts):
        sheet = part.base if of_base else part.after
        if sheet is None:
            continue
        lines: tuple[Places, Places] = _Still(), _Still()
        if part.weave is not None:
            grid = part.weave.grid
            lines = grid.rows.places(chosen, of_base), grid.columns.places(chosen, of_base)
        places[sheet.name.casefold()] = SheetPlaces(names[key], *lines) if key in names else None
    return places


def _carried_sheet(sheet: Sheet, name: str, carrying: Carrying) -> Sheet:
    if carrying.is_idle:
        return sheet if sheet.name == name else replace(sheet, name=name)
    cells = {at: carried(cell, sheet.name, carrying) for at, cell in sheet.cells.items()}
    return replace(sheet, name=name, cells=cells)


def _cells(
    base: Sheet, after: Sheet, weave: SheetWeave, chosen: Container[int], from_base: Carrying, from_after: Carrying
) -> tuple[Mapping[Position, Cell], set[int]]:
    grid = weave.grid
    is_untouched = grid.rows.is_still(chosen) and grid.columns.is_whole and from_base.is_idle
    if is_untouched and not any(part.hunk in chosen for part in grid.cells.values()):
        return base.cells, set()
    made: dict[Position, Cell] = {}
    rows, columns = (axis.standing(chosen, of_base=True) for axis in (grid.rows, grid.columns))
    shifts = grid.rows.shifts(chosen, of_base=True)
    for at, cell in base.cells.items():
        place = rows[at[0]], columns[at[1]]
        if -1 not in place:
            made[place] = carried(cell, base.name, from_base, shifts[at[0]] if shifts else 0)
    kept: set[int] = set()
    shifts = grid.rows.shifts(chosen, of_base=False)

    def take(at: Position, is_format: bool, place: Position) -> bool:
        """Whether the other's cell, or its format alone, could be put where it belongs."""
        cell = after.cells.get(at)
        if cell is None:
            made.pop(place, None)
        elif is_format:
            made[place] = replace(made[place], format=cell.format)
        else:
            taken = carried(cell, after.name, from_after, shifts[at[0]] if shifts else 0)
            if taken.text.count(LOST) > cell.text.count(LOST):
                return False
            made[place] = taken
        return True

    for at, part in grid.cells.items():
        if part.hunk in chosen and not take(part.after, part.is_format, (rows[at[0]], columns[at[1]])):
            kept.add(part.hunk)
    put_in_rows, put_in_columns = (_put_in(axis, chosen) for axis in (grid.rows, grid.columns))
    if put_in_rows or put_in_columns:
        rows, columns = (axis.standing(chosen, of_base=False) for axis in (grid.rows, grid.columns))
        for at in after.cells:
            place = rows[at[0]], columns[at[1]]
            if (at[0] in put_in_rows or at[1] in put_in_columns) and -1 not in place:
                take(at, False, place)
    return made, kept


def _put_in(axis: Axis, chosen: Container[int]) -> set[int]:
    """The lines that only the other has, so far as they are taken."""
    runs = [run for run in axis.runs if run.base is None and run.stays(chosen)]
    return {run.after + line for run in runs if run.after is not None for line in range(run.length)}


def _sheet(
    base: Sheet, after: Sheet, weave: SheetWeave, chosen: Container[int], name: str, cells: Mapping[Position, Cell]
) -> Sheet:
    grid = weave.grid
    is_frozen_anew, has_other_header = weave.freeze_hunk in chosen, weave.header_hunk in chosen
    frozen = carried_freeze(after if is_frozen_anew else base, grid, chosen, of_base=not is_frozen_anew)
    return Sheet(
        name=name,
        cells=cells,
        has_header=after.has_header if has_other_header else base.has_header,
        frozen_rows=frozen[0],
        frozen_columns=frozen[1],
        widths=carried_widths(base, after, grid.columns, chosen, weave.widths),
        row_count=grid.rows.size(chosen),
        column_count=grid.columns.size(chosen),
        hidden=carried_hidden(base.hidden, grid, chosen),
        filter=carried_filter(base.filter, grid, chosen),
    )
