"""Very long lines cut into pieces: Qt lays out a line as a whole with each key, a second for three megabytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout

from forgeapp.ui.carried_text import raw_text
from forgeapp.ui.long_lines import LONG_LINE

_PIECE: Final = 1_000


class PiecedText:
    """A text for reading. `numbers`: one a shown line, from 1; 0 where the line above goes on."""

    def __init__(self, original: QTextDocument, margin: float) -> None:
        self._revision = original.revision()
        self.numbers: list[int] = []
        self.longest = 0
        shown: list[str] = []
        for number, line in enumerate(raw_text(original).split("\n"), 1):
            self.longest = max(self.longest, len(line))
            pieces = [line[at : at + _PIECE] for at in range(0, len(line), _PIECE)] if len(line) > LONG_LINE else [line]
            shown += pieces
            self.numbers += [number] + [0] * (len(pieces) - 1)
        self.document = QTextDocument(original)
        self.document.setUndoRedoEnabled(False)
        self.document.setDocumentLayout(QPlainTextDocumentLayout(self.document))
        self.document.setDocumentMargin(margin)
        self.document.setPlainText("\n".join(shown))

    def is_of(self, original: QTextDocument) -> bool:
        """Whether the text has not changed since."""
        return original.revision() == self._revision


def joined_selection(cursor: QTextCursor, numbers: Sequence[int]) -> str:
    """What is selected in a text cut so, without the cuts."""
    first, *others = cursor.selectedText().split("\u2029")
    begin = cursor.document().findBlock(cursor.selectionStart()).blockNumber() + 1
    return first + "".join(("\n" if numbers[number] else "") + part for number, part in enumerate(others, begin))
