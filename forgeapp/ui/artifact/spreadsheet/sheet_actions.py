"""What can be done in a spreadsheet, as actions for menus and keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from forgeapp.ui.artifact.grid.actions import GridActions
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor

_CLIPBOARD = ("sheet.cut", "sheet.copy", "sheet.paste", "sheet.clear")
_FILL = ("sheet.fill_down", "sheet.fill_right")
_VIEW = ("sheet.freeze", "sheet.unfreeze", "sheet.header", "sheet.fit_columns")
_SHEETS = ("sheet.add", "sheet.rename", "sheet.delete")
_STEPS = ("sheet.previous", "sheet.next")


class SheetActions(GridActions):
    """`in_order` is the whole menu."""

    def __init__(self, editor: SpreadsheetEditor) -> None:
        super().__init__(editor.grid, editor)
        self._editor = editor
        grid, stack = editor.grid, editor.undo_stack
        standard = QKeySequence.StandardKey
        self._add("sheet.undo", tr("Undo"), stack.undo, "undo-2", standard.Undo)
        self._add("sheet.redo", tr("Redo"), stack.redo, "redo-2", standard.Redo, "Ctrl+Y")
        self._add("sheet.cut", tr("Cut"), grid.cut, "scissors", standard.Cut)
        self._add("sheet.copy", tr("Copy"), grid.copy, "copy", standard.Copy)
        self._add("sheet.paste", tr("Paste"), grid.paste, "clipboard-paste", standard.Paste)
        self._add("sheet.clear", tr("Clear"), grid.clear_cells, "eraser", "Del", "Backspace")
        self._add("sheet.select_all", tr("Select all"), grid.select_all, None, standard.SelectAll)
        self._add("sheet.fill_down", tr("Fill down"), editor.fill_down, "arrow-down", "Ctrl+D")
        self._add("sheet.fill_right", tr("Fill right"), editor.fill_right, "arrow-right", "Ctrl+R")
        self._add("sheet.freeze", tr("Freeze above and left"), editor.freeze_here, "pin")
        self._add("sheet.unfreeze", tr("Unfreeze"), editor.unfreeze)
        self._add("sheet.header", tr("First row holds the names"), self._toggle_header).setCheckable(True)
        self._add("sheet.fit_columns", tr("Fit width to content"), editor.fit_columns, "move-horizontal")
        self._add("sheet.add", tr("Add a sheet"), editor.add_sheet, "plus", "Shift+F11")
        self._add("sheet.rename", tr("Rename the sheet"), editor.name_sheet, "pencil")
        self._add("sheet.delete", tr("Delete the sheet"), editor.delete_sheet, "trash-2")
        self._add("sheet.previous", tr("Previous sheet"), partial(editor.step_sheet, -1), None, "Ctrl+PgUp")
        self._add("sheet.next", tr("Next sheet"), partial(editor.step_sheet, 1), None, "Ctrl+PgDown")
        self.in_order = self._with_separators((_FILL, _VIEW, _SHEETS, _STEPS))
        self.for_cells = self._with_separators((_CLIPBOARD, _FILL, _VIEW))
        self.for_sheets = self._with_separators((_SHEETS,))

    def refresh(self) -> None:
        """Looks again at what can be done now."""
        editor = self._editor
        workbook, sheet, current = editor.workbook, editor.sheet, editor.grid.current
        self["sheet.delete"].setEnabled(len(workbook.sheets) > 1)
        self["sheet.previous"].setEnabled(editor.place > 0)
        self["sheet.next"].setEnabled(editor.place < len(workbook.sheets) - 1)
        self["sheet.unfreeze"].setEnabled(bool(sheet.frozen_rows or sheet.frozen_columns))
        self["sheet.freeze"].setEnabled(current is not None and current != (0, 0))
        self["sheet.header"].setChecked(sheet.has_header)

    def _toggle_header(self) -> None:
        self._editor.set_header(not self._editor.sheet.has_header)
