"""Lines so long that Qt lays them out too slowly.

A run without a space it looks through for a place to break in quadratic time; breaking anywhere is linear. And each
key lays out its whole line anew: a second for three megabytes.
"""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout

LONG_LINE: Final = 50_000
"""Code with lines of more characters is not laid out as it is; `CodeEditor` shows it in pieces."""
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


def has_long_line(document: QTextDocument) -> bool:
    if document.characterCount() <= LONG_LINE:
        return False
    return max(map(len, document.toRawText().split("\u2029"))) > LONG_LINE


def has_long_line_at(document: QTextDocument, position: int, length: int) -> bool:
    """Among the lines from one position on."""
    block, last = document.findBlock(position), position + length
    while block.isValid() and block.position() <= last:
        if block.length() > LONG_LINE:
            return True
        block = block.next()
    return False


class CodeLayout(QPlainTextDocumentLayout):
    """Leaves changes with long lines alone: nobody looks at them in this document."""

    def documentChanged(self, position: int, removed: int, added: int) -> None:
        if not has_long_line_at(self.document(), position, added):
            super().documentChanged(position, removed, added)
