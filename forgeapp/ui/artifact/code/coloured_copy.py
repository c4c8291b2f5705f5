"""Selected code for the clipboard with its colours, as HTML for documents and mails."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextCursor

from forgeapp.ui.artifact.code.brackets import SpansOf
from forgeapp.ui.artifact.text.highlighter import char_format
from forgeapp.ui.artifact.text.lexing import Span

MAX_CHARS: Final = 500_000
"""Of a longer selection only the text is copied."""


def coloured_mime(cursor: QTextCursor, highlighter: SpansOf) -> QMimeData:
    """The text as it is, and with the colours it has on the screen."""
    data = QMimeData()
    text = cursor.selectedText().replace("\u2029", "\n")
    data.setText(text)
    if len(text) <= MAX_CHARS:
        data.setHtml(_html(cursor, highlighter))
    return data


def _html(cursor: QTextCursor, highlighter: SpansOf) -> str:
    begin, end = cursor.selectionStart(), cursor.selectionEnd()
    block = cursor.document().findBlock(begin)
    lines: list[str] = []
    while block.isValid() and block.position() <= end:
        first = max(begin - block.position(), 0)
        last = min(end - block.position(), block.length() - 1)
        lines.append(_line(block.text(), first, last, highlighter.spans(block.blockNumber())))
        block = block.next()
    return f"<pre style='font-family: monospace'>{'<br>'.join(lines)}</pre>"


def _line(text: str, first: int, last: int, spans: Sequence[Span]) -> str:
    """Columns are Qt's units: cut in UTF-16."""
    units = text.encode("utf-16-le", "surrogatepass")

    def piece(start: int, stop: int) -> str:
        return escape(units[2 * start : 2 * stop].decode("utf-16-le", "replace"))

    parts: list[str] = []
    at = first
    for start, length, style in spans:
        start, stop = max(start, at), min(start + length, last)
        if start >= stop:
            continue
        parts.append(piece(at, start))
        look = char_format(style)
        css = f"color: {look.foreground().color().name()}"
        css += "; font-style: italic" if look.fontItalic() else ""
        parts.append(f"<span style='{css}'>{piece(start, stop)}</span>")
        at = stop
    return "".join([*parts, piece(at, last)])
