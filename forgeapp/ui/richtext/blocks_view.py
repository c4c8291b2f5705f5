"""Blocks on the page: text that is read, selected and copied, as high as it needs to be for its width.

The view holds a row of boxes, one a piece. New pieces replace only the boxes that differ, and what is long is laid out
in slices, so that the event loop is never held up.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Container, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from forgeapp.domain.document import Blocks
from forgeapp.ui.controls.painting import draw_ring
from forgeapp.ui.richtext.box import Box, container_indent
from forgeapp.ui.richtext.boxes import boxes_of
from forgeapp.ui.richtext.code_box import CodeBox
from forgeapp.ui.richtext.formulas import Formulas, Wish
from forgeapp.ui.richtext.inner_links import with_lost_links
from forgeapp.ui.richtext.look import LOOKS, Style, gap_between
from forgeapp.ui.richtext.picture_box import PictureBox
from forgeapp.ui.richtext.pictures import Pictures
from forgeapp.ui.richtext.pieces import CodePiece, Piece, TablePiece, pieces_of
from forgeapp.ui.richtext.selection import Position, Selection
from forgeapp.ui.richtext.side_controls import SideControls
from forgeapp.ui.richtext.styling import is_inner
from forgeapp.ui.richtext.table_box import TableBox
from forgeapp.ui.richtext.text_box import TextBox
from forgeapp.ui.theme import RADIUS, color, px
from forgeapp.ui.wording import tr

SLICE_S = 0.010
"""What a slice of work takes at most, but for one box."""
_QUOTE_LINE = 3
_DESCRIBED_CHARS = 4_000


class BlocksView(QWidget):
    """Shows a tree of blocks. Give it a width; it takes the height it needs.

    `grown`: the height has changed. `link_activated`: an http(s) or mailto address was clicked or entered.
    `caret_moved`: the rectangle that the selection's moving end stands in, for whoever scrolls.
    """

    link_activated = Signal(str)
    grown = Signal()
    selection_changed = Signal()
    caret_moved = Signal(QRect)
    double_clicked = Signal(int)
    """The number of the box."""
    file_wished = Signal(object)
    """The CodePiece or TablePiece that is to become a file."""

    def __init__(self, style: Style = "chat", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = LOOKS[style]
        self._boxes: list[Box] = []
        self._tops: list[int] = []
        self._blocks: Blocks = ()
        self._beside = SideControls(self)
        self.offers_files = False
        """Whether files can be made of code and tables."""
        self._next_layout = self._next_place = 0
        self._end = 0
        """Behind the last box that was laid out: those from here on have no place yet."""
        self._work = QTimer(self)
        self._work.setSingleShot(True)
        self._work.setInterval(0)
        self._work.timeout.connect(self._on_work)
        self._shows_ring = False
        self._width = self._height = 0
        self.selection = Selection(self)
        self.pictures = Pictures(self)
        self.formulas = Formulas(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        # What stands need not be painted again only because more is added below.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Text"))

    @property
    def blocks(self) -> Blocks:
        return self._blocks

    @property
    def boxes(self) -> Sequence[Box]:
        return self._boxes

    @property
    def is_working(self) -> bool:
        """Whether slices of what is shown are still to be drawn."""
        return self._work.isActive()

    def show_blocks(self, blocks: Blocks) -> None:
        """Shows these blocks; what was shown before and is the same stays as it stands."""
        self._blocks = blocks
        self._replace(0, with_lost_links(pieces_of(blocks)))

    def show_pieces(self, blocks: Blocks, pieces: list[Piece]) -> None:
        """As `show_blocks`, for who has the pieces of these blocks already."""
        self._blocks = blocks
        self._replace(0, pieces)

    def append_blocks(self, blocks: Blocks) -> None:
        self._blocks += blocks
        self._replace(len(self._boxes), pieces_of(blocks))

    def natural_width(self) -> int:
        """The width at which no line of text would break, margins included."""
        margins = self.contentsMargins()
        self._lay_out_all()
        widths = [box.natural_width if isinstance(box, TextBox) else box.content_width for box in self._boxes]
        return max(widths, default=0) + margins.left() + margins.right() + 1

    def selected_text(self) -> str:
        return self.selection.text()

    def copy(self) -> None:
        """Puts what is selected on the clipboard, as text and as HTML."""
        self.selection.copy()

    def select_all(self) -> None:
        self._lay_out_all()
        self.selection.select_all()

    def top_of(self, number: int) -> int:
        """Where that box begins; the height of all where it has no place yet."""
        return self._tops[number] if number < len(self._tops) else self._height

    def rect_of(self, box: Box) -> QRect:
        margins = self.contentsMargins()
        return QRect(margins.left(), box.y, box.width, box.height)

    def hit(self, point: QPointF) -> Position:
        """The position nearest to a point."""
        number = self._number_at(point.y())
        if number < 0:
            return (0, 0)
        box = self._boxes[number]
        return number, box.position_at(point - QPointF(self.contentsMargins().left(), box.y))

    def link_at(self, point: QPointF) -> str | None:
        number = self._number_at(point.y())
        if number < 0:
            return None
        box = self._boxes[number]
        return box.link_at(point - QPointF(self.contentsMargins().left(), box.y))

    def caret_rect(self, position: Position) -> QRect:
        box = self._boxes[position[0]]
        return box.caret(position[1]).translated(self.contentsMargins().left(), box.y).toAlignedRect()

    def hint_at(self, point: QPointF) -> str:
        """What is to be known of what stands at a point; '' for nothing."""
        number = self._number_at(point.y())
        if number < 0:
            return ""
        box = self._boxes[number]
        return box.hint_at(point - QPointF(self.contentsMargins().left(), box.y))

    def activate(self, address: str) -> None:
        """Follows a link: those within the view lead from a mark to its footnote and back."""
        if is_inner(address):
            self._lay_out_all()
            self.selection.show_target(address)
        else:
            self.link_activated.emit(address)

    def _replace(self, start: int, pieces: list[Piece]) -> None:
        """Boxes from `start` on show `pieces`; those that do so already stay."""
        boxes = self._boxes
        first, last, count = start, len(boxes), len(pieces)
        while first < last and first - start < count and boxes[first].piece == pieces[first - start]:
            first += 1
        end = count
        while last > first and end > first - start and boxes[last - 1].piece == pieces[end - 1]:
            last -= 1
            end -= 1
        old = boxes[first:last]
        fresh = boxes_of(pieces[first - start : end], old, self._look)
        if not fresh and not old:
            return
        kept = set(fresh)
        for box in old:
            if box not in kept:
                self._forget(box)
        boxes[first:last] = fresh
        del self._tops[first:]
        if self._end > last:
            self._end += len(fresh) - len(old)
        else:
            taken = [number for number, box in enumerate(fresh, first + 1) if box.is_laid_out]
            self._end = max([min(self._end, first), *taken])
        self.selection.limit(first)
        self._next_layout = min(self._next_layout, first)
        self._next_place = min(self._next_place, first)
        self._do_slice()

    def take_image(self, box: PictureBox, image: QImage | None) -> None:
        """What its picture became; None: it cannot be shown."""
        height = box.height
        box.take_image(image)
        if box.height != height:
            self._next_place = min(self._next_place, self._boxes.index(box))
            self._place()
        self.update(self.rect_of(box))

    def take_formulas(self, drawn: Container[Wish]) -> None:
        """These formulas are known now: what has them is laid out anew."""
        for number, box in enumerate(self._boxes):
            if box.is_laid_out and any(wish in drawn for wish in box.awaited):
                box.restyle()
                box.lay_out(box.width)
                self._next_place = min(self._next_place, number)
        self._place()

    def _forget(self, box: Box) -> None:
        if isinstance(box, PictureBox):
            self.pictures.forget(box)
        self._beside.forget(box)

    @property
    def _content_width(self) -> int:
        margins = self.contentsMargins()
        return max(60, self.width() - margins.left() - margins.right())

    @Slot()
    def _on_work(self) -> None:
        self._do_slice()

    def _do_slice(self) -> None:
        """Lays out what needs it, what is in sight first, until the slice is over."""
        if not self.testAttribute(Qt.WidgetAttribute.WA_Resized) and not self.isVisible():
            return
        deadline = time.perf_counter() + SLICE_S
        width = self._width = self._content_width
        self._lay_out_visible(width)
        number = self._next_layout
        while number < len(self._boxes):
            self._fit(number, width)
            number += 1
            if time.perf_counter() > deadline:
                break
        self._next_layout = number
        self._place()
        if number < len(self._boxes) or self._do_other_work(deadline):
            self._work.start()
        else:
            self._describe()

    def _describe(self) -> None:
        """For who cannot see it."""
        self.setAccessibleDescription(self.selection.text_of_all(_DESCRIBED_CHARS))

    def _fit(self, number: int, width: int) -> None:
        box = self._boxes[number]
        if box.width != width or box.is_outdated:
            box.refresh()
            box.lay_out(width)
            if box.awaited:
                self.formulas.ask(box.awaited)
            self._next_place = min(self._next_place, number)
            self._end = max(self._end, number + 1)

    def _lay_out_all(self) -> None:
        for number in range(len(self._boxes)):
            self._fit(number, self._content_width)
        self._next_layout = len(self._boxes)
        self._place()

    def _lay_out_visible(self, width: int) -> None:
        """After a change of width the lines in sight must fit it at once."""
        seen = self.visibleRegion().boundingRect()
        if seen.isEmpty() or self._next_layout >= len(self._tops):
            return
        number = max(self._next_layout, self._number_at(seen.top()))
        top = seen.top()
        while number < len(self._tops) and top <= seen.bottom() and self._boxes[number].is_laid_out:
            self._fit(number, width)
            top += self._boxes[number].height
            number += 1

    def _do_other_work(self, deadline: float) -> bool:
        """Colours code; whether more is left."""
        for box in self._boxes:
            while box.has_work:
                if time.perf_counter() > deadline:
                    return True
                box.work()
                self.update(self.rect_of(box))
        return False

    def _place(self) -> None:
        """Stacks the boxes from the first that has changed to the last that has a height."""
        start = min(self._next_place, len(self._tops))
        if start >= self._end == len(self._tops) and self._boxes:
            return
        self._next_place = self._end
        margins = self.contentsMargins()
        del self._tops[start:]
        before = (self._boxes[number] for number in range(start - 1, -1, -1))
        above = next((box for box in before if box.is_laid_out), None)
        y = changed_y = above.y + above.height if above else margins.top()
        for box in self._boxes[start : self._end]:
            if box.is_laid_out:
                y += px(gap_between(above.piece, box.piece, self._look)) if above else 0
                box.y = y
                y += box.height
                above = box
            else:
                box.y = y
            self._tops.append(box.y)
            if isinstance(box, CodeBox | TableBox) and box.is_laid_out:
                self._beside.place(box)
        height = y + margins.bottom() if self._boxes else 0
        if height != self._height:
            self._height = height
            self.updateGeometry()
            parent = self.parentWidget()
            if parent is None or parent.layout() is None:
                self.resize(self.width(), height)
            self.grown.emit()
        self.update(0, changed_y, self.width(), max(self.height(), self._height) - changed_y)

    def scroll_box(self, box: Box, value: int) -> None:
        """Sideways, to this value."""
        box.scroll_x = value
        self.update(self.rect_of(box))

    def file_at(self, point: QPointF) -> CodePiece | TablePiece | None:
        """The code or table at a point, where files can be made of them."""
        number = self._number_at(point.y())
        piece = self._boxes[number].piece if number >= 0 and self.offers_files else None
        return piece if isinstance(piece, CodePiece | TablePiece) else None

    def _number_at(self, y: float) -> int:
        """The box at a height, or the nearest above it; -1 without boxes."""
        if not self._tops:
            return -1
        return min(max(0, bisect_right(self._tops, y) - 1), len(self._boxes) - 1)

    # What Qt calls.

    def sizeHint(self) -> QSize:
        return QSize(480, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = QRectF(event.rect())
        margins = self.contentsMargins()
        number = max(0, self._number_at(clip.top()))
        while number < len(self._tops):
            box = self._boxes[number]
            if box.y > clip.bottom():
                break
            if box.is_laid_out:
                box.refresh()
                if isinstance(box, PictureBox):
                    self.pictures.ask(box)
                painter.save()
                painter.translate(margins.left(), box.y)
                self._paint_quotes(painter, number)
                local = clip.translated(-margins.left(), -box.y)
                box.paint(painter, local, self.selection.range_in(number))
                painter.restore()
            number += 1
        if self.hasFocus() and self._shows_ring:
            ring = self.selection.link_rects()
            for rect in ring or [QRectF(self.rect())]:
                draw_ring(painter, rect.adjusted(-2, 0, 2, 0) if ring else rect, RADIUS)

    def _paint_quotes(self, painter: QPainter, number: int) -> None:
        box = self._boxes[number]
        place = box.piece.place
        x = 0
        for depth, container in enumerate(place.containers):
            if container.digits is None:
                goes_on = number > 0 and depth < len(place.containers) - place.opened
                above = self._boxes[number - 1] if goes_on else None
                top = above.y + above.height - box.y if above else 0
                painter.fillRect(QRectF(x, top, _QUOTE_LINE, box.height - top), color("ink_3", 0.35))
            x += container_indent(container, self._look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._content_width != self._width:
            self._next_layout = 0
            self._do_slice()
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        if not getattr(self, "_boxes", None):
            return
        self._next_layout = 0
        self._do_slice()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.selection.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.selection.drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.selection.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.selection.select_word(event)
        number = self._number_at(event.position().y())
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(number)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.selection.show_menu(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        sideways = delta.x() or (delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        number = self._number_at(event.position().y())
        bar = self._beside.bar_of(self._boxes[number]) if number >= 0 else None
        if sideways and bar is not None and bar.isVisible() and abs(sideways) >= abs(delta.y() if delta.x() else 0):
            bar.setValue(bar.value() - sideways)
            event.accept()
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.selection.take_key(event):
            return
        wide = self._beside.wide_box()
        bar = self._beside.bar_of(wide) if wide is not None else None
        steps = {Qt.Key.Key_Left: -40, Qt.Key.Key_Right: 40}
        if bar is not None and event.key() in steps and not event.modifiers():
            bar.setValue(bar.value() + steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._shows_ring = event.reason() in by_keys
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.selection.leave_links()
        self.update()

    def focusNextPrevChild(self, forward: bool) -> bool:
        if self.hasFocus() and self.selection.step_link(forward):
            self._shows_ring = True
            return True
        return super().focusNextPrevChild(forward)
