"""Text without a place to break a line: looking for one takes Qt quadratic time, breaking anywhere does not."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtGui import QTextDocument

_LONG: Final = 10_000
_SPACE: Final = re.compile("[ \t\u2028\n]")


def is_long_run(text: str) -> bool:
    """Whether more than 10,000 characters of it stand without a space."""
    return len(text) > _LONG and max(map(len, _SPACE.split(text))) > _LONG


def has_long_run(document: QTextDocument, position: int = 0, length: int | None = None) -> bool:
    """Whether a line has one, among all or those from one position on."""
    if document.characterCount() <= _LONG:
        return False
    block = document.findBlock(position)
    last = document.characterCount() if length is None else position + length
    while block.isValid() and block.position() <= last:
        if block.length() > _LONG and is_long_run(block.text()):
            return True
        block = block.next()
    return False
