"""The card a change of an artifact has in the transcript: what was proposed, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.chat.artifact_card import MAX_WIDTH
from forgeapp.ui.chat.captions import proposed_text
from forgeapp.ui.controls import Button, ElidedLabel
from forgeapp.ui.controls.painting import fill_round
from forgeapp.ui.icons import KIND_ICONS, pixmap
from forgeapp.ui.theme import BODY, CARD_RADIUS, LABEL, color
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact
    from forgeapp.ui.workbench.stored_chat import Proposed

_MARK: Final = 36


class ProposalCard(QWidget):
    """`review_wished(artifact)` follows Review, which is there while the change waits for the user."""

    review_wished = Signal(int)

    def __init__(self, proposed: Proposed, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proposed = proposed
        self._workbench = workbench
        self.setObjectName("proposal_card")
        self.setMaximumWidth(MAX_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(_Mark(proposed, self))
        words = QVBoxLayout()
        words.setSpacing(1)
        self.title = ElidedLabel(proposed.title, BODY, 600)
        self.caption = ElidedLabel("", LABEL, role="ink_2" if proposed.is_pending else "ink_3")
        for label in (self.title, self.caption):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            words.addWidget(label)
        row.addLayout(words, 1)
        if proposed.is_pending:
            self.review = Button(tr("Review"), "list-checks", "primary")
            self.review.setObjectName("proposal_review")
            self.review.setAccessibleName(tr("Review the changes of {title}", title=proposed.title))
            self.review.clicked.connect(lambda: self.review_wished.emit(proposed.artifact))
            row.addWidget(self.review)
            workbench.reviews.changed.connect(self._on_review_changed)
        self._show_caption()

    def _show_caption(self) -> None:
        tab = self._workbench.artifacts.find(self._proposed.artifact)
        review = self._workbench.reviews.of(tab)
        is_this = review is not None and review.review.proposal.id == self._proposed.id
        count = len(review.hunks) if review is not None and is_this else None
        self.caption.setText(proposed_text(self._proposed, count))
        self.setAccessibleName(f"{self._proposed.title}: {self.caption.text()}")

    def _on_review_changed(self, tab: OpenArtifact) -> None:
        if tab.id == self._proposed.artifact:
            self._show_caption()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._proposed.is_pending:
            fill_round(painter, self.rect(), CARD_RADIUS, color("accent_soft"))
        else:
            fill_round(painter, self.rect(), CARD_RADIUS, color("surface"), color("line"))


class _Mark(QWidget):
    """The kind's icon, bright while the change waits."""

    def __init__(self, proposed: Proposed, parent: QWidget) -> None:
        super().__init__(parent)
        self._proposed = proposed
        self.setFixedSize(_MARK, _MARK)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        is_pending = self._proposed.is_pending
        fill_round(painter, self.rect(), 8, color("raised" if is_pending else "sunken"))
        role = "accent" if is_pending else "ink_3"
        drawn = pixmap(KIND_ICONS[self._proposed.kind], role, 18, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(9, 9), drawn)
