"""Two documents on one page, what differs shown in place; or side by side."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from forgeapp.ui.artifact.changes.passage_row import PassageRow
from forgeapp.ui.artifact.changes.passages import DocumentPicture, Passage, Shown
from forgeapp.ui.artifact.paper import MAX_WIDTH, PaperArea
from forgeapp.ui.controls import Button, Label
from forgeapp.ui.jobs import Jobs
from forgeapp.ui.links import open_link
from forgeapp.ui.richtext import BlocksView
from forgeapp.ui.richtext.look import LOOKS, gap_between
from forgeapp.ui.theme import px
from forgeapp.ui.wording import number_text, tr

_AT_ONCE: Final = 150
"""Passages that are shown; the others follow on wish."""
_SLICE_S: Final = 0.008
_LEFT: Final = 14
_EDGE: Final = 3
_SIDED_WIDTH: Final = 1_280


class DocumentView(PaperArea):
    """Signals: `decided(hunk, is_taken)`, `reopened(hunk)`, `reached(hunk)`: the user has clicked it."""

    decided = Signal(int, bool)
    reopened = Signal(int)
    reached = Signal(int)

    def __init__(self, jobs: Jobs, is_sided: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent, _SIDED_WIDTH if is_sided else MAX_WIDTH)
        self.setObjectName("changes_document")
        self.setAccessibleName(tr("Changes"))
        self._jobs = jobs
        self._is_sided = is_sided
        self._passages: Sequence[Passage] = ()
        self._told: Sequence[str] = ()
        self._decisions: Mapping[int, bool] | None = None
        self._rows: list[PassageRow] = []
        self._row_of: dict[int, PassageRow] = {}
        self._shown = _AT_ONCE
        self._current: int | None = None
        self._sought: PassageRow | None = None
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._body = QWidget()
        self._body.setLayout(self._column)
        self.lay(self._body)
        self._blank = Label(tr("There is nothing in it yet."), role="ink_3")
        self._blank.hide()
        self._more = Button("", "chevron-down", "quiet")
        self._more.setObjectName("more_changes")
        self._more.clicked.connect(self._on_more)
        self._more.hide()
        self._column.addWidget(self._blank)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._build = QTimer(self)
        self._build.setSingleShot(True)
        self._build.setInterval(0)
        self._build.timeout.connect(self._on_build)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.actionTriggered.connect(self._forget_sought)

    @property
    def current(self) -> int | None:
        return self._current

    @property
    def is_working(self) -> bool:
        """Whether passages are still to be laid out."""
        return self._build.isActive()

    def show_picture(
        self,
        picture: DocumentPicture,
        told: Sequence[str],
        decisions: Mapping[int, bool] | None,
    ) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows, self._row_of = [], {}
        self._passages, self._told, self._decisions = picture.passages, told, decisions
        self._shown, self._current, self._sought = _AT_ONCE, None, None
        self._blank.setVisible(not self._passages)
        self.verticalScrollBar().setValue(0)
        self._on_build()

    def show_decisions(self, hunks: Sequence[int] | None) -> None:
        for row in {self._row_of[hunk] for hunk in hunks if hunk in self._row_of} if hunks is not None else self._rows:
            if row.passage.hunks:
                self._keep_focus(row)
                row.show_decisions(self._decisions or {})

    def show_hunk(self, hunk: int) -> None:
        self._current = hunk
        place = next((at for at, passage in enumerate(self._passages) if hunk in passage.hunks), None)
        if place is not None:
            self._shown = max(self._shown, place + 1)
            while len(self._rows) <= place:
                self._add_row()
            self._build.start()
        for row in self._rows:
            row.set_current(hunk in row.passage.hunks)
        row_of_it = self._row_of.get(hunk)
        if row_of_it is not None:
            self._sought = row_of_it
            self._bring(row_of_it)

    def _keep_focus(self, row: PassageRow) -> None:
        """The keyboard stays here when the button that had it goes."""
        focused = QApplication.focusWidget()
        if focused is not None and row.isAncestorOf(focused):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bring(self, row: PassageRow) -> None:
        self._column.activate()
        top = row.mapTo(self.desk, row.rect().topLeft()).y()
        bottom = top + row.height()
        bar = self.verticalScrollBar()
        if top < bar.value() + 8 or bottom > bar.value() + self.viewport().height() - 8:
            bar.setValue(max(0, top - px(72)))

    def _on_range_changed(self) -> None:
        # What is above may have found its height only now.
        if self._sought is not None:
            self._bring(self._sought)

    def _forget_sought(self, _action: int = 0) -> None:
        self._sought = None

    def _on_more(self) -> None:
        self._shown += _AT_ONCE
        self._on_build()

    def _on_build(self) -> None:
        """A few at a time: a long document must not hold up the window."""
        deadline = time.perf_counter() + _SLICE_S
        most = min(self._shown, len(self._passages))
        while len(self._rows) < most and time.perf_counter() < deadline:
            self._add_row()
        if len(self._rows) < most:
            self._build.start()
        left = sum(len(passage.hunks) for passage in self._passages[most:])
        self._more.setVisible(left > 0)
        if left > 0:
            self._more.set_text(tr("and {count} more changes", count=number_text(left)))
        elif most < len(self._passages):
            self._shown = len(self._passages)
            self._build.start()

    def _add_row(self) -> None:
        place = len(self._rows)
        passage = self._passages[place]
        above = self._passages[place - 1] if place else None
        row = PassageRow(passage, _gap(above, passage, self._is_sided), self)
        row.fill(self._told, self._decisions)
        row.decided.connect(self.decided)
        row.reopened.connect(self.reopened)
        row.reached.connect(self._on_reached)
        row.set_current(self._current is not None and self._current in passage.hunks)
        self._rows.append(row)
        self._row_of.update(dict.fromkeys(passage.hunks, row))
        self._column.insertWidget(place, row)

    def _on_reached(self, hunk: int) -> None:
        self._current = hunk
        for row in self._rows:
            row.set_current(hunk in row.passage.hunks)
        self.reached.emit(hunk)

    def make_blocks(self, shown: Shown) -> BlocksView:
        blocks = BlocksView("chat" if self._is_sided else "page")
        blocks.pictures.jobs = self._jobs
        blocks.link_activated.connect(open_link)
        blocks.caret_moved.connect(lambda area: self._on_caret_moved(blocks, area))
        blocks.show_pieces(shown.blocks, shown.pieces)
        return blocks

    @property
    def is_sided(self) -> bool:
        return self._is_sided

    def _on_caret_moved(self, blocks: BlocksView, area: QRect) -> None:
        place = area.translated(blocks.mapTo(self.desk, blocks.rect().topLeft()))
        self.ensureVisible(place.x(), place.center().y(), 0, place.height() + 8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._forget_sought()
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        self._forget_sought()
        match event.key():
            case _ if event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
                event.ignore()
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case _:
                super().keyPressEvent(event)


def _gap(above: Passage | None, below: Passage, is_sided: bool) -> int:
    """The space above a passage: what stands between its first piece and the last one above it."""
    if above is None:
        return 0
    look = LOOKS["chat" if is_sided else "page"]
    last = above.after.pieces or above.before.pieces
    first = (below.merged[0].pieces if below.merged else below.after.pieces) or below.after.pieces
    if not last or not first:
        return px(look.paragraph)
    gap = px(gap_between(last[-1], first[0], look))
    return max(gap, px(8)) if below.hunks or above.hunks else gap
