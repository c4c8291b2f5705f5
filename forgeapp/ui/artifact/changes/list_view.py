"""What changed, to be read as a list: where, and word by word what went and what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from forgeapp.domain.content import kind_of
from forgeapp.domain.workbook import Workbook
from forgeapp.ui.artifact.changes.words import one_line, where_text
from forgeapp.ui.richtext.marked import TURN_ROLES, Turn
from forgeapp.ui.theme import BODY, CAPTION, LABEL, color, font, px
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.services.comparing import Comparison, Hunk

MAX_SHOWN: Final = 300
_MAX_CHARS: Final = 2_000
_MAX_LINES: Final = 40
_MAX_CELL_CHARS: Final = 200
_MARGIN: Final = 16
_LINE: Final = 22

_Side = tuple[tuple[str, bool], ...]
"""Pieces of a text, each with whether it is what differs."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One change: `before` and `after` in pieces, () for nothing; `is_cut` where there is more of it. `is_partly`: some
    of it is the same on both sides."""

    where: str
    before: _Side
    after: _Side
    is_cut: bool = False
    is_partly: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """The first changes, and how many there are in all."""

    kind: Kind
    changes: tuple[Listed, ...]
    total: int


def listing_of(comparison: Comparison) -> Listing:
    """Off the UI thread: words are compared."""
    kind = kind_of(comparison.after)
    only_sheet = _only_sheet(comparison)
    is_grid = kind in (Kind.TABLE, Kind.SPREADSHEET)
    changes = tuple(_listed(hunk, is_grid, only_sheet) for hunk in comparison.hunks[:MAX_SHOWN])
    return Listing(kind, changes, len(comparison.hunks))


def _only_sheet(comparison: Comparison) -> str:
    """Its name with a '!', where there is but one sheet: then cells are named without it."""
    old, new = comparison.before, comparison.after
    if not (isinstance(old, Workbook) and isinstance(new, Workbook) and len(old.sheets) == len(new.sheets) == 1):
        return ""
    return f"{new.sheets[0].name}!" if old.sheets[0].name == new.sheets[0].name else ""


def _listed(hunk: Hunk, is_grid: bool, only_sheet: str) -> Listed:
    from forgeapp.services.comparing import Turn as Change
    from forgeapp.services.comparing import words

    where = where_text(hunk.where.removeprefix(only_sheet) if only_sheet else hunk.where)
    if is_grid:
        before, after, is_cut = one_line(hunk.before, _MAX_CELL_CHARS), one_line(hunk.after, _MAX_CELL_CHARS), False
    else:
        (before, cut_before), (after, cut_after) = _cut(hunk.before), _cut(hunk.after)
        is_cut = cut_before or cut_after
    segments = words(before, after)
    if all(segment.turn is not Change.EQUAL for segment in segments):
        # Nothing is the same: it need not be told apart within.
        return Listed(where, ((before, False),) if before else (), ((after, False),) if after else (), is_cut)
    olds = tuple((s.text, s.turn is Change.REMOVED) for s in segments if s.turn is not Change.ADDED)
    news = tuple((s.text, s.turn is Change.ADDED) for s in segments if s.turn is not Change.REMOVED)
    return Listed(where, olds, news, is_cut, is_partly=True)


def _cut(text: str) -> tuple[str, bool]:
    lines = text[:_MAX_CHARS].split("\n")
    shown = "\n".join(lines[:_MAX_LINES])
    return shown, len(shown) < len(text)


class ChangesList(QTextEdit):
    """Selectable, never editable. Its words are a model's: they are set, never parsed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history_changes")
        self.setAccessibleName(tr("What changed"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("look", "plain")
        self.document().setDocumentMargin(_MARGIN)
        self._listing: Listing | None = None
        self._words = ""

    def show_words(self, words: str) -> None:
        """A plain line where there are no changes to show."""
        self._listing, self._words = None, words
        self._render()

    def show_listing(self, listing: Listing) -> None:
        self._listing = listing
        self._render()

    def _render(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        listing = self._listing
        if listing is None:
            cursor.insertText(self._words, _format("ink_3"))
        else:
            if listing.kind in (Kind.TABLE, Kind.SPREADSHEET):
                _insert_cells(cursor, listing.changes)
            else:
                _insert_lines(cursor, listing.changes, is_mono=listing.kind is Kind.CODE)
            if listing.total > len(listing.changes):
                words = tr("{count} more changes", count=number_text(listing.total - len(listing.changes)))
                cursor.insertBlock(_block(above=8), _format("ink_3"))
                cursor.insertText(words, _format("ink_3"))
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_words"):
            self._render()


def _insert_cells(cursor: QTextCursor, changes: Sequence[Listed]) -> None:
    if not changes:
        return
    look = _table_format()
    look.setCellPadding(5)
    look.setTopMargin(0)
    look.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, share) for share in (28, 36, 36)])
    table = cursor.insertTable(len(changes), 3, look)
    line = QTextTableCellFormat()
    line.setBottomBorder(1)
    line.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    line.setBottomBorderBrush(QBrush(color("line_2")))
    for row, change in enumerate(changes):
        for column in range(3):
            table.cellAt(row, column).setFormat(line)
        table.cellAt(row, 0).firstCursorPosition().insertText(change.where, _format("ink_2", weight=500))
        sides: tuple[tuple[_Side, Turn], ...] = ((change.before, "removed"), (change.after, "added"))
        for column, (side, turn) in enumerate(sides, 1):
            at = table.cellAt(row, column).firstCursorPosition()
            if side:
                _insert_pieces(at, side, turn, change.is_partly, side[0][0].startswith("="))
            else:
                at.insertText(tr("empty"), _format("ink_3"))
    cursor.movePosition(QTextCursor.MoveOperation.End)


