"""What can be done with a reply: copy it, ask for another, page through those there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from forgeapp.ui.controls import IconButton, Label, Menu
from forgeapp.ui.icons import icon
from forgeapp.ui.theme import CAPTION
from forgeapp.ui.wording import tr

HEIGHT: Final = 24
_COPIED_FOR_MS: Final = 2_000


class ReplyActions(QWidget):
    """A row of small buttons, seen under the last reply, under others while they are pointed at or have the focus.

    `regenerated(model or '')`: '' means by the same choices as before. `paged(index)`. `save_wished`: the reply as
    something of its own; `part_wished(place)`: one of the tables and code in it, which `parts` words for a menu.
    """

    regenerated = Signal(str)
    paged = Signal(int)
    save_wished = Signal()
    part_wished = Signal(int)

    def __init__(self, text: str, parts: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._text = text
        self._models: Sequence[str] = ()
        self.is_seen = True
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.copy = _Shy("copy", tr("Copy the reply"), self)
        self.copy.setObjectName("reply_copy")
        self.copy.clicked.connect(self._on_copied)
        self.regenerate = _Shy("rotate-cw", tr("Another reply"), self)
        self.regenerate.setObjectName("regenerate")
        self.regenerate.clicked.connect(self._on_regenerate_clicked)
        self.save = _Shy("save", tr("Save the reply as…"), self)
        self.save.setObjectName("reply_save")
        self.save.clicked.connect(self._on_save_clicked)
        row.addWidget(self.copy)
        row.addWidget(self.regenerate)
        row.addWidget(self.save)
        self.pager = Pager(self)
        self.pager.paged.connect(self.paged)
        row.addSpacing(4)
        row.addWidget(self.pager)
        row.addStretch()
        self.menu = Menu(self)
        self.menu.setObjectName("regenerate_menu")
        self.save_menu = Menu(self)
        self.save_menu.setObjectName("save_menu")

    def set_models(self, models: Sequence[str]) -> None:
        """Who else could be asked, 'PROVIDER/MODEL'."""
        self._models = models

    def set_seen(self, is_seen: bool) -> None:
        if is_seen != self.is_seen:
            self.is_seen = is_seen
            for button in (self.copy, self.regenerate, self.save):
                button.update()

    @property
    def has_focus(self) -> bool:
        return self.copy.hasFocus() or self.regenerate.hasFocus() or self.save.hasFocus()

    def _on_copied(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.copy.set_icon("check")
        QTimer.singleShot(_COPIED_FOR_MS, self.copy, lambda: self.copy.set_icon("copy"))

    def _on_regenerate_clicked(self) -> None:
        self.menu.clear()
        self.menu.addAction(tr("Ask the same again"), lambda: self.regenerated.emit(""))
        if self._models:
            self.menu.addSeparator()
        for model in self._models:
            self.menu.addAction(model.replace("&", "&&"), partial(self.regenerated.emit, model))
        self._pop_up(self.menu, self.regenerate)

    def _on_save_clicked(self) -> None:
        """Where tables or code stand in the reply, each can be made a file."""
        if not self._parts:
            self.save_wished.emit()
            return
        self.save_menu.clear()
        self.save_menu.addAction(icon("save"), tr("Save the reply as…"), self.save_wished.emit)
        self.save_menu.addSeparator()
        for place, words in enumerate(self._parts):
            self.save_menu.addAction(icon("file-plus"), words.replace("&", "&&"), partial(self.part_wished.emit, place))
        self._pop_up(self.save_menu, self.save)

    def _pop_up(self, menu: Menu, button: QWidget) -> None:
        size = menu.sizeHint()
        where = button.mapToGlobal(QPoint(0, button.height() + 2))
        if where.y() + size.height() > self.screen().availableGeometry().bottom():
            where = button.mapToGlobal(QPoint(0, -size.height() - 2))
        menu.popup(where)
        menu.setActiveAction(menu.actions()[0])


class _Shy(IconButton):
    """Painted only while its row is seen, but always within reach of the keyboard."""

    def __init__(self, icon_name: str, tooltip: str, row: ReplyActions) -> None:
        super().__init__(icon_name, tooltip, side=HEIGHT, size=14, parent=row)
        self._row = row

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._row.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._row.is_seen or self._row.has_focus:
            super().paintEvent(event)


class Pager(QWidget):
    """'‹ 2 / 3 ›' where a message has several replies; left and right turn the page."""

    paged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reply_pager")
        self._index, self._count = 0, 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.before = IconButton("chevron-left", tr("The reply before"), side=HEIGHT, size=14)
        self.before.setObjectName("reply_before")
        self.before.clicked.connect(lambda: self.paged.emit(self._index - 1))
        self.label = Label("", CAPTION, 500, "ink_3")
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.after = IconButton("chevron-right", tr("The reply after"), side=HEIGHT, size=14)
        self.after.setObjectName("reply_after")
        self.after.clicked.connect(lambda: self.paged.emit(self._index + 1))
        row.addWidget(self.before)
        row.addWidget(self.label)
        row.addWidget(self.after)
        self.setVisible(False)

    def set_page(self, index: int, count: int) -> None:
        self._index, self._count = index, count
        self.label.setText(tr("{number} / {count}", number=index + 1, count=count))
        self.label.setAccessibleName(tr("Reply {number} of {count}", number=index + 1, count=count))
        self.before.setEnabled(index > 0)
        self.after.setEnabled(index < count - 1)
        self.setVisible(count > 1)
