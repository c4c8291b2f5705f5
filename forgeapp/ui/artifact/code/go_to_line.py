"""The bar that asks for a line's number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from forgeapp.ui.controls import HLine, IconButton, Label
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.code.code_edit import CodeEdit


class GoToLine(QWidget):
    """Hidden until `open`. The text follows what is typed: '120', or '120:8' with a column; Enter stays there, Esc goes
    back to where the cursor was.
    """

    def __init__(self, edit: CodeEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self._came_from = 0
        self.setObjectName("go_to_line")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.line = QLineEdit()
        self.line.setObjectName("go_to_line_number")
        self.line.setPlaceholderText(tr("Line, or line:column"))
        self.line.setAccessibleName(tr("Go to line"))
        self.line.textEdited.connect(self._on_edited)
        self.count = Label("", LABEL, role="ink_3")
        close = IconButton("x", tr("Close"), "Esc", side=28)
        close.setObjectName("go_to_line_close")
        close.clicked.connect(self._go_back)
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.count)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(HLine("line"))
        self.hide()

    def open(self) -> None:
        self._came_from = self._edit.textCursor().position()
        self.line.setText(self._edit.line_numbers.name_of(self._edit.textCursor().blockNumber()))
        self.count.setText(tr("of {count}", count=number_text(self._edit.line_numbers.count)))
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def _on_edited(self, text: str) -> None:
        asked = re.fullmatch(r"\s*(\d{1,9})(?:\s*[:,]\s*(\d{1,9}))?\s*", text)
        if asked:
            self._edit.lines.go_to(self._edit.line_numbers.place_of(int(asked[1])) + 1, int(asked[2] or 1))

    def _close(self) -> None:
        self.hide()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_back(self) -> None:
        self._edit.select(self._came_from, self._came_from)
        self._edit.ensureCursorVisible()
        self._close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self._go_back()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._on_edited(self.line.text())
                self._close()
            case _:
                super().keyPressEvent(event)
