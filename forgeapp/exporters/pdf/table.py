"""Tables on PDF pages: columns fitted to their content, the header again on every page, tall rows divided.

A table too wide for its words is set a little smaller, or turns its pages to landscape, then takes an even smaller
size, then larger paper; one of very many columns is set in bands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from forgeapp.domain.document import Inline, Inlines, Run, TableBlock, plain_text
from forgeapp.domain.wording import Text
from forgeapp.exporters.layout import fit_columns, is_better_sideways
from forgeapp.exporters.pdf.bands import MAX_COLUMNS, Band, Gap, Row, bands, empty_columns_left_out, empty_rows_left_out
from forgeapp.exporters.pdf.bidi import base_level
from forgeapp.exporters.pdf.characters import flowing
from forgeapp.exporters.pdf.flow import Flow
from forgeapp.exporters.pdf.pen import line_extra
from forgeapp.exporters.pdf.style import (
    CELL,
    HAIRLINE,
    HEADER,
    MARGIN_SIDE,
    MUTED,
    SPACE,
    STRONG_LINE,
    Mark,
    Style,
)
from forgeapp.exporters.pdf.text import Line, Span

_SMALLER, _SMALLEST = 0.85, 0.72
"""Of the usual size: on upright pages, and on others; below, paper gets larger instead."""
_UNBROKEN = 64.0
"""Points: cells no wider, such as dates, amounts and short names, stay on one line."""
_LONGEST_WORD = 130.0
"""A longer word is cut rather than making its column that wide."""
_PAD_X, _PAD_Y = 5.5, 3.8
_MANY_COLUMNS, _NARROW_PAD_X = 12, 3.5
_CELL_LEADING = 1.38
_STRETCHED = 0.7
"""A table at least this share of the page's width is stretched to all of it."""
_AIR = 14.0
"""More width for each column of a small table."""
_SHORT = 5
"""A table of so many rows is not divided."""
_GAP = Style(size=CELL.size * 0.85, italic=True, color=MUTED)

Spans = Callable[[Iterable[Inline], Style], list[Span]]


@dataclass(frozen=True, slots=True)
class _Measures:
    """Widths of the columns at the usual size, without padding.

    `natural`: nothing is broken. `unbroken`: short cells are not. `words`: no word is, but those that are too long.
    """

    natural: list[float]
    unbroken: list[float]
    words: list[float]

    @property
    def pad(self) -> float:
        """On each side of a cell."""
        return _PAD_X if len(self.natural) < _MANY_COLUMNS else _NARROW_PAD_X

    def full(self, widths: Sequence[float]) -> float:
        return sum(widths) + 2 * self.pad * len(widths)

    def fitted(self, room: float, smallest: float) -> tuple[float, Sequence[float]]:
        """The size, as a share of the usual one, and the least widths of columns that go into `room`."""
        unbroken = self.full(self.unbroken)
        if unbroken * smallest <= room:
            return min(1.0, room / unbroken), self.unbroken
        return min(1.0, max(_SMALLEST, room / self.full(self.words))), self.words


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


@dataclass(frozen=True, slots=True)
class _SetRow:
    """Cells broken into lines."""

    cells: list[list[Line]]
    grid: _Grid
    style: Style

    @property
    def height(self) -> float:
        return _height(self.cells, self.style)

    @property
    def marks(self) -> list[Mark]:
        return _marks(self.cells)


