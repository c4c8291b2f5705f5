"""What can be done in a spreadsheet, as actions for menus and keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from forgeapp.ui.artifact.grid.actions import GridActions
from forgeapp.ui.artifact.spreadsheet.format_buttons import code_of
from forgeapp.ui.controls import tell_obstacle
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor

_CLIPBOARD = ("sheet.cut", "sheet.copy", "sheet.paste", "sheet.clear")
_FILL = ("sheet.fill_down", "sheet.fill_right")
_ROWS = ("sheet.insert_row_above", "sheet.insert_row_below", "sheet.delete_rows")
_COLUMNS = ("sheet.insert_column_left", "sheet.insert_column_right", "sheet.delete_columns")
_FORMATS = (
    "sheet.format_general",
    "sheet.format_number",
    "sheet.format_currency",
    "sheet.format_percent",
    "sheet.format_date",
    "sheet.format_custom",
)
_DECIMALS = ("sheet.more_decimals", "sheet.fewer_decimals")
_FREEZE = ("sheet.freeze", "sheet.freeze_rows", "sheet.freeze_columns", "sheet.unfreeze")
_VIEW = ("sheet.header", "sheet.fit_columns")
_SHEETS = ("sheet.add", "sheet.duplicate", "sheet.rename", "sheet.delete")
_HIDING = ("sheet.hide_rows", "sheet.hide_columns", "sheet.show_lines", "sheet.hide")
_MOVE = ("sheet.move_left", "sheet.move_right")
_STEPS = ("sheet.previous", "sheet.next")
_PLACES = {
    "cells": (_CLIPBOARD, _FILL, _ROWS, _COLUMNS, ("sheet.format_custom", *_DECIMALS), _FREEZE[:1] + _FREEZE[3:]),
    "rows": (_CLIPBOARD, _ROWS, ("sheet.hide_rows", "sheet.show_lines"), ("sheet.freeze_rows", "sheet.unfreeze")),
    "columns": (
        _CLIPBOARD,
        _COLUMNS,
        ("sheet.fit_columns", "sheet.hide_columns", "sheet.show_lines"),
        ("sheet.freeze_columns", "sheet.unfreeze"),
    ),
    "sheets": (_SHEETS, _HIDING[2:], _MOVE),
}


class SheetActions(GridActions):
    """`in_order` is the whole menu; `for_place` those for 'cells', 'rows', 'columns' or 'sheets'."""

    def __init__(self, editor: SpreadsheetEditor) -> None:
        super().__init__(editor.grid, editor)
        self._editor = editor
        self._add_edits()
        self._add_lines()
        self._add_formats()
        self._add_sheets()
        find = self._add_find("sheet", editor.find_bar)
        self.in_order = self._with_separators(
            (_FILL, _ROWS, _COLUMNS, _FORMATS, _DECIMALS, _FREEZE, _VIEW, _SHEETS, _HIDING, _MOVE, _STEPS, find)
        )
        self.for_place = {place: self._with_separators(groups) for place, groups in _PLACES.items()}

    def _add_edits(self) -> None:
        grid, stack, cells = self._editor.grid, self._editor.undo_stack, self._editor.cell_edits
        standard = QKeySequence.StandardKey
        self._add("sheet.undo", tr("Undo"), stack.undo, "undo-2", standard.Undo)
        self._add("sheet.redo", tr("Redo"), stack.redo, "redo-2", standard.Redo, "Ctrl+Y")
        self._add("sheet.cut", tr("Cut"), grid.cut, "scissors", standard.Cut)
        self._add("sheet.copy", tr("Copy"), grid.copy, "copy", standard.Copy)
        self._add("sheet.paste", tr("Paste"), grid.paste, "clipboard-paste", standard.Paste)
        self._add("sheet.clear", tr("Clear"), grid.clear_cells, "eraser", "Del", "Backspace")
        self._add("sheet.select_all", tr("Select all"), grid.select_all, None, standard.SelectAll)
        self._add("sheet.fill_down", tr("Fill down"), cells.fill_down, "arrow-down", "Ctrl+D")
        self._add("sheet.fill_right", tr("Fill right"), cells.fill_right, "arrow-right", "Ctrl+R")

    def _add_lines(self) -> None:
        cells = self._editor.cell_edits
        rows, columns, hide = cells.insert_rows, cells.insert_columns, self._editor.sheet_edits.hide_lines
        for name, words, act, mark, keys in (
            ("insert_row_above", tr("Insert row above"), partial(rows, False), "arrow-up-from-line", "Alt+Shift+Up"),
            ("insert_row_below", tr("Insert row below"), partial(rows, True), "arrow-down-from-line", "Alt+Shift+Down"),
            ("delete_rows", tr("Delete rows"), cells.delete_rows, "trash-2", "Ctrl+-"),
            (
                "insert_column_left",
                tr("Insert column left"),
                partial(columns, False),
                "arrow-left-from-line",
                "Alt+Shift+Left",
            ),
            (
                "insert_column_right",
                tr("Insert column right"),
                partial(columns, True),
                "arrow-right-from-line",
                "Alt+Shift+Right",
            ),
            ("delete_columns", tr("Delete columns"), cells.delete_columns, "trash-2", "Ctrl+Alt+-"),
            ("hide_rows", tr("Hide rows"), partial(hide, True), "eye-off", "Ctrl+9"),
            ("hide_columns", tr("Hide columns"), partial(hide, False), "eye-off", "Ctrl+0"),
        ):
            self._add(f"sheet.{name}", words, act, mark, keys)

    def _add_formats(self) -> None:
        """By Excel's keys, and by what Shift makes of them."""
        cells, bar = self._editor.cell_edits, self._editor.formula_bar
        for kind, words, mark, keys in (
            ("general", tr("Format: general"), None, ("Ctrl+Shift+~", "Ctrl+~", "Ctrl+Shift+`")),
            ("number", tr("Format: number"), None, ("Ctrl+Shift+1", "Ctrl+Shift+!", "Ctrl+!")),
            ("currency", tr("Format: currency"), None, ("Ctrl+Shift+4", "Ctrl+Shift+$", "Ctrl+$")),
            ("percent", tr("Format: percent"), "percent", ("Ctrl+Shift+5", "Ctrl+Shift+%", "Ctrl+%")),
            ("date", tr("Format: date"), None, ("Ctrl+Shift+3", "Ctrl+Shift+#", "Ctrl+#")),
        ):
            self._add(f"sheet.format_{kind}", words, partial(self._format, kind), mark, *keys)
        self._add("sheet.format_custom", tr("Number format…"), bar.formats.ask_code, None, "Ctrl+1")
        self._add(
            "sheet.more_decimals",
            tr("More decimals"),
            partial(cells.change_decimals, 1),
            "decimals-arrow-right",
            "Ctrl+Alt+.",
        )
        self._add(
            "sheet.fewer_decimals",
            tr("Fewer decimals"),
            partial(cells.change_decimals, -1),
            "decimals-arrow-left",
            "Ctrl+Alt+,",
        )

    def _add_sheets(self) -> None:
        editor, edits = self._editor, self._editor.sheet_edits
        self._add("sheet.freeze", tr("Freeze above and left"), edits.freeze_here, "pin")
        self._add("sheet.freeze_rows", tr("Freeze rows to here"), edits.freeze_rows, "pin")
        self._add("sheet.freeze_columns", tr("Freeze columns to here"), edits.freeze_columns, "pin")
        self._add("sheet.unfreeze", tr("Unfreeze"), edits.unfreeze)
        self._add("sheet.header", tr("First row holds the names"), self._toggle_header).setCheckable(True)
        self._add("sheet.fit_columns", tr("Fit width to content"), edits.fit_columns, "move-horizontal")
        self._add("sheet.add", tr("Add a sheet"), edits.add, "plus", "Shift+F11")
        self._add("sheet.duplicate", tr("Duplicate the sheet"), edits.duplicate, "copy-plus")
        self._add("sheet.rename", tr("Rename the sheet"), editor.name_sheet, "pencil")
        self._add("sheet.delete", tr("Delete the sheet"), edits.delete, "trash-2")
        self._add("sheet.hide", tr("Hide the sheet"), self._toggle_hidden, "eye-off").setCheckable(True)
        self._add("sheet.show_lines", tr("Show hidden rows and columns"), edits.show_lines, "eye")
        self._add("sheet.move_left", tr("Move the sheet left"), partial(edits.move, -1), "arrow-left")
        self._add("sheet.move_right", tr("Move the sheet right"), partial(edits.move, 1), "arrow-right")
        self._add("sheet.previous", tr("Previous sheet"), partial(editor.view.step, -1), None, "Ctrl+PgUp")
        self._add("sheet.next", tr("Next sheet"), partial(editor.view.step, 1), None, "Ctrl+PgDown")

    def refresh(self) -> None:
        """Looks again at what can be done now."""
        editor = self._editor
        workbook, sheet, current = editor.workbook, editor.sheet, editor.grid.current
        hidden, is_seen = sheet.hidden, editor.view.neighbour
        has_others = any(other is not sheet and not other.hidden.sheet for other in workbook.sheets)
        first, last = tr("It is the first sheet"), tr("It is the last sheet")
        for name, can_be_done, obstacle in (
            ("sheet.delete", len(workbook.sheets) > 1, tr("It is the only sheet")),
            ("sheet.previous", is_seen(-1) is not None, first),
            ("sheet.next", is_seen(1) is not None, last),
            ("sheet.move_left", editor.place > 0, first),
            ("sheet.move_right", editor.place < len(workbook.sheets) - 1, last),
            ("sheet.unfreeze", bool(sheet.frozen_rows or sheet.frozen_columns), tr("Nothing is frozen")),
            ("sheet.freeze", current is not None and current != (0, 0), tr("Nothing lies above or left")),
            ("sheet.hide", hidden.sheet or has_others, tr("No other would be seen")),
            ("sheet.show_lines", bool(hidden.rows or hidden.columns), tr("Nothing is hidden")),
        ):
            tell_obstacle(self[name], "" if can_be_done else obstacle)
        self["sheet.header"].setChecked(sheet.has_header)
        self["sheet.hide"].setChecked(hidden.sheet)

    def _format(self, kind: str) -> None:
        cells = self._editor.cell_edits
        cells.set_format(code_of(kind, cells.currency_code(), self._editor.recalculation.look))

    def _toggle_header(self) -> None:
        self._editor.sheet_edits.set_header(not self._editor.sheet.has_header)

    def _toggle_hidden(self) -> None:
        self._editor.sheet_edits.set_hidden(not self._editor.sheet.hidden.sheet)
