"""A formula while it is being typed: what the cursor stands in, which cells it names, where a reference may go.

All of it takes text and cursor as they are, however unfinished, and linear time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.domain.formulas import Token, tokens
from forgeapp.domain.reference_parts import Corner, Reference, find_references
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_FORMULA_CHARS, MAX_ROWS

_AWAITS_VALUE = frozenset(("operator", "open", "comma", "semicolon"))


@dataclass(frozen=True, slots=True)
class Word:
    """What is being typed at the cursor: characters `start` to `end` of the formula. `is_quoted`: a sheet's name."""

    start: int
    end: int
    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """The innermost function the cursor is in, and the number of the argument there, from 0."""

    name: str
    argument: int


@dataclass(frozen=True, slots=True)
class Span:
    """A reference: characters `start` to `end`, `sheet` as named (None: the own one), and the cells it means."""

    start: int
    end: int
    sheet: str | None
    top: int
    left: int
    bottom: int
    right: int


def is_formula_text(text: str) -> bool:
    """Whether what is being typed is a formula that is looked into."""
    return text.startswith("=") and len(text) <= MAX_FORMULA_CHARS


def word_at(text: str, cursor: int) -> Word | None:
    """The name that ends at the cursor, to be completed; None within texts, numbers and after finished ones."""
    if not is_formula_text(text):
        return None
    end = 1
    parts = tokens(text[:cursor])
    if any(part.kind == "bad" and part.text in "\"'" for part in parts):
        return _open_quote(text, cursor, parts)
    for index, part in enumerate(parts):
        start, end = end, end + len(part.text)
        if end < cursor or index < len(parts) - 1:
            continue
        if part.kind == "name" and part.text[0] not in "$\\" and not (index and parts[index - 1].text == "!"):
            return Word(start, _end_of_name(text, cursor), part.text)
    return None


def _end_of_name(text: str, cursor: int) -> int:
    end = cursor
    while end < len(text) and (text[end].isalnum() or text[end] in "_."):
        end += 1
    return end


def _open_quote(text: str, cursor: int, parts: Sequence[Token]) -> Word | None:
    """A sheet's name whose quote is still open: =SUM('Per."""
    at = 1
    for part in parts:
        if part.kind == "bad" and part.text == "'":
            return Word(at, cursor, text[at + 1 : cursor], True)
        if part.kind == "bad" and part.text == '"':
            return None
        at += len(part.text)
    return None


def call_at(text: str, cursor: int) -> Call | None:
    """None where the cursor stands in no function's brackets, or in a text."""
    if not is_formula_text(text):
        return None
    stack: list[list[object]] = []
    parts = tokens(text[:cursor])
    for index, part in enumerate(parts):
        if part.kind == "bad" and part.text in "\"'":
            break
        if part.kind == "open":
            is_call = part.text == "(" and index > 0 and parts[index - 1].kind == "name"
            stack.append([parts[index - 1].text.upper() if is_call else "", 0])
        elif part.kind == "close" and stack:
            stack.pop()
        elif part.kind in ("comma", "semicolon") and stack:
            stack[-1][1] = int(str(stack[-1][1])) + 1
    for name, argument in reversed(stack):
        if name:
            return Call(str(name), int(str(argument)))
    return None


def can_take_reference(text: str, cursor: int) -> bool:
    """Whether a value belongs at the cursor, so that a cell that is pointed at becomes one."""
    if not is_formula_text(text):
        return False
    before = [part for part in tokens(text[:cursor]) if part.kind != "space"]
    if any(part.kind == "bad" for part in before):
        return False
    if before and (before[-1].kind not in _AWAITS_VALUE or before[-1].text in ("%", "!")):
        return False
    after = text[cursor:].lstrip()
    return not after or not (after[0].isalnum() or after[0] in "_$'\"([{#!")


def spans(text: str) -> list[Span]:
    """The references of a formula, in their order."""
    if not is_formula_text(text):
        return []
    parts = tokens(text)
    starts = [1]
    for part in parts:
        starts.append(starts[-1] + len(part.text))
    return [
        Span(starts[each.start], starts[each.end], each.sheet, *_box(each.corners)) for each in find_references(parts)
    ]


def _box(corners: tuple[Corner, ...]) -> tuple[int, int, int, int]:
    first, last = corners[0], corners[-1]
    rows = sorted((0 if first.row is None else first.row, MAX_ROWS - 1 if last.row is None else last.row))
    columns = sorted(
        (0 if first.column is None else first.column, MAX_COLUMNS - 1 if last.column is None else last.column)
    )
    return rows[0], columns[0], rows[1], columns[1]


def with_dollars_turned(text: str, cursor: int) -> tuple[str, int] | None:
    """The formula with the reference at the cursor pinned otherwise, A1 -> $A$1 -> A$1 -> $A1 -> A1, and the cursor
    behind it; None where none stands there."""
    if not is_formula_text(text):
        return None
    parts = tokens(text)
    starts = [1]
    for part in parts:
        starts.append(starts[-1] + len(part.text))
    for each in find_references(parts):
        if starts[each.start] <= cursor <= starts[each.end]:
            prefix = "".join(part.text for part in parts[each.start : each.start + 2]) if each.sheet is not None else ""
            turned = prefix + ":".join(corner.text for corner in _turned(each)) + each.spill
            start = starts[each.start]
            return text[:start] + turned + text[starts[each.end] :], start + len(turned)
    return None


def _turned(reference: Reference) -> list[Corner]:
    first = reference.corners[0]
    if first.row is None or first.column is None:
        is_fixed = not (first.is_column_fixed or first.is_row_fixed)
        return [
            Corner(each.column, each.row, is_fixed and each.column is not None, is_fixed and each.row is not None)
            for each in reference.corners
        ]
    column, row = {
        (False, False): (True, True),
        (True, True): (False, True),
        (False, True): (True, False),
        (True, False): (False, False),
    }[first.is_column_fixed, first.is_row_fixed]
    return [Corner(each.column, each.row, column, row) for each in reference.corners]
