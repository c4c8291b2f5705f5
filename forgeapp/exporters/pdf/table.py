"""Tables on PDF pages: columns fitted to their content, the header again on every page, tall rows divided.

A table too wide for its words turns its pages to landscape, then takes a smaller size, then larger paper; one of very
many columns is set in bands, each with the first column again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from forgeapp.domain.document import Inline, Inlines, Run, TableBlock, plain_text
from forgeapp.domain.wording import Text
from forgeapp.exporters.layout import fit_columns, is_better_sideways
from forgeapp.exporters.pdf.bidi import base_level
from forgeapp.exporters.pdf.characters import flowing
from forgeapp.exporters.pdf.flow import Flow, line_extra
from forgeapp.exporters.pdf.style import (
    CELL,
    HAIRLINE,
    HEADER,
    MARGIN_SIDE,
    SPACE,
    STRONG_LINE,
    Mark,
    Style,
)
from forgeapp.exporters.pdf.text import Line, Span

MAX_COLUMNS = 40
"""Of one band."""
_SMALLEST = 0.72
"""Of the usual size; below, paper gets larger instead."""
_LONGEST_WORD = 130.0
"""A longer word is cut rather than making its column that wide."""
_PAD_X, _PAD_Y = 5.5, 3.8
_CELL_LEADING = 1.38
_STRETCHED = 0.7
"""A table at least this share of the page's width is stretched to all of it."""
_AIR = 14.0
"""More width for each column of a small table."""

Spans = Callable[[Iterable[Inline], Style], list[Span]]


