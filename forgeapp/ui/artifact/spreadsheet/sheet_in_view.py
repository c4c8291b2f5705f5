"""Which sheet of a workbook stands in the grid, as it was left; the others are tabs below, but for hidden ones."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from forgeapp.domain.workbook import Position, Sheet
from forgeapp.domain.workbook_edits import SheetMoved
from forgeapp.ui.artifact.grid import Block

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor


class SheetInView:
    """Of one editor. A hidden sheet has no tab, unless it was asked for: by Undo, by what was found, by an error."""

    def __init__(self, editor: SpreadsheetEditor) -> None:
        self._editor = editor
        self.place = 0
        self._selections: dict[str, tuple[Block, Position]] = {}
        self.place = self.seen_from(0)

    @property
    def sheet(self) -> Sheet:
        return self._editor.workbook.sheets[self.place]

    @property
    def is_hidden(self) -> bool:
        """Whether it is a hidden sheet that was asked for."""
        return self.place in self._hidden()

    def show(self, place: int) -> None:
        """The sheet at `place` comes into view as it was left."""
        place = min(max(place, 0), len(self._editor.workbook.sheets) - 1)
        if place != self.place:
            self.keep_selection()
            self.place = place
            self.show_whole()
        self.show_tabs()

    def step(self, by: int) -> None:
        """To the next sheet that is not hidden, one to the left (-1) or right (1)."""
        place = self.neighbour(by)
        if place is not None:
            self.show(place)

    def neighbour(self, by: int) -> int | None:
        hidden, place = self._hidden(), self.place + by
        while 0 <= place < len(self._editor.workbook.sheets):
            if place not in hidden:
                return place
            place += by
        return None

    def seen_from(self, place: int) -> int:
        """The sheet at `place`, or the nearest one that is not hidden: first to the right of it."""
        hidden, count = self._hidden(), len(self._editor.workbook.sheets)
        seen = (each for each in (*range(place, count), *range(place, -1, -1)) if each not in hidden)
        return next(seen, place)

    def follow_names(self, before: list[str], where: object) -> None:
        """Sheets have come, gone or are named otherwise: what is looked at is the one that came, else the same one.
        `where`: the change, None for a whole new content."""
        names = [sheet.name for sheet in self._editor.workbook.sheets]
        self.keep_selection()
        if isinstance(where, SheetMoved):
            self.place = names.index(before[self.place])
        elif len(names) > len(before) and where is not None:
            self.place = next(place for place, name in enumerate(names) if name not in before)
        elif len(names) == len(before):
            self._follow_renaming(before, names)
        elif before[self.place] in names:
            self.place = names.index(before[self.place])
        else:
            self.place = self.seen_from(min(self.place, len(names) - 1))
        self.show_whole()
        self.show_tabs()

    def _follow_renaming(self, before: list[str], names: list[str]) -> None:
        renamed = [(old, new) for old, new in zip(before, names, strict=True) if old != new]
        if len(renamed) == 1:
            self._editor.recalculation.rename(*renamed[0])
            if renamed[0][0] in self._selections:
                self._selections[renamed[0][1]] = self._selections.pop(renamed[0][0])

    def show_whole(self) -> None:
        grid = self._editor.grid
        self._editor.model.show_sheet(self.sheet)
        grid.reset_widths()
        self.show_layout()
        first = grid.seen_from(0, 0, 1, 1)
        block, current = self._selections.get(self.sheet.name, (Block(*first, *first), first))
        grid.select(block, current)
        self._editor.show_cell()

    def show_tabs(self) -> None:
        editor = self._editor
        names = [sheet.name for sheet in editor.workbook.sheets]
        editor.tabs.show_sheets(names, self.place, self._hidden())
        for before, after in pairwise(
            (editor.grid, *editor.hidden_strip.reached, *editor.tabs.reached, editor.summary)
        ):
            QWidget.setTabOrder(before, after)
        editor.actions_of.refresh()

    def show_layout(self) -> None:
        """What is frozen, as exports freeze it, the header row by itself; and what is hidden."""
        sheet, editor = self.sheet, self._editor
        header = 1 if sheet.has_header and sheet.row_count > 1 else 0
        editor.grid.freeze(sheet.frozen_rows or header, sheet.frozen_columns)
        editor.grid.lines.hide(sheet.hidden)
        editor.hidden_strip.tell(sheet.hidden, self.is_hidden)

    def keep_selection(self) -> None:
        """What is selected in it, for when it comes into view again."""
        grid = self._editor.grid
        block, current = grid.block(), grid.current
        if block is not None and current is not None:
            self._selections[self._editor.model.sheet.name] = block, current

    def _hidden(self) -> set[int]:
        """Where hidden sheets stand; none where nothing else would be left to see."""
        sheets = self._editor.workbook.sheets
        hidden = {place for place, sheet in enumerate(sheets) if sheet.hidden.sheet}
        return hidden if len(hidden) < len(sheets) else set()
