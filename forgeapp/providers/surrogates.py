"""Characters beyond the first 65,536 stand in JSON as two escapes; a server may cut a piece of text between them."""

from __future__ import annotations

import re
from typing import Final

_HIGH_LAST: Final = re.compile("[\ud800-\udbff]\\Z")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class HalfCharacter:
    """What is left of a cut character between two pieces of one text."""

    def __init__(self) -> None:
        self._half = ""

    def join(self, text: str) -> str:
        """The piece with the half held back from the one before; its own last half is held back in turn."""
        if text.isascii() and not self._half:
            return text
        text = self._half + text
        self._half = ""
        if _HIGH_LAST.search(text):
            self._half, text = text[-1], text[:-1]
        return without_surrogates(text)

    def rest(self) -> str:
        """The sign for a character whose other half never came, or nothing."""
        return "\ufffd" if self._half else ""


def without_surrogates(text: str) -> str:
    """Joins surrogate pairs and replaces lone ones, which no file and no database can hold."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
