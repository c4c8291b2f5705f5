"""What is looked for in the cells of a grid, and what it is replaced by."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, NamedTuple, Protocol

from forgeapp.domain.cancel import CancelToken

if TYPE_CHECKING:
    import regex  # type: ignore[import-untyped]

Place = tuple[int, int, int]
"""Page, row and column, from 0. A table has one page, a workbook one a sheet."""
Hits = list[tuple[Place, str]]
"""Cells with their texts, in the order of their places."""


class Line(NamedTuple):
    """Cells of one row that hold something."""

    row: int
    columns: Sequence[int]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Searched:
    """What is looked through. `lines`: the cells of each page row by row, made by whichever thread looks; `sources`:
    the immutable values they are read from; `size`: about how many cells there are."""

    lines: Mapping[int, Callable[[], Iterable[Line]]]
    sources: tuple[object, ...]
    size: int

    def is_same(self, other: Searched) -> bool:
        return len(self.sources) == len(other.sources) and all(map(is_, self.sources, other.sources))


_MAX_PATTERN_CHARS = 1_000
_MOST_S = 3.0
_PIECE = 2_000
_REST_S = 0.001
_SEPARATOR = "\x1f"


class Searchable(Protocol):
    """Whose cells are searched: the editor around a grid."""

    def searched(self, only_page: bool, as_shown: bool) -> Searched:
        """Of all pages, or of the one in view; the texts as they are edited, or as they are shown."""
        ...

    @property
    def page(self) -> int:
        """The one in view."""
        ...

    @property
    def page_count(self) -> int: ...

    def show_page(self, page: int) -> None: ...

    def write_found(self, label: str, cells: Mapping[Place, str]) -> None:
        """Writes texts as one step to undo."""
        ...


class PatternRefused(ValueError):
    """It is no pattern, or takes too long; told where it was written. `reason` says which, None for the time."""

    def __init__(self, reason: str | None) -> None:
        self.reason = reason
        super().__init__(reason or "it takes too long")


@dataclass(frozen=True, slots=True)
class Search:
    """`words` as they stand in a cell, letter case aside unless `matches_case`; `is_pattern`: a regular expression.

    `is_whole`: all of the cell. Patterns are given a few seconds in all. Source of their syntax: the regex package.
    """

    words: str
    matches_case: bool = False
    is_whole: bool = False
    is_pattern: bool = False

    def hits(self, searched: Searched, limit: int, cancel: CancelToken | None = None) -> Hits:
        """The cells that have it, at most `limit`. Raises PatternRefused, and Cancelled with `cancel`."""
        if not self.words:
            return []
        found: Hits = []
        has = self._test()
        may_have = self._row_test()
        for page, lines in sorted(searched.lines.items()):
            for number, (row, columns, texts) in enumerate(lines()):
                if cancel is not None and number % _PIECE == _PIECE - 1:
                    cancel.wait(_REST_S)
                if may_have(texts):
                    cells = zip(columns, texts, strict=True)
                    found += [((page, row, column), text) for column, text in cells if has(text)]
                    if len(found) >= limit:
                        return found[:limit]
        return found

    def replaced(self, hits: Hits, words: str) -> dict[Place, str]:
        """The new texts of these cells; in the words for a pattern \\1 stands for its first group."""
        change = self._change(words)
        return {place: change(text) for place, text in hits}

    def _row_test(self) -> Callable[[Sequence[str]], bool]:
        """Whether it is worth looking into the cells of a row one by one."""
        if self.is_pattern:
            return lambda _row: True
        if self.matches_case:
            return lambda row: self.words in _SEPARATOR.join(row)
        words = self.words.casefold()
        return lambda row: words in _SEPARATOR.join(row).casefold()

    def _test(self) -> Callable[[str], bool]:
        if self.is_pattern:
            return self._pattern_test()
        words = self.words if self.matches_case else self.words.casefold()
        if self.is_whole:
            return lambda text: (text if self.matches_case else text.casefold()) == words
        return lambda text: words in (text if self.matches_case else text.casefold())

    def _pattern_test(self) -> Callable[[str], bool]:
        pattern, left = self._compiled(), _Deadline()

        def has(text: str) -> bool:
            try:
                return pattern.search(text, timeout=left()) is not None
            except TimeoutError:
                raise PatternRefused(None) from None

        return has

    def _change(self, words: str) -> Callable[[str], str]:
        import regex

        pattern, left = self._compiled(), _Deadline()

        def change(text: str) -> str:
            try:
                if self.is_whole and not self.is_pattern:
                    return words
                return str(pattern.sub(words if self.is_pattern else lambda _: words, text, timeout=left()))
            except TimeoutError:
                raise PatternRefused(None) from None
            except (regex.error, IndexError) as error:
                raise PatternRefused(str(error)) from None

        return change

    def _compiled(self) -> regex.Pattern[str]:
        import regex

        if len(self.words) > _MAX_PATTERN_CHARS:
            raise PatternRefused("more than 1,000 characters")
        source = self.words if self.is_pattern else regex.escape(self.words)
        if self.is_whole:
            source = rf"\A(?:{source})\Z"
        try:
            return regex.compile(source, 0 if self.matches_case else regex.IGNORECASE)
        except (regex.error, RecursionError, OverflowError) as error:
            raise PatternRefused(str(error)) from None


class _Deadline:
    """What is left of the time all matches have together, in seconds."""

    def __init__(self) -> None:
        self._end = time.monotonic() + _MOST_S

    def __call__(self) -> float:
        return max(self._end - time.monotonic(), 0.001)
