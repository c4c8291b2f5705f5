"""A PDF opened again with pdfium, another library than its writer's, and compared with what was to be written."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    Heading,
    Inlines,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Run,
    TableBlock,
)
from forgeapp.domain.publication import Publication
from forgeapp.exporters.fonts import coverage, fallback_font, text_font
from forgeapp.exporters.links import web_address
from forgeapp.exporters.pdf_characters import (
    JOINERS,
    NEEDS_SHAPING,
    RUNS_BACKWARDS,
    SUBSTITUTE,
    flowing,
    single_line_ends,
)
from forgeapp.exporters.pdf_style import MARGIN_BOTTOM
from forgeapp.exporters.pdf_table import bands
from forgeapp.exporters.pictures import read_picture
from forgeapp.exporters.spoken import spoken

MAX_NAMED = 20
_SHOWN = 60
_BEGINNING, _PLACES = 8, 20
_READ_AS_ONE = 0.01
"""The share of shaped letters that pdfium may lose: it takes two equal ones drawn very close for one."""
_LINE_END_HYPHEN = re.compile("[\x02\ufffe]")
"""What pdfium gives for a hyphen at the end of a line."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """Text that stands together.

    `can_divide`: a page break may stand inside with other text between. `may_turn`: it shares its line with others
    that may run from right to left.
    """

    name: str
    text: str
    can_divide: bool = False
    may_turn: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What the file holds. `texts`: of each page without its footer, compact."""

    pages: int
    title: str
    texts: list[str]
    links: Counter[str]
    outline: list[str]
    pictures: int


def differences(publication: Publication, path: Path) -> list[str]:
    """Every difference in words, the first MAX_NAMED of them; [] for none."""
    import pypdfium2 as pdfium

    try:
        found = _read(pdfium, path)
    except pdfium.PdfiumError as error:
        return [f"the file cannot be opened: {error}"]
    if not found.pages:
        return ["the file has no page"]
    result: list[str] = []
    title = flowing(publication.title).strip()
    if found.title != title:
        result.append(f"the title is '{_short(found.title)}', not '{_short(title)}'")
    result += _text_differences(list(_units(publication.blocks)), found.texts)
    result += _link_differences(publication.blocks, found.links)
    headings = [block for block in publication.blocks if isinstance(block, Heading)]
    if len(found.outline) < len(headings):
        result.append(f"the outline has {len(found.outline)} entries, not {len(headings)}")
    pictures = sum(read_picture(picture.source) is not None for picture in _pictures(publication.blocks))
    if found.pictures < pictures:
        result.append(f"{pictures - found.pictures} of {pictures} pictures are missing")
    return result[:MAX_NAMED]


def _read(pdfium: Any, path: Path) -> _Found:
    links: Counter[str] = Counter()
    texts: list[str] = []
    pictures = 0
    with pdfium.PdfDocument(path) as document:
        for index in range(len(document)):
            page = document[index]
            text_page = page.get_textpage()
            width, height = page.get_size()
            text = text_page.get_text_bounded(0, MARGIN_BOTTOM, width, height)
            texts.append(_compact(_LINE_END_HYPHEN.sub("-", text)))
            links.update(_page_links(pdfium.raw, document, page))
            pictures += len(list(page.get_objects([pdfium.raw.FPDF_PAGEOBJ_IMAGE])))
            text_page.close()
            page.close()
        return _Found(
            pages=len(document),
            title=document.get_metadata_value("Title"),
            texts=texts,
            links=links,
            outline=[entry.get_title() for entry in document.get_toc(max_depth=10)],
            pictures=pictures,
        )


def _page_links(raw: Any, document: Any, page: Any) -> Iterator[str]:
    position = ctypes.c_int(0)
    link = raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
        action = raw.FPDFLink_GetAction(link)
        size = raw.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
        if size > 1:
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(document, action, buffer, size)
            yield buffer.value.decode(errors="replace")


def _text_differences(units: Sequence[_Unit], texts: Sequence[str]) -> list[str]:
    """Walks through the file's text: each unit must stand in it whole, after the one before.

    What pdfium may give back in another order, shaped scripts and all that stands on a line with text from right to
    left, is counted by its letters.
    """
    text = "".join(texts)
    page_ends = list(accumulate(map(len, texts)))
    result: list[str] = []
    shown = _Shown(text)
    position = 0
    in_order: list[str] = []
    turned: list[_Unit] = []
    for unit in units:
        if unit.may_turn or NEEDS_SHAPING.search(unit.text):
            turned.append(unit)
            continue
        wanted = shown(unit.text)
        at = text.find(wanted, position)
        if at >= 0:
            position = at + len(wanted)
        elif not (unit.can_divide and _stands_divided(wanted, text, position, page_ends)):
            result.append(f"{unit.name} '{_short(unit.text)}' is missing or changed")
            if len(result) == MAX_NAMED:
                return result
        in_order.append(wanted)
    if not turned:
        return result
    wanted_letters = _letters("".join(shown(unit.text) for unit in turned))
    lacking = wanted_letters - (_letters(text) - _letters("".join(in_order)))
    if lacking.total() > wanted_letters.total() * _READ_AS_ONE:
        names = ", ".join(f"'{character}' {count}x" for character, count in lacking.most_common(5))
        first = next((unit for unit in turned if set(shown(unit.text)) & lacking.keys()), turned[0])
        result.append(f"characters are missing ({names}), it seems in {first.name} '{_short(first.text)}'")
    return result


def _letters(text: str) -> Counter[str]:
    """Letters and digits; pdfium turns brackets round, and leaves out marks drawn over one another."""
    return Counter(character for character in text if character.isalnum())


