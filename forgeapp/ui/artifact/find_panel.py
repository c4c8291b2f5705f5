"""What the find bars of texts and of grids have in common: fields, choices, keys, and how many hits there are."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from forgeapp.ui.controls import Button, ElidedLabel, HLine, IconButton, Label
from forgeapp.ui.theme import LABEL, px
from forgeapp.ui.wording import number_text, tr

_LATE_MS: Final = 120
_FAULT: Final = 26


class FindPanel(QWidget):
    """Hidden until `show_panel`; Esc calls `close_bar`. Subclasses look, step and replace.

    `whole_words`: what a hit is all of. `scope`: what stands between the field and the one for replacing.
    """

    def __init__(self, whole_words: str, scope: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._find_row(whole_words))
        if scope is not None:
            column.addWidget(scope)
        self._replacing = QWidget(self)
        self._replacing.setLayout(self._replace_row())
        self._replacing.hide()
        column.addWidget(self._replacing)
        self.fault = ElidedLabel("", LABEL, role="bad")
        self.fault.setObjectName("find_fault")
        self.fault.setMinimumHeight(px(_FAULT))
        self.fault.hide()
        below = QHBoxLayout()
        below.setContentsMargins(12, 0, 12, 0)
        below.addWidget(self.fault)
        column.addLayout(below)
        column.addWidget(HLine("line"))
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LATE_MS)
        self._late.timeout.connect(self.look_again)
        self.query.textChanged.connect(self.look_anew)
        self.hide()

    def _find_row(self, whole_words: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(2)
        self.query = _field(tr("Find"), "find_query")
        self.count = Label("", LABEL, role="ink_3")
        self.count.setObjectName("find_count")
        self.count.setMinimumWidth(72)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.case = self._choice("case-sensitive", tr("Match capitals"), "find_case")
        self.whole = self._choice("whole-word", whole_words, "find_whole")
        self.pattern = self._choice("regex", tr("Pattern (regular expression)"), "find_pattern")
        self._previous = IconButton("chevron-up", tr("Previous hit"), "Shift+F3", side=28)
        self._previous.setObjectName("find_previous")
        self._previous.clicked.connect(lambda: self.step(-1))
        self._next = IconButton("chevron-down", tr("Next hit"), "F3", side=28)
        self._next.setObjectName("find_next")
        self._next.clicked.connect(lambda: self.step(1))
        self._swap = IconButton("replace", tr("Replace"), "Ctrl+H", side=28)
        self._swap.setCheckable(True)
        self._swap.setObjectName("find_replace")
        self._swap.toggled.connect(self._on_swap_toggled)
        close = IconButton("x", tr("Close"), "Esc", side=28)
        close.setObjectName("find_close")
        close.clicked.connect(self.close_bar)
        row.addWidget(self.query, 1)
        row.addWidget(self.count)
        row.addSpacing(4)
        for button in (self.case, self.whole, self.pattern, self._previous, self._next, self._swap, close):
            row.addWidget(button)
        return row

    def _choice(self, icon_name: str, words: str, name: str) -> IconButton:
        button = IconButton(icon_name, words, side=28)
        button.setCheckable(True)
        button.setObjectName(name)
        button.toggled.connect(self.look_anew)
        return button

    def _replace_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 8, 6)
        row.setSpacing(6)
        self.replacement = _field(tr("Replace with"), "find_replacement")
        self._one = Button(tr("Replace"), small=True)
        self._one.setObjectName("replace_one")
        self._one.clicked.connect(self.replace_one)
        self._all = Button(tr("Replace all"), small=True)
        self._all.setObjectName("replace_all")
        self._all.clicked.connect(self.replace_all)
        row.addWidget(self.replacement, 1)
        row.addWidget(self._one)
        row.addWidget(self._all)
        return row

    # What subclasses do

    def look_again(self) -> None:
        """What is searched may have changed."""
        raise NotImplementedError

    def look_anew(self) -> None:
        """Something else is looked for: the nearest hit is gone to."""
        raise NotImplementedError

    def step(self, by: int) -> None:
        """Goes to the next hit, or the previous one; behind the last comes the first."""
        raise NotImplementedError

    def replace_one(self) -> None:
        """Replaces the hit that is gone to, and goes to the next one."""
        raise NotImplementedError

    def replace_all(self) -> None:
        """Replaces every hit, as one step."""
        raise NotImplementedError

    def close_bar(self) -> None:
        """Hides the bar; what is searched has the focus again."""
        raise NotImplementedError

    # What they show

    def show_panel(self, replacing: bool, words: str = "") -> None:
        """`words`: to look for, '' for what was looked for last."""
        if words:
            self.query.setText(words)
        self.show()
        if replacing:
            self._swap.setChecked(True)
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.query.selectAll()
        self.look_again()

    def look_soon(self) -> None:
        """After what is being written has come to rest."""
        if self.isVisible():
            self._late.start()

    def drop_late_look(self) -> None:
        self._late.stop()

    def show_count(self, count: int, number: int, most: int, instead: str = "", can_replace: bool = True) -> None:
        """`number`: of the hit that is gone to, from 1, 0 for none; `instead`: why there is no count."""
        shown = number_text(count) + ("+" if count == most else "")
        has_words = bool(self.query.text())
        if not has_words:
            text = ""
        elif instead:
            text = instead
        elif not count:
            text = tr("No hits")
        elif number:
            text = tr("{number} of {count}", number=number_text(number), count=shown)
        elif count == 1:
            text = tr("1 hit")
        else:
            text = tr("{count} hits", count=shown)
        self.count.setText(text)
        self.count.set_role("bad" if has_words and not count else "ink_3")
        for step in (self._previous, self._next):
            step.setEnabled(bool(count))
        for change in (self._one, self._all):
            change.setEnabled(bool(count) and can_replace)

    def _on_swap_toggled(self, is_on: bool) -> None:
        self._replacing.setVisible(is_on)
        if is_on:
            self.replacement.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_bar()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.replacement.hasFocus():
                self.replace_one()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F3:
                self.step(-1 if is_back else 1)
            case Qt.Key.Key_H if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self._swap.toggle()
            case Qt.Key.Key_F if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.query.selectAll()
            case _:
                super().keyPressEvent(event)


def _field(words: str, name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    field.setObjectName(name)
    return field
