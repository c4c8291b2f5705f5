"""Formulas that go round in a circle: they have no value that a file could hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from forgeapp.domain.formulas import tokens
from forgeapp.domain.reference_parts import Reference, find_references
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, CellError, Position, Sheet, Values

_MAX_STEPS = 100_000
"""So many cells of ranges are looked at; a formula that refers to more of them is taken to be in a circle."""
_REF = CellError("#REF!")
_Place = tuple[str, Position]


def circular(sheets: Sequence[Sheet], values: Values) -> Mapping[str, frozenset[Position]]:
    """By sheet, the formulas in a circle or depending on one; their computed value is '#REF!'.

    Linear: of all formulas with that value those go, again and again, that refer to none of the others.
    """
    suspects = {
        (sheet.name, at)
        for sheet in sheets
        for at, value in values.get(sheet.name, {}).items()
        if value == _REF and at in sheet.cells and sheet.cells[at].is_formula
    }
    if not suspects:
        return {}
    names = {sheet.name.casefold(): sheet for sheet in sheets}
    by_sheet: dict[str, list[Position]] = defaultdict(list)
    for name, at in sorted(suspects):
        by_sheet[name].append(at)
    left: dict[_Place, int] = {}
    users: dict[_Place, list[_Place]] = defaultdict(list)
    steps = 0
    for place in suspects:
        used: set[_Place] = set()
        for name, box in _boxes(names[place[0].casefold()].cells[place[1]].text, place[0]):
            sheet = names.get(name.casefold())
            if sheet is None:
                continue
            if steps > _MAX_STEPS:
                used.add(place)
                break
            near = by_sheet[sheet.name]
            size = (box[2] - box[0] + 1) * (box[3] - box[1] + 1)
            inside: Sequence[Position] = near
            if size < len(near):
                inside = [(row, column) for row in range(box[0], box[2] + 1) for column in range(box[1], box[3] + 1)]
            steps += len(inside)
            used.update(
                (sheet.name, at)
                for at in inside
                if box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3] and (sheet.name, at) in suspects
            )
        left[place] = len(used)
        for each in used:
            users[each].append(place)
    ended = [place for place, count in left.items() if not count]
    while ended:
        place = ended.pop()
        del left[place]
        for user in users[place]:
            left[user] -= 1
            if not left[user]:
                ended.append(user)
    found: dict[str, set[Position]] = defaultdict(set)
    for name, at in left:
        found[name].add(at)
    return {name: frozenset(positions) for name, positions in found.items()}


def _boxes(formula: str, home: str) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    """The cells and ranges it names: sheet, and top, left, bottom, right."""
    for reference in find_references(tokens(formula)):
        yield reference.sheet or home, _box(reference)


def _box(reference: Reference) -> tuple[int, int, int, int]:
    first, last = reference.corners[0], reference.corners[-1]
    rows = sorted((first.row or 0, MAX_ROWS - 1 if last.row is None else last.row))
    columns = sorted((first.column or 0, MAX_COLUMNS - 1 if last.column is None else last.column))
    return rows[0], columns[0], rows[1], columns[1]
