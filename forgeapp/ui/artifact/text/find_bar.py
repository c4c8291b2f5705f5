"""The find bar: hits in a text edit, one after the other, and what replaces them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from forgeapp.ui.artifact.text.positions import Positions
from forgeapp.ui.artifact.text.text_edit import TextEdit
from forgeapp.ui.carried_text import raw_text
from forgeapp.ui.controls import Button, HLine, IconButton, Label
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from regex import Match, Pattern  # type: ignore[import-untyped]

MAX_HITS: Final = 10_000
_MAX_SHOWN: Final = 400
_LATE_MS: Final = 120
_PATIENCE_S: Final = 0.25
"""A pattern can be such that it never ends."""


class FindBar(QWidget):
    """Hidden until `open`; Esc closes it and gives the text its focus back. Hits are counted and marked."""

    def __init__(self, edit: TextEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self._hits: list[tuple[int, int]] = []
        self._fault = ""
        self.setObjectName("find_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._find_row())
        self._replacing = QWidget(self)
        self._replacing.setLayout(self._replace_row())
        self._replacing.hide()
        column.addWidget(self._replacing)
        column.addWidget(HLine("line"))
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LATE_MS)
        self._late.timeout.connect(self._look_again)
        self.query.textChanged.connect(self._on_query_changed)
        edit.textChanged.connect(self._on_text_changed)
        edit.cursorPositionChanged.connect(self._show_hits)
        edit.scrolled.connect(self._show_hits)
        edit.restyled.connect(self._show_hits)
        self.hide()

    def _find_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(2)
        self.query = _field(tr("Find"), "find_query")
        self.count = Label("", LABEL, role="ink_3")
        self.count.setObjectName("find_count")
        self.count.setMinimumWidth(72)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._case = IconButton("case-sensitive", tr("Match capitals"), side=28)
        self._case.setCheckable(True)
        self._case.setObjectName("find_case")
        self._case.toggled.connect(self._on_query_changed)
        self._word = IconButton("whole-word", tr("Whole words"), side=28)
        self._word.setCheckable(True)
        self._word.setObjectName("find_word")
        self._word.toggled.connect(self._on_query_changed)
        self._regex = IconButton("regex", tr("Regular expression"), side=28)
        self._regex.setCheckable(True)
        self._regex.setObjectName("find_regex")
        self._regex.toggled.connect(self._on_query_changed)
        self._previous = IconButton("chevron-up", tr("Previous hit"), "Shift+F3", side=28)
        self._previous.setObjectName("find_previous")
        self._previous.clicked.connect(lambda: self.step(-1))
        self._next = IconButton("chevron-down", tr("Next hit"), "F3", side=28)
        self._next.setObjectName("find_next")
        self._next.clicked.connect(lambda: self.step(1))
        self._swap = IconButton("replace", tr("Replace"), "Ctrl+H", side=28)
        self._swap.setCheckable(True)
        self._swap.setObjectName("find_replace")
        self._swap.toggled.connect(self._on_swap_toggled)
        close = IconButton("x", tr("Close"), "Esc", side=28)
        close.setObjectName("find_close")
        close.clicked.connect(self.close_bar)
        row.addWidget(self.query, 1)
        row.addWidget(self.count)
        row.addSpacing(6)
        for button in (self._case, self._word, self._regex, self._previous, self._next, self._swap, close):
            row.addWidget(button)
        return row

    def _replace_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 8, 6)
        row.setSpacing(6)
        self.replacement = _field(tr("Replace with"), "find_replacement")
        self._one = Button(tr("Replace"), small=True)
        self._one.setObjectName("replace_one")
        self._one.clicked.connect(self.replace_one)
        self._all = Button(tr("Replace all"), small=True)
        self._all.setObjectName("replace_all")
        self._all.clicked.connect(self.replace_all)
        row.addWidget(self.replacement, 1)
        row.addWidget(self._one)
        row.addWidget(self._all)
        return row

    @property
    def hits(self) -> list[tuple[int, int]]:
        """Begin and end of each, in Qt's units, at most MAX_HITS."""
        return self._hits

    def open(self, replacing: bool = False) -> None:
        """With the selected words as what to look for, where there are some in one line."""
        selected = self._edit.textCursor().selectedText()
        if selected and "\u2029" not in selected and len(selected) <= 200:
            self.query.setText(selected)
        self.show()
        if replacing:
            self._swap.setChecked(True)
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.query.selectAll()
        self._look_again()

    def close_bar(self) -> None:
        self.hide()
        self._edit.set_marks("hits", ())
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, by: int) -> None:
        """Selects the next hit, or the previous one; behind the last comes the first."""
        self._look_again()
        if not self._hits:
            return
        cursor = self._edit.textCursor()
        if by > 0:
            at = bisect_left(self._hits, (cursor.selectionEnd(), 0)) % len(self._hits)
        else:
            at = bisect_left(self._hits, (cursor.selectionStart(), 0)) - 1
        self._select(at)

    def replace_one(self) -> None:
        """The selected hit; then the next one is selected."""
        cursor = self._edit.textCursor()
        chosen = (cursor.selectionStart(), cursor.selectionEnd())
        if chosen in self._hits:
            text = raw_text(self._edit.document())
            places = Positions(text)
            match = next((m for m in self._matches(text) if places.in_units(m.start()) == chosen[0]), None)
            words = self._replaced(match) if match is not None else None
            if words is not None:
                self._edit.edit_text(*chosen, words)
        self.step(1)

    def replace_all(self) -> None:
        """Every hit, as one step."""
        text = raw_text(self._edit.document())
        matches = list(self._matches(text))
        if not matches or self._fault:
            return
        first, last = matches[0].start(), matches[-1].end()
        parts: list[str] = []
        at = first
        for match in matches:
            words = self._replaced(match)
            if words is None:
                return
            parts += (text[at : match.start()], words)
            at = match.end()
        places = Positions(text)
        self._edit.edit_text(places.in_units(first), places.in_units(last), "".join(parts))
        self._look_again()

    def _replaced(self, match: Match[str]) -> str | None:
        r"""What takes a hit's place, with \1 or \g<name> for a pattern's groups; None where it has no such group."""
        words = self.replacement.text()
        if not self._regex.isChecked():
            return words
        import regex

        try:
            return match.expand(words)
        except (regex.error, IndexError, KeyError):
            self._tell_fault(tr("The replacement names a group that is not there"))
            return None

    def _matches(self, text: str) -> Iterator[Match[str]]:
        """Hits that are not empty, the first ones where looking takes too long; `_fault` says so."""
        import regex

        self._fault = ""
        try:
            pattern = self._pattern()
            if pattern is not None:
                yield from (m for m in pattern.finditer(text, timeout=_PATIENCE_S) if m.end() > m.start())
        except TimeoutError:
            self._fault = tr("Takes too long")
        except (regex.error, OverflowError, RecursionError):
            self._fault = tr("Not a pattern")

    def _pattern(self) -> Pattern[str] | None:
        import regex

        query = self.query.text()
        if not query:
            return None
        # A space finds the one that does not break, too: they look the same.
        words = query if self._regex.isChecked() else re.escape(query).replace("\\ ", "[ \u00a0\u202f]")
        if self._word.isChecked():
            words = rf"(?<!\w)(?:{words})(?!\w)"
        flags: Any = regex.MULTILINE | (0 if self._case.isChecked() else regex.IGNORECASE)
        return regex.compile(words, flags)

    def _look_again(self) -> None:
        self._late.stop()
        self._hits = []
        text = raw_text(self._edit.document())
        places = Positions(text)
        for match in self._matches(text):
            self._hits.append((places.in_units(match.start()), places.in_units(match.end())))
            if len(self._hits) == MAX_HITS:
                break
        self._show_hits()

    def _show_hits(self) -> None:
        if not self.isVisible():
            return
        cursor = self._edit.textCursor()
        current = (cursor.selectionStart(), cursor.selectionEnd())
        begin, end = self._edit.visible_range()
        first = max(bisect_left(self._hits, (begin, 0)) - 1, 0)
        shown = self._hits[first : min(bisect_right(self._hits, (end, end)), first + _MAX_SHOWN)]
        length = self._edit.document().characterCount()
        self._edit.set_marks(
            "hits", [self._edit.mark(*hit, "warn_soft") for hit in shown if hit != current and hit[1] < length]
        )
        at = bisect_left(self._hits, current)
        self._tell_count(at + 1 if at < len(self._hits) and self._hits[at] == current else 0)

    def _tell_count(self, number: int) -> None:
        count = number_text(len(self._hits)) + ("+" if len(self._hits) == MAX_HITS else "")
        if not self.query.text():
            text = ""
        elif self._fault:
            text = self._fault
        elif not self._hits:
            text = tr("No hits")
        elif number:
            text = tr("{number} of {count}", number=number_text(number), count=count)
        elif len(self._hits) == 1:
            text = tr("1 hit")
        else:
            text = tr("{count} hits", count=count)
        self.count.setText(text)
        self.count.set_role("bad" if self.query.text() and not self._hits else "ink_3")
        for step in (self._previous, self._next):
            step.setEnabled(bool(self._hits))
        for change in (self._one, self._all):
            change.setEnabled(bool(self._hits) and not self._edit.isReadOnly())

    def _tell_fault(self, words: str) -> None:
        self.count.setText(words)
        self.count.set_role("bad")

    def _select(self, at: int) -> None:
        begin, end = self._hits[at]
        self._edit.select(begin, end)
        self._edit.ensureCursorVisible()

    def _on_query_changed(self) -> None:
        self._look_again()
        if self._hits:
            begin = self._edit.textCursor().selectionStart()
            self._select(bisect_left(self._hits, (begin, 0)) % len(self._hits))

    def _on_text_changed(self) -> None:
        if self.isVisible():
            self._late.start()

    def _on_swap_toggled(self, is_on: bool) -> None:
        self._replacing.setVisible(is_on)
        if is_on:
            self.replacement.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_bar()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.replacement.hasFocus():
                self.replace_one()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F3:
                self.step(-1 if is_back else 1)
            case _:
                super().keyPressEvent(event)


def _field(words: str, name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    field.setObjectName(name)
    return field
