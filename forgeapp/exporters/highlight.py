"""Code in colour, one palette for every format; colours have contrast 4.5:1 or more on white (WCAG 2.1 AA)."""

from __future__ import annotations

from dataclasses import dataclass

from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType, is_token_subtype
from pygments.util import ClassNotFound

MAX_HIGHLIGHTED_CHARS = 300_000
"""Longer code is shown plain: lexers take their time."""

_COLORS: tuple[tuple[_TokenType, str, bool, bool], ...] = (
    (Token.Comment, "#5f6670", False, True),
    (Token.Keyword, "#7a3ea8", True, False),
    (Token.Operator.Word, "#7a3ea8", True, False),
    (Token.Name.Function, "#1f5fbf", False, False),
    (Token.Name.Class, "#1f5fbf", True, False),
    (Token.Name.Decorator, "#8a5a00", False, False),
    (Token.Name.Builtin, "#1f5fbf", False, False),
    (Token.Name.Tag, "#1f5fbf", True, False),
    (Token.Name.Attribute, "#8a5a00", False, False),
    (Token.Literal.String, "#177245", False, False),
    (Token.Literal.Number, "#a03a13", False, False),
    (Token.Generic.Deleted, "#b3261e", False, False),
    (Token.Generic.Inserted, "#177245", False, False),
    (Token.Generic.Heading, "#1f5fbf", True, False),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Text within one line; `color` '#rrggbb', None for ink."""

    text: str
    color: str | None = None
    bold: bool = False
    italic: bool = False


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
        color, bold, italic = _style(token)
        first, *others = value.split("\n")
        for number, part in enumerate((first, *others)):
            if number:
                lines.append([])
            if part:
                lines[-1].append(Span(part, color, bold, italic))
    return lines


def _style(token: _TokenType) -> tuple[str | None, bool, bool]:
    for kind, color, bold, italic in _COLORS:
        if is_token_subtype(token, kind):
            return color, bold, italic
    return None, False, False
