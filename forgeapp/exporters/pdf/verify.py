"""A PDF opened again with pdfium, another library than its writer's, and compared with what was to be written."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import accumulate
from pathlib import Path

from PIL import Image

from forgeapp.domain.document import (
    Blocks,
    Footnote,
    FootnoteMark,
    Heading,
    InlineMath,
    MathBlock,
    Run,
    TableBlock,
    plain_text,
    walk,
)
from forgeapp.domain.publication import Publication
from forgeapp.exporters.fonts import coverage, fallback_font, text_font
from forgeapp.exporters.formulas import Formula, draw
from forgeapp.exporters.front import CONTENTS, listed_headings
from forgeapp.exporters.links import web_address
from forgeapp.exporters.pdf.bands import bands
from forgeapp.exporters.pdf.characters import AS_EMOJI, JOINERS, NEEDS_SHAPING, SUBSTITUTE, flowing
from forgeapp.exporters.pdf.front import Cover
from forgeapp.exporters.pdf.inlines import MAX_FORMULAS
from forgeapp.exporters.pdf.reading import SIGNATURE_SIZE, Found, FoundPicture, OutlineEntry, read
from forgeapp.exporters.pdf.style import CODE_IN_TEXT, HEADINGS
from forgeapp.exporters.pdf.units import Unit, body_and_notes, headings_of, inlines_of, pictures_of
from forgeapp.exporters.pictures import PictureFile, read_picture

MAX_NAMED = 20
_MOST_OF_TEXT = 12
"""Where one block is missing many may seem to; the rest is for what is not text."""
_SHOWN = 60
_NAMELESS = "…"
_BEGINNINGS, _PLACES = (8, 3, 1), 20
_READ_AS_ONE = 0.01
"""The share of shaped letters that pdfium may lose: it takes two equal ones drawn very close for one."""
_PATH = re.compile(r' d="([^"]+)"')
_SAME_SIZE = 0.3
_SHORT, _SLACK = 12, 24
_SAME_COLOUR = 24
"""The most by which pixels of one picture differ after it was made small, of 255, on average."""


def differences(publication: Publication, path: Path, cover: Cover | None) -> list[str]:
    """Every difference in words, the first MAX_NAMED of them; [] for none. `cover`: what its page says."""
    import pypdfium2 as pdfium

    blocks = publication.blocks
    formulas = list(_formulas(blocks))
    has_notes = any(isinstance(block, Footnote) for block in blocks)
    try:
        found = read(path, has_formulas=bool(formulas), has_notes=has_notes)
    except pdfium.PdfiumError as error:
        return [f"the file cannot be opened: {error}"]
    if not found.texts:
        return ["the file has no page"]
    result: list[str] = []
    title = flowing(publication.title).strip()
    if found.title != title:
        result.append(f"the title is '{_short(found.title)}', not '{_short(title)}'")
    result += _text_differences(publication, found, cover)
    result += _outline_differences(blocks, found)
    result += _appendix_differences(publication, found)
    if publication.options.contents:
        result += _contents_differences(blocks, found)
    result += _link_differences(blocks, found, has_contents=publication.options.contents)
    result += _picture_differences(blocks, found.pictures)
    if formulas:
        result += _formula_differences(formulas, found.outlines)
    result += _number_differences(found, has_cover=cover is not None)
    return result[:MAX_NAMED]


def _front_units(publication: Publication, found: Found, cover: Cover | None) -> Iterator[Unit]:
    """The cover, and the contents with the pages that the outline leads to."""
    if cover:
        for name, text in (("title", cover.title), ("subject", cover.subject), ("author", cover.author)):
            yield Unit(f"the {name} on the cover", text, True)
        yield Unit("the date on the cover", cover.date, True)
    if publication.options.contents:
        entries = listed_headings(publication.blocks)
        if entries:
            yield Unit("the heading of the contents", CONTENTS, True)
        for number, heading in entries:
            page = found.outline[number].page if number < len(found.outline) else 0
            text = plain_text(heading.inlines)
            yield Unit("the entry of the contents", text)
            yield Unit(f"the page of '{_short(text)}' in the contents", str(page), may_turn=_turns(text))


def _turns(text: str) -> bool:
    return NEEDS_SHAPING.search(text) is not None


def _text_differences(publication: Publication, found: Found, cover: Cover | None) -> list[str]:
    """Every unit must stand in the file, in order; then nothing may be left over.

    What pdfium may give back in another order, shaped scripts and all that stands on a line with text from right to
    left, is counted by its letters.
    """
    texts, feet = [_compact(text) for text in found.texts], [_compact(text) for text in found.notes]
    shown = _Shown("".join((*texts, *feet)))
    body, notes = body_and_notes(publication)
    result: list[str] = []
    turned: list[Unit] = []
    headers = _repeated_headers(publication.blocks, shown)
    header_chars = max(map(len, headers), default=0)
    texts = _without([*_front_units(publication, found, cover), *body], texts, header_chars, shown, result, turned)
    feet = _without(notes, feet, header_chars, shown, result, turned)
    left_over: Counter[str] = Counter()
    # One for each page, though not always its own: what was taken for the header itself may be one that is repeated.
    may_repeat = len(texts)
    for text in texts:
        # Where letters are counted only for what is lacking, there may as well be more of them.
        while may_repeat and not turned and (repeated := next(filter(text.startswith, headers), "")):
            text = text.removeprefix(repeated)
            may_repeat -= 1
        left_over += _letters(text)
    left_over += _letters("".join(feet))
    wanted = _letters("".join(shown(unit.text) for unit in turned))
    lacking, more = wanted - left_over, left_over - wanted
    if lacking.total() > wanted.total() * _READ_AS_ONE:
        first = next((unit for unit in turned if set(shown(unit.text)) & lacking.keys()), turned[0])
        result.append(f"characters are missing ({_counted(lacking)}), it seems in {first.name} '{_short(first.text)}'")
    elif not turned and not result and more:
        result.append(f"there is text that is not in the document ({_counted(more)})")
    return result


def _without(
    units: Sequence[Unit], texts: Sequence[str], header_chars: int, shown: _Shown, result: list[str], turned: list[Unit]
) -> list[str]:
    """Walks through the pages and gives what is left of them; units that may be turned round are only gathered.

    Only so much other text may stand before a short unit, with more it is a later one that reads alike: _SLACK, and
    on each page up to it a table's header of `header_chars` at most.
    """
    slack = _SLACK + header_chars
    text = "".join(texts)
    page_ends = list(accumulate(map(len, texts)))
    taken: list[tuple[int, int]] = []
    position = 0
    # What was turned, and what went on overleaf, may stand before what comes next.
    between = furthest = 0
    for unit in units:
        if unit.may_turn or _turns(unit.text):
            turned.append(unit)
            between += 2 * len(unit.text) + slack
            continue
        wanted = shown(unit.text)
        if not wanted:
            continue
        position = 0 if unit.starts_anew else position
        at = text.find(wanted, position)
        since = max(position, furthest)
        pages = max(bisect_left(page_ends, at) - bisect_left(page_ends, since), 0)
        if at - since > slack + between + pages * header_chars and len(wanted) < _SHORT and not unit.starts_anew:
            at = -1
        if at >= 0:
            position = at + len(wanted)
            taken.append((at, position))
            between = max(between - (at - since), 0)
            continue
        parts = _divided(wanted, text, position, page_ends) if unit.can_divide else []
        if parts:
            taken += parts
            position, furthest = parts[0][1], parts[-1][1]
        elif len(result) < _MOST_OF_TEXT:
            result.append(f"{unit.name} '{_short(unit.text)}' is missing or changed")
    left = list(text)
    for start, end in taken:
        left[start:end] = [""] * (end - start)
    starts = [0, *page_ends]
    return ["".join(left[start:end]) for start, end in zip(starts, page_ends, strict=False)]


def _repeated_headers(blocks: Blocks, shown: _Shown) -> list[str]:
    """What pages after a table's first may begin with, the longest first."""
    headers = {
        "".join(shown(plain_text(cell)) for cell in band.header)
        for block in walk(blocks)
        if isinstance(block, TableBlock)
        for band in bands(block)
    }
    return sorted(headers - {""}, key=len, reverse=True)


