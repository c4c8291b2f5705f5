"""Words being typed in a cell, when the cell comes to stand elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QAbstractItemDelegate

from forgeapp.ui.artifact.grid.cell_editor import CellEditor

if TYPE_CHECKING:
    from forgeapp.ui.artifact.grid.view import GridView


class Typing(NamedTuple):
    """What is being typed, taken off its cell to be put into another."""

    text: str
    cursor: int
    starts_blank: bool


def lift_typing(grid: GridView) -> Typing | None:
    """Closes the cell that is open without taking its text; None where none is."""
    for editor in grid.viewport().findChildren(CellEditor):
        if editor.isVisible():
            lifted = Typing(editor.text(), editor.textCursor().position(), editor.starts_blank)
            grid.cells.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
            editor.hide()
            return lifted
    return None


def go_on_typing(grid: GridView, row: int, column: int, typing: Typing) -> None:
    """Opens this cell with what was typed elsewhere."""
    grid.go_to(row, column)
    grid.cells.starts_blank = typing.starts_blank
    grid.edit(grid.model().index(row, column))
    for editor in grid.viewport().findChildren(CellEditor):
        if editor.isVisible():
            editor.set_text(typing.text)
            cursor = editor.textCursor()
            cursor.setPosition(min(typing.cursor, editor.document().characterCount() - 1))
            editor.setTextCursor(cursor)
