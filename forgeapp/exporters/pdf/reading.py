"""What a PDF file holds, as pdfium finds it, another library than its writer's."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from forgeapp.exporters.pdf.notes import RULE_THICKNESS, RULE_WIDTH
from forgeapp.exporters.pdf.style import MARGIN_BOTTOM, MARGIN_SIDE

SIGNATURE_SIZE = 8
"""A picture is known by so many by so many pixels."""
_POINTS_OF_CURVE = 3
_ABOUT = 2.0
"""Points: a line has a thickness."""
_ABOUT_AS_THICK = 0.05
_LINE_END_HYPHEN = re.compile("[\x02\ufffe]")
"""What pdfium gives for a hyphen at the end of a line."""


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """`width` and `height` in pixels; `signature`: red, green and blue of its pixels when made small."""

    width: int
    height: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """`level` from 0, `page` from 1; 0 where it leads nowhere. `sizes`: of its first word, wherever on that page."""

    level: int
    title: str
    page: int
    sizes: tuple[float, ...] = ()


@dataclass(slots=True)
class Found:
    """`texts`: of each page above its footnotes; `notes`: those; `footers`: what is below.

    `jumps`: links as pairs of pages, counted from 1. `outlines`: the numbers of curves of all filled paths that have
    some, which only formulas have.
    """

    title: str = ""
    sizes: list[tuple[float, float]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    links: Counter[str] = field(default_factory=Counter)
    jumps: list[tuple[int, int]] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    pictures: list[FoundPicture] = field(default_factory=list)
    letters: list[list[tuple[str, float]]] = field(default_factory=list)
    """Of each page, with the heights of their baselines, where that was asked for."""
    outlines: Counter[int] = field(default_factory=Counter)


def read(path: Path, *, has_formulas: bool = False, has_notes: bool = False, has_lines: bool = False) -> Found:
    """Raises pypdfium2.PdfiumError where the file is no PDF."""
    import pypdfium2 as pdfium

    found = Found()
    with pdfium.PdfDocument(path) as document:  # type: ignore[no-untyped-call]
        found.title = document.get_metadata_value("Title")
        for index in range(len(document)):
            page = document[index]
            text_page = page.get_textpage()
            width, height = page.get_size()
            found.sizes.append((width, height))
            foot = _rule_of_notes(pdfium.raw, page) if has_notes else MARGIN_BOTTOM
            for texts, bottom, top in ((found.texts, foot, height), (found.notes, MARGIN_BOTTOM, foot)):
                text = text_page.get_text_bounded(0, bottom, width, top) if top > bottom else ""
                texts.append(_LINE_END_HYPHEN.sub("-", text))
            found.footers.append(text_page.get_text_bounded(0, 0, width, MARGIN_BOTTOM))
            _read_links(pdfium.raw, document, page, index + 1, found)
            found.pictures += _pictures(pdfium.raw, page)
            if has_formulas:
                found.outlines.update(_outlines(pdfium.raw, page))
            if has_lines:
                found.letters.append(list(_letters(pdfium.raw, text_page)))
            text_page.close()
            page.close()
        for entry in document.get_toc(max_depth=10):
            dest = entry.get_dest()
            target = dest.get_index() if dest else None
            title = entry.get_title()
            sizes = () if target is None else tuple(_sizes(pdfium.raw, document[target], title))
            found.outline.append(OutlineEntry(entry.level, title, 0 if target is None else target + 1, sizes))
    return found


def _rule_of_notes(raw: Any, page: Any) -> float:
    """The height of the short rule above a page's footnotes, the lowest there is; where there is none, of its foot.

    Those of a narrow table may be as short, but are of another thickness.
    """
    lowest = float("inf")
    thickness = ctypes.c_float(0.0)
    for path in page.get_objects([raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = path.get_bounds()
        if abs(right - left - RULE_WIDTH) < _ABOUT and abs(left - MARGIN_SIDE) < _ABOUT and top - bottom < _ABOUT:
            raw.FPDFPageObj_GetStrokeWidth(path, ctypes.byref(thickness))
            if abs(thickness.value - RULE_THICKNESS) < _ABOUT_AS_THICK:
                lowest = min(lowest, bottom)
    return lowest if lowest < float("inf") else MARGIN_BOTTOM


def _read_links(raw: Any, document: Any, page: Any, number: int, found: Found) -> None:
    position = ctypes.c_int(0)
    link = raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
        action = raw.FPDFLink_GetAction(link)
        size = raw.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
        if size > 1:
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(document, action, buffer, size)
            found.links[buffer.value.decode(errors="replace")] += 1
            continue
        dest = raw.FPDFLink_GetDest(document, link)
        if dest:
            found.jumps.append((number, raw.FPDFDest_GetDestPageIndex(document, dest) + 1))


def _sizes(raw: Any, page: Any, title: str) -> Iterator[float]:
    text_page = page.get_textpage()
    # A hyphen at the end of a line is none to pdfium.
    word = title.split()[0].rstrip("-") if title.split() else ""
    search = text_page.search(word, match_case=True) if word else None
    while search and (place := search.get_next()):
        yield raw.FPDFText_GetFontSize(text_page, place[0])
    text_page.close()


def _letters(raw: Any, text_page: Any) -> Iterator[tuple[str, float]]:
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text_page.count_chars()):
        raw.FPDFText_GetCharOrigin(text_page, index, ctypes.byref(x), ctypes.byref(y))
        yield _LINE_END_HYPHEN.sub("-", chr(raw.FPDFText_GetUnicode(text_page, index))), y.value


def _pictures(raw: Any, page: Any) -> Iterator[FoundPicture]:
    for image in page.get_objects([raw.FPDF_PAGEOBJ_IMAGE]):
        width, height = image.get_px_size()
        yield FoundPicture(width, height, signature_of(image.get_bitmap(render=False).to_pil()))


def signature_of(picture: Image.Image) -> bytes:
    """See FoundPicture."""
    return picture.convert("RGB").resize((SIGNATURE_SIZE, SIGNATURE_SIZE), reducing_gap=2.0).tobytes()


def _outlines(raw: Any, page: Any) -> Iterator[int]:
    fill, stroke = ctypes.c_int(0), ctypes.c_int(0)
    for path in page.get_objects([raw.FPDF_PAGEOBJ_PATH]):
        raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
        count = raw.FPDFPath_CountSegments(path) if fill.value else 0
        kinds = (raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(path, index)) for index in range(count))
        points = sum(kind == raw.FPDF_SEGMENT_BEZIERTO for kind in kinds)
        if points:
            yield points // _POINTS_OF_CURVE
