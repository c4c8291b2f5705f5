"""A workbook to write in: each edit is a step on its artifact's undo stack, totals follow by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain.content import Content
from forgeapp.domain.workbook import MAX_FORMULA_CHARS, Cell, Position, Sheet, Workbook, address
from forgeapp.domain.workbook_edits import Change, Changes, SheetAdded, put_cells, typed_cell
from forgeapp.errors import BlockedError, ForgeError
from forgeapp.ui.artifact.asking import Asking
from forgeapp.ui.artifact.grid import Block, CellEditor, FindScope, GridFindBar
from forgeapp.ui.artifact.selections import selected_cells, selected_part
from forgeapp.ui.artifact.spreadsheet.cell_edits import CellEdits
from forgeapp.ui.artifact.spreadsheet.error_strip import ErrorStrip
from forgeapp.ui.artifact.spreadsheet.explaining import Explaining
from forgeapp.ui.artifact.spreadsheet.following import Following
from forgeapp.ui.artifact.spreadsheet.format_buttons import code_of
from forgeapp.ui.artifact.spreadsheet.formula_assist import FormulaAssist
from forgeapp.ui.artifact.spreadsheet.formula_bar import FormulaBar
from forgeapp.ui.artifact.spreadsheet.grid import SheetGrid
from forgeapp.ui.artifact.spreadsheet.hidden_strip import HiddenStrip
from forgeapp.ui.artifact.spreadsheet.model import SheetModel
from forgeapp.ui.artifact.spreadsheet.pasting import Pasting
from forgeapp.ui.artifact.spreadsheet.recalculation import Recalculation
from forgeapp.ui.artifact.spreadsheet.searching import SheetSearching
from forgeapp.ui.artifact.spreadsheet.sheet_actions import SheetActions
from forgeapp.ui.artifact.spreadsheet.sheet_edits import SheetEdits
from forgeapp.ui.artifact.spreadsheet.sheet_in_view import SheetInView
from forgeapp.ui.artifact.spreadsheet.sheet_tabs import SheetTabs
from forgeapp.ui.artifact.spreadsheet.steps import applied
from forgeapp.ui.artifact.spreadsheet.summary import SheetSummary
from forgeapp.ui.controls import HLine, Menu
from forgeapp.ui.wording import error_text, number_text, tr

if TYPE_CHECKING:
    from forgeapp.domain.request import Selection
    from forgeapp.sheets.error_sources import Place
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.copying import SheetPart
    from forgeapp.ui.workbench.open_artifact import OpenArtifact


class SpreadsheetEditor(QWidget):
    """The `find_bar` and the `formula_bar` above, the grid `sheet_grid`, below it what is hidden, what an error means,
    `sheet_tabs` and the summary of what is selected. `cell_edits` and `sheet_edits` are what is done by menus and keys,
    `view` is the sheet in the grid."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._artifact = artifact
        self._workbench = workbench
        self._first = SheetAdded(0, Sheet(tr("Sheet {number}", number=1), has_header=False))
        self.setObjectName("spreadsheet_editor")
        self.setProperty("look", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.view = SheetInView(self)
        self.following = Following(self)
        self.recalculation = Recalculation(workbench, self)
        self.model = SheetModel(self.sheet, self.recalculation, self._on_typed, self)
        self.formula_bar = FormulaBar()
        self.grid = SheetGrid(self.model)
        self.grid.setObjectName("sheet_grid")
        self.grid.setAccessibleName(tr("Spreadsheet"))
        self.tabs = SheetTabs()
        self.hidden_strip = HiddenStrip()
        self.errors = ErrorStrip()
        self._explaining = Explaining(self, workbench)
        self.summary = SheetSummary(self.grid, self.recalculation, workbench)
        self.cell_edits = CellEdits(self, workbench)
        self.sheet_edits = SheetEdits(self)
        self.find_bar = GridFindBar(self.grid, SheetSearching(self, workbench), workbench, FindScope())
        self.actions_of = SheetActions(self)
        self.asking = Asking(self, self.grid, artifact, workbench)
        self.assist = FormulaAssist(self)
        self.setFocusProxy(self.grid)
        self._lay_out()
        self._connect()
        self.pasting = Pasting(self, workbench)
        self.view.show_tabs()
        self.view.show_layout()
        self.recalculation.follow(self.workbook, at_once=True)
        self.grid.lay_out()
        self.grid.go_to(*self.grid.seen_from(0, 0, 1, 1))

    def selection_for_asking(self, is_chosen: bool = False) -> Selection | None:
        """The selected cells of the sheet in view; `is_chosen`: also a single one."""
        names_sheet = len(self.workbook.sheets) > 1
        return selected_cells(self.sheet, self.grid.used_blocks(), names_sheet, is_chosen)

    def selection_for_copying(self) -> SheetPart | None:
        """The selected cells of the sheet in view; None for all of it, and for a single one."""
        return selected_part(self.workbook, self.sheet, self.grid.used_blocks())

    def actions_for_menu(self) -> list[QAction]:
        """What can be done here, in the order of a menu; separators between groups."""
        return self.actions_of.in_order

    def finish_editing(self) -> None:
        """Takes what is being typed: before the workbook is stored, exported or closed."""
        self.grid.finish_editing()
        self.formula_bar.finish_editing()
        self.tabs.finish_editing()

    @property
    def workbook(self) -> Workbook:
        """With a blank sheet where it has none: there is something to write in, and nothing to undo or to store."""
        return self._with_sheet(self._artifact.content)

    def _with_sheet(self, content: Content) -> Workbook:
        workbook = cast(Workbook, content)
        return workbook if workbook.sheets else self._first.forward(workbook)

    @property
    def sheet(self) -> Sheet:
        """The one in view."""
        return self.view.sheet

    @property
    def undo_stack(self) -> QUndoStack:
        return self._artifact.undo_stack

    @property
    def place(self) -> int:
        """Where the sheet in view stands among the others."""
        return self.view.place

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(4, 4, 6, 4)
        foot.setSpacing(12)
        foot.addWidget(self.tabs)
        foot.addWidget(self.summary, 1)
        foot.addWidget(self.asking.new_button())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.formula_bar)
        layout.addWidget(self.grid, 1)
        layout.addWidget(HLine("line"))
        layout.addWidget(self.hidden_strip)
        layout.addWidget(self.errors)
        layout.addLayout(foot)

    def _connect(self) -> None:
        grid, bar, tabs = self.grid, self.formula_bar, self.tabs
        grid.selection_changed.connect(self._on_selection_changed)
        grid.cleared.connect(self._on_cleared)
        grid.cut_changed.connect(self._show_note)
        grid.copying.changed.connect(self._show_note)
        grid.width_chosen.connect(self.sheet_edits.resize_column)
        grid.width_freed.connect(lambda column: self.sheet_edits.resize_column(column, None))
        grid.filled.connect(self.cell_edits.draw_out)
        grid.menu_requested.connect(self._on_menu_requested)
        grid.cells.opened.connect(self._on_cell_opened)
        grid.cells.typed.connect(bar.show_text)
        grid.cells.closed.connect(self.show_cell)
        self.hidden_strip.show_asked.connect(self.sheet_edits.show_hidden)
        bar.cell_wanted.connect(self._on_cell_wanted)
        bar.began.connect(self._on_bar_began)
        bar.taken.connect(self._on_bar_taken)
        bar.given_up.connect(self._on_bar_given_up)
        tabs.chosen.connect(self.show_sheet)
        tabs.added.connect(self.sheet_edits.add)
        tabs.renamed.connect(self.sheet_edits.rename)
        tabs.removed.connect(self.sheet_edits.delete)
        bar.formats.kind_chosen.connect(self._on_format_kind_chosen)
        bar.formats.code_chosen.connect(self._on_format_chosen)
        bar.formats.decimals_asked.connect(self.cell_edits.change_decimals)
        self.errors.wanted.connect(self._on_cell_of_error_wanted)
        tabs.show_asked.connect(lambda place: self.sheet_edits.set_hidden(False, place))
        tabs.menu_requested.connect(self._on_tab_menu_requested)
        self.recalculation.computed.connect(self._on_computed)
        self.recalculation.state_changed.connect(self._on_state_changed)
        self._artifact.changed.connect(self.following.follow)

    # Sheets

    def show_sheet(self, place: int) -> None:
        """The sheet at `place` comes into view as it was left."""
        self.view.show(place)

    def sheet_at(self, place: int) -> Sheet:
        return self.workbook.sheets[place]

    def name_sheet(self) -> None:
        """Opens the name of the sheet in view to be written."""
        self.tabs.begin_rename(self.place)

    # Cells

    def write(self, at: Position, text: str) -> bool:
        """What the user typed for a cell; False where it cannot be taken."""
        try:
            cell = typed_cell(text, self.sheet.cells.get(at), self.recalculation.look)
        except ValueError:
            longest = number_text(MAX_FORMULA_CHARS)
            self.formula_bar.tell(tr("A formula has at most {count} characters.", count=longest), "warn")
            return False
        self._put(tr("Edit {address}", address=address(at)), {at: cell})
        return True

    def _put(self, label: str, cells: dict[Position, Cell | None]) -> None:
        self.take(label, put_cells(self.workbook, self.place, cells))

    def take(self, label: str, change: Change | None) -> None:
        """A change of `workbook` as one step; None is none."""
        if change is None:
            return
        if not cast(Workbook, self._artifact.content).sheets:
            change = Changes((self._first, change))
        self.following.is_own_edit = True
        try:
            self._artifact.edit(label, applied(change, True), applied(change, False), change)
        finally:
            self.following.is_own_edit = False

    def refuse(self, reason: str, remedy: str = "") -> None:
        """Tells why something cannot be done."""
        self._workbench.failed.emit(BlockedError(reason=reason, remedy=remedy))

    # From the grid and the formula bar

    def _on_typed(self, row: int, column: int, text: str) -> None:
        self.write((row, column), text)

    def _on_cleared(self, blocks: Sequence[Block]) -> None:
        """Of what is selected that which can be seen."""
        cells: dict[Position, Cell | None] = {}
        unseen = self.grid.lines.unseen
        for block in blocks:
            if block.size > len(self.sheet.cells):
                cells |= {at: None for at in self.sheet.cells if block.holds(*at)}
            else:
                cells |= {at: None for at in block.cells() if at in self.sheet.cells}
        self._put(tr("Clear cells"), {at: None for at in cells if not unseen.covers(at)})

    def _on_cell_opened(self, editor: CellEditor) -> None:
        editor.setAccessibleName(tr("Content of the cell"))

    def _on_format_kind_chosen(self, kind: str) -> None:
        self._on_format_chosen(code_of(kind, self.cell_edits.currency_code(), self.recalculation.look))

    def _on_format_chosen(self, code: str) -> None:
        self.finish_editing()
        self.cell_edits.set_format(code)
        self.show_cell()
        self.grid.setFocus()

    def _on_cell_of_error_wanted(self, place: Place) -> None:
        names = [sheet.name for sheet in self.workbook.sheets]
        if place.sheet in names:
            self.show_sheet(names.index(place.sheet))
            self.grid.go_to(*place.at)
            self.grid.setFocus()

    def _on_bar_began(self) -> None:
        current = self.grid.current
        if current is not None:
            self.grid.scrollTo(self.model.index(*current))

    def _on_cell_wanted(self) -> None:
        """A cell of several lines is written in the grid."""
        self.grid.setFocus()
        self.grid.begin_edit()

    def _on_bar_taken(self, text: str, step: tuple[int, int] | None) -> None:
        current = self.grid.current
        if current is not None and text != self.model.edit_text(*current):
            self.write(current, text)
        self.show_cell()
        if step is not None:
            self.grid.setFocus()
            self.grid.go_on(*step)

    def _on_bar_given_up(self) -> None:
        self.show_cell()
        self.grid.setFocus()

    def _on_selection_changed(self) -> None:
        if not self.grid.is_editing:
            self.show_cell()
        self.actions_of.refresh()

    def _on_menu_requested(self, place: str, at: QPoint) -> None:
        self._pop_up([*self.actions_of.for_place[place], *self.asking.actions], at)

    def _on_tab_menu_requested(self, place: int, at: QPoint) -> None:
        self.show_sheet(place)
        self._pop_up(self.actions_of.for_place["sheets"], at)

    def _pop_up(self, actions: Sequence[QAction], at: QPoint) -> None:
        self.actions_of.refresh()
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(actions))
        menu.popup(at)

    def show_cell(self) -> None:
        """The current cell in the formula bar, and what its error means."""
        current = self.grid.current
        if current is not None:
            self.formula_bar.show_cell(address(current), self.model.edit_text(*current))
            cell = self.sheet.cells.get(current)
            self.formula_bar.formats.show_code(self.cell_edits.shown_format(current, cell), self.recalculation.look)
            self._explaining.look_at(current)

    # From the computation

    def _on_computed(self) -> None:
        self.model.refresh()
        self.grid.widen()
        if not self.grid.is_editing and not self.formula_bar.field.hasFocus():
            self.show_cell()

    def _on_state_changed(self) -> None:
        self._show_note()
        self.model.refresh()

    def _show_note(self) -> None:
        failure = self.recalculation.failure
        if self.grid.copying.is_under_way:
            self.formula_bar.tell(tr("Copying…"))
        elif self.grid.is_cut:
            self.formula_bar.tell(tr("Paste moves them"))
        elif self.recalculation.is_late:
            self.formula_bar.tell(tr("Calculating…"))
        elif isinstance(failure, ForgeError):
            words = error_text(failure)
            self.formula_bar.tell(tr("Not calculated"), "warn", f"{words.message} {words.hint}".strip())
        else:
            self.formula_bar.tell("")
