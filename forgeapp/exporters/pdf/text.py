"""Runs of text broken into lines: each piece measured in the font that has its characters.

Text in one simple script is measured by a table of widths; only what needs it (NEEDS_SHAPING) goes through the
shaping engine, and only right-to-left text through the bidirectional algorithm. Not here: pages and drawing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from fpdf import FPDF

from forgeapp.exporters.fonts import FontFile, emoji_font, fallback_font, text_font
from forgeapp.exporters.pdf.bidi import base_level, embedding_levels, visual_order
from forgeapp.exporters.pdf.characters import (
    AS_EMOJI,
    EMOJI,
    INSIDE_WORD,
    JOINERS,
    NEEDS_SHAPING,
    RUNS_BACKWARDS,
    SUBSTITUTE,
    TOKEN,
    WIDE,
    han_language,
    unshowable,
)
from forgeapp.exporters.pdf.face import Face
from forgeapp.exporters.pdf.style import Mark, Style

_SHAPED_AT_ONCE = 200
"""Characters given to the shaping engine in one go; bounds its work on marks that have no width."""
_WIDTHS_KEPT = 20_000
_ROUNDING = 0.01
_SMALLEST_UNSEEN = 1.0
"""Points: readers lose smaller letters."""

Span = tuple[str, Style]


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
class Line:
    """Pieces from left to right. `is_backwards`: the paragraph runs from right to left.

    `ascent` and `descent`: of the drawings in it. `marks`: the footnotes it names.
    """

    pieces: list[Piece]
    width: float
    is_backwards: bool = False
    ascent: float = 0.0
    descent: float = 0.0
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True)
class _Word:
    """What no line break may divide, unless it is wider than a line. `before` is the blank before it."""

    pieces: list[Piece]
    width: float
    before: Piece | None = None
    starts_line: bool = False


@dataclass(slots=True)
class Typesetter:
    """Breaks text into lines for one PDF, and remembers the characters no font had."""

    pdf: FPDF
    language: str = ""
    missing: dict[str, None] = field(default_factory=dict)
    _faces: dict[tuple[bool, str], Face] = field(default_factory=dict)
    _han: str = ""
    """Of the text that is set: whose Chinese characters."""
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

    def natural_width(self, spans: Sequence[Span]) -> float:
        """The width of the widest line, were there no end to the page."""
        if len(spans) == 1 and spans[0][1].drawing is None:
            width = self.simple_width(*spans[0])
            if width is not None:
                return width
        return max((line.width for line in self.lines(spans, float("inf"))), default=0.0)

    def longest_word(self, spans: Sequence[Span]) -> float:
        return max((word.width for word in self._words(spans, None)), default=0.0)

    def lines(self, spans: Sequence[Span], width: float) -> list[Line]:
        """The spans, cleaned by pdf_characters, in lines of at most `width` points; '\\n' ends a line."""
        if len(spans) == 1 and spans[0][1].drawing is None:
            text, style = spans[0]
            text = text.strip(" ")
            simple = self.simple_width(text, style)
            if simple is not None:
                if not text:
                    return [Line([], 0.0)]
                if simple <= width + _ROUNDING:
                    return [Line([Piece(text, style, self.face(style), simple)], simple)]
                if not INSIDE_WORD.search(text):
                    broken = self._simple_lines(text, style, width)
                    if broken is not None:
                        return broken
        text = "".join(_seen(text, style) for text, style in spans)
        levels = embedding_levels(text) if RUNS_BACKWARDS.search(text) else None
        self._han = han_language(text, self.language)
        is_backwards = levels is not None and base_level(text) == 1
        return [_finished(pieces, is_backwards) for pieces in self._fill(self._words(spans, levels), width)]

    def verbatim_lines(self, spans: Sequence[Span], width: float) -> list[Line]:
        """One line of code; where it is too long it goes on below, indented like its beginning."""
        text = "".join(text for text, _ in spans)
        levels = embedding_levels(text) if RUNS_BACKWARDS.search(text) else None
        self._han = han_language(text, self.language)
        pieces: list[Piece] = []
        start = 0
        for part, style in spans:
            _extend(pieces, self._pieces(part, style, levels[start : start + len(part)] if levels else None))
            start += len(part)
        if sum(piece.width for piece in pieces) <= width + _ROUNDING:
            return [_finished(pieces, False)]
        blanks = len(text) - len(text.lstrip(" "))
        first, style = spans[0]
        indent = Piece(" " * blanks, style, self.face(style), self.simple_width(" " * blanks, style) or 0.0)
        if indent.width > width / 2 or blanks > len(first):
            return [_finished(row, False) for row in self._chopped(pieces, width)]
        rest = [(first[blanks:], style), *spans[1:]]
        rows = self._fill(self._words(rest, levels[blanks:] if levels else None), width - indent.width)
        lead = [indent] if blanks else []
        return [_finished([*lead, *row], False) for row in rows]

    def _simple_lines(self, text: str, style: Style, width: float) -> list[Line] | None:
        """Words of one simple style; None where one of them is wider than a line."""
        face = self.face(style)
        per_mille = face.widths
        space = per_mille[" "]
        room = int((width + _ROUNDING) * 1000 / style.size)
        rows: list[tuple[list[str], int]] = []
        row: list[str] = []
        used = -space
        for word in text.split(" "):
            wide = sum(map(per_mille.__getitem__, word))
            if used + space + wide > room:
                if wide > room or not row:
                    return None
                rows.append((row, used))
                row, used = [], -space
            row.append(word)
            used += space + wide
        rows.append((row, used))
        scale = style.size / 1000
        return [Line([Piece(" ".join(row), style, face, used * scale)], used * scale) for row, used in rows]

    def _words(self, spans: Iterable[Span], levels: Sequence[int] | None) -> list[_Word]:
        words: list[_Word] = []
        blank: Piece | None = None
        starts_line = is_open = False
        start = 0
        for text, style in spans:
            # A drawing holds to the word it touches, as a letter would.
            for word in (text,) if style.drawing else TOKEN.findall(text):
                end = start + len(word)
                own = levels[start:end] if levels else None
                start = end
                if style.drawing:
                    piece = self._drawn(word, style, own)
                    if is_open and words:
                        words[-1].pieces.append(piece)
                        words[-1].width += piece.width
                    else:
                        words.append(_Word([piece], piece.width, blank, starts_line))
                    blank, starts_line, is_open = None, False, True
                elif word == "\n":
                    if starts_line:
                        words.append(_Word([], 0.0, None, True))
                    starts_line, is_open, blank = True, False, None
                elif word[0] == " ":
                    blank, is_open = self._pieces(word, style, own)[0], False
                else:
                    for part, part_levels in _parts(word, own):
                        pieces = self._pieces(part, style, part_levels)
                        width = sum(piece.width for piece in pieces)
                        if is_open and words and not WIDE.match(part):
                            words[-1].pieces.extend(pieces)
                            words[-1].width += width
                        else:
                            words.append(_Word(pieces, width, blank, starts_line))
                        blank, starts_line = None, False
                        is_open = not (WIDE.search(part) or part is not word)
                    is_open = not WIDE.search(word)
        return words

    def _fill(self, words: Iterable[_Word], width: float) -> list[list[Piece]]:
        rows: list[list[Piece]] = []
        row: list[Piece] = []
        used = 0.0
        for word in words:
            gap = word.before.width if word.before and row else 0.0
            if word.starts_line or (row and used + gap + word.width > width + _ROUNDING):
                rows.append(row)
                row, used, gap = [], 0.0, 0.0
            if word.width > width + _ROUNDING:
                *full, row = self._chopped(word.pieces, width)
                rows.extend(full)
                used = sum(piece.width for piece in row)
                continue
            if gap and word.before:
                _extend(row, [word.before])
            _extend(row, word.pieces)
            used += gap + word.width
        rows.append(row)
        return rows

    def _chopped(self, pieces: Iterable[Piece], width: float) -> list[list[Piece]]:
        """Pieces wider than a line, cut between characters; at least one character a line."""
        rows: list[list[Piece]] = [[]]
        used = 0.0
        for piece in pieces:
            if used + piece.width <= width + _ROUNDING:
                rows[-1].append(piece)
                used += piece.width
                continue
            if piece.style.drawing:
                if used:
                    rows.append([])
                rows[-1].append(replace(piece, width=min(piece.width, width)))
                used = rows[-1][-1].width
                continue
            for cut in self._slices(piece, width - used, width):
                if used and used + cut.width > width + _ROUNDING:
                    rows.append([])
                    used = 0.0
                rows[-1].append(cut)
                used += cut.width
        return rows

    def _slices(self, piece: Piece, first: float, width: float) -> list[Piece]:
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
            if used + wide > room + _ROUNDING and (row or not slices):
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

    def _drawn(self, text: str, style: Style, levels: Sequence[int] | None) -> Piece:
        assert style.drawing is not None
        width = style.drawing.width
        unseen = replace(style, drawing=None, mono=True, bold=False, italic=False)
        pieces = self._pieces(text, unseen, None) if text else []
        natural = sum(piece.width for piece in pieces)
        if natural > 0:
            # As wide as what is seen, so that it is marked where it is seen.
            unseen = unseen.at(min(style.size, max(_SMALLEST_UNSEEN, style.size * width / natural)))
            pieces = self._pieces(text, unseen, None)
        level = levels[0] if levels else 0
        return Piece(text, style, self.face(style), width, level, behind=tuple(pieces))

    def _pieces(self, text: str, style: Style, levels: Sequence[int] | None) -> list[Piece]:
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
            if run and (face is not current or here != level or len(run) >= _SHAPED_AT_ONCE):
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
        key = (character, style.bold, self._han)
        if key not in self._fallbacks:
            self._fallbacks[key] = self._fallback(character, style.bold)
        return self._fallbacks[key]

    def _fallback(self, character: str, bold: bool) -> Face | None:
        font = fallback_font(character, bold=bold, language=self._han)
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


def _parts(token: str, levels: Sequence[int] | None) -> list[tuple[str, Sequence[int] | None]]:
    """A word cut after its hyphens."""
    if not INSIDE_WORD.search(token):
        return [(token, levels)]
    parts: list[tuple[str, Sequence[int] | None]] = []
    start = 0
    for part in INSIDE_WORD.split(token):
        parts.append((part, levels[start : start + len(part)] if levels else None))
        start += len(part)
    return parts


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
        if clusters and len(clusters[-1]) < _SHAPED_AT_ONCE and _hangs(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _hangs(character: str) -> bool:
    return character in JOINERS or unicodedata.category(character).startswith("M")


def _extend(row: list[Piece], pieces: Iterable[Piece]) -> None:
    """Appends pieces, joining neighbours that look alike: fewer operators in the file, whole words when shaped."""
    for piece in pieces:
        last = row[-1] if row else None
        if (
            last is not None
            and last.style == piece.style
            and last.face is piece.face
            and last.level == piece.level
            and piece.style.drawing is None
            and piece.style.mark is None
            and not (len(last.text) >= _SHAPED_AT_ONCE and (last.shaped or piece.shaped))
        ):
            last.text += piece.text
            last.width += piece.width
            last.shaped = last.shaped or piece.shaped
        else:
            row.append(piece)


def _seen(text: str, style: Style) -> str:
    """A drawing counts as a letter of a script from left to right."""
    return "x" * len(text) if style.drawing else text


def _finished(pieces: list[Piece], is_backwards: bool) -> Line:
    if any(piece.level for piece in pieces):
        pieces = visual_order(pieces, [piece.level for piece in pieces])
    line = Line(pieces, sum(piece.width for piece in pieces), is_backwards)
    for piece in pieces:
        style = piece.style
        if style.mark:
            line.marks += (style.mark,)
        if style.drawing:
            scale = piece.scale
            line.ascent = max(line.ascent, style.drawing.ascent * scale)
            line.descent = max(line.descent, style.drawing.descent * scale)
    return line
