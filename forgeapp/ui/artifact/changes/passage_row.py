"""One passage of two documents: what stands in both, or what went and what came, with what can be decided on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.artifact.changes.deciding import DecisionRow
from forgeapp.ui.artifact.changes.passages import Passage, Shown
from forgeapp.ui.richtext import BlocksView
from forgeapp.ui.richtext.marked import TURN_ROLES, Turn
from forgeapp.ui.theme import color

if TYPE_CHECKING:
    from forgeapp.ui.artifact.changes.document_view import DocumentView

_LEFT: Final = 14
_EDGE: Final = 3


class PassageRow(QWidget):
    """One passage; where it differs with a line along its left, and what can be decided below it."""

    decided = Signal(int, bool)
    reopened = Signal(int)
    reached = Signal(int)

    def __init__(self, passage: Passage, gap: int, view: DocumentView) -> None:
        super().__init__()
        self.passage = passage
        self._view = view
        self._gap = gap
        self._is_current = False
        self._is_open = True
        self._decisions: list[DecisionRow] = []
        self._state: object = ""
        column = QVBoxLayout(self)
        edge = _LEFT if not view.is_sided else 8
        column.setContentsMargins(edge, gap, edge, 0)
        column.setSpacing(0)
        self._texts = QWidget()
        self._lines = QHBoxLayout(self._texts) if view.is_sided else QVBoxLayout(self._texts)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(24 if view.is_sided else 0)
        column.addWidget(self._texts)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def fill(self, told: Sequence[str], decisions: Mapping[int, bool] | None) -> None:
        hunks = self.passage.hunks
        if hunks and told:
            self.setAccessibleName("; ".join(told[hunk] for hunk in hunks if hunk < len(told))[:400])
        if decisions is None or not hunks:
            self._show_texts()
            return
        for hunk in hunks:
            caption = told[hunk] if len(hunks) > 1 and hunk < len(told) else ""
            row = DecisionRow(hunk, told[hunk] if hunk < len(told) else "", caption)
            row.decided.connect(lambda is_taken, hunk=hunk: self.decided.emit(hunk, is_taken))
            row.reopened.connect(lambda hunk=hunk: self.reopened.emit(hunk))
            self._decisions.append(row)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(row)
        self.show_decisions(decisions)

    def show_decisions(self, decisions: Mapping[int, bool]) -> None:
        for row in self._decisions:
            row.show_decision(decisions.get(row.hunk))
        found = {decisions.get(hunk) for hunk in self.passage.hunks}
        self._is_open = None in found
        state = found.pop() if len(found) == 1 else None
        if state != self._state:
            self._state = state
            self._show_texts(state)
        self.update()

    def set_current(self, is_current: bool) -> None:
        if is_current != self._is_current:
            self._is_current = is_current
            self.update()

    def _show_texts(self, is_taken: bool | None = None) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        passage = self.passage
        if self._view.is_sided:
            turns: tuple[Turn, Turn] = ("removed", "added")
            for turn in turns:
                self._lines.addWidget(_Side([self._part(part) for part in passage.side(turn)]), 1)
            return
        if not passage.hunks or is_taken is not None:
            shown = passage.before if is_taken is False else passage.after
            if shown.blocks:
                self._lines.addWidget(self._view.make_blocks(shown))
            return
        for part in passage.merged:
            self._lines.addWidget(self._part(part))

    def _part(self, part: Shown) -> QWidget:
        blocks = self._view.make_blocks(part)
        return _Ground(part.turn, blocks) if part.turn else blocks

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._decisions:
            self.reached.emit(self.passage.hunks[0])
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.passage.hunks or self._view.is_sided:
            return
        shown = color("accent") if self._is_current or not self._decisions else color("accent", 0.4)
        shown = shown if self._is_open else color("line")
        top = max(0, self._gap - 6)
        QPainter(self).fillRect(0, top, _EDGE, self.height() - top, shown)


class _Ground(QWidget):
    """What came or went as a whole, on the ground that says so."""

    def __init__(self, turn: str, blocks: BlocksView) -> None:
        super().__init__()
        self._role = f"{TURN_ROLES[turn]}_soft"
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 2)
        column.addWidget(blocks)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), color(self._role))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.update()


class _Side(QWidget):
    """One side of a passage, at the top of its room."""

    def __init__(self, parts: Sequence[QWidget]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
