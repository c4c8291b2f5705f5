"""A small card that asks for a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from forgeapp.ui.controls import Button, Label, Popover


class NamePopover(Popover):
    """`question` above a field; Enter or the button gives the name to `take`, where it is not blank."""

    def __init__(self, question: str, button: str, take: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._take = take
        self.field = QLineEdit()
        self.field.setObjectName("name")
        self.field.setAccessibleName(question)
        self.field.setMinimumWidth(260)
        self.field.returnPressed.connect(self._on_taken)
        self._button = Button(button, kind="primary")
        self._button.setEnabled(False)
        self._button.clicked.connect(self._on_taken)
        self.field.textChanged.connect(lambda text: self._button.setEnabled(bool(text.strip())))
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self._button)
        self.content.addWidget(Label(question, weight=500))
        self.content.addLayout(row)

    def _on_taken(self) -> None:
        name = self.field.text().strip()
        if name:
            self.close()
            self._take(name)
