"""An XLSX file read again with openpyxl, another library than the writer's, and compared cell by cell.

Each sheet is read once, row by row, as openpyxl's own read-only sheets do; what stands beside the cells - widths,
panes, filters, tables, links - comes from the same reading and is compared by `verify_layout`. Sheets with
formulas are read a second time for the values stored beside them.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from forgeapp.domain.formulas import file_formula
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import Position, address
from forgeapp.exporters.xlsx.cells import (
    cached,
    in_rows,
    is_boolean,
    is_written_formula,
    shown_width,
    take_spill,
    text_cell,
    writable,
)
from forgeapp.exporters.xlsx.formats import file_format
from forgeapp.exporters.xlsx.sheets import PlannedSheet, planned
from forgeapp.exporters.xlsx.verify_layout import Expected, layout_differences

MAX_DIFFERENCES = 20
_PIECE = f"{{{SHEET_MAIN_NS}}}t"


def differences(publication: Publication, path: Path) -> list[str]:
    """Every difference in words, the first MAX_DIFFERENCES of them; [] where the file holds what it should."""
    plans = planned(publication, path)
    try:
        # As a file object, for openpyxl judges paths by their ending, and ours may still end in .part.
        with path.open("rb") as file:
            return list(islice(_differences(publication, plans, file), MAX_DIFFERENCES))
    except (BadZipFile, KeyError, ValueError, TypeError, SyntaxError, EOFError) as error:
        return [f"the file cannot be read again: {error}"]


def _differences(publication: Publication, plans: tuple[PlannedSheet, ...], file: BinaryIO) -> Iterator[str]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(file, read_only=True)
        try:
            names = [plan.sheet.name for plan in plans]
            if book.sheetnames != names:
                yield f"the sheets are {book.sheetnames}, not {names}"
                return
            if (book.properties.title or "") != writable(publication.title).strip():
                yield f"the title is {book.properties.title!r}, not {publication.title!r}"
            formats = _formats(book)
            for plan in plans:
                yield from _sheet_differences(publication, plan, book, formats)
        finally:
            book.close()


def _sheet_differences(publication: Publication, plan: PlannedSheet, book: Any, formats: list[str]) -> Iterator[str]:
    name = plan.sheet.name
    expected = Expected(plan)
    with book[name]._get_source() as source:
        reading = _reading(book[name], source, data_only=False)
        cells = _filled(reading)
        yield from _compared(plan, expected, cells, formats)
        yield from layout_differences(publication, expected, reading, book)
    if expected.has_formulas:
        with book[name]._get_source() as source:
            yield from _compared_values(plan, _filled(_reading(book[name], source, data_only=True)))


class _Reading(WorkSheetParser):
    """openpyxl's reading of one sheet, with a short cut for its slowest cells: texts of one piece."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        if element.get("t") == "inlineStr" and len(element) == 1 and len(element[0]) == 1:
            piece = element[0][0]
            if piece.tag == _PIECE:
                row, column = coordinate_to_tuple(element.get("r"))
                style = int(element.get("s", 0))
                return {"row": row, "column": column, "value": piece.text, "data_type": "s", "style_id": style}
        found: dict[str, Any] = super().parse_cell(element)
        return found


def _reading(page: Any, source: Any, data_only: bool) -> _Reading:
    """Dates stay the numbers they are in the file."""
    return _Reading(source, page._shared_strings, data_only=data_only)


