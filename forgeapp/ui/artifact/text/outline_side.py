"""Where the outline is: left of the text where there is room, else in a card over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from forgeapp.ui.artifact.text.headings import HeadingLine
from forgeapp.ui.artifact.text.outline import PANEL_WIDTH, Outline, OutlinePanel
from forgeapp.ui.controls import Popover
from forgeapp.ui.icons import icon
from forgeapp.ui.theme import color, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.document_editor import DocumentEditor

_CARD_HEIGHT = 320


class OutlineSide(QWidget):
    """`action` opens and closes it. `chosen(line)`: a heading was clicked or entered."""

    chosen = Signal(int)

    def __init__(self, editor: DocumentEditor) -> None:
        super().__init__(editor)
        self._headings: tuple[HeadingLine, ...] = ()
        self._line = 0.0
        self._has_room = True
        self._card: Popover | None = None
        self.action = editor.text.new_action(tr("Outline"), "Ctrl+Shift+O", self.toggle, "list-tree")
        self.action.setObjectName("outline")
        self.action.setCheckable(True)
        self.action.setIcon(icon("list-tree"))
        self.action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        # From the rendering, too, where the text's keys do not reach.
        beside = QAction(editor.view)
        beside.setShortcut(self.action.shortcut())
        beside.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        beside.triggered.connect(self.toggle)
        editor.view.addAction(beside)
        within = QAction(self)
        within.setShortcut(self.action.shortcut())
        within.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        within.triggered.connect(self.toggle)
        self.addAction(within)
        self.panel = OutlinePanel(Outline())
        self.panel.outline.chosen.connect(self.chosen)
        self.panel.outline.left.connect(self._on_left)
        self.panel.closed.connect(self.close_panel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 1, 0)
        row.addWidget(self.panel)
        self.hide()

    @property
    def _editor(self) -> DocumentEditor:
        return cast("DocumentEditor", self.parentWidget())

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    @property
    def taken_width(self) -> int:
        """What is left less for the text and its rendering."""
        return self.width() if self.is_open else 0

    def toggle(self) -> None:
        if self.is_open:
            self.close_panel()
        elif self._has_room:
            self._open_panel()
        else:
            self._open_card()

    def show_headings(self, headings: Sequence[HeadingLine]) -> None:
        self._headings = tuple(headings)
        if self.is_open:
            self.panel.show_headings(headings)

    def mark_line(self, line: float) -> None:
        self._line = line
        self.panel.outline.mark_line(line)

    def fit(self, width: int, needed: int) -> None:
        """Whether the editor is so wide that the outline stands beside both of its sides."""
        self.setFixedWidth(px(PANEL_WIDTH))
        self._has_room = width - px(PANEL_WIDTH) >= needed
        if self.is_open and not self._has_room:
            self.close_panel()

    def close_panel(self) -> None:
        had_focus = self.isAncestorOf(self.focusWidget() or self) and self.panel.outline.hasFocus()
        self.hide()
        self.action.setChecked(False)
        if had_focus:
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_panel(self) -> None:
        self.panel.show_headings(self._headings)
        self.show()
        self.action.setChecked(True)
        self.panel.outline.mark_line(self._editor.text.textCursor().blockNumber())
        self.panel.outline.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open_card(self) -> None:
        self.action.setChecked(False)
        card = self._card = Popover(self._editor)
        card.setObjectName("outline_card")
        panel = OutlinePanel(Outline())
        panel.show_headings(self._headings)
        panel.outline.mark_line(self._editor.text.textCursor().blockNumber())
        panel.setFixedWidth(min(px(280), self._editor.width() - 48))
        panel.setFixedHeight(min(px(_CARD_HEIGHT), self._editor.height() - 48))
        panel.closed.connect(card.close)
        panel.outline.left.connect(card.close)

        def choose(line: int) -> None:
            card.close()
            self.chosen.emit(line)

        panel.outline.chosen.connect(choose)
        card.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        card.content.addWidget(panel)
        anchor = self._editor.format_bar if self._editor.format_bar.isVisible() else self._editor.switch
        card.open_under(anchor)
        panel.outline.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def card(self) -> Popover | None:
        """The last one that was opened."""
        return self._card

    def _on_left(self) -> None:
        self._editor.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.width() - 1, 0, 1, self.height(), color("line"))
