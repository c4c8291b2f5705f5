"""The beginning of a content: what is looked at before all of it is exported."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Position, Sheet, Values, Workbook

MAX_ROWS: Final = 300
"""Of a table or sheet."""
MAX_COLUMNS: Final = 60
MAX_CHARS: Final = 200_000
"""Of a document, or of all files of code."""


def beginning_of(content: Content) -> tuple[Content, bool]:
    """As much as is looked at before an export, and whether that is less than all of it."""
    match content:
        case Table(rows=rows):
            return replace(content, rows=rows[:MAX_ROWS]), len(rows) > MAX_ROWS
        case Workbook(sheets=sheets):
            if all(sheet.row_count <= MAX_ROWS and sheet.column_count <= MAX_COLUMNS for sheet in sheets):
                return content, False
            return replace(content, sheets=tuple(map(_beginning_of_sheet, sheets))), True
        case Document(markdown=markdown) if len(markdown) > MAX_CHARS:
            end = markdown.rfind("\n\n", MAX_CHARS // 2, MAX_CHARS)
            return replace(content, markdown=markdown[: end if end > 0 else MAX_CHARS]), True
        case Code(files=files):
            shown, room = [], MAX_CHARS
            for file in files:
                shown.append(replace(file, text=file.text[:room]))
                room -= len(shown[-1].text)
            is_cut = room <= 0 and sum(len(file.text) for file in files) > MAX_CHARS
            return (replace(content, files=tuple(shown)), True) if is_cut else (content, False)
    return content, False


def _beginning_of_sheet(sheet: Sheet) -> Sheet:
    cells = sheet.cells
    if len(cells) <= MAX_ROWS * MAX_COLUMNS:
        kept = {at: cell for at, cell in cells.items() if _is_in_beginning(at)}
    else:
        places = ((row, column) for row in range(MAX_ROWS) for column in range(MAX_COLUMNS))
        kept = {at: cells[at] for at in places if at in cells}
    return replace(
        sheet,
        cells=kept,
        row_count=min(sheet.row_count, MAX_ROWS),
        column_count=min(sheet.column_count, MAX_COLUMNS),
    )


def beginning_of_values(values: Values) -> Values:
    """Those of cells that stand in the beginning."""
    return {name: {at: value for at, value in cells.items() if _is_in_beginning(at)} for name, cells in values.items()}


def _is_in_beginning(at: Position) -> bool:
    return at[0] < MAX_ROWS and at[1] < MAX_COLUMNS
