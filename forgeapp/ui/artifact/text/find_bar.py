"""The find bar: hits in a text edit, one after the other, and what replaces them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from forgeapp.ui.artifact.text.positions import Positions
from forgeapp.ui.artifact.text.text_edit import TextEdit
from forgeapp.ui.carried_text import raw_text
from forgeapp.ui.controls import Button, HLine, IconButton, Label
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr

MAX_HITS: Final = 10_000
_MAX_SHOWN: Final = 400
_LATE_MS: Final = 120


class FindBar(QWidget):
    """Hidden until `open`; Esc closes it and gives the text its focus back. Hits are counted and marked."""

    def __init__(self, edit: TextEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self._hits: list[tuple[int, int]] = []
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
        for button in (self._case, self._previous, self._next, self._swap, close):
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
        if (cursor.selectionStart(), cursor.selectionEnd()) in self._hits:
            self._edit.edit_text(cursor.selectionStart(), cursor.selectionEnd(), self.replacement.text())
        self.step(1)

    def replace_all(self) -> None:
        """Every hit, as one step."""
        pattern = self._pattern()
        if pattern is None:
            return
        document = self._edit.document()
        text = raw_text(document)
        matches = list(pattern.finditer(text))
        if not matches:
            return
        first, last = matches[0].start(), matches[-1].end()
        words = self.replacement.text()
        changed = pattern.sub(lambda _: words, text[first:last])
        places = Positions(text)
        self._edit.edit_text(places.in_units(first), places.in_units(last), changed)
        self._look_again()

    def _pattern(self) -> re.Pattern[str] | None:
        query = self.query.text()
        if not query:
            return None
        # A space finds the one that does not break, too: they look the same.
        words = re.escape(query).replace("\\ ", "[ \u00a0\u202f]")
        return re.compile(words, 0 if self._case.isChecked() else re.IGNORECASE)

    def _look_again(self) -> None:
        self._late.stop()
        pattern = self._pattern()
        self._hits = []
        if pattern is not None:
            text = raw_text(self._edit.document())
            places = Positions(text)
            for match in pattern.finditer(text):
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
