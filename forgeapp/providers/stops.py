"""Stop sequences for what a server cannot be told: the reply is read on, and its text ends before the first of them.

The wire goes on to its end rather than being closed, for only there the server says what it bills: of a model that
reasons, what was seen of the reply is the lesser part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from forgeapp.domain.chat import FinishReason, ReplyFinished, StreamEvent, TextPiece, UsageReported
from forgeapp.providers.base import FaultReported, NotAReply, ReplyReader


class StoppedReader:
    """A `ReplyReader` that cuts the text of another; whatever the server says after the cut counts for usage only."""

    def __init__(self, reader: ReplyReader, stops: Sequence[str]) -> None:
        self.ended = False
        self.complete = False
        self.refusal: str | None = None
        self._reader = reader
        self._stops = tuple(stop for stop in stops if stop)
        self._longest = max(map(len, self._stops), default=0)
        self._any_stop = re.compile("|".join(map(re.escape, self._stops)) or r"(?!)")
        self._held = ""
        self._is_cut = False

    def read(self, event: str) -> Sequence[StreamEvent]:
        return self._passed(self._reader.read, event)

    def read_whole(self, text: str) -> Sequence[StreamEvent]:
        return self._passed(self._reader.read_whole, text)

    def finish(self) -> Sequence[StreamEvent]:
        last = self._reader.finish()
        if self._is_cut:
            usage = [event for event in last if isinstance(event, UsageReported)]
            return [*usage, ReplyFinished(FinishReason.STOP)]
        self.refusal = self._reader.refusal
        return [TextPiece(self._held), *last] if self._held else last

    def _passed(self, read: Callable[[str], Sequence[StreamEvent]], text: str) -> Sequence[StreamEvent]:
        try:
            pieces = read(text)
        except (FaultReported, NotAReply):
            if not self._is_cut:
                raise
            self.ended = True
            return ()
        passed: list[StreamEvent] = []
        for piece in pieces:
            if self._is_cut:
                break
            if isinstance(piece, TextPiece):
                piece = TextPiece(self._cut(piece.text))
                if not piece.text:
                    continue
            passed.append(piece)
        self.ended = self._reader.ended
        self.complete = self._reader.complete or self._is_cut
        return passed

    def _cut(self, text: str) -> str:
        """What may be shown of the text so far; an end that may be the beginning of a stop sequence is held back."""
        text = self._held + text
        if found := self._any_stop.search(text):
            self._is_cut, self._held = True, ""
            return text[: found.start()]
        most = min(self._longest - 1, len(text))
        held = next((size for size in range(most, 0, -1) if self._may_begin_a_stop(text[-size:])), 0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def _may_begin_a_stop(self, text: str) -> bool:
        return any(stop.startswith(text) for stop in self._stops)
