"""DOCX: Word's own styles, numbering, footnotes, equations and contents, written as text and packed by python-docx.

The body is written as text rather than through python-docx's objects, whose cells cost a search each
(250 tables of 25 x 5: 385 times as long). Source of the format: ECMA-376 (WordprocessingML).
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package

from forgeapp.domain.anchors import linked_places
from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Block, Footnote, Paragraph, Run
from forgeapp.domain.publication import Progress, Publication
from forgeapp.domain.wording import Text
from forgeapp.exporters.counting import count_of
from forgeapp.exporters.docx.blocks import blocks_xml
from forgeapp.exporters.docx.body import Body, save
from forgeapp.exporters.docx.front import TEXT_MARK, contents_instruction, contents_xml, cover_lines, cover_xml
from forgeapp.exporters.docx.pages import contents_of
from forgeapp.exporters.docx.parts import (
    application_xml,
    fonts_xml,
    footer_xml,
    footnotes_xml,
    numbering_xml,
    settings_xml,
    theme_xml,
)
from forgeapp.exporters.docx.sections import UPRIGHT, Page, Section, break_xml, section_xml, sections_of
from forgeapp.exporters.docx.story import Manuscript, Story
from forgeapp.exporters.docx.styles import styles_xml
from forgeapp.exporters.docx.text import Typesetter, alphabet_of, is_right_to_left, proofing_languages, storable
from forgeapp.exporters.front import created_at, footer_title, listed_headings, title_heading
from forgeapp.exporters.front_words import contents_heading
from forgeapp.exporters.language import beginning_of, language_of, told_language, with_region
from forgeapp.exporters.standins import publication_with_standins

_NOTE_REFERENCE = (
    '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/><w:t xml:space="preserve"> </w:t></w:r>'
)


class DocxExporter:
    format = Format.DOCX

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        publication, warnings = publication_with_standins(publication)
        page, options = UPRIGHT[publication.options.paper], publication.options
        notes = {block.label: block for block in publication.blocks if isinstance(block, Footnote)}
        manuscript = Manuscript(
            page.text_width,
            page.text_height,
            notes,
            has_line_numbers=options.line_numbers,
            typesetter=Typesetter(alphabet_of(beginning_of(publication.blocks)) or "Latn"),
            has_contents=options.contents and bool(listed_headings(publication.blocks)),
            title=title_heading(publication.blocks),
            linked=linked_places(publication.blocks),
        )
        story, foot = Story(manuscript), Story(manuscript, holds_marks=False)
        created = created_at(publication)

        sections, package = sections_of(publication), Package()
        with Body(package) as body:
            _write_text(body, story, sections, progress)
            marked = [notes[label] for label in manuscript.numbers]
            footnotes = [_note(foot, note) for note in marked]
            story.holds_marks = False
            for xml in blocks_xml(story, _unmarked(notes, manuscript)):
                body.write(xml)
            body.write(section_xml(sections[-1].page))
            body.front = _front(publication, manuscript, sections, created)
            _fill(package, publication, page, body, footnotes, story, foot, created)
            save(package, body, target)
        progress(1.0)
        return [*warnings, *manuscript.warnings()]

    def verify(self, publication: Publication, path: Path) -> list[str]:
        from forgeapp.exporters.docx.verify import differences

        return differences(publication_with_standins(publication)[0], path)


def _write_text(body: Body, story: Story, sections: list[Section], progress: Progress) -> None:
    """Section after section; where contents leave the title out, the rest of it as one bookmark."""
    manuscript = story.manuscript
    is_marked, is_open = manuscript.has_contents and manuscript.title is not None, False
    count = count_of(chain.from_iterable(section.blocks for section in sections), lambda share: progress(share * 0.8))
    for number, section in enumerate(sections):
        manuscript.text_width, manuscript.text_height = section.page.text_width, section.page.text_height
        for xml in blocks_xml(story, section.blocks):
            body.write(xml)
            if is_marked and not is_open:
                body.write(manuscript.bookmark_start(TEXT_MARK))
                is_open = True
            count.step()
        if number + 1 < len(sections):
            body.write(break_xml(section.page))
    if is_marked:
        body.write(manuscript.bookmark_end(TEXT_MARK))


def _front(publication: Publication, manuscript: Manuscript, sections: list[Section], created: datetime) -> str:
    """The cover, on a page of its own without a number, and the contents."""
    page, options = UPRIGHT[publication.options.paper], publication.options
    parts = []
    if options.cover:
        lines = cover_lines(publication, created)
        parts.append(cover_xml(lines, manuscript.typesetter, break_xml(page, has_footer=False)))
    if options.contents:
        entries = contents_of(publication, sections)
        if entries:
            instruction = contents_instruction(publication.blocks)
            heading = contents_heading(told_language(publication))
            parts += [contents_xml(entries, instruction, heading, manuscript.typesetter), break_xml(page)]
            manuscript.notice(
                Text(
                    "docx_pages_estimated",
                    "the page numbers of the contents are estimates; in Word, Ctrl+A and F9 bring them up to date",
                )
            )
    return "".join(parts)


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
            manuscript.notice(Text("docx_note_without_mark", "a footnote without a mark was written at the end"))
            blocks += [Paragraph((Run(f"[{label}]", bold=True),)), *note.blocks]
    return blocks


def _fill(
    package: Package,
    publication: Publication,
    page: Page,
    body: Body,
    footnotes: list[str],
    story: Story,
    foot: Story,
    created: datetime,
) -> None:
    """With the body and all the parts that stand beside it."""
    manuscript = story.manuscript
    language = with_region(language_of(publication))
    typesetter = manuscript.typesetter
    title = footer_title(storable(publication.title))
    is_rtl = is_right_to_left(title)

    def foot_of(page: Page) -> bytes:
        return footer_xml(typesetter.runs(Run(title), is_rtl), page.text_width, is_rtl)

    highest_level = min((heading.level for _, heading in listed_headings(publication.blocks)), default=1)
    styles = styles_xml(proofing_languages(language, typesetter), page.text_width, highest_level)
    fixed = [
        ("Styles", "styles", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES, styles),
        ("Theme", "theme/theme1", CONTENT_TYPE.OFC_THEME, RELATIONSHIP_TYPE.THEME, theme_xml()),
        ("Settings", "settings", CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS, settings_xml()),
        ("Fonts", "fontTable", CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE, fonts_xml()),
        ("Footer", "footer1", CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER, foot_of(page)),
        ("FooterWide", "footer2", CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER, foot_of(page.turned())),
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
        body.load_rel(relationship, part, f"rId{name}")
        if name == "Footnotes":
            footnotes_part = part
    media = {
        name: Part(
            PackURI(f"/word/media/image{number}.{file.extension}"), f"image/{file.extension}", file.data, package
        )
        for number, (name, file) in enumerate(manuscript.pictures.items(), 1)
    }
    for part, source in ((body, story), (footnotes_part, foot)):
        for target, (identity, kind) in source.relationships.items():
            if kind == "image":
                part.load_rel(RELATIONSHIP_TYPE.IMAGE, media[target], identity)
            else:
                part.load_rel(RELATIONSHIP_TYPE.HYPERLINK, target, identity, is_external=True)
    package.relate_to(body, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    application = Part(PackURI("/docProps/app.xml"), CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, application_xml(), package)
    package.relate_to(application, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)
    _set_properties(package, publication, language, created)


def _set_properties(package: Package, publication: Publication, language: str, created: datetime) -> None:
    core = package.core_properties
    author = storable(publication.properties.get("author", ""))[:255]
    core.title = storable(publication.title)[:255]
    core.subject = storable(publication.properties.get("subject", ""))[:255]
    core.keywords = storable(publication.properties.get("keywords", ""))[:255]
    core.language = language[:255]
    core.author = core.last_modified_by = author
    core.created, core.modified = created.astimezone(UTC), datetime.now(UTC)


EXPORTER = DocxExporter()
