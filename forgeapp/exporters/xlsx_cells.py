"""What stands in the cells of an XLSX file: shared by writing and verifying, so that both mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from operator import lt
from pathlib import Path

from forgeapp.domain.artifact import Kind
from forgeapp.domain.formulas import fault, refusal
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Cell, CellError, Position, Sheet, Value, address
from forgeapp.errors import ExportFailed, TooLarge, UnsafeContent
from forgeapp.exporters.xlsx_columns import typed

MAX_TEXT_UNITS = 32_767
"""UTF-16 units a cell can hold."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAY_SPILL = re.compile(r"[(:{#]")
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))


def sheets_of(publication: Publication, path: Path) -> tuple[Sheet, ...]:
    """The sheets as they are written: only a spreadsheet's have formulas, the columns of a table are typed.

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
    if publication.kind is not Kind.SPREADSHEET:
        return tuple(typed(sheet) for sheet in sheets)
    for sheet in sheets:
        for at, cell in sheet.cells.items():
            if cell.is_formula and (reason := refusal(cell.text)):
                raise UnsafeContent(where=f"{sheet.name}!{address(at)}", reason=reason)
    return sheets


def is_formula(cell: Cell, publication: Publication) -> bool:
    """Whether the cell is written as a formula; one that no spreadsheet can read is written as text."""
    return cell.text[0] == "=" and publication.kind is Kind.SPREADSHEET and cell.is_formula and not fault(cell.text)


def writable(text: str) -> str:
    """The text as the file can hold it: no control characters, lines ended by \\n, at most MAX_TEXT_UNITS long."""
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT_UNITS:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATE.sub("\ufffd", _UNWRITABLE.sub("", text))
    if len(text) > MAX_TEXT_UNITS // 2:
        text = text.encode("utf-16-le")[: MAX_TEXT_UNITS * 2].decode("utf-16-le", "ignore")
    return text


def cached(value: Value | None) -> float | int | str | bool:
    """The value stored beside a formula: '' where there is none, '#VALUE!' for errors files do not know."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.code if value.code in _ERRORS else "#VALUE!"
    return writable(value) if isinstance(value, str) else value


def is_error(value: object) -> bool:
    return isinstance(value, str) and value in _ERRORS


def spilled(sheet: Sheet, values: Mapping[Position, Value]) -> dict[Position, Value]:
    """The values of cells that hold nothing themselves: a formula beside them spills into them."""
    return {at: value for at, value in values.items() if at not in sheet.cells}


def take_spill(formula: str, anchor: Position, free: set[Position]) -> Position:
    """The last row and column of the block a formula at `anchor` spills into, itself where it does not.

    The block is taken out of `free`, the cells spilled into by formulas not yet asked for: values do not say whose
    they are, and no two blocks may overlap.
    """
    row, column = last_row, last_column = anchor
    if not free or not _MAY_SPILL.search(formula):
        return anchor
    while (row, last_column + 1) in free:
        last_column += 1
    while all((last_row + 1, c) in free for c in range(column, last_column + 1)):
        last_row += 1
    free.difference_update((r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1))
    return last_row, last_column


def in_rows(sheet: Sheet, members: Mapping[Position, Value]) -> Iterator[tuple[Position, Cell | None]]:
    """The cells row by row, from left to right; None for one that is spilled into."""
    cells = sheet.cells
    if not members and all(map(lt, cells, islice(cells, 1, None))):
        yield from cells.items()
        return
    for at in sorted([*cells, *members]):
        yield at, cells.get(at)
