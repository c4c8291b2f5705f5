"""What changed between two versions, to be read: by cell as a list, by line as struck and new text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import (
    QBrush,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTableCellFormat,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.ui.theme import BODY, CAPTION, LABEL, color, font, px
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.services.comparing import Hunk

MAX_SHOWN: Final = 300
_MAX_CHARS: Final = 2_000
_MAX_LINES: Final = 40
_MAX_CELL_CHARS: Final = 200
_MARGIN: Final = 16
_LINE: Final = 22
_LINES: Final = re.compile(r"(?:(?P<file>.*) )?lines? (?P<numbers>\d+(?:-\d+)?)")


class ChangesView(QTextEdit):
    """`show_changes` of a kind; selectable, never editable. Its words are a model's: they are set, never parsed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history_changes")
        self.setAccessibleName(tr("What changed"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("look", "plain")
        self.document().setDocumentMargin(_MARGIN)
        self._shown: tuple[Kind, tuple[Hunk, ...], int] | None = None
        self._words = ""

    def show_words(self, words: str) -> None:
        """A plain line where there are no changes to show."""
        self._shown, self._words = None, words
        self._render()

    def show_changes(self, kind: Kind, hunks: Sequence[Hunk], total: int) -> None:
        """`total` counts also those that are left out of `hunks`."""
        self._shown = (kind, tuple(hunks), total)
        self._render()

    def _render(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        if self._shown is None:
            cursor.insertText(self._words, _format("ink_3"))
        else:
            kind, hunks, total = self._shown
            if kind in (Kind.TABLE, Kind.SPREADSHEET):
                _insert_cells(cursor, hunks)
            else:
                _insert_lines(cursor, hunks)
            if total > len(hunks):
                words = tr("{count} more changes", count=number_text(total - len(hunks)))
                cursor.insertBlock(_block(above=8), _format("ink_3"))
                cursor.insertText(words, _format("ink_3"))
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_shown"):
            self._render()


def where_text(where: str) -> str:
    """'lines 3-5' as 'Lines 3–5', 'title' as 'Title'; addresses stay."""
    if found := _LINES.fullmatch(where):
        numbers = found["numbers"].replace("-", "–")
        words = tr("Lines {numbers}", numbers=numbers) if "–" in numbers else tr("Line {numbers}", numbers=numbers)
        return f"{found['file']} · {words}" if found["file"] else words
    return {"title": tr("Title"), "sheet": tr("Sheet"), "file": tr("File"), "kind": tr("Kind")}.get(where, where)


def _insert_cells(cursor: QTextCursor, hunks: Sequence[Hunk]) -> None:
    if not hunks:
        return
    look = _table_format()
    look.setCellPadding(5)
    look.setTopMargin(0)
    look.setColumnWidthConstraints(
        [
            QTextLength(QTextLength.Type.VariableLength, 0),
            QTextLength(QTextLength.Type.PercentageLength, 39),
            QTextLength(QTextLength.Type.PercentageLength, 39),
        ]
    )
    table = cursor.insertTable(len(hunks), 3, look)
    line = QTextTableCellFormat()
    line.setBottomBorder(1)
    line.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    line.setBottomBorderBrush(QBrush(color("line_2")))
    for row, hunk in enumerate(hunks):
        for column, (text, looks) in enumerate(
            (
                (where_text(hunk.where), _format("ink_2", weight=500)),
                (hunk.before, _changed("bad", hunk.before)),
                (hunk.after, _changed("good", hunk.after)),
            )
        ):
            cell = table.cellAt(row, column)
            cell.setFormat(line)
            shown = _one_line(text) if text else tr("empty")
            cell.firstCursorPosition().insertText(shown, looks if text else _format("ink_3"))
    cursor.movePosition(QTextCursor.MoveOperation.End)


def _insert_lines(cursor: QTextCursor, hunks: Sequence[Hunk]) -> None:
    for number, hunk in enumerate(hunks):
        # The paragraph a table is followed by is there already.
        cursor.setBlockFormat(_block(above=14 if number else 0))
        cursor.insertText(where_text(hunk.where), _format("ink_3", CAPTION, 500))
        changed = [(text, role) for text, role in ((hunk.before, "bad"), (hunk.after, "good")) if text]
        table = cursor.insertTable(len(changed), 1, _table_format())
        for row, (text, role) in enumerate(changed):
            cell = table.cellAt(row, 0)
            cell.setFormat(_soft(role))
            _insert_text(cell.firstCursorPosition(), text, role)
        cursor.movePosition(QTextCursor.MoveOperation.End)


def _insert_text(cursor: QTextCursor, text: str, role: str) -> None:
    shown, is_cut = _cut(text)
    cursor.setBlockFormat(_block())
    cursor.insertText(shown.replace("\u2028", " ").replace("\u2029", " "), _changed(role, ""))
    if is_cut:
        cursor.insertBlock(_block())
        cursor.insertText(tr("and more"), _format("ink_3", CAPTION))


def _table_format() -> QTextTableFormat:
    look = QTextTableFormat()
    look.setBorder(0)
    look.setBorderCollapse(True)
    look.setCellPadding(0)
    look.setCellSpacing(0)
    look.setTopMargin(4)
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
    look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    return look


def _soft(role: str) -> QTextTableCellFormat:
    look = QTextTableCellFormat()
    look.setBackground(color(f"{role}_soft"))
    for set_padding, size in ((look.setLeftPadding, 8), (look.setRightPadding, 8), (look.setTopPadding, 1)):
        set_padding(size)
    look.setBottomPadding(5)
    return look


def _changed(role: str, text: str) -> QTextCharFormat:
    look = _format(role, mono=text.startswith("="))
    look.setFontStrikeOut(role == "bad")
    return look


def _format(role: str, size: int = BODY, weight: int = 400, mono: bool = False) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setFont(font(LABEL if mono else size, weight, mono))
    look.setForeground(color(role))
    return look


def _block(above: int = 0) -> QTextBlockFormat:
    block = QTextBlockFormat()
    block.setTopMargin(above)
    block.setLineHeight(px(_LINE), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
    return block


def _cut(text: str) -> tuple[str, bool]:
    lines = text[:_MAX_CHARS].split("\n")
    shown = "\n".join(lines[:_MAX_LINES])
    return shown, len(shown) < len(text)


def _one_line(text: str) -> str:
    flat = " ".join(text[: 2 * _MAX_CELL_CHARS].split()) or text[:1]
    return flat if len(flat) <= _MAX_CELL_CHARS else f"{flat[: _MAX_CELL_CHARS - 1]}…"
