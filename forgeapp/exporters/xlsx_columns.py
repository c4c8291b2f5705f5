"""The columns of a table as XLSX holds them: numbers and dates where all of a column says so, else text."""

from __future__ import annotations

from dataclasses import replace

from forgeapp.domain.column_types import ColumnType, decimal_marks, is_blank, read_column
from forgeapp.domain.workbook import Cell, Position, Sheet

Entries = list[tuple[Position, str]]


def typed(sheet: Sheet) -> Sheet:
    """The sheet with the numbers and dates of its columns; cells that have a number already are left as they are.

    A word among the figures keeps a column text: the file's reader would add up what is not complete. So does a date
    that no format shows as it is written.
    """
    columns = _columns(sheet)
    marks = [decimal_marks(text for _, text in entries) for entries in columns.values()]
    habit = sum(commas for commas, _ in marks) > sum(points for _, points in marks)
    found: dict[Position, Cell] = {}
    for column, entries in columns.items():
        name = sheet.cells.get((0, column)) if sheet.has_header else None
        read = read_column([text for _, text in entries], name.text if name else "", habit)
        pairs = list(zip(read.values, read.formats, strict=True))
        if read.words or (
            read.type is ColumnType.DATE and any(value is not None and not form for value, form in pairs)
        ):
            continue
        for (at, text), (value, form) in zip(entries, pairs, strict=bool(pairs)):
            if value is not None:
                found[at] = Cell(text, value, form)
    return replace(sheet, cells={**sheet.cells, **found}) if found else sheet


def _columns(sheet: Sheet) -> dict[int, Entries]:
    """The cells of each column whose first one that says something has a figure in it."""
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
            if not any(character.isdigit() for character in cell.text[:64]):
                rejected.add(column)
                continue
            columns[column] = []
        columns[column].append((at, cell.text))
    return columns
