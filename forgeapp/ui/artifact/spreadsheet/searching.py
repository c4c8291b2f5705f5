"""What the find bar looks through in a workbook, and how it writes there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from forgeapp.domain.number_look import NumberLook
from forgeapp.domain.workbook import Cell, Position, Sheet, Value
from forgeapp.domain.workbook_edits import Change, Changes, edit_text, put_cells, typed_cell
from forgeapp.ui.artifact.grid import Line, Searched
from forgeapp.ui.artifact.grid.search import Place
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
    from forgeapp.ui.workbench import Workbench


class SheetSearching:
    """The sheets of an editor's workbook as the pages of its find bar."""

    def __init__(self, editor: SpreadsheetEditor, workbench: Workbench) -> None:
        self._editor = editor
        self._workbench = workbench

    @property
    def page(self) -> int:
        return self._editor.place

    @property
    def page_count(self) -> int:
        return len(self._editor.workbook.sheets)

    def show_page(self, page: int) -> None:
        self._editor.show_sheet(page)

    def searched(self, only_page: bool, as_shown: bool) -> Searched:
        workbook, recalculation = self._editor.workbook, self._editor.recalculation
        pages = [self.page] if only_page else range(len(workbook.sheets))
        look = recalculation.look
        lines: dict[int, Callable[[], Iterable[Line]]] = {}
        sources: list[object] = []
        size = 0
        for page in pages:
            sheet = workbook.sheets[page]
            size += len(sheet.cells)
            sources.append(sheet)
            if as_shown:
                values = recalculation.values(sheet.name)
                formats = recalculation.formats.get(sheet.name, {})
                sources.append(values)
                lines[page] = partial(_shown_lines, sheet, values, formats, look)
            else:
                lines[page] = partial(_written_lines, sheet, look)
        return Searched(lines, tuple(sources), size)

    def write_found(self, label: str, cells: Mapping[Place, str]) -> None:
        """As one step. What is too long for a formula stays as it is, and that is told."""
        workbook, look = self._editor.workbook, self._editor.recalculation.look
        by_page: dict[int, dict[Position, Cell | None]] = {}
        refused = 0
        for (page, *at), text in cells.items():
            before = workbook.sheets[page].cells.get((at[0], at[1]))
            try:
                by_page.setdefault(page, {})[at[0], at[1]] = typed_cell(text, before, look)
            except ValueError:
                refused += 1
        found = (put_cells(workbook, page, new) for page, new in by_page.items())
        changes: list[Change] = [change for change in found if change is not None]
        if changes:
            self._editor.take(label, changes[0] if len(changes) == 1 else Changes(tuple(changes)))
        if refused:
            reason = tr("{count} formulas would become too long and stay as they are.", count=number_text(refused))
            self._editor.refuse(reason)


def _written_lines(sheet: Sheet, look: NumberLook) -> Iterator[Line]:
    for row, places in groupby(sorted(sheet.cells), key=itemgetter(0)):
        here = list(places)
        texts = [edit_text(sheet.cells[at], look) for at in here]
        yield Line(row, [column for _, column in here], texts)


def _shown_lines(
    sheet: Sheet, values: Mapping[Position, Value], formats: Mapping[Position, str], look: NumberLook
) -> Iterator[Line]:
    from forgeapp.sheets.grid import cell_text

    def text(at: Position) -> str:
        cell = sheet.cells.get(at)
        if cell is not None and cell.is_formula and cell.format is None and at in formats:
            cell = Cell(cell.text, None, formats[at])
        return cell_text(cell, values.get(at), look)

    for row, places in groupby(sorted({*sheet.cells, *values}), key=itemgetter(0)):
        here = list(places)
        yield Line(row, [column for _, column in here], list(map(text, here)))
