"""How instructions to a model are worded, in English, German, French, Spanish, Portuguese, Italian, Chinese, Japanese.

A phrase is `heads` (alternatives of its first word) and `rest`. In the rest a space is what may stand between two
words, also a line end with a quotation mark or a comment sign; '<n>' are up to n words of any kind. Texts are compared
in lower case and without accents, so phrases are written so, too. Chinese and Japanese ones, which have no word
boundaries, are plain patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from forgeapp.reading.injection_english import ENGLISH, ENGLISH_BESIDES
from forgeapp.reading.injection_languages import FRENCH, GERMAN, ITALIAN, PORTUGUESE, SPANISH

_GAP = r"(?:[^\w.!?;]{1,12})"
_SPACE = re.compile(r"\[(?:\\.|[^\]\\])*\]| ")
"""A space, or a set of characters, in which it is one."""
_WORDS = r"(?:\w[\w'’]{0,29}+" + _GAP + r"){0,%s}?"


@dataclass(frozen=True, slots=True)
class Phrase:
    """`heads` fits the first word, `pattern` the whole, beginning there."""

    reason: str
    heads: re.Pattern[str]
    pattern: re.Pattern[str]


def _phrase(reason: str, heads: str, rest: str) -> Phrase:
    gapped = _SPACE.sub(lambda match: _GAP if match[0] == " " else match[0], rest)
    gapped = re.sub(r"<(\d+)>", lambda match: _WORDS % match[1], gapped)
    return Phrase(reason, re.compile(heads), re.compile(rf"(?:{heads})\b{gapped}"))


PHRASES: Final = tuple(
    _phrase(*parts)
    for language in (ENGLISH, ENGLISH_BESIDES, GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN)
    for parts in language
)
HEADS: Final = re.compile(r"\b(?:" + "|".join(sorted({phrase.heads.pattern for phrase in PHRASES})) + r")\b")
