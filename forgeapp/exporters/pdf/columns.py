"""The columns of a table on PDF pages: how wide their cells are, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from forgeapp.domain.document import Inline, Inlines, LineBreak, Run, plain_text
from forgeapp.exporters.bidi import base_level
from forgeapp.exporters.layout import fit_columns
from forgeapp.exporters.pdf.bands import Band, Gap
from forgeapp.exporters.pdf.characters import flowing, single_line_ends
from forgeapp.exporters.pdf.style import CELL, HEADER, Style
from forgeapp.exporters.pdf.text import Span, Typesetter

SMALLER, SMALLEST = 0.85, 0.72
"""Of the usual size: on upright pages, and on others; below, paper gets larger instead."""
_UNBROKEN = 64.0
"""Points: cells no wider, such as dates, amounts and short names, stay on one line."""
_LONGEST_WORD = 130.0
"""A longer word is cut rather than making its column that wide."""
_PAD = 5.5
_MANY_COLUMNS, _NARROW_PAD = 12, 3.5
_STRETCHED = 0.7
"""A table at least this share of the page's width is stretched to all of it."""
_AIR = 14.0
"""More width for each column of a small table."""

Spans = Callable[[Iterable[Inline], Style], list[Span]]


@dataclass(frozen=True, slots=True)
class Measures:
    """Widths of the columns at the usual size, without padding.

    `natural`: nothing is broken. `unbroken`: short cells are not. `words`: no word is, but those that are too long.
    """

    natural: list[float]
    unbroken: list[float]
    words: list[float]

    @property
    def pad(self) -> float:
        """On each side of a cell."""
        return _PAD if len(self.natural) < _MANY_COLUMNS else _NARROW_PAD

    def full(self, widths: Sequence[float]) -> float:
        return sum(widths) + 2 * self.pad * len(widths)

    def fitted(self, room: float, smallest: float) -> tuple[float, Sequence[float]]:
        """The size, as a share of the usual one, and the least widths of columns that go into `room`."""
        unbroken = self.full(self.unbroken)
        if unbroken * smallest <= room:
            return min(1.0, room / unbroken), self.unbroken
        return min(1.0, max(SMALLEST, room / self.full(self.words))), self.words


@dataclass(frozen=True, slots=True)
class Columns:
    """Where they stand: both edges, left edges and widths of their text. `scale`: the share of the usual size."""

    left: float
    lefts: list[float]
    widths: list[float]
    right: float
    scale: float
    cell: Style
    header: Style
    alignments: tuple[str, ...]


class CellRuler:
    """Measures cells at the usual size. `spans` turns a cell into styled text."""

    def __init__(self, typesetter: Typesetter, spans: Spans) -> None:
        self._type = typesetter
        self._spans = spans

    def spans(self, cell: Inlines, style: Style) -> list[Span]:
        """The usual cell, one plain run, goes the short way."""
        if len(cell) == 1:
            run = cell[0]
            if type(run) is Run and not (run.bold or run.italic or run.strike or run.code or run.link):
                text = run.text
                if text.isascii() and text.isprintable():
                    return [(flowing(text), style)]
        return self._spans(_with_breaks(cell), style)

    def measure(self, band: Band, room: float) -> Measures:
        """`room`: where all of it fits, nothing is looked at more closely."""
        header = [self._natural(cell, HEADER) for cell in band.header]
        body = [0.0] * len(header)
        for row in _filled(band):
            for column, cell in enumerate(row):
                width = self._natural(cell, CELL)
                if width > body[column]:
                    body[column] = width
        natural = list(map(max, header, body))
        measures = Measures(natural, natural, natural)
        if measures.full(natural) <= room:
            return measures
        words = self._words(band)
        unbroken = [wide if wide <= _UNBROKEN else word for wide, word in zip(body, words, strict=True)]
        return Measures(natural, list(map(max, unbroken, words)), words)

    def _words(self, band: Band) -> list[float]:
        longest = [0.0] * len(band.header)
        for row, style in chain([(band.header, HEADER)], ((row, CELL) for row in _filled(band))):
            for column, cell in enumerate(row):
                # No word is wider than its cell, so most cells need no closer look.
                if longest[column] < _LONGEST_WORD and self._natural(cell, style) > longest[column]:
                    word = self._type.longest_word(self.spans(cell, style))
                    longest[column] = min(_LONGEST_WORD, max(longest[column], word))
        return longest

    def _natural(self, cell: Inlines, style: Style) -> float:
        return self._type.natural_width(self.spans(cell, style)) if cell else 0.0


def _with_breaks(cell: Inlines) -> Iterator[Inline]:
    """A line end within the text of a cell ends a line, as nowhere else in a document."""
    for inline in cell:
        if not isinstance(inline, Run):
            yield inline
            continue
        for number, line in enumerate(single_line_ends(inline.text).split("\n")):
            if number:
                yield LineBreak()
            if line:
                yield replace(inline, text=line)


def _filled(band: Band) -> Iterator[tuple[Inlines, ...]]:
    return (row for row in band.rows if not isinstance(row, Gap))


def columns_of(band: Band, measures: Measures, left: float, right: float, smallest: float) -> Columns:
    """The columns between two edges, in letters of the usual size or no smaller than `smallest` of it."""
    count = len(band.header)
    scale, least = measures.fitted(right - left, smallest)
    pad = measures.pad * scale
    room = right - left - 2 * pad * count
    natural = [width * scale for width in measures.natural]
    widths = fit_columns(natural, [width * scale for width in least], max(room, count * 4.0))
    total = sum(widths)
    if total < room:
        widths = [width * room / total for width in widths] if total > room * _STRETCHED else widths
        widths = [width + min(_AIR, (room - sum(widths)) / count) for width in widths]
    full = sum(widths) + 2 * pad * count
    at = edge = right - full if is_backwards(band.header) else left
    lefts: list[float] = []
    for width in widths:
        lefts.append(at + pad)
        at += width + 2 * pad
    return Columns(
        edge,
        lefts,
        [width + 0.01 for width in widths],
        edge + full,
        scale,
        CELL.at(CELL.size * scale),
        HEADER.at(HEADER.size * scale),
        tuple(alignment or "start" for alignment in band.alignments),
    )


def is_backwards(header: Sequence[Inlines]) -> bool:
    """Whether most of its words run from right to left, also once it is mirrored; figures run either way."""
    cells = [text for text in map(plain_text, header) if any(map(str.isalpha, text))]
    return 2 * sum(map(base_level, cells)) > len(cells)
