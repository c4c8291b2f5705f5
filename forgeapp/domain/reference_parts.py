"""References as they stand in a formula: found among its tokens, and spelled anew.

What happens to them when cells move is `references`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from forgeapp.domain.formulas import Token, tokens
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, column_letters

_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})?(?:(\$?)([1-9][0-9]{0,6}))?")
_PLAIN_NAME = re.compile(r"[^\W\d][\w.]*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}|[Rr][0-9]*(?:[Cc][0-9]*)?|[Cc][0-9]*|TRUE|FALSE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Corner:
    """A cell, or only its `column` or `row` (from 0) for whole columns and rows."""

    column: int | None
    row: int | None
    is_column_fixed: bool
    is_row_fixed: bool

    def moved(self, rows: int, columns: int) -> Corner | None:
        """None beyond the grid."""
        column, row = self.column, self.row
        if column is not None and not self.is_column_fixed:
            column += columns
        if row is not None and not self.is_row_fixed:
            row += rows
        if (column is not None and not 0 <= column < MAX_COLUMNS) or (row is not None and not 0 <= row < MAX_ROWS):
            return None
        return Corner(column, row, self.is_column_fixed, self.is_row_fixed)

    @property
    def text(self) -> str:
        column = "" if self.column is None else ("$" if self.is_column_fixed else "") + column_letters(self.column)
        return column + ("" if self.row is None else ("$" if self.is_row_fixed else "") + str(self.row + 1))


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell or range: tokens `start` up to `end`. `sheet`: as named, its quotes taken off; None for the own one.

    `spill`: '#' where all that a formula spills into is meant, else ''.
    """

    start: int
    end: int
    sheet: str | None
    corners: tuple[Corner, ...]
    spill: str


def sheet_reference(name: str) -> str:
    """A sheet's name as formulas spell it before '!': quoted where it has to be."""
    if _PLAIN_NAME.fullmatch(name) and not _LIKE_A_CELL.fullmatch(name):
        return name
    return "'" + name.replace("'", "''") + "'"


def respelled(formula: str, respell: Callable[[Reference, Sequence[Token]], str]) -> str:
    parts = tokens(formula)
    spelled = ["="]
    done = 0
    for reference in find_references(parts):
        spelled += [part.text for part in parts[done : reference.start]]
        spelled.append(respell(reference, parts))
        done = reference.end
    spelled += [part.text for part in parts[done:]]
    return "".join(spelled)


def find_references(parts: Sequence[Token]) -> Iterator[Reference]:
    index = 0
    while index < len(parts):
        is_of_a_sheet = parts[index].kind in ("name", "quoted") and _text(parts, index + 1) == "!"
        sheet = unquoted(parts[index]) if is_of_a_sheet else None
        at = index + 2 if is_of_a_sheet else index
        found = _corners(parts, at)
        if found:
            end = at + 2 * len(found) - 1
            spill = "#" if _text(parts, end) == "#" else ""
            end += len(spill)
            yield Reference(index, end, sheet, found, spill)
            index = end
        else:
            index = at if is_of_a_sheet else index + 1


def _corners(parts: Sequence[Token], at: int) -> tuple[Corner, ...]:
    """The cell or range that begins at `at`, () where none does."""
    first = _corner(parts, at)
    if first is None:
        return ()
    last = _corner(parts, at + 2) if _text(parts, at + 1) == ":" else None
    if last is not None and (first.column is None, first.row is None) == (last.column is None, last.row is None):
        return first, last
    return () if first.column is None or first.row is None else (first,)


def _corner(parts: Sequence[Token], at: int) -> Corner | None:
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
    return Corner(column, row, bool(match[1]) and bool(match[2]), is_row_fixed)


def is_sheet_name(parts: Sequence[Token], index: int) -> bool:
    """Also the first of two sheets, as in First:Last!A1."""
    if parts[index].kind not in ("name", "quoted"):
        return False
    following = _text(parts, index + 1)
    return following == "!" or (following == ":" and _text(parts, index + 3) == "!" and parts[index - 1].text != "!")


def unquoted(part: Token) -> str:
    return part.text[1:-1].replace("''", "'") if part.kind == "quoted" else part.text


def _text(parts: Sequence[Token], index: int) -> str:
    return parts[index].text if index < len(parts) else ""
