"""The text edit: shows one of an artifact's text documents; undo and redo are the artifact's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QUndoCommand,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from forgeapp.ui.carried_text import selected_mime
from forgeapp.ui.controls.menus import Menu
from forgeapp.ui.icons import icon
from forgeapp.ui.long_lines import has_long_run
from forgeapp.ui.theme import BODY, color, font
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.open_artifact import OpenText

PAUSE_MS: Final = 1_000
"""What is typed after a pause this long is a step of its own for Undo."""
MAX_PASTED_CHARS: Final = 4_000_000
_AT_WORDS: Final = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
_ANYWHERE: Final = QTextOption.WrapMode.WrapAnywhere
_WRAP_LATE_MS: Final = 500
_ALWAYS_OURS: Final = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.DeleteStartOfWord,
    QKeySequence.StandardKey.DeleteEndOfWord,
    QKeySequence.StandardKey.MoveToNextWord,
    QKeySequence.StandardKey.MoveToPreviousWord,
    QKeySequence.StandardKey.SelectNextWord,
    QKeySequence.StandardKey.SelectPreviousWord,
    QKeySequence.StandardKey.MoveToStartOfDocument,
    QKeySequence.StandardKey.MoveToEndOfDocument,
    QKeySequence.StandardKey.SelectStartOfDocument,
    QKeySequence.StandardKey.SelectEndOfDocument,
)
Selection = QTextEdit.ExtraSelection


class TextEdit(QPlainTextEdit):
    """Plain text of an OpenText. `show_document` chooses which of its documents.

    Actions given to `bind` are triggered by their shortcuts while the text has the focus, before the window's.
    `marks` are painted behind the text in the order of their names' first use. `restyled`: the theme has changed.
    `stepped(again)`: the artifact has taken a step; True for Undo and Redo.
    """

    scrolled = Signal()
    restyled = Signal()
    stepped = Signal(bool)

    def __init__(self, artifact: OpenText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.artifact = artifact
        self._bound: list[QAction] = []
        self._marks: dict[str, Sequence[Selection]] = {}
        self._since_key = QElapsedTimer()
        self._changed_at: int | None = None
        self._index = artifact.undo_stack.index()
        self._next: QUndoCommand | None = None
        self._followed: QTextDocument | None = None
        self._placeholder = ""
        self._lets_focus_go = False
        self._wrap_late = QTimer(self)
        self._wrap_late.setSingleShot(True)
        self._wrap_late.setInterval(_WRAP_LATE_MS)
        self._wrap_late.timeout.connect(self._on_wrap_late)
        self.setProperty("look", "plain")
        self.setFont(self._type())
        self.setCursorWidth(2)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setUndoRedoEnabled(True)
        artifact.undo_stack.indexChanged.connect(self._on_index_changed)
        self.verticalScrollBar().valueChanged.connect(self.scrolled)
        self.undo_action = self._new_action(tr("Undo"), "Ctrl+Z", artifact.undo_stack.undo, "undo-2")
        self.redo_action = self._new_action(tr("Redo"), "Ctrl+Shift+Z", artifact.undo_stack.redo, "redo-2")
        artifact.undo_stack.canUndoChanged.connect(self.undo_action.setEnabled)
        artifact.undo_stack.canRedoChanged.connect(self.redo_action.setEnabled)
        self.undo_action.setEnabled(artifact.undo_stack.canUndo())
        self.redo_action.setEnabled(artifact.undo_stack.canRedo())

    def show_document(self, document: QTextDocument, is_fixed: bool = False) -> None:
        """`is_fixed`: it can be read, selected and copied, not edited."""
        if self._followed is not None:
            self._followed.contentsChange.disconnect(self._on_contents_change)
        self.setWordWrapMode(_ANYWHERE if has_long_run(document) else _AT_WORDS)
        self.setDocument(document)
        flags = Qt.TextInteractionFlag
        readable = flags.TextSelectableByMouse | flags.TextSelectableByKeyboard
        self.setTextInteractionFlags(readable if is_fixed else flags.TextEditorInteraction)
        document.contentsChange.connect(self._on_contents_change)
        self._followed = document
        self._changed_at = None
        document.setDefaultFont(self.font())
        self.begin_step()

    def set_placeholder(self, text: str) -> None:
        """Shown, quietly, while there is no text."""
        self._placeholder = text
        self.viewport().update()

    def bind(self, *actions: QAction) -> None:
        self._bound += actions

    def new_action(self, text: str, keys: str, act: Callable[[], object], icon_name: str | None = None) -> QAction:
        """An action for menus, bound to this text."""
        action = self._new_action(text, keys, act, icon_name)
        self.bind(action)
        return action

    def _new_action(self, text: str, keys: str, act: Callable[[], object], icon_name: str | None) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        # The keys are taken while the text has the focus; elsewhere they may mean something else.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if icon_name:
            action.setIcon(icon(icon_name))
        action.triggered.connect(lambda: act() and None)
        return action

    def begin_step(self) -> None:
        """What is typed from now on is a step of its own."""
        # A text document merges typed characters into its last step only while it counts as modified.
        self.document().setModified(False)

    def set_marks(self, name: str, marks: Sequence[Selection]) -> None:
        if not marks and not self._marks.get(name):
            return
        self._marks[name] = marks
        self.setExtraSelections([mark for of_name in self._marks.values() for mark in of_name])

    def mark(self, start: int, end: int, role: str, is_line: bool = False) -> Selection:
        """A selection for `set_marks`, in a role's colour; positions in Qt's units."""
        selection = Selection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor  # type: ignore[attr-defined]
        selection.format.setBackground(color(role))  # type: ignore[attr-defined]
        if is_line:
            selection.format.setProperty(selection.format.Property.FullWidthSelection, True)  # type: ignore[attr-defined]
        return selection

    def edit_text(self, start: int, end: int, text: str) -> None:
        """Replaces a range as one step of its own and leaves the cursor behind it."""
        if self.isReadOnly():
            return
        self.begin_step()
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.begin_step()

    def select(self, anchor: int, position: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(anchor)
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def selected_lines(self) -> tuple[QTextBlock, QTextBlock]:
        """The first and the last line of the selection; one it only touches at its beginning does not count."""
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart())
        last = self.document().findBlock(cursor.selectionEnd())
        if last != first and cursor.selectionEnd() == last.position():
            last = last.previous()
        return first, last

    def change_lines(self, change: Callable[[str], str]) -> None:
        """Each line of the selection through `change`, as one step; the lines stay selected."""
        first, last = self.selected_lines()
        had_selection = self.textCursor().hasSelection()
        cursor = self.textCursor()
        from_end = first.length() - 1 - (cursor.position() - first.position())
        start = first.position()
        before = []
        block = first
        while block.isValid():
            before.append(block.text())
            if block == last:
                break
            block = block.next()
        after = [change(line) for line in before]
        if after == before:
            return
        self.edit_text(start, last.position() + last.length() - 1, "\n".join(after))
        if had_selection:
            self.select(start, self.textCursor().position())
        else:
            place = max(start, start + first.length() - 1 - max(from_end, 0))
            self.select(place, place)

    def visible_range(self) -> tuple[int, int]:
        """The positions at the beginning of the first line in view and at the end of the last."""
        begin = self.firstVisibleBlock().position()
        end = self.cursorForPosition(self.viewport().rect().bottomRight()).block()
        return begin, end.position() + end.length()

    @property
    def cursor_is_in_sight(self) -> bool:
        return self.viewport().rect().intersects(self.cursorRect())

    def top_line(self) -> float:
        """The line at the top of what is seen, with the share of it that is out of view."""
        block = self.firstVisibleBlock()
        area = self.blockBoundingGeometry(block).translated(self.contentOffset())
        share = -area.top() / area.height() if area.height() > 0 else 0.0
        return block.blockNumber() + min(max(share, 0.0), 1.0)

    def show_line(self, line: float) -> None:
        """Scrolls so that it is at the top, as far as the text goes."""
        bar = self.verticalScrollBar()
        block = self.document().findBlockByNumber(min(int(min(line, 1e9)), self.blockCount() - 1))
        shown_lines = block.layout().lineCount() or 1
        bar.setValue(block.firstLineNumber() + int((min(line, 1e9) - block.blockNumber()) * shown_lines))

    def leave(self, forward: bool) -> bool:
        """As Tab does elsewhere: the next control, or the one before."""
        self._lets_focus_go = True
        self.setTabChangesFocus(True)
        has_left = self.focusNextPrevChild(forward)
        self._lets_focus_go = False
        return has_left

    def on_key(self, event: QKeyEvent) -> bool:
        """A subclass or owner handles a key before Qt does; True where it has."""
        del event
        return False

    def _type(self) -> QFont:
        return font(BODY, mono=True)

    def _bound_to(self, event: QKeyEvent) -> QAction | None:
        pressed = QKeySequence(event.keyCombination())
        return next((action for action in self._bound if action.shortcut() == pressed), None)

    def _on_contents_change(self, position: int, _removed: int, added: int) -> None:
        self._changed_at = position + added
        if self.wordWrapMode() == _ANYWHERE:
            self._wrap_late.start()
        elif has_long_run(self.document(), position, added):
            # Now: the new lines are not laid out yet.
            self.setWordWrapMode(_ANYWHERE)

    def _on_wrap_late(self) -> None:
        if not has_long_run(self.document()):
            self.setWordWrapMode(_AT_WORDS)

    def _on_index_changed(self, index: int) -> None:
        stack = self.artifact.undo_stack
        if not isValid(stack):  # it empties itself while the artifact is closed
            return
        is_undo = index < self._index
        is_redo = index == self._index + 1 and self._next is not None and stack.command(index - 1) is self._next
        if (is_undo or is_redo) and self._changed_at is not None:
            place = min(self._changed_at, max(self.document().characterCount() - 1, 0))
            self.select(place, place)
            self.ensureCursorVisible()
            self.begin_step()
        self._changed_at = None
        self._index = index
        self._next = stack.command(index) if index < stack.count() else None
        self.stepped.emit(is_undo or is_redo)

    def createMimeDataFromSelection(self) -> QMimeData:
        return selected_mime(self.textCursor())

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self.isReadOnly():
            return
        self.begin_step()
        if source.hasText():
            text = source.text()[:MAX_PASTED_CHARS].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
            self.textCursor().insertText(text)
            self.ensureCursorVisible()
        self.begin_step()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._bound_to(event) is not None or any(event.matches(key) for key in _ALWAYS_OURS):
                event.accept()
                return True
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier & ~Qt.KeyboardModifier.KeypadModifier
            if modifiers == Qt.KeyboardModifier.ControlModifier:
                # The window's commands come before what Qt has for such keys.
                event.ignore()
                return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Qt asks before it tells of the key.
        return self._lets_focus_go and super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_action.trigger()
            return
        if event.matches(QKeySequence.StandardKey.Redo) or self.redo_action.shortcut() == QKeySequence(
            event.keyCombination()
        ):
            self.redo_action.trigger()
            return
        action = self._bound_to(event)
        if action is not None:
            action.trigger()
            return
        if event.matches(QKeySequence.StandardKey.InsertLineSeparator):
            # Qt would put U+2028 there: a line here ends as all others do.
            event = QKeyEvent(event.type(), event.key(), Qt.KeyboardModifier.NoModifier, "\r")
        if self.isReadOnly():
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self.leave(event.key() == Qt.Key.Key_Tab)
            else:
                super().keyPressEvent(event)
            return
        if not self._since_key.isValid() or self._since_key.restart() > PAUSE_MS:
            self._since_key.start()
            self.begin_step()
        if not self.on_key(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.new_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def new_menu(self) -> Menu:
        """The context menu: undo, clipboard, and what the editor has bound."""
        menu = Menu(self)
        menu.setObjectName("text_menu")
        has_selection = self.textCursor().hasSelection()
        is_open = not self.isReadOnly()
        clipboard = QGuiApplication.clipboard().mimeData()
        can_paste = is_open and clipboard is not None and clipboard.hasText()
        menu.addActions([self.undo_action, self.redo_action])
        menu.addSeparator()
        for text, keys, act, is_enabled in (
            (tr("Cut"), "Ctrl+X", self.cut, has_selection and is_open),
            (tr("Copy"), "Ctrl+C", self.copy, has_selection),
            (tr("Paste"), "Ctrl+V", self.paste, can_paste),
            (tr("Select all"), "Ctrl+A", self.selectAll, not self.document().isEmpty()),
        ):
            action = self._new_action(text, keys, act, None)
            action.setParent(menu)
            action.setEnabled(is_enabled)
            menu.addAction(action)
        if self._bound:
            menu.addSeparator()
            menu.addActions(self._bound)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._placeholder and self.document().isEmpty():
            painter = QPainter(self.viewport())
            painter.setPen(color("ink_3"))
            painter.setFont(self.font())
            margin = round(self.document().documentMargin())
            area = self.viewport().rect().adjusted(margin + 1, margin, -margin, -margin)
            painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._placeholder)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "artifact"):
            if self.font() != self._type():
                self.setFont(self._type())
            self.restyled.emit()
