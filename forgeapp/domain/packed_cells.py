"""The cells of a large sheet in a tenth of the memory: their parts side by side, made cells only as they are asked for.

So sheets travel between processes, where two million objects would take seconds and a gigabyte.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from itertools import chain

from forgeapp.domain.grid_cells import Entry, GridCells
from forgeapp.domain.workbook import Cell, Position

_NONE, _WHOLE, _BROKEN, _EXACT = range(4)
_MOST_WHOLE = 2**53
"""Whole numbers beyond it are kept as they are: as a float they would be others."""
Figure = float | int | None


class PackedCells(Mapping[Position, Cell]):
    """Row by row from left to right, whatever the order they were given in. Not to be changed."""

    def __init__(self, cells: Mapping[Position, Cell]) -> None:
        self._fill((at, cell.text, cell.number, cell.format) for at, cell in ((at, cells[at]) for at in sorted(cells)))

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> PackedCells:
        """Of cells as their parts, the last of those at one place. Only where they do not come in their order are all
        of them made."""
        rest = _Ascending(entries)
        packed = object.__new__(cls)
        packed._fill(rest)
        if rest.stopped_at is None:
            return packed
        return cls(cells_of(chain(packed.entries(), (rest.stopped_at,), rest.entries)))

    def _fill(self, entries: Iterable[Entry]) -> None:
        """With what comes row by row, from left to right."""
        self._rows = array("I")
        self._starts = array("I", [0])
        self._columns = array("H")
        self._ends = array("I")
        self._kinds = bytearray()
        self._numbers = array("d")
        self._exact: dict[int, int] = {}
        self._codes = array("I")
        codes: dict[str | None, int] = {None: 0}
        texts: list[str] = []
        end = 0
        for place, (at, text, number, format_code) in enumerate(entries):
            if not self._rows or self._rows[-1] != at[0]:
                if self._rows:
                    self._starts.append(place)
                self._rows.append(at[0])
            self._columns.append(at[1])
            texts.append(text)
            end += len(text)
            self._ends.append(end)
            self._kinds.append(_NONE)
            self._numbers.append(0.0)
            self._put_number(place, number)
            self._codes.append(codes.setdefault(format_code, len(codes)))
        if self._rows:
            self._starts.append(len(texts))
        self._texts = "".join(texts)
        self._formats = tuple(codes)

    def retyped(self, found: Mapping[Position, tuple[Figure, str | None]]) -> PackedCells:
        """The same texts, some under another number and format. Raises KeyError where there is no cell."""
        changed = object.__new__(PackedCells)
        changed.__dict__.update(self.__dict__)
        changed._kinds, changed._numbers = bytearray(self._kinds), array("d", self._numbers)
        changed._exact, changed._codes = dict(self._exact), array("I", self._codes)
        codes = {code: index for index, code in enumerate(self._formats)}
        for at, (number, format_code) in found.items():
            place = self._place(at)
            changed._put_number(place, number)
            changed._codes[place] = codes.setdefault(format_code, len(codes))
        changed._formats = tuple(codes)
        return changed

    def _put_number(self, place: int, number: Figure) -> None:
        self._exact.pop(place, None)
        if number is None:
            self._kinds[place] = _NONE
        elif isinstance(number, int) and abs(number) > _MOST_WHOLE:
            self._kinds[place], self._exact[place] = _EXACT, number
        else:
            self._kinds[place] = _WHOLE if isinstance(number, int) else _BROKEN
            self._numbers[place] = number

    @property
    def extent(self) -> Position:
        """Rows and columns up to the last cell."""
        return (self._rows[-1] + 1, max(self._columns) + 1) if self._rows else (0, 0)

    def entries(self) -> Iterator[Entry]:
        """Row by row, from left to right."""
        texts, ends, formats, number_of = self._texts, self._ends, self._formats, self._number
        columns, codes, kinds, numbers = self._columns, self._codes, self._kinds, self._numbers
        start = 0
        for index, row in enumerate(self._rows):
            for place in range(self._starts[index], self._starts[index + 1]):
                end = ends[place]
                kind = kinds[place]
                number = numbers[place] if kind == _BROKEN else number_of(place) if kind else None
                yield (row, columns[place]), texts[start:end], number, formats[codes[place]]
                start = end

    def column_entries(self) -> Iterator[Entry]:
        """Column by column, each from the top."""
        places: dict[int, array[int]] = {}
        for place, column in enumerate(self._columns):
            if column not in places:
                places[column] = array("I")
            places[column].append(place)
        row_of = array("I")
        for index, row in enumerate(self._rows):
            row_of.extend([row] * (self._starts[index + 1] - self._starts[index]))
        texts, ends, formats, codes, number_of = self._texts, self._ends, self._formats, self._codes, self._number
        for column in sorted(places):
            for place in places[column]:
                text = texts[ends[place - 1] if place else 0 : ends[place]]
                yield (row_of[place], column), text, number_of(place), formats[codes[place]]

    def items(self) -> ItemsView[Position, Cell]:
        return _Items(self)

    def values(self) -> ValuesView[Cell]:
        return _Values(self)

    def __getitem__(self, at: Position) -> Cell:
        place = self._place(at)
        return Cell(self._text(place), self._number(place), self._formats[self._codes[place]])

    def __contains__(self, at: object) -> bool:
        try:
            self._place(at)  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError):
            return False
        return True

    def __iter__(self) -> Iterator[Position]:
        for index, row in enumerate(self._rows):
            for place in range(self._starts[index], self._starts[index + 1]):
                yield row, self._columns[place]

    def __len__(self) -> int:
        return len(self._columns)

    def _place(self, at: Position) -> int:
        row, column = at
        index = bisect_left(self._rows, row)
        if index == len(self._rows) or self._rows[index] != row:
            raise KeyError(at)
        end = self._starts[index + 1]
        place = bisect_left(self._columns, column, self._starts[index], end)
        if place == end or self._columns[place] != column:
            raise KeyError(at)
        return place

    def _text(self, place: int) -> str:
        return self._texts[self._ends[place - 1] if place else 0 : self._ends[place]]

    def _number(self, place: int) -> Figure:
        kind = self._kinds[place]
        if kind == _BROKEN:
            return self._numbers[place]
        if kind == _WHOLE:
            return int(self._numbers[place])
        return self._exact[place] if kind == _EXACT else None


class _Ascending:
    """Entries up to the first that stands before, or where, one already stood: that is `stopped_at`."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = iter(entries)
        self.stopped_at: Entry | None = None

    def __iter__(self) -> Iterator[Entry]:
        last = (-1, -1)
        for entry in self.entries:
            if entry[0] <= last:
                self.stopped_at = entry
                return
            last = entry[0]
            yield entry


