"""What a turn asks or tells instead of a reply: the gatekeeper's question, missing values, and faults with a way on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.domain.events import MissingSlot
from forgeapp.ui.chat.marks import Mark
from forgeapp.ui.controls import Button, Label
from forgeapp.ui.controls.painting import fill_round
from forgeapp.ui.theme import BODY, CARD_RADIUS, LABEL, color
from forgeapp.ui.wording import ErrorText, tr

Tone = Literal["accent", "warn", "bad"]
_NARROW: Final = 440
"""As wide as the card of an artifact."""
_WIDE: Final = 560
_ICONS: Final = {"accent": "circle-alert", "warn": "triangle-alert", "bad": "circle-alert"}


class InlineCard(QWidget):
    """A flat card within the transcript, tinted by its tone; None: only a hairline."""

    def __init__(self, tone: Tone | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumWidth(_WIDE)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 12)
        self.column.setSpacing(8)

    def in_row(self) -> QHBoxLayout:
        """At the left of a row, which knows how high it is at the width it really gets."""
        row = QHBoxLayout()
        row.addWidget(self, 1)
        row.addStretch()
        return row

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._tone is None:
            fill_round(painter, self.rect(), CARD_RADIUS, color("raised"), color("line"))
        else:
            fill_round(painter, self.rect(), CARD_RADIUS, color(f"{self._tone}_soft"))


class Question(InlineCard):
    """Yes, or 'No, just chat'. Enter says yes, Esc says no; `answered(bool)`."""

    answered = Signal(bool)

    def __init__(self, text: str, is_offer: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("question")
        self.setMaximumWidth(_NARROW)
        self.label = Label(text, BODY, 500, wrap=True)
        self.column.addWidget(self.label)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.yes = Button(tr("Yes"), kind="primary")
        self.yes.setObjectName("confirm_yes")
        self.no = Button(tr("No, just chat") if is_offer else tr("No"))
        self.no.setObjectName("confirm_no")
        self.yes.clicked.connect(lambda: self.answered.emit(True))
        self.no.clicked.connect(lambda: self.answered.emit(False))
        row.addWidget(self.yes)
        row.addWidget(self.no)
        row.addStretch()
        self.column.addLayout(row)
        self.setFocusProxy(self.yes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.answered.emit(False)
            return
        super().keyPressEvent(event)


class SlotsForm(InlineCard):
    """The values a template is missing. `filled(dict of name to words)`: empty fields are left out."""

    filled = Signal(dict)

    def __init__(self, text: str, slots: Sequence[MissingSlot], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("slots_form")
        self.setMaximumWidth(_NARROW)
        self.column.addWidget(Label(text, BODY, 500, wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.fields: dict[str, QLineEdit] = {}
        for row, slot in enumerate(slots):
            field = QLineEdit()
            field.setObjectName(f"slot_{slot.name}")
            field.setAccessibleName(slot.label)
            field.setPlaceholderText(tr("for example {example}", example=slot.example) if slot.example else "")
            field.returnPressed.connect(self._on_return_pressed)
            label = Label(slot.label, LABEL, role="ink_2")
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            self.fields[slot.name] = field
        self.column.addLayout(grid)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.make = Button(tr("Make it"), kind="primary")
        self.make.setObjectName("slots_make")
        self.make.clicked.connect(lambda: self.filled.emit(self.values))
        self.leave = Button(tr("Leave blank"))
        self.leave.setObjectName("slots_leave_blank")
        self.leave.clicked.connect(lambda: self.filled.emit({}))
        buttons.addWidget(self.make)
        buttons.addWidget(self.leave)
        buttons.addStretch()
        self.column.addLayout(buttons)
        if self.fields:
            self.setFocusProxy(next(iter(self.fields.values())))

    @property
    def values(self) -> dict[str, str]:
        return {name: field.text().strip() for name, field in self.fields.items() if field.text().strip()}

    def _on_return_pressed(self) -> None:
        """On to the next empty field; from the last one it is made."""
        fields = list(self.fields.values())
        here = next((place for place, field in enumerate(fields) if field is self.sender()), -1)
        following = next((field for field in fields[here + 1 :] if not field.text().strip()), None)
        if following is not None:
            following.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.make.click()


@dataclass(frozen=True, slots=True)
class Remedy:
    """A button of a fault: `name` is its object's, `text` what it does, `act` does it."""

    name: str
    text: str
    icon: str
    act: Callable[[], object]


class FaultCard(InlineCard):
    """What went wrong, what to do, and the buttons that do it; `retried` is the first of them."""

    retried = Signal()

    def __init__(
        self, told: ErrorText, tone: Tone = "bad", remedies: Sequence[Remedy] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(tone, parent)
        self.setObjectName("fault")
        self.setAccessibleName(f"{told.message} {told.hint}".strip())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Mark(_ICONS[tone], tone, 16, self), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.message = Label(told.message, BODY, 500, wrap=True)
        words.addWidget(self.message)
        if told.hint:
            words.addWidget(Label(told.hint, LABEL, role="ink_2", wrap=True))
        row.addLayout(words, 1)
        self.column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 0, 0, 0)
        buttons.setSpacing(8)
        self.retry = Button(tr("Try again"), "rotate-cw", small=True)
        self.retry.setObjectName("try_again")
        self.retry.clicked.connect(self.retried)
        buttons.addWidget(self.retry)
        for remedy in remedies:
            button = Button(remedy.text, remedy.icon, small=True)
            button.setObjectName(remedy.name)
            button.clicked.connect(remedy.act)
            buttons.addWidget(button)
        buttons.addStretch()
        self.column.addLayout(buttons)


class AskAgain(QWidget):
    """A message nobody has answered: it was stopped before anything came, or the program ended."""

    asked = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("no_reply")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Label(text, LABEL, role="ink_3"))
        self.again = Button(tr("Ask again"), "rotate-cw", small=True)
        self.again.setObjectName("ask_again")
        self.again.clicked.connect(self.asked)
        row.addWidget(self.again)
        row.addStretch()
