"""Code in colour, one palette for every format; colours have contrast 4.5:1 or more on their ground (WCAG 2.1 AA)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType, is_token_subtype
from pygments.util import ClassNotFound

MAX_HIGHLIGHTED_CHARS = 300_000
"""Longer code is shown plain: lexers take their time."""


@dataclass(frozen=True, slots=True)
class Ink:
    """How one sort of token looks; `name` is that sort. `dark`: the colour on a dark ground."""

    name: str
    color: str
    dark: str
    bold: bool = False
    italic: bool = False


COMMENT = Ink("comment", "#5f6670", "#9aa2ae", italic=True)
KEYWORD = Ink("keyword", "#7a3ea8", "#cfa3f0", bold=True)
NAME = Ink("name", "#1f5fbf", "#8ab8f5")
TYPE = Ink("type", "#1f5fbf", "#8ab8f5", bold=True)
ATTRIBUTE = Ink("attribute", "#8a5a00", "#dfb45c")
STRING = Ink("string", "#177245", "#7fcf9f")
NUMBER = Ink("number", "#a03a13", "#f0a27e")
REMOVED = Ink("removed", "#b3261e", "#f2938c")
INKS = (COMMENT, KEYWORD, NAME, TYPE, ATTRIBUTE, STRING, NUMBER, REMOVED)

_INKS: tuple[tuple[_TokenType, Ink], ...] = (
    (Token.Comment, COMMENT),
    (Token.Keyword, KEYWORD),
    (Token.Operator.Word, KEYWORD),
    (Token.Name.Function, NAME),
    (Token.Name.Class, TYPE),
    (Token.Name.Decorator, ATTRIBUTE),
    (Token.Name.Builtin, NAME),
    (Token.Name.Tag, TYPE),
    (Token.Name.Attribute, ATTRIBUTE),
    (Token.Literal.String, STRING),
    (Token.Literal.Number, NUMBER),
    (Token.Generic.Deleted, REMOVED),
    (Token.Generic.Inserted, STRING),
    (Token.Generic.Heading, TYPE),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Text within one line; `ink` None for plain."""

    text: str
    ink: Ink | None = None

    @property
    def color(self) -> str | None:
        """On white, '#rrggbb'."""
        return self.ink.color if self.ink else None

    @property
    def bold(self) -> bool:
        return self.ink is not None and self.ink.bold

    @property
    def italic(self) -> bool:
        return self.ink is not None and self.ink.italic


def highlight(text: str, language: str) -> list[list[Span]]:
    """The lines of `text`, each as spans; joined they give it with plain line ends. Unknown languages come plain."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        lexer = None
    if lexer is None or len(text) > MAX_HIGHLIGHTED_CHARS:
        return [[Span(line)] if line else [] for line in text.split("\n")]
    lines: list[list[Span]] = [[]]
    for token, value in lex(text, lexer):
        ink = _ink(token)
        first, *others = value.split("\n")
        for number, part in enumerate((first, *others)):
            if number:
                lines.append([])
            if part:
                lines[-1].append(Span(part, ink))
    return lines


@cache
def _ink(token: _TokenType) -> Ink | None:
    return next((ink for kind, ink in _INKS if is_token_subtype(token, kind)), None)
