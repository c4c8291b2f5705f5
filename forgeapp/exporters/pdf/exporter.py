"""PDF: vector pages with selectable text, embedded fonts, outline, links and metadata; written with fpdf2."""

from __future__ import annotations

import gc
import logging
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Footnote, plain_text
from forgeapp.domain.publication import Progress, Publication, Share
from forgeapp.domain.wording import Text
from forgeapp.exporters.front import cover_title, created_at, footer_title
from forgeapp.exporters.front_words import contents_heading, date_in_words
from forgeapp.exporters.language import UNKNOWN, language_of, told_language
from forgeapp.exporters.pdf.blocks import BlockSetter
from forgeapp.exporters.pdf.characters import SUBSTITUTE, flowing, han_language
from forgeapp.exporters.pdf.flow import Flow, new_paper
from forgeapp.exporters.pdf.front import Contents, Cover, set_cover
from forgeapp.exporters.pdf.inlines import InlineSetter
from forgeapp.exporters.pdf.lettering import Lettering
from forgeapp.exporters.pdf.names import in_words
from forgeapp.exporters.pdf.notes import Galley, Notes
from forgeapp.exporters.pdf.outlet import write_paper
from forgeapp.exporters.pdf.style import PAPER, SMALL, Mark, Style
from forgeapp.exporters.pdf.text import Typesetter
from forgeapp.exporters.pdf.units import inlines_of
from forgeapp.exporters.pdf.verify import differences
from forgeapp.exporters.standins import publication_with_standins

_NOTHING = 0x200B
"""A space of no width."""
_SAMPLED = 2_000
"""Runs by which the language is told."""
_MOST_LEFT_BYTES = 5_000_000
_NOT_LETTERS = ("Cc", "Cs", "Co", "Cn")
_NAMED = 12
"""Characters without a font named in a warning; of more, the number."""

# The program gives its own warnings; the libraries' are about glyphs and timings.
logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class PdfExporter:
    """`properties` read: 'author', 'subject', 'keywords', 'language' (BCP 47), 'created' (ISO 8601; now by default)."""

    format = Format.PDF

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        publication, warnings = publication_with_standins(publication)
        properties, options = publication.properties, publication.options
        size = PAPER[options.paper]
        paper = new_paper(size)
        typesetter = Typesetter(
            Lettering(paper), properties.get("language", "") or han_language(_sample(publication), "")
        )
        flow = Flow(paper, typesetter, size)
        created = created_at(publication)
        _describe(paper, publication, created)
        notes = [block for block in publication.blocks if isinstance(block, Footnote)]
        content = publication.blocks[: len(publication.blocks) - len(publication.appendix)]
        body = tuple(block for block in content if not isinstance(block, Footnote))
        inlines = InlineSetter(paper, typesetter, notes)
        setter = BlockSetter(flow, inlines, has_line_numbers=options.line_numbers)
        if options.cover:
            set_cover(flow, cover_of(publication, created))
        contents = (
            Contents(flow, inlines, publication.blocks, contents_heading(told_language(publication)))
            if options.contents
            else None
        )
        if contents:
            contents.reserve()
        if notes:
            flow.notes = foot = Notes(flow, dict(enumerate(notes, 1)), inlines.marks, partial(_galley, flow, setter))
        told = _Told(progress, paper)
        flow.on_page = told.tell
        setter.set_all(body, told.take)
        if notes:
            foot.finish()
        if publication.appendix:
            flow.turn_over()
            setter.set_all(publication.appendix, lambda _share: None)
        flow.end()
        if contents:
            contents.draw(setter.places)
        flow.number_pages(footer_title(flowing(publication.title)), 2 if options.cover else 1)
        _hide_parts_of_clusters(paper)
        write_paper(paper, target)
        _close_fonts(paper)
        progress(1.0)
        return [*warnings, *inlines.warnings, *_missing(typesetter.letters.missing)]

    def verify(self, publication: Publication, path: Path) -> list[str]:
        if path.stat().st_size > _MOST_LEFT_BYTES:
            # The paper and what stands on it hold each other: with its pictures it would stay beside those read again.
            gc.collect()
        publication, _ = publication_with_standins(publication)
        cover = cover_of(publication, created_at(publication)) if publication.options.cover else None
        return differences(publication, path, cover)


