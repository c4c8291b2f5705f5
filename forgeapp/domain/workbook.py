"""A workbook: sheets of cells as written, and the values they have when computed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_FORMULA_CHARS = 8_192
TEXT_FORMAT = "@"
"""The number format of what is text whatever it looks like, '=A1' included."""

GENERAL = "General"
"""The number format of what is shown as it comes, whatever it is computed from."""

Position = tuple[int, int]
"""Row and column of a cell, both from 0."""
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, all within it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell.

    `text`: as written ('1,240', '=B2*C2', 'Rent'); never ''. `number`: the number a typed cell means, else None.
    `format`: an Excel number format code ('#,##0.00'). None: nobody chose one, so a formula may take that of what it is
    computed from; a cell that is to stay as plain as it is has GENERAL.
    """

    text: str
    number: float | int | None = None
    format: str | None = None

    @property
    def is_formula(self) -> bool:
        return is_formula(self.text, self.number, self.format)


def is_formula(text: str, number: float | int | None, format_code: str | None) -> bool:
    """Whether a cell of these parts is computed."""
    return text.startswith("=") and len(text) > 1 and number is None and format_code != TEXT_FORMAT


@dataclass(frozen=True, slots=True)
class CellError:
    """An error as Excel shows it: '#DIV/0!', '#REF!', '#NAME?', '#VALUE!', '#N/A', '#NUM!', '#SPILL!', '#CALC!'."""

    code: str


Value = float | int | str | bool | CellError
Values = Mapping[str, Mapping[Position, Value]]
"""Computed values by sheet name and position: every formula cell, and cells a formula spills into."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of a sheet is kept out of sight: all of it, or some of its rows and columns."""

    sheet: bool = False
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.sheet or bool(self.rows or self.columns)

    def covers(self, at: Position) -> bool:
        """Whether the row or the column of a cell is hidden."""
        return at[0] in self.rows or at[1] in self.columns


ALL_SEEN = Hidden()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells by position, such as a dict or `GridCells`. `has_header`: the first row names the columns. `widths`: column
    -> characters. `filter`: what a file's own filter is over, its buttons in the first row."""

    name: str
    cells: Mapping[Position, Cell] = field(default_factory=dict)
    has_header: bool = True
    frozen_rows: int = 0
    frozen_columns: int = 0
    widths: Mapping[int, float] = field(default_factory=dict)
    row_count: int = 0
    """Rows, counting blank ones between and header; at least the last used row."""
    column_count: int = 0
    hidden: Hidden = ALL_SEEN
    filter: Area | None = None

    def __post_init__(self) -> None:
        extent: Position | None = getattr(self.cells, "extent", None)
        if extent is None:
            rows = max(map(itemgetter(0), self.cells), default=-1) + 1
            columns = max(map(itemgetter(1), self.cells), default=-1) + 1
        else:
            rows, columns = extent
        object.__setattr__(self, "row_count", max(self.row_count, rows))
        object.__setattr__(self, "column_count", max(self.column_count, columns))

    def __reduce__(self) -> tuple[type[Sheet], tuple[object, ...]]:
        """On its way to another process the cells are packed, see `packed_cells`."""
        from forgeapp.domain.packed_cells import packed

        cells = packed(self.cells) if isinstance(self.cells, dict) else self.cells
        frozen = (self.frozen_rows, self.frozen_columns)
        size = (self.row_count, self.column_count)
        return Sheet, (self.name, cells, self.has_header, *frozen, self.widths, *size, self.hidden, self.filter)


@dataclass(frozen=True, slots=True)
class Workbook:
    """Sheets in order, their names valid and unique (see `valid_sheet_name`)."""

    title: str | None
    sheets: tuple[Sheet, ...]

    @property
    def hidden_sheets(self) -> tuple[Sheet, ...]:
        """None of them where they were all that there is, for something is always to be seen."""
        found = tuple(sheet for sheet in self.sheets if sheet.hidden.sheet)
        return found if len(found) < len(self.sheets) else ()

    @property
    def main_sheet(self) -> Sheet | None:
        """What a file of one sheet holds: the first in sight that holds anything, else the first that does."""
        filled = [sheet for sheet in self.sheets if sheet.cells]
        return next(iter([*(sheet for sheet in filled if not sheet.hidden.sheet), *filled, *self.sheets]), None)


def column_letters(column: int) -> str:
    """0 -> 'A', 25 -> 'Z', 26 -> 'AA'."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(position: Position) -> str:
    """(6, 1) -> 'B7'."""
    return f"{column_letters(position[1])}{position[0] + 1}"


_ADDRESS = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")


def position(address: str) -> Position:
    """'B7' -> (6, 1). Raises ValueError for anything else, also beyond Excel's grid."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(f"not a cell address: {address!r}")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    if column > MAX_COLUMNS or row > MAX_ROWS:
        raise ValueError(f"outside the grid: {address!r}")
    return row - 1, column - 1


MAX_SHEET_NAME_UNITS = 31
"""UTF-16 units, in which Excel counts."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def valid_sheet_name(name: str, taken: tuple[str, ...] = ()) -> str:
    """A name Excel takes: at most MAX_SHEET_NAME_UNITS long, cut behind a word, none of []:*?/\\, no apostrophe at an
    end, unique beside `taken`."""
    base = _FORBIDDEN.sub(" ", name).strip().strip("'").strip()
    base = _cut(base, MAX_SHEET_NAME_UNITS) or f"Sheet{len(taken) + 1}"
    if base.casefold() == "history":
        base = "History 1"
    lowered = {other.casefold() for other in taken}
    candidate, number = base, 2
    while candidate.casefold() in lowered:
        suffix = f" ({number})"
        candidate = _cut(base, MAX_SHEET_NAME_UNITS - len(suffix)) + suffix
        number += 1
    return candidate


def _cut(name: str, units: int) -> str:
    """Within its last word only where leaving that out would take more than half of it."""
    kept = name.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
    if kept == name:
        return name.rstrip("' ")
    words = kept if name[len(kept)].isspace() else kept.rpartition(" ")[0]
    return (words if len(words) * 2 >= len(kept) else kept).rstrip("' ,;-–—(&")
