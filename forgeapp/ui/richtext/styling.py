"""Inlines as text with formats in the theme's colours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout

from forgeapp.domain.document import FootnoteMark, Inline, InlineMath, Inlines, LineBreak, Picture, Run
from forgeapp.ui.richtext.cell import format_range, units
from forgeapp.ui.theme import color, font, px, roles

MAX_SHOWN_CHARS = 200_000
"""Of one paragraph."""


@dataclass(frozen=True, slots=True)
class Span:
    """An inline and the positions it stands between."""

    start: int
    end: int
    inline: Inline


@dataclass(frozen=True, slots=True)
class Styled:
    """`chips` stand on a ground of their own: code and formulas within a text."""

    text: str
    spans: tuple[Span, ...]

    @property
    def links(self) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if isinstance(span.inline, Run) and is_link(span.inline.link))

    @property
    def chips(self) -> tuple[Span, ...]:
        return tuple(
            span
            for span in self.spans
            if isinstance(span.inline, InlineMath) or (isinstance(span.inline, Run) and span.inline.code)
        )


def is_link(address: str | None) -> bool:
    """Whether it is one that may be opened."""
    return bool(address) and address.lower().startswith(("http://", "https://", "mailto:"))  # type: ignore[union-attr]


def styled(inlines: Inlines) -> Styled:
    parts: list[str] = []
    spans: list[Span] = []
    at = size = 0
    for inline in inlines:
        match inline:
            case Run(text=text):
                shown = text.replace("\n", " ")
            case InlineMath(tex=tex):
                shown = tex.replace("\n", " ")
            case LineBreak():
                shown = "\u2028"
            case FootnoteMark(label=label):
                shown = label
            case Picture(alt=alt):
                shown = alt
        shown = shown[: MAX_SHOWN_CHARS - size]
        length = units(shown)
        if length:
            parts.append(shown)
            spans.append(Span(at, at + length, inline))
            at += length
            size += len(shown)
    return Styled("".join(parts), tuple(spans))


def formats(text: Styled, size: int, weight: int = 400) -> list[QTextLayout.FormatRange]:
    """What differs from plain text of `size` and `weight`."""
    theme = (roles().ink, px(1000))
    made = []
    for span in text.spans:
        look = _look_of(span.inline)
        if look != _PLAIN:
            made.append(format_range(span.start, span.end - span.start, _format(look, size, weight, theme)))
    return made


@dataclass(frozen=True, slots=True)
class _Look:
    bold: bool = False
    italic: bool = False
    strike: bool = False
    mono: bool = False
    role: str = ""
    raised: bool = False


_PLAIN = _Look()


def _look_of(inline: Inline) -> _Look:
    match inline:
        case Run():
            look = _Look(inline.bold, inline.italic, inline.strike, inline.code)
            return replace(look, role="accent") if is_link(inline.link) else look
        case InlineMath():
            return _Look(mono=True, role="formula")
        case FootnoteMark():
            return _Look(role="accent", raised=True)
        case Picture():
            return _Look(italic=True, role="ink_3")
    return _PLAIN


@lru_cache(maxsize=512)
def _format(look: _Look, size: int, weight: int, theme: tuple[str, int]) -> QTextCharFormat:  # noqa: ARG001
    """`theme` is part of the key only: another theme, another format."""
    made = QTextCharFormat()
    heavy = 600 if look.bold and weight < 600 else (700 if look.bold and look.mono else weight)
    made.setFont(_font(look, size, heavy))
    if look.role:
        made.setForeground(QColor(color(look.role)))
    if look.raised:
        made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
    return made


def _font(look: _Look, size: int, weight: int) -> QFont:
    made = font(size - 1 if look.mono else size, 700 if look.mono and weight >= 600 else weight, look.mono)
    made.setItalic(look.italic)
    made.setStrikeOut(look.strike)
    return made
