"""The bar above a review: how much is proposed, and what can be done with all of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.controls import Button, IconButton, Label
from forgeapp.ui.theme import LABEL, color
from forgeapp.ui.wording import number_text, tr
from forgeapp.ui.workbench.reviews import OpenReview


class ReviewBar(QWidget):
    """Signals: `all_decided(bool)`, `stepped(int)`: to the next or the one before; `fit_asked()`,
    `keep_apart_asked()`, `discarded()`: where the artifact has changed since."""

    all_decided = Signal(bool)
    stepped = Signal(int)
    fit_asked = Signal()
    keep_apart_asked = Signal()
    discarded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review_bar")
        self.setAccessibleName(tr("Review"))
        self._review: OpenReview | None = None
        self.words = Label("", LABEL, 600, wrap=True)
        self.words.setObjectName("review_words")
        self.previous = IconButton("chevron-up", tr("Previous change"), "Alt+Up", side=24, size=14)
        self.previous.setObjectName("previous_change")
        self.next = IconButton("chevron-down", tr("Next change"), "Alt+Down", side=24, size=14)
        self.next.setObjectName("next_change")
        self.reject = Button(tr("Reject all"), kind="quiet", small=True)
        self.reject.setObjectName("reject_all")
        self.accept = Button(tr("Accept all"), "check", "primary", small=True)
        self.accept.setObjectName("accept_all")
        self.accept.setToolTip(tr("Accept all that is still open") + "  Ctrl+Enter")
        self.discard = Button(tr("Discard"), kind="quiet", small=True)
        self.discard.setObjectName("discard_review")
        self.apart = Button(tr("Keep as a new file"), kind="quiet", small=True)
        self.apart.setObjectName("keep_apart")
        self.fit = Button("", "check", "primary", small=True)
        self.fit.setObjectName("fit_review")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 5)
        column.setSpacing(4)
        upper = QHBoxLayout()
        upper.setSpacing(6)
        upper.addWidget(self.words, 1)
        for button in (self.previous, self.next, self.reject, self.accept):
            upper.addWidget(button)
        self._lower = QWidget()
        lower = QHBoxLayout(self._lower)
        lower.setContentsMargins(0, 0, 0, 2)
        lower.setSpacing(6)
        lower.addStretch(1)
        for button in (self.discard, self.apart, self.fit):
            lower.addWidget(button)
        column.addLayout(upper)
        column.addWidget(self._lower)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.reject.clicked.connect(lambda: self.all_decided.emit(False))
        self.accept.clicked.connect(lambda: self.all_decided.emit(True))
        self.fit.clicked.connect(self.fit_asked)
        self.apart.clicked.connect(self.keep_apart_asked)
        self.discard.clicked.connect(self.discarded)

    def show_review(self, found: OpenReview) -> None:
        """As it stands now."""
        self._review = found
        review, is_outdated = found.review, found.review.is_outdated
        total, decided = len(found.hunks), len(found.decisions)
        if is_outdated:
            base, newest = review.proposal.base, review.newest
            words = tr(
                "You changed it since: this was made for version {base}, it is at version {newest} now",
                base=base,
                newest=newest,
            )
            self.fit.set_text(tr("Fit to version {number}", number=newest))
        elif decided:
            words = tr("{decided} of {total} decided", decided=number_text(decided), total=number_text(total))
        else:
            words = tr("1 change proposed") if total == 1 else tr("{n} changes proposed", n=number_text(total))
        self.words.setText(words)
        self.words.set_role("warn" if is_outdated else "ink")
        rest = 0 < decided < total
        self.reject.set_text(tr("Reject the rest") if rest else tr("Reject all"))
        self.accept.set_text(tr("Accept the rest") if rest else tr("Accept all"))
        for button in (self.reject, self.accept, self.previous, self.next):
            button.setVisible(not is_outdated)
        self._lower.setVisible(is_outdated)
        for button in (self.reject, self.accept, self.fit, self.apart, self.discard):
            button.setEnabled(not found.is_closing)
        self.updateGeometry()
        self.update()

    @property
    def is_outdated(self) -> bool:
        return self._review is not None and self._review.review.is_outdated

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("warn_soft" if self.is_outdated else "accent_soft"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
