"""What of a sheet follows its rows and columns beside the cells: frozen ones, hidden ones, a filter, and widths."""

from __future__ import annotations

from collections.abc import Container, Mapping

from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Area, Hidden, Sheet
from forgeapp.services.comparing.axis import Axis
from forgeapp.services.comparing.grids import GridWeave


def carried_freeze(sheet: Sheet, grid: GridWeave, chosen: Container[int], of_base: bool) -> tuple[int, int]:
    """The frozen rows and columns of the base, or of the other, when these hunks are taken."""
    return (
        _carried_count(sheet.frozen_rows, grid.rows, chosen, of_base, MAX_ROWS),
        _carried_count(sheet.frozen_columns, grid.columns, chosen, of_base, MAX_COLUMNS),
    )


def _carried_count(count: int, axis: Axis, chosen: Container[int], of_base: bool, most: int) -> int:
    places = axis.places(chosen, of_base)
    if places.first_moved is None or not count:
        return count
    span = places.span(0, count - 1)
    return min(span[1] + 1, most) if span else 0


def carried_hidden(hidden: Hidden, grid: GridWeave, chosen: Container[int]) -> Hidden:
    """What the base hides, when these hunks are taken."""
    return Hidden(
        hidden.sheet, _carried(hidden.rows, grid.rows, chosen), _carried(hidden.columns, grid.columns, chosen)
    )


def _carried(lines: frozenset[int], axis: Axis, chosen: Container[int]) -> frozenset[int]:
    if not lines:
        return lines
    places, standing = axis.places(chosen, of_base=True), axis.standing(chosen, of_base=True)
    found = (standing[line] if line < len(standing) else places.at(line) for line in lines)
    return frozenset(place for place in found if place is not None and place >= 0)


def carried_filter(area: Area | None, grid: GridWeave, chosen: Container[int]) -> Area | None:
    """What the base's filter is over then; None where the lines it began and ended at are gone."""
    if area is None:
        return None
    rows, columns = (axis.places(chosen, of_base=True) for axis in (grid.rows, grid.columns))
    down, across = rows.span(area[0], area[2]), columns.span(area[1], area[3])
    return (down[0], across[0], down[1], across[1]) if down and across else None


def carried_widths(
    before: Sheet, after: Sheet, columns: Axis, chosen: Container[int], told: Mapping[int, int]
) -> dict[int, float]:
    """Widths when these hunks are taken; `told`: the hunks of widths by column of the other."""
    widths: dict[int, float] = {}
    places = columns.places(chosen, of_base=True)
    standing = columns.standing(chosen, of_base=True)
    for column, width in before.widths.items():
        place = standing[column] if column < len(standing) else places.at(column)
        if place is not None and place >= 0:
            widths[place] = width
    standing = columns.standing(chosen, of_base=False)
    for run in columns.runs:
        if run.base is None and run.after is not None and run.stays(chosen):
            for column in range(run.after, run.after + run.length):
                if column in after.widths:
                    widths[standing[column]] = after.widths[column]
    back = columns.places(chosen, of_base=False)
    for column, hunk in told.items():
        place = back.at(column)
        if hunk in chosen and place is not None:
            widths.pop(place, None)
            if column in after.widths:
                widths[place] = after.widths[column]
    return widths
