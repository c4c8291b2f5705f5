"""One change between two contents: told in words, and as a value that a view can paint from.

Lines, rows and columns count from 0. In grids row 0 of a table is its header, so that addresses are those of the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cell_block import Block
from forgeapp.domain.workbook import Position, address, column_letters


class Span(NamedTuple):
    """Lines, rows or columns from `start` up to `end`; an empty one says where others come to stand."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TitleChange:
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class KindChange:
    """Another kind of artifact altogether."""

    before: Kind
    after: Kind


@dataclass(frozen=True, slots=True)
class LinesChange:
    """Lines of a text. `file`: as it is named afterwards, None for a document."""

    file: str | None
    before: Span
    after: Span


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file added (`before` is None), removed (`after` is None) or renamed."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class LanguageChange:
    file: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OrderChange:
    """Files or sheets in another order, by their names."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell, with what it holds: text, number and format. `sheet`: as it is named afterwards, None for a table."""

    sheet: str | None
    before: Position
    after: Position


@dataclass(frozen=True, slots=True)
class RowsChange:
    """Rows that came (`before` is empty) or went (`after` is empty) with all that stands in them."""

    sheet: str | None
    before: Span
    after: Span


@dataclass(frozen=True, slots=True)
class ColumnsChange:
    """Columns that came (`before` is empty) or went (`after` is empty) with all that stands in them."""

    sheet: str | None
    before: Span
    after: Span


@dataclass(frozen=True, slots=True)
class RowsOrderChange:
    """Rows in another order. `is_move`: those from `before` alone stand elsewhere, at `after`, else those between are
    sorted anew."""

    sheet: str | None
    before: Span
    after: Span
    is_move: bool


@dataclass(frozen=True, slots=True)
class ColumnsOrderChange:
    """Columns in another order. `is_move`: those from `before` alone stand elsewhere, at `after`, else those between
    are arranged anew."""

    sheet: str | None
    before: Span
    after: Span
    is_move: bool


@dataclass(frozen=True, slots=True)
class SheetChange:
    """A sheet added (`before` is None), removed (`after` is None) or renamed."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class FormatChange:
    """Another number format of cells that hold the same; None is General."""

    sheet: str
    before: Block
    after: Block
    format_before: str | None
    format_after: str | None


@dataclass(frozen=True, slots=True)
class FreezeChange:
    """Rows and columns that stay in view."""

    sheet: str
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class WidthChange:
    """A column's width in characters, None for one that follows its content."""

    sheet: str
    column_before: int | None
    column_after: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """Whether the sheet's first row names its columns."""

    sheet: str
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class PictureChange:
    """Another picture, of another size, format or number of bytes; or pixels alone."""


@dataclass(frozen=True, slots=True)
class DescriptionChange:
    """What a picture shows, in words."""


Change = (
    TitleChange
    | KindChange
    | LinesChange
    | FileChange
    | LanguageChange
    | OrderChange
    | CellChange
    | RowsChange
    | ColumnsChange
    | RowsOrderChange
    | ColumnsOrderChange
    | SheetChange
    | FormatChange
    | FreezeChange
    | WidthChange
    | HeaderChange
    | PictureChange
    | DescriptionChange
)


@dataclass(frozen=True, slots=True)
class Hunk:
    """One change. `where`: 'Budget!B7', 'column C "VAT"', 'rows 12-13', 'rows 8-9 moved', 'order of the rows',
    'lines 3-5', 'main.py lines 3-5', 'title', 'picture', 'description'.

    '' before or after is nothing. Of lines the last one's end is left out, unless that is what changed or the line is
    blank; the cells of a row are parted by tabs, rows by line ends.
    """

    where: str
    before: str
    after: str
    change: Change

    def to_json(self) -> dict[str, str]:
        return {"where": self.where, "before": self.before, "after": self.after}


def cell_words(sheet: str | None, at: Position) -> str:
    return on_sheet(sheet, address(at))


def block_words(sheet: str | None, block: Block) -> str:
    first, last = address((block.top, block.left)), address((block.bottom, block.right))
    return on_sheet(sheet, first if first == last else f"{first}:{last}")


def rows_words(sheet: str | None, rows: Span) -> str:
    is_one = rows.end - rows.start == 1
    return on_sheet(sheet, f"row {rows.end}" if is_one else f"rows {rows.start + 1}-{rows.end}")


def columns_words(sheet: str | None, columns: Span, name: str = "") -> str:
    """`name`: of the one column there is."""
    first, last = column_letters(columns.start), column_letters(columns.end - 1)
    if first != last:
        return on_sheet(sheet, f"columns {first}-{last}")
    return on_sheet(sheet, f'column {first} "{name}"' if name else f"column {first}")


def lines_words(file: str | None, lines: Span) -> str:
    words = f"line {lines.start + 1}" if lines.end - lines.start <= 1 else f"lines {lines.start + 1}-{lines.end}"
    return words if file is None else f"{file} {words}"


def on_sheet(sheet: str | None, words: str) -> str:
    return words if sheet is None else f"{sheet}!{words}"
