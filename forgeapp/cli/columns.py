"""Rows of texts in aligned columns, as wide as they are or as a terminal is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_GAP: Final = "  "
_LEAST: Final = 8
"""No column is cut shorter, however narrow the terminal is."""


def aligned(rows: Sequence[Sequence[str]], width: int | None = None) -> Iterable[str]:
    """A line each. `width` None: nothing is cut; else the longest columns are, so that a line takes so many cells."""
    widths = [max(map(cells_of, column)) for column in zip(*rows, strict=True)]
    if width is not None:
        widths = _fitted(widths, width - len(_GAP) * (len(widths) - 1))
    for row in rows:
        texts = (_padded(_cut(text, room), room) for text, room in zip(row, widths, strict=True))
        yield _GAP.join(texts).rstrip()


def cells_of(text: str) -> int:
    """How many cells of a terminal a text takes: two for Chinese, Japanese and Korean characters, none for accents."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fitted(widths: list[int], room: int) -> list[int]:
    """The longest as long as each other, the others as they are."""
    bound = max(widths)
    while bound > _LEAST and sum(min(width, bound) for width in widths) > room:
        bound -= 1
    return [min(width, bound) for width in widths]


def _cut(text: str, room: int) -> str:
    """In the middle: a path is known by its end, a title by its beginning."""
    if cells_of(text) <= room:
        return text
    begin = _taken(text, room // 2)
    end = _taken(text[::-1], room - 1 - cells_of(begin))[::-1]
    return f"{begin}…{end}"


def _taken(text: str, room: int) -> str:
    taken = 0
    for place, character in enumerate(text):
        taken += _cells(character)
        if taken > room:
            return text[:place]
    return text


def _padded(text: str, room: int) -> str:
    return text + " " * (room - cells_of(text))
