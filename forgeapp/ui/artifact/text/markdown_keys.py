"""What the keys of a Markdown editor do: styles, headings, links, lists that go on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor

from forgeapp.ui.artifact.text.indentation import indented, outdented
from forgeapp.ui.artifact.text.positions import units
from forgeapp.ui.artifact.text.text_edit import TextEdit
from forgeapp.ui.wording import tr

_ITEM = re.compile(r"([ \t]*(?:>[ \t]?)*[ \t]*)([-*+]|(\d{1,9})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+|$)")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+$", re.IGNORECASE)
_INDENT = "    "
_RUNS = {"**": (2, 3), "*": (1, 3), "~~": (2,), "`": (1,)}
"""How many of a mark's signs stand where it holds; three stars are bold and italic."""
_QUOTED = re.compile(r"[ \t]{0,3}>[ \t]?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
LISTS = {"bullets": "- ", "numbers": "1. ", "tasks": "- [ ] "}
"""What an item of each kind of list begins with."""


@dataclass(frozen=True, slots=True)
class _Item:
    """The list item a line begins: what is before its text, and what the next item would begin with."""

    lead: str
    next_lead: str
    indent: str
    bullet: str


def _item(line: str) -> _Item | None:
    match = _ITEM.match(line)
    if match is None:
        return None
    indent, bullet, number, mark, gap, task = match.groups()
    following = f"{int(number) + 1}{mark}" if number else bullet
    return _Item(match[0], indent + following + gap + ("[ ] " if task else ""), indent, bullet)


def _kind_of(line: str) -> str:
    """Which of LISTS a line is an item of; '' for none."""
    match = _ITEM.match(line)
    if match is None:
        return ""
    return "tasks" if match[6] else "numbers" if match[3] else "bullets"


class MarkdownKeys:
    """Edits `edit`'s text at its selection; each call is one step for Undo."""

    def __init__(self, edit: TextEdit) -> None:
        self._edit = edit

    def toggle(self, mark: str) -> None:
        """Puts the mark ('**', '*', '~~', '`') around the selection or the word at the cursor, or takes it away."""
        cursor = self._edit.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if start == end:
            word = self._edit.textCursor()
            word.select(QTextCursor.SelectionType.WordUnderCursor)
            if word.hasSelection() and word.selectedText().strip():
                start, end = word.selectionStart(), word.selectionEnd()
        text = self._text(start, end)
        lead, tail = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
        if "\u2029" in text or not text.strip():
            lead = tail = 0
        start, end = start + lead, end - tail
        width = len(mark)
        inner = self._text(start, end)
        if self._is_marked(start, end, mark):
            self._put(start - width, end + width, inner, width=0)
        elif len(inner) >= 2 * width and self._is_wrapped(inner, mark):
            self._put(start, end, inner[width:-width], width=0)
        else:
            self._put(start, end, f"{mark}{inner}{mark}", width)

    def set_heading(self, level: int) -> None:
        """The lines of the selection become headings of that level, 1..6, or text where they are so already."""
        lead = "#" * level + " "

        def change(line: str) -> str:
            match = _HEADING.match(line)
            plain = line[match.end() :] if match else line
            is_that = match is not None and match[0].count("#") == level
            return plain if is_that else lead + plain

        if not self._edit.textCursor().hasSelection() and not self._edit.textCursor().block().text():
            place = self._edit.textCursor().position()
            self._edit.edit_text(place, place, lead)
            return
        self._edit.change_lines(change)

    def set_list(self, kind: str) -> None:
        """The lines become items of a list of that kind (of LISTS), or text where all of them are so already."""
        edit = self._edit
        if not edit.textCursor().hasSelection() and not edit.textCursor().block().text():
            place = edit.textCursor().position()
            edit.edit_text(place, place, LISTS[kind])
            return
        lines = [line for line in self._selected_texts() if line.strip()]
        is_that = bool(lines) and all(_kind_of(line) == kind for line in lines)
        number = 0

        def change(line: str) -> str:
            nonlocal number
            if not line.strip():
                return line
            item = _ITEM.match(line)
            indent = item[1] if item else line[: len(line) - len(line.lstrip(" \t"))]
            words = line[item.end() :] if item else line[len(indent) :]
            if is_that:
                return indent + words
            number += 1
            return indent + (f"{number}. " if kind == "numbers" else LISTS[kind]) + words

        edit.change_lines(change)

    def toggle_quote(self) -> None:
        """The lines become a quotation, or text where all of them are one."""
        is_quote = all(_QUOTED.match(line) for line in self._selected_texts())
        self._edit.change_lines(lambda line: _QUOTED.sub("", line, count=1) if is_quote else "> " + line)

    def toggle_code_block(self) -> None:
        """Fences around the lines of the selection, or away where they stand around them."""
        edit = self._edit
        first, last = edit.selected_lines()
        above, below = first.previous(), last.next()
        start, end = first.position(), last.position() + last.length() - 1
        text = self._text(start, end).replace("\u2029", "\n")
        if above.isValid() and below.isValid() and _FENCE.match(above.text()) and _FENCE.match(below.text()):
            edit.edit_text(above.position(), below.position() + below.length() - 1, text)
            edit.select(above.position(), above.position() + units(text))
            return
        fence = "`" * max(3, *(len(match[0]) + 1 for match in re.finditer(r"`{3,}", text)), 3)
        edit.edit_text(start, end, f"{fence}\n{text}\n{fence}")
        begin = start + len(fence) + 1
        edit.select(begin, begin + units(text))

    def _selected_texts(self) -> list[str]:
        first, last = self._edit.selected_lines()
        texts = [first.text()]
        while first != last and first.isValid():
            first = first.next()
            texts.append(first.text())
        return texts

    def add_link(self) -> None:
        """The selection becomes a link: as its words, or as its address where it is one."""
        cursor = self._edit.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if start == end:
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
            start, end = cursor.selectionStart(), cursor.selectionEnd()
        text = self._text(start, end).replace("\u2029", " ")
        if _ADDRESS.match(text):
            words = tr("link")
            self._edit.edit_text(start, end, f"[{words}]({text})")
            self._edit.select(start + 1, start + 1 + units(words))
            return
        words, address = text or tr("link"), "https://"
        self._edit.edit_text(start, end, f"[{words}]({address})")
        begin = start + units(words) + 3
        self._edit.select(begin, begin + len(address))

    def on_key(self, event: QKeyEvent) -> bool:
        """Enter continues a list, Tab and Shift+Tab move its items; True where the key was one of these."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if plain == Qt.KeyboardModifier.NoModifier:
                return self._continue()
            case Qt.Key.Key_Tab if plain == Qt.KeyboardModifier.NoModifier:
                return self._move_items(inwards=True)
            case Qt.Key.Key_Backtab:
                return self._move_items(inwards=False)
        return False

    def _continue(self) -> bool:
        cursor = self._edit.textCursor()
        if cursor.hasSelection():
            return False
        block = cursor.block()
        line = block.text()
        item = _item(line)
        quote = None if item else _QUOTE.match(line)
        lead = item.lead if item else quote[0] if quote else ""
        if not lead or cursor.positionInBlock() < units(lead):
            return False
        if not line[len(lead) :].strip():
            # Enter in an empty item ends the list, or the level of it.
            left = outdented(lead, _INDENT) if item and item.indent.strip(" \t") == "" and item.indent else ""
            self._edit.edit_text(block.position(), block.position() + block.length() - 1, left)
            return True
        place = cursor.position()
        self._edit.edit_text(place, place, "\n" + (item.next_lead if item else lead))
        self._edit.ensureCursorVisible()
        return True

    def _move_items(self, inwards: bool) -> bool:
        first, last = self._edit.selected_lines()
        if _item(first.text()) is None and (inwards or first == last) and not self._edit.textCursor().hasSelection():
            return False
        width = len(_INDENT)
        above = _item(first.previous().text()) if first.previous().isValid() else None
        if above is not None:
            # A nested item must stand below the text of the one above it.
            width = len(above.bullet) + 1 if len(above.bullet) > 1 else 2
        unit = " " * width
        self._edit.change_lines(lambda line: (indented if inwards else outdented)(line, unit))
        return True

    def _text(self, start: int, end: int) -> str:
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText()

    def _is_marked(self, start: int, end: int, mark: str) -> bool:
        width = len(mark)
        last = self._edit.document().characterCount() - 1
        if start < width or end + width > last:
            return False
        before, after = self._text(max(start - 3, 0), start), self._text(end, min(end + 3, last))
        sign = mark[0]
        count = min(len(before) - len(before.rstrip(sign)), len(after) - len(after.lstrip(sign)))
        return count in _RUNS[mark]

    def _is_wrapped(self, text: str, mark: str) -> bool:
        sign = mark[0]
        return min(len(text) - len(text.lstrip(sign)), len(text) - len(text.rstrip(sign))) in _RUNS[mark]

    def _put(self, start: int, end: int, text: str, width: int) -> None:
        text = text.replace("\u2029", "\n")
        self._edit.edit_text(start, end, text)
        self._edit.select(start + width, start + units(text) - width)