def _counted(letters: Counter[str]) -> str:
    return ", ".join(f"'{character}' {count}x" for character, count in letters.most_common(5))


def _letters(text: str) -> Counter[str]:
    """Letters and digits; pdfium turns brackets round, and leaves out marks drawn over one another."""
    return Counter(character for character in text if character.isalnum())


def _divided(wanted: str, text: str, position: int, page_ends: Sequence[int]) -> list[tuple[int, int]]:
    """Where the text stands in parts, each but the first on a page after that of the part before; [] if it does not."""
    parts: list[tuple[int, int]] = []
    while wanted:
        start, length = _longest_start(wanted, text, position)
        if not length:
            return []
        parts.append((start, start + length))
        wanted = wanted[length:]
        position = page_ends[bisect_left(page_ends, start + length)]
    return parts


def _longest_start(wanted: str, text: str, position: int) -> tuple[int, int]:
    """Where the longest beginning of `wanted` stands among the first places that begin like it, and its length."""
    best = (0, 0)
    for count in _BEGINNINGS:
        start = wanted[:count]
        at = text.find(start, position)
        for _ in range(_PLACES):
            if at < 0:
                break
            length = _common_length(wanted, text[at : at + len(wanted)])
            if length > best[1]:
                best = (at, length)
            at = text.find(start, at + 1)
        if best[1]:
            break
    return best


