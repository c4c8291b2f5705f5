"""The columns of a table as XLSX holds them: numbers and dates where all of a column says so, else text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

from forgeapp.domain.column_types import ColumnType, TypedColumn, decimal_marks, is_blank, read_column
from forgeapp.domain.grid_cells import GridCells
from forgeapp.domain.workbook import Cell, Position, Sheet

Entries = list[tuple[Position, str]]


def typed(sheet: Sheet) -> Sheet:
    """The sheet with the numbers and dates of its columns; cells that have a number already are left as they are.

    A word among the figures keeps a column text: the file's reader would add up what is not complete. So does a date
    that no format shows as it is written.
    """
    first_row = 1 if sheet.has_header else 0
    if isinstance(sheet.cells, GridCells):
        texts = _grid_columns(sheet.cells.rows[first_row:])
        names = sheet.cells.rows[0] if first_row and sheet.cells.rows else ()
        known = _read(texts, dict(enumerate(names)))
        return replace(sheet, cells=sheet.cells.typed(known, first_row)) if known else sheet
    columns = _columns(sheet)
    header = {column: sheet.cells[0, column].text for column in columns if first_row and (0, column) in sheet.cells}
    known = _read({column: [text for _, text in entries] for column, entries in columns.items()}, header)
    found: dict[Position, Cell] = {}
    for column, read in known.items():
        for (at, text), value, form in zip(columns[column], read.values, read.formats, strict=True):
            if value is not None:
                found[at] = Cell(text, value, form)
    return replace(sheet, cells={**sheet.cells, **found}) if found else sheet


def _read(texts: Mapping[int, Sequence[str]], names: Mapping[int, str]) -> dict[int, TypedColumn]:
    """Those of the columns that are numbers or dates throughout."""
    marks = [decimal_marks(column) for column in texts.values()]
    habit = sum(commas for commas, _ in marks) > sum(points for _, points in marks)
    found: dict[int, TypedColumn] = {}
    for column, entries in texts.items():
        read = read_column(entries, names.get(column, ""), habit, mixes_currencies=True)
        if not read.values or read.words or (read.type is ColumnType.DATE and not _is_shown_as_written(read)):
            continue
        found[column] = read
    return found


def _is_shown_as_written(read: TypedColumn) -> bool:
    return all(form or value is None for value, form in zip(read.values, read.formats, strict=True))


def _grid_columns(rows: Sequence[Sequence[str]]) -> dict[int, Sequence[str]]:
    """The columns whose first cell that says something has a figure in it."""
    columns: dict[int, Sequence[str]] = {}
    for column in range(len(rows[0]) if rows else 0):
        first = next((row[column] for row in rows if not is_blank(row[column])), "")
        if _has_figure(first):
            columns[column] = tuple(map(itemgetter(column), rows))
    return columns


def _columns(sheet: Sheet) -> dict[int, Entries]:
    """As `_grid_columns`, of the cells that have no number yet."""
    columns: dict[int, Entries] = {}
    rejected: set[int] = set()
    header_row = 0 if sheet.has_header else -1
    for at, cell in sheet.cells.items():
        row, column = at
        if column in rejected or row == header_row or cell.number is not None:
            continue
        if column not in columns:
            if is_blank(cell.text):
                continue
            if not _has_figure(cell.text):
                rejected.add(column)
                continue
            columns[column] = []
        columns[column].append((at, cell.text))
    return columns


def _has_figure(text: str) -> bool:
    return any(character.isdigit() for character in text[:64])