def _stands_divided(wanted: str, text: str, position: int, page_ends: Sequence[int]) -> bool:
    """Whether the text stands in parts, each but the first on a page after that of the part before."""
    while wanted:
        start, length = _longest_start(wanted, text, position)
        if not length:
            return False
        wanted = wanted[length:]
        page = bisect_left(page_ends, start + length)
        position = page_ends[page]
    return True


def _longest_start(wanted: str, text: str, position: int) -> tuple[int, int]:
    """Where the longest beginning of `wanted` stands among the first places that begin like it, and its length."""
    best = (0, 0)
    start = wanted[:_BEGINNING]
    at = text.find(start, position)
    for _ in range(_PLACES):
        if at < 0:
            break
        length = _common_length(wanted, text[at : at + len(wanted)])
        if length > best[1]:
            best = (at, length)
        at = text.find(start, at + 1)
    return best


def _common_length(one: str, other: str) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _link_differences(blocks: Sequence[Block], found: Counter[str]) -> list[str]:
    wanted = Counter(address for address in map(web_address, _links(blocks)) if address)
    return [
        f"{count} of {wanted[address]} links to {_short(address)} are missing"
        for address, count in (wanted - found).items()
    ]


def _units(blocks: Sequence[Block]) -> Iterator[_Unit]:
    """In the order of writing."""
    notes = [block for block in blocks if isinstance(block, Footnote)]
    numbers = {note.label: str(number) for number, note in enumerate(notes, 1)}
    yield from _block_units([block for block in blocks if not isinstance(block, Footnote)], numbers)
    yield from _block_units(notes, numbers)


def _block_units(blocks: Sequence[Block], numbers: dict[str, str]) -> Iterator[_Unit]:
    for block in blocks:
        match block:
            case Heading(inlines=inlines):
                yield _Unit("the heading", spoken(inlines, numbers))
            case Paragraph(inlines=inlines):
                yield _Unit("the paragraph", spoken(inlines, numbers))
            case ListBlock(items=items):
                for index, item in enumerate(items):
                    inside = list(_block_units(item.blocks, numbers))
                    if block.ordered:
                        yield _Unit("the list number", f"{block.start + index}.", may_turn=_is_turned(inside))
                    yield from inside
            case TableBlock():
                for band in bands(block):
                    for row in (band.header, *band.rows):
                        cells = [spoken(cell, numbers) for cell in row]
                        turns = any(map(RUNS_BACKWARDS.search, cells))
                        yield from (_Unit("the table cell", cell, True, turns) for cell in cells)
            case CodeBlock(text=text):
                turns = RUNS_BACKWARDS.search(text) is not None
                yield from (
                    _Unit("the line of code", line, False, turns) for line in single_line_ends(text).split("\n")
                )
            case MathBlock(tex=tex):
                yield _Unit("the formula", tex)
            case Quote(blocks=inner):
                yield from _block_units(inner, numbers)
            case Footnote(label=label, blocks=inner):
                inside = list(_block_units(inner, numbers))
                yield _Unit("the footnote number", f"{numbers.get(label, '')}.", may_turn=_is_turned(inside))
                yield from inside
            case _:
                pass


def _is_turned(units: Sequence[_Unit]) -> bool:
    """Of what stands in a list item: its first words share the line with its number."""
    return any(unit.may_turn or RUNS_BACKWARDS.search(unit.text) for unit in units[:2])


class _Shown:
    """What the file should hold of a text: compact, with SUBSTITUTE for what no font has."""

    def __init__(self, found: str) -> None:
        self._found = frozenset(found)
        self._characters: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return "".join(text.split())
        return "".join(map(self._shown, flowing(text)))

    def _shown(self, character: str) -> str:
        shown = self._characters.get(character)
        if shown is None:
            shown = _compact(character)
            if (SUBSTITUTE in self._found and not self._found.issuperset(shown)) or not _has_font(character):
                shown = SUBSTITUTE if shown else ""
            self._characters[character] = shown
        return shown


def _has_font(character: str) -> bool:
    """By the same fonts as the writer's: where a letter is missing its parts may still stand elsewhere."""
    return any(ord(character) in coverage(text_font(family, "")) for family in ("sans", "mono")) or (
        fallback_font(character) is not None
    )


def _compact(text: str) -> str:
    """Without white space, which line breaks change; ligatures and other forms of a letter as the letter."""
    if not text.isascii():
        text = flowing(unicodedata.normalize("NFKD", text))
        for joiner in JOINERS:
            text = text.replace(joiner, "")
    return "".join(text.split())


def _inlines(blocks: Sequence[Block]) -> Iterator[Inlines]:
    for block in blocks:
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                yield inlines
            case ListBlock(items=items):
                for item in items:
                    yield from _inlines(item.blocks)
            case Quote(blocks=inner) | Footnote(blocks=inner):
                yield from _inlines(inner)
            case TableBlock():
                for band in bands(block):
                    yield from band.header
                    for row in band.rows:
                        yield from row
            case _:
                pass


def _links(blocks: Sequence[Block]) -> Iterator[str]:
    for inlines in _inlines(blocks):
        for inline in inlines:
            if isinstance(inline, Run) and inline.link and _compact(inline.text):
                yield inline.link


def _pictures(blocks: Sequence[Block]) -> Iterator[Picture]:
    for block in blocks:
        if isinstance(block, TableBlock):
            continue
        for inlines in _inlines((block,)):
            yield from (inline for inline in inlines if isinstance(inline, Picture))


def _short(text: str) -> str:
    text = " ".join(flowing(text).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
