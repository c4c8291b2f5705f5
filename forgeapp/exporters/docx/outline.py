"""What a DOCX file is expected to hold: blocks as a flat list of facts, each of which a reader can find again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import chain, groupby

from forgeapp.domain.anchors import linked_places, place_number
from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    InlineMath,
    Inlines,
    LineBreak,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
    plain_text,
    walk,
)
from forgeapp.domain.publication import Publication
from forgeapp.exporters.docx.blocks import MAX_LEVEL, MAX_START, list_style
from forgeapp.exporters.docx.captions import is_caption
from forgeapp.exporters.docx.code import numbered
from forgeapp.exporters.docx.equations import expected_equation
from forgeapp.exporters.docx.front import contents_instruction, cover_lines, page_instruction, reference_of
from forgeapp.exporters.docx.pages import contents_of
from forgeapp.exporters.docx.sections import UPRIGHT, Page, Section, sections_of
from forgeapp.exporters.docx.story import link_target
from forgeapp.exporters.docx.tables import column_slices
from forgeapp.exporters.docx.text import is_right_to_left, storable
from forgeapp.exporters.front import footer_title, listed_headings
from forgeapp.exporters.front_words import contents_heading
from forgeapp.exporters.language import language_of, told_language, with_region
from forgeapp.exporters.pictures import description, read_picture


@dataclass(frozen=True, slots=True)
class Fact:
    """One paragraph, table or end of a section.

    `what`: 'heading 2', 'item 0 3. ListNumber', 'paragraph', 'quote', 'caption', 'code', 'math', 'rule', 'table',
    'table with a heading row', 'title', 'contents 1', 'page of 11906 x 16838'; ' from the right' where it runs so.
    `text` with '[1]' for a footnote mark, U+FFFC for a picture, '⟦⟧' around an equation, '{}' around what a field is
    told. `links` (text, address); one within the file has the text of its heading for an address.
    `looks` (all text of a look, the look) for what is not plain, the look of 'b', 'i', 's', 'c'.
    `pictures` SHA-256 of the bytes and alternative text; `cells` by row, for a table only.
    """

    what: str
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()
    looks: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()
    cells: tuple[tuple[Fact, ...], ...] = ()

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 40 else f"{self.text[:40]}..."
        size = f" of {len(self.cells)} rows" if self.what.startswith("table") else ""
        return f"{self.what}{size}" + (f" '{shown}'" if shown else "")


@dataclass(frozen=True, slots=True)
class Outline:
    """`notes`: the facts of each footnote, in the order of their numbers; `title`, `author`, `language`: properties;
    `footer`: what stands at the foot of a page beside its number."""

    body: tuple[Fact, ...]
    notes: tuple[tuple[Fact, ...], ...]
    title: str = ""
    author: str = ""
    language: str = ""
    footer: str = ""


def page_fact(page: Page, has_footer: bool = True) -> Fact:
    """Where a section of such pages ends."""
    return Fact(f"page of {page.width} x {page.height}" + ("" if has_footer else " without a number"))


def math_fact(tex: str, is_block: bool) -> str:
    """How a formula stands in the text of a fact."""
    equation = expected_equation(tex, is_block)
    return storable(tex) if equation is None else f"\u27e6{equation}\u27e7"


def merged_looks(looks: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """All text of each look, the plain left out."""
    texts: dict[str, str] = {}
    for text, look in looks:
        if look and text:
            texts[look] = texts.get(look, "") + text
    return tuple((text, look) for look, text in texts.items())


Row = tuple[Fact, ...]


def whole(row: Row) -> Row:
    """Rows as they are, so that their differences can be told."""
    return row


def summed(row: Row) -> Row:
    """One fact for a row, by which two are told apart: a large table's cells would take ten times its own size. Sums
    are seeded anew in each process, so that no content can be made for two of them to be alike."""
    return (Fact("row", str(hash(row))),)


def expected_outline(publication: Publication, created: datetime, kept: Callable[[Row], Row] = whole) -> Outline:
    """`created`: when the file says it was made; a cover names the day. `kept`: what is kept of each row of tables."""
    blocks = publication.blocks
    notes = {block.label: block for block in blocks if isinstance(block, Footnote)}
    body = tuple(block for block in blocks if not isinstance(block, Footnote))
    numbers: dict[str, int] = {}
    for label in _marks(body):
        if label in notes:
            numbers.setdefault(label, len(numbers) + 1)
    unmarked: list[Block] = []
    for label, note in notes.items():
        if label not in numbers:
            unmarked += [Paragraph((Run(f"[{label}]", bold=True),)), *note.blocks]
    has_numbers = publication.options.line_numbers
    reader, foot = _Reader(numbers, has_numbers, linked_places(blocks), kept), _Reader({}, has_numbers, kept=kept)
    sections = sections_of(publication)
    facts = [*_front(publication, sections, created, _Reader(numbers, has_numbers))]
    for number, section in enumerate(sections):
        facts += reader.facts(section.blocks)
        if number + 1 < len(sections):
            facts.append(page_fact(section.page))
    facts += foot.facts(unmarked)
    facts.append(page_fact(sections[-1].page))
    return Outline(
        tuple(facts),
        tuple(tuple(foot.facts(_opened(notes[label].blocks))) for label in numbers),
        storable(publication.title)[:255],
        storable(publication.properties.get("author", ""))[:255],
        with_region(language_of(publication)),
        footer_title(storable(publication.title)),
    )


def _side(text: str) -> str:
    return " from the right" if is_right_to_left(text) else ""


def _front(publication: Publication, sections: Sequence[Section], created: datetime, reader: _Reader) -> Iterator[Fact]:
    page, options = UPRIGHT[publication.options.paper], publication.options
    if options.cover:
        lines = cover_lines(publication, created)
        yield from (Fact(line.style.lower() + _side(line.text), line.text) for line in lines)
        yield page_fact(page, has_footer=False)
    entries = contents_of(publication, sections) if options.contents else []
    if not entries:
        return
    words = contents_heading(told_language(publication))
    yield Fact("contents" + _side(words), words)
    instruction = contents_instruction(publication.blocks)
    for entry, (_, heading) in zip(entries, listed_headings(publication.blocks), strict=True):
        text = f"{entry.text}\t{{{page_instruction(entry)}}}{entry.page}"
        opening = f"{{{instruction}}}" if entry is entries[0] else ""
        target = next(iter(reader.facts((heading,)))).text
        yield Fact(f"contents {entry.level}{_side(entry.text)}", opening + text, ((text, target),))
    yield page_fact(page)


def _opened(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A footnote and a list item begin with a paragraph, be it empty: their number stands in it."""
    return blocks if blocks and isinstance(blocks[0], Paragraph) else (Paragraph(()), *blocks)


