"""A CSV or TSV file as a table, or as a workbook where formulas stand in it."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path

from forgeapp.domain.guarding import unguarded
from forgeapp.domain.localised_formulas import dialect_of
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, TEXT_FORMAT, Cell, Sheet, Workbook
from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading.cells import MAX_CELLS, Grid, require_room, sheet_of, table_of
from forgeapp.reading.delimited import read_delimited
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.naming import sheet_names
from forgeapp.reading.typed_columns import by_columns


def read_delimited_file(text: str, path: Path, delimiter: str | None) -> FileReading:
    """A workbook where formulas stand in it, otherwise a table. Texts that an export guarded (S2) are as they were.

    Raises UnreadableFile, TooLarge.
    """
    read = read_delimited(text, delimiter, strip=False)
    if not any(read.rows):
        raise UnreadableFile(source=path.name, reason="it is empty", remedy="Choose a file that holds rows.")
    lost = [] if read.closed else ["A quote is never closed; what follows it was read as it stands."]
    if len(read.rows) > MAX_ROWS or read.is_cut:
        raise TooLarge(source=path.name, reason=f"at most {MAX_ROWS:,} rows of {MAX_COLUMNS:,} columns fit a sheet")
    title = path.stem
    comma = read.delimiter == ";"
    own = read.delimiter if delimiter is None and any(len(row) > 1 for row in read.rows) else None
    grid = Grid(read.rows)
    if grid.has_formulas:
        if sum(map(bool, chain.from_iterable(read.rows))) > MAX_CELLS:
            raise TooLarge(source=path.name, reason=f"at most {MAX_CELLS:,} filled cells are read")
        (name,) = sheet_names([title], ())
        dialect = dialect_of(grid.formulas)
        lost += [dialect.note] if dialect else []
        sheet, notes = by_columns(sheet_of(grid, name, comma, dialect, is_framed=False), comma)
        return FileReading(Workbook(title, (_unguarded(sheet),)), (*lost, *notes), delimiter=own)
    width = max(len(row) for row in read.rows)
    header, *body = (tuple(map(unguarded, row)) if "'" in "".join(row) else row for row in read.rows if row)
    grid = Grid((header + ("",) * (width - len(header)), *body))
    require_room(grid, path.name)
    table, _ = table_of(grid, title)
    return FileReading(table, tuple(lost), delimiter=own)


def _unguarded(sheet: Sheet) -> Sheet:
    cells = dict(sheet.cells)
    for at, cell in sheet.cells.items():
        text = unguarded(cell.text)
        if text != cell.text:
            cells[at] = Cell(text, None, TEXT_FORMAT)
    return replace(sheet, cells=cells)
