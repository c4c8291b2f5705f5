"""Text in Qt's text documents, read as it stands.

What Qt would change is carried beside it: a document keeps one kind of line end, and its toPlainText() turns U+00A0
into a space and U+2028 into a line's end. So are the bytes of pictures: a text is read and laid out as a few words in
their place, such as 'data:image/png;312KB,9f86d081884c7d65'.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextCursor, QTextDocument

_LINE_END: Final = re.compile("\r\n|[\r\n\u2029\ufdd0\ufdd1]")
_PICTURE: Final = re.compile(r"data:(image/(?:png|jpe?g|gif|webp|bmp));base64,[A-Za-z0-9+/=]{2000,}")
_FOLDED: Final = re.compile(r"data:image/[a-z]{3,4};\d+KB,[0-9a-f]{16}")
_pictures: dict[str, str] = {}
"""By what stands for them, which is made of their hash: the same in every document, whoever copies it where."""


def raw_text(document: QTextDocument) -> str:
    """The whole text, its lines ended by \\n."""
    return document.toRawText().replace("\u2029", "\n")


def shown_text(text: str) -> str:
    """What a document makes of `text`: `raw_text` of one that was given it."""
    return _LINE_END.sub("\n", text)


def folded(text: str) -> str:
    """Pictures as what stands for them."""
    return _PICTURE.sub(_fold, text) if ";base64," in text else text


def unfolded(text: str) -> str:
    """Pictures themselves; what stands for none that is known stays."""
    return _FOLDED.sub(lambda match: _pictures.get(match[0], match[0]), text) if "data:image/" in text else text


def _fold(match: re.Match[str]) -> str:
    size_kb = max(round(len(match[0]) * 3 / 4 / 1000), 1)
    name = f"data:{match[1]};{size_kb}KB,{hashlib.sha256(match[0].encode()).hexdigest()[:16]}"
    _pictures[name] = match[0]
    return name


def selected_mime(cursor: QTextCursor) -> QMimeData:
    """What is selected, for the clipboard."""
    data = QMimeData()
    data.setText(unfolded(cursor.selectedText().replace("\u2029", "\n")))
    return data


class CarriedText:
    """A text that a document was given, so that it comes back as it was until it is edited there.

    Edited, all its lines end as most of them did. `folds`: pictures stand folded in the document.
    """

    def __init__(self, text: str, folds: bool = False) -> None:
        self.text = text
        self.shown = shown_text(folded(text) if folds else text)
        self._folds = folds
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
        raw = unfolded(raw) if self._folds else raw
        return raw if self.line_end == "\n" else raw.replace("\n", self.line_end)
