"""Selecting in a BlocksView by mouse and keys, across its boxes, and walking its links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from forgeapp.domain.anchors import target_number
from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.cell import cut, units
from forgeapp.ui.richtext.copying import html, plain_text
from forgeapp.ui.richtext.inner_links import heading_pieces, places_by_name
from forgeapp.ui.richtext.styling import MARK, NOTE, is_inner
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.richtext.blocks_view import BlocksView

Position = tuple[int, int]
"""The number of a box, and a position within it."""


class Selection:
    """From `anchor`, which stays, to `caret`, which moves; both None while nothing is selected."""

    def __init__(self, view: BlocksView) -> None:
        self._view = view
        self._anchor: Position | None = None
        self._caret: Position | None = None
        self._pressed_link: str | None = None
        self._pressed_at: QPointF | None = None
        self._word: tuple[Position, Position] | None = None
        self._link = -1

    @property
    def is_empty(self) -> bool:
        return self._anchor is None or self._anchor == self._caret

    @property
    def box(self) -> Box | None:
        """The box that the caret is in."""
        return self._view.boxes[self._caret[0]] if self._caret else None

    def range_in(self, number: int) -> tuple[int, int] | None:
        """The selected positions of a box."""
        if self._anchor is None or self._caret is None or self._anchor == self._caret:
            return None
        first, last = sorted((self._anchor, self._caret))
        if not first[0] <= number <= last[0]:
            return None
        start = first[1] if number == first[0] else 0
        return start, (last[1] if number == last[0] else self._view.boxes[number].length)

    def limit(self, count: int) -> None:
        """Boxes from `count` on have changed: a selection that reaches into them ends."""
        self._link = -1
        if self._anchor and self._caret and max(self._anchor[0], self._caret[0]) >= count:
            number = len(self._view.boxes)
            changed = [position for position in (self._anchor, self._caret) if position[0] >= number]
            if changed or any(p[1] > self._view.boxes[p[0]].length for p in (self._anchor, self._caret)):
                self._set(None, None)

    def text(self) -> str:
        return plain_text(list(self._selected()))

    def text_of_all(self, most: int) -> str:
        """The beginning of all that is shown, about `most` characters."""
        chosen = []
        size = 0
        for box in self._view.boxes:
            chosen.append((box, 0, box.length))
            size += box.length
            if size > most:
                break
        return plain_text(chosen)[:most]

    def copy(self) -> None:
        selected = list(self._selected())
        if selected:
            data = QMimeData()
            data.setText(plain_text(selected))
            data.setHtml(html(selected))
            QGuiApplication.clipboard().setMimeData(data)

    def select_all(self) -> None:
        boxes = self._view.boxes
        if boxes:
            self._set((0, 0), (len(boxes) - 1, boxes[-1].length))

    def show(self, anchor: Position, caret: Position) -> None:
        """Selects this and has it scrolled to."""
        self._set(anchor, caret)
        self._view.caret_moved.emit(self._view.caret_rect(anchor))

    def show_target(self, address: str) -> None:
        """The footnote that a mark leads to, the first mark that leads to a footnote, or a heading by its name."""
        for number, box in enumerate(self._view.boxes):
            marker = box.piece.place.marker
            if marker and marker.note and address == NOTE + marker.note:
                self.show((number, 0), (number, box.length))
                return
            for start, end, target in box.links():
                if target.startswith(NOTE) and address == MARK + target.removeprefix(NOTE):
                    self.show((number, start), (number, end))
                    return
        headings = heading_pieces(box.piece for box in self._view.boxes)
        place = target_number(address, places_by_name(headings))
        if place is not None:
            number = headings[place][0]
            self.show((number, 0), (number, self._view.boxes[number].length))

    def clear(self) -> None:
        self._set(None, None)

    def _selected(self) -> Iterator[tuple[Box, int, int]]:
        if self._anchor and self._caret and self._anchor != self._caret:
            first, last = sorted((self._anchor, self._caret))
            for number in range(first[0], last[0] + 1):
                chosen = self.range_in(number)
                if chosen and (chosen[0] < chosen[1] or first[0] < number < last[0]):
                    yield self._view.boxes[number], *chosen

    def _set(self, anchor: Position | None, caret: Position | None) -> None:
        if (anchor, caret) != (self._anchor, self._caret):
            self._anchor, self._caret = anchor, caret
            self._view.update()
            self._view.selection_changed.emit()

    def press(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._view.boxes:
            return
        point = event.position()
        self._pressed_link = self._view.link_at(point)
        at = self._view.hit(point)
        if self._pressed_at is not None and self._word and self._is_near(point):
            number = at[0]
            self._word = None
            self._set((number, 0), (number, self._view.boxes[number].length))
            return
        self._word = None
        self._pressed_at = point
        extends = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor
        self._set(self._anchor if extends else at, at)

    def drag(self, event: QMouseEvent) -> None:
        point = event.position()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            link = self._view.link_at(point)
            self._view.setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor)
            is_outward = link and not is_inner(link)
            self._view.setToolTip(str(link) if is_outward else "" if link else self._view.hint_at(point))
            return
        if self._anchor is None or (self._pressed_at is not None and self._is_near(point) and self.is_empty):
            return
        self._pressed_link = None
        at = self._view.hit(point)
        if self._word:
            first, last = self._word
            self._set(*((first, max(at, last)) if at >= first else (last, at)))
        else:
            self._set(self._anchor, at)
        self._view.caret_moved.emit(self._view.caret_rect(at))

    def release(self, event: QMouseEvent) -> None:
        link, self._pressed_link = self._pressed_link, None
        if (
            event.button() == Qt.MouseButton.LeftButton
            and link
            and self.is_empty
            and self._view.link_at(event.position()) == link
        ):
            self._view.activate(link)

    def select_word(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._view.boxes:
            return
        self._pressed_link = None
        self._pressed_at = event.position()
        number, position = self._view.hit(event.position())
        start, end = _word_at(self._view.boxes[number], position)
        self._word = ((number, start), (number, end))
        self._set(*self._word)

    def _is_near(self, point: QPointF) -> bool:
        assert self._pressed_at is not None
        return (point - self._pressed_at).manhattanLength() < QApplication.startDragDistance()

    def show_menu(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self._view)
        copy = menu.addAction(tr("Copy"))
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(not self.is_empty)
        copy.triggered.connect(self.copy)
        link = self._view.link_at(QPointF(event.pos()))
        if link and not is_inner(link):
            menu.addAction(tr("Open link")).triggered.connect(lambda: self._view.activate(link))
            menu.addAction(tr("Copy link address")).triggered.connect(lambda: QGuiApplication.clipboard().setText(link))
        piece = self._view.file_at(QPointF(event.pos()))
        if piece is not None:
            menu.addAction(tr("Make a file of it")).triggered.connect(lambda: self._view.file_wished.emit(piece))
        everything = menu.addAction(tr("Select all"))
        everything.setShortcut(QKeySequence.StandardKey.SelectAll)
        everything.setEnabled(bool(self._view.boxes))
        everything.triggered.connect(self._view.select_all)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the selection or a link."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._view.select_all()
        elif event.key() == Qt.Key.Key_Escape and (not self.is_empty or self._link >= 0):
            self.clear()
            self.leave_links()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._link >= 0:
            self._view.activate(self._links()[self._link][3])
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._view.boxes:
            return self._extend(event)
        else:
            return False
        return True

    def _extend(self, event: QKeyEvent) -> bool:
        caret = self._caret or (0, 0)
        by_word = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        last = len(self._view.boxes) - 1
        match event.key():
            case Qt.Key.Key_Left:
                moved = self._step(caret, -1, by_word)
            case Qt.Key.Key_Right:
                moved = self._step(caret, 1, by_word)
            case Qt.Key.Key_Up:
                moved = self._step_line(caret, -1)
            case Qt.Key.Key_Down:
                moved = self._step_line(caret, 1)
            case Qt.Key.Key_Home:
                moved = (0, 0) if by_word else (caret[0], self._view.boxes[caret[0]].line_ends(caret[1])[0])
            case Qt.Key.Key_End:
                end = (last, self._view.boxes[last].length)
                moved = end if by_word else (caret[0], self._view.boxes[caret[0]].line_ends(caret[1])[1])
            case _:
                return False
        self._set(self._anchor or (0, 0), moved)
        self._view.caret_moved.emit(self._view.caret_rect(moved))
        return True

    def _step(self, caret: Position, step: int, by_word: bool) -> Position:
        number, position = caret
        box = self._view.boxes[number]
        if by_word and box.length:
            start, end = _word_at(box, min(box.length, position) if step > 0 else max(0, position - 1))
            moved = end if step > 0 else start
        else:
            moved = _next_position(box, position, step)
        if moved != position and 0 <= moved <= box.length:
            return number, moved
        if step > 0 and number < len(self._view.boxes) - 1:
            return number + 1, 0
        if step < 0 and number > 0:
            return number - 1, self._view.boxes[number - 1].length
        return caret

    def _step_line(self, caret: Position, step: int) -> Position:
        rect = QRectF(self._view.caret_rect(caret))
        y = rect.bottom() + 2 if step > 0 else rect.top() - 2
        for _ in range(12):
            moved = self._view.hit(QPointF(rect.x(), y))
            if (moved > caret) if step > 0 else (moved < caret):
                return moved
            y += step * 6
        boxes = self._view.boxes
        return (len(boxes) - 1, boxes[-1].length) if step > 0 else (0, 0)

    def _links(self) -> list[tuple[int, int, int, str]]:
        return [(number, *link) for number, box in enumerate(self._view.boxes) for link in box.links()]

    def step_link(self, forward: bool) -> bool:
        """To the next link; False past the last one."""
        count = len(self._links())
        wanted = self._link + (1 if forward else -1)
        if not forward and self._link < 0:
            return False
        if not 0 <= wanted < count:
            self.leave_links()
            return not forward and wanted == -1
        self._link = wanted
        rects = self.link_rects()
        if rects:
            self._view.caret_moved.emit(rects[0].toAlignedRect())
        self._view.update()
        return True

    def leave_links(self) -> None:
        self._link = -1
        self._view.update()

    def link_rects(self) -> list[QRectF]:
        """Where the link that the keys have reached stands."""
        links = self._links() if self._link >= 0 else []
        if not links:
            return []
        number, start, end, _ = links[min(self._link, len(links) - 1)]
        box = self._view.boxes[number]
        cell, offset = box.find(start)
        shift = box.origin + QPointF(self._view.rect_of(box).topLeft())
        return [rect.translated(shift) for rect in box.cell(cell).rects(offset, offset + end - start)]


def _word_at(box: Box, position: int) -> tuple[int, int]:
    """The word around a position, or the one character there."""
    if not box.starts:
        return 0, box.length
    number, offset = box.find(position)
    text, start = box.texts[number], box.starts[number]
    index = len(cut(text, 0, offset))
    index = min(index, max(0, len(text) - 1))
    first = last = index
    if text and _is_word(text[index]):
        while first > 0 and _is_word(text[first - 1]):
            first -= 1
        while last < len(text) and _is_word(text[last]):
            last += 1
    else:
        last = min(len(text), index + 1)
    return start + units(text[:first]), start + units(text[:last])


def _is_word(character: str) -> bool:
    return character.isalnum() or character in "_'’"


def _next_position(box: Box, position: int, step: int) -> int:
    """One character further, over cells, never between the halves of one."""
    if not box.starts:
        return position
    number, offset = box.find(position)
    layout = box.cell(number).layout
    size = units(box.texts[number])
    if step > 0 and offset < size:
        return box.starts[number] + layout.nextCursorPosition(offset)
    if step < 0 and offset > 0:
        return box.starts[number] + layout.previousCursorPosition(offset)
    return position + step
