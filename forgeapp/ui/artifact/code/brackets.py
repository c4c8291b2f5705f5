"""The bracket that belongs to the one at the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtGui import QTextBlock, QTextDocument

from forgeapp.ui.artifact.text.lexing import Span
from forgeapp.ui.artifact.text.positions import Positions

MAX_LINES: Final = 2_000
"""How far it is looked for."""
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_OPENING: Final = {closing: opening for opening, closing in _CLOSING.items()}
_NOT_CODE: Final = ("string", "comment")


class SpansOf(Protocol):
    """What a highlighter offers: the spans of a line."""

    def spans(self, line: int) -> Sequence[Span]: ...


def find_pair(document: QTextDocument, position: int, highlighter: SpansOf) -> tuple[int, int] | None:
    """Positions of the bracket before or behind the cursor and of its counterpart; strings and comments apart."""
    for place in (position - 1, position):
        block = document.findBlock(place)
        if place < 0 or not block.isValid():
            continue
        column = place - block.position()
        sign = dict(_brackets(block, highlighter)).get(column, "")
        if not sign:
            continue
        other = _counterpart(block, column, sign, highlighter)
        if other is not None:
            return place, other
    return None


def _counterpart(block: QTextBlock, column: int, sign: str, highlighter: SpansOf) -> int | None:
    forwards = sign in _CLOSING
    partner = _CLOSING[sign] if forwards else _OPENING[sign]
    depth = 0
    for number in range(MAX_LINES):
        found = _brackets(block, highlighter)
        for place, other in found if forwards else reversed(found):
            if number == 0 and (place < column if forwards else place > column):
                continue
            if other == sign:
                depth += 1
            elif other == partner:
                depth -= 1
                if depth == 0:
                    return int(block.position()) + place
        block = block.next() if forwards else block.previous()
        if not block.isValid():
            return None
    return None


def _brackets(block: QTextBlock, highlighter: SpansOf) -> list[tuple[int, str]]:
    """Column in Qt's units and sign of each bracket of a line that is code."""
    text = block.text()
    found = [(place, sign) for place, sign in enumerate(text) if sign in "()[]{}"]
    if not found:
        return []
    if not text.isascii():
        places = Positions(text)
        found = [(places.in_units(place), sign) for place, sign in found]
    quiet = [
        (start, start + length) for start, length, style in highlighter.spans(block.blockNumber()) if style in _NOT_CODE
    ]
    return [(place, sign) for place, sign in found if not any(start <= place < end for start, end in quiet)]
