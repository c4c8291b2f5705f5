"""The pages of a DOCX file: paper, margins, and the sections that lie on their side for a wide table.

Source: ECMA-376 part 1, 17.6 (sections). Lengths are twips.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Block, Blocks, Footnote, Heading, Paragraph, TableBlock, plain_text
from forgeapp.domain.export_options import Paper
from forgeapp.domain.publication import Publication
from forgeapp.exporters.docx.captions import is_caption
from forgeapp.exporters.docx.tables import is_too_wide

MARGIN = 1_134
_FOOTER = 567
_BETWEEN_CHARS = 600
"""So little text between two wide tables stays on its side with them."""


@dataclass(frozen=True, slots=True)
class Page:
    width: int
    height: int

    @property
    def is_landscape(self) -> bool:
        return self.width > self.height

    @property
    def text_width(self) -> int:
        return self.width - 2 * MARGIN

    @property
    def text_height(self) -> int:
        return self.height - 2 * MARGIN

    def turned(self) -> Page:
        return Page(self.height, self.width)


UPRIGHT = {Paper.A4: Page(11_906, 16_838), Paper.LETTER: Page(12_240, 15_840)}


@dataclass(frozen=True, slots=True)
class Section:
    page: Page
    blocks: Blocks


def sections_of(publication: Publication) -> list[Section]:
    """All blocks but footnotes, in order; at least one section."""
    page = UPRIGHT[publication.options.paper]
    blocks = tuple(block for block in publication.blocks if not isinstance(block, Footnote))
    is_figures = publication.kind in (Kind.TABLE, Kind.SPREADSHEET)
    sides = [isinstance(block, TableBlock) and is_too_wide(block, page.text_width, is_figures) for block in blocks]
    if any(sides):
        _take_neighbours(blocks, sides)
    pairs = groupby(zip(blocks, sides, strict=True), lambda pair: pair[1])
    sections = [
        Section(page.turned() if is_turned else page, tuple(block for block, _ in group)) for is_turned, group in pairs
    ]
    return sections or [Section(page, ())]


def _take_neighbours(blocks: Sequence[Block], sides: list[bool]) -> None:
    """A wide table takes with it the headings and captions that belong to it, and what little stands between two."""
    for at in range(len(blocks) - 1, 0, -1):
        if sides[at] and (isinstance(blocks[at - 1], Heading) or is_caption(blocks, at - 1)):
            sides[at - 1] = True
    for at in range(1, len(blocks)):
        if sides[at - 1] and isinstance(blocks[at - 1], TableBlock) and is_caption(blocks, at):
            sides[at] = True
    start = None
    for at, is_turned in enumerate(sides):
        if is_turned:
            if start is not None and _is_little(blocks[start:at]):
                sides[start:at] = [True] * (at - start)
            start = at + 1


def _is_little(blocks: Sequence[Block]) -> bool:
    chars = 0
    for block in blocks:
        if not isinstance(block, Heading | Paragraph):
            return False
        chars += len(plain_text(block.inlines))
    return chars <= _BETWEEN_CHARS


def footer_id(page: Page) -> str:
    """Of the relationship: what stands at the right of a footer depends on the page's width."""
    return "rIdFooterWide" if page.is_landscape else "rIdFooter"


def section_xml(page: Page, has_footer: bool = True) -> str:
    """A `w:sectPr`; one without a footer shows no page number."""
    footer = f'<w:footerReference w:type="default" r:id="{footer_id(page)}"/>' if has_footer else ""
    orientation = ' w:orient="landscape"' if page.is_landscape else ""
    return (
        f'<w:sectPr>{footer}<w:pgSz w:w="{page.width}" w:h="{page.height}"{orientation}/>'
        f'<w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}" w:header="{_FOOTER}" '
        f'w:footer="{_FOOTER}" w:gutter="0"/></w:sectPr>'
    )


def break_xml(page: Page, has_footer: bool = True) -> str:
    """The end of a section that is not the last: an empty paragraph that takes no room."""
    spacing = '<w:spacing w:line="20" w:lineRule="exact"/>'
    return f'<w:p><w:pPr><w:pStyle w:val="Gap"/>{spacing}{section_xml(page, has_footer)}</w:pPr></w:p>'
