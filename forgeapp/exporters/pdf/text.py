"""Runs of text broken into lines: where a line may end, and what stands in it from left to right.

Only right-to-left text goes through the bidirectional algorithm. Not here: fonts (lettering), pages and drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from forgeapp.exporters.bidi import base_level, embedding_levels, visual_order
from forgeapp.exporters.pdf.characters import INSIDE_WORD, RUNS_BACKWARDS, TOKEN, WIDE, han_language, held_blanks
from forgeapp.exporters.pdf.lettering import ROUNDING, SHAPED_AT_ONCE, Lettering, Piece
from forgeapp.exporters.pdf.style import Mark, Style

_SMALLEST_UNSEEN = 1.0
"""Points: readers lose smaller letters."""

Span = tuple[str, Style]


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
    """What no line break may divide, unless it is wider than a line. `before` is the blank before it.

    `is_held`: it stands beside the word before it, wherever both of them have room on a line.
    """

    pieces: list[Piece]
    width: float
    before: Piece | None = None
    starts_line: bool = False
    is_held: bool = False


@dataclass(slots=True)
class Typesetter:
    """Breaks text into lines for one PDF. `language`: of the whole (BCP 47), where a text does not tell its own."""

    letters: Lettering
    language: str = ""

    def natural_width(self, spans: Sequence[Span]) -> float:
        """The width of the widest line, were there no end to the page."""
        if len(spans) == 1 and spans[0][1].drawing is None:
            width = self.letters.simple_width(*spans[0])
            if width is not None:
                return width
        return max((line.width for line in self.lines(spans, float("inf"))), default=0.0)

    def longest_word(self, spans: Sequence[Span]) -> float:
        return max((_width(group) for group in _groups(self._words(spans, None))), default=0.0)

    def lines(self, spans: Sequence[Span], width: float) -> list[Line]:
        """The spans, cleaned by `flowing`, in lines of at most `width` points; '\\n' ends a line."""
        if len(spans) == 1 and spans[0][1].drawing is None:
            text, style = spans[0]
            text = text.strip(" ")
            simple = self.letters.simple_width(text, style)
            if simple is not None:
                if not text:
                    return [Line([], 0.0)]
                if simple <= width + ROUNDING:
                    return [Line([Piece(text, style, self.letters.face(style), simple)], simple)]
                if not INSIDE_WORD.search(text) and not held_blanks(text):
                    broken = self._simple_lines(text, style, width)
                    if broken is not None:
                        return broken
        text = "".join(_seen(text, style) for text, style in spans)
        levels = embedding_levels(text) if RUNS_BACKWARDS.search(text) else None
        self.letters.han = han_language(text, self.language)
        is_backwards = levels is not None and base_level(text) == 1
        return [_finished(pieces, is_backwards) for pieces in self._fill(self._words(spans, levels), width)]

    def verbatim_lines(self, spans: Sequence[Span], width: float) -> list[Line]:
        """One line of code; where it is too long it goes on below, indented like its beginning."""
        text = "".join(text for text, _ in spans)
        levels = embedding_levels(text) if RUNS_BACKWARDS.search(text) else None
        self.letters.han = han_language(text, self.language)
        pieces: list[Piece] = []
        start = 0
        for part, style in spans:
            _extend(pieces, self.letters.pieces(part, style, levels[start : start + len(part)] if levels else None))
            start += len(part)
        if sum(piece.width for piece in pieces) <= width + ROUNDING:
            return [_finished(pieces, False)]
        blanks = len(text) - len(text.lstrip(" "))
        first, style = spans[0]
        indent = Piece(
            " " * blanks, style, self.letters.face(style), self.letters.simple_width(" " * blanks, style) or 0.0
        )
        if indent.width > width / 2 or blanks > len(first):
            return [_finished(row, False) for row in self._chopped(pieces, width)]
        rest = [(first[blanks:], style), *spans[1:]]
        rows = self._fill(self._words(rest, levels[blanks:] if levels else None), width - indent.width)
        lead = [indent] if blanks else []
        return [_finished([*lead, *row], False) for row in rows]

    def _simple_lines(self, text: str, style: Style, width: float) -> list[Line] | None:
        """Words of one simple style; None where one of them is wider than a line."""
        face = self.letters.face(style)
        per_mille = face.widths
        space = per_mille[" "]
        room = int((width + ROUNDING) * 1000 / style.size)
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
        starts_line = is_open = is_held = False
        start = 0
        for text, style in spans:
            held = held_blanks(text) if not style.drawing and " " in text else ()
            first = start
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
                    blank, starts_line, is_open, is_held = None, False, True, False
                elif word == "\n":
                    if starts_line:
                        words.append(_Word([], 0.0, None, True))
                    starts_line, is_open, blank, is_held = True, False, None, False
                elif word[0] == " ":
                    blank, is_open = self.letters.pieces(word, style, own)[0], False
                    is_held = end - len(word) - first in held
                else:
                    for part, part_levels in _parts(word, own):
                        pieces = self.letters.pieces(part, style, part_levels)
                        width = sum(piece.width for piece in pieces)
                        if is_open and words and not WIDE.match(part):
                            words[-1].pieces.extend(pieces)
                            words[-1].width += width
                        else:
                            words.append(_Word(pieces, width, blank, starts_line, is_held))
                        blank, starts_line, is_held = None, False, False
                        is_open = not (WIDE.search(part) or part is not word)
                    is_open = not WIDE.search(word)
        return words

    def _fill(self, words: Iterable[_Word], width: float) -> list[list[Piece]]:
        rows: list[list[Piece]] = []
        row: list[Piece] = []
        used = 0.0
        for group in _groups(words):
            # What has no room together may as well be divided.
            parts = [group] if len(group) == 1 or _width(group) <= width + ROUNDING else [[word] for word in group]
            for part in parts:
                first = part[0]
                wide = _width(part)
                gap = first.before.width if first.before and row else 0.0
                if first.starts_line or (row and used + gap + wide > width + ROUNDING):
                    rows.append(row)
                    row, used, gap = [], 0.0, 0.0
                if wide > width + ROUNDING:
                    *full, row = self._chopped(first.pieces, width)
                    rows.extend(full)
                    used = sum(piece.width for piece in row)
                    continue
                for word in part:
                    if word.before and (word is not first or gap):
                        _extend(row, [word.before])
                    _extend(row, word.pieces)
                used += gap + wide
        rows.append(row)
        return rows

    def _chopped(self, pieces: Iterable[Piece], width: float) -> list[list[Piece]]:
        """Pieces wider than a line, cut between characters; at least one character a line."""
        rows: list[list[Piece]] = [[]]
        used = 0.0
        for piece in pieces:
            if used + piece.width <= width + ROUNDING:
                rows[-1].append(piece)
                used += piece.width
                continue
            if piece.style.drawing:
                if used:
                    rows.append([])
                rows[-1].append(replace(piece, width=min(piece.width, width)))
                used = rows[-1][-1].width
                continue
            for cut in self.letters.slices(piece, width - used, width):
                if used and used + cut.width > width + ROUNDING:
                    rows.append([])
                    used = 0.0
                rows[-1].append(cut)
                used += cut.width
        return rows

    def _drawn(self, text: str, style: Style, levels: Sequence[int] | None) -> Piece:
        assert style.drawing is not None
        width = style.drawing.width
        unseen = replace(style, drawing=None, mono=True, bold=False, italic=False)
        pieces = self.letters.pieces(text, unseen, None) if text else []
        natural = sum(piece.width for piece in pieces)
        if natural > 0:
            # As wide as what is seen, so that it is marked where it is seen.
            unseen = unseen.at(min(style.size, max(_SMALLEST_UNSEEN, style.size * width / natural)))
            pieces = self.letters.pieces(text, unseen, None)
        level = levels[0] if levels else 0
        return Piece(text, style, self.letters.face(style), width, level, behind=tuple(pieces))


def _groups(words: Iterable[_Word]) -> Iterator[list[_Word]]:
    """Words that are held beside one another."""
    group: list[_Word] = []
    for word in words:
        if group and not word.is_held:
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _width(group: Sequence[_Word]) -> float:
    blanks = sum(word.before.width for word in group[1:] if word.before)
    return sum(word.width for word in group) + blanks


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
            and not (len(last.text) >= SHAPED_AT_ONCE and (last.shaped or piece.shaped))
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
