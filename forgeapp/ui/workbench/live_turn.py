"""A turn under way: what has arrived so far."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.artifact import Kind
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.request import ForgeRequest
from forgeapp.ui.jobs import Job

if TYPE_CHECKING:
    from forgeapp.domain.events import Hop, PassedOver, Waiting


class LiveTurn(QObject):
    """`text`: what the model said so far around the artifact; `artifact_text`: the raw artifact so far.

    `grew` and `artifact_grew` carry the next piece; `restarted` tells that both are void, for another attempt began;
    `changed` everything else (who is asked, hops, tokens). `output_tokens` and `cost_nano_usd` are estimates.
    `hops`: failed attempts, and providers that were not asked. `waiting`: what nobody has been asked after yet.
    """

    grew = Signal(str)
    artifact_grew = Signal(str)
    restarted = Signal()
    changed = Signal()

    def __init__(self, request: ForgeRequest, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.request = request
        self.job: Job | None = None
        self.base: tuple[int, int] | None = None
        """The artifact that goes along, and its version when the turn began."""
        self.base_title = ""
        self.started = time.monotonic()
        self.is_stopping = False
        self.decision: Decision | None = None
        self.input_tokens = 0
        self.output_tokens = 0
        self.cost_nano_usd: int | None = None
        self.asked: str | None = None
        self.hops: list[Hop | PassedOver] = []
        self.waiting: Hop | PassedOver | Waiting | None = None
        self.is_cached = False
        self.text = ""
        self.artifact_kind: Kind | None = None
        self.artifact_title: str | None = None
        self.artifact_text = ""

    @property
    def has_artifact(self) -> bool:
        return bool(self.artifact_text)

    @property
    def is_writing_changes(self) -> bool:
        """Whether a change of the open artifact is arriving, of which nothing is to be seen before it is whole."""
        is_revision = self.decision is not None and self.decision.intent is Intent.REVISE
        return is_revision and bool(self.base_title) and self.output_tokens > 0 and not self.has_artifact

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def stop(self) -> None:
        """Asks the turn to end; what has arrived is kept."""
        self.is_stopping = True
        if self.job is not None:
            self.job.cancel()
        self.changed.emit()

    def note_hop(self, hop: Hop | PassedOver) -> None:
        self.hops.append(hop)
        self.waiting = hop
        self.changed.emit()

    def wait(self, waiting: Waiting) -> None:
        self.waiting = waiting
        self.changed.emit()

    def begin_attempt(self, asked: str, is_cached: bool = False) -> None:
        has_text = bool(self.text or self.artifact_text)
        self.waiting = None
        self.asked, self.is_cached = asked, is_cached
        self.text = self.artifact_text = ""
        self.artifact_kind = self.artifact_title = None
        self.output_tokens, self.cost_nano_usd = 0, None
        if has_text:
            self.restarted.emit()
        self.changed.emit()

    def feed(self, text: str) -> None:
        self.text += text
        self.grew.emit(text)

    def feed_artifact(self, kind: Kind | None, title: str | None, text: str) -> None:
        is_new = (kind, title) != (self.artifact_kind, self.artifact_title) or not self.artifact_text
        self.artifact_kind, self.artifact_title = kind, title
        self.artifact_text += text
        if is_new:
            self.changed.emit()
        self.artifact_grew.emit(text)
