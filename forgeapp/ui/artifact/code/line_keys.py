"""Whole lines of code by keys: made comments, moved, copied, gone to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QTextBlock

from forgeapp.ui.artifact.code.comments import toggle_comments

if TYPE_CHECKING:
    from forgeapp.ui.artifact.code.code_edit import CodeEdit


class LineKeys:
    """What they do to the lines of the selection, each as one step; the selection goes with its lines."""

    def __init__(self, edit: CodeEdit) -> None:
        self._edit = edit

    def toggle_comments(self) -> None:
        first, last = self._edit.selected_lines()
        before = _texts(first, last)
        changed = iter(toggle_comments(before, self._edit.language))
        self._edit.change_lines(lambda _line: next(changed))

    def move(self, down: bool) -> None:
        """Past the line below them, or above."""
        edit = self._edit
        first, last = edit.selected_lines()
        other = last.next() if down else first.previous()
        if not other.isValid():
            return
        anchor, position = edit.textCursor().anchor(), edit.textCursor().position()
        texts = _texts(first, last)
        by = other.length() if down else -other.length()
        begin, end = (first, other) if down else (other, last)
        rows = [other.text(), *texts] if down else [*texts, other.text()]
        self._replace(begin.position(), end.position() + end.length() - 1, rows)
        self._select(anchor + by, position + by)

    def duplicate(self) -> None:
        """Below themselves; the copy is selected."""
        edit = self._edit
        first, last = edit.selected_lines()
        anchor, position = edit.textCursor().anchor(), edit.textCursor().position()
        texts = _texts(first, last)
        width = last.position() + last.length() - first.position()
        end = last.position() + last.length() - 1
        self._replace(end, end, ["", *texts])
        self._select(anchor + width, position + width)

    def go_to(self, line: int, column: int = 1) -> None:
        """Counted from 1, kept within the text."""
        document = self._edit.document()
        block = document.findBlockByNumber(min(max(line, 1), document.blockCount()) - 1)
        place = block.position() + min(max(column, 1), block.length()) - 1
        self._edit.select(place, place)
        self._edit.centerCursor()

    def _replace(self, start: int, end: int, lines: list[str]) -> None:
        self._edit.edit_text(start, end, "\n".join(lines))

    def _select(self, anchor: int, position: int) -> None:
        most = self._edit.document().characterCount() - 1
        self._edit.select(min(max(anchor, 0), most), min(max(position, 0), most))
        self._edit.ensureCursorVisible()


def _texts(first: QTextBlock, last: QTextBlock) -> list[str]:
    texts = [first.text()]
    while first != last:
        first = first.next()
        texts.append(first.text())
    return texts
