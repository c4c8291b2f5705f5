"""Places in a text: Python counts characters, Qt counts UTF-16 units; they differ behind an emoji."""

from __future__ import annotations

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Positions:
    """Of one text."""

    def __init__(self, text: str) -> None:
        self._astral = [] if text.isascii() else [match.start() for match in _ASTRAL.finditer(text)]

    def in_units(self, place: int) -> int:
        """Qt's position of the character at `place`."""
        return place + bisect_left(self._astral, place)


def units(text: str) -> int:
    """The length of `text` as Qt counts it."""
    return len(text) if text.isascii() else len(text) + len(_ASTRAL.findall(text))
