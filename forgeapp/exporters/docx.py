"""DOCX: real styles, numbering, footnotes and tables, written as text and packed by python-docx.

The body is written as one string rather than through python-docx's objects, whose cells cost a search each
(250 tables of 25 x 5: 385 times as long). Source of the format: ECMA-376 (WordprocessingML).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.document import Block, Footnote, Paragraph, Run, TableBlock, walk
from forgeapp.domain.publication import Progress, Publication
from forgeapp.exporters.docx_blocks import blocks_xml
from forgeapp.exporters.docx_story import Manuscript, Story
from forgeapp.exporters.docx_styles import (
    DECLARATION,
    NAMESPACES,
    fonts_xml,
    footer_xml,
    footnotes_xml,
    numbering_xml,
    settings_xml,
    styles_xml,
)
from forgeapp.exporters.docx_tables import natural_widths
from forgeapp.exporters.docx_text import storable

A4 = (11_906, 16_838)
"""Twips, upright."""
MARGIN = 1_134
_NOTE_REFERENCE = (
    '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/><w:t xml:space="preserve"> </w:t></w:r>'
)


class DocxExporter:
    format = Format.DOCX

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        page = _page(publication)
        blocks = tuple(block for block in publication.blocks if not isinstance(block, Footnote))
        notes = {block.label: block for block in publication.blocks if isinstance(block, Footnote)}
        manuscript = Manuscript(page[0] - 2 * MARGIN, page[1] - 2 * MARGIN, notes)
        body, foot = Story(manuscript), Story(manuscript, holds_marks=False)

        parts: list[str] = []
        for number, xml in enumerate(blocks_xml(body, blocks)):
            parts.append(xml)
            if number % 50 == 0:
                progress(0.8 * min(1.0, number / (len(blocks) + 1)))
        marked = [notes[label] for label in manuscript.numbers]
        footnotes = [_note(foot, note) for note in marked]
        body.holds_marks = False
        parts.extend(blocks_xml(body, _unmarked(notes, manuscript)))
        _pack(publication, page, "".join(parts), footnotes, body, foot).save(str(target))
        progress(1.0)
        return manuscript.warnings()

    def verify(self, publication: Publication, path: Path) -> list[str]:
        from forgeapp.exporters.docx_verify import differences

        return differences(publication.blocks, path)


def _page(publication: Publication) -> tuple[int, int]:
    """A4, on its side for tables and sheets that are too wide upright."""
    if publication.kind in (Kind.TABLE, Kind.SPREADSHEET):
        tables = (block for block in walk(publication.blocks) if isinstance(block, TableBlock))
        if any(sum(natural_widths(table)[0]) > (A4[0] - 2 * MARGIN) * 1.15 for table in tables):
            return A4[1], A4[0]
    return A4


def _note(story: Story, note: Footnote) -> str:
    """A footnote's content; its number stands in its first paragraph."""
    first, rest = (note.blocks[0], note.blocks[1:]) if note.blocks else (None, ())
    blocks: tuple[Block, ...] = rest
    if not isinstance(first, Paragraph):
        first, blocks = Paragraph(()), note.blocks
    opening, *_ = blocks_xml(story, (first,), "FootnoteText")
    head, _, tail = opening.partition("</w:pPr>")
    return f"{head}</w:pPr>{_NOTE_REFERENCE}{tail}{''.join(blocks_xml(story, blocks, 'FootnoteText'))}"


def _unmarked(notes: dict[str, Footnote], manuscript: Manuscript) -> list[Block]:
    """Footnotes nothing in the body refers to: their text is kept, at the end."""
    blocks: list[Block] = []
    for label, note in notes.items():
        if label not in manuscript.numbers:
            manuscript.notice("a footnote without a mark was written at the end")
            blocks += [Paragraph((Run(f"[{label}]", bold=True),)), *note.blocks]
    return blocks


def _pack(
    publication: Publication, page: tuple[int, int], body: str, footnotes: list[str], story: Story, foot: Story
) -> Package:
    package, manuscript = Package(), story.manuscript
    orientation = ' w:orient="landscape"' if page[0] > page[1] else ""
    document_xml = (
        f'{DECLARATION}<w:document {NAMESPACES}><w:body>{body}<w:sectPr><w:footerReference w:type="default" '
        f'r:id="rIdFooter"/><w:pgSz w:w="{page[0]}" w:h="{page[1]}"{orientation}/><w:pgMar w:top="{MARGIN}" '
        f'w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}" w:header="567" w:footer="567" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    ).encode()
    document = Part(PackURI("/word/document.xml"), CONTENT_TYPE.WML_DOCUMENT_MAIN, document_xml, package)
    language = storable(publication.properties.get("language", ""))
    east_asian = manuscript.typesetter.east_asian_language
    fixed = [
        ("Styles", "styles", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES, styles_xml(language, east_asian)),
        ("Settings", "settings", CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS, settings_xml()),
        ("Fonts", "fontTable", CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE, fonts_xml()),
        ("Footer", "footer1", CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER, footer_xml()),
        (
            "Numbering",
            "numbering",
            CONTENT_TYPE.WML_NUMBERING,
            RELATIONSHIP_TYPE.NUMBERING,
            numbering_xml(manuscript.lists),
        ),
        (
            "Footnotes",
            "footnotes",
            CONTENT_TYPE.WML_FOOTNOTES,
            RELATIONSHIP_TYPE.FOOTNOTES,
            footnotes_xml(footnotes),
        ),
    ]
    for name, file_name, content_type, relationship, xml in fixed:
        part = Part(PackURI(f"/word/{file_name}.xml"), content_type, xml, package)
        document.load_rel(relationship, part, f"rId{name}")
        if name == "Footnotes":
            footnotes_part = part
    media = {
        name: Part(
            PackURI(f"/word/media/image{number}.{file.extension}"), f"image/{file.extension}", file.data, package
        )
        for number, (name, file) in enumerate(manuscript.pictures.items(), 1)
    }
    for part, source in ((document, story), (footnotes_part, foot)):
        for target, (identity, kind) in source.relationships.items():
            if kind == "image":
                part.load_rel(RELATIONSHIP_TYPE.IMAGE, media[target], identity)
            else:
                part.load_rel(RELATIONSHIP_TYPE.HYPERLINK, target, identity, is_external=True)
    package.relate_to(document, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    _set_properties(package, publication, language)
    return package


def _set_properties(package: Package, publication: Publication, language: str) -> None:
    core = package.core_properties
    author = storable(publication.properties.get("author", ""))[:255]
    core.title = storable(publication.title)[:255]
    core.subject = storable(publication.properties.get("subject", ""))[:255]
    core.language = language[:255]
    core.author = core.last_modified_by = author
    core.created = core.modified = datetime.now(UTC)


EXPORTER = DocxExporter()
