"""Code on PDF pages: coloured, on a light ground, long lines going on below, as many lines to a page as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.domain.document import CodeBlock
from forgeapp.exporters.highlight import highlight
from forgeapp.exporters.pdf.characters import single_line_ends, verbatim
from forgeapp.exporters.pdf.flow import Flow
from forgeapp.exporters.pdf.style import CODE, CODE_LEADING, INK, MUTED, SPACE, Style
from forgeapp.exporters.pdf.text import Line

_PADDING = 8.0
_GUTTER_GAP = 10.0
_TURN_MARK = 8.0
"""The room for the mark of a line that goes on below."""
_NUMBER = Style(CODE, mono=True, color=MUTED)
_LEADING = CODE * CODE_LEADING
_SHORT = 8
"""Code of so many lines is not divided."""
_FEWEST = 3
"""Lines at the foot of a page; at the head of one there are at least two."""
LEAST_HEIGHT = 2 * _PADDING + _FEWEST * _LEADING


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of code as it is set. `label`: its number. `is_continued`: the rest of the line above."""

    line: Line
    label: Line | None = None
    is_continued: bool = False


class CodeSetter:
    def __init__(self, flow: Flow, *, has_line_numbers: bool) -> None:
        self._flow = flow
        self._type = flow.type
        self._has_line_numbers = has_line_numbers

    def set(self, block: CodeBlock) -> None:
        text = single_line_ends(block.text).removesuffix("\n")
        self._type.letters.note_unshowable(text.replace("\n", ""))
        source = highlight(text, block.language)
        gutter = 0.0
        if self._has_line_numbers:
            gutter = self._type.natural_width([(str(len(source)), _NUMBER)]) + _GUTTER_GAP
        width = self._flow.width - 2 * _PADDING - gutter
        rows: list[_Row] = []
        for number, spans in enumerate(source, 1):
            styled = [
                (verbatim(span.text), Style(CODE, bold=span.bold, mono=True, color=span.color or INK)) for span in spans
            ]
            first, *others = self._type.verbatim_lines(styled, width)
            label = self._type.lines([(str(number), _NUMBER)], gutter)[0] if gutter else None
            rows += [_Row(first, label), *(_Row(line, is_continued=True) for line in others)]
        flow = self._flow
        flow.space(SPACE)
        while rows:
            flow.begin(2 * _PADDING + _LEADING * (len(rows) if len(rows) <= _SHORT else _FEWEST))
            room = (
                int((flow.bottom - flow.y - 2 * _PADDING) / _LEADING + 0.001)
                if flow.bottom < float("inf")
                else len(rows)
            )
            count = min(max(1, room), len(rows))
            if len(rows) - count == 1 and count > _FEWEST - 1:
                # A last line, most often a single brace, would stand alone.
                count -= 1
            self._draw(rows[:count], gutter)
            rows = rows[count:]
            if rows:
                flow.new_page()
        flow.space(SPACE * 1.3)

    def _draw(self, rows: Sequence[_Row], gutter: float) -> None:
        """On their ground, all on one page."""
        flow = self._flow
        height = len(rows) * _LEADING + 2 * _PADDING
        flow.box(flow.left, flow.y, flow.width, height)
        bottom = flow.y + height
        flow.y += _PADDING
        left = flow.left + _PADDING
        for row in rows:
            if row.label:
                flow.line(row.label, left, gutter - _GUTTER_GAP, _LEADING, "right")
            if row.is_continued:
                flow.turn_mark(left + gutter - _TURN_MARK, flow.y + _LEADING / 2, _TURN_MARK * 0.7)
            flow.line(row.line, left + gutter, flow.width - 2 * _PADDING - gutter, _LEADING, "start")
            flow.y += _LEADING
        flow.y = bottom
