"""The button on a card of code."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from forgeapp.ui.controls.buttons import Button
from forgeapp.ui.wording import tr

_SAYS_SO_MS = 1_600


class CopyButton(Button):
    """Copies what `text` gives, and says so for a moment."""

    def __init__(self, text: Callable[[], str], parent: QWidget) -> None:
        super().__init__(tr("Copy"), "copy", kind="quiet", small=True, parent=parent)
        self._text = text
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(_SAYS_SO_MS)
        self._back.timeout.connect(self._on_back)
        self.setObjectName("copy_code")
        self.setAccessibleName(tr("Copy code"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.clicked.connect(self._on_clicked)

    @Slot()
    def _on_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._text())
        self._say(tr("Copied"), "check")
        self._back.start()

    @Slot()
    def _on_back(self) -> None:
        self._say(tr("Copy"), "copy")

    def _say(self, text: str, icon_name: str) -> None:
        right = self.geometry().right()
        self.set_icon(icon_name)
        self.set_text(text)
        size = self.sizeHint()
        self.setGeometry(right - size.width() + 1, self.y(), size.width(), size.height())