@dataclass(frozen=True, slots=True)
class _Measures:
    """Content widths of the columns at the usual size, without padding. `smallest`: nothing but too long words cut."""

    natural: list[float]
    smallest: list[float]

    def least_width(self, scale: float) -> float:
        return (sum(self.smallest) + 2 * _PAD_X * len(self.smallest)) * scale


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the columns stand: both edges, left edges and widths of their text, and the styles of their cells."""

    left: float
    lefts: list[float]
    widths: list[float]
    right: float
    cell: Style
    header: Style
    alignments: tuple[str, ...]


def bands(table: TableBlock) -> Iterator[TableBlock]:
    """The table itself, or, of more than MAX_COLUMNS columns, parts of it side by side."""
    count = len(table.header)
    if count <= MAX_COLUMNS:
        yield table
        return
    for start in range(1, count, MAX_COLUMNS - 1):
        part = slice(start, start + MAX_COLUMNS - 1)
        yield TableBlock(
            (table.header[0], *table.header[part]),
            tuple((row[0], *row[part]) for row in table.rows),
            (table.alignments[0], *table.alignments[part]),
        )


class TableSetter:
    """Sets tables into a flow. `spans` turns a cell into styled text; `warn` takes what the user should know."""

    def __init__(self, flow: Flow, spans: Spans, warn: Callable[[Text], None]) -> None:
        self._flow = flow
        self._spans = spans
        self._warn = warn
        self._last: tuple[TableBlock, _Measures] | None = None

    def page_size(self, table: TableBlock | None) -> tuple[float, float]:
        """The paper a table at the top level wants; upright for everything else."""
        if table is None or not table.header:
            return self._flow.upright
        measures = self._measure(next(bands(table)))
        width, height = self._flow.upright
        room = width - 2 * MARGIN_SIDE
        if measures.least_width(1.0) <= room and not is_better_sideways(measures.natural, room):
            return self._flow.upright
        least = measures.least_width(_SMALLEST)
        if least <= height - 2 * MARGIN_SIDE:
            self._warn(Text("pdf_landscape", "A wide table stands on landscape pages."))
            return (height, width)
        self._warn(Text("pdf_large_paper", "A very wide table stands on pages larger than the others."))
        wide = least + 2 * MARGIN_SIDE
        return (wide, max(width, wide * width / height))

    def set(self, table: TableBlock) -> None:
        if not table.header:
            return
        if len(table.header) > MAX_COLUMNS:
            self._warn(
                Text(
                    "pdf_bands",
                    "A table of {columns} columns is set in parts of at most {most} columns.",
                    columns=len(table.header),
                    most=MAX_COLUMNS,
                )
            )
        for band in bands(table):
            band = _mirrored(band)
            if self._measure(band).least_width(_SMALLEST) > self._flow.width + 1:
                self._set_outside(band)
            else:
                self._set_band(band)

    def _set_outside(self, table: TableBlock) -> None:
        """A table inside a list or quote that is too narrow for it leaves it for pages of its own."""
        flow = self._flow
        left = flow.left
        flow.set_page_size(self.page_size(table))
        flow.left = MARGIN_SIDE
        self._set_band(table)
        flow.set_page_size(flow.upright)
        flow.left = left

    def _set_band(self, table: TableBlock) -> None:
        flow = self._flow
        grid = self._grid(table, self._measure(table))
        header = [self._lines(cell, grid.header, width) for cell, width in zip(table.header, grid.widths, strict=True)]
        header_height = _height(header, grid.header)
        has_header = any(line.pieces for lines in header for line in lines)
        is_repeated = has_header and header_height < flow.page_room / 3
        flow.space(SPACE)
        flow.begin(min(header_height * 3, flow.page_room))
        if has_header:
            self._set_row(header, grid, grid.header, None)
            flow.rule(grid.left, grid.right, flow.y, 0.8, STRONG_LINE)
        for row in table.rows:
            cells = [self._lines(cell, grid.cell, width) for cell, width in zip(row, grid.widths, strict=True)]
            self._set_row(cells, grid, grid.cell, header if is_repeated else None)
            flow.rule(grid.left, grid.right, flow.y, 0.4, HAIRLINE)
        flow.space(SPACE * 1.5)

    def _set_row(self, cells: list[list[Line]], grid: _Grid, style: Style, header: list[list[Line]] | None) -> None:
        """Draws one row; what does not fit goes to the next page, below the header, a very tall one in parts."""
        flow = self._flow
        height = _height(cells, style)
        notes = flow.notes.least(_marks(cells)) if flow.notes else 0.0
        if flow.y + height + notes > flow.bottom:
            room_below_header = flow.page_room - (_height(header, grid.header) if header else 0.0)
            if height + notes <= room_below_header or flow.room < style.size * _CELL_LEADING * 4 + 2 * _PAD_Y:
                self._turn(header, grid)
        if flow.y + height + (flow.notes.least(_marks(cells)) if flow.notes else 0.0) <= flow.bottom:
            self._draw(cells, grid, style)
            return
        while any(cells):
            room = flow.bottom - flow.y - 2 * _PAD_Y
            parts = [_fitting(lines, room, style.size * _CELL_LEADING) for lines in cells]
            if not any(parts):
                # Not even one line of one cell: then of each the first, for it must stand somewhere.
                parts = [min(1, len(lines)) for lines in cells]
            self._draw([lines[:part] for lines, part in zip(cells, parts, strict=True)], grid, style)
            cells = [lines[part:] for lines, part in zip(cells, parts, strict=True)]
            if any(cells):
                self._turn(header, grid)

    def _turn(self, header: list[list[Line]] | None, grid: _Grid) -> None:
        flow = self._flow
        flow.new_page()
        if header:
            self._draw(header, grid, grid.header)
            flow.rule(grid.left, grid.right, flow.y, 0.8, STRONG_LINE)

    def _draw(self, cells: list[list[Line]], grid: _Grid, style: Style) -> None:
        """Draws a row, or a part of one, and goes on below it."""
        flow = self._flow
        top, leading = flow.y, style.size * _CELL_LEADING
        for lines, left, width, alignment in zip(cells, grid.lefts, grid.widths, grid.alignments, strict=True):
            flow.y = top + _PAD_Y
            for line in lines:
                flow.line(line, left, width, leading, alignment)
                flow.y += leading + line_extra(line, leading) if line.ascent else leading
        flow.y = top + _height(cells, style)
        if flow.notes:
            flow.notes.take(_marks(cells))

    def _lines(self, cell: Inlines, style: Style, width: float) -> list[Line]:
        return self._flow.type.lines(self._cell_spans(cell, style), width)

    def _cell_spans(self, cell: Inlines, style: Style) -> list[Span]:
        """The usual cell, one plain run, goes the short way."""
        if len(cell) == 1:
            run = cell[0]
            if type(run) is Run and not (run.bold or run.italic or run.strike or run.code or run.link):
                text = run.text
                if text.isascii() and text.isprintable():
                    return [(flowing(text), style)]
        return self._spans(cell, style)

    def _grid(self, table: TableBlock, measures: _Measures) -> _Grid:
        flow = self._flow
        count = len(table.header)
        scale = min(1.0, max(_SMALLEST, flow.width / measures.least_width(1.0)))
        pad = _PAD_X * scale
        room = flow.width - 2 * pad * count
        if scale < 1.0 and flow.width >= flow.upright[0] - 2 * MARGIN_SIDE:
            self._warn(Text("pdf_smaller", "A wide table is set in smaller letters."))
        natural = [width * scale for width in measures.natural]
        widths = fit_columns(natural, [width * scale for width in measures.smallest], max(room, count * 4.0))
        total = sum(widths)
        if total < room:
            widths = [width * room / total for width in widths] if total > room * _STRETCHED else widths
            widths = [width + min(_AIR, (room - sum(widths)) / count) for width in widths]
        full = sum(widths) + 2 * pad * count
        left = edge = flow.right - full if _is_backwards(table) else flow.left
        lefts: list[float] = []
        for width in widths:
            lefts.append(left + pad)
            left += width + 2 * pad
        return _Grid(
            edge,
            lefts,
            [width + 0.01 for width in widths],
            edge + full,
            CELL.at(CELL.size * scale),
            HEADER.at(HEADER.size * scale),
            tuple(alignment or "start" for alignment in table.alignments),
        )

    def _measure(self, table: TableBlock) -> _Measures:
        if self._last and self._last[0] is table:
            return self._last[1]
        natural = [self._natural(cell, HEADER) for cell in table.header]
        for row in table.rows:
            for column, cell in enumerate(row):
                width = self._natural(cell, CELL)
                if width > natural[column]:
                    natural[column] = width
        smallest = natural
        if sum(natural) + 2 * _PAD_X * len(natural) > self._flow.width:
            smallest = self._smallest(table, natural)
        measures = _Measures(natural, smallest)
        self._last = (table, measures)
        return measures

    def _smallest(self, table: TableBlock, natural: Sequence[float]) -> list[float]:
        smallest = [0.0] * len(natural)
        for row, style in chain([(table.header, HEADER)], ((row, CELL) for row in table.rows)):
            for column, cell in enumerate(row):
                # No word is wider than its cell, so most cells need no closer look.
                if smallest[column] < _LONGEST_WORD and self._natural(cell, style) > smallest[column]:
                    word = self._flow.type.longest_word(self._cell_spans(cell, style))
                    smallest[column] = min(_LONGEST_WORD, max(smallest[column], word))
        return smallest

    def _natural(self, cell: Inlines, style: Style) -> float:
        return self._flow.type.natural_width(self._cell_spans(cell, style)) if cell else 0.0


def _height(cells: Sequence[Sequence[Line]], style: Style) -> float:
    leading = style.size * _CELL_LEADING
    height = max(map(len, cells), default=0) * leading
    for lines in cells:
        for line in lines:
            if line.ascent:
                height = max(height, sum(leading + line_extra(line, leading) for line in lines))
                break
    return height + 2 * _PAD_Y


def _fitting(lines: Sequence[Line], room: float, leading: float) -> int:
    """How many lines of a cell go on a page."""
    used = 0.0
    for count, line in enumerate(lines):
        used += leading + line_extra(line, leading)
        if used > room + 0.01:
            return count
    return len(lines)


def _marks(cells: Sequence[Sequence[Line]]) -> list[Mark]:
    return [mark for lines in cells for line in lines for mark in line.marks]


def _is_backwards(table: TableBlock) -> bool:
    """Whether most of its header runs from right to left, also once it is mirrored."""
    cells = [plain_text(cell) for cell in table.header if cell]
    return 2 * sum(map(base_level, cells)) > len(cells)


def _mirrored(table: TableBlock) -> TableBlock:
    """A table whose header runs from right to left begins at the right."""
    if not _is_backwards(table):
        return table
    sides = {"left": "right", "right": "left", None: "right"}
    return TableBlock(
        table.header[::-1],
        tuple(row[::-1] for row in table.rows),
        tuple(sides.get(alignment, alignment) for alignment in table.alignments[::-1]),
    )
