"""Code coloured line by line as it grows: the lexer goes on from where it stopped.

Works for Pygments' plain regex lexers, which are nearly all; code of others, and of unknown languages, stays plain.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pygments.lexer import RegexLexer

MAX_HIGHLIGHTED_CHARS = 300_000
MAX_LINE_CHARS = 2_000
"""A longer line is left plain, and so is what follows: no code of a person has such."""

Colour = tuple[str, bool, bool]
"""The role of the theme, bold, italic."""


class Highlighter:
    """The colours of a text that only grows, in portions."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._lexer: RegexLexer | None = None
        self._is_ready = False
        self._stack: list[str] = ["root"]
        self._at = 0
        self.lines: list[list[tuple[int, int, Colour]]] = []
        """Of each finished line: start and length in characters, and the colour."""

    def is_done(self, text: str) -> bool:
        """Whether all whole lines of `text` have their colours."""
        if self._is_ready and self._lexer is None:
            return True
        return self._at >= min(text.rfind("\n") + 1, MAX_HIGHLIGHTED_CHARS)

    def advance(self, text: str, most: int) -> None:
        """Colours about `most` more characters; `text` must begin as it did before."""
        if not self._is_ready:
            self._lexer = _lexer(self._language)
            self._is_ready = True
        if self._lexer is None:
            return
        end = text.find("\n", min(self._at + most, len(text)))
        end = min(end if end >= 0 else text.rfind("\n"), MAX_HIGHLIGHTED_CHARS) + 1
        if end <= self._at:
            return
        portion = text[self._at : end]
        if len(portion) > MAX_LINE_CHARS and max(map(len, portion.split("\n"))) > MAX_LINE_CHARS:
            self._lexer = None
            return
        lines = _coloured_lines(self._lexer, portion, self._stack)
        self.lines += lines[:-1]
        self._at = end

    def last_line(self, text: str) -> list[tuple[int, int, Colour]]:
        """The colours of a line that no line end follows yet, the first after the finished ones."""
        if self._lexer is None or len(text) > MAX_LINE_CHARS:
            return []
        return _coloured_lines(self._lexer, text, list(self._stack))[0]


def _coloured_lines(lexer: RegexLexer, text: str, stack: list[str]) -> list[list[tuple[int, int, Colour]]]:
    lines: list[list[tuple[int, int, Colour]]] = [[]]
    column = 0
    for token, value in _tokens(lexer, text, stack):
        colour = _colour(token)
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
                column = 0
            if part and colour:
                lines[-1].append((column, len(part), colour))
            column += len(part)
    return lines


@lru_cache(maxsize=64)
def _lexer(language: str) -> RegexLexer | None:
    if not language:
        return None
    from pygments.lexer import RegexLexer
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    if isinstance(lexer, RegexLexer) and type(lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed:
        return lexer
    return None


def _tokens(lexer: RegexLexer, text: str, stack: list[str]) -> Iterator[tuple[Any, str]]:
    """As RegexLexer.get_tokens_unprocessed, but from `stack`, which it leaves as it stands at the end."""
    from pygments.token import Error, Whitespace, _TokenType

    definitions: Any = lexer._tokens  # type: ignore[attr-defined]
    at = 0
    while at < len(text):
        for matches, action, new_state in definitions.get(stack[-1], ()):
            found = matches(text, at)
            if not found:
                continue
            if action is not None:
                if isinstance(action, _TokenType):
                    yield action, found.group()
                else:
                    for _, token, value in action(lexer, found):
                        yield token, value
            at = found.end()
            if new_state is not None:
                _change(stack, new_state)
            break
        else:
            if text[at] == "\n":
                stack[:] = ["root"]
                yield Whitespace, "\n"
            else:
                yield Error, text[at]
            at += 1


def _change(stack: list[str], new_state: Any) -> None:
    if isinstance(new_state, tuple):
        for state in new_state:
            if state == "#pop":
                if len(stack) > 1:
                    stack.pop()
            elif state == "#push":
                stack.append(stack[-1])
            else:
                stack.append(state)
    elif isinstance(new_state, int):
        if abs(new_state) >= len(stack):
            del stack[1:]
        else:
            del stack[new_state:]
    elif new_state == "#push":
        stack.append(stack[-1])
    else:
        stack.append(new_state)


@lru_cache(maxsize=512)
def _colour(token: Any) -> Colour | None:
    from pygments.token import Token

    colours: tuple[tuple[Any, Colour], ...] = (
        (Token.Comment, ("ink_3", False, True)),
        (Token.Keyword, ("formula", False, False)),
        (Token.Operator.Word, ("formula", False, False)),
        (Token.Name.Function, ("accent", False, False)),
        (Token.Name.Class, ("accent", False, False)),
        (Token.Name.Decorator, ("warn", False, False)),
        (Token.Name.Builtin, ("accent", False, False)),
        (Token.Name.Tag, ("accent", False, False)),
        (Token.Name.Attribute, ("warn", False, False)),
        (Token.Literal.String, ("good", False, False)),
        (Token.Literal.Number, ("warn", False, False)),
        (Token.Generic.Deleted, ("bad", False, False)),
        (Token.Generic.Inserted, ("good", False, False)),
        (Token.Generic.Heading, ("accent", True, False)),
    )
    return next((colour for kind, colour in colours if token in kind), None)
