"""References within formulas: they move with a copied cell, follow a moved one and a renamed sheet, and are lost with
a deleted one.

Texts in quotes are never looked into, so what INDIRECT refers to does not follow; nor does it in Excel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from forgeapp.domain.formulas import Token, tokens
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, column_letters

LOST = "#REF!"

_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})?(?:(\$?)([1-9][0-9]{0,6}))?")
_PLAIN_NAME = re.compile(r"[^\W\d][\w.]*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}|[Rr][0-9]*(?:[Cc][0-9]*)?|[Cc][0-9]*|TRUE|FALSE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Corner:
    """A cell, or only its `column` or `row` (from 0) for whole columns and rows."""

    column: int | None
    row: int | None
    is_column_fixed: bool
    is_row_fixed: bool

    def moved(self, rows: int, columns: int) -> _Corner | None:
        """None beyond the grid."""
        column, row = self.column, self.row
        if column is not None and not self.is_column_fixed:
            column += columns
        if row is not None and not self.is_row_fixed:
            row += rows
        if (column is not None and not 0 <= column < MAX_COLUMNS) or (row is not None and not 0 <= row < MAX_ROWS):
            return None
        return _Corner(column, row, self.is_column_fixed, self.is_row_fixed)

    @property
    def text(self) -> str:
        column = "" if self.column is None else ("$" if self.is_column_fixed else "") + column_letters(self.column)
        return column + ("" if self.row is None else ("$" if self.is_row_fixed else "") + str(self.row + 1))


@dataclass(frozen=True, slots=True)
class _Reference:
    """A cell or range: tokens `start` up to `end`. `sheet`: as named, its quotes taken off; None for the own one.

    `spill`: '#' where all that a formula spills into is meant, else ''.
    """

    start: int
    end: int
    sheet: str | None
    corners: tuple[_Corner, ...]
    spill: str


def shifted(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads in a cell `rows` below and `columns` right of its own: relative references move along.

    What would lie beyond the grid becomes '#REF!'.
    """
    if not rows and not columns:
        return formula

    def respell(reference: _Reference, parts: Sequence[Token]) -> str:
        moved = [corner.moved(rows, columns) for corner in reference.corners]
        prefix = "".join(part.text for part in parts[reference.start : reference.start + 2]) if reference.sheet else ""
        if None in moved:
            return LOST
        return prefix + ":".join(corner.text for corner in moved if corner) + reference.spill

    return _respelled(formula, respell)


def with_sheet_renamed(formula: str, old: str, new: str) -> str:
    """The formula with its references to the sheet `old` naming `new`."""
    if old.casefold() not in formula.casefold().replace("''", "'"):
        return formula
    parts = tokens(formula)
    spelled = ["="]
    for index, part in enumerate(parts):
        is_named = _is_sheet_name(parts, index) and _unquoted(part).casefold() == old.casefold()
        spelled.append(sheet_reference(new) if is_named else part.text)
    return "".join(spelled)


def without_sheet(formula: str, name: str) -> str:
    """The formula with '#REF!' for what refers to the sheet `name`."""
    if name.casefold() not in formula.casefold().replace("''", "'"):
        return formula

    def respell(reference: _Reference, parts: Sequence[Token]) -> str:
        if reference.sheet is not None and reference.sheet.casefold() == name.casefold():
            return LOST
        return "".join(part.text for part in parts[reference.start : reference.end])

    return _respelled(formula, respell)


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

    def respell(reference: _Reference, parts: Sequence[Token]) -> str:
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

    return _respelled(formula, respell)


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


def _carried(corners: tuple[_Corner, ...], move: Move) -> tuple[_Corner, ...] | None:
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
        _Corner(left, top, low.is_column_fixed, low.is_row_fixed),
        _Corner(right, bottom, high.is_column_fixed, high.is_row_fixed),
    )


def _is_lost(corners: tuple[_Corner, ...], sheet: str, move: Move) -> bool:
    """Whether all it refers to was written over, and none of it moved."""
    box = _box(corners)
    if box is None or sheet.casefold() != move.target.casefold():
        return False
    top, left, bottom, right = box
    is_apart = bottom < move.top or top > move.bottom or right < move.left or left > move.right
    return move.covers(top, left) and move.covers(bottom, right) and (is_apart or not move.stays)


