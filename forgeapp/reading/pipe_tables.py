"""Tables drawn with '|': GFM, and the sloppy ones models make of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.reading.unseen import EDGES

MAX_COLUMNS = 512
_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER_CELL = re.compile(r":?-+:?")
_WIDE_PIPE = "｜"
_NARROWED = str.maketrans("｜：－—–─", "|:----")


@dataclass(frozen=True, slots=True)
class PipeTable:
    """`rows`: raw Markdown cells, header first, ragged as written. `width`: the header's cells."""

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        return len(self.rows[0])


def bare(line: str) -> str:
    """Without the indentation of a list item or the '>' of a quote."""
    text = line.strip(EDGES)
    return text.lstrip("> \t") if text.startswith(">") else text


def narrowed(line: str) -> str:
    """With '|' where the line is drawn with full-width pipes; in a line drawn with '|' they are text."""
    if _WIDE_PIPE in line and ("|" not in line or line.lstrip().startswith(_WIDE_PIPE)):
        return line.replace(_WIDE_PIPE, "|")
    return line


def has_pipe(line: str) -> bool:
    return "|" in line or _WIDE_PIPE in line


def split_row(line: str) -> tuple[str, ...]:
    r"""'| a | b \| c |' -> ('a', 'b \| c'), at most MAX_COLUMNS."""
    line = narrowed(bare(line))
    parts = _PIPE.split(line.removeprefix("|"))
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    return tuple(part.strip() for part in parts[:MAX_COLUMNS])


def is_delimiter(line: str) -> bool:
    """'|---|:--:|', '--- | ---', '---+---'; also with full-width pipes, colons and dashes."""
    text = bare(line).translate(_NARROWED)
    if "-" not in text or ("|" not in text and "+" not in text) or set(text) - set("|:-+ \t"):
        return False
    cells = [cell.strip() for cell in re.split(r"[|+]", text.strip("|+ \t"))]
    return all(_DELIMITER_CELL.fullmatch(cell) for cell in cells)


def _is_frame(line: str) -> bool:
    """A line of a table drawn with '+---+'."""
    text = bare(line)
    return len(text) > 2 and text[0] in "+|" and "+" in text and not set(text) - set("+-=|: \t")


def table_at(lines: Sequence[str], at: int) -> PipeTable | None:
    """The table whose header stands in line `at`, or None."""
    framed = _is_frame(lines[at])
    header_at = at + 1 if framed else at
    if header_at >= len(lines) or not has_pipe(lines[header_at]) or is_delimiter(lines[header_at]):
        return None
    header = split_row(lines[header_at])
    below = header_at + 1
    has_outer = narrowed(bare(lines[header_at])).startswith("|")
    if has_outer and below + 1 < len(lines) and not lines[below].strip() and is_delimiter(lines[below + 1]):
        below += 1
    if below < len(lines) and is_delimiter(lines[below]):
        if not framed and len(header) < 2 and not has_outer:
            return None
        if not has_outer and not has_pipe(lines[below]) and "+" not in lines[below]:
            return None
        body_at = below + 1
    elif has_outer and _is_body(lines, below, len(header)) and len(header) >= 2:
        body_at = below
    else:
        return None
    rows = [header]
    end = body_at
    while True:
        line_at = _next_row(lines, end, has_outer, len(header))
        if line_at is None:
            break
        line = lines[line_at]
        if not is_delimiter(line) and not _is_frame(line):
            rows.append(split_row(line))
        end = line_at + 1
    return PipeTable(at, end, tuple(rows))


def _is_body(lines: Sequence[str], at: int, width: int) -> bool:
    return at < len(lines) and narrowed(bare(lines[at])).startswith("|") and len(split_row(lines[at])) == width


def _next_row(lines: Sequence[str], at: int, has_outer: bool, width: int) -> int | None:
    """The line of the next row; blank lines between rows are forgiven where the row is unmistakable."""
    if at >= len(lines):
        return None
    text = narrowed(bare(lines[at]))
    if text:
        if "|" not in text and not _is_frame(lines[at]):
            return None
        if has_outer and not text.startswith(("|", "+")) and len(split_row(lines[at])) != width:
            return None
        if text.startswith(("```", "~~~", "#")):
            return None
        return at
    reach = at
    while reach < len(lines) and reach < at + 2 and not lines[reach].strip():
        reach += 1
    if reach >= len(lines) or not has_outer or not _is_body(lines, reach, width) or width < 2:
        return None
    below = reach + 1
    if is_delimiter(lines[reach]) or (below < len(lines) and is_delimiter(lines[below])):
        return None
    return reach
