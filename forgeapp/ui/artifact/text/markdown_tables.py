"""Pipe tables within a Markdown text: found by line, taken apart into cells, written back tidily aligned.

GitHub Flavored Markdown 0.29, 'Tables': a pipe in a cell is '\\|', a line's end in one is '<br>'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from forgeapp.domain.fences import open_fence

MAX_ROWS: Final = 1_000
MAX_COLUMNS: Final = 64
_WIDEST: Final = 48
"""Cells longer than that do not widen their column: the text would not be readable any more."""
_LEAD: Final = re.compile(r"[ \t]*(?:>[ \t]?)*[ \t]*")
_DELIMITERS: Final = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_ENDS: Final = re.compile(r"(?:#{1,6}[ \t]|```|~~~|[-*+][ \t]|\d{1,9}[.)][ \t]|>)")
_BREAK: Final = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)

Alignment = str | None
"""'left', 'center', 'right', or None: as its contents ask for."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """Lines `first` to `last` of a text. `cells`: the header and the rows, all of one length, as text to be edited."""

    first: int
    last: int
    lead: str
    cells: tuple[tuple[str, ...], ...]
    alignments: tuple[Alignment, ...]


def table_at(lines: Sequence[str], number: int) -> TextTable | None:
    """The table that line belongs to, if any; too large ones are none. Fences are not looked for."""
    begin = number
    while begin > 0 and number - begin <= MAX_ROWS and _is_row(lines[begin - 1]):
        begin -= 1
    for line in range(begin, min(number + 2, len(lines) - 1)):
        table = _read(lines, line)
        if table is not None:
            return table if table.first <= number <= table.last else None
    return None


def tables_in(lines: Sequence[str], first: int, end: int) -> list[TextTable]:
    """All tables outside fences between two lines."""
    found: list[TextTable] = []
    fence, number = "", 0
    while number < min(end, len(lines)):
        line = lines[number]
        was_open, fence = bool(fence), open_fence(line, fence)
        if not was_open and not fence and number >= first and (table := _read(lines, number)) is not None:
            found.append(table)
            number = table.last
        number += 1
    return found


def written(lead: str, cells: Sequence[Sequence[str]], alignments: Sequence[Alignment]) -> str:
    """The table as lines of Markdown, its columns aligned."""
    rows = [[_escaped(cell) for cell in row] for row in cells]
    widths = [
        max(3, *(width for row in rows if (width := _width(row[column])) <= _WIDEST), 3)
        for column in range(len(alignments))
    ]
    lines = [_line(row, widths, alignments) for row in rows]
    marks = [_mark(width, alignment) for width, alignment in zip(widths, alignments, strict=True)]
    lines.insert(1, f"| {' | '.join(marks)} |")
    return "\n".join(lead + line for line in lines)


def _is_row(line: str) -> bool:
    return "|" in line and bool(line.strip(" \t>"))


def _read(lines: Sequence[str], first: int) -> TextTable | None:
    """The table whose header stands in line `first`."""
    if first + 1 >= len(lines) or "|" not in lines[first] or "-" not in lines[first + 1]:
        return None
    match = _LEAD.match(lines[first])
    lead = match[0] if match else ""
    marks = lines[first + 1][len(lead) :] if lines[first + 1].startswith(lead) else lines[first + 1].strip()
    if len(marks) > 4_000 or not _DELIMITERS.match(marks):
        return None
    header, delimiters = _cells(lines[first][len(lead) :]), _cells(marks)
    if len(header) != len(delimiters) or len(header) > MAX_COLUMNS:
        return None
    rows = [header]
    last = first + 1
    while last + 1 < len(lines):
        line = lines[last + 1]
        if not line.startswith(lead.rstrip()) or not line[len(lead) :].strip() or _ENDS.match(line[len(lead) :]):
            break
        rows.append(_cells(line[len(lead) :]))
        last += 1
        if len(rows) > MAX_ROWS:
            return None
    # Cells beyond the header are not drawn, but nobody's words get lost by opening a table.
    count = max(map(len, rows))
    if count > MAX_COLUMNS:
        return None
    alignments = [_alignment(mark) for mark in delimiters] + [None] * (count - len(header))
    return TextTable(first, last, lead, tuple((*row, *[""] * (count - len(row))) for row in rows), tuple(alignments))


def _cells(line: str) -> tuple[str, ...]:
    line = line.strip()
    parts: list[str] = []
    start = 0
    for place, sign in enumerate(line):
        if sign == "|" and (place == 0 or line[place - 1] != "\\"):
            parts.append(line[start:place])
            start = place + 1
    parts.append(line[start:])
    if parts and not parts[0].strip() and line.startswith("|"):
        parts.pop(0)
    if parts and not parts[-1].strip() and line.endswith("|") and not line.endswith("\\|"):
        parts.pop()
    return tuple(_BREAK.sub("\n", part.strip().replace("\\|", "|")) for part in parts)


def _escaped(cell: str) -> str:
    return "<br>".join(part.strip() for part in cell.strip().replace("|", "\\|").split("\n"))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def _line(cells: Sequence[str], widths: Sequence[int], alignments: Sequence[Alignment]) -> str:
    padded = []
    for cell, width, alignment in zip(cells, widths, alignments, strict=True):
        spare = max(width - _width(cell), 0)
        left = spare if alignment == "right" else spare // 2 if alignment == "center" else 0
        padded.append(" " * left + cell + " " * (spare - left))
    return f"| {' | '.join(padded)} |"


def _mark(width: int, alignment: Alignment) -> str:
    match alignment:
        case "left":
            return ":" + "-" * (width - 1)
        case "right":
            return "-" * (width - 1) + ":"
        case "center":
            return ":" + "-" * (width - 2) + ":"
        case _:
            return "-" * width


def _alignment(mark: str) -> Alignment:
    mark = mark.strip()
    if mark.startswith(":"):
        return "center" if mark.endswith(":") else "left"
    return "right" if mark.endswith(":") else None
