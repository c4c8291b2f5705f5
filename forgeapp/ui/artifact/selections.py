"""What is selected in an editor as a request names it, and that name in words for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QTextCursor

from forgeapp.domain.cell_block import Block
from forgeapp.domain.content import Content
from forgeapp.domain.request import Selection
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Hidden, Sheet, Workbook, address, position
from forgeapp.ui.carried_text import unfolded
from forgeapp.ui.wording import number_text, tr
from forgeapp.ui.workbench.copying import SheetPart

if TYPE_CHECKING:
    from forgeapp.ui.artifact.text.text_edit import TextEdit

_MAX_CELLS: Final = 4_000
"""So many are given as text; of more the place says enough, for the whole artifact goes along."""
_MAX_AREAS: Final = 8
_LINES: Final = re.compile(r"(?:(?P<file>.+) )?lines? (?P<first>\d+)(?:-(?P<last>\d+))?")
_AREA: Final = re.compile(r"(?P<first>[A-Z]{1,3}\d+)(?::(?P<last>[A-Z]{1,3}\d+))?")
_Run = tuple[int, int]


def selected_lines(edit: TextEdit, file: str = "", is_chosen: bool = False) -> Selection | None:
    """The selected text; `is_chosen`: the line of the cursor where none is. Not the whole, which goes along anyway."""
    cursor = QTextCursor(edit.textCursor())
    if not cursor.hasSelection() and is_chosen:
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    begin, end = cursor.selectionStart(), cursor.selectionEnd()
    text = cursor.selectedText().replace("\u2029", "\n")
    if not text.strip() or (begin == 0 and end >= edit.document().characterCount() - 1):
        return None
    first, last = edit.document().findBlock(begin), edit.document().findBlock(end)
    if last != first and end == last.position():
        last = last.previous()
    numbers = first.blockNumber() + 1, last.blockNumber() + 1
    lines = f"line {numbers[0]}" if numbers[0] == numbers[1] else f"lines {numbers[0]}-{numbers[1]}"
    return Selection(unfolded(text), f"{file} {lines}".strip())


def selected_rows(
    table: Table, blocks: Sequence[Block], data_rows: Sequence[Sequence[int]], is_chosen: bool = False
) -> Selection | None:
    """Cells of a table in `blocks`, which stand in these rows of it; its header is row 1 of the place's name.

    A single cell is one only where it `is_chosen`; the whole table is none.
    """
    areas: list[tuple[_Run, _Run]] = []
    for block, rows in zip(blocks, data_rows, strict=True):
        areas += [((first + 1, last + 1), (block.left, block.right)) for first, last in _runs(rows)]
    size = sum(block.size for block in blocks)
    if not is_part(size, len(table.rows) * len(table.columns), is_chosen):
        return None
    texts = (
        table.rows[row][block.left : block.right + 1]
        for block, rows in zip(blocks, data_rows, strict=True)
        for row in rows
    )
    return Selection(_tsv(texts), _where(areas))


def selected_cells(
    sheet: Sheet, blocks: Sequence[Block], names_sheet: bool = False, is_chosen: bool = False
) -> Selection | None:
    """Cells of a sheet as they are typed; otherwise as `selected_rows`."""
    size = sum(block.size for block in blocks)
    if not is_part(size, sheet.row_count * sheet.column_count, is_chosen):
        return None

    def texts() -> Iterator[list[str]]:
        for block in blocks:
            for row in range(block.top, block.bottom + 1):
                cells = (sheet.cells.get((row, column)) for column in range(block.left, block.right + 1))
                yield [cell.text if cell is not None else "" for cell in cells]

    where = _where([((block.top, block.bottom), (block.left, block.right)) for block in blocks])
    return Selection(_tsv(texts()), f"{sheet.name}!{where}" if names_sheet and where else where)


def selected_part(workbook: Workbook, sheet: Sheet, blocks: Sequence[Block]) -> SheetPart | None:
    """The cells in `blocks` but for hidden ones; a single one is none, and neither is the only sheet there is."""
    size = sum(block.size for block in blocks)
    is_all = len(workbook.sheets) == 1 and not is_part(size, sheet.row_count * sheet.column_count)
    seen = tuple(part for block in blocks for part in _seen_parts(block, sheet.hidden)) if sheet.hidden else ()
    return SheetPart(sheet.name, seen or tuple(blocks)) if size > 1 and not is_all else None


def _seen_parts(block: Block, hidden: Hidden) -> Iterator[Block]:
    rows = _runs([row for row in range(block.top, block.bottom + 1) if row not in hidden.rows])
    columns = _runs([column for column in range(block.left, block.right + 1) if column not in hidden.columns])
    return (Block(top, left, bottom, right) for top, bottom in rows for left, right in columns)


def where_words(where: str, content: Content) -> str:
    """The place a selection names, in the user's language: cells of a table by the names of their columns."""
    lines = _LINES.fullmatch(where)
    if lines is not None:
        words = _span(lines["first"], lines["last"])
        return tr("{file}, {lines}", file=lines["file"], lines=words) if lines["file"] else words
    area = _AREA.fullmatch(where)
    if isinstance(content, Table) and area is not None:
        return _table_words(area["first"], area["last"] or area["first"], content)
    return where or tr("what is selected")


def _span(first: str, last: str | None) -> str:
    return tr("line {number}", number=first) if last is None else tr("lines {first}-{last}", first=first, last=last)


def _table_words(first: str, last: str, table: Table) -> str:
    (top, left), (bottom, right) = position(first), position(last)
    names = [name for name in table.columns[left : right + 1] if name]
    is_wide = right - left + 1 >= len(table.columns) or not names
    columns = (
        "" if is_wide else names[0] if len(names) == 1 else tr("{first} to {last}", first=names[0], last=names[-1])
    )
    if bottom - top + 1 >= len(table.rows) and columns:
        return columns
    rows = tr("row {number}", number=number_text(top))
    if top != bottom:
        rows = tr("rows {first}-{last}", first=number_text(top), last=number_text(bottom))
    return tr("{columns}, {rows}", columns=columns, rows=rows) if columns else rows


def is_part(size: int, whole: int, is_chosen: bool = False) -> bool:
    """Whether so many selected cells are more than the cursor and less than all of them."""
    return (1 if is_chosen else 2) <= size < max(whole, 2)


def _runs(rows: Sequence[int]) -> list[_Run]:
    """First and last of those that follow each other."""
    if isinstance(rows, range):
        return [(rows[0], rows[-1])] if rows else []
    found: list[_Run] = []
    for row in sorted(rows):
        if found and found[-1][1] == row - 1:
            found[-1] = found[-1][0], row
        else:
            found.append((row, row))
    return found


def _where(areas: Sequence[tuple[_Run, _Run]]) -> str:
    """'B2:C9', several with commas; '' for too many to be told."""
    if len(areas) > _MAX_AREAS:
        return ""
    corners = (((top, left), (bottom, right)) for (top, bottom), (left, right) in areas)
    return ", ".join(address(a) if a == b else f"{address(a)}:{address(b)}" for a, b in corners)


def _tsv(rows: Iterator[Sequence[str]] | Iterator[list[str]]) -> str:
    taken: list[str] = []
    room = _MAX_CELLS
    for row in rows:
        if room < len(row):
            taken.append("\t".join(islice(row, room)) + "…")
            break
        room -= len(row)
        taken.append("\t".join(row))
    return "\n".join(taken)
