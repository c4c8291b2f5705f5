"""What is done to whole sheets, each as one step: added, named, moved, frozen, their columns' widths."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forgeapp.domain.workbook import Hidden
from forgeapp.domain.workbook_edits import (
    add_sheet,
    change_layout,
    delete_sheet,
    duplicate_sheet,
    hide_sheet,
    layout_of,
    move_sheet,
    rename_sheet,
    resize_column,
)
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor


class SheetEdits:
    """Of one editor; 'the sheet' is the one in view."""

    def __init__(self, editor: SpreadsheetEditor) -> None:
        self._editor = editor

    def add(self) -> None:
        """A blank sheet behind the one in view."""
        editor = self._editor
        taken = {sheet.name.casefold() for sheet in editor.workbook.sheets}
        number = len(taken) + 1
        while tr("Sheet {number}", number=number).casefold() in taken:
            number += 1
        name = tr("Sheet {number}", number=number)
        editor.take(tr("Add a sheet"), add_sheet(editor.workbook, name, editor.place + 1))
        editor.grid.setFocus()

    def duplicate(self) -> None:
        editor = self._editor
        change = duplicate_sheet(editor.workbook, editor.place, editor.sheet.name)
        editor.take(tr("Duplicate a sheet"), change)
        editor.grid.setFocus()

    def move(self, by: int) -> None:
        """The sheet so many places to the right."""
        editor = self._editor
        editor.take(tr("Move a sheet"), move_sheet(editor.workbook, editor.place, editor.place + by))

    def rename(self, place: int, name: str) -> None:
        """Formulas that name the sheet follow."""
        editor = self._editor
        if place < len(editor.workbook.sheets):
            editor.take(tr("Rename a sheet"), rename_sheet(editor.workbook, place, name))
        editor.grid.setFocus()

    def delete(self, place: int | None = None) -> None:
        """The sheet at `place`, by default the one in view; the last one stays."""
        editor = self._editor
        if len(editor.workbook.sheets) > 1:
            change = delete_sheet(editor.workbook, editor.place if place is None else place)
            editor.take(tr("Delete a sheet"), change)

    def freeze_here(self) -> None:
        """What lies above and left of the current cell stays in view."""
        current = self._editor.grid.current
        if current is not None:
            self._freeze(tr("Freeze"), *current)

    def freeze_rows(self) -> None:
        """What lies above the selection stays in view; the row itself where it is the first."""
        block = self._editor.grid.block()
        if block is not None:
            self._freeze(tr("Freeze"), block.top or block.bottom + 1, self._editor.sheet.frozen_columns)

    def freeze_columns(self) -> None:
        block = self._editor.grid.block()
        if block is not None:
            self._freeze(tr("Freeze"), self._editor.sheet.frozen_rows, block.left or block.right + 1)

    def unfreeze(self) -> None:
        self._freeze(tr("Unfreeze"), 0, 0)

    def _freeze(self, label: str, rows: int, columns: int) -> None:
        editor = self._editor
        layout = layout_of(editor.sheet)._replace(frozen_rows=rows, frozen_columns=columns)
        editor.take(label, change_layout(editor.workbook, editor.place, layout))

    def set_header(self, has_header: bool) -> None:
        """Whether the first row names the columns."""
        editor = self._editor
        layout = layout_of(editor.sheet)._replace(has_header=has_header)
        editor.take(tr("Header row"), change_layout(editor.workbook, editor.place, layout))

    def set_hidden(self, is_hidden: bool, place: int | None = None) -> None:
        """Whether the sheet at `place`, by default the one in view, is kept out of sight, here and in exports."""
        editor = self._editor
        label = tr("Hide a sheet") if is_hidden else tr("Show a sheet")
        editor.take(label, hide_sheet(editor.workbook, editor.place if place is None else place, is_hidden))

    def hide_lines(self, are_rows: bool) -> None:
        """The selected rows or columns, as far as they are used, but for the last ones in sight."""
        editor = self._editor
        used, hidden = editor.grid.used(), layout_of(editor.sheet).hidden
        blocks = editor.grid.used_blocks()
        if are_rows:
            lines = {row for block in blocks for row in range(block.top, block.bottom + 1)}
            wanted, count = replace(hidden, rows=hidden.rows | lines), used[0]
            is_all = all(row in wanted.rows for row in range(count))
        else:
            lines = {column for block in blocks for column in range(block.left, block.right + 1)}
            wanted, count = replace(hidden, columns=hidden.columns | lines), used[1]
            is_all = all(column in wanted.columns for column in range(count))
        if is_all:
            reason = tr("Something of a sheet is always to be seen.")
            editor.refuse(reason, tr("Leave a row and a column out, or hide the sheet."))
            return
        self._set_lines(tr("Hide rows") if are_rows else tr("Hide columns"), wanted)

    def show_lines(self) -> None:
        """The hidden rows and columns are to be seen again, here and in exports."""
        hidden = replace(layout_of(self._editor.sheet).hidden, rows=frozenset(), columns=frozenset())
        self._set_lines(tr("Show rows and columns"), hidden)

    def show_hidden(self) -> None:
        """The sheet in view where it is a hidden one, else its rows and columns."""
        if self._editor.view.is_hidden:
            self.set_hidden(False)
        else:
            self.show_lines()

    def _set_lines(self, label: str, hidden: Hidden) -> None:
        editor = self._editor
        layout = layout_of(editor.sheet)._replace(hidden=hidden)
        editor.take(label, change_layout(editor.workbook, editor.place, layout))

    def resize_column(self, column: int, width: float | None) -> None:
        """None: as wide as its content asks for."""
        editor = self._editor
        editor.take(tr("Resize a column"), resize_column(editor.workbook, editor.place, column, width))
        editor.grid.lay_out([column])

    def fit_columns(self) -> None:
        """The selected columns as wide as their content needs."""
        editor = self._editor
        chosen = {column for block in editor.grid.used_blocks() for column in range(block.left, block.right + 1)}
        layout = layout_of(editor.sheet)
        widths = {column: width for column, width in layout.widths.items() if column not in chosen}
        change = change_layout(editor.workbook, editor.place, layout._replace(widths=widths))
        editor.take(tr("Fit widths"), change)
        editor.grid.lay_out(sorted(chosen))
