"""Code coloured line by line as it grows: the lexer goes on from where it stopped.

Works for Pygments' regex lexers, which are nearly all, and line by line for some others; other code stays plain.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MAX_HIGHLIGHTED_CHARS = 300_000
MAX_LINE_CHARS = 2_000
"""A longer line is left plain, and so is what follows: no code of a person has such."""

_COMMON = ("python", "json", "javascript", "typescript", "html", "css", "sql", "bash", "yaml", "java", "c", "cpp", "go")

MAX_OPEN_CHARS = 20_000
"""A comment longer than this that is still open leaves what follows plain."""

Colour = tuple[str, bool, bool]
"""The role of the theme, bold, italic."""

Line = list[tuple[int, int, Colour]]

_LINE_LEXERS = ("JsonLexer", "JSONBareObjectLexer", "JsonLdLexer", "YamlLexer", "RubyLexer")
"""They keep a state of their own, but what a line is can nearly always be told from the line."""
_IN_STRINGS = ("str", "interp", "quot", "dq", "sq", "templ")
"""Within the names of lexers' states: what opens a comment elsewhere is text there."""


class Highlighter:
    """The colours of a text that only grows, in portions."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._lexer: Lexer | None = None
        self._is_ready = False
        self._stack: list[str] = ["root"]
        self._settled_at = 0
        self._settled_lines = 0
        self._seen = 0
        self._open: Colour | None = None
        self.lines: list[Line] = []
        """Of each whole line: start and length in characters, and the colour."""

    def is_done(self, text: str) -> bool:
        """Whether all whole lines of `text` have their colours."""
        if self._is_ready and self._lexer is None:
            return True
        return self._seen >= min(text.rfind("\n") + 1, MAX_HIGHLIGHTED_CHARS)

    def advance(self, text: str, most: int) -> None:
        """Colours about `most` more characters; `text` must begin as it did before."""
        if not self._is_ready:
            self._lexer = _lexer(self._language)
            self._is_ready = True
        if self._lexer is None:
            return
        end = text.find("\n", min(self._seen + most, len(text)))
        end = min(end if end >= 0 else text.rfind("\n"), MAX_HIGHLIGHTED_CHARS) + 1
        if end <= self._seen:
            return
        portion = text[self._settled_at : end]
        if len(portion) > MAX_LINE_CHARS and max(map(len, portion.split("\n"))) > MAX_LINE_CHARS:
            self._lexer = None
            return
        stack = list(self._stack)
        lines, open_line, self._open = _coloured_lines(self._lexer, portion, stack)
        self.lines[self._settled_lines :] = lines[:-1]
        self._seen = end
        if self._open is None:
            self._settled_at, self._settled_lines, self._stack = end, len(self.lines), stack
        elif open_line:
            head = "\n".join(portion.split("\n")[:open_line]) + "\n"
            stack = list(self._stack)
            if _coloured_lines(self._lexer, head, stack)[2] is None:
                self._settled_at += len(head)
                self._settled_lines += open_line
                self._stack = stack
        elif len(portion) > MAX_OPEN_CHARS:
            self._lexer = None

    def last_line(self, text: str) -> Line:
        """The colours of a line that no line end follows yet, the first after the whole ones."""
        if self._lexer is None or len(text) > MAX_LINE_CHARS:
            return []
        if self._open:
            return [(0, len(text), self._open)]
        return _coloured_lines(self._lexer, text, list(self._stack))[0][0]


def _coloured_lines(lexer: Lexer, text: str, stack: list[str]) -> tuple[list[Line], int, Colour | None]:
    """The lines; where something begins that does not end in `text`: its line and colour."""
    lines: list[Line] = [[]]
    column = 0
    open_line, open_colour = 0, None
    for token, value, is_open in _tokens(lexer, text, stack):
        colour = _colour(token)
        if is_open:
            open_line, open_colour = len(lines) - 1, colour
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
                column = 0
            if part and colour:
                _add(lines[-1], column, len(part), colour)
            column += len(part)
    return lines, open_line, open_colour


def _add(line: Line, start: int, length: int, colour: Colour) -> None:
    if line and line[-1][2] == colour and line[-1][0] + line[-1][1] == start:
        start, length = line[-1][0], line[-1][1] + length
        line.pop()
    line.append((start, length, colour))


def preload() -> None:
    """Loads the lexers of common languages, which takes up to half a second: for a worker, soon after the start."""
    for language in _COMMON:
        _lexer(language)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    from importlib import import_module

    from pygments.lexer import ExtendedRegexLexer, RegexLexer

    found = _lexer_places().get(language.lower())
    if found is None:
        return None
    kind = getattr(import_module(found[0]), found[1])
    is_regex = issubclass(kind, RegexLexer) and not issubclass(kind, ExtendedRegexLexer)
    if not is_regex and found[1] not in _LINE_LEXERS:
        return None
    lexer: Lexer = kind(stripnl=False, ensurenl=False)
    return lexer


@lru_cache(maxsize=1)
def _lexer_places() -> dict[str, tuple[str, str]]:
    """Module and class by alias. Pygments' own search goes through all installed packages for an unknown name."""
    from pygments.lexers import LEXERS

    return {alias.lower(): (place[0], name) for name, place in LEXERS.items() for alias in place[2]}


def _tokens(lexer: Any, text: str, stack: list[str]) -> Iterator[tuple[Any, str, bool]]:
    """As RegexLexer.get_tokens_unprocessed, but from `stack`, which it leaves as it stands at the end.

    Comments and strings that one pattern takes in over several lines, and that do not end in `text`, come last and
    are marked as open.
    """
    from pygments.token import Error, Whitespace, _TokenType

    if type(lexer).__name__ in _LINE_LEXERS:
        for line in text.splitlines(keepends=True):
            for _, token, value in lexer.get_tokens_unprocessed(line):
                yield token, value, False
        return
    definitions = lexer._tokens
    spans = _spanning(lexer)
    at = 0
    while at < len(text):
        for opening, closing, token in spans:
            if text.startswith(opening, at) and not any(word in stack[-1] for word in _IN_STRINGS):
                if text.find(closing, at + len(opening)) < 0:
                    yield token, text[at:], True
                    return
                break
        for matches, action, new_state in definitions.get(stack[-1], ()):
            found = matches(text, at)
            if not found:
                continue
            if action is not None:
                if isinstance(action, _TokenType):
                    yield action, found.group(), False
                else:
                    for _, token, value in action(lexer, found):
                        yield token, value, False
            at = found.end()
            if new_state is not None:
                _change(stack, new_state)
            break
        else:
            if text[at] == "\n":
                stack[:] = ["root"]
                yield Whitespace, "\n", False
            else:
                yield Error, text[at], False
            at += 1


@lru_cache(maxsize=64)
def _spanning(lexer: Any) -> tuple[tuple[str, str, Any], ...]:
    """What this lexer's patterns take in over several lines at once: opening, closing, kind."""
    from pygments.token import Comment, String

    found = []
    before = "<?php " if type(lexer).__name__ == "PhpLexer" else ""
    for opening, closing in (("/*", "*/"), ("<!--", "-->"), ("`", "`")):
        sample = f"{opening}a\nb{closing}"
        for _, token, value in lexer.get_tokens_unprocessed(before + sample):
            if value == sample and (token in Comment or token in String):
                found.append((opening, closing, token))
    return tuple(found)


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
