"""The reply that is arriving: who is asked, what happens, the text so far, and the artifact being written."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain.events import Hop, PassedOver, Waiting
from forgeapp.ui.chat.captions import (
    Answered,
    HopLine,
    changing_text,
    cost_text,
    hop_text,
    joined,
    passed_over_text,
    tokens_text,
    waiting_text,
    writing_text,
)
from forgeapp.ui.chat.marks import HopMark, Mark, MetaLine
from forgeapp.ui.chat.words import arriving_words
from forgeapp.ui.controls import Busy, ElidedLabel
from forgeapp.ui.icons import KIND_ICONS
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr
from forgeapp.ui.workbench.live_turn import LiveTurn

_REPAINT_MS = 100
_TICK_MS = 500
_SECONDS_SHOWN_AFTER = 3.0


class LiveView(QWidget):
    """A turn under way. `grew` follows each change of height it makes by itself."""

    grew = Signal()

    def __init__(self, live: LiveTurn, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("live_reply")
        self._live = live
        self._width = width
        self._hop_count = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._hops = QVBoxLayout()
        self._hops.setSpacing(0)
        column.addLayout(self._hops)
        self.meta = MetaLine(Answered("", ""), self)
        column.addWidget(self.meta)
        self._column = column
        self.words = arriving_words(width, self)
        column.addWidget(self.words)
        self.draft = _Draft(self)
        column.addWidget(self.draft)
        self.calm = CalmLine(self)
        column.addWidget(self.calm)
        self._repaint = QTimer(self)
        self._repaint.setSingleShot(True)
        self._repaint.setInterval(_REPAINT_MS)
        self._repaint.timeout.connect(self._refresh)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._refresh)
        self._tick.start()
        live.grew.connect(self._on_grew)
        live.artifact_grew.connect(self._on_artifact_grew)
        live.restarted.connect(self._on_restarted)
        live.changed.connect(self._refresh_soon)
        self.words.feed(live.text)
        self._refresh()

    def _on_grew(self, text: str) -> None:
        is_first = self.words.isHidden()
        self.words.feed(text)
        if is_first:
            self._refresh()

    def _on_artifact_grew(self, _text: str) -> None:
        if self.draft.isHidden():
            self._refresh()

    def _on_restarted(self) -> None:
        """Another attempt has begun: what the one before had said is void."""
        place = self._column.indexOf(self.words)
        self._column.removeWidget(self.words)
        self.words.hide()
        self.words.deleteLater()
        self.words = arriving_words(self.width() or self._width, self)
        self._column.insertWidget(place, self.words)
        self._refresh()

    def _refresh_soon(self) -> None:
        if not self._repaint.isActive():
            self._repaint.start()

    def _refresh(self) -> None:
        live = self._live
        self._add_hops()
        has_text = bool(live.text.strip())
        self.words.setVisible(has_text)
        is_writing = live.has_artifact or live.is_writing_changes
        self.draft.setVisible(is_writing)
        if is_writing:
            self.draft.show_draft(live)
        figures = ""
        if live.is_cached:
            figures = joined((tr("kept reply"), tr("free")))
        elif live.output_tokens:
            figures = joined((tokens_text(live.output_tokens, True), cost_text(live.cost_nano_usd, True)))
        self.meta.show_answered(Answered(live.asked or "", figures))
        self.meta.setVisible(bool(live.asked) and (has_text or is_writing))
        self.calm.setVisible(live.is_stopping or not (has_text or is_writing))
        self.calm.show_text(self._happening(), live.seconds)
        self.grew.emit()

    def _happening(self) -> str:
        live = self._live
        if live.is_stopping:
            return tr("Stopping")
        match live.waiting:
            case Hop(wait_s=float(wait_s)) as hop:
                return hop_text(hop.provider, hop.error, wait_s).text
            case Waiting() as waiting:
                return waiting_text(waiting)
        if live.asked is not None:
            return tr("Asking {model}", model=live.asked)
        return tr("Reading your request")

    def _add_hops(self) -> None:
        """The failed attempts that are behind; the one being waited for is the calm line's."""
        done = [hop for hop in self._live.hops if hop is not self._live.waiting or not _waits(hop)]
        for hop in done[self._hop_count :]:
            self._hops.addWidget(HopMark(self._hop_line(hop), self))
        self._hop_count = max(self._hop_count, len(done))

    def _hop_line(self, hop: Hop | PassedOver) -> HopLine:
        if isinstance(hop, PassedOver):
            return passed_over_text(hop)
        asked = (self._live.asked or "").partition("/")[0]
        went_on_with = asked if hop.wait_s is None and asked != hop.provider else None
        return hop_text(hop.provider, hop.error, hop.wait_s, went_on_with)


def _waits(hop: Hop | PassedOver) -> bool:
    return isinstance(hop, Hop) and hop.wait_s is not None


class CalmLine(QWidget):
    """What happens while there is nothing to read yet; the seconds from the third on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("happening")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(Busy(14, self))
        self.label = ElidedLabel("", LABEL, role="ink_3")
        row.addWidget(self.label, 1)

    def show_text(self, text: str, seconds: float) -> None:
        shown = text
        if seconds >= _SECONDS_SHOWN_AFTER:
            shown = joined((text, tr("{seconds} s", seconds=number_text(int(seconds)))))
        if shown != self.label.text():
            self.label.setText(shown)


class _Draft(QWidget):
    """The artifact that is being written; it grows in its own pane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("artifact_draft")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 2, 0, 2)
        self._row.setSpacing(8)
        self._busy = Busy(14, self)
        self._row.addWidget(self._busy)
        self._mark: Mark | None = None
        self.label = ElidedLabel("", LABEL, role="ink_2")
        self._row.addWidget(self.label, 1)

    def show_draft(self, live: LiveTurn) -> None:
        kind = live.artifact_kind
        if kind is not None and self._mark is None:
            self._mark = Mark(KIND_ICONS[kind], "good", 14, self)
            self._row.insertWidget(1, self._mark)
        is_change = live.is_writing_changes
        self.label.setText(changing_text(live.base_title) if is_change else writing_text(kind, live.artifact_title))
