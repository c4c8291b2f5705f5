"""What is done to the selected cells of a spreadsheet, each as one step: filled, formatted, rows and columns.

Hidden cells among them are left as they are; what would take them away is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from forgeapp.domain import number_formats
from forgeapp.domain.line_edits import delete_lines, insert_lines
from forgeapp.domain.number_formats import set_formats, with_decimals
from forgeapp.domain.series import Area, drawn_out
from forgeapp.domain.workbook import Cell, Hidden, Position, Workbook
from forgeapp.domain.workbook_edits import Change, fill_down, fill_right, put_cells
from forgeapp.errors import TooLarge
from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.jobs import Lane
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench

MAX_FILLED = 500_000
_AT_ONCE_CELLS = 10_000
"""So many cells are looked through between two frames; more in a worker thread."""

MakeChange = Callable[[Workbook], Change | None]


class CellEdits(QObject):
    """Of one editor. A step that takes long is worked out in a thread, and lands when it is done."""

    def __init__(self, editor: SpreadsheetEditor, workbench: Workbench) -> None:
        super().__init__(editor)
        self._editor = editor
        self._workbench = workbench
        self._job: Job | None = None

    @property
    def is_idle(self) -> bool:
        return self._job is None

    # Rows and columns

    def insert_rows(self, is_below: bool) -> None:
        """As many as are selected, above or below them."""
        self._insert(True, is_below)

    def insert_columns(self, is_right: bool) -> None:
        self._insert(False, is_right)

    def delete_rows(self) -> None:
        self._delete(True)

    def delete_columns(self) -> None:
        self._delete(False)

    def _lines(self, are_rows: bool) -> tuple[int, int] | None:
        """First and count of the rows or columns the selection spans; the current one where whole lines across them
        are selected."""
        grid = self._editor.grid
        along, across = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
        if not are_rows:
            along, across = across, along
        block, current = grid.block(), grid.current
        if block is None or current is None:
            return None
        whole = grid.whole_sections(along)
        if whole is not None:
            return whole
        if grid.whole_sections(across) is not None:
            return current[0 if are_rows else 1], 1
        return (block.top, block.height) if are_rows else (block.left, block.width)

    def _insert(self, are_rows: bool, is_behind: bool) -> None:
        lines = self._lines(are_rows)
        if lines is None:
            return
        first, count = lines
        first += count if is_behind else 0
        label = tr("Insert rows") if are_rows else tr("Insert columns")
        place = self._editor.place
        self._work_out(label, lambda workbook: insert_lines(workbook, place, first, count, are_rows))

    def _delete(self, are_rows: bool) -> None:
        lines = self._lines(are_rows)
        if lines is not None and self._are_seen(*lines, are_rows):
            first, count = lines
            label = tr("Delete rows") if are_rows else tr("Delete columns")
            place = self._editor.place
            self._work_out(label, lambda workbook: delete_lines(workbook, place, first, count, are_rows))

    def _are_seen(self, first: int, count: int, are_rows: bool) -> bool:
        """Tells where some of the rows or columns are hidden: nothing goes that cannot be seen."""
        unseen = self._editor.grid.lines.unseen
        if not any(first <= line < first + count for line in (unseen.rows if are_rows else unseen.columns)):
            return True
        reason = tr("Among these rows are hidden ones.") if are_rows else tr("Among these columns are hidden ones.")
        self._editor.refuse(reason, tr("Show them first, then delete what is to go."))
        return False

    # Filling

    def fill_down(self) -> None:
        self._fill(tr("Fill down"), is_down=True)

    def fill_right(self) -> None:
        self._fill(tr("Fill right"), is_down=False)

    def _fill(self, label: str, is_down: bool) -> None:
        editor = self._editor
        block = editor.grid.block()
        if block is None:
            return
        rows, columns = editor.grid.used()
        cut = block.within(max(rows, block.top + 1), max(columns, block.left + 1)) if block.size > 100_000 else block
        if cut is not None and self._has_room(cut.size):
            place, fill, unseen = editor.place, fill_down if is_down else fill_right, editor.grid.lines.unseen

            def make(workbook: Workbook) -> Change | None:
                return put_cells(workbook, place, _seen(fill(workbook.sheets[place], *cut), unseen))

            self._work_out(label, make, cut.size)

    def draw_out(self, source: Block, target: Block) -> None:
        """The cells of `source` carried on over `target`, as the fill handle does."""
        editor = self._editor
        if not self._has_room(target.size):
            return
        place, look, unseen = editor.place, editor.recalculation.look, editor.grid.lines.unseen

        def make(workbook: Workbook) -> Change | None:
            cells = drawn_out(workbook.sheets[place], Area(*source), Area(*target), look)
            return put_cells(workbook, place, _seen(cells, unseen))

        self._work_out(tr("Fill"), make, target.size)
        editor.grid.select(target, (source.top, source.left), scroll=False)

    def _has_room(self, count: int) -> bool:
        if count > MAX_FILLED:
            reason = tr("at most {count} cells are filled at once", count=number_text(MAX_FILLED))
            self._workbench.failed.emit(TooLarge(source=tr("What is to be filled"), reason=reason))
            return False
        return True

    # Number formats

    def set_format(self, code: str) -> None:
        """A number format for what is selected."""
        self._reformat(tr("Number format"), lambda _at, _cell: code)

    def change_decimals(self, by: int) -> None:
        label = tr("More decimals") if by > 0 else tr("Fewer decimals")
        self._reformat(label, lambda at, cell: with_decimals(self.shown_format(at, cell), self._number(at, cell), by))

    def shown_format(self, at: Position, cell: Cell | None) -> str | None:
        """What a cell is shown under: its own format, or what its formula takes from what it computes with."""
        if cell is not None and cell.format is not None:
            return cell.format
        return self._editor.recalculation.formats.get(self._editor.sheet.name, {}).get(at)

    def currency_code(self) -> str:
        """Money as the sheet writes it, else as the system does."""
        for cell in self._editor.sheet.cells.values():
            if cell.format is not None and number_formats.kind_of(cell.format) == "currency":
                return cell.format
        from PySide6.QtCore import QLocale

        symbol = QLocale().currencySymbol() or "$"
        is_behind = not QLocale().toCurrencyString(1).startswith(symbol)
        return number_formats.currency(symbol, is_behind)

    def _number(self, at: Position, cell: Cell) -> float | int | None:
        value = (
            cell.number if cell.number is not None else self._editor.recalculation.value(self._editor.sheet.name, at)
        )
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def _reformat(self, label: str, code_for: Callable[[Position, Cell], str | None]) -> None:
        editor = self._editor
        cells, place, unseen = editor.sheet.cells, editor.place, editor.grid.lines.unseen
        codes = {
            at: code
            for block in editor.grid.used_blocks()
            for at in (block.cells() if block.size <= len(cells) else filter(lambda at: block.holds(*at), [*cells]))
            if not unseen.covers(at)
            and (cell := cells.get(at)) is not None
            and (code := code_for(at, cell)) is not None
        }
        editor.take(label, set_formats(editor.workbook, place, codes))

    # How

    def _work_out(self, label: str, make: MakeChange, size: int = 0) -> None:
        """A small change at once, a large one in a thread; if the workbook changes meanwhile, it is made anew."""
        editor = self._editor
        editor.finish_editing()
        workbook = editor.workbook
        count = sum(len(sheet.cells) for sheet in workbook.sheets) + size
        if count <= _AT_ONCE_CELLS:
            self._take(label, lambda: make(workbook))
            return
        if self._job is not None:
            self._job.drop()

        def land(change: Change | ValueError | None) -> None:
            self._job = None
            if editor.workbook is not workbook:
                self._work_out(label, make, size)
            elif isinstance(change, ValueError):
                self._refuse()
            else:
                editor.take(label, change)

        self._job = self._workbench.jobs.run(lambda _cancel: _made(make, workbook), land, lane=Lane.FILES)
        editor.destroyed.connect(self._job.drop)

    def _take(self, label: str, make: Callable[[], Change | None]) -> None:
        try:
            change = make()
        except ValueError:
            self._refuse()
            return
        self._editor.take(label, change)

    def _refuse(self) -> None:
        reason = tr("cells would be pushed beyond the last row or column")
        self._workbench.failed.emit(TooLarge(source=tr("What is to be inserted"), reason=reason))


def _seen(cells: Mapping[Position, Cell | None], unseen: Hidden) -> Mapping[Position, Cell | None]:
    return {at: cell for at, cell in cells.items() if not unseen.covers(at)} if unseen else cells


def _made(make: MakeChange, workbook: Workbook) -> Change | ValueError | None:
    try:
        return make(workbook)
    except ValueError as error:
        return error