class TableSetter:
    """Sets tables into a flow. `spans` turns a cell into styled text; `warn` takes what the user should know."""

    def __init__(self, flow: Flow, spans: Spans, warn: Callable[[Text], None]) -> None:
        self._flow = flow
        self._spans = spans
        self._warn = warn
        self._last: tuple[TableBlock, list[tuple[Band, _Measures]]] | None = None

    def page_size(self, table: TableBlock | None) -> tuple[float, float]:
        """The paper a table at the top level wants; upright for everything else."""
        if table is None or not table.header:
            return self._flow.upright
        _, measures = self._measured(table)[0]
        width, height = self._flow.upright
        room = width - 2 * MARGIN_SIDE
        if measures.full(measures.unbroken) * _SMALLER <= room and not is_better_sideways(measures.natural, room):
            return self._flow.upright
        if measures.full(measures.words) <= room and not is_better_sideways(measures.natural, room):
            return self._flow.upright
        least = measures.full(measures.words) * _SMALLEST
        if least <= height - 2 * MARGIN_SIDE:
            self._warn(Text("pdf_landscape", "A wide table stands on landscape pages."))
            return (height, width)
        self._warn(Text("pdf_large_paper", "A very wide table stands on pages larger than the others."))
        wide = least + 2 * MARGIN_SIDE
        return (wide, max(width, wide * width / height))

    def set(self, table: TableBlock) -> None:
        if not table.header:
            return
        measured = self._measured(table)
        self._tell(table, [band for band, _ in measured])
        for band, measures in measured:
            if measures.full(measures.words) * _SMALLEST > self._flow.width + 1:
                self._set_outside(table, band, measures)
            else:
                self._set_band(band, measures)

    def _tell(self, table: TableBlock, parts: Sequence[Band]) -> None:
        if len(parts) > 1:
            self._warn(
                Text(
                    "pdf_bands",
                    "A table of {columns} columns is set in parts of at most {most} columns.",
                    columns=len(table.header),
                    most=MAX_COLUMNS,
                )
            )
        if rows := empty_rows_left_out(parts[0]):
            self._warn(
                Text(
                    "pdf_empty_rows",
                    "{count} empty rows of a table are left out; a line tells where.",
                    count=f"{rows:,}",
                )
            )
        if columns := empty_columns_left_out(table):
            self._warn(
                Text(
                    "pdf_empty_columns",
                    "{count} empty columns of a table are left out; three dots tell where.",
                    count=f"{columns:,}",
                )
            )

    def _set_outside(self, table: TableBlock, band: Band, measures: _Measures) -> None:
        """A table inside a list or quote that is too narrow for it leaves it for pages of its own."""
        flow = self._flow
        left, right = flow.left, flow.right
        flow.set_page_size(self.page_size(table))
        flow.left = MARGIN_SIDE
        self._set_band(band, measures)
        flow.set_page_size(flow.upright)
        flow.left, flow.right = left, right

    def _set_band(self, band: Band, measures: _Measures) -> None:
        flow = self._flow
        grid = self._grid(band, measures)
        header = self._row(band.header, grid, grid.header)
        has_header = any(line.pieces for lines in header.cells for line in lines)
        again = header if has_header and header.height < flow.page_room / 3 else None
        count = len(band.rows)
        rows = (self._row(row, grid, grid.cell) for row in band.rows)
        first = list(islice(rows, count if count <= _SHORT else 2))
        flow.space(SPACE)
        flow.begin(self._least([*([header] if has_header else []), *first]))
        if has_header:
            self._set_row(header, None)
            flow.rule(grid.left, grid.right, flow.y, 0.8, STRONG_LINE)
        all_of_them = chain(first, rows)
        for row in islice(all_of_them, max(count - 2, 0)):
            self._set_body_row(row, again)
        last = list(all_of_them)
        needed = self._needed(last)
        if flow.bottom - flow.y < needed <= flow.page_room - (again.height if again else 0.0):
            self._turn(again)
        for row in last:
            self._set_body_row(row, again)
        flow.space(SPACE * 1.5)

    def _least(self, beginning: Sequence[_SetRow]) -> float:
        """The height a table needs to begin on a page: all that is given where a page has it, else its first lines."""
        needed = self._needed(beginning)
        first = beginning[0]
        return needed if needed <= self._flow.page_room else min(first.height * 3, self._flow.page_room)

    def _needed(self, rows: Sequence[_SetRow]) -> float:
        """The height of rows with what their footnotes need at least."""
        notes = self._flow.notes
        marks = [mark for row in rows for mark in row.marks] if notes else []
        return sum(row.height for row in rows) + (notes.least(marks) if notes else 0.0)

    def _set_body_row(self, row: _SetRow, again: _SetRow | None) -> None:
        self._set_row(row, again)
        self._flow.rule(row.grid.left, row.grid.right, self._flow.y, 0.4, HAIRLINE)

    def _set_row(self, row: _SetRow, again: _SetRow | None) -> None:
        """Draws one row; what does not fit goes to the next page, below the header, a very tall one in parts."""
        flow, cells, style = self._flow, row.cells, row.style
        if flow.y + self._needed([row]) > flow.bottom:
            room_below_header = flow.page_room - (again.height if again else 0.0)
            if self._needed([row]) <= room_below_header or flow.room < style.size * _CELL_LEADING * 4 + 2 * _PAD_Y:
                self._turn(again)
        if flow.y + self._needed([row]) <= flow.bottom:
            self._draw(cells, row.grid, style)
            return
        while any(cells):
            room = flow.bottom - flow.y - 2 * _PAD_Y
            parts = [_fitting(lines, room, style.size * _CELL_LEADING) for lines in cells]
            if not any(parts):
                # Not even one line of one cell: then of each the first, for it must stand somewhere.
                parts = [min(1, len(lines)) for lines in cells]
            self._draw([lines[:part] for lines, part in zip(cells, parts, strict=True)], row.grid, style)
            cells = [lines[part:] for lines, part in zip(cells, parts, strict=True)]
            if any(cells):
                self._turn(again)

    def _turn(self, again: _SetRow | None) -> None:
        flow = self._flow
        flow.new_page()
        if again:
            self._draw(again.cells, again.grid, again.style)
            flow.rule(again.grid.left, again.grid.right, flow.y, 0.8, STRONG_LINE)

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

    def _row(self, row: Row, grid: _Grid, style: Style) -> _SetRow:
        if isinstance(row, Gap):
            return self._gap(row, grid)
        lines = self._flow.type.lines
        cells = [lines(self._cell_spans(cell, style), width) for cell, width in zip(row, grid.widths, strict=True)]
        return _SetRow(cells, grid, style)

    def _gap(self, gap: Gap, grid: _Grid) -> _SetRow:
        """One line over all columns; it may be wider than a narrow table."""
        flow = self._flow
        left, alignment = (grid.lefts[0], "start") if grid.left <= flow.left + _PAD_X else (flow.left, "right")
        width = (flow.right if alignment == "start" else grid.right) - left - _PAD_X
        whole = replace(grid, lefts=[left], widths=[width], alignments=(alignment,))
        return _SetRow([flow.type.lines([(gap.text, _GAP)], width)], whole, _GAP)

    def _cell_spans(self, cell: Inlines, style: Style) -> list[Span]:
        """The usual cell, one plain run, goes the short way."""
        if len(cell) == 1:
            run = cell[0]
            if type(run) is Run and not (run.bold or run.italic or run.strike or run.code or run.link):
                text = run.text
                if text.isascii() and text.isprintable():
                    return [(flowing(text), style)]
        return self._spans(cell, style)

    def _grid(self, band: Band, measures: _Measures) -> _Grid:
        flow = self._flow
        count = len(band.header)
        is_upright = flow.width <= flow.upright[0] - 2 * MARGIN_SIDE
        scale, least = measures.fitted(flow.width, _SMALLER if is_upright else _SMALLEST)
        pad = measures.pad * scale
        room = flow.width - 2 * pad * count
        if scale < 1.0 and flow.width >= flow.upright[0] - 2 * MARGIN_SIDE:
            self._warn(Text("pdf_smaller", "A wide table is set in smaller letters."))
        natural = [width * scale for width in measures.natural]
        widths = fit_columns(natural, [width * scale for width in least], max(room, count * 4.0))
        total = sum(widths)
        if total < room:
            widths = [width * room / total for width in widths] if total > room * _STRETCHED else widths
            widths = [width + min(_AIR, (room - sum(widths)) / count) for width in widths]
        full = sum(widths) + 2 * pad * count
        left = edge = flow.right - full if _is_backwards(band.header) else flow.left
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
            tuple(alignment or "start" for alignment in band.alignments),
        )

    def _measured(self, table: TableBlock) -> list[tuple[Band, _Measures]]:
        """Its bands as they are set; remembered, for a table is asked about before it is set."""
        if self._last is None or self._last[0] is not table:
            parts = [_mirrored(band) for band in bands(table)]
            self._last = (table, [(band, self._measure(band)) for band in parts])
        return self._last[1]

    def _measure(self, band: Band) -> _Measures:
        header = [self._natural(cell, HEADER) for cell in band.header]
        body = [0.0] * len(header)
        for row in _filled(band):
            for column, cell in enumerate(row):
                width = self._natural(cell, CELL)
                if width > body[column]:
                    body[column] = width
        natural = list(map(max, header, body))
        measures = _Measures(natural, natural, natural)
        upright = self._flow.upright[0] - 2 * MARGIN_SIDE
        if measures.full(natural) <= min(self._flow.width, upright):
            return measures
        words = self._words(band)
        unbroken = [wide if wide <= _UNBROKEN else word for wide, word in zip(body, words, strict=True)]
        return _Measures(natural, list(map(max, unbroken, words)), words)

    def _words(self, band: Band) -> list[float]:
        longest = [0.0] * len(band.header)
        for row, style in chain([(band.header, HEADER)], ((row, CELL) for row in _filled(band))):
            for column, cell in enumerate(row):
                # No word is wider than its cell, so most cells need no closer look.
                if longest[column] < _LONGEST_WORD and self._natural(cell, style) > longest[column]:
                    word = self._flow.type.longest_word(self._cell_spans(cell, style))
                    longest[column] = min(_LONGEST_WORD, max(longest[column], word))
        return longest

    def _natural(self, cell: Inlines, style: Style) -> float:
        return self._flow.type.natural_width(self._cell_spans(cell, style)) if cell else 0.0


def _filled(band: Band) -> Iterator[tuple[Inlines, ...]]:
    return (row for row in band.rows if not isinstance(row, Gap))


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


def _is_backwards(header: Sequence[Inlines]) -> bool:
    """Whether most of it runs from right to left, also once it is mirrored."""
    cells = [plain_text(cell) for cell in header if cell]
    return 2 * sum(map(base_level, cells)) > len(cells)


def _mirrored(band: Band) -> Band:
    """A table whose header runs from right to left begins at the right."""
    if not _is_backwards(band.header):
        return band
    sides = {"left": "right", "right": "left", None: "right"}
    return Band(
        band.header[::-1],
        tuple(row if isinstance(row, Gap) else row[::-1] for row in band.rows),
        tuple(sides.get(alignment, alignment) for alignment in band.alignments[::-1]),
    )
