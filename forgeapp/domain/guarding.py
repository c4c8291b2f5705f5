"""Texts that a spreadsheet would run, were they read from a CSV file or pasted: an apostrophe keeps them texts (S2)."""

from __future__ import annotations

import re

from forgeapp.domain.numbers import parse_number

_BEFORE = "[\\s\"'`\u00a0\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u2064\u2066-\u206f\ufeff]"
"""What some programs leave out before they look: blanks, quotes, characters that are not seen."""
# Apostrophes before a tab or line end are guarded, too: else one that was there would be taken for the guard.
_RUNS = re.compile(rf"(?P<before>{_BEFORE}*)[=+\-@＝＋－＠﹦﹢﹣﹫]|'*[\t\r\n]")
_HARMLESS = re.compile(r"[+\-]?[\d\s().,/–-]*|[-–—+]+")
"""Numbers, phone numbers, dashes that mean 'none'."""


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it; '-15', '+44 20 7946 0000' and '-' stay.

    A NUL is left out, and a lone surrogate becomes '?', as no UTF-8 holds it. `unguarded` undoes the apostrophe.
    """
    if text.isalnum():
        return text
    text = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    match = _RUNS.match(text)
    if match is None:
        return text
    plain = text[len(match["before"] or "") :]
    if _HARMLESS.fullmatch(plain) or parse_number(plain) is not None:
        return text
    return "'" + text


def unguarded(text: str) -> str:
    """What `guarded` was given, where an apostrophe is its."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text
