"""The cells of a sheet by their columns, as those of a table are read: codes stay the text they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forgeapp.domain.column_types import ColumnType, Doubt, decimal_marks, doubt_of, read_column
from forgeapp.domain.dates import serial_of
from forgeapp.domain.formula_typing import spans
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import TEXT_FORMAT, Cell, Position, Sheet, column_letters

_MAX_SHOWN = 40
_NOTES = {
    Doubt.CODES: ("column_codes", "Column {column} stays text, for there are codes in it, such as {example}."),
    Doubt.MARKS: ("column_marks", "Column {column} stays text: {example} can be read in two ways."),
    Doubt.DATES: ("column_dates", "Column {column} stays text: its dates are not all written like {example}."),
}


def by_columns(sheet: Sheet, expects_comma: bool = False) -> tuple[Sheet, tuple[Text, ...]]:
    """The sheet with the numbers and dates that whole columns say, and what columns stay text though there are some.

    Formulas are left alone, and so are columns of all sorts: there each cell is what it is alone. What formulas add up
    are figures, whatever they look like. `expects_comma`: the decimal mark where as many columns have one as the other.
    """
    added_up = _added_up(sheet)
    columns: dict[int, list[tuple[Position, Cell]]] = {}
    for at, cell in sheet.cells.items():
        if not cell.is_formula and not (sheet.has_header and at[0] == 0):
            columns.setdefault(at[1], []).append((at, cell))
    marks = [decimal_marks(cell.text for _, cell in entries) for entries in columns.values()]
    # A column counts once, however long it is.
    balance = sum((commas > points) - (points > commas) for commas, points in marks)
    has_comma = balance > 0 or (balance == 0 and expects_comma)
    found: dict[Position, Cell] = {}
    notes: list[Text] = []
    for column, entries in sorted(columns.items()):
        header = sheet.cells.get((0, column)) if sheet.has_header else None
        name = header.text if header else ""
        texts = [cell.text for _, cell in entries]
        doubt = doubt_of(texts, name, has_comma)
        if doubt is None or (doubt[0] is Doubt.CODES and column in added_up):
            found |= _typed(entries, texts, name, has_comma)
            continue
        changed = {at: Cell(cell.text, None, TEXT_FORMAT) for at, cell in entries if _would_change(cell)}
        if changed:
            found |= changed
            key, template = _NOTES[doubt[0]]
            shown = (name or column_letters(column))[:_MAX_SHOWN]
            notes.append(Text(key, template, column=shown, example=doubt[1][:_MAX_SHOWN]))
    return replace(sheet, cells={**sheet.cells, **found}) if found else sheet, tuple(notes)


def _added_up(sheet: Sheet) -> set[int]:
    """The columns of which a formula takes several rows."""
    found: set[int] = set()
    for cell in sheet.cells.values():
        if cell.is_formula and ":" in cell.text:
            for span in spans(cell.text):
                if span.sheet is None and span.bottom > span.top:
                    found.update(range(span.left, min(span.right, sheet.column_count) + 1))
    return found


def _typed(
    entries: Sequence[tuple[Position, Cell]], texts: Sequence[str], name: str, has_comma: bool
) -> dict[Position, Cell]:
    pairs: list[tuple[float | int | None, str | None]]
    read = read_column(texts, name, has_comma, mixes_currencies=True)
    if read.type is ColumnType.TEXT:
        commas, points = decimal_marks(texts)
        numbers = [parse_number(text, commas > points if commas or points else has_comma) for text in texts]
        pairs = [(number.value, number.format) if number else (None, None) for number in numbers]
    else:
        pairs = list(zip(read.values, read.formats, strict=True))
        if read.type is ColumnType.DATE:
            # A date that no format shows as it is written stays what is written.
            pairs = [(value if form else None, form) for value, form in pairs]
    return {
        at: Cell(cell.text, value, form)
        for (at, cell), (value, form) in zip(entries, pairs, strict=True)
        if value is not None and (value, form) != (cell.number, cell.format)
    }


def _would_change(cell: Cell) -> bool:
    return cell.number is not None or serial_of(cell.text) is not None
