"""What stands beside the boxes of a view as widgets of their own: Copy on code, what makes files of code and tables,
bars that scroll sideways."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar

from forgeapp.ui.controls.buttons import IconButton
from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.code_box import CodeBox
from forgeapp.ui.richtext.copy_button import CopyButton
from forgeapp.ui.richtext.table_box import TableBox
from forgeapp.ui.theme import px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.richtext.blocks_view import BlocksView

_BAR_HEIGHT: Final = 10
_FILE_SIDE: Final = 24
_COPIED_WIDER: Final = 18
"""So much the button that copies grows while it says that it has."""


class SideControls:
    """Those of one view; `place` follows a box that was laid out."""

    def __init__(self, view: BlocksView) -> None:
        self._view = view
        self._bars: dict[Box, QScrollBar] = {}
        self._buttons: dict[Box, CopyButton] = {}
        self._file_buttons: dict[Box, IconButton] = {}

    def place(self, box: Box) -> None:
        left = self._view.contentsMargins().left() + box.indent
        right = self._view.contentsMargins().left() + box.width
        if isinstance(box, CodeBox):
            button = self._buttons.get(box)
            if button is None:
                button = self._buttons[box] = CopyButton(partial(_text_of, box), self._view)
                button.show()
            size = button.sizeHint()
            button.setGeometry(right - size.width() - 4, box.y + (px(32) - size.height()) // 2, *size.toTuple())
            if self._view.offers_files:
                self._place_file_button(box, button.x() - _FILE_SIDE - _COPIED_WIDER, button.y())
        elif isinstance(box, TableBox) and self._view.offers_files:
            behind = left + min(box.content_width, box.room) + 4
            self._place_file_button(box, left + box.shift - _FILE_SIDE - 4 if box.shift else behind, box.y + 2)
        bar = self._bars.get(box)
        if box.overflow and bar is None:
            bar = self._bars[box] = QScrollBar(Qt.Orientation.Horizontal, self._view)
            bar.setAccessibleName(tr("Scroll sideways"))
            bar.setCursor(Qt.CursorShape.ArrowCursor)
            bar.valueChanged.connect(partial(self._view.scroll_box, box))
            bar.show()
        if bar is not None:
            bar.setVisible(box.overflow > 0)
            bar.setPageStep(box.room)
            bar.setRange(0, box.overflow)
            bar.setValue(box.scroll_x)
            top = box.table_height + 1 if isinstance(box, TableBox) else box.height - _BAR_HEIGHT - 1
            bar.setGeometry(left + 4, box.y + top, right - left - 8, _BAR_HEIGHT)

    def _place_file_button(self, box: CodeBox | TableBox, x: int, y: int) -> None:
        """Where there is room for it; the menu of what stands there has it in any case."""
        button = self._file_buttons.get(box)
        if button is None:
            button = IconButton("file-plus", tr("Make a file of it"), side=_FILE_SIDE, size=14, parent=self._view)
            button.setObjectName("make_file")
            button.setCursor(Qt.CursorShape.ArrowCursor)
            button.clicked.connect(partial(self._on_file_wished, box))
            self._file_buttons[box] = button
        button.setGeometry(x, y, _FILE_SIDE, _FILE_SIDE)
        button.setVisible(0 <= x <= self._view.width() - _FILE_SIDE)

    def _on_file_wished(self, box: CodeBox | TableBox) -> None:
        self._view.file_wished.emit(box.piece)

    def forget(self, box: Box) -> None:
        for owned in (self._bars.pop(box, None), self._buttons.pop(box, None), self._file_buttons.pop(box, None)):
            if owned is not None:
                owned.hide()
                owned.deleteLater()

    def bar_of(self, box: Box) -> QScrollBar | None:
        """The one a box scrolls sideways by, where it is wider than its room."""
        bar = self._bars.get(box)
        return bar if bar is not None and box.overflow else None

    def wide_box(self) -> Box | None:
        """The box that the keys scroll sideways: that of the selection, or the first in sight."""
        chosen = self._view.selection.box
        if chosen is not None and self.bar_of(chosen) is not None:
            return chosen
        seen = self._view.visibleRegion().boundingRect()
        return next((box for box in self._bars if box.overflow and seen.intersects(self._view.rect_of(box))), None)


def _text_of(box: CodeBox) -> str:
    return box.text
