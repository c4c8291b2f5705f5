"""Formulas carried over what came and went in a workbook: rows, columns, sheets and their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from forgeapp.domain.formulas import Token
from forgeapp.domain.reference_parts import Corner, Reference, respelled, sheet_reference
from forgeapp.domain.references import LOST, shifted
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_FORMULA_CHARS, MAX_ROWS, Cell
from forgeapp.services.comparing.axis import Places

_CELL = re.compile(r"([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_WHOLE_LINES = re.compile(r"[A-Za-z]:|:\$?[0-9]")


class SheetPlaces(NamedTuple):
    """A sheet's name and lines afterwards."""

    name: str
    rows: Places
    columns: Places


class Carrying:
    """`sheets`: by case-folded name where each sheet's lines stand, None for a sheet that is gone."""

    def __init__(self, sheets: Mapping[str, SheetPlaces | None]) -> None:
        self._sheets = sheets
        kept = [places for places in sheets.values() if places is not None]
        self._is_naming = len(kept) < len(sheets) or any(
            places is not None and places.name.casefold() != name for name, places in sheets.items()
        )
        self._first_row = min((p.rows.first_moved for p in kept if p.rows.first_moved is not None), default=MAX_ROWS)
        self._first_column = min(
            (p.columns.first_moved for p in kept if p.columns.first_moved is not None), default=MAX_COLUMNS
        )
        self.is_idle = not self._is_naming and (self._first_row, self._first_column) == (MAX_ROWS, MAX_COLUMNS)

    def text(self, formula: str, home: str) -> str:
        """The formula afterwards; '#REF!' for what is gone. `home`: the sheet it stood on.

        One longer than any spreadsheet takes stays as it is.
        """
        if self.is_idle or len(formula) > MAX_FORMULA_CHARS or not self._may_touch(formula):
            return formula

        def respell(reference: Reference, parts: Sequence[Token]) -> str:
            written = "".join(part.text for part in parts[reference.start : reference.end])
            if reference.start > 1 and parts[reference.start - 1].text == ":" and reference.sheet is not None:
                return written  # First:Last!A1 means the sheets between, whatever becomes of these two
            sheet = home if reference.sheet is None else reference.sheet
            if sheet.casefold() not in self._sheets:
                return written
            places = self._sheets[sheet.casefold()]
            corners = None if places is None else _placed(reference.corners, places)
            if places is None or corners is None:
                return LOST
            is_renamed = reference.sheet is not None and places.name.casefold() != sheet.casefold()
            if corners == reference.corners and not is_renamed:
                return written
            prefix = ""
            if reference.sheet is not None:
                kept = "".join(part.text for part in parts[reference.start : reference.start + 2])
                prefix = f"{sheet_reference(places.name)}!" if is_renamed else kept
            return prefix + ":".join(corner.text for corner in corners) + reference.spill

        return respelled(formula, respell)

    def _may_touch(self, formula: str) -> bool:
        """Most formulas need not be taken apart."""
        if (self._is_naming and "!" in formula) or _WHOLE_LINES.search(formula):
            return True
        for letters, digits in _CELL.findall(formula):
            if int(digits) > self._first_row:
                return True
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - ord("A") + 1
            if column > self._first_column:
                return True
        return False


def carried(cell: Cell, home: str, carrying: Carrying, rows: int = 0) -> Cell:
    """The cell afterwards; `rows`: how far it was moved by sorting, its relative references with it."""
    if not cell.is_formula or (carrying.is_idle and not rows):
        return cell
    text = carrying.text(cell.text, home)
    if rows and len(text) <= MAX_FORMULA_CHARS:
        text = shifted(text, rows, 0)
    return cell if text == cell.text else replace(cell, text=text)


def _placed(corners: tuple[Corner, ...], places: SheetPlaces) -> tuple[Corner, ...] | None:
    rows = _ends([corner.row for corner in corners], places.rows, MAX_ROWS)
    columns = _ends([corner.column for corner in corners], places.columns, MAX_COLUMNS)
    if rows is None or columns is None:
        return None
    return tuple(
        Corner(column, row, corner.is_column_fixed, corner.is_row_fixed)
        for corner, row, column in zip(corners, rows, columns, strict=True)
    )


def _ends(ends: Sequence[int | None], places: Places, limit: int) -> Sequence[int | None] | None:
    first, last = ends[0], ends[-1]
    if first is None or last is None or (min(first, last), max(first, last)) == (0, limit - 1):
        return ends
    span = places.span(min(first, last), max(first, last))
    if span is None or span[0] >= limit:
        return None
    low, high = span[0], min(span[1], limit - 1)
    return ((low, high) if first <= last else (high, low))[: len(ends)]
