"""Grids of text that come back from CSV, HTML, Markdown and the like, laid beside what was exported."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.column_types import decimal_marks
from forgeapp.domain.document import Blocks, Heading, TableBlock, plain_text, walk
from forgeapp.domain.number_look import NumberLook
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Hidden, Position, Sheet, Value
from forgeapp.reading.cells import cell_of
from forgeapp.services.importing.alignment import Pairs, aligned
from forgeapp.services.importing.meaning import is_same_text, retyped, shown_value, text_key
from forgeapp.services.importing.places import paired_columns
from forgeapp.services.importing.sheets import blank_at_end

Forms = tuple[str, ...]
"""The texts a cell may have been written as, the displayed one first; () for a blank one."""


@dataclass(frozen=True, slots=True)
class TextGrid:
    """Rows of text, all of one width, the names of the columns first. `name`: the heading it stands under."""

    name: str | None
    rows: tuple[tuple[str, ...], ...]


def grids_in(blocks: Blocks) -> list[TextGrid]:
    """The tables of a document, each with the last heading before it."""
    name: str | None = None
    grids: list[TextGrid] = []
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines):
                name = plain_text(inlines)
            case TableBlock(header=header, rows=rows):
                lines = tuple(tuple(plain_text(cell) for cell in row) for row in (header, *rows))
                grids.append(TextGrid(name, lines))
            case _:
                pass
    return grids


def table_over_text(base: Table, read: TextGrid, decimal_comma: bool) -> Table:
    """`read` with the cells of `base` where they say the same."""
    old = (base.columns, *base.rows)
    read = _from_header(read, base.columns, decimal_comma)
    kept, rows = _aligned(old, read, decimal_comma)
    lines: list[tuple[str, ...]] = []
    for was, now in rows:
        texts = read.rows[now] if now is not None else ("",) * len(read.rows[0])
        if was is not None and texts != old[was]:
            texts = tuple(
                old[was][kept[column]]
                if column in kept and is_same_text(text, (old[was][kept[column]],), decimal_comma)
                else text
                for column, text in enumerate(texts)
            )
        lines.append(texts)
    columns_now = tuple(zip(*read.rows, strict=True))
    missing = blank_at_end(tuple(zip(*old, strict=True))) - blank_at_end(columns_now)
    header, *body = (line + ("",) * missing for line in lines)
    return Table(base.title, header, tuple(body))


def sheet_over_text(
    base: Sheet, shown: Sequence[Sequence[str]], values: Mapping[Position, Value], read: TextGrid, look: NumberLook
) -> Sheet:
    """`read` with the cells of `base` where they say what they said. `shown`: its displayed texts, row by row, whose
    numbers have the `look`."""
    decimal_comma = _writes_decimal_comma(read, look)
    kept, rows = _aligned(shown, read, decimal_comma)
    cells: dict[Position, Cell] = {}
    for row, (was, now) in enumerate(rows):
        for column, text in enumerate(read.rows[now] if now is not None else ()):
            at = (was, kept[column]) if was is not None and column in kept else None
            cell = base.cells.get(at) if at else None
            if at is not None and is_same_text(text, _forms(cell, shown[at[0]][at[1]], values.get(at)), decimal_comma):
                if cell is not None:
                    cells[row, column] = cell
            elif text:
                cells[row, column] = _typed(text, cell, decimal_comma, look)
    is_whole = len(rows) == len(shown) and all(now == was for now, was in kept.items())
    return replace(
        base,
        cells=cells,
        widths=base.widths if is_whole else {now: base.widths[was] for now, was in kept.items() if was in base.widths},
        row_count=base.row_count if is_whole else len(rows),
        column_count=base.column_count if is_whole else len(read.rows[0]),
        hidden=base.hidden if is_whole else Hidden(base.hidden.sheet),
        filter=base.filter if is_whole else None,
    )


def _forms(cell: Cell | None, shown: str, value: Value | None) -> Forms:
    forms = [shown, shown_value(value)]
    if cell is not None and not cell.is_formula:
        forms += [cell.text, repr(cell.number) if cell.number is not None else ""]
    return tuple(dict.fromkeys(form for form in forms if form))


def _from_header(read: TextGrid, header: Sequence[str], decimal_comma: bool) -> TextGrid:
    """Without the title that programs which take a page for one sheet put above the names of the columns."""
    keys = [text_key(text, decimal_comma) for text in header]
    for place, texts in enumerate(read.rows[:_MAX_TITLE_ROWS]):
        if [text_key(text, decimal_comma) for text in texts] == keys:
            return TextGrid(read.name, read.rows[place:])
        if sum(map(bool, texts)) > 1:
            break
    return read


_MAX_TITLE_ROWS = 8
_SAMPLE_ROWS = 5_000
_BARE = re.compile(r"0(?:\.0+)?")
"""Formats that say no more than how many decimals there are."""


def _typed(text: str, was: Cell | None, decimal_comma: bool, look: NumberLook) -> Cell:
    """What was typed, under the format of the cell it was typed into."""
    cell = cell_of(text, decimal_comma)
    if was is None or was.format is None or cell.number is None or (cell.format and not _BARE.fullmatch(cell.format)):
        return cell
    return retyped(Cell(text, cell.number, was.format), look)


def _writes_decimal_comma(read: TextGrid, look: NumberLook) -> bool:
    """By what only one reading allows: numbers in full have a point in one file of ours and a comma in another."""
    commas, points = decimal_marks(text for row in read.rows[:_SAMPLE_ROWS] for text in row)
    return commas > points if commas or points else look.decimal_comma


def _aligned(
    before: Sequence[Sequence[str]], read: TextGrid, decimal_comma: bool
) -> tuple[dict[int, int], list[tuple[int | None, int | None]]]:
    """By the column now the one before; rows before and now. Blank rows, which such files lose, stay in place."""
    heads = [[text_key(text, decimal_comma) for text in row] for row in (before[0] if before else (), read.rows[0])]
    columns = _known(paired_columns(*heads))
    filled = [row for row, texts in enumerate(before) if any(texts)]
    come = [row for row, texts in enumerate(read.rows) if any(texts)]
    changed = sum(1 for was, now in zip(filled, come, strict=False) if tuple(before[was]) != read.rows[now])
    pairs: Pairs
    if len(filled) == len(come) and 2 * changed <= len(come):
        pairs = [(place, place) for place in range(len(come))]
    else:
        old = [tuple(text_key(before[row][was], decimal_comma) for was, _ in columns) for row in filled]
        new = [tuple(text_key(read.rows[row][now], decimal_comma) for _, now in columns) for row in come]
        pairs = aligned(old, new)
    rows: list[tuple[int | None, int | None]] = []
    blank = iter([row for row, texts in enumerate(before) if not any(texts)])
    next_blank = next(blank, None)
    for was, now in pairs:
        while was is not None and next_blank is not None and next_blank < filled[was]:
            rows.append((next_blank, None))
            next_blank = next(blank, None)
        if now is not None:
            rows.append((filled[was] if was is not None else None, come[now]))
    while next_blank is not None:
        rows.append((next_blank, None))
        next_blank = next(blank, None)
    return {now: was for was, now in columns}, rows


def _known(pairs: Pairs) -> list[Position]:
    return [(first, second) for first, second in pairs if first is not None and second is not None]
