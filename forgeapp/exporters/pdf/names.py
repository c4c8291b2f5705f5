"""Characters in words, for a person who cannot see them: the script of a letter, what a symbol is called."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final

from forgeapp.domain.wording import Text

_OF_A_SCRIPT: Final = re.compile(
    r"(?P<script>.+?)(?: MODIFIER| CAPITAL| SMALL| FINAL)* "
    r"(?:LETTER|SYLLABLE|SYLLABICS|VOWEL|CONSONANT|SIGN|DIGIT|NUMBER|IDEOGRAPH|HIEROGLYPH|COMBINING|MARK)\b"
)
_WRITTEN: Final = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd")
"""Categories of what words and figures of a script are made of."""
_CHINESE: Final = re.compile(r"CJK (?:UNIFIED|COMPATIBILITY|RADICAL)")


def in_words(characters: Iterable[str]) -> list[str | Text]:
    """Letters together by their script, with how many; then each symbol by its name, in the order they came."""
    scripts: Counter[str] = Counter()
    symbols: dict[str, None] = {}
    for character in characters:
        name = unicodedata.name(character, "")
        script = _script_of(name) if unicodedata.category(character) in _WRITTEN else ""
        if script:
            scripts[script] += 1
        else:
            symbols[name.lower() or f"U+{ord(character):04X}"] = None
    return [*(_letters(script, count) for script, count in scripts.items()), *symbols]


def _script_of(name: str) -> str:
    """'Ethiopic' of 'ETHIOPIC SYLLABLE HA', '' of what belongs to none."""
    if _CHINESE.match(name):
        return "Chinese"
    found = _OF_A_SCRIPT.match(name)
    return found["script"].title() if found is not None else ""


def _letters(script: str, count: int) -> str | Text:
    if count == 1:
        return Text("pdf_letter", "1 character of the {script} script", script=script)
    return Text("pdf_letters", "{count} characters of the {script} script", count=count, script=script)
