"""Where an error comes from: followed through the formulas back to the cell that makes it.

Everything is bounded: of a workbook with chains longer than MAX_STEPS only so many cells are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from forgeapp.domain.formula_typing import spans
from forgeapp.domain.formulas import tokens
from forgeapp.domain.workbook import Cell, CellError, Position, Value, Values, Workbook, position

MAX_STEPS = 4_000
_MAX_RANGE_CELLS = 2_000
_MAX_REFERENCES = 200


class Place(NamedTuple):
    """A cell: the name of its sheet, and its position."""

    sheet: str
    at: Position


@dataclass(frozen=True, slots=True)
class ErrorSource:
    """`code`: the error. `source`: the cell it is handed on from, None where the cell itself makes it.

    `cycle`: the cells of the circle the formula is in, in the order they refer to each other. `operand`: the one cell
    that makes the formula fail: the empty or zero divisor, the text among numbers, what stands in a spill's way.
    """

    code: str
    source: Place | None = None
    cycle: tuple[Place, ...] = ()
    operand: Place | None = None


def error_source(workbook: Workbook, values: Values, place: Place) -> ErrorSource | None:
    """None where the cell shows no error."""
    book = _Book(workbook, values)
    code = book.error(place)
    if code is None:
        return None
    if code == "#REF!":
        cycle = book.cycle(place)
        if cycle:
            return ErrorSource(code, cycle=cycle)
    source = book.origin(place, code)
    if source is not None and source != place:
        cycle = book.cycle(source) if code == "#REF!" else ()
        return ErrorSource(code, source, cycle, book.operand(source, code))
    return ErrorSource(code, operand=book.operand(place, code))


class _Book:
    def __init__(self, workbook: Workbook, values: Values) -> None:
        self._sheets = {sheet.name.casefold(): sheet for sheet in workbook.sheets}
        self._values = values

    def cell(self, place: Place) -> Cell | None:
        sheet = self._sheets.get(place.sheet.casefold())
        return sheet.cells.get(place.at) if sheet is not None else None

    def value(self, place: Place) -> Value | None:
        sheet = self._sheets.get(place.sheet.casefold())
        computed = self._values.get(sheet.name, {}).get(place.at) if sheet is not None else None
        cell = self.cell(place)
        if computed is not None or cell is None or cell.is_formula:
            return computed
        return cell.number if cell.number is not None else cell.text

    def error(self, place: Place) -> str | None:
        value = self.value(place)
        return value.code if isinstance(value, CellError) else None

    def referred(self, place: Place) -> Iterator[Place]:
        """The cells a formula names, those of its ranges that hold something."""
        cell = self.cell(place)
        if cell is None or not cell.is_formula:
            return
        for span in spans(cell.text)[:_MAX_REFERENCES]:
            sheet = self._sheets.get((span.sheet if span.sheet is not None else place.sheet).casefold())
            if sheet is None:
                continue
            height, width = span.bottom - span.top + 1, span.right - span.left + 1
            if height * width <= _MAX_RANGE_CELLS:
                for row in range(span.top, span.bottom + 1):
                    for column in range(span.left, span.right + 1):
                        yield Place(sheet.name, (row, column))
                continue
            found = 0
            for at in sheet.cells:
                if span.top <= at[0] <= span.bottom and span.left <= at[1] <= span.right:
                    yield Place(sheet.name, at)
                    found += 1
                    if found >= _MAX_RANGE_CELLS:
                        break

    def origin(self, place: Place, code: str) -> Place | None:
        """The first cell back along the formulas that has the error and refers to none that has it."""
        current, seen = place, {place}
        for _ in range(MAX_STEPS):
            before = next((each for each in self.referred(current) if self.error(each) == code), None)
            if before is None:
                return current
            if before in seen:
                # Where the circle is entered.
                return before
            current = before
            seen.add(current)
        return current

    def cycle(self, place: Place) -> tuple[Place, ...]:
        """The cells of a circle through `place`; () where there is none."""
        path: list[tuple[Place, Iterator[Place]]] = [(place, self.referred(place))]
        seen = {place}
        for _ in range(MAX_STEPS):
            if not path:
                return ()
            following = next(path[-1][1], None)
            if following is None:
                path.pop()
            elif following == place:
                return tuple(each for each, _ in path)
            elif following not in seen:
                seen.add(following)
                cell = self.cell(following)
                if cell is not None and cell.is_formula:
                    path.append((following, self.referred(following)))
        return ()

    def operand(self, place: Place, code: str) -> Place | None:
        match code:
            case "#DIV/0!":
                return next((each for each in self._divisors(place) if not self.value(each)), None)
            case "#VALUE!":
                return next((each for each in self.referred(place) if self._is_text(each)), None)
            case "#SPILL!":
                return self._in_the_way(place)
        return None

    def _is_text(self, place: Place) -> bool:
        value = self.value(place)
        return isinstance(value, str) and bool(value)

    def _divisors(self, place: Place) -> Iterator[Place]:
        """The cells that stand by themselves behind a '/'."""
        cell = self.cell(place)
        parts = [part for part in tokens(cell.text) if part.kind != "space"] if cell is not None else []
        for index, part in enumerate(parts[:-1]):
            if part.text != "/":
                continue
            sheet, at = place.sheet, index + 1
            if at + 2 < len(parts) and parts[at + 1].text == "!":
                name = parts[at].text
                sheet = name[1:-1].replace("''", "'") if parts[at].kind == "quoted" else name
                at += 2
            try:
                yield Place(sheet, position(parts[at].text.replace("$", "")))
            except ValueError:
                continue

    def _in_the_way(self, place: Place) -> Place | None:
        """The nearest cell to the right or below that holds something."""
        sheet = self._sheets.get(place.sheet.casefold())
        if sheet is None:
            return None
        row, column = place.at
        near = [at for at in sheet.cells if at != place.at and at[0] >= row and at[1] >= column]
        nearest = min(near, key=lambda at: (at[0] - row + at[1] - column, at), default=None)
        return Place(sheet.name, nearest) if nearest is not None else None
