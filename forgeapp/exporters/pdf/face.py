"""A font as a PDF holds it: which characters it has, and how wide they are."""

from __future__ import annotations

from fpdf import FPDF
from fpdf.fonts import TTFFont

from forgeapp.exporters.fonts import FontFile
from forgeapp.exporters.pdf.characters import AS_EMOJI, NEEDS_SHAPING

_MOST_COLOR_GLYPHS = 250
"""A colour font holds no more on account of its one-byte codes."""


class Face:
    """A font loaded into the PDF. `widths`: of simple characters, in thousandths of the size."""

    __slots__ = ("_glyph_widths", "emphasis", "family", "font", "has", "is_color", "used", "widths")

    def __init__(self, pdf: FPDF, font: FontFile) -> None:
        self.family, self.emphasis = font.family, font.emphasis
        key = font.family + font.emphasis
        if key not in pdf.fonts:
            pdf.add_font(font.family, font.emphasis, font.path, collection_font_number=font.number)
        loaded = pdf.fonts[key]
        if not isinstance(loaded, TTFFont):
            raise TypeError(f"{key} is not an embedded font")
        self.font = loaded
        self.has = frozenset(map(chr, loaded.cmap))
        self.is_color = loaded.color_font is not None
        self.used: set[str] = set()
        self.widths = {
            c: round(loaded.cw[ord(c)]) for c in self.has if c >= " " and c != AS_EMOJI and not NEEDS_SHAPING.match(c)
        }

        self._glyph_widths: dict[int, int] = {}

    def glyph_width(self, number: int) -> int:
        """Of a glyph by its number in the PDF, in thousandths of the size, as the file says it."""
        if number not in self._glyph_widths:
            self._glyph_widths = {code: glyph.glyph_width for glyph, code in self.font.subset.items() if glyph}
        return self._glyph_widths[number]

    def has_room_for(self, text: str) -> bool:
        return text in self.used or len(self.used) < _MOST_COLOR_GLYPHS

    def draws_as_one(self, cluster: str) -> bool:
        """Whether the font has one glyph for several characters."""
        glyphs, places = self.font.perform_harfbuzz_shaping(cluster, 10, {"features": {}})
        seen = [glyph.codepoint for glyph, place in zip(glyphs, places, strict=True) if place.x_advance]
        return len(seen) == 1 and seen[0] != 0
