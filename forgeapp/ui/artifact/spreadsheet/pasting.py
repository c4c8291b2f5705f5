"""Cells from the clipboard put into a sheet: texts as if they were typed, our own as they are, cut ones moved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from forgeapp.domain.number_look import NumberLook
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Cell, Position, Sheet
from forgeapp.domain.workbook_edits import CellsChange, move_cells, put_cells, typed_cell
from forgeapp.errors import TooLarge
from forgeapp.ui.artifact.grid import Block, LatePaste
from forgeapp.ui.artifact.spreadsheet.clip import Clip
from forgeapp.ui.artifact.spreadsheet.hidden_lines import hides_within
from forgeapp.ui.jobs import Lane
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench

MAX_CELLS = 500_000
_AT_ONCE_CELLS = 5_000
Cells = dict[Position, Cell | None]


class Pasting:
    """Each paste is one step of the editor; one of many texts is read in a thread and lands when it is done."""

    def __init__(self, editor: SpreadsheetEditor, workbench: Workbench) -> None:
        self._editor = editor
        self._workbench = workbench
        self._job: Job | None = None
        grid = editor.grid
        self._late = LatePaste(grid, workbench)
        grid.pasted.connect(self._on_pasted)
        grid.clip_pasted.connect(self._on_clip_pasted)
        grid.cut_pasted.connect(self._on_cut_pasted)
        grid.refused.connect(partial(self._refuse, tr("What is to be copied")))

    @property
    def is_idle(self) -> bool:
        """Whether no texts are being read."""
        return self._job is None and self._late.is_idle

    def _refuse(self, what: str, reason: str) -> None:
        self._workbench.failed.emit(TooLarge(source=what, reason=reason))

    def _has_room(self, area: Block, count: int) -> bool:
        """Tells where there is none: nothing is cut without a word."""
        if count > MAX_CELLS:
            reason = tr("at most {count} cells are pasted at once", count=number_text(MAX_CELLS))
        elif area.bottom >= MAX_ROWS or area.right >= MAX_COLUMNS:
            reason = tr(
                "a sheet has at most {rows} rows and {columns} columns",
                rows=number_text(MAX_ROWS),
                columns=number_text(MAX_COLUMNS),
            )
        elif hides_within(self._editor.grid.lines.unseen, (area,)):
            reason = tr("Hidden cells lie where this would be pasted.")
            self._editor.refuse(reason, tr("Show them first, or paste where nothing is hidden."))
            return False
        else:
            return True
        self._refuse(tr("What is to be pasted"), reason)
        return False

    def _on_pasted(self, rows: Sequence[Sequence[str]], block: Block) -> None:
        height, width = len(rows), len(rows[0])
        is_multiple = not block.height % height and not block.width % width
        if is_multiple and block.size > MAX_CELLS:
            # A whole row or column is selected: it is not filled to the end of the grid.
            is_multiple = False
        if is_multiple:
            rows = [[*row] * (block.width // width) for row in rows] * (block.height // height)
        height, width = len(rows), len(rows[0])
        area = Block(block.top, block.left, block.top + height - 1, block.left + width - 1)
        if not self._has_room(area, area.size):
            return
        editor = self._editor
        sheet, place, look = editor.sheet, editor.place, editor.recalculation.look
        if area.size <= _AT_ONCE_CELLS:
            self._land(place, put_cells(editor.workbook, place, _typed(rows, area, sheet, look)), area)
            return
        if self._job is not None:
            self._job.drop()
        workbook = editor.workbook

        def read(_cancel: object) -> tuple[Cells, CellsChange | None]:
            cells = _typed(rows, area, sheet, look)
            return cells, put_cells(workbook, place, cells)

        def land(found: tuple[Cells, CellsChange | None]) -> None:
            if editor.workbook is workbook:
                self._land(place, found[1], area)
            else:
                self._put(place, sheet, found[0], area)

        self._job = self._workbench.jobs.run(read, land, lane=Lane.FILES)
        editor.destroyed.connect(self._job.drop)

    def _on_clip_pasted(self, clip: Clip, block: Block) -> None:
        if clip.times(block) != (1, 1) and block.size > MAX_CELLS:
            block = Block(block.top, block.left, block.top, block.left)
        count = clip.size_in(block)
        down, right = clip.times(block)
        area = Block(block.top, block.left, block.top + down * clip.height - 1, block.left + right * clip.width - 1)
        if self._has_room(area, count):
            editor = self._editor
            cells = clip.placed(block, editor.sheet)
            self._land(editor.place, put_cells(editor.workbook, editor.place, cells), area)

    def _put(self, place: int, sheet: Sheet, cells: Cells, area: Block) -> None:
        self._job = None
        workbook = self._editor.workbook
        names = [each.name for each in workbook.sheets]
        if sheet.name in names:
            place = names.index(sheet.name)
            self._land(place, put_cells(workbook, place, cells), area)

    def _land(self, place: int, change: CellsChange | None, area: Block) -> None:
        self._job = None
        editor = self._editor
        editor.take(tr("Paste"), change)
        editor.show_sheet(place)
        editor.grid.select(area, scroll=False)

    def _on_cut_pasted(self, name: str, source: Block, block: Block) -> None:
        editor = self._editor
        names = [each.name for each in editor.workbook.sheets]
        if name not in names:
            return
        area = Block(block.top, block.left, block.top + source.height - 1, block.left + source.width - 1)
        if self._has_room(area, 1):
            change = move_cells(editor.workbook, names.index(name), source, editor.place, (block.top, block.left))
            editor.take(tr("Move cells"), change)
            editor.grid.select(area, scroll=False)


def _typed(rows: Sequence[Sequence[str]], area: Block, sheet: Sheet, look: NumberLook) -> Cells:
    cells: Cells = {}
    for row, texts in enumerate(rows, start=area.top):
        for column, text in enumerate(texts, start=area.left):
            try:
                cells[row, column] = typed_cell(text, sheet.cells.get((row, column)), look)
            except ValueError:
                cells[row, column] = typed_cell("'" + text)
    return cells
