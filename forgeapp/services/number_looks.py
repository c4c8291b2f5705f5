"""How the numbers of a workbook look, in the window and in every file: one look throughout.

What was chosen in the settings; else as its typed numbers are written (18,50), as its language has it, or the system;
where its words do not tell a language, numbers typed the English way ($1,240.50) count, too. It says how values are
shown, never what cells hold.
"""

from __future__ import annotations

import locale
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from forgeapp.domain.alignment import is_dated
from forgeapp.domain.content import Content
from forgeapp.domain.number_look import DIGITS, ENGLISH, LOOKS, NumberLook, NumberLooks, look_of_language
from forgeapp.domain.workbook import Workbook
from forgeapp.services.sheet_language import first_cells, sheet_language

_MOST_NUMBERS: Final = 5_000
_MOST_CHARS: Final = 64
_NEARLY: Final = 1e-9
_PLAIN: Final = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?%?", re.ASCII)
"""Also what programs write, which says nothing of how people do."""
_POSIX_NAME: Final = re.compile(r"([a-z]{2,3})_([A-Z]{2})\b")


def looks_of(setting: str) -> NumberLooks:
    """What `Settings.number_look` stands for on this system."""
    system = system_look()
    if setting == "content":
        return NumberLooks(None, system)
    if setting == "system":
        return NumberLooks(system, system)
    look = LOOKS[setting]
    is_own = (look.decimal, look.grouping) == (system.decimal, system.grouping)
    return NumberLooks(system if is_own else replace(look, language=system.language), system)


def look_of(content: Content, looks: NumberLooks) -> NumberLook:
    """Of a workbook; what is no workbook shows the texts it holds."""
    if not isinstance(content, Workbook):
        return looks.chosen or looks.usual
    language = sheet_language(content)
    told = _look_told_by(language, looks.usual)
    if looks.chosen is not None:
        return replace(looks.chosen, language=told.language) if told is not None else looks.chosen
    typed = typed_look(content, told or looks.usual)
    # Models and programs write English numbers among words of every language.
    is_english = (typed.decimal, typed.grouping) == (ENGLISH.decimal, ENGLISH.grouping)
    return told if told is not None and is_english else typed


def _look_told_by(language: str, usual: NumberLook) -> NumberLook | None:
    """That of a language (BCP 47): as the system has it where it speaks the same, else as its largest country does. But
    3/4/2026 is another day in London than in New York: of English alone no order of dates is known."""
    if not language or language == usual.language:
        return usual if language else None
    return ENGLISH if language == ENGLISH.language else look_of_language(language)


def system_look() -> NumberLook:
    """Of the country the system is set to, for its numbers first; English where it is set to none."""
    return look_of_language(_system_tag()) or ENGLISH


def _system_tag() -> str:
    names = [name for variable in ("LC_ALL", "LC_NUMERIC", "LANG") if (name := os.environ.get(variable))]
    if names:
        match = _POSIX_NAME.match(names[0])
        return f"{match[1]}-{match[2]}" if match else ""
    if sys.platform == "win32":
        import ctypes

        name = ctypes.create_unicode_buffer(85)
        ctypes.windll.kernel32.GetUserDefaultLocaleName(name, len(name))
        return name.value
    match = _POSIX_NAME.match(locale.setlocale(locale.LC_CTYPE))
    return f"{match[1]}-{match[2]}" if match else ""


def typed_look(workbook: Workbook, otherwise: NumberLook = ENGLISH) -> NumberLook:
    """The look most typed numbers have, whatever the words beside them; `otherwise` where they agree with it, or say
    nothing."""
    decimals: Counter[str] = Counter()
    groupings: Counter[tuple[str, str]] = Counter()
    is_by_hand = False
    for text, number in islice(_typed_numbers(workbook), _MOST_NUMBERS):
        for look, is_grouped in _looks_of_text(text, number):
            decimals[look.decimal] += 1
            groupings[look.decimal, look.grouping] += is_grouped
            is_by_hand = is_by_hand or (look.decimal == "." and not _PLAIN.fullmatch(text))
    decimal = max(decimals, key=lambda mark: (decimals[mark], mark == otherwise.decimal), default="")
    if not decimal or (decimal == "." and not is_by_hand):
        return otherwise
    found = [(count, mark) for (of, mark), count in groupings.items() if of == decimal and count]
    grouping = max(found)[1] if found else ""
    if decimal == otherwise.decimal and grouping in ("", otherwise.grouping):
        return otherwise
    usual = "," if decimal == "." else "."
    look = next(look for look in LOOKS.values() if (look.decimal, look.grouping) == (decimal, grouping or usual))
    return replace(look, language=otherwise.language)


def _typed_numbers(workbook: Workbook) -> Iterator[tuple[str, float | int]]:
    for _, text, number, code in first_cells(workbook):
        if number is not None and not text.isdigit() and len(text) <= _MOST_CHARS and not is_dated(code):
            yield text, number


def _looks_of_text(text: str, number: float | int) -> Iterator[tuple[NumberLook, bool]]:
    """The looks in which the text means the number, and whether it groups digits: '1,240' is 1240 in one of them and
    1.24 in another."""
    found = DIGITS.search(text)
    if found is None or found[0].isdigit():
        return
    size = abs(number) * (100 if "%" in text else 1)
    seen: set[str] = set()
    for look in LOOKS.values():
        read = look.read(found[0])
        if read is None or abs(read[0] - size) > _NEARLY * size:
            continue
        if read[1] or look.decimal not in seen:
            seen.add(look.decimal)
            yield look, read[1]
