"""Fields of the pages: a word above or beside, a value that is told once it was entered, what speaks against it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.domain.money import NANO_PER_USD, nano_from_usd
from forgeapp.ui.controls import Label, MenuButton
from forgeapp.ui.theme import LABEL, px
from forgeapp.ui.wording import tr

MOST_USD: Final = 1_000_000_000
"""Beyond it the ledger's integers of nano-dollars would come to their end."""


class EntryField(QLineEdit):
    """A field whose text is told by `entered` on Enter or on leaving it, where it has changed; Esc takes it back.

    `read` turns the text into a value or raises ValueError in words for the user, shown as tooltip and by colour.
    """

    entered = Signal(object)
    refused = Signal(str)

    def __init__(self, name: str, read: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._read = read
        self._kept = ""
        self.returnPressed.connect(self._take)
        self.editingFinished.connect(self._take)

    def show_text(self, text: str) -> None:
        """What holds; not while something else is being typed."""
        if self.hasFocus() and self.text() != self._kept:
            return
        self._kept = text
        if self.text() != text:
            self.setText(text)

    def _take(self) -> None:
        text = self.text().strip()
        if text == self._kept.strip():
            self.refused.emit("")
            return
        try:
            value = self._read(text)
        except ValueError as error:
            self.refused.emit(str(error))
            return
        self._kept = text
        self.refused.emit("")
        self.entered.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.setText(self._kept)
            self.refused.emit("")
            return
        super().keyPressEvent(event)


class FieldWithUnit(QWidget):
    """An entry field with what is counted before or behind it, and below what speaks against what was typed.

    `width` of the field and least `unit` of what stands behind it, in pixels before the text size chosen.
    """

    def __init__(self, field: EntryField, before: str = "", behind: str = "", width: int = 88, unit: int = 0) -> None:
        super().__init__()
        self.field = field
        field.setFixedWidth(px(width))
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(6)
        if before:
            row.addWidget(Label(before, role="ink_2"))
        row.addWidget(field)
        if behind or unit:
            counted = Label(behind, LABEL, role="ink_2")
            counted.setMinimumWidth(px(unit))
            row.addWidget(counted)
        column.addLayout(row)
        self._refusal = Label("", LABEL, role="bad", wrap=True)
        self._refusal.setObjectName("refusal")
        self._refusal.hide()
        column.addWidget(self._refusal)
        field.refused.connect(self._show_refusal)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def _show_refusal(self, words: str) -> None:
        self._refusal.setText(words)
        self._refusal.setVisible(bool(words))


class ChoiceField(MenuButton):
    """A menu button as wide as it may be, its words on the left."""

    def __init__(self, text: str) -> None:
        super().__init__(text, kind="plain")
        self.align_left()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)


def labelled(text: str, field: QWidget) -> QVBoxLayout:
    """A field with its name above it."""
    column = QVBoxLayout()
    column.setSpacing(4)
    label = Label(text, LABEL, 500, "ink_2")
    label.setBuddy(field)
    column.addWidget(label)
    column.addWidget(field)
    return column


def read_amount(text: str) -> int | None:
    """An amount of USD in nano-dollars, None for no text. Raises ValueError in words."""
    cleaned = text.replace("$", "").replace(" ", "").replace("\u202f", "").strip()
    if "," in cleaned:
        # A comma before three digits groups, any other is a decimal one.
        head, _, tail = cleaned.rpartition(",")
        cleaned = cleaned.replace(",", "") if "." in tail or len(tail) == 3 else f"{head}.{tail}"
    if not cleaned:
        return None
    try:
        amount = nano_from_usd(cleaned)
    except ValueError as error:
        raise ValueError(tr("Write an amount like 20 or 7.50.")) from error
    if not 0 < amount <= MOST_USD * NANO_PER_USD:
        raise ValueError(tr("Write an amount above 0."))
    return amount


def amount_text(nano: int | None) -> str:
    """An amount as it is typed: '20.00', '0.125', '' for None."""
    if nano is None:
        return ""
    whole, rest = divmod(nano, NANO_PER_USD)
    decimals = f"{rest:09d}".rstrip("0")
    return f"{whole}.{decimals.ljust(2, '0')}"


def read_count(text: str) -> int | None:
    """A whole number above 0, None for no text. Raises ValueError in words."""
    cleaned = text.replace(",", "").replace(" ", "").replace("\u202f", "")
    if not cleaned:
        return None
    if not cleaned.isascii() or not cleaned.isdigit() or len(cleaned) > 12 or not int(cleaned):
        raise ValueError(tr("Write a whole number above 0."))
    return int(cleaned)
