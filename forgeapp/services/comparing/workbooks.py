"""Workbooks compared sheet by sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product

from forgeapp.domain.workbook import Cell, Position, Sheet, Workbook
from forgeapp.services.comparing.axis import AllBut, Everything, Run
from forgeapp.services.comparing.carrying import Carrying, SheetPlaces
from forgeapp.services.comparing.grids import CellPart
from forgeapp.services.comparing.hunks import Hunk, OrderChange, SheetChange
from forgeapp.services.comparing.order import is_in_order, woven_order
from forgeapp.services.comparing.sheet_grids import grid_of
from forgeapp.services.comparing.sheet_making import Part, make_sheets
from forgeapp.services.comparing.sheets import weave_sheets

MAX_RENAMES = 400
"""Sheets gone times sheets come that are looked at for one that was renamed."""

_LEAST_ALIKE = 0.5
_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class WorkbookWeave:
    """Sheets of the one, of the other, or of both; `parts` in reading order."""

    before: Workbook
    parts: tuple[Part, ...]
    order_hunk: int | None

    def accepted(self, chosen: Container[int]) -> Workbook:
        parts = _arranged(self.parts, self.order_hunk in chosen)
        return replace(self.before, sheets=make_sheets(parts, chosen)[0])

    def onto(self, newest: Workbook) -> tuple[Workbook, frozenset[int]]:
        """The newest workbook with the hunks whose places did not change there, and the hunks left out."""
        # Rows sorted since are told as gone and come: put back into the old order formulas could lose what they mean.
        moved = weave_workbooks(self.before, newest, [], may_sort=False)
        theirs = {part.base_place: part for part in moved.parts if part.base is not None}
        names = {sheet.name.casefold(): sheet for sheet in newest.sheets}
        left_out: set[int] = set()
        parts = [Part(part.after, part.after_place) for part in moved.parts if part.base is None]
        for part in self.parts:
            if part.base is not None:
                fitted, missed = _fitted(part, theirs[part.base_place])
                left_out |= missed
                if fitted is not None:
                    parts.append(fitted)
                continue
            assert part.after is not None
            same = names.get(part.after.name.casefold())
            if same is None:
                parts.append(part)
            elif same != part.after:
                left_out |= _hunks(part)
        if moved.order_hunk is not None and self.order_hunk is not None:
            left_out.add(self.order_hunk)
        is_reordered = self.order_hunk is not None and self.order_hunk not in left_out
        sheets, kept = make_sheets(_arranged(parts, is_reordered), AllBut(frozenset(left_out)))
        return replace(newest, sheets=sheets), frozenset(left_out) | kept


def _arranged(parts: Iterable[Part], is_reordered: bool) -> list[Part]:
    """In the base's order, or in the other's."""
    keyed = dict(enumerate(parts))
    base = sorted((part.base_place, key) for key, part in keyed.items() if part.base_place is not None)
    after = sorted((part.after_place, key) for key, part in keyed.items() if part.after_place is not None)
    orders = [key for _, key in base], [key for _, key in after]
    return [keyed[key] for key in woven_order(*(orders[::-1] if is_reordered else orders))]


def _hunks(part: Part) -> set[int]:
    found = {part.hunk}
    if part.weave is not None:
        weave, grid = part.weave, part.weave.grid
        found |= {weave.freeze_hunk, weave.header_hunk, *weave.widths.values()}
        found |= {run.hunk for axis in (grid.rows, grid.columns) for run in axis.runs}
        found.add(grid.rows.order_hunk)
        found |= {cell.hunk for cell in grid.cells.values()}
    return {hunk for hunk in found if hunk is not None}


def _fitted(part: Part, theirs: Part) -> tuple[Part | None, set[int]]:
    """The part from the newest sheet on, and the hunks without a place there. `theirs`: from the base to the newest."""
    newest, base = theirs.after, part.base
    assert base is not None
    if newest is None:
        return None, _hunks(part) if part.after is not None else set()
    if part.after is None:
        is_changed = bool(_hunks(theirs))
        hunk = None if is_changed else part.hunk
        return Part(newest, theirs.after_place, hunk=hunk), _hunks(part) if is_changed else set()
    assert part.weave is not None
    assert theirs.weave is not None
    weave, moved, after = part.weave, theirs.weave, part.after

    def is_free(at: Position, to: Position, cell: CellPart) -> bool:
        mine, wanted = newest.cells.get(to), after.cells.get(cell.after)
        if not cell.is_format:
            return mine == wanted
        if mine is None or wanted is None:
            return False
        has_room = mine.format in (base.cells[at].format, wanted.format)
        return has_room and mine.is_formula == replace(mine, format=wanted.format).is_formula

    def are_same(are_rows: bool, run: Run, other: Run) -> bool:
        return _lines(newest, are_rows, run) == _lines(after, are_rows, other)

    grid, collided = weave.grid.onto(moved.grid, is_free, are_same)
    missed = set(collided)
    frozen = [(sheet.frozen_rows, sheet.frozen_columns) for sheet in (newest, after)]
    for hunk, their_hunk, is_same in (
        (part.hunk, theirs.hunk, newest.name == after.name),
        (weave.freeze_hunk, moved.freeze_hunk, frozen[0] == frozen[1]),
        (weave.header_hunk, moved.header_hunk, newest.has_header == after.has_header),
    ):
        if hunk is not None and their_hunk is not None and not is_same:
            missed.add(hunk)
    back = weave.grid.columns.places((), of_base=False)
    forth = moved.grid.columns.places(Everything(), of_base=True)
    for column, hunk in weave.widths.items():
        at = back.at(column)
        if at is None:
            continue  # of a column that came
        to = forth.at(at)
        if to is None or (to in moved.widths and newest.widths.get(to) != after.widths.get(column)):
            missed.add(hunk)
    fitted = replace(part, base=newest, base_place=theirs.after_place, weave=replace(weave, grid=grid))
    return fitted, missed


def _lines(sheet: Sheet, are_rows: bool, run: Run) -> dict[Position, Cell]:
    """What stands in the run, its lines from 0."""
    assert run.after is not None
    lines = range(run.after, run.after + run.length)
    return {
        (row - lines.start, column) if are_rows else (row, column - lines.start): cell
        for (row, column), cell in sheet.cells.items()
        if (row if are_rows else column) in lines
    }


def weave_workbooks(before: Workbook, after: Workbook, hunks: list[Hunk], may_sort: bool = True) -> WorkbookWeave:
    """Compares sheet by sheet; what differs is put behind `hunks`. `may_sort`: whether an order of rows is told."""
    pairs = _pairs(before, after)
    order_hunk = None
    if not is_in_order(list(pairs.values())):
        order_hunk = len(hunks)
        listed = [tuple(sheet.name for sheet in workbook.sheets) for workbook in (before, after)]
        change = OrderChange(listed[0], listed[1])
        hunks.append(Hunk("order of the sheets", ", ".join(listed[0]), ", ".join(listed[1]), change))
    parts = _arranged(_unwoven(before, after, pairs), is_reordered=True)
    grids = {
        part.after_place: grid_of(part.base, part.after, may_sort)
        for part in parts
        if part.base is not None and part.after is not None
    }
    everything = Everything()
    places: dict[str, SheetPlaces | None] = {}
    for part in parts:
        if part.base is not None:
            places[part.base.name.casefold()] = None
        if part.base is not None and part.after is not None:
            grid = grids[part.after_place]
            lines = grid.rows.places(everything, of_base=True), grid.columns.places(everything, of_base=True)
            places[part.base.name.casefold()] = SheetPlaces(part.after.name, *lines)
    carrying = Carrying(places)
    woven: list[Part] = []
    for part in parts:
        hunk = None
        names = [None if sheet is None else sheet.name for sheet in (part.base, part.after)]
        if names[0] != names[1]:
            hunk = len(hunks)
            hunks.append(_sheet_hunk(names[0], names[1]))
        weave = None
        if part.base is not None and part.after is not None:
            weave = weave_sheets(part.base, part.after, grids[part.after_place], carrying, hunks)
        woven.append(replace(part, hunk=hunk, weave=weave))
    return WorkbookWeave(before, tuple(woven), order_hunk)


def _sheet_hunk(before: str | None, after: str | None) -> Hunk:
    return Hunk(f'sheet "{before or after}"', before or "", after or "", SheetChange(before, after))


def _unwoven(before: Workbook, after: Workbook, pairs: Mapping[int, int]) -> list[Part]:
    old = [
        Part(sheet, place, *((after.sheets[pairs[place]], pairs[place]) if place in pairs else ()))
        for place, sheet in enumerate(before.sheets)
    ]
    taken = set(pairs.values())
    return old + [
        Part(after=sheet, after_place=place) for place, sheet in enumerate(after.sheets) if place not in taken
    ]


def _pairs(before: Workbook, after: Workbook) -> dict[int, int]:
    """Sheets by their names, then those renamed, by how much of what stands in them is the same."""
    places = {sheet.name.casefold(): place for place, sheet in enumerate(after.sheets)}
    pairs = {
        place: places[sheet.name.casefold()]
        for place, sheet in enumerate(before.sheets)
        if sheet.name.casefold() in places
    }
    gone = [place for place in range(len(before.sheets)) if place not in pairs]
    taken = set(pairs.values())
    come = [place for place in range(len(after.sheets)) if place not in taken]
    if not 0 < len(gone) * len(come) <= MAX_RENAMES:
        return pairs
    samples = {("old", place): _sample(before.sheets[place]) for place in gone}
    samples |= {("new", place): _sample(after.sheets[place]) for place in come}
    alike = [(_likeness(samples["old", old], samples["new", new]), old, new) for old, new in product(gone, come)]
    for likeness, old, new in sorted(alike, key=lambda found: -found[0]):
        if likeness >= _LEAST_ALIKE and old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)
    return dict(sorted(pairs.items()))


def _sample(sheet: Sheet) -> Counter[str]:
    return Counter(cell.text for cell in islice(sheet.cells.values(), _SAMPLE))


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    return (old & new).total() / max(old.total(), new.total()) if old and new else float(not old and not new)
