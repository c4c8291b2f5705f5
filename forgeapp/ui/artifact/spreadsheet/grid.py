"""The grid of a spreadsheet: frozen panes, column widths, cells copied with their formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from forgeapp.ui.artifact.grid import Block, GridView
from forgeapp.ui.artifact.grid.cell_editor import PADDING
from forgeapp.ui.artifact.grid.clipboard import take
from forgeapp.ui.artifact.grid.model import Index
from forgeapp.ui.artifact.grid.outline import block_rect
from forgeapp.ui.artifact.grid.steps import edge_from
from forgeapp.ui.artifact.spreadsheet.cells import SheetDelegate
from forgeapp.ui.artifact.spreadsheet.clip import MAX_CELLS
from forgeapp.ui.artifact.spreadsheet.copying import Copied, Copying, filled_cells
from forgeapp.ui.artifact.spreadsheet.fill_handle import FillHandle
from forgeapp.ui.artifact.spreadsheet.frozen import FrozenStrip
from forgeapp.ui.artifact.spreadsheet.hidden_lines import HiddenLines, hides_within
from forgeapp.ui.artifact.spreadsheet.model import BLANK_COLUMNS, BLANK_ROWS, SheetModel
from forgeapp.ui.theme import color, px
from forgeapp.ui.wording import number_text, tr

DEFAULT_WIDTH = 88
_MIN_WIDTH = 64
_MAX_WIDTH = 320
_SPARE_WIDTH = 12
"""So that a slightly longer number still fits."""
_NEAR_EDGE = 2
_MEASURED_ROWS = 60
_LAID_OUT_COLUMNS = 200


class Pointer(Protocol):
    def points(self, row: int, column: int, extends: bool) -> bool:
        """Whether a cell the mouse is pressed on, or goes on to (`extends`), is for a formula."""
        ...


class SheetGrid(GridView):
    """Signals beside those of `GridView`: `clip_pasted(Clip, Block)`: our own cells, and the selection they are for;
    `cut_pasted(sheet, Block, Block)`: cells of the sheet of that name to be moved, and where to; `cut_changed()`;
    `width_chosen(column, characters)` by dragging; `width_freed(column)` by double click: as its content needs;
    `filled(Block, Block)`: the first is to be carried on over the second.

    `pointer`: what a formula being typed does with cells the mouse points at.
    """

    clip_pasted = Signal(object, object)
    cut_pasted = Signal(str, object, object)
    cut_changed = Signal()
    width_chosen = Signal(int, float)
    width_freed = Signal(int)
    filled = Signal(object, object)

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        # Qt scrolls while the base is still being made.
        self._frozen = (0, 0)
        super().__init__(parent=parent)
        self._resized: int | None = None
        self._is_laying_out = False
        self._cut: Copied | None = None
        self._highlights: Sequence[tuple[Block, str]] = ()
        self.pointer: Pointer | None = None
        self._is_pointed_at = False
        self.handle = FillHandle(self)
        self.viewport().setMouseTracking(True)
        self.copying = Copying(model.recalculation, self)
        self.cells = SheetDelegate(self)
        self.cells.went_on.connect(self._on_went_on)
        self.setItemDelegate(self.cells)
        self.column_header.setDefaultSectionSize(px(DEFAULT_WIDTH))
        self.lines = HiddenLines(self)
        self._strips = [FrozenStrip(self) for _ in range(3)]
        self.setModel(model)
        self.column_header.sectionResized.connect(self._on_section_resized)
        self.column_header.sectionHandleDoubleClicked.connect(self._on_handle_double_clicked)
        self.column_header.viewport().installEventFilter(self)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._on_scrolled)
        self.selection_changed.connect(self._on_selection_changed)
        model.dataChanged.connect(self._update_strips)

    def sheet_model(self) -> SheetModel:
        return cast(SheetModel, self.model())

    def go_on(self, rows: int, columns: int) -> None:
        """As Enter and Tab do."""
        self._on_went_on(rows, columns)

    # Formulas being typed

    def set_highlights(self, highlights: Sequence[tuple[Block, str]]) -> None:
        """Blocks outlined in the colour of a role each: what a formula refers to."""
        if highlights or self._highlights:
            self._highlights = highlights
            self.viewport().update()

    @property
    def highlights(self) -> Sequence[tuple[Block, str]]:
        return self._highlights

    def place_from(self, start: tuple[int, int], rows: int, columns: int, to_edge: bool) -> tuple[int, int]:
        """The cell a step leads to, kept within the grid."""
        model = self.sheet_model()
        row, column = edge_from(model, start, rows, columns) if to_edge else (start[0] + rows, start[1] + columns)
        row, column = min(max(row, 0), model.rowCount() - 1), min(max(column, 0), model.columnCount() - 1)
        return self.seen_from(row, column, rows, columns)

    def cell_near(self, point: QPoint) -> tuple[int, int] | None:
        """The cell under a point of the viewport, or the nearest one in view."""
        area = self.viewport().rect()
        inside = QPoint(min(max(point.x(), 0), area.right()), min(max(point.y(), 0), area.bottom()))
        index = self.indexAt(inside)
        if not index.isValid():
            return None
        # Past an edge: one further, so that drawing on scrolls.
        row = index.row() + (point.y() > area.bottom()) - (point.y() < 0)
        column = index.column() + (point.x() > area.right()) - (point.x() < 0)
        return self.place_from((row, column), 0, 0, False)

    # Columns

    def widen(self, columns: Iterable[int] | None = None) -> None:
        """Columns whose width nobody chose, where their numbers need more; without `columns` all that are used."""
        chosen, model = self.sheet_model().sheet.widths, self.sheet_model()
        self._is_laying_out = True
        for column in range(min(self.used()[1], _LAID_OUT_COLUMNS)) if columns is None else columns:
            looks = (model.look(row, column) for row in self._measured_rows())
            wanted = max((self.cells.text_width(look) for look in looks if look.align == "right"), default=0)
            wanted = min(wanted, px(_MAX_WIDTH))
            if column not in chosen and wanted > self.columnWidth(column):
                self.setColumnWidth(column, wanted + px(_SPARE_WIDTH))
        self._is_laying_out = False
        self._place_strips()

    def _measured_rows(self) -> list[int]:
        """The first ones and those in view."""
        used = self.used()[0]
        first = max(self.rowAt(0), 0)
        return [*range(min(used, _MEASURED_ROWS)), *range(first, min(first + _MEASURED_ROWS, used))]

    def lay_out(self, columns: Iterable[int] | None = None) -> None:
        """Columns as wide as the sheet says, else as their content needs; without `columns` all that are used."""
        self._is_laying_out = True
        chosen = self.sheet_model().sheet.widths
        if columns is None:
            columns = sorted({*range(min(self.used()[1], _LAID_OUT_COLUMNS)), *chosen})
        for column in columns:
            if column >= self.model().columnCount():
                continue
            if column in chosen:
                width = self.pixels(chosen[column])
            else:
                width = min(max(self.sizeHintForColumn(column) + px(_SPARE_WIDTH), px(_MIN_WIDTH)), px(_MAX_WIDTH))
            if width != self.columnWidth(column):
                self.setColumnWidth(column, width)
        self._is_laying_out = False
        self._place_strips()

    def reset_widths(self) -> None:
        """For another sheet."""
        self._is_laying_out = True
        for column in range(self.model().columnCount()):
            if self.columnWidth(column) != px(DEFAULT_WIDTH):
                self.setColumnWidth(column, px(DEFAULT_WIDTH))
        self._is_laying_out = False
        self.lay_out()

    def pixels(self, characters: float) -> int:
        digit = self.cells.metrics().horizontalAdvance("0")
        return round(min(max(characters, 1), 255) * digit) + 2 * PADDING

    def characters(self, pixels: int) -> float:
        digit = self.cells.metrics().horizontalAdvance("0")
        return round(max(pixels - 2 * PADDING, digit) / digit, 2)

    def _on_section_resized(self, column: int, _before: int, _after: int) -> None:
        if not self._is_laying_out:
            self._resized = column
            self._place_strips()

    def _on_handle_double_clicked(self, column: int) -> None:
        self._resized = None
        self.width_freed.emit(column)

    # Frozen panes

    def freeze(self, rows: int, columns: int) -> None:
        """Keeps the first rows and columns in view."""
        self._frozen = rows, columns
        self._place_strips()

    def frozen_height(self) -> int:
        rows = min(self._frozen[0], self.model().rowCount())
        return self.row_header.sectionPosition(rows - 1) + self.row_header.sectionSize(rows - 1) if rows else 0

    def frozen_width(self) -> int:
        columns = min(self._frozen[1], self.model().columnCount())
        header = self.column_header
        return header.sectionPosition(columns - 1) + header.sectionSize(columns - 1) if columns else 0

    def press(self, row: int, column: int, extends: bool) -> None:
        """A click on a cell in a frozen pane."""
        if self.pointer is not None and self.pointer.points(row, column, extends):
            return
        if extends:
            self._arrive(row, column, True)
        else:
            self.go_to(row, column)

    def _place_strips(self) -> None:
        rows = self._frozen[0] if self.verticalScrollBar().value() else 0
        columns = self._frozen[1] if self.horizontalScrollBar().value() else 0
        self._strips[0].place(rows, 0)
        self._strips[1].place(0, columns)
        self._strips[2].place(*((rows, columns) if rows and columns else (0, 0)))

    def _update_strips(self) -> None:
        for strip in self._strips:
            strip.update()

    # Growing

    def _on_scrolled(self) -> None:
        self._place_strips()
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        if vertical.value() and vertical.value() == vertical.maximum():
            self.sheet_model().grow(BLANK_ROWS, 0)
        if horizontal.value() and horizontal.value() == horizontal.maximum():
            self.sheet_model().grow(0, BLANK_COLUMNS)

    def _on_selection_changed(self) -> None:
        self._update_strips()
        current = self.current
        if current is None:
            return
        rows, columns = self.model().rowCount(), self.model().columnCount()
        if current[0] >= rows - _NEAR_EDGE:
            self.sheet_model().grow(BLANK_ROWS, 0)
        if current[1] >= columns - _NEAR_EDGE:
            self.sheet_model().grow(0, BLANK_COLUMNS)

    # Clipboard

    def copy(self) -> bool:
        return self._put() is not None

    def cut(self) -> None:
        """The cells stay until they are pasted, which moves them; what refers to them follows then."""
        if len(self.used_blocks()) > 1:
            self.refused.emit(tr("cells that lie apart are not moved together"))
            return
        if hides_within(self.lines.unseen, self.used_blocks()):
            self.refused.emit(tr("hidden cells lie between those that are selected"))
            return
        copied = self._put(is_cut=True)
        if copied is not None:
            self._cut = copied
            self.viewport().update()
            self.cut_changed.emit()

    @property
    def is_cut(self) -> bool:
        """Whether cells wait to be pasted elsewhere."""
        return self._cut is not None

    def end_cut(self) -> None:
        """Cells that were cut stay where they are."""
        if self._cut is not None:
            self._cut = None
            self.viewport().update()
            self.cut_changed.emit()

    def paste(self) -> None:
        clip, block = self.copying.take(), self.block()
        if block is None:
            return
        cut = self._cut
        if clip is None:
            # Never the very cells of a table: what is text there must not become a formula here.
            self.give(take(with_own=False))
        elif cut is not None and clip.cut == cut.token:
            self.end_cut()
            QGuiApplication.clipboard().clear()
            self.cut_pasted.emit(cut.sheet.name, cut.blocks[0], block)
        else:
            self.clip_pasted.emit(clip, block)

    def _put(self, is_cut: bool = False) -> Copied | None:
        """What is selected and can be seen on the clipboard; what was cut before stays where it is."""
        if not self.can_copy():
            return None
        self.end_cut()
        sheet, blocks, unseen = self.sheet_model().sheet, self.used_blocks(), self.lines.unseen
        filled = [at for at in filled_cells(sheet, {}, blocks) if not unseen.covers(at)]
        if len(filled) > MAX_CELLS:
            self.refused.emit(tr("at most {count} cells are copied at once", count=number_text(MAX_CELLS)))
            return None
        return self.copying.put(sheet, blocks, filled, is_cut, unseen)

    # Qt

    def currentChanged(self, current: Index, previous: Index) -> None:
        if current.isValid():
            self.lines.uncover(current.row(), current.column())
        if not QGuiApplication.mouseButtons():
            # What the mouse is pressed on must not move away below it.
            self.lines.cover(self.current)
        super().currentChanged(current, previous)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """What is frozen is in view already; the rest must not end up beneath it."""
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        before = vertical.value(), horizontal.value()
        super().scrollTo(index, hint)
        rect = self.visualRect(index)
        if index.row() < self._frozen[0]:
            vertical.setValue(before[0])
        elif rect.top() < self.frozen_height():
            vertical.setValue(max(vertical.value() - (self.frozen_height() - rect.top()), 0))
        if index.column() < self._frozen[1]:
            horizontal.setValue(before[1])
        elif rect.left() < self.frozen_width():
            horizontal.setValue(max(horizontal.value() - (self.frozen_width() - rect.left()), 0))

    def edit(self, index: Index, trigger: object = None, event: QEvent | None = None) -> bool | None:  # type: ignore[override]
        is_opening = not isinstance(trigger, QAbstractItemView.EditTrigger) or bool(trigger & self.editTriggers())
        if is_opening and index.row() < self._frozen[0]:
            self.verticalScrollBar().setValue(0)
        if is_opening and index.column() < self._frozen[1]:
            self.horizontalScrollBar().setValue(0)
        return super().edit(index, trigger, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_release = event.type() is QEvent.Type.MouseButtonRelease
        if is_release and watched is self.column_header.viewport() and self._resized is not None:
            column, self._resized = self._resized, None
            self.width_chosen.emit(column, self.characters(self.columnWidth(column)))
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton:
            at, extends = self.indexAt(point), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if self.handle.press(point):
                return
            if at.isValid() and self.pointer is not None and self.pointer.points(at.row(), at.column(), extends):
                self._is_pointed_at = True
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self.handle.is_drawn:
            self.handle.draw_to(point)
        elif self._is_pointed_at:
            at = self.cell_near(point)
            if at is not None and self.pointer is not None:
                self.pointer.points(*at, True)
        else:
            is_over = not event.buttons() and self.handle.is_at(point)
            self.viewport().setCursor(Qt.CursorShape.CrossCursor if is_over else Qt.CursorShape.ArrowCursor)
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.handle.is_drawn:
            drawn = self.handle.release()
            if drawn is not None:
                self.filled.emit(*drawn)
        elif self._is_pointed_at:
            self._is_pointed_at = False
        else:
            super().mouseReleaseEvent(event)
        self.lines.cover(self.current)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the handle: down as far as the column beside it goes; else the cell is written in."""
        block = self.block()
        if block is not None and self.handle.is_at(event.position().toPoint()):
            bottom = self._end_beside(block)
            if bottom > block.bottom:
                self.filled.emit(block, block._replace(bottom=bottom))
            return
        super().mouseDoubleClickEvent(event)

    def _end_beside(self, block: Block) -> int:
        """The last row down to which a column beside a block is filled without a gap."""
        model = self.sheet_model()
        for column in (block.left - 1, block.right + 1):
            row = block.bottom
            while column >= 0 and row + 1 < self.used()[0] and model.has_text(row + 1, column):
                row += 1
            if row > block.bottom:
                return row
        return block.bottom

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_strips()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.handle.release(gives_up=True)
            self.end_cut()
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        for block, tone in self._highlights:
            cut_block = block.within(self.model().rowCount(), self.model().columnCount())
            if cut_block is not None:
                area = block_rect(self, cut_block)
                painter.fillRect(area.adjusted(1, 1, -1, -1), color(tone, 0.08))
                painter.setPen(QPen(color(tone), 2))
                painter.drawRect(area.adjusted(1, 1, -1, -1))
        self.handle.paint(painter)
        cut = self._cut
        if cut is not None and cut.sheet.name == self.sheet_model().sheet.name:
            painter.setPen(QPen(color("accent"), 2, Qt.PenStyle.DashLine))
            painter.drawRect(block_rect(self, cut.blocks[0]).adjusted(1, 1, -1, -1))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.model() is not None:
            self.column_header.setDefaultSectionSize(px(DEFAULT_WIDTH))
            self.lay_out()


def bounding(cells: Iterable[tuple[int, int]]) -> Block | None:
    """The smallest block with all these cells."""
    found = list(cells)
    if not found:
        return None
    rows, columns = [row for row, _ in found], [column for _, column in found]
    return Block(min(rows), min(columns), max(rows), max(columns))
