"""What can be done in a table, as actions for menus and keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.artifact.grid.actions import GridActions
from forgeapp.ui.controls import tell_obstacle
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.table_editor import TableEditor

_CLIPBOARD = ("table.cut", "table.copy", "table.paste", "table.clear", "table.fill_down")
_ROWS = ("table.insert_row_above", "table.insert_row_below", "table.delete_rows")
_COLUMNS = ("table.insert_column_left", "table.insert_column_right", "table.delete_columns")
_MOVE_ROWS = ("table.move_rows_up", "table.move_rows_down")
_MOVE_COLUMNS = ("table.move_columns_left", "table.move_columns_right")
_SORT = ("table.sort_up", "table.sort_down", "table.filter")
_VIEW = ("table.cycle_sort", "table.arrange_again", "table.clear_view", "table.apply_view")
_PLACES = {
    "cells": (_CLIPBOARD, _ROWS, _COLUMNS, _SORT),
    "rows": (_CLIPBOARD, _ROWS, _MOVE_ROWS),
    "columns": (("table.rename_column", "table.fit_column"), _CLIPBOARD, _COLUMNS, _MOVE_COLUMNS, _SORT),
}
_MENU = (
    _ROWS,
    _MOVE_ROWS,
    (*_COLUMNS, "table.rename_column", "table.fit_column"),
    _MOVE_COLUMNS,
    _SORT,
    _VIEW,
    ("table.fill_down",),
)


class TableActions(GridActions):
    """`in_order` is the whole menu."""

    def __init__(self, editor: TableEditor) -> None:
        super().__init__(editor.grid, editor)
        self._editor = editor
        grid, stack = editor.grid, editor.undo_stack
        standard = QKeySequence.StandardKey
        self._add("table.undo", tr("Undo"), stack.undo, "undo-2", standard.Undo)
        self._add("table.redo", tr("Redo"), stack.redo, "redo-2", standard.Redo, "Ctrl+Y")
        self._add("table.cut", tr("Cut"), grid.cut, "scissors", standard.Cut)
        self._add("table.copy", tr("Copy"), grid.copy, "copy", standard.Copy)
        self._add("table.paste", tr("Paste"), grid.paste, "clipboard-paste", standard.Paste)
        self._add("table.clear", tr("Clear"), grid.clear_cells, "eraser", "Del", "Backspace")
        self._add("table.select_all", tr("Select all"), grid.select_all, None, standard.SelectAll)
        self._add("table.select_rows", tr("Select the row"), self._select_rows, None, "Shift+Space")
        self._add("table.select_columns", tr("Select the column"), self._select_columns, None, "Ctrl+Space")
        self._add("table.fill_down", tr("Fill down"), editor.steps.fill_down, "arrow-down-to-line", "Ctrl+D")
        insert_rows, insert_columns = editor.steps.insert_rows, editor.insert_columns
        self._add(
            "table.insert_row_above",
            tr("Insert row above"),
            partial(insert_rows, False),
            "arrow-up-from-line",
            "Alt+Shift+Up",
        )
        self._add(
            "table.insert_row_below",
            tr("Insert row below"),
            partial(insert_rows, True),
            "arrow-down-from-line",
            "Alt+Shift+Down",
        )
        self._add("table.delete_rows", tr("Delete rows"), editor.steps.delete_rows, "trash-2", "Ctrl+-")
        self._add(
            "table.insert_column_left",
            tr("Insert column left"),
            partial(insert_columns, False),
            "arrow-left-from-line",
            "Alt+Shift+Left",
        )
        self._add(
            "table.insert_column_right",
            tr("Insert column right"),
            partial(insert_columns, True),
            "arrow-right-from-line",
            "Alt+Shift+Right",
        )
        self._add("table.delete_columns", tr("Delete columns"), editor.steps.delete_columns, "trash-2", "Ctrl+Alt+-")
        self._add("table.rename_column", tr("Rename column"), self._rename, "pencil", "Shift+F2")
        self._add("table.fit_column", tr("Fit width to content"), self._fit, "move-horizontal")
        move = editor.steps.move_selection
        self._add("table.move_rows_up", tr("Move rows up"), partial(move, -1, 0), "arrow-up", "Alt+Up")
        self._add("table.move_rows_down", tr("Move rows down"), partial(move, 1, 0), "arrow-down", "Alt+Down")
        self._add("table.move_columns_left", tr("Move columns left"), partial(move, 0, -1), "arrow-left", "Alt+Left")
        self._add("table.move_columns_right", tr("Move columns right"), partial(move, 0, 1), "arrow-right", "Alt+Right")
        find = self._add_find("table", editor.find_bar)
        self._add("table.sort_up", tr("Sort up"), partial(editor.sort, False), "arrow-down-a-z")
        self._add("table.sort_down", tr("Sort down"), partial(editor.sort, True), "arrow-down-z-a")
        self._add("table.filter", tr("Filter …"), editor.open_filter, "funnel", "Ctrl+Shift+L")
        self._add("table.cycle_sort", tr("Sort: up, down, as they are"), editor.cycle_sort, "arrow-up", "Ctrl+Alt+S")
        self._add("table.arrange_again", tr("Sort and filter again"), editor.arranging.again, "rotate-cw", "Ctrl+Alt+L")
        self._add("table.clear_view", tr("Show all rows as they are"), editor.arranging.clear, "funnel-x")
        self._add("table.apply_view", tr("Apply to the data"), editor.apply_view, "list-checks")
        self.in_order = self._with_separators((*_MENU, find))
        self._by_place = {place: self._with_separators(groups) for place, groups in _PLACES.items()}

    def for_place(self, place: str) -> list[QAction]:
        """The context menu of 'cells', 'rows' or 'columns'."""
        return self._by_place[place]

    def refresh(self) -> None:
        """Looks again at what can be done now."""
        rows, columns = self._editor.model.used()
        block = self._editor.grid.block()
        no_cell = "" if block is not None and columns else tr("No cell is selected")
        no_row = "" if block is not None and block.top < rows else tr("No row is selected")
        obstacles = dict.fromkeys(self._actions, no_cell)
        obstacles |= dict.fromkeys(("table.cut", "table.copy", "table.clear", "table.delete_rows"), no_row)
        obstacles |= dict.fromkeys(("table.find", "table.replace", "table.undo", "table.redo"), "")
        if block is not None:
            obstacles |= self._obstacles_at(block, rows, columns, no_cell, no_row)
        if self._editor.model.arrangement.is_idle:
            names = ("table.arrange_again", "table.clear_view", "table.apply_view")
            obstacles |= dict.fromkeys(names, tr("Nothing is sorted or filtered"))
        # As many are inserted as are selected: not as many rows as there are because a whole column is.
        if rows > 1 and self._editor.grid.whole_sections(Qt.Orientation.Horizontal):
            obstacles |= dict.fromkeys((*_ROWS, *_MOVE_ROWS), tr("Whole columns are selected"))
        elif columns > 1 and self._editor.grid.whole_sections(Qt.Orientation.Vertical):
            obstacles |= dict.fromkeys((*_COLUMNS, *_MOVE_COLUMNS), tr("Whole rows are selected"))
        for name, obstacle in obstacles.items():
            tell_obstacle(self._actions[name], obstacle)

    def _obstacles_at(self, block: Block, rows: int, columns: int, no_cell: str, no_row: str) -> dict[str, str]:
        is_arranged = tr("Rows are sorted or filtered")
        fixed = no_row or ("" if self._editor.steps.can_move_rows else is_arranged)
        return {
            "table.delete_columns": no_cell or (tr("A table keeps a column") if block.width >= columns else ""),
            "table.move_rows_up": fixed or ("" if block.top > 0 else tr("It is the first row")),
            "table.move_rows_down": fixed or ("" if block.bottom < rows - 1 else tr("It is the last row")),
            "table.move_columns_left": no_cell or ("" if block.left > 0 else tr("It is the first column")),
            "table.move_columns_right": no_cell or ("" if block.right < columns - 1 else tr("It is the last column")),
            "table.fill_down": no_row or ("" if block.bottom > 0 else tr("There is no row above")),
        }

    def _select_rows(self) -> None:
        block = self._editor.grid.block()
        if block is not None:
            self._editor.grid.select_rows(block.top, block.height)

    def _select_columns(self) -> None:
        block = self._editor.grid.block()
        if block is not None:
            self._editor.grid.select_columns(block.left, block.width)

    def _rename(self) -> None:
        current = self._editor.grid.current
        if current is not None:
            self._editor.name_column(current[1])

    def _fit(self) -> None:
        block = self._editor.grid.block()
        if block is not None:
            self._editor.grid.fit_columns(range(block.left, block.right + 1))
