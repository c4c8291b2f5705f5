"""What an XLSX file is to hold, sheet by sheet: decided once, so that writing and verifying mean the same.

A sheet of rows under named columns gets a filter. It becomes an Excel table (ListObject, ECMA-376 part 1, 18.5) where
Excel would take it for one as it stands: all of a table artifact and of a document's tables whose columns have names of
their own, and sheets of a spreadsheet without formulas. A sheet with formulas gets the filter alone, for in a table
Excel fills formulas down and takes no array. No header is ever changed to make it fit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from forgeapp.domain.alignment import figure_columns, is_figure
from forgeapp.domain.artifact import Kind
from forgeapp.domain.formulas import refusal
from forgeapp.domain.grid_cells import GridCells
from forgeapp.domain.packed_cells import entries
from forgeapp.domain.publication import Publication
from forgeapp.domain.totals import rows_that_stand_out
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Position, Sheet, Value, address, is_formula
from forgeapp.errors import ExportFailed, TooLarge, UnsafeContent
from forgeapp.exporters.bidi import base_level
from forgeapp.exporters.xlsx.cells import MAX_LINKS, units, writable
from forgeapp.exporters.xlsx.circles import circular
from forgeapp.exporters.xlsx.columns import typed

MAX_COLUMN_NAME = 255
_LONGEST_NOTE = 150
"""Characters that may run over the cells beside them; a longer text is wrapped."""
_SAMPLE = 500
"""Cells looked at to find out which way a sheet runs."""
_TOTALS = frozenset(
    {
        "total",
        "totals",
        "sum",
        "grand total",
        "summe",
        "gesamt",
        "gesamtsumme",
        "total général",
        "somme",
        "suma",
        "total general",
        "totale",
        "somma",
        "soma",
        "total geral",
        "totaal",
        "итого",
        "всего",
        "合计",
        "合計",
        "总计",
        "總計",
        "総計",
        "المجموع",
        "الإجمالي",
        "סה״כ",
    }
)
"""What the last row begins with where it sums up the others."""
_NOT_IN_A_NAME = re.compile(r"[^\w.]+")
_NOT_IN_A_COLUMN_NAME = re.compile(r"_x|^<r>|[\t\r\x00-\x08]")


@dataclass(frozen=True, slots=True)
class Filter:
    """Over the columns from the first to `last_column`, from its row of names down to `last_row`. `table`: the Excel
    table's name, if it is one, whose columns are called `columns`."""

    last_row: int
    last_column: int
    table: str | None = None
    columns: tuple[str, ...] = ()
    first_row: int = 0
    first_column: int = 0

    @property
    def reference(self) -> str:
        return f"{address((self.first_row, self.first_column))}:{address((self.last_row, self.last_column))}"


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """`values`: those of its formulas that are stored. `spilled`: values of cells that hold nothing themselves.

    `circles`: formulas that go round in a circle. `total_row`: the last one, if it sums up those above it.
    `is_computed`: its cells may be formulas and truth values; else all but its numbers and dates are texts.
    """

    sheet: Sheet
    values: Mapping[Position, Value]
    spilled: Mapping[Position, Value]
    circles: frozenset[Position]
    filter: Filter | None
    total_row: int | None
    is_right_to_left: bool
    is_computed: bool
    hides_sheet: bool
    links: Mapping[Position, str]
    """Where cells lead to that do not say so themselves."""
    figures: frozenset[int]
    """The columns of numbers: their names stand at the right, as the numbers do; from right to left all does."""
    notes: frozenset[Position]
    """Texts alone in their rows: they run over the empty cells beside them, so that no column is as wide as they."""
    outstanding: Set[int]
    """Other rows that stand out: sums, and names of sections."""

    @property
    def frozen_rows(self) -> int:
        sheet = self.sheet
        return sheet.frozen_rows or (1 if sheet.has_header and sheet.row_count > 1 else 0)

    def role(self, row: int) -> str:
        """'header', 'total', 'outstanding' or ''."""
        if row == 0 and self.sheet.has_header:
            return "header"
        if row == self.total_row:
            return "total"
        return "outstanding" if row in self.outstanding else ""

    def is_at_right(self, at: Position) -> bool:
        """Whether what a cell shows stands at the right, as figures do, and the names of their columns."""
        if self.role(at[0]) == "header":
            return at[1] in self.figures
        return is_figure(self.sheet.cells.get(at), self.values.get(at))

    @property
    def blanks(self) -> list[Position]:
        """Cells that hold nothing in the rows that have a look of their own."""
        rows = [row for row in (0, self.total_row) if row is not None and self.role(row)]
        places = [(row, column) for row in rows for column in range(self.sheet.column_count)]
        return [at for at in places if at not in self.sheet.cells and at not in self.spilled]

    @property
    def extent(self) -> Position:
        """Rows and columns, with what is spilled into."""
        rows = max([self.sheet.row_count, *(row + 1 for row, _ in self.spilled)])
        return rows, max([self.sheet.column_count, *(column + 1 for _, column in self.spilled)])


