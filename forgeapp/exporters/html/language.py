"""Which language a page is in, where its script tells: readers aloud and the fonts for Han characters go by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from forgeapp.domain.document import Block, Heading, Paragraph, TableBlock, plain_text, walk

UNKNOWN: Final = "und"
"""Undetermined (BCP 47): of Latin or Cyrillic letters the script says nothing."""
_SCRIPTS: Final = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("fa", re.compile("[پچژگ]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
"""The first that is found where most letters are of none but such scripts."""
_MOSTLY: Final = 0.3
"""Words of other languages, above all of Latin letters, are longer than those of these scripts."""
_BLOCKS, _ROWS, _CHARS = 200, 20, 20_000


def beginning_of(blocks: Iterable[Block]) -> str:
    """As much text of a page as it takes to judge it."""
    return " ".join(islice(_texts(blocks), _BLOCKS))[:_CHARS]


def language_of(text: str) -> str:
    """A language's tag, UNKNOWN where the script does not tell."""
    letters = sum(character.isalpha() for character in text)
    found = [(language, len(script.findall(text))) for language, script in _SCRIPTS]
    if sum(count for _, count in found) < _MOSTLY * letters or not letters:
        return UNKNOWN
    # A Japanese text has more Han characters than kana, a Persian one few letters of its own: the rarer tells.
    most = max(count for _, count in found)
    return next(language for language, count in found if count > 0.02 * most)


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                yield plain_text(inlines)
            case TableBlock(header=header, rows=rows):
                for row in (header, *rows[:_ROWS]):
                    yield from map(plain_text, row)
            case _:
                pass
