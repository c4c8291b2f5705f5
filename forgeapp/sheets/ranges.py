"""Ranges the engine cannot take, of which one would end the computing of a whole workbook.

Those whose corners stand the other way round, as running totals have them (B3:B$2), are turned; one that is the whole
formula and would spill over itself goes round in a circle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from forgeapp.domain.formulas import Token, tokens
from forgeapp.domain.reference_parts import Corner, Reference, find_references, respelled
from forgeapp.domain.workbook import Position

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d{1,7})?:\$?([A-Za-z]{1,3})?\$?(\d{1,7})?")


def in_order(formula: str) -> str:
    """The formula with the top left corner of every range before its bottom right one."""
    if ":" not in formula or not any(_is_turned(*match.groups("")) for match in _RANGE.finditer(formula)):
        return formula
    return respelled(formula, _turned)


def _is_turned(first_column: str, first_row: str, last_column: str, last_row: str) -> bool:
    is_left = (len(first_column), first_column.upper()) > (len(last_column), last_column.upper())
    return is_left or int(first_row or 0) > int(last_row or 0)


def _turned(reference: Reference, parts: Sequence[Token]) -> str:
    texts = [part.text for part in parts[reference.start : reference.end]]
    if len(reference.corners) < 2:
        return "".join(texts)
    first, last = reference.corners
    if first.row is not None and last.row is not None and first.row > last.row:
        first, last = _with_row(first, last), _with_row(last, first)
    if first.column is not None and last.column is not None and first.column > last.column:
        first, last = _with_column(first, last), _with_column(last, first)
    sheet = "".join(texts[: texts.index("!") + 1]) if reference.sheet is not None else ""
    return f"{sheet}{first.text}:{last.text}{reference.spill}"


def _with_row(corner: Corner, other: Corner) -> Corner:
    return replace(corner, row=other.row, is_row_fixed=other.is_row_fixed)


def _with_column(corner: Corner, other: Corner) -> Corner:
    return replace(corner, column=other.column, is_column_fixed=other.is_column_fixed)


def spills_over_itself(formula: str, at: Position) -> bool:
    """Whether the formula is nothing but a range, corners in order, that what it spills into lies in."""
    if formula.count(":") != 1 or "(" in formula:
        return False
    parts = [part for part in tokens(formula) if part.kind != "space"]
    found = next(find_references(parts), None)
    if found is None or (found.start, found.end) != (0, len(parts)) or found.sheet is not None or found.spill:
        return False
    first, last = found.corners[0], found.corners[-1]
    if None in (first.row, first.column, last.row, last.column):
        return False
    assert first.row is not None
    assert last.row is not None
    assert first.column is not None
    assert last.column is not None
    is_beside = last.row < at[0] or first.row > at[0] + last.row - first.row
    return not (is_beside or last.column < at[1] or first.column > at[1] + last.column - first.column)
