"""Source code into lines of styled spans, by Pygments' lexers. Lazy: what is not asked for is not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from forgeapp.ui.artifact.text.positions import units

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MAX_LINE_CHARS: Final = 4_000
"""Of a longer line the rest is left without colour."""
MAX_WHOLE_CHARS: Final = 30_000
"""Lexers that can only read a text as a whole are not asked for more."""

Span = tuple[int, int, str]
"""Start and length in Qt's units, and the style."""


@dataclass(frozen=True, slots=True)
class Line:
    """`width` in Qt's units. `is_open`: a string or comment goes on in the next line."""

    spans: tuple[Span, ...] = ()
    width: int = 0
    is_open: bool = False


LexLines = Callable[[Sequence[str]], Iterator[Line]]
"""Lines of a text that begins in no string or comment, to as many styled lines, one by one."""

_STYLES: Final = {
    "Comment": "comment",
    "Comment.Preproc": "decorator",
    "Comment.PreprocFile": "string",
    "Keyword": "keyword",
    "Keyword.Type": "type",
    "Operator": "operator",
    "Operator.Word": "keyword",
    "Punctuation": "operator",
    "Literal": "string",
    "Literal.Number": "number",
    "Literal.Date": "number",
    "Literal.String.Escape": "escape",
    "Literal.String.Interpol": "escape",
    "Literal.String.Affix": "string",
    "Name.Attribute": "attribute",
    "Name.Builtin": "type",
    "Name.Class": "definition",
    "Name.Constant": "number",
    "Name.Decorator": "decorator",
    "Name.Entity": "escape",
    "Name.Exception": "type",
    "Name.Function": "definition",
    "Name.Label": "decorator",
    "Name.Tag": "type",
    "Generic.Heading": "definition",
    "Generic.Subheading": "definition",
    "Generic.Deleted": "deleted",
    "Generic.Inserted": "inserted",
    "Generic.Emph": "emphasis",
    "Generic.Strong": "strong",
    "Generic.Prompt": "quiet",
    "Generic.Output": "quiet",
}


@cache
def style_of(token: Any) -> str:
    """The style of one of Pygments' token types, '' for plain text."""
    name = ".".join(token)
    while name:
        if name in _STYLES:
            return _STYLES[name]
        name = name.rpartition(".")[0]
    return ""


def load_lexer(language: str) -> LexLines | None:
    """Reads lines of that language; None where Pygments knows none of that name, or it is plain text. Slow at first."""
    from pygments.lexers import get_lexer_by_name
    from pygments.lexers.special import TextLexer
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    if isinstance(lexer, TextLexer):
        return None
    return lambda lines: lex_lines(lexer, lines)


def lex_lines(lexer: Lexer, lines: Sequence[str]) -> Iterator[Line]:
    text = "\n".join(line[:MAX_LINE_CHARS] for line in lines)
    if not _is_lazy(lexer) and len(text) > MAX_WHOLE_CHARS:
        return (Line((), units(line)) for line in lines)
    return _lined(_whole(lexer.get_tokens_unprocessed(text), text), lines)


def _is_lazy(lexer: Lexer) -> bool:
    from pygments.lexer import DelegatingLexer

    return not isinstance(lexer, DelegatingLexer)


def _whole(tokens: Any, text: str) -> Iterator[tuple[str, str]]:
    """Style and value of each token, so that the values are `text`, also where a lexer leaves gaps."""
    at = 0
    for index, token, value in tokens:
        if index > at:
            yield "", text[at:index]
        elif index < at:
            value = value[at - index :]
        if value:
            yield style_of(token), value
            at = max(at, index) + len(value)
    if at < len(text):
        yield "", text[at:]


def _lined(tokens: Iterator[tuple[str, str]], lines: Sequence[str]) -> Iterator[Line]:
    spans: list[Span] = []
    column = number = 0
    for style, value in tokens:
        parts = value.split("\n")
        for place, part in enumerate(parts):
            if place:
                ends_here = place == len(parts) - 1 and not part and value != "\n"
                yield Line(tuple(spans), units(lines[number]), style in ("string", "comment") and not ends_here)
                spans, column, number = [], 0, number + 1
            if part:
                width = units(part)
                if style:
                    if spans and spans[-1][2] == style and spans[-1][0] + spans[-1][1] == column:
                        spans[-1] = (spans[-1][0], spans[-1][1] + width, style)
                    else:
                        spans.append((column, width, style))
                column += width
    yield Line(tuple(spans), units(lines[number]))
