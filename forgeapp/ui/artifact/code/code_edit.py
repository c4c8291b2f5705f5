"""The text edit for code: indentation as the file has it, line numbers, pairs of brackets, what is not right in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QKeyEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from forgeapp.domain.finding import Severity
from forgeapp.ui.artifact.code.brackets import find_pair
from forgeapp.ui.artifact.code.coloured_copy import coloured_mime
from forgeapp.ui.artifact.code.findings import Placed
from forgeapp.ui.artifact.code.line_keys import LineKeys
from forgeapp.ui.artifact.code.line_numbers import LineNumbers
from forgeapp.ui.artifact.code.severity import ROLES, told
from forgeapp.ui.artifact.text.highlighter import Highlighter
from forgeapp.ui.artifact.text.indentation import indent_of, indent_unit, indented, next_indent, outdented
from forgeapp.ui.artifact.text.pieces import PiecedText, joined_selection
from forgeapp.ui.artifact.text.positions import units
from forgeapp.ui.artifact.text.text_edit import Selection, TextEdit
from forgeapp.ui.controls import plain_tooltip
from forgeapp.ui.theme import color
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.open_artifact import OpenText

_CLOSING = "]})"


class CodeEdit(TextEdit):
    """`language` is Pygments' alias. Esc, then Tab, leaves the text; Tab alone indents."""

    def __init__(self, artifact: OpenText, parent: QWidget | None = None) -> None:
        super().__init__(artifact, parent)
        self.language = ""
        self._tab_leaves = False
        self.setObjectName("code_text")
        self.setAccessibleName(tr("Code"))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.highlighter = Highlighter(self)
        self.line_numbers = LineNumbers(self)
        self.lines = LineKeys(self)
        self._placed: Sequence[Placed] = ()
        lines = self.lines
        self.line_actions = [
            self.new_action(tr("Indent"), "Ctrl+]", lambda: self.move_lines(True), "indent-increase"),
            self.new_action(tr("Outdent"), "Ctrl+[", lambda: self.move_lines(False), "indent-decrease"),
            self.new_action(tr("Comment on or off"), "Ctrl+K", lines.toggle_comments, "hash"),
            self.new_action(tr("Duplicate the lines"), "Ctrl+D", lines.duplicate, "copy-plus"),
            self.new_action(tr("Move the lines up"), "Alt+Up", lambda: lines.move(down=False), "arrow-up"),
            self.new_action(tr("Move the lines down"), "Alt+Down", lambda: lines.move(down=True), "arrow-down"),
        ]
        self.copy_action = self.new_action(tr("Copy with colours"), "", self._copy_coloured, "copy")
        self.cursorPositionChanged.connect(self._mark_place)
        self.restyled.connect(self._on_restyled)

    def show_code(self, document: QTextDocument, language: str, pieces: PiecedText | None = None) -> None:
        """Another file; colours follow when the highlighter is given its lexer. `pieces` are shown in its place."""
        self.language = language
        self.line_numbers.numbers = pieces.numbers if pieces is not None else None
        self.show_document(document if pieces is None else pieces.document, is_fixed=pieces is not None)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.line_numbers.fit()
        self._mark_place()

    def show_findings(self, placed: Sequence[Placed]) -> None:
        """Those of the file in view: marks beside their lines, and wavy lines below what is more than a hint."""
        self._placed = placed
        self.set_marks("findings", [_wavy(each) for each in placed if each.finding.severity is not Severity.HINT])
        self.line_numbers.placed = placed
        self.line_numbers.update()

    @property
    def unit(self) -> str:
        """One step of indentation in this file."""
        lines: list[str] = []
        block = self.document().firstBlock()
        while block.isValid() and len(lines) < 400:
            lines.append(block.text()[:200])
            block = block.next()
        return indent_unit(lines, self.language)

    def move_lines(self, inwards: bool) -> None:
        """The lines of the selection one step in or out."""
        unit = self.unit
        self.change_lines(lambda line: (indented if inwards else outdented)(line, unit))

    def on_key(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = event.key()
        leaves, self._tab_leaves = self._tab_leaves, key == Qt.Key.Key_Escape
        if key == Qt.Key.Key_Escape:
            event.ignore()
            return True
        if key == Qt.Key.Key_Tab and plain == Qt.KeyboardModifier.NoModifier:
            return self.leave(True) if leaves else self._indent()
        if key == Qt.Key.Key_Backtab:
            if leaves:
                return self.leave(False)
            self.move_lines(inwards=False)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain == Qt.KeyboardModifier.NoModifier:
            return self._break_line()
        if key == Qt.Key.Key_Backspace and plain == Qt.KeyboardModifier.NoModifier:
            return self._delete_step()
        if key == Qt.Key.Key_Home and not plain & ~Qt.KeyboardModifier.ShiftModifier:
            return self._go_home(bool(plain))
        if event.text() and event.text() in _CLOSING:
            self._outdent_before(event.text())
        return False

    def createMimeDataFromSelection(self) -> QMimeData:
        numbers = self.line_numbers.numbers
        if numbers is None:
            return super().createMimeDataFromSelection()
        data = QMimeData()
        data.setText(joined_selection(self.textCursor(), numbers))
        return data

    def _copy_coloured(self) -> None:
        cursor = self.textCursor()
        if cursor.hasSelection() and self.line_numbers.numbers is None:
            QGuiApplication.clipboard().setMimeData(coloured_mime(cursor, self.highlighter))
        else:
            self.copy()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.cursorForPosition(event.pos()).position()
            under = [
                each for each in self._placed if each.cursor.selectionStart() <= place <= each.cursor.selectionEnd()
            ]
            QToolTip.showText(event.globalPos(), plain_tooltip(told(each.finding for each in under)), self)
            return True
        return super().viewportEvent(event)

    def _indent(self) -> bool:
        cursor = self.textCursor()
        if cursor.hasSelection() and cursor.selectedText().count("\u2029"):
            self.move_lines(inwards=True)
            return True
        unit = self.unit
        if unit != "\t":
            column = len(cursor.block().text()[: cursor.positionInBlock()].expandtabs(len(unit)))
            unit = " " * (len(unit) - column % len(unit))
        cursor.insertText(unit)
        self.ensureCursorVisible()
        return True

    def _break_line(self) -> bool:
        cursor = self.textCursor()
        line = cursor.block().text()
        column = cursor.positionInBlock()
        before, after = _cut(line, column)
        unit = self.unit
        indent = next_indent(before, after, unit, self.language)
        cursor.beginEditBlock()
        cursor.insertText("\n" + indent)
        if (
            before.rstrip()[-1:]
            and after.lstrip()[:1]
            and before.rstrip()[-1:] + after.lstrip()[:1] in ("()", "[]", "{}")
        ):
            place = cursor.position()
            cursor.insertText("\n" + indent_of(line))
            cursor.setPosition(place)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        return True

    def _delete_step(self) -> bool:
        """Backspace within the indentation takes a whole step of spaces."""
        cursor = self.textCursor()
        before, _ = _cut(cursor.block().text(), cursor.positionInBlock())
        unit = self.unit
        if cursor.hasSelection() or not before or before.strip(" ") or unit == "\t":
            return False
        count = (len(before) - 1) % len(unit) + 1
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, count)
        cursor.removeSelectedText()
        self.setTextCursor(cursor)
        return True

    def _go_home(self, is_selecting: bool) -> bool:
        """To the first sign of the line, from there to its begin."""
        cursor = self.textCursor()
        block = cursor.block()
        first = units(indent_of(block.text()))
        column = 0 if cursor.positionInBlock() == first else first
        mode = QTextCursor.MoveMode.KeepAnchor if is_selecting else QTextCursor.MoveMode.MoveAnchor
        cursor.setPosition(block.position() + column, mode)
        self.setTextCursor(cursor)
        return True

    def _outdent_before(self, sign: str) -> None:
        """A closing bracket typed first in its line goes where the line of its opening one begins."""
        cursor = self.textCursor()
        text = cursor.block().text()
        if cursor.hasSelection() or text.strip() or not text:
            return
        depth = 0
        opening = {"]": "[", "}": "{", ")": "("}[sign]
        block = cursor.block().previous()
        for _ in range(400):
            if not block.isValid():
                return
            for other in reversed(block.text()[:500]):
                depth += (other == sign) - (other == opening)
                if depth < 0:
                    self._set_indent(indent_of(block.text()))
                    return
            block = block.previous()

    def _set_indent(self, indent: str) -> None:
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(indent)
        self.setTextCursor(cursor)

    def _mark_place(self) -> None:
        """The current line and the pair of brackets at the cursor."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            self.set_marks("line", ())
        else:
            self.set_marks("line", [self.mark(cursor.position(), cursor.position(), "ground", is_line=True)])
        is_sought = not cursor.hasSelection() and not self.isReadOnly()
        pair = find_pair(self.document(), cursor.position(), self.highlighter) if is_sought else None
        self.set_marks("pair", [self.mark(place, place + 1, "selected") for place in pair or ()])

    def _on_restyled(self) -> None:
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.line_numbers.fit()
        self.highlighter.restyle(self.firstVisibleBlock().blockNumber())
        self.show_findings(self._placed)
        self._mark_place()


def _wavy(placed: Placed) -> Selection:
    selection = Selection()
    selection.cursor = placed.cursor  # type: ignore[attr-defined]
    look = selection.format  # type: ignore[attr-defined]
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    look.setUnderlineColor(color(ROLES[placed.finding.severity]))
    return selection


def _cut(line: str, column: int) -> tuple[str, str]:
    """The line before and behind a column in Qt's units."""
    if line.isascii():
        return line[:column], line[column:]
    encoded = line.encode("utf-16-le", "surrogatepass")
    return (
        encoded[: 2 * column].decode("utf-16-le", "surrogatepass"),
        encoded[2 * column :].decode("utf-16-le", "surrogatepass"),
    )
