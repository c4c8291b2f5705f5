"""Text as pieces of one font each: which font has a character, how wide it is, what must be shaped together.

Text in one simple script is measured by a table of widths; only what needs it (NEEDS_SHAPING) goes through the
shaping engine. Not here: lines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from fpdf import FPDF

from forgeapp.exporters.fonts import FontFile, emoji_font, fallback_font, text_font
from forgeapp.exporters.pdf.characters import AS_EMOJI, EMOJI, JOINERS, NEEDS_SHAPING, SUBSTITUTE, unshowable
from forgeapp.exporters.pdf.face import Face
from forgeapp.exporters.pdf.style import Style

SHAPED_AT_ONCE = 200
"""Characters given to the shaping engine in one go; bounds its work on marks that have no width."""
ROUNDING = 0.01
"""Of points, in sums of widths."""
_WIDTHS_KEPT = 20_000


@dataclass(slots=True)
class Piece:
    """Text of one style in one font. `width` in points; `level` of the bidirectional algorithm.

    `behind`: of a drawing the text that is searched and copied, in pieces of one font each, never seen.
    """

    text: str
    style: Style
    face: Face
    width: float
    level: int = 0
    shaped: bool = False
    behind: tuple[Piece, ...] = ()

    @property
    def scale(self) -> float:
        """Of its drawing, which is made smaller where it is wider than the line."""
        full = self.style.drawing.width if self.style.drawing else 0.0
        return self.width / full if full > 0 else 1.0


@dataclass(slots=True)
class Lettering:
    """The fonts of one PDF. `han`: whose Chinese characters the present text has. `missing`: those no font has."""

    pdf: FPDF
    han: str = ""
    missing: dict[str, None] = field(default_factory=dict)
    _faces: dict[tuple[bool, str], Face] = field(default_factory=dict)
    _fallbacks: dict[tuple[str, bool, str], Face | None] = field(default_factory=dict)
    _emoji: dict[str, str | None] = field(default_factory=dict)
    _shaped_widths: dict[tuple[Face, str], float] = field(default_factory=dict)
    _loaded: dict[FontFile, Face] = field(default_factory=dict)

    def face(self, style: Style) -> Face:
        key = (style.mono, style.emphasis)
        face = self._faces.get(key)
        if face is None:
            face = self._faces[key] = Face(self.pdf, text_font("mono" if style.mono else "sans", style.emphasis))
        return face

    def simple_width(self, text: str, style: Style) -> float | None:
        """The width in points, None where a character is not in the style's own font or needs shaping."""
        try:
            return sum(map(self.face(style).widths.__getitem__, text)) * style.size / 1000
        except KeyError:
            return None

    def pieces(self, text: str, style: Style, levels: Sequence[int] | None) -> list[Piece]:
        """Text as pieces of one font and level each. A character no font has comes as SUBSTITUTE."""
        if levels is None or not any(levels):
            simple = self.simple_width(text, style)
            if simple is not None:
                return [Piece(text, style, self.face(style), simple)]
        if not EMOJI.search(text):
            return self._plain_pieces(text, style, levels)
        pieces: list[Piece] = []
        done = 0
        for match in EMOJI.finditer(text):
            start, end = match.span()
            picture = self._joined_emoji(match[0], style, levels[start] if levels else 0)
            if picture is not None:
                pieces += self._plain_pieces(text[done:start], style, levels[done:start] if levels else None)
                pieces.append(picture)
                done = end
        return pieces + self._plain_pieces(text[done:], style, levels[done:] if levels else None)

    def _joined_emoji(self, cluster: str, style: Style, level: int) -> Piece | None:
        """Several characters as the one picture that the emoji font has of them; None where it has none."""
        font = emoji_font()
        face = self._load(font) if font else None
        if face is None or not face.is_color:
            return None
        if cluster not in self._emoji:
            # Some fonts have the picture under its name with the marks, others under that without.
            ways = (cluster.replace(AS_EMOJI, ""), cluster)
            self._emoji[cluster] = next((way for way in ways if face.draws_as_one(way)), None)
        way = self._emoji[cluster]
        if way is None or not face.has_room_for(way):
            return None
        face.used.add(way)
        return Piece(way, style, face, self._width(way, style, face, True), level, shaped=True)

    def _plain_pieces(self, text: str, style: Style, levels: Sequence[int] | None) -> list[Piece]:
        own, current = self.face(style), None
        pieces: list[Piece] = []
        run: list[str] = []
        level = 0
        for index, character in enumerate(text):
            face = None if character == AS_EMOJI else self._face_for(character, style, own, current)
            if face is None:
                if character in JOINERS or character == AS_EMOJI:
                    continue
                self.missing.setdefault(character)
                character, face = SUBSTITUTE, own
            here = levels[index] if levels else 0
            if run and (face is not current or here != level or len(run) >= SHAPED_AT_ONCE):
                pieces.append(self._piece("".join(run), style, current or own, level))
                run = []
            run.append(character)
            current, level = face, here
        if run:
            pieces.append(self._piece("".join(run), style, current or own, level))
        return pieces

    def _piece(self, text: str, style: Style, face: Face, level: int) -> Piece:
        shaped = not face.is_color and (level % 2 == 1 or bool(NEEDS_SHAPING.search(text)))
        return Piece(text, style, face, self._width(text, style, face, shaped), level, shaped)

    def _width(self, text: str, style: Style, face: Face, shaped: bool) -> float:
        if not shaped:
            return sum(face.widths.get(character, 0) for character in text) * style.size / 1000
        per_point = self._shaped_widths.get((face, text))
        if per_point is None:
            if len(self._shaped_widths) > _WIDTHS_KEPT:
                self._shaped_widths.clear()
            _, width = face.font.get_text_width(text, 1000, {"features": {}})
            per_point = self._shaped_widths[face, text] = width / 1000
        return per_point * style.size

    def _face_for(self, character: str, style: Style, own: Face, current: Face | None) -> Face | None:
        """The style's own font, or that of the neighbour before for what goes with it, or any that has it."""
        if current is not None and current is not own and character in current.has and not character.isalnum():
            return current
        if character in own.has:
            return own
        key = (character, style.bold, self.han)
        if key not in self._fallbacks:
            self._fallbacks[key] = self._fallback(character, style.bold)
        return self._fallbacks[key]

    def _fallback(self, character: str, bold: bool) -> Face | None:
        font = fallback_font(character, bold=bold, language=self.han)
        if font is None:
            return None
        face = self._load(font)
        if face.is_color:
            if not face.has_room_for(character):
                return None
            face.used.add(character)
        return face

    def _load(self, font: FontFile) -> Face:
        if font not in self._loaded:
            self._loaded[font] = Face(self.pdf, font)
        return self._loaded[font]

    def note_unshowable(self, text: str) -> None:
        for character in unshowable(text):
            self.missing.setdefault(character)

    def slices(self, piece: Piece, first: float, width: float) -> list[Piece]:
        """A piece as slices, the first at most `first` wide where a character fits there, the others `width`."""
        if piece.shaped:
            clusters = _clusters(piece.text)
            widths = [self._width(cluster, piece.style, piece.face, True) for cluster in clusters]
            # Joined letters are narrower than single ones.
            joined = piece.width / (sum(widths) or 1.0)
            widths = [width * joined for width in widths]
        else:
            clusters = list(piece.text)
            scale = piece.style.size / 1000
            widths = [piece.face.widths.get(character, 0) * scale for character in clusters]
        slices: list[Piece] = []
        row: list[str] = []
        used, room = 0.0, first
        for cluster, wide in zip(clusters, widths, strict=True):
            if used + wide > room + ROUNDING and (row or not slices):
                if row:
                    slices.append(self._slice(piece, row, used))
                row, used, room = [], 0.0, width
            row.append(cluster)
            used += wide
        if row:
            slices.append(self._slice(piece, row, used))
        return slices

    def _slice(self, piece: Piece, characters: list[str], width: float) -> Piece:
        text = "".join(characters)
        if piece.shaped:
            width = self._width(text, piece.style, piece.face, True)
        return Piece(text, piece.style, piece.face, width, piece.level, piece.shaped)


def _clusters(text: str) -> list[str]:
    """Characters with the marks that hang on them, and joined emoji."""
    clusters: list[str] = []
    done = 0
    for match in EMOJI.finditer(text):
        clusters += [*_marked(text[done : match.start()]), match[0]]
        done = match.end()
    return clusters + _marked(text[done:])


def _marked(text: str) -> list[str]:
    clusters: list[str] = []
    for character in text:
        if clusters and len(clusters[-1]) < SHAPED_AT_ONCE and _hangs(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _hangs(character: str) -> bool:
    return character in JOINERS or unicodedata.category(character).startswith("M")
