"""Colours a text as it is typed: only around what changed, in slices, after the typing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from forgeapp.ui.artifact.text.lexing import LexLines, Line, Span
from forgeapp.ui.carried_text import raw_text
from forgeapp.ui.theme import color, roles

_SLICE_S: Final = 0.006
_REST_MS: Final = 2
"""Between two slices: keys and painting have their turn."""
_LATE_MS: Final = 40
_AT_ONCE_LINES: Final = 1_500
"""A text of fewer lines is looked at again right after each key."""
_CONTEXT: Final = (20, 200, 2_000)
"""Lines to begin above what changed: further up where the nearer ones turn out to be inside of something."""
_SURE_AFTER: Final = 8
"""Lines in a row that are as they were before: what follows has not changed either."""

# Code has the colours it has where it is read (forgeapp.ui.richtext).
_ROLES: Final = {
    "comment": "ink_3",
    "decorator": "warn",
    "string": "good",
    "keyword": "formula",
    "number": "warn",
    "type": "accent",
    "operator": "ink_2",
    "escape": "formula",
    "attribute": "warn",
    "definition": "accent",
    "deleted": "bad",
    "inserted": "good",
    "emphasis": "ink",
    "strong": "ink",
    "quiet": "ink_2",
    "mark": "ink_3",
    "heading": "ink",
    "bullet": "accent",
    "link": "accent",
    "address": "ink_3",
    "code": "formula",
    "code_line": "ink_2",
    "math": "formula",
    "quote": "ink_2",
    "struck": "ink_3",
}
_BOLD: Final = ("heading", "strong", "strong_emphasis")
_ITALIC: Final = ("emphasis", "strong_emphasis", "comment")


def char_format(style: str) -> QTextCharFormat:
    """How a style looks in the colours in force."""
    made = QTextCharFormat()
    made.setForeground(color(_ROLES.get(style, "ink")))
    if style in _BOLD:
        made.setFontWeight(QFont.Weight.Bold)
    if style in _ITALIC:
        made.setFontItalic(True)
    if style == "struck":
        made.setFontStrikeOut(True)
    return made


class Highlighter(QSyntaxHighlighter):
    """Follows one document at a time; `lex` says how its lines are styled, None leaves them plain.

    What a line looked like is kept. After an edit, lines are lexed from a little above it until they come out as they
    were; if those above come out differently, the edit stands inside of something longer, and more is read.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lex: LexLines | None = None
        self._lines: list[Line] = []
        self._stale = bytearray()
        self._pass: _Pass | None = None
        self._formats: dict[str, QTextCharFormat] = {}
        self._roles = roles()
        self._followed: QTextDocument | None = None
        self._restyle_at = self._restyle_count = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)

    @property
    def is_settled(self) -> bool:
        """Whether every line shows what it should."""
        return self._pass is None and self._stale.find(1) < 0 and not self._restyle_count

    def show(self, document: QTextDocument, lex: LexLines | None) -> None:
        if self._followed is not document:
            if self._followed is not None:
                self._followed.contentsChange.disconnect(self._on_contents_change)
            self._followed = document
            self._restyle_count = 0
            # Before Qt's own slot, which asks for the lines at once.
            document.contentsChange.connect(self._on_contents_change)
            self._lines = [Line()] * document.blockCount()
            self.setDocument(document)
        self.set_lexer(lex)

    def set_lexer(self, lex: LexLines | None) -> None:
        was_plain = self._lex is None
        self._lex = lex
        self._pass = None
        count = len(self._lines)
        self._stale = bytearray(b"\1" * count if lex else count)
        if lex is not None:
            self._timer.start(0)
        elif not was_plain:
            self._lines = [Line()] * count
            self.rehighlight()

    def restyle(self, first_line: int = 0) -> None:
        """The theme may have changed: all lines anew, beginning with those in view."""
        if self._roles is not roles():
            self._roles = roles()
            self._formats.clear()
            self._restyle_at, self._restyle_count = first_line, len(self._lines)
            self._on_time()

    def spans(self, line: int) -> tuple[Span, ...]:
        """How a line is styled, () while that is not known."""
        return self._lines[line].spans if line < len(self._lines) else ()

    def _on_contents_change(self, position: int, _removed: int, added: int) -> None:
        document = self.document()
        first = document.findBlock(position)
        last = document.findBlock(position + added)
        last = last if last.isValid() else document.lastBlock()
        begin, end = first.blockNumber(), last.blockNumber() + 1
        delta = document.blockCount() - len(self._lines)
        old = self._lines[begin : max(end - delta, begin)]
        new = [Line()] * (end - begin)
        if old and new:
            column = position - first.position()
            rest = last.position() + last.length() - 1 - (position + added)
            new[0] = _head(old[0], column)
            if begin + 1 == end:
                typed = added if new[0].spans and sum(new[0].spans[-1][:2]) == column else 0
                new[0] = _joined(new[0], typed, _tail(old[-1], rest), first.length() - 1)
            else:
                new[-1] = _joined(Line(), 0, _tail(old[-1], rest), last.length() - 1)
        self._lines[begin : begin + len(old)] = new
        if self._restyle_count:
            self._restyle_count = len(self._lines)
        self._stale[begin : begin + len(old)] = bytes(len(new))
        if self._lex is not None:
            # The lines beside it, too: a line of dashes makes a heading of the one above.
            beside = slice(max(begin - 1, 0), end + 1)
            self._stale[beside] = b"\1" * len(self._stale[beside])
        self._pass = None
        if self._lex is not None:
            self._timer.start(0 if len(self._lines) < _AT_ONCE_LINES else _LATE_MS)

    def _on_time(self) -> None:
        until = time.perf_counter() + _SLICE_S
        while time.perf_counter() < until:
            if self._restyle_count:
                self._restyle_line()
                continue
            if self._pass is None:
                begin = self._stale.find(1)
                if begin < 0 or self._lex is None:
                    return
                self._pass = _Pass(raw_text(self.document()).split("\n"), begin)
                self._start(self._pass)
            if not self._step(self._pass):
                self._pass = None
        self._timer.start(_REST_MS)

    def _restyle_line(self) -> None:
        if self._restyle_at >= len(self._lines):
            self._restyle_at = 0
        self.rehighlightBlock(self.document().findBlockByNumber(self._restyle_at))
        self._restyle_at += 1
        self._restyle_count -= 1

    def _start(self, running: _Pass) -> None:
        """Begins above the first stale line, the further the more often it has been tried."""
        assert self._lex is not None
        at = 0
        if running.tries < len(_CONTEXT) and running.begin > 0:
            at = max(0, running.begin - _CONTEXT[running.tries])
            while at > 0 and not self._is_outermost(at, running.text):
                at -= 1
        running.tries += 1
        running.line = at
        running.is_from_top = at == 0
        running.lexed = self._lex(running.text[at:])

    def _is_outermost(self, line: int, text: list[str]) -> bool:
        return not self._lines[line - 1].is_open and text[line][:1].strip() != ""

    def _step(self, running: _Pass) -> bool:
        """One line; False at the end of the pass."""
        new = next(running.lexed, None)
        if new is None or running.line >= len(self._lines):
            self._stale[running.begin :] = bytes(len(self._stale) - running.begin)
            return False
        line, old = running.line, self._lines[running.line]
        is_same = new == old
        if line < running.begin and not is_same and not running.is_from_top:
            self._start(running)
            return True
        if not is_same:
            self._lines[line] = new
            if new.spans != old.spans:
                self.rehighlightBlock(self.document().findBlockByNumber(line))
        if is_same and not self._stale[line]:
            running.sure += line > running.begin and bool(new.spans)
            if running.sure >= _SURE_AFTER:
                return False
        else:
            running.sure = 0
        self._stale[line] = 0
        running.line += 1
        return True

    def _format(self, style: str) -> QTextCharFormat:
        made = self._formats.get(style)
        if made is None:
            made = self._formats[style] = char_format(style)
        return made

    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        if text and number < len(self._lines):
            for start, length, style in self._lines[number].spans:
                self.setFormat(start, length, self._format(style))


