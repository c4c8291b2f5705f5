"""An XLSX file read again with openpyxl, another library than the writer's, and compared cell by cell."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

from forgeapp.domain.artifact import Kind
from forgeapp.domain.formulas import file_formula
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import Position, Sheet, Value, address
from forgeapp.exporters.xlsx_cells import cached, in_rows, is_formula, sheets_of, spilled, writable

MAX_DIFFERENCES = 20
_SECOND = 1 / 86_400


def differences(publication: Publication, path: Path) -> list[str]:
    """Every difference in words, the first MAX_DIFFERENCES of them; [] where the file holds what it should."""
    sheets = sheets_of(publication, path)
    try:
        # As a file object, for openpyxl judges paths by their ending, and ours may still end in .part.
        with path.open("rb") as file:
            return list(islice(_differences(publication, sheets, file), MAX_DIFFERENCES))
    except (BadZipFile, KeyError, ValueError, SyntaxError, EOFError) as error:
        return [f"the file cannot be read again: {error}"]


def _differences(publication: Publication, sheets: tuple[Sheet, ...], file: BinaryIO) -> Iterator[str]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(file, read_only=True)
        try:
            names = [sheet.name for sheet in sheets]
            if book.sheetnames != names:
                yield f"the sheets are {book.sheetnames}, not {names}"
                return
            if (book.properties.title or "") != writable(publication.title).strip():
                yield f"the title is {book.properties.title!r}, not {publication.title!r}"
            computed: dict[str, dict[Position, Value]] = {}
            for sheet in sheets:
                values = publication.values.get(sheet.name, {})
                expected = _expected(publication, sheet, values)
                yield from _compared(sheet.name, expected, book[sheet.name].iter_rows())
                shown = {
                    at: v
                    for at, v in values.items()
                    if at not in sheet.cells or is_formula(sheet.cells[at], publication)
                }
                if shown:
                    computed[sheet.name] = shown
        finally:
            book.close()
        if not computed:
            return
        book = load_workbook(file, read_only=True, data_only=True)
        try:
            for name, shown in computed.items():
                yield from _compared_values(name, shown, book[name].iter_rows())
        finally:
            book.close()


def _expected(
    publication: Publication, sheet: Sheet, values: Mapping[Position, Value]
) -> Iterator[tuple[Position, Any, str | None, bool]]:
    """Position, content, number format and whether it is a formula, row by row."""
    members = spilled(sheet, values)
    is_spreadsheet = publication.kind is Kind.SPREADSHEET
    for at, cell in in_rows(sheet, members):
        if cell is None:
            yield at, cached(members[at]), None, False
        elif cell.number is not None:
            yield at, cell.number, cell.format, False
        elif cell.text[0] == "=" and is_formula(cell, publication):
            yield at, file_formula(writable(cell.text)).text, cell.format, True
        elif is_spreadsheet and cell.text in ("TRUE", "FALSE"):
            yield at, cell.text == "TRUE", cell.format, False
        else:
            yield at, writable(cell.text), cell.format, False


def _cells(rows: Any) -> Iterator[Any]:
    """The cells of a sheet that hold something."""
    for row in rows:
        for cell in row:
            if cell.value is not None:
                yield cell


def _compared(name: str, expected: Iterator[tuple[Position, Any, str | None, bool]], rows: Any) -> Iterator[str]:
    cells = _cells(rows)
    cell = next(cells, None)
    for at, content, format_code, is_computed in expected:
        if content == "":
            continue
        while cell is not None and (cell.row - 1, cell.column - 1) < at:
            yield f"{name}!{cell.coordinate} holds {_short(cell.value)}, where nothing should be"
            cell = next(cells, None)
        if cell is None or (cell.row - 1, cell.column - 1) != at:
            yield f"{name}!{address(at)} is empty, not {_short(content)}"
            continue
        value = cell.value
        if is_computed:
            value = getattr(value, "text", value)
            if cell.data_type != "f" or value != content:
                yield f"{name}!{address(at)} is {_short(value)}, not the formula {_short(content)}"
        elif not _is_same(value, content, cell.data_type):
            yield f"{name}!{address(at)} is {_short(value)}, not {_short(content)}"
        if format_code is not None and cell.number_format != format_code:
            yield f"{name}!{address(at)} has the format {cell.number_format}, not {format_code}"
        cell = next(cells, None)
    while cell is not None:
        yield f"{name}!{cell.coordinate} holds {_short(cell.value)}, where nothing should be"
        cell = next(cells, None)


def _compared_values(name: str, values: Mapping[Position, Value], rows: Any) -> Iterator[str]:
    missing = {at for at, value in values.items() if cached(value) != ""}
    for cell in _cells(rows):
        at = (cell.row - 1, cell.column - 1)
        if at not in values:
            continue
        missing.discard(at)
        expected = cached(values[at])
        if not _is_same(cell.value, expected, cell.data_type):
            yield f"{name}!{address(at)} has the computed value {_short(cell.value)}, not {_short(expected)}"
    for at in sorted(missing):
        yield f"{name}!{address(at)} has no computed value, not {_short(values[at])}"


def _is_same(found: Any, expected: Any, data_type: str) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, str):
        return isinstance(found, str) and (found == expected or _unescaped(found) == expected)
    if isinstance(found, date | time | timedelta):
        return bool(abs(_serial(found) - expected) < _SECOND)
    if isinstance(found, int | float):
        return math.isclose(found, expected, rel_tol=1e-14, abs_tol=1e-300)
    # openpyxl gives this for a number its date type cannot hold.
    return data_type == "e" and found == "#VALUE!" and not 0 <= expected < 2_958_466


_ESCAPE = re.compile(r"_x([0-9a-fA-F]{4})_")


def _unescaped(text: str) -> str:
    """What Excel reads: '_x005F_x0041_' is '_x0041_'; openpyxl leaves it as it stands in the file."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _serial(moment: date | time | timedelta) -> float:
    from openpyxl.utils.datetime import to_excel

    serial: float = to_excel(moment)  # type: ignore[no-untyped-call]
    return serial


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
