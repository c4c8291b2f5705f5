"""Tables drawn whole: grids of '+---+---+' as in reStructuredText and Pandoc, and frames of box-drawing lines.

Lines between two rules are one row whose text was wrapped where rules stand between the rows, else a row each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.reading.pipe_tables import MAX_COLUMNS, PipeTable

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Style:
    """What a rule is made of, where its columns meet, and what stands between the cells of a row."""

    rule: re.Pattern[str]
    joint: re.Pattern[str]
    wall: re.Pattern[str]

    def width(self, line: str) -> int:
        """The columns a rule draws, 0 where the line is none."""
        text = line.strip()
        return sum(bool(run) for run in self.joint.split(text)) if self.rule.fullmatch(text) else 0

    def cells(self, line: str, width: int, *, is_framed: bool) -> Row | None:
        """The cells of a row, None where the line is none of this table."""
        cells = [cell.strip() for cell in self.wall.split(line.strip())]
        if is_framed and (len(cells) < 3 or cells.pop() or cells.pop(0)):
            return None
        if len(cells) > width or (len(cells) < 2 and not is_framed):
            return None
        return tuple(cells) + ("",) * (width - len(cells))


_GRID = _Style(re.compile(r"[+|](?=.*[-=]{2})[-+=|:]+[+|]"), re.compile(r"[+|]"), re.compile(r"(?<!\\)\|"))
_BOX = _Style(
    re.compile(r"(?=.*[\u2500\u2501\u2504\u2505\u2508\u2509\u254c\u254d\u2550])[\u2500-\u257f]{3,}"),
    re.compile(r"[^\u2500\u2501\u2504\u2505\u2508\u2509\u254c\u254d\u2550]"),
    re.compile(r"[\u2502\u2503\u2506\u2507\u250a\u250b\u254e\u254f\u2551]"),
)


_SIGNS = re.compile(r"[\u2500-\u257f]|^\s*\+[-=]")


def may_be_drawn(line: str) -> bool:
    """Whether a line has a sign that such tables are drawn with."""
    return bool(_SIGNS.search(line))


def drawn_table_at(lines: Sequence[str], at: int) -> PipeTable | None:
    """The table whose topmost line is `at`, or None. Cells are raw Markdown, the header first."""
    text = lines[at].strip()
    if text.startswith(("+-", "+=")):
        return _table(lines, at, _GRID, is_framed=True)
    if "\u2500" <= text[:1] <= "\u257f" and (table := _table(lines, at, _BOX, is_framed=True)):
        return table
    if _BOX.wall.search(text) and at + 1 < len(lines) and _BOX.width(lines[at + 1]) >= 2:
        return _table(lines, at, _BOX, is_framed=bool(_BOX.wall.match(text)))
    return None


def _table(lines: Sequence[str], at: int, style: _Style, *, is_framed: bool) -> PipeTable | None:
    width = max(style.width(line) for line in lines[at : at + 2])
    if not 2 <= width <= MAX_COLUMNS:
        return None
    blocks: list[list[Row]] = [[]]
    end, rules = at, 0
    while end < len(lines):
        if style.width(lines[end]):
            if not blocks[-1] and rules:
                break
            blocks.append([])
            rules += 1
        elif (row := style.cells(lines[end], width, is_framed=is_framed)) is not None:
            blocks[-1].append(row)
        else:
            break
        end += 1
    filled = [block for block in blocks if block]
    if sum(map(len, filled)) < 2:
        return None
    return PipeTable(at, end, tuple(_rows(filled)))


def _rows(blocks: Sequence[Sequence[Row]]) -> list[Row]:
    if len(blocks) == 1:
        return list(blocks[0])
    header, *body = blocks
    is_mostly_ruled = len(body) > 2 and 2 * len(body) > sum(map(len, body))
    is_ruled = len(body) > 1 and (is_mostly_ruled or all(_goes_on(block) for block in body))
    return [_joined(header), *(row for block in body for row in ([_joined(block)] if is_ruled else block))]


def _goes_on(block: Sequence[Row]) -> bool:
    """Whether all lines but the first leave cells blank, as the lines of one wrapped row do."""
    return all(not all(row) for row in block[1:])


def _joined(block: Sequence[Row]) -> Row:
    return block[0] if len(block) == 1 else tuple(_text(column) for column in zip(*block, strict=True))


def _text(lines: Sequence[str]) -> str:
    """One text of several lines: sentences go on, items of a list stay on lines of their own."""
    text = ""
    for line in filter(None, lines):
        if not text:
            text = line
        elif line.startswith(("- ", "* ", "• ")):
            text += f"<br>{line}"
        else:
            text += line if text[-1] > "\u2e7f" and line[0] > "\u2e7f" else f" {line}"
    return text