def _common_length(one: str, other: str) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _outline_differences(blocks: Blocks, found: Found) -> list[str]:
    wanted: list[tuple[int, int, str]] = []
    level = -1
    for heading in headings_of(blocks):
        number = min(max(heading.level, 1), 6)
        level = min(number - 1, level + 1)
        first = next((inline for inline in heading.inlines if plain_text((inline,)).strip()), None)
        # The size of a formula or of a mark says nothing.
        wanted.append(
            (number if isinstance(first, Run) else 0, level, flowing(plain_text(heading.inlines)).strip() or _NAMELESS)
        )
    if len(found.outline) != len(wanted):
        return [f"the outline has {len(found.outline)} entries, not {len(wanted)}"]
    result: list[str] = []
    pages = [_compact(text) for text in found.texts]
    for (number, level, title), entry in zip(wanted, found.outline, strict=True):
        if (entry.level, _compact(entry.title)) != (level, _compact(title)):
            result.append(
                f"the outline has '{_short(entry.title)}' at level {entry.level + 1}, "
                f"not '{_short(title)}' at level {level + 1}"
            )
        elif number and entry.sizes and not any(_is_size_of(number, size) for size in entry.sizes):
            result.append(f"'{_short(title)}' does not look like a heading of level {number}")
        elif not _stands_on(entry, pages):
            result.append(f"the outline leads to page {entry.page} for '{_short(title)}', which is not there")
    return result


def _appendix_differences(publication: Publication, found: Found) -> list[str]:
    """What stands behind the content begins a page."""
    first = publication.appendix[0] if publication.appendix else None
    number = len(headings_of(publication.blocks)) - len(headings_of(publication.appendix))
    if not isinstance(first, Heading) or number >= len(found.outline):
        return []
    title, page = _compact(plain_text(first.inlines)), found.outline[number].page
    if 0 < page <= len(found.texts) and _compact(found.texts[page - 1]).startswith(title):
        return []
    return [f"'{_short(plain_text(first.inlines))}' does not begin a page"]


def _is_size_of(number: int, size: float) -> bool:
    """Whether a heading of this level begins in this size; code in it is a little smaller."""
    return any(abs(size - HEADINGS[number - 1] * scale) < _SAME_SIZE for scale in (1.0, CODE_IN_TEXT))


def _stands_on(entry: OutlineEntry, pages: Sequence[str]) -> bool:
    if not 0 < entry.page <= len(pages):
        return False
    if entry.title == _NAMELESS:
        return True
    title = _compact(entry.title)
    return not title.isascii() or title[:_SHOWN] in pages[entry.page - 1]


def _contents_differences(blocks: Blocks, found: Found) -> list[str]:
    """Each line of the contents leads to the page of its heading."""
    pages = [found.outline[number].page for number, _ in listed_headings(blocks) if number < len(found.outline)]
    first = min(pages, default=1)
    jumps = [target for page, target in found.jumps if page < first]
    return [] if jumps == pages else [f"the lines of the contents lead to the pages {jumps[:9]}, not {pages[:9]}"]