def planned(publication: Publication, path: Path) -> tuple[PlannedSheet, ...]:
    """The sheets as they are written: only a spreadsheet's own have formulas, the columns of a table are typed. What
    stands behind a spreadsheet's own sheets, such as where it comes from, are tables of texts.

    Raises ExportFailed where there is no table, TooLarge for what is beyond Excel's grid, UnsafeContent for a refused
    formula.
    """
    sheets = publication.workbook.sheets if publication.workbook else ()
    if not sheets:
        raise ExportFailed(path=path, reason="there is no table in it", remedy="Export it in another format.")
    for sheet in sheets:
        if sheet.row_count > MAX_ROWS or sheet.column_count > MAX_COLUMNS:
            raise TooLarge(
                source=f"Sheet {sheet.name}", reason=f"XLSX holds {MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns"
            )
    own = [sheet for sheet in sheets if publication.kind is Kind.SPREADSHEET and not isinstance(sheet.cells, GridCells)]
    with_formulas = {sheet.name for sheet in own if _refuse(sheet)}
    circles = circular(own, publication.values)
    names = {sheet.name for sheet in own}
    hidden = {sheet.name for sheet in publication.workbook.hidden_sheets} if publication.workbook else set()
    return tuple(
        _planned(
            sheet,
            publication.values.get(sheet.name, {}),
            circles.get(sheet.name, frozenset()),
            sheet.name in with_formulas,
            number,
            is_computed=True,
            hides_sheet=sheet.name in hidden,
        )
        if sheet.name in names
        else _planned(
            typed(sheet),
            {},
            frozenset(),
            False,
            number,
            is_computed=False,
            links=dict(islice(publication.links.get(sheet.name, {}).items(), MAX_LINKS)),
        )
        for number, sheet in enumerate(sheets, 1)
    )


def _refuse(sheet: Sheet) -> bool:
    """Whether there are formulas in it. Raises UnsafeContent."""
    has_formulas = False
    for at, text, number, format_code in entries(sheet.cells):
        if text[0] == "=" and is_formula(text, number, format_code):
            has_formulas = True
            if reason := refusal(text):
                raise UnsafeContent(where=f"{sheet.name}!{address(at)}", reason=reason)
    return has_formulas


def _planned(
    sheet: Sheet,
    values: Mapping[Position, Value],
    circles: frozenset[Position],
    has_formulas: bool,
    number: int,
    *,
    is_computed: bool,
    hides_sheet: bool = False,
    links: Mapping[Position, str] | None = None,
) -> PlannedSheet:
    if circles:
        values = {at: value for at, value in values.items() if at not in circles}
    spilled = {at: value for at, value in values.items() if at not in sheet.cells} if values else {}
    total_row = _total_row(sheet)
    is_right_to_left = _is_right_to_left(sheet)
    return PlannedSheet(
        sheet,
        values,
        spilled,
        circles,
        _own_filter(sheet) if sheet.filter else None if spilled else _filter(sheet, has_formulas, total_row, number),
        total_row,
        is_right_to_left,
        is_computed,
        hides_sheet,
        links or {},
        figure_columns(sheet, values) if sheet.has_header and not is_right_to_left else frozenset(),
        _notes(sheet, spilled, total_row) if is_computed else frozenset(),
        rows_that_stand_out(sheet) if is_computed and has_formulas else frozenset(),
    )


