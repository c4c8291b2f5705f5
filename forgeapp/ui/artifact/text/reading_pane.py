"""How a document reads: a page that scrolls in step with its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from forgeapp.domain.document import Blocks
from forgeapp.ui.artifact.paper import PaperArea
from forgeapp.ui.artifact.text.live_blocks import Reading
from forgeapp.ui.controls import Label
from forgeapp.ui.links import open_link
from forgeapp.ui.richtext import BlocksView
from forgeapp.ui.richtext.inner_links import has_inner_links, with_lost_links
from forgeapp.ui.richtext.pieces import Piece, pieces_of
from forgeapp.ui.richtext.table_box import TableBox
from forgeapp.ui.wording import tr


class _Section(NamedTuple):
    """The blocks, so that their id stays theirs, and what they are drawn as."""

    blocks: Blocks
    pieces: list[Piece]
    has_inner_links: bool


class ReadingPane(PaperArea):
    """`show_line` and `top_line` speak of lines of the source. `scrolled`: the user has scrolled."""

    scrolled = Signal()
    table_asked = Signal(int, int, int)
    """A table was clicked twice: the first line of its section, how many that has, and which of its tables it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blocks = BlocksView("page")
        self.blocks.link_activated.connect(open_link)
        self.blocks.caret_moved.connect(self._on_caret_moved)
        self.blocks.grown.connect(self._on_grown)
        self.blocks.double_clicked.connect(self._on_double_clicked)
        self._blank = Label(tr("What you write shows here."), role="ink_3")
        self._blank.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._blank.hide()
        self.lay(self._blank)
        self.lay(self.blocks)
        self._starts: list[int] = [0]
        self._first_boxes: list[int] = [0, 0]
        self._line_count = 1
        self._pieces: dict[int, _Section] = {}
        self._numbers: Mapping[str, int] = {}
        self._asked: float | None = 0.0
        self._is_by_user = False
        self.verticalScrollBar().actionTriggered.connect(self._on_action_triggered)
        self.verticalScrollBar().valueChanged.connect(self._on_value_changed)

    @property
    def has_focus(self) -> bool:
        return self.hasFocus() or self.blocks.hasFocus()

    def show_reading(self, reading: Reading) -> None:
        sections = reading.sections
        if reading.numbers != self._numbers:
            self._pieces.clear()
            self._numbers = reading.numbers
        self._pieces = {
            id(blocks): self._pieces.get(id(blocks)) or _section(blocks, reading.numbers) for _, blocks in sections
        }
        of_sections = [self._pieces[id(blocks)] for _, blocks in sections]
        pieces = [made.pieces for made in of_sections]
        self._starts = [section.line for section, _ in sections]
        self._first_boxes = [0, *accumulate(map(len, pieces))]
        self._line_count = sections[-1][0].line + sections[-1][0].lines
        blocks = tuple(block for _, of_section in sections for block in of_section)
        whole = [piece for of_section in pieces for piece in of_section]
        # Of the beginning of a text it is not known which headings follow.
        has_links = reading.is_whole and any(made.has_inner_links for made in of_sections)
        self.blocks.show_pieces(blocks, with_lost_links(whole) if has_links else whole)
        self.blocks.setVisible(bool(blocks))
        self._blank.setVisible(not blocks)

    def show_line(self, line: float) -> None:
        """Scrolls so that what that line of the source became is at the top; beyond the last one, to the end."""
        self._asked = line
        bar = self.verticalScrollBar()
        if line >= self._line_count:
            bar.setValue(bar.maximum())
            return
        if line <= 0:
            bar.setValue(0)
            return
        number = max(bisect_right(self._starts, line) - 1, 0)
        top, bottom = self._top_of(number), self._top_of(number + 1)
        begin, end = self._lines_of(number)
        bar.setValue(round(top + (bottom - top) * (line - begin) / max(end - begin, 1)))

    def top_line(self) -> float:
        bar = self.verticalScrollBar()
        y = bar.value()
        if y <= 0:
            return 0.0
        if y >= bar.maximum():
            return float(self._line_count)
        number = max(bisect_right(range(len(self._starts)), y, key=self._top_of) - 1, 0)
        top, bottom = self._top_of(number), self._top_of(number + 1)
        begin, end = self._lines_of(number)
        return begin + (end - begin) * min((y - top) / max(bottom - top, 1), 1.0)

    def _top_of(self, section: int) -> int:
        """Where a section begins on the page."""
        first = self._first_boxes[section]
        return self.blocks.y() + self.blocks.top_of(first) if first else 0

    def _lines_of(self, section: int) -> tuple[int, int]:
        is_last = section + 1 >= len(self._starts)
        return self._starts[section], self._line_count if is_last else self._starts[section + 1]

    def _on_double_clicked(self, box: int) -> None:
        if not isinstance(self.blocks.boxes[box], TableBox):
            return
        number = max(bisect_right(self._first_boxes, box) - 1, 0)
        above = self.blocks.boxes[self._first_boxes[number] : box]
        begin, end = self._lines_of(number)
        self.table_asked.emit(begin, end - begin, sum(isinstance(other, TableBox) for other in above))

    def _on_caret_moved(self, area: QRect) -> None:
        place = area.translated(self.blocks.pos())
        before = self.verticalScrollBar().value()
        self.ensureVisible(place.x(), place.center().y(), 0, place.height() + 8)
        if self.verticalScrollBar().value() != before:
            self._asked = None
            self.scrolled.emit()

    def _on_grown(self) -> None:
        """What is above may have found its height only now."""
        if self._asked is not None:
            self.show_line(self._asked)

    def _on_action_triggered(self, _action: int) -> None:
        self._is_by_user = True

    def _on_value_changed(self, _value: int) -> None:
        if self._is_by_user:
            self._is_by_user = False
            self._asked = None
            self.scrolled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Home:
                bar.triggerAction(bar.SliderAction.SliderToMinimum)
            case Qt.Key.Key_End:
                bar.triggerAction(bar.SliderAction.SliderToMaximum)
            case _:
                super().keyPressEvent(event)


def _section(blocks: Blocks, numbers: Mapping[str, int]) -> _Section:
    pieces = pieces_of(blocks, numbers)
    return _Section(blocks, pieces, any(map(has_inner_links, pieces)))
