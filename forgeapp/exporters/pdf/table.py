"""Tables on PDF pages: columns fitted to their content, the header again on every page, tall rows divided.

A table too wide for its words is set a little smaller, or turns its pages to landscape, then takes an even smaller
size, then larger paper; one of very many columns is set in bands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from forgeapp.domain.document import TableBlock
from forgeapp.domain.wording import Text
from forgeapp.exporters.layout import is_better_sideways
from forgeapp.exporters.pdf.bands import MAX_COLUMNS, Band, Gap, Row, bands, empty_columns_left_out, empty_rows_left_out
from forgeapp.exporters.pdf.columns import (
    SMALLER,
    SMALLEST,
    CellRuler,
    Columns,
    Measures,
    Spans,
    columns_of,
    is_backwards,
)
from forgeapp.exporters.pdf.flow import Flow
from forgeapp.exporters.pdf.pen import line_extra
from forgeapp.exporters.pdf.style import CELL, HAIRLINE, MARGIN_SIDE, MUTED, SPACE, STRONG_LINE, Mark, Style
from forgeapp.exporters.pdf.text import Line

_PAD_X, _PAD_Y = 5.5, 3.8
_CELL_LEADING = 1.38
_SHORT = 5
"""A table of so many rows is not divided."""
_GAP = Style(size=CELL.size * 0.85, italic=True, color=MUTED)


@dataclass(frozen=True, slots=True)
class _SetRow:
    """Cells broken into lines."""

    cells: list[list[Line]]
    grid: Columns
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
        self._ruler = CellRuler(flow.type, spans)
        self._warn = warn
        self._last: tuple[TableBlock, list[tuple[Band, Measures]]] | None = None

    def page_size(self, table: TableBlock | None) -> tuple[float, float]:
        """The paper a table at the top level wants; upright for everything else."""
        if table is None or not table.header:
            return self._flow.upright
        _, measures = self._measured(table)[0]
        width, height = self._flow.upright
        room = width - 2 * MARGIN_SIDE
        least = min(measures.full(measures.unbroken) * SMALLER, measures.full(measures.words))
        if least <= room and not is_better_sideways(measures.natural, room):
            return self._flow.upright
        least = measures.full(measures.words) * SMALLEST
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
            if measures.full(measures.words) * SMALLEST > self._flow.width + 1:
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

    def _set_outside(self, table: TableBlock, band: Band, measures: Measures) -> None:
        """A table inside a list or quote that is too narrow for it leaves it for pages of its own."""
        flow = self._flow
        left, right = flow.left, flow.right
        flow.set_page_size(self.page_size(table))
        flow.left = MARGIN_SIDE
        self._set_band(band, measures)
        flow.set_page_size(flow.upright)
        flow.left, flow.right = left, right

    def _set_band(self, band: Band, measures: Measures) -> None:
        flow = self._flow
        grid = self._columns(band, measures)
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

    def _draw(self, cells: list[list[Line]], grid: Columns, style: Style) -> None:
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

    def _row(self, row: Row, grid: Columns, style: Style) -> _SetRow:
        if isinstance(row, Gap):
            return self._gap(row, grid)
        lines = self._flow.type.lines
        cells = [lines(self._ruler.spans(cell, style), width) for cell, width in zip(row, grid.widths, strict=True)]
        return _SetRow(cells, grid, style)

    def _gap(self, gap: Gap, grid: Columns) -> _SetRow:
        """One line over all columns; it may be wider than a narrow table."""
        flow = self._flow
        left, alignment = (grid.lefts[0], "start") if grid.left <= flow.left + _PAD_X else (flow.left, "right")
        width = (flow.right if alignment == "start" else grid.right) - left - _PAD_X
        whole = replace(grid, lefts=[left], widths=[width], alignments=(alignment,))
        return _SetRow([flow.type.lines([(gap.text, _GAP)], width)], whole, _GAP)

    def _columns(self, band: Band, measures: Measures) -> Columns:
        flow = self._flow
        upright = flow.upright[0] - 2 * MARGIN_SIDE
        columns = columns_of(band, measures, flow.left, flow.right, SMALLEST if flow.width > upright else SMALLER)
        if columns.scale < 1.0 and flow.width >= upright:
            self._warn(Text("pdf_smaller", "A wide table is set in smaller letters."))
        return columns

    def _measured(self, table: TableBlock) -> list[tuple[Band, Measures]]:
        """Its bands as they are set; remembered, for a table is asked about before it is set."""
        if self._last is None or self._last[0] is not table:
            parts = [_mirrored(band) for band in bands(table)]
            room = min(self._flow.width, self._flow.upright[0] - 2 * MARGIN_SIDE)
            self._last = (table, [(band, self._ruler.measure(band, room)) for band in parts])
        return self._last[1]


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


def _mirrored(band: Band) -> Band:
    """A table whose header runs from right to left begins at the right."""
    if not is_backwards(band.header):
        return band
    sides = {"left": "right", "right": "left", None: "right"}
    return Band(
        band.header[::-1],
        tuple(row if isinstance(row, Gap) else row[::-1] for row in band.rows),
        tuple(sides.get(alignment, alignment) for alignment in band.alignments[::-1]),
    )
