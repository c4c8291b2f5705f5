"""Accept and Reject of one hunk; once decided, what was decided, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from forgeapp.ui.artifact.changes.words import decided_text
from forgeapp.ui.chat.marks import Mark
from forgeapp.ui.controls import Button, ElidedLabel, Label
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import tr


class DecisionRow(QWidget):
    """`decided(bool)`: taken or not; `reopened()`. `told`: the hunk in words, for who cannot see it."""

    decided = Signal(bool)
    reopened = Signal()

    def __init__(self, hunk: int, told: str, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hunk = hunk
        self.setObjectName(f"hunk_{hunk}")
        self.setAccessibleName(told)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(8)
        self.reject = Button(tr("Reject"), kind="quiet", small=True)
        self.reject.setObjectName(f"reject_{hunk}")
        self.accept = Button(tr("Accept"), "check", small=True)
        self.accept.setObjectName(f"accept_{hunk}")
        self.mark = Mark("check", side=14)
        self.outcome = Label("", LABEL, role="ink_3")
        self.reopen = Button(tr("Change"), kind="quiet", small=True)
        self.reopen.setObjectName(f"reopen_{hunk}")
        self.reject.setAccessibleName(tr("Reject: {change}", change=told))
        self.accept.setAccessibleName(tr("Accept: {change}", change=told))
        self.reopen.setAccessibleName(tr("Decide again: {change}", change=told))
        if caption:
            label = ElidedLabel(caption, LABEL, role="ink_2")
            row.addWidget(label)
        for widget in (self.reject, self.accept, self.mark, self.outcome, self.reopen):
            row.addWidget(widget)
        row.addStretch(1)
        self.reject.clicked.connect(lambda: self.decided.emit(False))
        self.accept.clicked.connect(lambda: self.decided.emit(True))
        self.reopen.clicked.connect(self.reopened)
        self.show_decision(None)

    def show_decision(self, is_taken: bool | None) -> None:
        """None: still open."""
        is_open = is_taken is None
        self.reject.setVisible(is_open)
        self.accept.setVisible(is_open)
        for widget in (self.mark, self.outcome, self.reopen):
            widget.setVisible(not is_open)
        if is_taken is not None:
            self.mark.show_mark("check" if is_taken else "x", "good" if is_taken else "ink_3")
            self.outcome.setText(decided_text(is_taken))
            self.setAccessibleDescription(decided_text(is_taken))
        else:
            self.setAccessibleDescription("")
