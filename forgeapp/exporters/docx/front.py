"""What stands before the text of a DOCX file: its cover, and its contents as a field Word can bring up to date.

Source: ECMA-376 part 1, 17.16.5.68 (TOC), 17.16.5.45 (PAGEREF), 17.5.2 (content controls). The page numbers of the
contents are estimates: only a program that lays the text out knows them, and to make it do so when the file is opened
Word would first ask the reader for leave.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from forgeapp.domain.document import Blocks, Heading, Run, plain_text
from forgeapp.domain.publication import Publication
from forgeapp.exporters.docx.text import Typesetter, escape, is_right_to_left, storable
from forgeapp.exporters.front import cover_title, title_heading
from forgeapp.exporters.front_words import date_in_words
from forgeapp.exporters.language import told_language

INSTRUCTION = 'TOC \\o "1-3" \\h \\z \\u'
REFERENCE = "_Ref"
_LARGE_TITLE_CHARS = 100
"""Four lines of the largest letters."""
TEXT_MARK = "_ForgeText"
"""The name of the bookmark around all that stands behind the title."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`page` is an estimate."""

    level: int
    text: str
    bookmark: str
    page: int


@dataclass(frozen=True, slots=True)
class CoverLine:
    style: str
    text: str


def cover_lines(publication: Publication, created: datetime) -> list[CoverLine]:
    """Title, subject, author and day; what is not known is left out."""
    properties = publication.properties
    lines = (
        CoverLine("Title", cover_title(publication.title)),
        CoverLine("Subtitle", properties.get("subject", "")),
        CoverLine("Subtitle", properties.get("author", "")),
        CoverLine("Date", date_in_words(created, told_language(publication))),
    )
    cleaned = (CoverLine(line.style, " ".join(storable(line.text).split())) for line in lines)
    return [line for line in cleaned if line.text]


def entry_text(heading: Heading) -> str:
    return " ".join(storable(plain_text(heading.inlines)).split())


def bookmark_of(number: int) -> str:
    """The name of the bookmark at the heading of that number, from 1, as Word names its own."""
    return f"_Toc{number:09d}"


def reference_of(number: int) -> str:
    """The name of the bookmark at the heading of that number among all, from 1, where links of the text lead to it."""
    return f"{REFERENCE}{number:09d}"


def entries_of(headings: Sequence[Heading], pages: Sequence[int]) -> list[Entry]:
    """`pages` of the listed headings, in order."""
    return [
        Entry(heading.level, entry_text(heading), bookmark_of(number), page)
        for number, (heading, page) in enumerate(zip(headings, pages, strict=True), 1)
    ]


def cover_xml(lines: Iterable[CoverLine], typesetter: Typesetter, section_break: str) -> str:
    """A long title is set smaller, so that it leaves the other lines room on the page."""
    content = "".join(_paragraph(_fitting_style(line), _runs(line.text, typesetter), line.text) for line in lines)
    return _control("Cover Pages", content) + section_break


def _fitting_style(line: CoverLine) -> str:
    wide = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line.text)
    return "LongTitle" if line.style == "Title" and wide > _LARGE_TITLE_CHARS else line.style


def contents_instruction(blocks: Blocks) -> str:
    """What the field is told: brought up to date it is not to take up the title, which stands before TEXT_MARK."""
    return INSTRUCTION if title_heading(blocks) is None else f"{INSTRUCTION} \\b {TEXT_MARK}"


def contents_xml(entries: Sequence[Entry], instruction: str, heading: str, typesetter: Typesetter) -> str:
    """The field, with an entry for each heading; there is at least one."""
    opening = f"{_field('begin')}{_instruction(instruction)}{_field('separate')}"
    parts = [_paragraph("TOCHeading", _runs(heading, typesetter), heading)]
    for number, entry in enumerate(entries, 1):
        page = (
            f"{_field('begin')}{_instruction(page_instruction(entry))}{_field('separate')}"
            f"<w:r><w:t>{entry.page}</w:t></w:r>{_field('end')}"
        )
        link = (
            f'<w:hyperlink w:anchor="{entry.bookmark}" w:history="1">{_runs(entry.text, typesetter)}'
            f"<w:r><w:tab/></w:r>{page}</w:hyperlink>"
        )
        ending = _field("end") if number == len(entries) else ""
        parts.append(_paragraph(f"TOC{entry.level}", f"{opening if number == 1 else ''}{link}{ending}", entry.text))
    return _control("Table of Contents", "".join(parts))


def page_instruction(entry: Entry) -> str:
    return f"PAGEREF {entry.bookmark} \\h"


def _control(gallery: str, content: str) -> str:
    return (
        f'<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="{gallery}"/><w:docPartUnique/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def _paragraph(style: str, content: str, text: str = "") -> str:
    bidi = "<w:bidi/>" if is_right_to_left(text) else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{bidi}</w:pPr>{content}</w:p>'


def _runs(text: str, typesetter: Typesetter) -> str:
    return typesetter.runs(Run(text), is_right_to_left(text))


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve"> {escape(text)} </w:instrText></w:r>'