def _insert_lines(cursor: QTextCursor, changes: Sequence[Listed], is_mono: bool) -> None:
    for number, change in enumerate(changes):
        # The paragraph a table is followed by is there already.
        cursor.setBlockFormat(_block(above=14 if number else 0))
        cursor.insertText(change.where, _format("ink_3", CAPTION, 500))
        sides: tuple[tuple[_Side, Turn], ...] = ((change.before, "removed"), (change.after, "added"))
        shown = [(side, turn) for side, turn in sides if side]
        table = cursor.insertTable(max(len(shown), 1), 1, _table_format())
        for row, (side, turn) in enumerate(shown):
            cell = table.cellAt(row, 0)
            cell.setFormat(_soft(turn))
            at = cell.firstCursorPosition()
            at.setBlockFormat(_block())
            _insert_pieces(at, side, turn, change.is_partly, is_mono)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if change.is_cut:
            cursor.insertText(tr("and more"), _format("ink_3", CAPTION))
            cursor.insertBlock(_block())


def _insert_pieces(cursor: QTextCursor, side: _Side, turn: Turn, is_partly: bool, is_mono: bool) -> None:
    role = TURN_ROLES[turn]  # type: ignore[index]
    for text, is_changed in side:
        look = _format(role if is_changed or not is_partly else "ink", mono=is_mono)
        look.setFontStrikeOut(turn == "removed" and (is_changed or not is_partly))
        if is_changed:
            look.setBackground(color(role, 0.2))
        cursor.insertText(text.replace("\u2028", " ").replace("\u2029", " "), look)


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


def _soft(turn: Turn) -> QTextTableCellFormat:
    look = QTextTableCellFormat()
    look.setBackground(color(f"{TURN_ROLES[turn]}_soft"))  # type: ignore[index]
    for set_padding, size in ((look.setLeftPadding, 8), (look.setRightPadding, 8), (look.setTopPadding, 1)):
        set_padding(size)
    look.setBottomPadding(5)
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
