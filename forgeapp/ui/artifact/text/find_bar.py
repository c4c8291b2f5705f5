"""The find bar: hits in a text edit, one after the other, and what replaces them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from forgeapp.ui.artifact.find_panel import FindPanel
from forgeapp.ui.artifact.text.positions import Positions
from forgeapp.ui.artifact.text.text_edit import TextEdit
from forgeapp.ui.carried_text import raw_text
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from regex import Match, Pattern  # type: ignore[import-untyped]

MAX_HITS: Final = 10_000
_MAX_TAKEN_CHARS: Final = 200
_MAX_SHOWN: Final = 400
_PATIENCE_S: Final = 0.25
"""A pattern can be such that it never ends."""


class FindBar(FindPanel):
    """Over a text. Hits are counted and marked."""

    def __init__(self, edit: TextEdit, parent: QWidget | None = None) -> None:
        super().__init__(tr("Whole words"), parent=parent)
        self._edit = edit
        self._hits: list[tuple[int, int]] = []
        self._fault = ""
        edit.textChanged.connect(self.look_soon)
        edit.cursorPositionChanged.connect(self._show_hits)
        edit.scrolled.connect(self._show_hits)
        edit.restyled.connect(self._show_hits)

    @property
    def hits(self) -> list[tuple[int, int]]:
        """Begin and end of each, in Qt's units, at most MAX_HITS."""
        return self._hits

    def open(self, replacing: bool = False) -> None:
        """With the selected words as what to look for, where there are some in one line."""
        selected = self._edit.textCursor().selectedText()
        is_short = "\u2029" not in selected and len(selected) <= _MAX_TAKEN_CHARS
        self.show_panel(replacing, selected if is_short else "")

    def close_bar(self) -> None:
        self.hide()
        self._edit.set_marks("hits", ())
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, by: int) -> None:
        self.look_again()
        if not self._hits:
            return
        cursor = self._edit.textCursor()
        if by > 0:
            at = bisect_left(self._hits, (cursor.selectionEnd(), 0)) % len(self._hits)
        else:
            at = bisect_left(self._hits, (cursor.selectionStart(), 0)) - 1
        self._select(at)

    def replace_one(self) -> None:
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
        self.look_again()

    def _replaced(self, match: Match[str]) -> str | None:
        r"""What takes a hit's place, with \1 or \g<name> for a pattern's groups; None where it has no such group."""
        words = self.replacement.text()
        if not self.pattern.isChecked():
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
        words = query if self.pattern.isChecked() else re.escape(query).replace("\\ ", "[ \u00a0\u202f]")
        if self.whole.isChecked():
            words = rf"(?<!\w)(?:{words})(?!\w)"
        flags: Any = regex.MULTILINE | (0 if self.case.isChecked() else regex.IGNORECASE)
        return regex.compile(words, flags)

    def look_again(self) -> None:
        self.drop_late_look()
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
        self.show_count(len(self._hits), number, MAX_HITS, self._fault, not self._edit.isReadOnly())

    def _tell_fault(self, words: str) -> None:
        self.count.setText(words)
        self.count.set_role("bad")

    def _select(self, at: int) -> None:
        begin, end = self._hits[at]
        self._edit.select(begin, end)
        self._edit.ensureCursorVisible()

    def look_anew(self) -> None:
        self.look_again()
        if self._hits:
            begin = self._edit.textCursor().selectionStart()
            self._select(bisect_left(self._hits, (begin, 0)) % len(self._hits))