def _box(corners: tuple[_Corner, ...]) -> tuple[int, int, int, int] | None:
    """Top, left, bottom, right; None for whole columns and rows, and for a range written backwards."""
    first, last = corners[0], corners[-1]
    if first.row is None or first.column is None or last.row is None or last.column is None:
        return None
    box = first.row, first.column, last.row, last.column
    return box if box[0] <= box[2] and box[1] <= box[3] else None


def _at(corner: _Corner, rows: int, columns: int) -> _Corner:
    assert corner.row is not None
    assert corner.column is not None
    return _Corner(corner.column + columns, corner.row + rows, corner.is_column_fixed, corner.is_row_fixed)


def sheet_reference(name: str) -> str:
    """A sheet's name as formulas spell it before '!': quoted where it has to be."""
    if _PLAIN_NAME.fullmatch(name) and not _LIKE_A_CELL.fullmatch(name):
        return name
    return "'" + name.replace("'", "''") + "'"


def _respelled(formula: str, respell: Callable[[_Reference, Sequence[Token]], str]) -> str:
    parts = tokens(formula)
    spelled = ["="]
    done = 0
    for reference in _references(parts):
        spelled += [part.text for part in parts[done : reference.start]]
        spelled.append(respell(reference, parts))
        done = reference.end
    spelled += [part.text for part in parts[done:]]
    return "".join(spelled)


def _references(parts: Sequence[Token]) -> Iterator[_Reference]:
    index = 0
    while index < len(parts):
        is_of_a_sheet = parts[index].kind in ("name", "quoted") and _text(parts, index + 1) == "!"
        sheet = _unquoted(parts[index]) if is_of_a_sheet else None
        at = index + 2 if is_of_a_sheet else index
        found = _corners(parts, at)
        if found:
            end = at + 2 * len(found) - 1
            spill = "#" if _text(parts, end) == "#" else ""
            end += len(spill)
            yield _Reference(index, end, sheet, found, spill)
            index = end
        else:
            index = at if is_of_a_sheet else index + 1


def _corners(parts: Sequence[Token], at: int) -> tuple[_Corner, ...]:
    """The cell or range that begins at `at`, () where none does."""
    first = _corner(parts, at)
    if first is None:
        return ()
    last = _corner(parts, at + 2) if _text(parts, at + 1) == ":" else None
    if last is not None and (first.column is None, first.row is None) == (last.column is None, last.row is None):
        return first, last
    return () if first.column is None or first.row is None else (first,)


def _corner(parts: Sequence[Token], at: int) -> _Corner | None:
    if at >= len(parts) or parts[at].kind not in ("name", "number") or _text(parts, at + 1) in ("!", "("):
        return None
    match = _CORNER.fullmatch(parts[at].text)
    if not match or not (match[2] or match[4]):
        return None
    # The dollar of a mere row ('$3') is the first one of the pattern.
    is_row_fixed = bool(match[3]) or (bool(match[1]) and not match[2])
    column = row = None
    if match[2]:
        column = -1
        for letter in match[2].upper():
            column = (column + 1) * 26 + ord(letter) - ord("A")
    if match[4]:
        row = int(match[4]) - 1
    if (column is not None and column >= MAX_COLUMNS) or (row is not None and row >= MAX_ROWS):
        return None
    return _Corner(column, row, bool(match[1]) and bool(match[2]), is_row_fixed)


def _is_sheet_name(parts: Sequence[Token], index: int) -> bool:
    """Also the first of two sheets, as in First:Last!A1."""
    if parts[index].kind not in ("name", "quoted"):
        return False
    following = _text(parts, index + 1)
    return following == "!" or (following == ":" and _text(parts, index + 3) == "!" and parts[index - 1].text != "!")


def _unquoted(part: Token) -> str:
    return part.text[1:-1].replace("''", "'") if part.kind == "quoted" else part.text


def _text(parts: Sequence[Token], index: int) -> str:
    return parts[index].text if index < len(parts) else ""
