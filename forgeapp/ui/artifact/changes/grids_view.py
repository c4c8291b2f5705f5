"""Two tables or workbooks as grids: in one with what differs marked, or side by side, scrolled together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from forgeapp.domain.workbook import Values
from forgeapp.ui.artifact.changes.grid_delegate import ChangesDelegate
from forgeapp.ui.artifact.changes.grid_model import ChangesModel, Side
from forgeapp.ui.artifact.changes.grids import GridPicture
from forgeapp.ui.artifact.grid import GridView
from forgeapp.ui.icons import icon
from forgeapp.ui.theme import px
from forgeapp.ui.wording import tr

_TALL: Final = 44
_MAX_TALL: Final = 400
"""Rows made higher for what was there; where more differ it stands beside what is there now."""


class GridsView(QWidget):
    """Signals: `decided(hunk, is_taken)`, `reopened(hunk)`, `reached(hunk)`: the user has gone to its cell."""

    decided = Signal(int, bool)
    reopened = Signal(int)
    reached = Signal(int)

    def __init__(self, is_sided: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("changes_grids")
        self._pictures: Sequence[GridPicture] = ()
        self._decisions: Mapping[int, bool] | None = None
        self._hunks: Sequence[Sequence[int]] = ()
        self._sheet_of: dict[int, int] = {}
        self._current: int | None = None
        self._is_showing = False
        sides: tuple[Side, ...] = ("before", "after") if is_sided else ("both",)
        self.grids = [ChangesGrid(side) for side in sides]
        self.tabs = QTabBar()
        self.tabs.setObjectName("changes_sheets")
        self.tabs.setAccessibleName(tr("Sheets"))
        self.tabs.setShape(QTabBar.Shape.RoundedSouth)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        for grid in self.grids:
            row.addWidget(grid, 1)
            grid.selection_changed.connect(partial(self._on_selected, grid))
        if is_sided:
            _couple(*self.grids)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.tabs)
        self.setFocusProxy(self.grids[0])

    @property
    def current(self) -> int | None:
        return self._current

    @property
    def grid(self) -> ChangesGrid:
        return self.grids[-1]

    def bind(self, action: QAction) -> None:
        """Its keys work in the grids before their own."""
        for grid in self.grids:
            grid.bind(action)

    def show_picture(
        self, pictures: Sequence[GridPicture], told: Sequence[str], decisions: Mapping[int, bool] | None
    ) -> None:
        del told
        before = self._pictures[self.tabs.currentIndex()].name if self._pictures else None
        self._pictures, self._decisions, self._current = pictures, decisions, None
        self._hunks = [each.hunks for each in pictures]
        self._sheet_of = {hunk: number for number, hunks in enumerate(self._hunks) for hunk in hunks}
        self._is_showing = True
        while self.tabs.count():
            self.tabs.removeTab(0)
        for number, picture in enumerate(pictures):
            self.tabs.addTab(picture.name)
            self._mark_tab(number)
        self.tabs.setVisible(len(pictures) > 1 or any(picture.turn for picture in pictures))
        changed = next((number for number, hunks in enumerate(self._hunks) if hunks), 0)
        same = next((number for number, each in enumerate(pictures) if each.name == before), changed)
        if pictures:
            self.tabs.setCurrentIndex(same)
            self._show_sheet(same)
        self._is_showing = False

    def show_values(self, before: Values, after: Values) -> None:
        for grid in self.grids:
            grid.model_of.show_values(before, after)

    def show_decisions(self, hunks: Sequence[int] | None) -> None:
        del hunks
        for grid in self.grids:
            grid.model_of.refresh()
            grid.viewport().update()
        for number in range(len(self._pictures)):
            self._mark_tab(number)

    def show_hunk(self, hunk: int) -> None:
        self._current = hunk
        number = self._sheet_of.get(hunk)
        if number is None:
            return
        self._is_showing = True
        if number != self.tabs.currentIndex():
            self.tabs.setCurrentIndex(number)
            self._show_sheet(number)
        for grid in self.grids:
            grid.show_hunk(hunk)
        self._is_showing = False

    def _mark_tab(self, number: int) -> None:
        hunks = self._hunks[number]
        if not hunks:
            return
        is_open = any(hunk not in (self._decisions or {}) for hunk in hunks)
        name = {"added": "plus", "removed": "trash-2"}.get(self._pictures[number].turn, "pencil")
        self.tabs.setTabIcon(number, icon(name, "accent", 12) if is_open else icon("check", "ink_3", 12))

    def _on_tab_changed(self, number: int) -> None:
        if number >= 0 and not self._is_showing:
            self._show_sheet(number)

    def _show_sheet(self, number: int) -> None:
        for grid in self.grids:
            grid.show_picture(self._pictures[number], self._decisions)

    def _on_selected(self, grid: ChangesGrid) -> None:
        if self._is_showing or grid.current is None:
            return
        hunk = grid.model_of.hunk_at(*grid.current)
        if hunk is not None and hunk != self._current:
            self._current = hunk
            self.reached.emit(hunk)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for grid in self.grids:
            grid.limit_columns()


class ChangesGrid(GridView):
    """One grid, to be looked at only."""

    def __init__(self, side: Side) -> None:
        super().__init__()
        self.setObjectName(f"changes_grid_{side}")
        self.setAccessibleName({"before": tr("Before"), "after": tr("After")}.get(side, tr("Changes")))
        self.model_of = ChangesModel(side)
        self.cells = ChangesDelegate(self)
        self.setItemDelegate(self.cells)
        self.setModel(self.model_of)
        self._tall: list[int] = []

    def show_picture(self, picture: GridPicture, decisions: Mapping[int, bool] | None) -> None:
        for row in self._tall:
            if row < self.model_of.rowCount():
                self.setRowHeight(row, self.verticalHeader().defaultSectionSize())
        self.model_of.show_picture(picture, decisions)
        rows = sorted({row for row, _ in picture.cells})
        self._tall = rows if len(rows) <= _MAX_TALL else []
        for row in self._tall:
            self.setRowHeight(row, px(_TALL))
        self.fit_columns()
        self.limit_columns()

    def limit_columns(self) -> None:
        """No column is wider than can be seen at once."""
        most = max(px(120), self.viewport().width() * 3 // 5)
        for column in range(min(self.model_of.columnCount(), 200)):
            if self.columnWidth(column) > most:
                self.setColumnWidth(column, most)

    def show_hunk(self, hunk: int) -> None:
        place = self.model_of.picture.places.get(hunk)
        if place is None:
            return
        rows = [at for at, line in enumerate(self.model_of.picture.rows) if line.hunk == hunk]
        columns = [at for at, line in enumerate(self.model_of.picture.columns) if line.hunk == hunk]
        if rows:
            self.select_rows(rows[0], _run(rows))
        elif columns:
            self.select_columns(columns[0], _run(columns))
        else:
            self.go_to(*place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F2):
            event.ignore()
            return
        super().keyPressEvent(event)


def _run(numbers: Sequence[int]) -> int:
    """How many of them follow each other from the first on."""
    return next((at for at, number in enumerate(numbers) if number != numbers[0] + at), len(numbers))


def _couple(left: GridView, right: GridView) -> None:
    """What one scrolls, the other follows; their columns keep one width."""
    for one, other in ((left, right), (right, left)):
        one.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)
        one.horizontalScrollBar().valueChanged.connect(other.horizontalScrollBar().setValue)
        one.horizontalHeader().sectionResized.connect(
            lambda section, _old, new, other=other: other.setColumnWidth(section, new)
        )