def _marks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in walk(blocks):
        inlines: Iterable[Inline] = ()
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                pass
            case TableBlock(header=header, rows=rows):
                slices = column_slices(len(header))
                inlines = (
                    inline for part in slices for row in (header, *rows) for cell in row[part] for inline in cell
                )
            case _:
                continue
        yield from (inline.label for inline in inlines if isinstance(inline, FootnoteMark))


class _Reader:
    """`linked`: the numbers of the headings that links lead to."""

    def __init__(
        self,
        numbers: dict[str, int],
        has_line_numbers: bool,
        linked: frozenset[int] = frozenset(),
        kept: Callable[[Row], Row] = whole,
    ) -> None:
        self._numbers = numbers
        self._kept = kept
        self._linked = linked
        self._passed = 0
        self._has_line_numbers = has_line_numbers

    def facts(self, blocks: Sequence[Block], depth: int = -1, plain: str = "paragraph") -> Iterator[Fact]:
        for at, block in enumerate(blocks):
            match block:
                case Heading(level=level, inlines=inlines):
                    fact = self._fact(f"heading {level}", inlines)
                    self._passed += 1
                    if self._passed in self._linked:
                        fact = replace(fact, links=(("", f"at {reference_of(self._passed)}"), *fact.links))
                    yield fact
                case Paragraph(inlines=inlines):
                    yield self._fact("caption" if is_caption(blocks, at) else plain, inlines)
                case ListBlock():
                    yield from self._items(block, depth + 1)
                case TableBlock():
                    yield from self._tables(block)
                case CodeBlock(text=text):
                    yield Fact("code", self._code(storable(text).removesuffix("\n")))
                case MathBlock(tex=tex):
                    yield Fact("math", math_fact(tex, is_block=True))
                case Quote(blocks=inner):
                    yield from self.facts(inner, plain="quote")
                case Rule():
                    yield Fact("rule")
                case Footnote():
                    pass

    def _code(self, text: str) -> str:
        if not self._has_line_numbers:
            return text
        lines = text.split("\n")
        return "\n".join(f"{number}{line}" for number, line in zip(numbered(len(lines)), lines, strict=True))

    def _tables(self, table: TableBlock) -> Iterator[Fact]:
        for part in column_slices(len(table.header)):
            has_header = any(table.header[part])
            lines = chain((table.header,) if has_header else (), table.rows)
            sides = table.alignments[part]
            cells = tuple(
                self._kept(tuple(self._cell(side, cell) for side, cell in zip(sides, line[part], strict=True)))
                for line in lines
            )
            yield Fact("table with a heading row" if has_header else "table", cells=cells)

    def _cell(self, alignment: str | None, cell: Inlines) -> Fact:
        """The side where its lines begin is told by its direction."""
        if alignment in ("left", "right"):
            begins = "right" if is_right_to_left(plain_text(cell)) else "left"
            alignment = None if alignment == begins else alignment
        return self._fact(f"cell {alignment}" if alignment else "cell", cell)

    def _items(self, block: ListBlock, depth: int) -> Iterator[Fact]:
        first = min(block.start, MAX_START)
        level = min(depth, MAX_LEVEL)
        for number, item in enumerate(block.items):
            opening, *rest = _opened(item.blocks)
            assert isinstance(opening, Paragraph)
            box = "" if item.checked is None else "\u2611" if item.checked else "\u2610"
            mark = f"{first + number}. " if block.ordered else "" if box else "\u2022 "
            space = "" if not box else " " if block.ordered else "\t"
            fact = self._fact(f"item {level} {mark}{list_style(block.ordered, level)}", opening.inlines)
            yield replace(fact, text=f"{box}{space}{fact.text}")
            yield from self.facts(rest, depth)

    def _fact(self, what: str, inlines: Inlines) -> Fact:
        if (
            len(inlines) == 1
            and type(inlines[0]) is Run
            and inlines[0].text.isascii()
            and inlines[0].text.isprintable()
        ):
            # Most cells are: one run of characters that need no care.
            run = inlines[0]
            if not (run.bold or run.italic or run.strike or run.code or run.link):
                return Fact(what, run.text)
        texts: list[str] = []
        links: list[tuple[str, str]] = []
        looks: list[tuple[str, str]] = []
        pictures: list[str] = []
        for address, group in groupby(inlines, lambda inline: inline.link if isinstance(inline, Run) else None):
            text = "".join(self._text(inline, pictures, looks) for inline in group)
            texts.append(text)
            number = place_number(address)
            target = f"#{reference_of(number)}" if number else link_target(address) if address else None
            if target and text:
                links.append((text, target))
        return Fact(
            what + _side(plain_text(inlines)), "".join(texts), tuple(links), merged_looks(looks), tuple(pictures)
        )

    def _text(self, inline: Inline, pictures: list[str], looks: list[tuple[str, str]]) -> str:
        match inline:
            case Run(text=text):
                clean = storable(text)
                looks.append((clean, look_of(inline.bold, inline.italic, inline.strike, inline.code)))
                return clean
            case LineBreak():
                return "\n"
            case InlineMath(tex=tex):
                return math_fact(tex, is_block=False)
            case FootnoteMark(label=label):
                return f"[{self._numbers.get(label) or storable(label)}]"
            case Picture(source=source, alt=alt):
                file = read_picture(source)
                if not file:
                    clean = storable(description(inline))
                    looks.append((clean, look_of(is_italic=True)))
                    return clean
                pictures.append(f"{sha256(file.data).hexdigest()} {' '.join(storable(alt).split())}")
                return "\ufffc"


def look_of(is_bold: bool = False, is_italic: bool = False, is_struck: bool = False, is_code: bool = False) -> str:
    """The letters of a look."""
    return "b" * is_bold + "i" * is_italic + "s" * is_struck + "c" * is_code
