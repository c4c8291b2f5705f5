"""References within formulas: they move with a copied cell, follow a moved one and a renamed sheet, and are lost with
a deleted one.

Texts in quotes are never looked into, so what INDIRECT refers to does not follow; nor does it in Excel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.formulas import Token, tokens
from forgeapp.domain.reference_parts import (
    Corner,
    Reference,
    is_sheet_name,
    respelled,
    sheet_reference,
    unquoted,
)
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS

LOST = "#REF!"


def shifted(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads in a cell `rows` below and `columns` right of its own: relative references move along.

    What would lie beyond the grid becomes '#REF!'.
    """
    if not rows and not columns:
        return formula

    def respell(reference: Reference, parts: Sequence[Token]) -> str:
        moved = [corner.moved(rows, columns) for corner in reference.corners]
        prefix = "".join(part.text for part in parts[reference.start : reference.start + 2]) if reference.sheet else ""
        if None in moved:
            return LOST
        return prefix + ":".join(corner.text for corner in moved if corner) + reference.spill

    return respelled(formula, respell)


def with_sheet_renamed(formula: str, old: str, new: str) -> str:
    """The formula with its references to the sheet `old` naming `new`."""
    if old.casefold() not in formula.casefold().replace("''", "'"):
        return formula
    parts = tokens(formula)
    spelled = ["="]
    for index, part in enumerate(parts):
        is_named = is_sheet_name(parts, index) and unquoted(part).casefold() == old.casefold()
        spelled.append(sheet_reference(new) if is_named else part.text)
    return "".join(spelled)


def without_sheet(formula: str, name: str) -> str:
    """The formula with '#REF!' for what refers to the sheet `name`."""
    if name.casefold() not in formula.casefold().replace("''", "'"):
        return formula

    def respell(reference: Reference, parts: Sequence[Token]) -> str:
        if reference.sheet is not None and reference.sheet.casefold() == name.casefold():
            return LOST
        return "".join(part.text for part in parts[reference.start : reference.end])

    return respelled(formula, respell)


@dataclass(frozen=True, slots=True)
class Move:
    """A block of cells, its corners within it, that goes `rows` down and `columns` right, to `target`.

    `source` and `target` name sheets, the same one or two.
    """

    source: str
    top: int
    left: int
    bottom: int
    right: int
    target: str
    rows: int
    columns: int

    @property
    def stays(self) -> bool:
        """Whether it goes to another place on its own sheet."""
        return self.source.casefold() == self.target.casefold()

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def covers(self, row: int, column: int) -> bool:
        """Whether it comes to lie over this cell of `target`."""
        return self.holds(row - self.rows, column - self.columns)