def _link_differences(blocks: Blocks, found: Found, *, has_contents: bool) -> list[str]:
    wanted = Counter(address for address in map(web_address, _links(blocks)) if address)
    result = [
        f"{count} of {wanted[address]} links to {_short(address)} are missing"
        for address, count in (wanted - found.links).items()
    ]
    more = [address for address in found.links if address not in wanted]
    result += [f"there is a link to {_short(address)}, which is not in the document" for address in more]
    marks, notes = _marks_and_notes(blocks)
    # The lines of the contents are the other links inside the file.
    jumps = len(found.jumps) - (len(listed_headings(blocks)) if has_contents else 0)
    if jumps < marks + notes:
        result.append(f"{marks + notes - jumps} of {marks + notes} links between footnotes and their marks are missing")
    return result


def _marks_and_notes(blocks: Blocks) -> tuple[int, int]:
    """The marks that name a footnote, and the footnotes that are named."""
    labels = {block.label for block in blocks if isinstance(block, Footnote)}
    marks = [
        inline.label
        for inlines in inlines_of(blocks)
        for inline in inlines
        if isinstance(inline, FootnoteMark) and inline.label in labels
    ]
    return len(marks), len(set(marks))


def _picture_differences(blocks: Blocks, found: Sequence[FoundPicture]) -> list[str]:
    wanted = [picture for picture in (read_picture(each.source) for each in pictures_of(blocks)) if picture]
    if len(found) != len(wanted):
        return [f"there are {len(found)} pictures, not {len(wanted)}"]
    return [
        f"picture {number} is not the one of the document"
        for number, (one, other) in enumerate(zip(wanted, found, strict=True), 1)
        if not _is_same(one, other)
    ]


def _is_same(wanted: PictureFile, found: FoundPicture) -> bool:
    if (wanted.width, wanted.height) != (found.width, found.height):
        return False
    with Image.open(BytesIO(wanted.data)) as image:
        small = image.convert("RGB").resize((SIGNATURE_SIZE, SIGNATURE_SIZE), reducing_gap=2.0).tobytes()
    apart = sum(abs(one - other) for one, other in zip(small, found.signature, strict=True))
    return apart <= _SAME_COLOUR * len(small)


def _formulas(blocks: Blocks) -> Iterator[tuple[str, bool]]:
    for block in walk(blocks):
        if isinstance(block, MathBlock):
            yield block.tex, True
    for inlines in inlines_of(blocks):
        yield from ((inline.tex, False) for inline in inlines if isinstance(inline, InlineMath))


def _formula_differences(formulas: Sequence[tuple[str, bool]], found: Counter[int]) -> list[str]:
    """By the letters they are drawn of, each known by its number of curves."""
    wanted: Counter[int] = Counter()
    counts = Counter(formulas)
    if len(counts) > MAX_FORMULAS:
        return []  # those beyond stand as TeX, and the user was told
    for (tex, is_block), count in counts.items():
        drawn = draw(tex, is_block)
        if isinstance(drawn, Formula):
            for curves, times in _outlines_of(drawn.svg).items():
                wanted[curves] += times * count
    lacking = wanted - found
    if not lacking:
        return []
    return [f"{lacking.total()} of {wanted.total()} letters of formulas are missing"]


def _outlines_of(svg: str) -> Counter[int]:
    outlines: Counter[int] = Counter()
    for path in _PATH.findall(svg):
        curves = path.count("Q") + path.count("C")
        if curves:
            outlines[curves] += 1
    return outlines


def _number_differences(found: Found, *, has_cover: bool) -> list[str]:
    count = len(found.footers)
    if count == 1:
        return []
    return [
        f"page {number} has no number"
        for number, text in enumerate(found.footers, 1)
        if not _compact(text).endswith(f"{number}/{count}") and not (number == 1 and has_cover)
    ][:1]


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
        for joiner in (*JOINERS, AS_EMOJI):
            text = text.replace(joiner, "")
    return "".join(text.split())


def _links(blocks: Blocks) -> Iterator[str]:
    for inlines in inlines_of(blocks):
        for inline in inlines:
            if isinstance(inline, Run) and inline.link and _compact(inline.text):
                yield inline.link


def _short(text: str) -> str:
    text = " ".join(flowing(text).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