class _Pass:
    """One reading of the text from `line` on, because line `begin` is stale."""

    def __init__(self, text: list[str], begin: int) -> None:
        self.text = text
        self.begin = begin
        self.line = 0
        self.tries = 0
        self.sure = 0
        self.is_from_top = False
        self.lexed: Iterator[Line] = iter(())


def _head(line: Line, width: int) -> Line:
    """The line up to `width`."""
    kept = tuple((start, min(length, width - start), style) for start, length, style in line.spans if start < width)
    return Line(kept, width, line.is_open)


def _tail(line: Line, width: int) -> Line:
    """The last `width` of the line."""
    cut = max(line.width - width, 0)
    kept = tuple(
        (max(start - cut, 0), start + length - max(start, cut), style)
        for start, length, style in line.spans
        if start + length > cut
    )
    return Line(kept, width, line.is_open)


def _joined(head: Line, typed: int, tail: Line, width: int) -> Line:
    """`head`, what was typed in its last style (`typed` units of it), and `tail` at the end."""
    spans = list(head.spans)
    if typed and spans:
        start, length, style = spans[-1]
        spans[-1] = (start, length + typed, style)
    shift = width - tail.width
    spans += [(start + shift, length, style) for start, length, style in tail.spans]
    return Line(tuple(spans), width, tail.is_open)
