"""How far down a DOCX file its headings stand: an estimate of pages, for the numbers in the contents.

Nobody but the program that opens the file lays it out. The figures are those of docx.styles; lengths are twips.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Heading,
    Inlines,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    TableBlock,
    plain_text,
)
from forgeapp.domain.publication import Publication
from forgeapp.exporters.docx.front import Entry, entries_of
from forgeapp.exporters.docx.sections import UPRIGHT, Section
from forgeapp.exporters.docx.tables import CELL_PADDING, TWIPS_PER_PIXEL, column_widths
from forgeapp.exporters.front import is_listed, listed_headings, title_heading
from forgeapp.exporters.pictures import picture_size

_CHARACTER, _LINE, _AFTER = 101, 287, 120
_CELL_CHARACTER, _ROW_LINE, _ROW_AROUND = 92, 243, 85
_CODE_CHARACTER, _CODE_LINE, _CODE_AROUND = 99, 222, 560
_HEADINGS = {
    1: (190, 464, 160),
    2: (150, 366, 420),
    3: (130, 317, 340),
    4: (115, 281, 280),
    5: (105, 256, 260),
    6: (105, 256, 260),
}
"""Width of a character, height of a line, room above and below."""
_INDENT = 360
_MATH, _RULE = 900, 480
_CONTENTS_TITLE, _CONTENTS_LINE = 700, 340


def contents_of(publication: Publication, sections: Sequence[Section]) -> list[Entry]:
    """What the contents say; [] where there are too few headings."""
    headings = [heading for _, heading in listed_headings(publication.blocks)]
    if not headings:
        return []
    height = _CONTENTS_TITLE + len(headings) * _CONTENTS_LINE
    own_pages = ceil(height / UPRIGHT[publication.options.paper].text_height)
    title = title_heading(publication.blocks)
    return entries_of(headings, heading_pages(sections, title, 1 + publication.options.cover + own_pages))


def heading_pages(sections: Sequence[Section], title: Heading | None, first: int) -> list[int]:
    """The page of each heading but the `title` that may be listed, in order; the text begins on page `first`."""
    pages: list[int] = []
    page = first
    for number, section in enumerate(sections):
        page += number > 0
        down = 0
        for heading, height in _stretches(section.blocks, section.page.text_width, section.page.text_height):
            room = section.page.text_height
            if heading is not None and down + height + 2 * _LINE > room:
                # A heading stays with what follows it.
                page, down = page + 1, 0
            if heading is not None and is_listed(heading, title):
                pages.append(page)
            down += height
            page, down = page + down // room, down % room
    return pages


def _stretches(blocks: Iterable[Block], width: int, most: int) -> Iterator[tuple[Heading | None, int]]:
    """Each piece of text that is not broken, with its height."""
    for block in blocks:
        match block:
            case Heading(level=level, inlines=inlines):
                character, line, around = _HEADINGS[level]
                yield block, _lines(inlines, width, character) * line + around
            case Paragraph(inlines=inlines):
                for _ in range(_lines(inlines, width, _CHARACTER)):
                    yield None, _LINE
                pictures = [inline for inline in inlines if isinstance(inline, Picture)]
                yield None, _AFTER + sum(_picture_height(picture, width, most) for picture in pictures)
            case ListBlock(items=items, tight=tight):
                for item in items:
                    yield from _stretches(item.blocks, width - _INDENT, most)
                    yield None, -80 if tight else 0
            case TableBlock():
                yield from ((None, height) for height in _row_heights(block, width, most))
                yield None, 200
            case CodeBlock(text=text):
                for code in text.split("\n"):
                    yield None, max(1, ceil(_length(code) * _CODE_CHARACTER / (width - 240))) * _CODE_LINE
                yield None, _CODE_AROUND
            case MathBlock(tex=tex):
                yield None, _MATH + _LINE * tex.count("\\\\")
            case Quote(blocks=inner):
                yield from _stretches(inner, width - _INDENT, most)
            case Rule():
                yield None, _RULE
            case _:
                pass


def _lines(inlines: Inlines, width: int, character: int) -> int:
    texts = plain_text(inlines, line_break="\n").split("\n")
    return sum(max(1, ceil(_length(text) * character / max(width, 1_000))) for text in texts)


def _row_heights(table: TableBlock, width: int, most: int) -> Iterator[int]:
    if not table.header:
        return
    widths = [max(each - 2 * CELL_PADDING, 200) for each in column_widths(table, width)]
    for row in (table.header, *table.rows):
        lines = max(
            ceil(_length(plain_text(cell)) * _CELL_CHARACTER / room) for cell, room in zip(row, widths, strict=False)
        )
        pictures = (
            _picture_height(inline, room, most)
            for cell, room in zip(row, widths, strict=False)
            for inline in cell
            if isinstance(inline, Picture)
        )
        yield max(max(lines, 1) * _ROW_LINE, *pictures, 0) + _ROW_AROUND


def _length(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def _picture_height(picture: Picture, width: int, most: int) -> int:
    size = picture_size(picture.source)
    if size is None:
        return 0
    wide, high = size[0] * TWIPS_PER_PIXEL, size[1] * TWIPS_PER_PIXEL
    return min(round(high * min(1.0, width / wide)), most)
