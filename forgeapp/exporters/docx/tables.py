"""Tables as WordprocessingML: one string a table, columns as wide as their text and the page allow."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from forgeapp.domain.document import Inlines, LineBreak, Picture, Run, TableBlock, plain_text
from forgeapp.domain.wording import Text
from forgeapp.exporters.docx.story import Story
from forgeapp.exporters.docx.text import escape, is_right_to_left
from forgeapp.exporters.layout import fit_columns, is_better_sideways
from forgeapp.exporters.pictures import picture_size

MAX_COLUMNS = 63
"""Word opens no table with more."""
TWIPS_PER_PIXEL = 15
CELL_PADDING = 100
"""Twips at either side of a cell's text; the table style says the same."""
_CHARACTER = 124
"""Twips a character of table text takes at 9.5 points, with room for another font than ours."""
_HEADING_CHARACTER = 160
_LONGEST_WORD = 24
_MARK = "00"
"""The room of a footnote's number."""
_SMALLEST = 300
_SAMPLED_ROWS = 120
_PICTURE_WIDTH, _SMALLEST_PICTURE = 4_500, 1_700
"""What a picture asks for in a cell, and what it needs to be seen: no more than its own width."""
_TALL_LINES = 14
"""A row of more may break over pages: one that may not leaves a page half empty."""


def column_slices(columns: int) -> list[slice]:
    """The tables a table becomes, side by side no longer: one, unless Word takes it not."""
    return [slice(start, min(start + MAX_COLUMNS, columns)) for start in range(0, columns, MAX_COLUMNS)]


def table_xml(story: Story, table: TableBlock, indent: int = 0) -> Iterator[str]:
    """One `w:tbl` row by row, or several after one another; nothing for a table without columns. `indent` in twips."""
    slices = column_slices(len(table.header))
    if len(slices) > 1:
        story.manuscript.notice(
            Text(
                "docx_table_split",
                "a table of {columns} columns was written as {tables}, for Word takes {most}",
                columns=len(table.header),
                tables=len(slices),
                most=MAX_COLUMNS,
            )
        )
    for part in slices:
        if part.start:
            yield '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'
        is_whole = len(slices) == 1
        rows = table.rows if is_whole else tuple(row[part] for row in table.rows)
        yield from _table(story, TableBlock(table.header[part], rows, table.alignments[part]), indent)


