"""Places in a grid as a model names them - 'B7', 'B2:C9', 'Amount', rows 3 to 5 - as the positions they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from forgeapp.domain.cell_block import Block
from forgeapp.domain.patch import Entries, Entry, Run, Written
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Position, column_letters
from forgeapp.services.revising.misplaced import Misplaced

MAX_CELLS = 200_000
"""One step fills at most so many."""

_CORNER = re.compile(r"([A-Za-z]{1,3})?([1-9]\d{0,6})?")
_NAMED_CELL = re.compile(r"\[(.{1,200})\]([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a grid reaches, its header counted, and what its columns are called.

    `most_rows`, `most_columns`: how far it may be written on, which a table's own size is.
    """

    row_count: int
    column_count: int
    names: Sequence[str]
    most_rows: int = MAX_ROWS
    most_columns: int = MAX_COLUMNS
    _by_name: dict[str, list[int]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for number, name in enumerate(self.names):
            self._by_name.setdefault(_folded(name), []).append(number)

    def column(self, text: str) -> int:
        """By its letters, else by its name. Raises Misplaced for one there is none of."""
        letters = _column_number(text)
        if letters is not None and letters < self.column_count:
            return letters
        named = self._by_name.get(_folded(text), [])
        if len(named) == 1:
            return named[0]
        if named:
            raise Misplaced("column_ambiguous", 'Several columns are called "{name}".', name=text)
        if letters is not None and letters < self.most_columns:
            return letters
        raise Misplaced("no_such_column", 'There is no column "{name}".', name=text[:80])

    def existing_column(self, text: str) -> int:
        column = self.column(text)
        if column >= self.column_count:
            raise Misplaced("no_such_column", 'There is no column "{name}".', name=text[:80])
        return column

    def columns(self, text: str) -> tuple[int, int]:
        """First and last of 'C', 'C:E' or a name."""
        first, colon, last = text.partition(":")
        if colon and _column_number(first) is not None and _column_number(last) is not None:
            ends = sorted((self.existing_column(first), self.existing_column(last)))
            return ends[0], ends[1]
        column = self.existing_column(text)
        return column, column

    def rows(self, run: Run) -> tuple[int, int]:
        """First and last from 0. Raises Misplaced beyond the last row."""
        if run[1] > self.row_count:
            raise Misplaced(
                "no_such_row", "There is no row {row}; the last one is row {last}.", row=run[1], last=self.row_count
            )
        return run[0] - 1, run[1] - 1

    def block(self, area: str) -> Block:
        """The cells of an area; a whole column is what of it lies below the header. Raises Misplaced."""
        if named := _NAMED_CELL.fullmatch(area):
            row, column = int(named[2]) - 1, self.column(named[1])
            return self._checked(Block(row, column, row, column), area)
        corners = [_CORNER.fullmatch(corner.strip()) for corner in area.split(":")] if len(area) < 40 else []
        matches = [corner for corner in corners if corner and corner[0]]
        is_address = len(matches) == len(corners) in (1, 2) and any(corner[2] for corner in matches)
        if not is_address:
            first, last = self.columns(area)
            return self._checked(Block(min(1, self.row_count - 1), first, max(self.row_count - 1, 1), last), area)
        low, high = matches[0], matches[-1]
        rows = sorted((int(low[2] or high[2]) - 1, int(high[2] or self.row_count) - 1))
        columns = [0, max(self.column_count - 1, 0)]
        if low[1] or high[1]:
            ends = (_column_number(low[1] or high[1]), _column_number(high[1] or low[1]))
            columns = sorted(self.most_columns if end is None else end for end in ends)
        return self._checked(Block(rows[0], columns[0], rows[1], columns[1]), area)

    def _checked(self, block: Block, area: str) -> Block:
        if block.bottom >= self.most_rows or block.right >= self.most_columns:
            last = f"{column_letters(max(self.column_count - 1, 0))}{max(self.row_count, 1)}"
            raise Misplaced("outside", "{area} lies outside; the last cell is {last}.", area=area, last=last)
        return block

    def entry_row(self, entries: Entries) -> dict[int, Entry]:
        """A row's entries by column. Raises Misplaced for more of them, or other ones, than there are columns."""
        if isinstance(entries, Mapping):
            return {self.column(name): entry for name, entry in entries.items()}
        if len(entries) > self.most_columns:
            raise Misplaced(
                "row_too_long",
                "A row has {cells} cells, and there are {columns} columns.",
                cells=len(entries),
                columns=self.most_columns,
            )
        return dict(enumerate(entries))


def spread(written: Written, block: Block) -> Iterator[tuple[Position, Entry, int, int]]:
    """What goes where: position, entry, and how many rows and columns it stands off from where it was written for.

    One entry fills the block, one row each of its rows, one column each of its columns; a plain list goes down where
    the block does. Raises Misplaced where there is more than the block holds.
    """
    rows = written.rows
    if len(rows) == 1 and len(rows[0]) > 1 and block.width == 1 and block.height > 1:
        rows = tuple((entry,) for entry in rows[0])
    height, width = len(rows), max(map(len, rows))
    is_anchor = block.height == block.width == 1
    if is_anchor:
        block = Block(block.top, block.left, block.top + height - 1, block.left + width - 1)
    elif height > block.height or width > block.width:
        raise Misplaced("too_many_values", "{area} is too small for what is to go there.", area=written.area)
    if block.height * block.width > MAX_CELLS:
        raise Misplaced("too_large", "{area} has more cells than one step may fill.", area=written.area)
    down = block.height if height == 1 else height
    for row in range(down):
        source = rows[row] if height > 1 else rows[0]
        if not source:
            continue
        right = block.width if len(source) == 1 and width == 1 else len(source)
        for column in range(right):
            entry = source[column] if len(source) > 1 else source[0]
            off_row, off_column = (row if height == 1 else 0), (column if len(source) == 1 else 0)
            yield (block.top + row, block.left + column), entry, off_row, off_column


def merged(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Firsts and lasts without overlaps and gaps of nothing, the last ones first."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found[::-1]


class Effort:
    """How many more cells the steps of one patch may go through, so that no patch takes minutes."""

    def __init__(self, cells: int = 10_000_000) -> None:
        self._cells = cells

    def spend(self, cells: int) -> None:
        """Raises Misplaced where there is not so much left."""
        self._cells -= cells
        if self._cells < 0:
            raise Misplaced("too_much", "The change asks for more steps than such a large grid can take at once.")


def _column_number(text: str) -> int | None:
    """'C' -> 2; None for what are no letters of a column."""
    if not 1 <= len(text) <= 3 or not text.isascii() or not text.isalpha():
        return None
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1 if number <= MAX_COLUMNS else None


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