class _Items(ItemsView[Position, Cell]):
    def __init__(self, cells: PackedCells) -> None:
        super().__init__(cells)
        self._cells = cells

    def __iter__(self) -> Iterator[tuple[Position, Cell]]:
        for at, text, number, format_code in self._cells.entries():
            yield at, Cell(text, number, format_code)


class _Values(ValuesView[Cell]):
    def __init__(self, cells: PackedCells) -> None:
        super().__init__(cells)
        self._cells = cells

    def __iter__(self) -> Iterator[Cell]:
        for _, text, number, format_code in self._cells.entries():
            yield Cell(text, number, format_code)


def packed(cells: Mapping[Position, Cell]) -> PackedCells:
    return cells if isinstance(cells, PackedCells) else PackedCells(cells)


def cells_of(entries: Iterable[Entry]) -> dict[Position, Cell]:
    """Cells from their parts, the last of those at one place."""
    return {at: Cell(text, number, format_code) for at, text, number, format_code in entries}


def entries(cells: Mapping[Position, Cell]) -> Iterator[Entry]:
    """The cells as their parts, in the order they have."""
    if isinstance(cells, PackedCells | GridCells):
        return cells.entries()
    return ((at, cell.text, cell.number, cell.format) for at, cell in cells.items())


def retyped(
    cells: Mapping[Position, Cell], found: Mapping[Position, tuple[Figure, str | None]]
) -> Mapping[Position, Cell]:
    """The same texts, some under another number and format. Raises KeyError where there is no cell."""
    if isinstance(cells, PackedCells):
        return cells.retyped(found)
    return {**cells, **{at: Cell(cells[at].text, *typed) for at, typed in found.items()}}
