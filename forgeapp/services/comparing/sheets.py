"""One sheet compared with another: what came and went, cells, number formats, and what a sheet has beside its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from forgeapp.domain.cell_block import Block
from forgeapp.domain.workbook import Cell, Position, Sheet
from forgeapp.services.comparing.axis import Everything
from forgeapp.services.comparing.carrying import Carrying, carried
from forgeapp.services.comparing.grids import CellPart, GridWeave, rows_hunk, spans, tell_columns
from forgeapp.services.comparing.hunks import (
    CellChange,
    FormatChange,
    FreezeChange,
    HeaderChange,
    Hunk,
    Span,
    WidthChange,
    block_words,
    cell_words,
    columns_words,
    rows_words,
)
from forgeapp.services.comparing.moving import rows_order_hunk
from forgeapp.services.comparing.sheet_frames import carried_freeze, carried_widths

_Held = dict[int, list[tuple[Position, str]]]


@dataclass(frozen=True, slots=True)
class SheetWeave:
    """Two sheets as a grid, and the hunks of what is not cells; `widths`: by column of the other."""

    grid: GridWeave
    freeze_hunk: int | None
    header_hunk: int | None
    widths: Mapping[int, int]


class _CellPair(NamedTuple):
    """A cell that differs, by its places in both."""

    before: Position
    after: Position


class _Formatted(NamedTuple):
    """Cells with the same other number format."""

    before: Block
    after: Block
    format_before: str | None
    format_after: str | None


def weave_sheets(before: Sheet, after: Sheet, grid: GridWeave, carrying: Carrying, hunks: list[Hunk]) -> SheetWeave:
    """Puts what differs behind `hunks`. `carrying`: how formulas of the base read when all is taken."""
    header = freeze = None
    if before.has_header != after.has_header:
        header = len(hunks)
        texts = ["first row" if sheet.has_header else "none" for sheet in (before, after)]
        change = HeaderChange(after.name, before.has_header, after.has_header)
        hunks.append(Hunk(f'sheet "{after.name}" header', texts[0], texts[1], change))
    frozen = (before.frozen_rows, before.frozen_columns), (after.frozen_rows, after.frozen_columns)
    if carried_freeze(before, grid, Everything(), of_base=True) != frozen[1]:
        freeze = len(hunks)
        texts = [_freeze_words(*each) for each in frozen]
        hunks.append(Hunk(f'sheet "{after.name}" freeze', texts[0], texts[1], FreezeChange(after.name, *frozen)))
    widths = _tell_widths(before, after, grid, hunks)
    held = _held(before, grid, 1, True), _held(after, grid, 1, False)

    def column_words(span: Span, is_added: bool) -> tuple[str, str]:
        first = (after if is_added else before).cells.get((0, span.start))
        name = first.text if first is not None and (after if is_added else before).has_header else ""
        return columns_words(after.name, span, name), _grid_text(held[is_added], span)

    def order_words(lines: Sequence[int], is_base: bool) -> str:
        wanted = set(lines)
        texts: _Held = {}
        for at, cell in (before if is_base else after).cells.items():
            if at[0] in wanted:
                texts.setdefault(at[0], []).append((at, cell.text))
        return "\n".join(_grid_text(texts, Span(line, line + 1)) for line in lines)

    if grid.rows.order_hunk is not None:
        grid = replace(grid, rows=replace(grid.rows, order_hunk=len(hunks)))
        hunks.append(rows_order_hunk(grid.rows, after.name, order_words))
    columns = tell_columns(grid.columns, after.name, column_words, hunks)
    cells, numbers = _tell_rows(before, after, grid, carrying, hunks)
    return SheetWeave(GridWeave(grid.rows.numbered(numbers), columns, cells), freeze, header, widths)


def _freeze_words(rows: int, columns: int) -> str:
    words = [f"{rows} rows" if rows else "", f"{columns} columns" if columns else ""]
    return ", ".join(word for word in words if word) or "none"


def _tell_widths(before: Sheet, after: Sheet, grid: GridWeave, hunks: list[Hunk]) -> dict[int, int]:
    told: dict[int, int] = {}
    if before.widths == after.widths and grid.columns.is_whole:
        return told
    carried = carried_widths(before, after, grid.columns, Everything(), {})
    back = grid.columns.places((), of_base=False)
    for column in sorted(carried.keys() | after.widths.keys()):
        widths = carried.get(column), after.widths.get(column)
        if widths[0] != widths[1]:
            told[column] = len(hunks)
            texts = ["auto" if width is None else f"{width:g}" for width in widths]
            where = f"{columns_words(after.name, Span(column, column + 1))} width"
            hunks.append(Hunk(where, texts[0], texts[1], WidthChange(after.name, back.at(column), column, *widths)))
    return told


def _held(sheet: Sheet, grid: GridWeave, axis: int, of_base: bool) -> _Held:
    """What stands in the rows (`axis` 0) or columns (1) that went, or came."""
    lines = (grid.columns if axis else grid.rows).standing(Everything() if of_base else (), of_base)
    held: _Held = {}
    if -1 in lines:
        for at, cell in sheet.cells.items():
            if lines[at[axis]] < 0:
                held.setdefault(at[axis], []).append((at, cell.text))
    return held


def _grid_text(held: _Held, span: Span) -> str:
    """Cells that hold something, row by row."""
    rows: dict[int, list[str]] = {}
    for at, text in sorted(cell for line in range(*span) for cell in held.get(line, ())):
        rows.setdefault(at[0], []).append(text)
    return "\n".join("\t".join(texts) for texts in rows.values())


def _tell_rows(
    before: Sheet, after: Sheet, grid: GridWeave, carrying: Carrying, hunks: list[Hunk]
) -> tuple[dict[Position, CellPart], list[int]]:
    """The cells that differ, and the hunks of rows that came or went."""
    cells: dict[Position, CellPart] = {}
    numbers: list[int] = []
    values, formats = _differences(before, after, grid, carrying)
    held = _held(before, grid, 0, True), _held(after, grid, 0, False)

    def row_words(span: Span, is_added: bool) -> tuple[str, str]:
        return rows_words(after.name, span), _grid_text(held[is_added], span)

    every: list[_CellPair | _Formatted] = [*values, *_formatted(formats, before, after)]
    told = sorted(every, key=_reading_place, reverse=True)
    for run, base, others in spans(grid.rows.runs):
        if not run.is_of_both:
            numbers.append(len(hunks))
            hunks.append(rows_hunk(after.name, base, others, row_words))
            continue
        while told and _reading_place(told[-1])[0] < others.end:
            one = told.pop()
            if isinstance(one, _CellPair):
                cells[one.before] = CellPart(one.after, len(hunks))
                hunks.append(_cell_hunk(before, after, one, carrying))
            else:
                for part in _cells_of(one, len(hunks)):
                    cells[part[0]] = part[1]
                texts = [code or "General" for code in (one.format_before, one.format_after)]
                change = FormatChange(after.name, *one)
                where = f"{block_words(after.name, one.after)} format"
                hunks.append(Hunk(where, texts[0], texts[1], change))
    return cells, numbers


def _reading_place(told: _CellPair | _Formatted) -> Position:
    return told.after if isinstance(told, _CellPair) else (told.after.top, told.after.left)


def _cells_of(told: _Formatted, hunk: int) -> Iterator[tuple[Position, CellPart]]:
    (top, left, bottom, right), after = told.before, told.after
    for row in range(bottom - top + 1):
        for column in range(right - left + 1):
            part = CellPart((after.top + row, after.left + column), hunk, is_format=True)
            yield (top + row, left + column), part


def _differences(
    before: Sheet, after: Sheet, grid: GridWeave, carrying: Carrying
) -> tuple[list[_CellPair], list[_CellPair]]:
    """Cells of rows and columns both have that hold something else, and those that have another number format alone."""
    values: list[_CellPair] = []
    formats: list[_CellPair] = []
    if before.cells is after.cells and carrying.is_idle:
        return values, formats
    rows, columns = (axis.standing(Everything(), of_base=True) for axis in (grid.rows, grid.columns))
    shifts = grid.rows.shifts(Everything(), of_base=True)
    for at, cell in before.cells.items():
        to = rows[at[0]], columns[at[1]]
        if to[0] < 0 or to[1] < 0:
            continue
        other = after.cells.get(to)
        if other is cell and not cell.is_formula:
            continue
        text = cell.text
        if text[0] == "=":
            text = carried(cell, before.name, carrying, shifts[at[0]] if shifts else 0).text
        if other is None or text != other.text or cell.number != other.number:
            values.append(_CellPair(at, to))
        elif cell.format != other.format:
            # As text it is no formula.
            (formats if cell.is_formula == other.is_formula else values).append(_CellPair(at, to))
    rows, columns = (axis.standing((), of_base=False) for axis in (grid.rows, grid.columns))
    for to in after.cells:
        at = rows[to[0]], columns[to[1]]
        if at[0] >= 0 and at[1] >= 0 and at not in before.cells:
            values.append(_CellPair(at, to))
    return values, formats


def _formatted(pairs: Iterable[_CellPair], before: Sheet, after: Sheet) -> list[_Formatted]:
    """Blocks as large as they go of cells whose number format changed alike: first down, then across."""
    runs: list[_Formatted] = []
    for at, to in sorted(pairs, key=lambda pair: pair.after[::-1]):
        formats = before.cells[at].format, after.cells[to].format
        last = runs[-1] if runs else None
        if (
            last is not None
            and last[2:] == formats
            and (last.after.bottom + 1, last.after.right) == to
            and (last.before.bottom + 1, last.before.right) == at
        ):
            blocks = last.before._replace(bottom=at[0]), last.after._replace(bottom=to[0])
            runs[-1] = _Formatted(*blocks, *formats)
        else:
            runs.append(_Formatted(Block(*at, *at), Block(*to, *to), *formats))
    blocks_found: list[_Formatted] = []
    for run in sorted(runs, key=lambda run: (run.after.top, run.after.bottom, run.after.left)):
        last = blocks_found[-1] if blocks_found else None
        if last is not None and last[2:] == run[2:] and all(map(_are_beside, last[:2], run[:2])):
            blocks_found[-1] = last._replace(
                before=last.before._replace(right=run.before.right), after=last.after._replace(right=run.after.right)
            )
        else:
            blocks_found.append(run)
    return blocks_found


def _are_beside(left: Block, right: Block) -> bool:
    return (left.top, left.bottom, left.right + 1) == (right.top, right.bottom, right.left)


def _cell_hunk(before: Sheet, after: Sheet, pair: _CellPair, carrying: Carrying) -> Hunk:
    old, new = before.cells.get(pair.before), after.cells.get(pair.after)
    texts = ["" if cell is None else cell.text for cell in (old, new)]
    if old is not None and new is not None and texts[0] == texts[1]:
        # What reads alike means something else: after rows came or went, or as a number.
        texts[0] = carrying.text(old.text, before.name) if old.is_formula else _as_value(old)
        texts[1] = new.text if new.is_formula else _as_value(new)
    return Hunk(cell_words(after.name, pair.after), texts[0], texts[1], CellChange(after.name, pair.before, pair.after))


def _as_value(cell: Cell) -> str:
    return cell.text if cell.number is None else f"{cell.text} ({cell.number!r})"