_CELL = re.compile(r"([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


def with_cells_moved(formula: str, move: Move, home: str, new_home: str | None = None) -> str:
    """The formula after cells were moved, as a spreadsheet does it.

    What refers to moved cells follows them, also a range whose end they are; what they came to lie over is '#REF!'.
    `home`: the sheet the formula stands on; `new_home`: where it stands afterwards, if it is moved itself.
    """
    new_home = home if new_home is None else new_home
    if new_home == home and not _touches(formula, move):
        return formula

    def respell(reference: Reference, parts: Sequence[Token]) -> str:
        sheet = home if reference.sheet is None else reference.sheet
        is_of_several = reference.start > 1 and parts[reference.start - 1].text == ":" and reference.sheet is not None
        corners = None
        if not is_of_several and sheet.casefold() == move.source.casefold():
            corners = _carried(reference.corners, move)
        if corners is not None:
            after = move.target
        elif not is_of_several and _is_lost(reference.corners, sheet, move):
            return LOST
        else:
            corners, after = reference.corners, sheet
        if reference.sheet is not None and after.casefold() == sheet.casefold():
            prefix = "".join(part.text for part in parts[reference.start : reference.start + 2])
        elif reference.sheet is None and after.casefold() == new_home.casefold():
            prefix = ""
        else:
            prefix = f"{sheet_reference(after)}!"
        if corners is reference.corners and bool(prefix) == (reference.sheet is not None):
            return "".join(part.text for part in parts[reference.start : reference.end])
        return prefix + ":".join(corner.text for corner in corners) + reference.spill

    return respelled(formula, respell)


def _touches(formula: str, move: Move) -> bool:
    """Whether any cell that is named could be one of those: most formulas need not be taken apart."""
    for letters, digits in _CELL.findall(formula):
        column = 0
        for letter in letters.upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        row = int(digits) - 1
        if move.holds(row, column - 1) or move.covers(row, column - 1):
            return True
    return False


def _carried(corners: tuple[Corner, ...], move: Move) -> tuple[Corner, ...] | None:
    """Where a range lies after the move; None where it stays."""
    box = _box(corners)
    if box is None:
        return None
    top, left, bottom, right = box
    first, last = move.holds(top, left), move.holds(bottom, right)
    if first and last:
        return tuple(_at(corner, move.rows, move.columns) for corner in corners)
    if not (first or last) or not move.stays:
        return None
    # The end of a range that is moved along it stretches or shortens it, so long as it stays an end.
    is_whole_row = move.left <= left and right <= move.right and not move.columns
    is_whole_column = move.top <= top and bottom <= move.bottom and not move.rows
    if is_whole_row:
        top, bottom = (top + move.rows, bottom) if first else (top, bottom + move.rows)
    elif is_whole_column:
        left, right = (left + move.columns, right) if first else (left, right + move.columns)
    if (not is_whole_row and not is_whole_column) or top > bottom or left > right:
        return None
    low, high = corners
    return (
        Corner(left, top, low.is_column_fixed, low.is_row_fixed),
        Corner(right, bottom, high.is_column_fixed, high.is_row_fixed),
    )


def _is_lost(corners: tuple[Corner, ...], sheet: str, move: Move) -> bool:
    """Whether all it refers to was written over, and none of it moved."""
    box = _box(corners)
    if box is None or sheet.casefold() != move.target.casefold():
        return False
    top, left, bottom, right = box
    is_apart = bottom < move.top or top > move.bottom or right < move.left or left > move.right
    return move.covers(top, left) and move.covers(bottom, right) and (is_apart or not move.stays)


def _box(corners: tuple[Corner, ...]) -> tuple[int, int, int, int] | None:
    """Top, left, bottom, right; None for whole columns and rows, and for a range written backwards."""
    first, last = corners[0], corners[-1]
    if first.row is None or first.column is None or last.row is None or last.column is None:
        return None
    box = first.row, first.column, last.row, last.column
    return box if box[0] <= box[2] and box[1] <= box[3] else None


def _at(corner: Corner, rows: int, columns: int) -> Corner:
    assert corner.row is not None
    assert corner.column is not None
    return Corner(corner.column + columns, corner.row + rows, corner.is_column_fixed, corner.is_row_fixed)


@dataclass(frozen=True, slots=True)
class Lines:
    """`count` rows, or columns, of `sheet` from `first` (from 0) on."""

    sheet: str
    first: int
    count: int
    are_rows: bool

    @property
    def end(self) -> int:
        """The one behind the last."""
        return self.first + self.count

    @property
    def limit(self) -> int:
        """How many of the kind a sheet has."""
        return MAX_ROWS if self.are_rows else MAX_COLUMNS


def with_lines_inserted(formula: str, lines: Lines, home: str) -> str:
    """The formula after blank lines came to stand at `lines`: what was there, or behind it, is referred to further on.

    A range around them grows. `home`: the sheet the formula stands on.
    """

    def follow(low: int, high: int) -> tuple[int, int] | None:
        low += lines.count if low >= lines.first else 0
        # A whole column has no more rows than before.
        high = min(high + lines.count, lines.limit - 1) if high >= lines.first else high
        return (low, high) if low < lines.limit else None

    return _with_lines(formula, lines, home, follow)


def with_lines_deleted(formula: str, lines: Lines, home: str) -> str:
    """The formula after `lines` have gone: a range shrinks, what lay within them alone is '#REF!'."""

    def follow(low: int, high: int) -> tuple[int, int] | None:
        is_whole = low == 0 and high == lines.limit - 1
        if low >= lines.first and high < lines.end and not is_whole:
            return None
        low = low if low < lines.first else max(low - lines.count, lines.first)
        if high < lines.limit - 1 or not is_whole:
            high = high if high < lines.first else max(high - lines.count, lines.first - 1)
        return low, high

    return _with_lines(formula, lines, home, follow)


def _with_lines(formula: str, lines: Lines, home: str, follow: Callable[[int, int], tuple[int, int] | None]) -> str:
    is_home = home.casefold() == lines.sheet.casefold()
    if not is_home and lines.sheet.casefold() not in formula.casefold().replace("''", "'"):
        return formula

    def respell(reference: Reference, parts: Sequence[Token]) -> str:
        before = "".join(part.text for part in parts[reference.start : reference.end])
        sheet = home if reference.sheet is None else reference.sheet
        is_of_several = reference.start > 1 and parts[reference.start - 1].text == ":" and reference.sheet is not None
        ends = [corner.row if lines.are_rows else corner.column for corner in reference.corners]
        low, high = ends[0], ends[-1]
        if is_of_several or sheet.casefold() != lines.sheet.casefold() or low is None or high is None:
            return before
        after = follow(min(low, high), max(low, high))
        if after is None:
            return LOST
        if after == (min(low, high), max(low, high)):
            return before
        moved = after if low <= high else (after[1], after[0])
        corners = [
            replace(corner, row=end) if lines.are_rows else replace(corner, column=end)
            for corner, end in zip(reference.corners, moved, strict=False)
        ]
        prefix = "".join(part.text for part in parts[reference.start : reference.start + 2]) if reference.sheet else ""
        return prefix + ":".join(corner.text for corner in corners) + reference.spill

    return respelled(formula, respell)
