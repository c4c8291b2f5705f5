"""Brackets and strings that are not closed, in languages without a parser here: by Pygments' tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source

_C_LIKE: Final = ("java", "c", "cpp", "csharp", "go", "kotlin", "swift", "scala", "dart")
_OF_THE_WEB: Final = ("javascript", "typescript", "jsx", "tsx", "css", "scss", "less")
_LANGUAGES: Final = frozenset((*_OF_THE_WEB, *_C_LIKE, "rust", "php", "bash", "sql"))
_PAIRS: Final = {"(": ")", "[": "]", "{": "}", "${": "}"}
"""'${' begins a piece of code within a text of JavaScript's; '}$' is how its end is noted here."""
_ENDS_IN_LINE: Final = frozenset((*_OF_THE_WEB, *_C_LIKE))
"""Languages in which a text in single or double quotes ends in the line it begins in."""
_LIFETIMES: Final = frozenset({"rust"})
_BRANCHES: Final = re.compile(r"^\s*#\s*(?:else|elif)\b", re.MULTILINE)
"""Of the two branches only one is compiled, so a bracket may be opened in both."""


def check_tokens(source: Source) -> Iterator[Finding]:
    if source.language not in _LANGUAGES:
        return
    strings, comments, brackets = _read(source)
    if comments is not None:
        message = Text("comment_open", "The comment that begins here is never closed.")
        yield source.finding(comments, 2, Severity.ERROR, message)
    elif strings:
        message = Text("string_open", "The text that begins here is not closed: its quote is missing at the end.")
        yield source.finding(strings[0], 1, Severity.ERROR, message)
    elif not _BRANCHES.search(source.text):
        yield from _unbalanced(source, brackets)


def _read(source: Source) -> tuple[list[int], int | None, list[tuple[int, str]]]:
    """Where strings begin that are not closed, where a comment does, and the brackets that are code."""
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Comment, Error, Operator, Punctuation, String

    text = source.text
    reading = _Strings(text, source.language in _ENDS_IN_LINE)
    brackets: list[tuple[int, str]] = []
    comment: int | None = None
    lexer: Any = get_lexer_by_name(source.language)
    for place, token, value in lexer.get_tokens_unprocessed(text):
        if _is(token, String):
            if token is String.Interpol and value in ("${", "}"):
                brackets.append((place, "${" if value == "${" else "}$"))
            reading.take(place, value, is_escape=_is(token, String.Escape), is_single=token is String.Backtick)
            continue
        reading.rest(place)
        if _is(token, Comment):
            if _is(token, Comment.Multiline) and value.startswith("/*") and not value.rstrip().endswith("*/"):
                comment = place if text.find("*/", place) < 0 else comment
        elif value == "/" and text.startswith("/*", place) and text.find("*/", place) < 0:
            return [], place, []
        elif token is Error and value in "\"'`":
            if not (value == "'" and source.language in _LIFETIMES):
                reading.unclosed.append(place)
        elif _is(token, Punctuation) or _is(token, Operator) or len(value) == 1:
            brackets += [(place + at, sign) for at, sign in enumerate(value) if sign in "()[]{}"]
    reading.rest(len(text))
    reading.end()
    return reading.unclosed, comment, brackets


def _is(token: Any, kind: Any) -> bool:
    """Whether a token is of that kind or one of its kinds."""
    return token in kind


class _Strings:
    """Pieces of strings one after the other; `unclosed`: where those begin that do not end as they should."""

    def __init__(self, text: str, ends_in_line: bool) -> None:
        self._text = text
        self._ends_in_line = ends_in_line
        self._begin: int | None = None
        self._end = 0
        self._last_is_escape = False
        self._backticks: list[int] = []
        self.unclosed: list[int] = []

    def take(self, place: int, value: str, is_escape: bool, is_single: bool) -> None:
        if is_single and value == "`":
            self._backticks.append(place)
        if self._begin is None or place != self._end:
            self._close()
            self._begin = place
        self._end = place + len(value)
        self._last_is_escape = is_escape

    def rest(self, place: int) -> None:
        """Something that is no string begins there."""
        if self._begin is not None and place >= self._end:
            self._close()

    def end(self) -> None:
        if len(self._backticks) % 2:
            self.unclosed.append(self._backticks[-1])
        self.unclosed.sort()

    def _close(self) -> None:
        if self._begin is None:
            return
        begin, self._begin = self._begin, None
        quote = self._text[begin]
        if quote not in "\"'" or not self._ends_in_line:
            return
        run = self._text[begin : self._end]
        if run.startswith(quote * 3):
            return
        if "\n" in re.sub(r"\\\n", "", run):
            self.unclosed.append(begin)
            return
        is_at_end = self._text[self._end : self._end + 1] in ("", "\n")
        if is_at_end and (len(run) == 1 or not run.endswith(quote) or self._last_is_escape):
            self.unclosed.append(begin)


def _unbalanced(source: Source, brackets: list[tuple[int, str]]) -> Iterator[Finding]:
    """The first bracket without its partner: what follows it would only repeat that."""
    opened: list[tuple[int, str]] = []
    for place, sign in brackets:
        if sign == "}$":
            if not opened or opened[-1][1] != "${":
                return  # the lexer took a brace within for the end
            opened.pop()
            continue
        if sign in _PAIRS:
            opened.append((place, sign))
            continue
        if opened and _PAIRS[opened[-1][1]] == sign:
            opened.pop()
            continue
        if source.language == "bash" and sign == ")":  # a case's pattern ends so
            continue
        if opened:
            line = source.text.count("\n", 0, opened[-1][0]) + 1
            message = Text(
                "bracket_crossed", "{sign} closes what {other} in line {line} did not open.",
                sign=sign, other=opened[-1][1], line=line,
            )  # fmt: skip
        else:
            message = Text(
                "bracket_not_open",
                "{sign} closes nothing: one before it is missing, or this is one too many.",
                sign=sign,
            )
        yield source.finding(place, 1, Severity.ERROR, message)
        return
    if opened:
        place, sign = opened[-1]
        message = Text("bracket_open", "{sign} is never closed: {other} is missing.", sign=sign, other=_PAIRS[sign])
        yield source.finding(place, 1, Severity.ERROR, message)