def _notes(sheet: Sheet, spilled: Mapping[Position, Value], total_row: int | None) -> frozenset[Position]:
    """A column most of whose cells stand so is a list, and as wide as its longest."""
    counts = Counter(row for row, _ in chain(sheet.cells, spilled))
    columns = Counter(column for _, column in sheet.cells)
    apart = {0 if sheet.has_header else -1, total_row}
    alone = [
        at
        for at, text, number, _ in entries(sheet.cells)
        if counts[at[0]] == 1 and at[0] not in apart and number is None and text[:1] != "=" and _is_one_line(text)
    ]
    in_column = Counter(column for _, column in alone)
    return frozenset(at for at in alone if in_column[at[1]] * 2 < columns[at[1]])


def _is_one_line(text: str) -> bool:
    return len(text) <= _LONGEST_NOTE and "\n" not in text


def _total_row(sheet: Sheet) -> int | None:
    """The last row, where its first cell that holds something says so."""
    last = sheet.row_count - 1
    if not sheet.has_header or last < 2:
        return None
    first = next((cell for column in range(sheet.column_count) if (cell := sheet.cells.get((last, column)))), None)
    if first is None or len(first.text) > 32:
        return None
    return last if first.text.strip(" :*.").casefold() in _TOTALS else None


def _own_filter(sheet: Sheet) -> Filter | None:
    if sheet.filter is None:
        return None
    top, left, bottom, right = sheet.filter
    return Filter(bottom, right, first_row=top, first_column=left)


def _filter(sheet: Sheet, has_formulas: bool, total_row: int | None, number: int) -> Filter | None:
    """A total at the end stays outside, so that it is not sorted among the rows it sums up."""
    last_row = sheet.row_count - 1 if total_row is None else total_row - 1
    last_column = sheet.column_count - 1
    if not sheet.has_header or last_row < 1 or last_column < 0:
        return None
    header = [sheet.cells.get((0, column)) for column in range(last_column + 1)]
    if has_formulas and not (all(header) and _is_one_block(sheet)):
        return None
    names = tuple(
        writable(cell.text) if cell is not None and cell.number is None and not cell.is_formula else ""
        for cell in header
    )
    if has_formulas or not _can_name_columns(names):
        return Filter(last_row, last_column) if any(names) else None
    return Filter(last_row, last_column, _table_name(sheet.name, number), names)


def _is_one_block(sheet: Sheet) -> bool:
    """Without a blank row in between, or a column that holds nothing but its name."""
    rows: set[int] = set()
    columns: set[int] = set()
    for row, column in sheet.cells:
        rows.add(row)
        if row:
            columns.add(column)
    return len(rows) == sheet.row_count and len(columns) == sheet.column_count


def _can_name_columns(names: tuple[str, ...]) -> bool:
    """18.5.1.3: none blank, none twice in any letter case, at most 255 characters. 'TRUE' would be no text."""
    folded = {name.strip().casefold() for name in names}
    return (
        "" not in folded
        and len(folded) == len(names)
        and not folded & {"true", "false"}
        and not any(units(name) > MAX_COLUMN_NAME or _NOT_IN_A_COLUMN_NAME.search(name) for name in names)
    )


def _table_name(sheet_name: str, number: int) -> str:
    """Unique, for `number` is the sheet's; never like an address (Q1, R1C1), as no cell is called Table_..."""
    return f"Table{number}_{_NOT_IN_A_NAME.sub('_', sheet_name).strip('_')}".rstrip("_")


def _is_right_to_left(sheet: Sheet) -> bool:
    """Whether more of the first texts begin in a script that runs so."""
    levels = [
        base_level(cell.text[:64])
        for cell in islice(sheet.cells.values(), _SAMPLE)
        if cell.number is None and any(character.isalpha() for character in cell.text[:64])
    ]
    return sum(levels) * 2 > len(levels)
