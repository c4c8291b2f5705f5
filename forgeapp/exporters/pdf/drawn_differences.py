"""What is drawn in a PDF compared with what was to be: pictures by their pixels, formulas by their outlines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO

from PIL import Image

from forgeapp.domain.document import Blocks, Footnote, InlineMath, MathBlock, walk
from forgeapp.exporters.formulas import Formula, draw
from forgeapp.exporters.pdf.inlines import MAX_FORMULAS
from forgeapp.exporters.pdf.reading import FoundPicture, signature_of
from forgeapp.exporters.pdf.units import inlines_of, pictures_of
from forgeapp.exporters.pictures import PictureFile, read_picture

_PATH = re.compile(r' d="([^"]+)"')
_SAME_COLOUR = 24
"""The most by which pixels of one picture differ after it was made small, of 255, on average."""


def picture_differences(blocks: Blocks, found: Sequence[FoundPicture]) -> list[str]:
    """Those of the text in their order; those of footnotes may stand anywhere between them."""
    text = _wanted(tuple(block for block in blocks if not isinstance(block, Footnote)))
    notes = _wanted(tuple(block for block in blocks if isinstance(block, Footnote)))
    if len(found) != len(text) + len(notes):
        return [f"there are {len(found)} pictures, not {len(text) + len(notes)}"]
    left = list(found)
    result: list[str] = []
    for number, wanted in enumerate(notes, len(text) + 1):
        at = next((place for place, other in enumerate(left) if _is_same(wanted, other)), None)
        if at is None:
            return [f"picture {number} is not the one of the document"]
        del left[at]
    for number, (one, other) in enumerate(zip(text, left, strict=True), 1):
        if not _is_same(one, other):
            result.append(f"picture {number} is not the one of the document")
    return result


def _wanted(blocks: Blocks) -> list[FoundPicture]:
    """As they are to be found. One after the other: all their files together are as large as the PDF."""
    files = (read_picture(each.source) for each in pictures_of(blocks))
    return [_found_as(file) for file in files if file]


def _found_as(file: PictureFile) -> FoundPicture:
    with Image.open(BytesIO(file.data)) as image:
        return FoundPicture(file.width, file.height, signature_of(image))


def _is_same(wanted: FoundPicture, found: FoundPicture) -> bool:
    if (wanted.width, wanted.height) != (found.width, found.height):
        return False
    apart = sum(abs(one - other) for one, other in zip(wanted.signature, found.signature, strict=True))
    return apart <= _SAME_COLOUR * len(wanted.signature)


def formulas_of(blocks: Blocks) -> Iterator[tuple[str, bool]]:
    for block in walk(blocks):
        if isinstance(block, MathBlock):
            yield block.tex, True
    for inlines in inlines_of(blocks):
        yield from ((inline.tex, False) for inline in inlines if isinstance(inline, InlineMath))


def formula_differences(formulas: Sequence[tuple[str, bool]], found: Counter[int]) -> list[str]:
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
