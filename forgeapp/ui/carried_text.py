"""Text in Qt's text documents, read as it stands.

What Qt would change is carried beside it: a document keeps one kind of line end, and its toPlainText() turns U+00A0
into a space and U+2028 into a line's end.
"""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextCursor, QTextDocument

_LINE_END: Final = re.compile("\r\n|[\r\n\u2029\ufdd0\ufdd1]")


def raw_text(document: QTextDocument) -> str:
    """The whole text, its lines ended by \\n."""
    return document.toRawText().replace("\u2029", "\n")


def shown_text(text: str) -> str:
    """What a document makes of `text`: `raw_text` of one that was given it."""
    return _LINE_END.sub("\n", text)


def selected_mime(cursor: QTextCursor) -> QMimeData:
    """What is selected, for the clipboard."""
    data = QMimeData()
    data.setText(cursor.selectedText().replace("\u2029", "\n"))
    return data


class CarriedText:
    """A text that a document was given, so that it comes back as it was until it is edited there.

    Edited, all its lines end as most of them did.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.shown = shown_text(text)
        windows = text.count("\r\n")
        self.line_end = "\n"
        if windows and windows * 2 >= text.count("\n"):
            self.line_end = "\r\n"
        elif "\r" in text and "\n" not in text:
            self.line_end = "\r"

    def read(self, document: QTextDocument) -> str:
        raw = raw_text(document)
        if raw == self.shown:
            return self.text
        return raw if self.line_end == "\n" else raw.replace("\n", self.line_end)
