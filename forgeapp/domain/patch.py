"""A change to an artifact as a model writes it: steps that name their places in words and addresses.

Nothing here has been looked for in an artifact yet. The steps of a patch are taken in their order, and each means the
artifact as the steps before it left it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forgeapp.domain.wording import Text


@dataclass(frozen=True, slots=True)
class TextHunk:
    """`search` becomes `replacement`, both without the last line's end; nothing to search for means an insertion.

    `file`: None where it is not said, as in documents. `line`: where it stands, from 1, where the patch says so; never
    to be relied on. `below`: a line it stands somewhere below.
    """

    search: str
    replacement: str
    file: str | None = None
    line: int | None = None
    below: str | None = None


@dataclass(frozen=True, slots=True)
class FileWritten:
    """A file of code, new or whole."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class FileRemoved:
    file: str


@dataclass(frozen=True, slots=True)
class FileRenamed:
    file: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What goes into a cell, as typed by hand; '' clears it. `is_plain_number`: its decimal mark is surely a point."""

    text: str
    is_plain_number: bool = False


Entries = tuple[Entry, ...] | Mapping[str, Entry]
"""A row: entry by entry from the first column on, or by column (letters or name)."""


@dataclass(frozen=True, slots=True)
class Written:
    """Rows of entries from the first cell of `area` on; a single entry fills the whole area, as by filling down.

    `area`: 'B7', 'B2:C9', 'B:B', 'Amount' (a column by its name) or '[Amount]7' (its cell in row 7).
    """

    area: str
    rows: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class CellsWritten:
    parts: tuple[Written, ...]
    sheet: str | None = None


Run = tuple[int, int]
"""The first and the last of some rows that follow each other, from 1 as in a grid."""


@dataclass(frozen=True, slots=True)
class RowsAdded:
    """`count` rows, the first ones filled with `rows`; the first of them is row `at` afterwards, None: at the end."""

    at: int | None
    rows: tuple[Entries, ...] = ()
    count: int = 1
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class RowsRemoved:
    rows: tuple[Run, ...]
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class RowsMoved:
    """To stand before row `before`, as numbered until now; None: at the end."""

    rows: Run
    before: int | None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class NewColumn:
    """`entries` from row 2 on; `fill` stands in each row, a formula as filled down from row 2."""

    name: str
    entries: tuple[Entry, ...] = ()
    fill: Entry | None = None


@dataclass(frozen=True, slots=True)
class ColumnsAdded:
    """They stand before the column `at`, or after it; None: at the end. Columns are letters or names."""

    at: str | None
    columns: tuple[NewColumn, ...]
    is_after: bool = False
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnsRemoved:
    """Each 'C', 'C:E' or a name."""

    columns: tuple[str, ...]
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnsMoved:
    """`columns` ('C', 'C:E' or a name) to stand before the column `to`, or after it; None: at the end."""

    columns: str
    to: str | None
    is_after: bool = False
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnRenamed:
    column: str
    name: str
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class RowsSorted:
    """By what stands in `column`; `rows` None: all below the header."""

    column: str
    descending: bool = False
    rows: Run | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class SheetAdded:
    """Behind the others, its `rows` from row 1 on."""

    name: str
    rows: tuple[tuple[Entry, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRemoved:
    name: str


@dataclass(frozen=True, slots=True)
class SheetRenamed:
    sheet: str
    name: str


@dataclass(frozen=True, slots=True)
class NumberFormatted:
    """`format`: an Excel number format code; 'General' for none."""

    areas: tuple[str, ...]
    format: str
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Frozen:
    """So many rows and columns stay in sight; None leaves it as it is."""

    rows: int | None
    columns: int | None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Widened:
    """Columns of another width, in characters."""

    columns: tuple[str, ...]
    width: float
    sheet: str | None = None


TextStep = TextHunk | FileWritten | FileRemoved | FileRenamed
GridStep = (
    CellsWritten
    | RowsAdded
    | RowsRemoved
    | RowsMoved
    | ColumnsAdded
    | ColumnsRemoved
    | ColumnsMoved
    | ColumnRenamed
    | RowsSorted
    | SheetAdded
    | SheetRemoved
    | SheetRenamed
    | NumberFormatted
    | Frozen
    | Widened
)
Step = TextStep | GridStep


@dataclass(frozen=True, slots=True)
class Patch:
    """`unread`: what was meant as a step and could not be read as one, in words. `is_cut`: the reply broke off."""

    steps: tuple[Step, ...]
    unread: tuple[Text, ...] = ()
    is_cut: bool = False
