"""How the numbers that are selected are shown: a menu of formats, and decimals more or fewer."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from forgeapp.domain import number_formats
from forgeapp.domain.number_formats import fault_of, kind_of
from forgeapp.domain.number_look import ENGLISH, NumberLook
from forgeapp.ui.controls import Button, IconButton, Label, MenuButton, Popover
from forgeapp.ui.theme import LABEL, px
from forgeapp.ui.wording import tr

_WITH_DECIMALS_FROM = 560
_LISTED = ("general", "number", "currency", "percent", "date", "time", "scientific")


def kind_name(kind: str) -> str:
    names = {
        "general": tr("General"),
        "number": tr("Number"),
        "currency": tr("Currency"),
        "percent": tr("Percent"),
        "date": tr("Date"),
        "time": tr("Time"),
        "scientific": tr("Scientific"),
        "text": tr("Text"),
    }
    return names.get(kind, tr("Custom"))


def code_of(kind: str, currency: str, look: NumberLook) -> str:
    """The code a kind of the menu stands for; `currency` is the sheet's own, and `look` that of its numbers."""
    return {
        "general": number_formats.GENERAL,
        "number": number_formats.NUMBER,
        "currency": currency,
        "percent": number_formats.PERCENT,
        "date": look.date_code,
        "time": number_formats.TIME,
        "scientific": number_formats.SCIENTIFIC,
    }[kind]


class FormatButtons(QWidget):
    """`kind_chosen(str)`, `code_chosen(str)`: one the user wrote, `decimals_asked(by)`."""

    kind_chosen = Signal(str)
    code_chosen = Signal(str)
    decimals_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code: str | None = None
        self._look = ENGLISH
        self._menu = MenuButton(tr("General"))
        self._menu.setObjectName("number_format")
        self._menu.setAccessibleDescription(tr("Number format"))
        self._menu.setToolTip(tr("Number format"))
        self._menu.set_choices([(kind, kind_name(kind), None) for kind in _LISTED], "general")
        self._menu.menu.addSeparator()
        self._menu.menu.addAction(tr("Custom…")).triggered.connect(lambda _checked=False: self.ask_code())
        self._menu.chosen.connect(self._on_chosen)
        self._fewer = self._new_button("decimals-arrow-left", tr("Fewer decimals"), "fewer_decimals", -1)
        self._more = self._new_button("decimals-arrow-right", tr("More decimals"), "more_decimals", 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._menu)
        row.addWidget(self._fewer)
        row.addWidget(self._more)

    def _new_button(self, icon_name: str, words: str, name: str, by: int) -> IconButton:
        button = IconButton(icon_name, words, side=26)
        button.setObjectName(name)
        button.clicked.connect(lambda: self.decimals_asked.emit(by))
        return button

    def show_code(self, code: str | None, look: NumberLook) -> None:
        """The format of the current cell, and the look of the sheet's numbers."""
        self._code, self._look = code, look
        kind = kind_of(code)
        self._menu.set_value(kind)
        if self._menu.value is None:
            self._menu.set_text(kind_name(kind))

    def fit(self, room: int) -> None:
        """In little room the decimals have no buttons; the menu of the cells has them."""
        for button in (self._fewer, self._more):
            button.setVisible(room >= px(_WITH_DECIMALS_FROM))

    def ask_code(self) -> None:
        """A card in which the user writes a code of his own."""
        card = CodeCard(self._code, self._look, self)
        card.taken.connect(self.code_chosen)
        card.open_under(self._menu, align_right=True)

    def _on_chosen(self, kind: str) -> None:
        self.kind_chosen.emit(kind)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class CodeCard(Popover):
    """`taken(code)`: a code that can be used. What it would show stands below the field."""

    taken = Signal(str)

    def __init__(self, code: str | None, look: NumberLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("format_code_card")
        self.content.addWidget(Label(tr("Number format"), LABEL, 600))
        self._field = QLineEdit(code or number_formats.NUMBER)
        self._field.setObjectName("format_code")
        self._field.setAccessibleName(tr("Code of the number format"))
        self._field.setMaxLength(number_formats.MAX_CODE_CHARS)
        self._field.setMinimumWidth(px(220))
        self._field.textChanged.connect(self._show_sample)
        self._field.returnPressed.connect(self._take)
        self._sample = Label("", LABEL, role="ink_2")
        self._sample.setObjectName("format_sample")
        self._apply = Button(tr("Apply"), kind="primary", small=True)
        self._apply.setObjectName("apply_format")
        self._apply.clicked.connect(self._take)
        self.content.addWidget(self._field)
        row = QHBoxLayout()
        row.addWidget(self._sample, 1)
        row.addWidget(self._apply)
        self.content.addLayout(row)
        self.closed.connect(self.deleteLater)
        self._show_sample()

    def _show_sample(self) -> None:
        from forgeapp.sheets.display import display

        code = self._field.text()
        reason = fault_of(code)
        self._apply.setEnabled(reason is None)
        self._sample.set_role("warn" if reason else "ink_2")
        if reason:
            self._sample.setText(tr("Cannot be used: {reason}", reason=reason))
        else:
            shown = "   ".join(display(number, code, self._look)[:24] for number in (1234.5, -0.25))
            self._sample.setText(shown)

    def _take(self) -> None:
        code = self._field.text()
        if fault_of(code) is None:
            self.close()
            self.taken.emit(code)
