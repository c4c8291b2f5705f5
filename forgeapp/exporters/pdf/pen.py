"""Lines of text drawn on a page of a PDF: letters, what decorates them, and what is only there to be searched."""

from __future__ import annotations

from fpdf import FPDF
from fpdf.drawing_primitives import DeviceRGB, color_from_hex_string

from forgeapp.exporters.pdf.lettering import Piece
from forgeapp.exporters.pdf.style import GROUND, INK
from forgeapp.exporters.pdf.text import Line

_BASELINE = 0.34
"""Of the size: how far the baseline lies below the middle of the line."""
_AIR = 1.5
"""Above and below a drawing that is higher than its line."""
_SMALLEST_GAP = 0.5
"""Thousandths of the size."""
_THICKER = 0.035
"""Of the size: the stroke around letters whose font has no bold ones."""


def baseline_of(line: Line, leading: float) -> float:
    """How far it lies below the upper edge of the line."""
    size = max(piece.style.size for piece in line.pieces)
    return (lead_of(line, leading) if line.ascent else 0.0) + leading / 2 + _BASELINE * size


def line_extra(line: Line, leading: float) -> float:
    """What a line with drawings is higher than others."""
    if not line.ascent:
        return 0.0
    size = max(piece.style.size for piece in line.pieces)
    return lead_of(line, leading) + max(0.0, line.descent + _AIR - (leading / 2 - _BASELINE * size))


def lead_of(line: Line, leading: float) -> float:
    """How much lower than usual a line with drawings stands."""
    size = max(piece.style.size for piece in line.pieces)
    return max(0.0, line.ascent + _AIR - (leading / 2 + _BASELINE * size))


def draw_line(pdf: FPDF, line: Line, left: float, baseline: float) -> None:
    """Draws the pieces of one line from `left` on."""
    for piece in line.pieces:
        style = piece.style
        if style.ground:
            size = style.size
            pdf.set_fill_color(color_of(GROUND))
            pdf.rect(left - 1, baseline - size, piece.width + 2, size * 1.32, style="F")
            pdf.set_fill_color(color_of(INK))
        if style.drawing:
            style.drawing.paint(pdf, left, baseline, piece.scale, style.color)
            _draw_unseen(pdf, piece, left, baseline)
        else:
            _draw_piece(pdf, piece, left, baseline - (0.34 * style.size if style.raised else 0))
        if style.strike:
            _stroke(pdf, left, baseline - 0.3 * style.size, piece.width, style.color, 0.6)
        if style.link:
            if isinstance(style.link, str):
                _stroke(pdf, left, baseline + 1.6, piece.width, style.color, 0.35)
            pdf.link(left, baseline - style.size, piece.width, style.size * 1.3, style.link)
        if style.mark and not style.mark.is_drawn:
            style.mark.is_drawn = True
            pdf.set_link(style.mark.back, y=max(baseline - 2 * style.size, 0), page=pdf.page)
        left += piece.width


def _draw_piece(pdf: FPDF, piece: Piece, left: float, baseline: float) -> None:
    style, face = piece.style, piece.face
    pdf.set_font(face.family, face.emphasis, style.size)
    pdf.set_text_color(color_of(style.color))
    is_thickened = style.bold and "B" not in face.emphasis and not face.is_color
    if is_thickened:
        # Fonts for Chinese and Japanese mostly come without bold letters. Filled, and their outline drawn as well:
        # rendering mode 2 (ISO 32000-1, 9.3.6).
        if not pdf.current_font_is_set_on_page:
            pdf.text(left, baseline, "")
        stroke = color_of(style.color).serialize().upper()
        pdf._out(f"q {stroke} {style.size * _THICKER:.3f} w 2 Tr")
    if piece.shaped:
        _draw_shaped(pdf, piece, left, baseline)
    else:
        pdf.text(left, baseline, piece.text)
    if is_thickened:
        pdf._out("Q")


def _draw_shaped(pdf: FPDF, piece: Piece, left: float, baseline: float) -> None:
    """All of it at once: `cell` would cut before every mark of no script (harakat, accents), and letters fall apart."""
    from fpdf.line_break import Fragment

    if not pdf.current_font_is_set_on_page:
        pdf.text(left, baseline, "")
    pdf.set_text_shaping(True, direction="rtl" if piece.level % 2 else "ltr")
    shaping = pdf.text_shaping
    assert shaping is not None
    shaping["fragment_direction"] = shaping["direction"]
    glyphs = _in_one_array(pdf, piece)
    if not glyphs:
        fragment = Fragment(piece.text, pdf._get_current_graphics_state(), pdf.k)
        glyphs = fragment.render_with_text_shaping(left, baseline, pdf.h, 0.0)
    pdf.set_text_shaping(False)
    color = color_of(piece.style.color).serialize().lower()
    pdf._out(f"q {color} BT {left:.2f} {pdf.h - baseline:.2f} Td {glyphs} ET Q")


def _in_one_array(pdf: FPDF, piece: Piece) -> str:
    """The glyphs with what brings them closer together between them (TJ, ISO 32000-1, 9.4.3).

    Where each stands for itself readers take a word with kerning for several. '' where marks are raised or lowered.
    """
    face = piece.face
    scale = face.font.scale
    parts: list[str] = []
    open_text, gap = "", 0.0
    for glyph in face.font.shape_text(piece.text, piece.style.size, pdf.text_shaping):
        if glyph["y_offset"] or glyph["y_advance"]:
            return ""
        number = glyph["mapped_char"]
        if number is None:
            continue
        gap -= glyph["x_offset"] * scale
        if abs(gap) >= _SMALLEST_GAP:
            parts += [f"({open_text})", f"{gap:.0f}"] if open_text else [f"{gap:.0f}"]
            open_text, gap = "", gap - round(gap)
        open_text += face.font.escape_text(chr(number))
        gap += face.glyph_width(number) + (glyph["x_offset"] - glyph["x_advance"]) * scale
    return f"[{' '.join([*parts, f'({open_text})'])}] TJ" if open_text else ""


def _draw_unseen(pdf: FPDF, piece: Piece, left: float, baseline: float) -> None:
    """Text in rendering mode 3 (ISO 32000-1, 9.3.6), stretched to the width of the drawing it stands for."""
    natural = sum(part.width for part in piece.behind)
    stretch = piece.width / natural if natural > 0 else 1.0
    for part in piece.behind:
        pdf.set_font(part.face.family, part.face.emphasis, part.style.size)
        if not pdf.current_font_is_set_on_page:
            pdf.text(left, baseline, "")
        pdf._out(f"q 3 Tr {stretch * 100:.2f} Tz")
        pdf.text(left, baseline, part.text)
        pdf._out("Q")
        left += part.width * stretch


def _stroke(pdf: FPDF, left: float, y: float, width: float, color: str, thickness: float) -> None:
    pdf.set_draw_color(color_of(color))
    pdf.set_line_width(thickness)
    pdf.line(left, y, left + width, y)


_COLORS: dict[str, DeviceRGB] = {}


def color_of(value: str) -> DeviceRGB:
    color = _COLORS.get(value)
    if color is None:
        parsed = color_from_hex_string(value)
        if not isinstance(parsed, DeviceRGB):
            raise TypeError(f"{value} is not '#rrggbb'")
        color = _COLORS[value] = parsed
    return color
