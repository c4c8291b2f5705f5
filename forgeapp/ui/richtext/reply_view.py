"""A reply while it is written: repainted on one timer, never for more than two fifths of the time."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from forgeapp.domain.document import Blocks
from forgeapp.ui.richtext.blocks_view import BlocksView
from forgeapp.ui.richtext.inner_links import with_lost_links
from forgeapp.ui.richtext.look import Style
from forgeapp.ui.richtext.pieces import pieces_of

FRAME_MS = 33
_REST = 1.5
"""How long it rests after a repaint, by what that took: 1 / (1 + 1.5) is two fifths."""


class ReplyView(BlocksView):
    """`feed` it the pieces of a reply as they come, `finish` it once. `grown` tells that the height has changed."""

    def __init__(self, style: Style = "chat", parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        from forgeapp.reading.streaming import MarkdownStream

        self._stream = MarkdownStream()
        self._settled = 0
        self._is_finishing = False
        self._painted_s = 0.0
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._on_frame)

    @property
    def text(self) -> str:
        """All that was fed."""
        return self._stream.text

    @property
    def is_finished(self) -> bool:
        """Whether all of it stands as it will stay."""
        return self._is_finishing and not self._frame.isActive()

    def feed(self, text: str) -> None:
        self._stream.feed(text)
        if not self._frame.isActive():
            self._frame.start(FRAME_MS)

    def finish(self) -> None:
        """No more text will come; the rest is shown at once, much of it in slices."""
        self._is_finishing = True
        self._frame.start(0)

    @Slot()
    def _on_frame(self) -> None:
        began = time.perf_counter() - self._painted_s
        self._painted_s = 0.0
        if self._is_finishing and not self._stream.has_more:
            self._show_end()
            return
        finished, tail = self._stream.take()
        self._show(finished, tail)
        spent_ms = (time.perf_counter() - began) * 1000
        if self._stream.has_more or self._is_finishing:
            self._frame.start(0 if self._is_finishing else max(FRAME_MS, round(spent_ms * _REST)))
        else:
            self._rest(spent_ms)

    def _rest(self, spent_ms: float) -> None:
        """Pieces that come meanwhile wait for the end of the rest."""
        pause = round(spent_ms * _REST)
        if pause > FRAME_MS:
            self._frame.start(pause)

    def _show_end(self) -> None:
        remaining = self._stream.finish()
        if self._stream.whole is not None:
            self.show_blocks(self._stream.whole)
        else:
            self._show(remaining, ())
            self._replace(0, with_lost_links([box.piece for box in self._boxes]))
        self._settled = len(self._boxes)
        if not self.is_working:
            self._describe()

    def _describe(self) -> None:
        if self._is_finishing:
            super()._describe()

    def _show(self, finished: Blocks, tail: Blocks) -> None:
        settled = pieces_of(finished)
        self._blocks = (*self._blocks, *finished)
        self._replace(self._settled, settled + pieces_of(tail))
        self._settled += len(settled)

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter()
        super().paintEvent(event)
        self._painted_s += time.perf_counter() - began
