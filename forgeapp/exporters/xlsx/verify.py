"""An XLSX file read again, as `found` has it, and compared cell by cell; see `verify_layout` for what stands beside."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

from forgeapp.domain.formulas import file_formula
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import Position, address
from forgeapp.exporters.xlsx.cells import (
    cached,
    in_rows,
    is_boolean,
    is_written_formula,
    take_spill,
    text_cell,
    writable,
)
from forgeapp.exporters.xlsx.formats import file_format
from forgeapp.exporters.xlsx.found import Content, FoundBook, FoundCell, FoundSheet, Style
from forgeapp.exporters.xlsx.sheets import PlannedSheet, planned
from forgeapp.exporters.xlsx.verify_layout import Expected, layout_differences

MAX_DIFFERENCES = 20
_BROKEN = (BadZipFile, zlib.error, KeyError, IndexError, ValueError, TypeError, SyntaxError, EOFError, StopIteration)
"""What zipfile, lxml and `found` raise of a file that is none."""


def differences(publication: Publication, path: Path) -> list[str]:
    """Every difference in words, the first MAX_DIFFERENCES of them; [] where the file holds what it should."""
    plans = planned(publication, path)
    try:
        with FoundBook(path) as book:
            return list(islice(_differences(publication, plans, book), MAX_DIFFERENCES))
    except _BROKEN as error:
        return [f"the file cannot be read again: {error}"]


def _differences(publication: Publication, plans: tuple[PlannedSheet, ...], book: FoundBook) -> Iterator[str]:
    names = [plan.sheet.name for plan in plans]
    if book.sheet_names != names:
        yield f"the sheets are {book.sheet_names}, not {names}"
        return
    if book.title.strip() != writable(publication.title).strip():
        yield f"the title is {book.title!r}, not {publication.title!r}"
    for plan in plans:
        expected, sheet = Expected(plan), FoundSheet()
        yield from _compared(plan, expected, book.cells(plan.sheet.name, sheet), book.styles)
        yield from layout_differences(publication, expected, sheet, book)


def _compared(plan: PlannedSheet, expected: Expected, cells: Iterator[FoundCell], styles: list[Style]) -> Iterator[str]:
    name, free = plan.sheet.name, set(plan.spilled)

    def where(at: Position) -> str:
        return f"{name}!{address(at)}"

    cell = next(cells, None)
    for at, text, number, format_code in in_rows(plan.sheet, plan.spilled):
        content: float | int | str | bool
        formula, fills = None, ""
        if not text:
            content = cached(plan.spilled[at])
            expected.widths.take_value(at, content, None)
        elif number is not None:
            content = number
            expected.widths.take_value(at, number, format_code)
        elif text[0] == "=" and plan.is_computed and is_written_formula(text, format_code):
            content, spelled = cached(plan.values.get(at)), file_formula(writable(text))
            formula, last = spelled.text, take_spill(text, at, free)
            if spelled.is_dynamic or last != at:
                fills = address(at) if last == at else f"{address(at)}:{address(last)}"
            expected.widths.take_value(at, content, format_code)
        elif plan.is_computed and is_boolean(text, format_code):
            content = text == "TRUE"
            expected.widths.take_value(at, content, None)
        else:
            content, width = text_cell(text)
            expected.widths.take_text(at, width)
            expected.look_for_link(at, text)
        if content == "" and formula is None:
            continue
        while cell is not None and cell.at < at:
            yield f"{where(cell.at)} holds {_held(cell)}, where nothing should be"
            cell = next(cells, None)
        if cell is None or cell.at != at:
            yield f"{where(at)} is empty, not {_short(content if formula is None else formula)}"
            continue
        if formula is not None:
            yield from _formula_differences(where(at), cell, formula, fills, content)
        elif cell.formula is not None or not _is_same(cell.value, content):
            yield f"{where(at)} is {_held(cell)}, not {_short(content)}"
        style = styles[cell.style]
        if style.format != (file_format(format_code) or "General"):
            yield f"{where(at)} has the format {style.format}, not {format_code or 'General'}"
        if not at[0] and at[1] in plan.figures and style.horizontal != "right":
            yield f"{where(at)} does not stand above its numbers"
        cell = next(cells, None)
    while cell is not None:
        yield f"{where(cell.at)} holds {_held(cell)}, where nothing should be"
        cell = next(cells, None)


def _formula_differences(
    where: str, cell: FoundCell, formula: str, fills: str, value: float | int | str | bool
) -> Iterator[str]:
    """`value`: what is to be stored beside it, '' where it is not known."""
    if cell.fills != fills:
        yield f"{where} fills {cell.fills or 'itself'}, not {fills or 'itself'}"
    if cell.formula != formula:
        yield f"{where} is {_held(cell)}, not the formula {_short(formula)}"
    elif value == "":
        if cell.value is not None:
            yield f"{where} has the computed value {_short(cell.value)}, where none is known"
    elif cell.value is None:
        yield f"{where} has no computed value, not {_short(value)}"
    elif not _is_same(cell.value, value):
        yield f"{where} has the computed value {_short(cell.value)}, not {_short(value)}"


def _is_same(found: Content, expected: float | int | str | bool) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, str):
        return found == expected
    return isinstance(found, int | float) and (
        found == expected or math.isclose(found, expected, rel_tol=1e-14, abs_tol=1e-300)
    )


def _held(cell: FoundCell) -> str:
    return _short(cell.value if cell.formula is None else cell.formula)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