def _formats(book: Any) -> list[str]:
    """The number format of each style."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    first_own = BUILTIN_FORMATS_MAX_SIZE
    return [
        BUILTIN_FORMATS.get(style.numFmtId, "General")
        if style.numFmtId < first_own
        else book._number_formats[style.numFmtId - first_own]
        for style in book._cell_styles
    ]


def _filled(reading: Any) -> Iterator[dict[str, Any]]:
    """The cells of a sheet that hold something."""
    for _, row in reading.parse():
        for cell in row:
            if cell["value"] is not None:
                yield cell


def _compared(
    plan: PlannedSheet,
    expected: Expected,
    cells: Iterator[dict[str, Any]],
    formats: list[str],
) -> Iterator[str]:
    name, sheet = plan.sheet.name, plan.sheet
    free = set(plan.spilled)
    cell = next(cells, None)
    for at, text, number, format_code in in_rows(sheet, plan.spilled):
        content: float | int | str | bool
        is_computed = False
        fills = ""
        if not text:
            content = cached(plan.spilled[at])
        elif number is not None:
            content = number
            expected.widen(at, len(text))
        elif text[0] == "=" and plan.is_computed and is_written_formula(text, format_code):
            spelled = file_formula(writable(text))
            content, is_computed = spelled.text, True
            last = take_spill(text, at, free)
            if spelled.is_dynamic or last != at:
                fills = address(at) if last == at else f"{address(at)}:{address(last)}"
            expected.has_formulas = True
            expected.widen(at, shown_width(cached(plan.values.get(at)), format_code))
        elif plan.is_computed and is_boolean(text, format_code):
            content = text == "TRUE"
            expected.widen(at, len(text))
        else:
            content, width = text_cell(text)
            expected.widen(at, width)
            expected.look_for_link(at, text)
        if content == "":
            continue
        while cell is not None and (cell["row"] - 1, cell["column"] - 1) < at:
            yield f"{name}!{_where(cell)} holds {_short(cell['value'])}, where nothing should be"
            cell = next(cells, None)
        if cell is None or (cell["row"] - 1, cell["column"] - 1) != at:
            yield f"{name}!{address(at)} is empty, not {_short(content)}"
            continue
        value = cell["value"]
        if is_computed:
            if getattr(value, "ref", "") != fills:
                yield f"{name}!{address(at)} fills {getattr(value, 'ref', 'itself')}, not {fills or 'itself'}"
            value = getattr(value, "text", value)
            if cell["data_type"] != "f" or value != content:
                yield f"{name}!{address(at)} is {_short(value)}, not the formula {_short(content)}"
        elif cell["data_type"] == "f" or not _is_same(value, content):
            yield f"{name}!{address(at)} is {_short(value)}, not {_short(content)}"
        shown = formats[cell["style_id"]]
        if shown != (file_format(format_code) or "General"):
            yield f"{name}!{address(at)} has the format {shown}, not {format_code or 'General'}"
        cell = next(cells, None)
    while cell is not None:
        yield f"{name}!{_where(cell)} holds {_short(cell['value'])}, where nothing should be"
        cell = next(cells, None)


def _compared_values(plan: PlannedSheet, cells: Iterator[dict[str, Any]]) -> Iterator[str]:
    name, sheet, values = plan.sheet.name, plan.sheet, plan.values
    computed = {at for at in values if at in plan.spilled or _is_computed(plan, at)}
    missing = {at for at in computed if cached(values[at]) != ""}
    for cell in cells:
        at = (cell["row"] - 1, cell["column"] - 1)
        if at not in computed:
            if at in sheet.cells and _is_computed(plan, at):
                yield f"{name}!{address(at)} has the computed value {_short(cell['value'])}, where none is known"
            continue
        missing.discard(at)
        expected = cached(values[at])
        if not _is_same(cell["value"], expected):
            yield f"{name}!{address(at)} has the computed value {_short(cell['value'])}, not {_short(expected)}"
    for at in sorted(missing):
        yield f"{name}!{address(at)} has no computed value, not {_short(values[at])}"


def _is_computed(plan: PlannedSheet, at: Position) -> bool:
    cell = plan.sheet.cells[at]
    return plan.is_computed and cell.number is None and is_written_formula(cell.text, cell.format)


def _is_same(found: Any, expected: float | int | str | bool) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, str):
        return isinstance(found, str) and (found == expected or _unescaped(found) == expected)
    return isinstance(found, int | float) and (
        found == expected or math.isclose(found, expected, rel_tol=1e-14, abs_tol=1e-300)
    )


_ESCAPE = re.compile(r"_x([0-9a-fA-F]{4})_")


def _unescaped(text: str) -> str:
    """What Excel reads: '_x005F_x0041_' is '_x0041_'; openpyxl leaves it as it stands in the file."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _where(cell: Mapping[str, Any]) -> str:
    at: Position = (cell["row"] - 1, cell["column"] - 1)
    return address(at)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