class _Told:
    """Tells how far the body is, with each block and with each page."""

    def __init__(self, progress: Progress, paper: FPDF) -> None:
        self._progress, self._paper = progress, paper
        self._share = 0.0

    def take(self, share: float) -> None:
        self._share = share * 0.8
        self.tell()

    def tell(self) -> None:
        # A first heading may still wait for what follows it.
        self._progress(Share(self._share, "page", max(self._paper.page, 1)))


def _galley(flow: Flow, setter: BlockSetter, note: Footnote, mark: Mark) -> Galley:
    galley = Galley(flow.paper, flow.type, flow.upright)
    setter.within(galley, Style(size=SMALL)).set_note(note, mark)
    return galley


def cover_of(publication: Publication, created: datetime) -> Cover:
    properties = publication.properties
    title = cover_title(publication.title)
    day = date_in_words(created, told_language(publication))
    words = (title, properties.get("subject", ""), properties.get("author", ""), day)
    return Cover(*(flowing(text).strip() for text in words))


def _sample(publication: Publication) -> str:
    """Of the text, to tell its language by."""
    inlines = chain.from_iterable(inlines_of(publication.blocks))
    return publication.title + "".join(plain_text((inline,)) for inline in islice(inlines, _SAMPLED))


def _describe(paper: FPDF, publication: Publication, created: datetime) -> None:
    properties = publication.properties
    paper.set_title(flowing(publication.title).strip())
    paper.set_creator("ForgeApp")
    settings = (("author", paper.set_author), ("subject", paper.set_subject), ("keywords", paper.set_keywords))
    for name, setting in settings:
        value = flowing(properties.get(name, "")).strip()
        if value:
            setting(value)
    language = language_of(publication)
    if language != UNKNOWN:
        paper.set_lang(language)
    # The bar of a reader's window names the document, not its file (ISO 32000-1, 12.2).
    paper.viewer_preferences = ViewerPreferences(display_doc_title=True)
    paper.set_creation_date(created)


def _hide_parts_of_clusters(paper: FPDF) -> None:
    """Where several glyphs make one cluster the first stands for all its text; the others copy as nothing.

    Without a character of their own readers take a glyph's number for one.
    """
    for font in paper.fonts.values():
        if isinstance(font, TTFFont):
            for glyph, _ in font.subset.items():  # noqa: PERF102 (it is no dict)
                if glyph is not None and glyph.unicode == ():
                    glyph.unicode = (_NOTHING,)


def _close_fonts(paper: FPDF) -> None:
    """The library leaves the file of a colour font open."""
    for font in paper.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()


def _missing(characters: Iterable[str]) -> Iterator[Text]:
    """Each character that is not shown as itself is named once, of very many the first."""
    all_of_them = list(characters)
    controls = [character for character in all_of_them if unicodedata.category(character) in _NOT_LETTERS]
    letters = [character for character in all_of_them if unicodedata.category(character) not in _NOT_LETTERS]
    if controls:
        template = "Characters that cannot be seen are shown as {substitute}: {characters}."
        codes = tuple(f"U+{ord(character):04X}" for character in controls)
        yield Text("pdf_unseen", template, substitute=SUBSTITUTE, characters=_first_of(codes))
    if letters:
        yield Text(
            "pdf_no_font",
            "No font on this computer has {characters}: shown as {substitute}. Fonts that have them: on Debian and "
            "Ubuntu fonts-noto-cjk, fonts-noto-color-emoji and fonts-noto-extra.",
            substitute=SUBSTITUTE,
            characters=_first_of(tuple(in_words(letters))),
        )


def _first_of(names: tuple[str | Text, ...]) -> tuple[str | Text, ...]:
    more = len(names) - _NAMED
    return (*names[:_NAMED], Text("pdf_and_more", "and {count} more", count=more)) if more > 0 else names


EXPORTER = PdfExporter()
