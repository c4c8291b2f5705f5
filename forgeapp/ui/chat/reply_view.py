"""A stored reply: hops, who answered, the text, its cards, warnings and marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from forgeapp.domain.artifact import Format
from forgeapp.ui.chat.artifact_card import ArtifactCard
from forgeapp.ui.chat.captions import answered_text, reply_hops
from forgeapp.ui.chat.marks import HopMark, MarkedLine, MetaLine
from forgeapp.ui.chat.parts import part_of
from forgeapp.ui.chat.proposal_card import ProposalCard
from forgeapp.ui.chat.words import reply_words
from forgeapp.ui.wording import text_below, tr
from forgeapp.ui.workbench.stored_chat import Reply

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

_CANCELLED = "cancelled"


class StoredReplyView(QWidget):
    """One reply as the ledger holds it. `opened(artifact, version)`, `export_wished(artifact, Format or None)`,
    `review_wished(artifact)`: what waits for the user is to be looked at. `part_wished(Part)`: to be made a file."""

    opened = Signal(int, int)
    export_wished = Signal(int, object)
    review_wished = Signal(int)
    part_wished = Signal(object)

    def __init__(
        self,
        reply: Reply,
        workbench: Workbench,
        width: int,
        warnings: Sequence[str] = (),
        export_to: Format | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("reply")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for hop in reply_hops(reply):
            column.addWidget(HopMark(hop, self))
        column.addWidget(MetaLine(answered_text(reply), self))
        if reply.text.strip():
            words = reply_words(reply.blocks, width, self)
            words.file_wished.connect(lambda piece: self.part_wished.emit(part_of(piece)))
            column.addWidget(words)
        taken = {(card.artifact, card.version) for card in reply.proposals}
        for row in reply.cards:
            provenance = row.provenance if (row.artifact, row.number) in taken else None
            card = ArtifactCard(
                row.artifact, row.number, row.kind, row.title, row.glance, self, provenance, workbench.thumbnails
            )
            if export_to is not None:
                card.offer_export(export_to)
            card.opened.connect(self.opened)
            card.export_wished.connect(self.export_wished)
            column.addSpacing(6)
            column.addWidget(card)
        for proposed in reply.proposals:
            if proposed.version is None:
                change = ProposalCard(proposed, workbench, self)
                change.review_wished.connect(self.review_wished)
                column.addSpacing(6)
                column.addWidget(change)
        if reply.is_partial:
            column.addWidget(_partial_mark(reply, self))
        for warning in warnings:
            if warning.strip() and warning.strip() not in reply.text:
                line = MarkedLine("triangle-alert", text_below(warning), "ink_2", "warn", wrap=True, parent=self)
                line.setObjectName("reply_warning")
                column.addWidget(line)


def _partial_mark(reply: Reply, parent: QWidget) -> MarkedLine:
    is_stopped = bool(reply.calls) and reply.calls[-1].status.value == _CANCELLED
    line = MarkedLine(
        "circle-stop" if is_stopped else "triangle-alert",
        tr("Stopped") if is_stopped else tr("Broken off"),
        "ink_3",
        parent=parent,
    )
    line.setObjectName("partial_mark")
    return line
