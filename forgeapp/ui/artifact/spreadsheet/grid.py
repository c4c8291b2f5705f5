"""The grid of a spreadsheet: frozen panes, column widths, cells copied with their formulas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from forgeapp.ui.artifact.grid import Block, GridView, to_html, to_tsv
from forgeapp.ui.artifact.grid.cell_editor import PADDING
from forgeapp.ui.artifact.grid.model import Index
from forgeapp.ui.artifact.spreadsheet.cells import SheetDelegate
from forgeapp.ui.artifact.spreadsheet.clip import MIME, clip_of, from_bytes, to_bytes
from forgeapp.ui.artifact.spreadsheet.frozen import FrozenStrip
from forgeapp.ui.artifact.spreadsheet.model import BLANK_COLUMNS, BLANK_ROWS, SheetModel
from forgeapp.ui.theme import px

DEFAULT_WIDTH = 88
_MIN_WIDTH = 64
_MAX_WIDTH = 320
_SPARE_WIDTH = 12
"""So that a slightly longer number still fits."""
_MAX_HTML_CELLS = 50_000
_NEAR_EDGE = 2
_MEASURED_ROWS = 60
_LAID_OUT_COLUMNS = 200


class SheetGrid(GridView):
    """Signals beside those of `GridView`: `clip_pasted(Clip, Block)`: our own cells, and the selection they are for;
    `width_chosen(column, characters)` by dragging; `width_freed(column)` by double click: as its content needs."""

    clip_pasted = Signal(object, object)
    width_chosen = Signal(int, float)
    width_freed = Signal(int)

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        # Qt scrolls while the base is still being made.
        self._frozen = (0, 0)
        super().__init__(parent=parent)
        self._resized: int | None = None
        self._is_laying_out = False
        self.cells = SheetDelegate(self)
        self.cells.went_on.connect(self._on_went_on)
        self.setItemDelegate(self.cells)
        self.column_header.setDefaultSectionSize(px(DEFAULT_WIDTH))
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

    def copy(self) -> None:
        self._put(is_cut=False)

    def cut(self) -> None:
        if self._put(is_cut=True):
            self.clear_cells()

    def paste(self) -> None:
        data, block = QGuiApplication.clipboard().mimeData(), self.block()
        clip = from_bytes(bytes(data.data(MIME).data())) if data is not None and data.hasFormat(MIME) else None
        if clip is not None and block is not None:
            self.clip_pasted.emit(clip, block)
        else:
            super().paste()

    def _put(self, is_cut: bool) -> bool:
        """What is selected on the clipboard: as text, as a table and, where it is one block, as our own cells."""
        blocks = self.used_blocks()
        if not blocks:
            return False
        rows = self.copied_rows()
        data = QMimeData()
        data.setText(to_tsv(rows))
        if sum(len(row) for row in rows) <= _MAX_HTML_CELLS:
            data.setHtml(to_html(rows))
        clip = clip_of(self.sheet_model().sheet, blocks[0], is_cut) if len(blocks) == 1 else None
        if clip is not None:
            data.setData(MIME, to_bytes(clip))
        QGuiApplication.clipboard().setMimeData(data)
        return True

    # Qt

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_strips()

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
