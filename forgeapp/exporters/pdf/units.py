"""What the text of a PDF must hold, in reading order: a publication as words that stand together on its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    Heading,
    Inlines,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    TableBlock,
    walk,
)
from forgeapp.domain.publication import Publication
from forgeapp.exporters.pdf.bands import Gap, bands
from forgeapp.exporters.pdf.characters import RUNS_BACKWARDS, single_line_ends
from forgeapp.exporters.pdf.columns import is_backwards
from forgeapp.exporters.pdf.notes import numbered
from forgeapp.exporters.spoken import spoken

_DIVIDED_CHARS, _DIVIDED_PARTS = 12, 4
"""A cell of fewer has no room for a page break."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Text that stands together.

    `can_divide`: a page break may stand inside with other text between. `may_turn`: it shares its line with others
    that may run from right to left. `starts_anew`: it may stand anywhere, what follows after it. `below`: the header
    that stands above it, should a page begin before it. `lines`: where it is more than one, each ends where it does.
    """

    name: str
    text: str
    can_divide: bool = False
    may_turn: bool = False
    starts_anew: bool = False
    below: str = ""
    lines: tuple[str, ...] = ()


def body_and_notes(publication: Publication) -> tuple[list[Unit], list[Unit]]:
    """The units of the text, and of its footnotes, which stand at the feet of the pages."""
    notes = [block for block in publication.blocks if isinstance(block, Footnote)]
    body = [block for block in publication.blocks if not isinstance(block, Footnote)]
    numbers = {label: str(number) for label, number in numbered(notes).items()}
    has_line_numbers = publication.options.line_numbers
    # A footnote that goes on overleaf does so without the header of its table.
    reader = _Reader(numbers, has_line_numbers, has_headers_again=False)
    foot: list[Unit] = []
    for number, note in enumerate(notes, 1):
        inside = list(reader.units(note.blocks))
        # The sign before an item stands between the number and its words.
        begins_with_list = bool(note.blocks) and isinstance(note.blocks[0], ListBlock)
        if _is_turned(inside) or not inside or begins_with_list:
            first = [Unit(f"the footnote {number}", f"{number}.", may_turn=bool(inside), starts_anew=True)]
        else:
            # Together, for a number alone may stand anywhere.
            words = f"{number}. {inside[0].text}"
            first, inside = [Unit(f"the footnote {number}", words, inside[0].can_divide, starts_anew=True)], inside[1:]
        foot += [*first, *inside]
    return list(_Reader(numbers, has_line_numbers, has_headers_again=True).units(body)), foot


@dataclass(frozen=True, slots=True)
class _Reader:
    numbers: Mapping[str, str]
    has_line_numbers: bool
    has_headers_again: bool

    def units(self, blocks: Sequence[Block]) -> Iterator[Unit]:
        """In the order of writing."""
        for block in blocks:
            match block:
                case Heading(inlines=inlines):
                    yield Unit("the heading", spoken(inlines, self.numbers))
                case Paragraph(inlines=inlines):
                    yield Unit("the paragraph", spoken(inlines, self.numbers))
                case ListBlock(items=items):
                    for index, item in enumerate(items):
                        inside = list(self.units(item.blocks))
                        if block.ordered:
                            yield Unit("the list number", f"{block.start + index}.", may_turn=_is_turned(inside))
                        yield from inside
                case TableBlock():
                    yield from self._cells(block)
                case CodeBlock(text=text):
                    yield from self._code(text)
                case MathBlock(tex=tex):
                    yield Unit("the formula", tex)
                case Quote(blocks=inner):
                    yield from self.units(inner)
                case _:
                    pass

    def _cells(self, table: TableBlock) -> Iterator[Unit]:
        for band in bands(table):
            begins_right = is_backwards(band.header)
            header = "".join(spoken(cell, self.numbers) for cell in band.header)
            for number, row in enumerate((band.header, *band.rows)):
                below = header if number and self.has_headers_again else ""
                if isinstance(row, Gap):
                    yield Unit("the line about empty rows", row.text, below=below)
                    continue
                texts = [spoken(cell, self.numbers) for cell in row]
                turns = any(map(RUNS_BACKWARDS.search, texts))
                cells = list(zip(row, texts, strict=True))
                # What has no direction of its own is read from left to right, wherever its row begins.
                for cell, text in reversed(cells) if begins_right and not turns else cells:
                    # A row is only divided where it has more than a few lines.
                    can_divide = len(text) >= _DIVIDED_CHARS or len(cell) >= _DIVIDED_PARTS
                    yield Unit("the table cell", text, can_divide, turns, below=below, lines=_lines(text))

    def _code(self, text: str) -> Iterator[Unit]:
        turns = RUNS_BACKWARDS.search(text) is not None
        # As the writer takes it, who leaves out a last empty line.
        for number, line in enumerate(single_line_ends(text).removesuffix("\n").split("\n"), 1):
            if self.has_line_numbers:
                yield Unit("the line number", str(number), may_turn=turns)
            yield Unit("the line of code", line, may_turn=turns)


def _lines(text: str) -> tuple[str, ...]:
    lines = single_line_ends(text).split("\n")
    return tuple(lines) if len(lines) > 1 else ()


def _is_turned(units: Sequence[Unit]) -> bool:
    """Of what stands in a list item: its first words share the line with its number."""
    return any(unit.may_turn or RUNS_BACKWARDS.search(unit.text) for unit in units[:2])


def inlines_of(blocks: Blocks) -> Iterator[Inlines]:
    """Every line of text, in reading order; a table's as they are written, with columns that are repeated."""
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                yield inlines
            case TableBlock():
                for band in bands(block):
                    yield from band.header
                    for row in band.rows:
                        if not isinstance(row, Gap):
                            yield from row
            case _:
                pass


def pictures_of(blocks: Blocks) -> Iterator[Picture]:
    for inlines in inlines_of(blocks):
        yield from (inline for inline in inlines if isinstance(inline, Picture))


def headings_of(blocks: Blocks) -> list[Heading]:
    """Those in the outline."""
    body = [block for block in blocks if not isinstance(block, Footnote)]
    return [block for block in walk(body) if isinstance(block, Heading)]
