"""A spreadsheet editor after its workbook has changed: what changed comes into view, what was being typed goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.domain.line_edits import LinesChange
from forgeapp.domain.row_places import sheet_cell_after
from forgeapp.domain.workbook import Position, Sheet
from forgeapp.domain.workbook_edits import CellsChange, Changes, LayoutChange
from forgeapp.ui.artifact.grid import Block, Typing, go_on_typing, lift_typing
from forgeapp.ui.artifact.spreadsheet.grid import bounding
from forgeapp.ui.artifact.spreadsheet.steps import cells_to_show
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor

_MAX_WIDENED = 50


class Following:
    """Of one editor. `is_own_edit`: the user made the change here, and is where it happens already."""

    def __init__(self, editor: SpreadsheetEditor) -> None:
        self._editor = editor
        self.is_own_edit = False

    def follow(self, where: object) -> None:
        """`where`: the change that was made or taken back, None for a whole new content."""
        editor, view = self._editor, self._editor.view
        editor.grid.end_cut()
        typing = None if self.is_own_edit else self._lift_typing()
        names = editor.tabs.names
        if isinstance(where, CellsChange):
            self._show_cells(where)
        elif isinstance(where, Changes) and (shown := cells_to_show(where, view.place)) is not None:
            self._show_cells(shown)
        elif isinstance(where, LayoutChange):
            self._show_layout(where)
        elif isinstance(where, Changes) and isinstance(moved := where.parts[-1], LinesChange):
            self._show_moved_lines(moved)
        else:
            view.follow_names(names, where)
        if typing is not None:
            self._go_on_typing(*typing)
        editor.recalculation.follow(editor.workbook)
        editor.summary.refresh()
        editor.actions_of.refresh()
        if not editor.grid.is_editing:
            editor.show_cell()

    def _lift_typing(self) -> tuple[Typing, Sheet, Position] | None:
        """What is being typed: its cell may stand elsewhere in a moment."""
        grid = self._editor.grid
        current = grid.current
        typing = lift_typing(grid) if grid.is_editing and current is not None else None
        return None if typing is None or current is None else (typing, self._editor.model.sheet, current)

    def _go_on_typing(self, typing: Typing, before: Sheet, at: Position) -> None:
        sheets = self._editor.workbook.sheets
        names = [sheet.name for sheet in sheets]
        place = names.index(before.name) if before.name in names else None
        found = None if place is None else sheet_cell_after(before, sheets[place], at)
        if place is not None and found is not None:
            self._editor.show_sheet(place)
            go_on_typing(self._editor.grid, *found, typing)
        elif typing.text:
            reason = tr("The cell you were writing in is gone. You wrote: {words}", words=typing.text)
            self._editor.refuse(reason)

    def _show_cells(self, change: CellsChange) -> None:
        editor = self._editor
        self._show_sheet_of(change.sheet)
        editor.model.update_sheet(editor.sheet)
        editor.grid.widen(sorted({column for _, column in change.after})[:_MAX_WIDENED])
        block = bounding(change.after)
        if block is not None and not self.is_own_edit:
            # What Undo changed comes into view.
            editor.grid.select(block)

    def _show_layout(self, change: LayoutChange) -> None:
        editor, view = self._editor, self._editor.view
        is_hiding = change.before.hidden.sheet != change.after.hidden.sheet
        if is_hiding and view.place == change.sheet and editor.sheet.hidden.sheet:
            view.show(view.seen_from(change.sheet))
        else:
            self._show_sheet_of(change.sheet)
        editor.model.update_sheet(editor.sheet)
        view.show_layout()
        view.show_tabs()
        editor.grid.lay_out([*change.before.widths, *change.after.widths])

    def _show_moved_lines(self, change: LinesChange) -> None:
        editor, lines = self._editor, change.lines
        sheet = editor.sheet_at(change.sheet)
        is_undone = (sheet.row_count, sheet.column_count) == (change.before.row_count, change.before.column_count)
        is_open = change.is_insertion != is_undone
        self._show_sheet_of(change.sheet)
        editor.recalculation.move_lines(lines.sheet, lines, is_open)
        editor.view.keep_selection()
        editor.view.show_whole()
        if is_open:
            rows, columns = editor.model.rowCount(), editor.model.columnCount()
            block = Block(lines.first, 0, lines.end - 1, columns - 1)
            if not lines.are_rows:
                block = Block(0, lines.first, rows - 1, lines.end - 1)
            editor.grid.select(block, scroll=False)

    def _show_sheet_of(self, place: int) -> None:
        """An edit undone elsewhere comes into view."""
        if place != self._editor.place:
            self._editor.show_sheet(place)