def natural_widths(table: TableBlock) -> tuple[list[float], list[float]]:
    """Of each column: the twips at which nothing wraps, and those of its longest word."""
    step = max(1, len(table.rows) // _SAMPLED_ROWS)
    natural, smallest = [], []
    for column, head in enumerate(table.header):
        heading, *texts = (_shown(cell) for cell in (head, *(row[column] for row in table.rows[::step])))
        longest = max((_length(line) for text in texts for line in text.split("\n")), default=1)
        word = max((_length(word) for text in texts for word in text.split()), default=1)
        heading_word = max((_length(word) for word in heading.split()), default=1)
        picture = max((_picture_width(cell) for cell in (head, *(row[column] for row in table.rows))), default=0)
        wide = max(longest * _CHARACTER, _length(heading) * _HEADING_CHARACTER, min(picture, _PICTURE_WIDTH))
        narrow = max(min(word, _LONGEST_WORD) * _CHARACTER, min(heading_word, _LONGEST_WORD) * _HEADING_CHARACTER)
        narrow = max(narrow, min(picture, _SMALLEST_PICTURE))
        natural.append(float(max(wide, _SMALLEST) + 2 * CELL_PADDING))
        smallest.append(float(max(narrow, _SMALLEST) + 2 * CELL_PADDING))
    return natural, smallest


def _picture_width(cell: Inlines) -> int:
    """Of the widest picture in a cell, in twips; 0 without one."""
    if len(cell) == 1 and type(cell[0]) is Run:
        return 0
    sizes = (picture_size(inline.source) for inline in cell if isinstance(inline, Picture))
    return max((size[0] * TWIPS_PER_PIXEL for size in sizes if size), default=0)


def column_widths(table: TableBlock, room: float) -> list[int]:
    """In twips, no wider than `room` together."""
    natural, smallest = natural_widths(table)
    return [round(width) for width in fit_columns(natural, smallest, room)]


def is_too_wide(table: TableBlock, room: int, is_figures: bool) -> bool:
    """Whether a table is better set on a page on its side. `is_figures`: its cells are not meant to wrap."""
    least = 1 if is_figures else 2
    if not least < len(table.header) <= MAX_COLUMNS:
        # Two columns of the longest words fit upright.
        return False
    natural, smallest = natural_widths(table)
    if is_figures:
        return sum(natural) > room * 1.15
    return sum(smallest) > room or is_better_sideways(natural, room)


def _shown(cell: Inlines) -> str:
    if len(cell) > 1 or (cell and isinstance(cell[0], Picture)):
        cell = tuple(inline for inline in cell if not (isinstance(inline, Picture) and picture_size(inline.source)))
    return plain_text(cell, footnote_mark=_MARK)


def _length(text: str) -> int:
    """Characters, wide ones twice; far beyond any page it is all one."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text[:1_000])


def _table(story: Story, table: TableBlock, indent: int) -> Iterator[str]:
    room = story.manuscript.text_width - indent
    widths = column_widths(table, room)
    rtl = is_right_to_left(" ".join(plain_text(cell) for cell in table.header))
    if rtl:
        # As wide as the text: programs disagree at which side a narrower one stands.
        widths = [round(width * room / sum(widths)) for width in widths]
    has_header = any(table.header)
    opening = [
        '<w:tbl><w:tblPr><w:tblStyle w:val="ForgeTable"/>',
        "<w:bidiVisual/>" if rtl else "",
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>',
        f'<w:tblInd w:w="{indent}" w:type="dxa"/>' if indent else "",
        '<w:tblLayout w:type="fixed"/>',
        f'<w:tblLook w:val="{"0620" if has_header else "0600"}" w:firstRow="{has_header:d}" w:lastRow="0" '
        'w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>',
        *(f'<w:gridCol w:w="{width}"/>' for width in widths),
        "</w:tblGrid>",
    ]
    yield "".join(opening)
    if has_header:
        openings = _cell_openings(widths, table.alignments, "TableHeading")
        yield _row("<w:cantSplit/><w:tblHeader/>", story, table.header, openings, widths)
    openings = _cell_openings(widths, table.alignments, "TableText")
    most = [_TALL_LINES * max(width - 2 * CELL_PADDING, _SMALLEST) // _CHARACTER for width in widths]
    for row in table.rows:
        yield _row("" if _is_tall(row, most) else "<w:cantSplit/>", story, row, openings, widths)
    yield "</w:tbl>"


def _is_tall(row: Sequence[Inlines], most: Sequence[int]) -> bool:
    """`most`: the characters of each column that still fill few lines."""
    for cell, chars in zip(row, most, strict=True):
        if len(cell) == 1 and type(cell[0]) is Run:
            if len(cell[0].text) > chars:
                return True
        elif len(plain_text(cell)) > chars or sum(isinstance(inline, LineBreak) for inline in cell) > _TALL_LINES:
            return True
    return False


def _cell_openings(widths: Sequence[int], alignments: Sequence[str | None], style: str) -> list[tuple[str, str, str]]:
    """Per column the cell up to its text: the beginning, and the end for text from the left and from the right."""
    return [
        (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>',
            f"{_side(alignment, 'right')}</w:pPr>",
            # In such a paragraph 'right' is where lines end, which is the left (17.3.1.13).
            f"<w:bidi/>{_side(alignment, 'left')}</w:pPr>",
        )
        for width, alignment in zip(widths, alignments, strict=True)
    ]


def _side(alignment: str | None, far: str) -> str:
    """`far`: the side where lines end."""
    if alignment == "center":
        return '<w:jc w:val="center"/>'
    return '<w:jc w:val="right"/>' if alignment == far else ""


def _row(
    properties: str,
    story: Story,
    cells: Sequence[Inlines],
    openings: list[tuple[str, str, str]],
    widths: Sequence[int],
) -> str:
    parts = [f"<w:tr><w:trPr>{properties}</w:trPr>" if properties else "<w:tr>"]
    for cell, (opening, from_left, from_right), width in zip(cells, openings, widths, strict=True):
        if len(cell) == 1 and type(cell[0]) is Run and _is_plain(cell[0]):
            text = escape(cell[0].text)
            parts.append(f'{opening}{from_left}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p></w:tc>')
            continue
        rtl = is_right_to_left(plain_text(cell))
        content = story.inlines(cell, rtl, width - 2 * CELL_PADDING)
        parts.append(f"{opening}{from_right if rtl else from_left}{content}</w:p></w:tc>")
    parts.append("</w:tr>")
    return "".join(parts)


def _is_plain(run: Run) -> bool:
    """Most cells are: one run with no style, of characters that need no care."""
    text = run.text
    return text.isascii() and text.isprintable() and not (run.bold or run.italic or run.strike or run.code or run.link)
