"""The find bar of a grid: cells that hold the words, one after the other, and what replaces them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import Cancelled
from forgeapp.ui.artifact.grid.search import PatternRefused, Place, Search, Searchable
from forgeapp.ui.artifact.grid.view import GridView
from forgeapp.ui.controls import Button, ElidedLabel, HLine, IconButton, Label
from forgeapp.ui.jobs import Lane
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench

T = TypeVar("T")

MAX_HITS: Final = 100_000
_MAX_REPLACED: Final = 2_000_000
_AT_ONCE: Final = 20_000
_LATE_MS: Final = 120
_MAX_TAKEN_CHARS: Final = 200


class GridFindBar(QWidget):
    """Hidden until `open`; Esc closes it and gives the grid its focus back. Hits are cells, counted and marked.

    Many cells are looked through off the UI thread. `is_idle`: nothing is under way.
    """

    def __init__(
        self, grid: GridView, searched: Searchable, workbench: Workbench, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._grid = grid
        self._searched = searched
        self._workbench = workbench
        self._hits: list[Place] = []
        self._job: Job | None = None
        self._goes_to_hit = False
        self.setObjectName("find_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._find_row())
        self._replacing = QWidget(self)
        self._replacing.setLayout(self._replace_row())
        self._replacing.hide()
        column.addWidget(self._replacing)
        self._fault = ElidedLabel("", LABEL, role="bad")
        self._fault.setObjectName("find_fault")
        self._fault.hide()
        below = QHBoxLayout()
        below.setContentsMargins(12, 0, 12, 0)
        below.addWidget(self._fault)
        column.addLayout(below)
        column.addWidget(HLine())
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LATE_MS)
        self._late.timeout.connect(self._look_again)
        self.query.textChanged.connect(self._on_query_changed)
        grid.selection_changed.connect(self._tell_count)
        grid.model().dataChanged.connect(self._on_cells_changed)
        grid.model().rowsRemoved.connect(self._on_cells_changed)
        self.hide()

    def _find_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(2)
        self.query = _field(tr("Find"), "find_query")
        self.count = Label("", LABEL, role="ink_3")
        self.count.setObjectName("find_count")
        self.count.setMinimumWidth(64)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._case = self._choice("case-sensitive", tr("Match capitals"), "find_case")
        self._whole = self._choice("whole-word", tr("Whole cell"), "find_whole")
        self._pattern = self._choice("regex", tr("Pattern (regular expression)"), "find_pattern")
        self._previous = IconButton("chevron-up", tr("Previous hit"), "Shift+F3", side=28)
        self._previous.setObjectName("find_previous")
        self._previous.clicked.connect(lambda: self.step(-1))
        self._next = IconButton("chevron-down", tr("Next hit"), "F3", side=28)
        self._next.setObjectName("find_next")
        self._next.clicked.connect(lambda: self.step(1))
        self._swap = IconButton("replace", tr("Replace"), "Ctrl+H", side=28)
        self._swap.setCheckable(True)
        self._swap.setObjectName("find_replace")
        self._swap.toggled.connect(self._on_swap_toggled)
        close = IconButton("x", tr("Close"), "Esc", side=28)
        close.setObjectName("find_close")
        close.clicked.connect(self.close_bar)
        row.addWidget(self.query, 1)
        row.addWidget(self.count)
        row.addSpacing(4)
        for button in (self._case, self._whole, self._pattern, self._previous, self._next, self._swap, close):
            row.addWidget(button)
        return row

    def _choice(self, icon_name: str, words: str, name: str) -> IconButton:
        button = IconButton(icon_name, words, side=28)
        button.setCheckable(True)
        button.setObjectName(name)
        button.toggled.connect(self._on_query_changed)
        return button

    def _replace_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 8, 6)
        row.setSpacing(6)
        self.replacement = _field(tr("Replace with"), "find_replacement")
        self._one = Button(tr("Replace"), small=True)
        self._one.setObjectName("replace_one")
        self._one.clicked.connect(self.replace_one)
        self._all = Button(tr("Replace all"), small=True)
        self._all.setObjectName("replace_all")
        self._all.clicked.connect(self.replace_all)
        row.addWidget(self.replacement, 1)
        row.addWidget(self._one)
        row.addWidget(self._all)
        return row

    @property
    def hits(self) -> list[Place]:
        """Row and column of each, as shown, row by row; at most MAX_HITS."""
        return self._hits

    @property
    def is_idle(self) -> bool:
        return self._job is None

    def open(self, replacing: bool = False) -> None:
        """With the words of the current cell as what to look for, where they are short and nothing was asked before."""
        current = self._grid.current
        if current is not None and not self.query.text():
            text = self._grid.grid_model().edit_text(*current)
            if "\n" not in text and len(text) <= _MAX_TAKEN_CHARS and not text.startswith("="):
                self.query.setText(text)
        self.show()
        if replacing:
            self._swap.setChecked(True)
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.query.selectAll()
        self._look_again()

    def close_bar(self) -> None:
        self._drop()
        self.hide()
        self._mark(())
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, by: int) -> None:
        """Goes to the next hit, or the previous one; behind the last comes the first."""
        if not self._hits:
            return
        current = self._grid.current or (0, -1)
        if by > 0:
            at = bisect_right(self._hits, current) % len(self._hits)
        else:
            at = bisect_left(self._hits, current) - 1
        self._go_to(at)

    def replace_one(self) -> None:
        """In the current cell, if it is a hit; then the next one is gone to."""
        current = self._grid.current
        if current is not None and self._is_hit(current):
            text = self._grid.grid_model().edit_text(*current)
            try:
                changed = self._search().replaced([[text]], [(0, 0)], self.replacement.text())
            except PatternRefused as error:
                self._on_error(error)
                return
            self._searched.write_found(tr("Replace"), {current: changed[0, 0]})
            self._hits = [place for place in self._hits if place != current]
        self.step(1)

    def replace_all(self) -> None:
        """In every cell that has it, as one step; many off the UI thread."""
        search, rows, words = self._search(), self._searched.searched_rows(), self.replacement.text()

        def change(cancel: CancelToken | None) -> dict[Place, str]:
            return search.replaced(rows, search.places(rows, _MAX_REPLACED, cancel), words)

        def take(cells: dict[Place, str]) -> None:
            self._job = None
            if self._searched.searched_rows() != rows:  # somebody wrote meanwhile: what was found is no longer so
                self.replace_all()
            elif cells:
                self._searched.write_found(tr("Replace all"), cells)
                self._look_again()

        self._run(len(rows), change, take)

    def _search(self) -> Search:
        return Search(self.query.text(), self._case.isChecked(), self._whole.isChecked(), self._pattern.isChecked())

    def _look_again(self) -> None:
        self._late.stop()
        if not self.isVisible():
            return
        search, rows = self._search(), self._searched.searched_rows()

        def look(cancel: CancelToken | None) -> list[Place]:
            return search.places(rows, MAX_HITS, cancel)

        self._run(len(rows), look, self._show_hits)

    def _run(self, row_count: int, work: Callable[[CancelToken | None], T], take: Callable[[T], None]) -> None:
        self._drop()
        self._fault.hide()
        if row_count * self._grid.used()[1] > _AT_ONCE:
            self._job = self._workbench.jobs.run(work, take, self._on_error, lane=Lane.VIEWS)
            self._tell_count()
            return
        try:
            found = work(None)
        except PatternRefused as error:
            self._on_error(error)
            return
        take(found)

    def _drop(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None

    def _on_error(self, error: Exception) -> None:
        self._job = None
        if isinstance(error, Cancelled):
            return
        if isinstance(error, PatternRefused):
            self._hits = []
            self._mark(())
            self._tell_count()
            reason = error.reason or tr("it takes too long")
            self._fault.setText(tr("This pattern cannot be searched for: {reason}", reason=reason))
            self._fault.show()
        else:
            self._workbench.failed.emit(error)

    def _show_hits(self, hits: list[Place]) -> None:
        self._job = None
        self._hits = hits
        self._mark(hits)
        if self._goes_to_hit and hits:
            current = self._grid.current or (0, 0)
            self._go_to(bisect_left(hits, current) % len(hits))
        self._goes_to_hit = False
        self._tell_count()

    def _mark(self, hits: Sequence[Place]) -> None:
        self._grid.cells.found = frozenset(hits)
        self._grid.viewport().update()

    def _is_hit(self, place: Place) -> bool:
        at = bisect_left(self._hits, place)
        return at < len(self._hits) and self._hits[at] == place

    def _go_to(self, at: int) -> None:
        self._grid.go_to(*self._hits[at])
        self._tell_count()

    def _tell_count(self) -> None:
        if not self.isVisible():
            return
        count = number_text(len(self._hits)) + ("+" if len(self._hits) == MAX_HITS else "")
        current = self._grid.current
        has_words = bool(self.query.text())
        if not has_words:
            text = ""
        elif self._job is not None:
            text = tr("Looking …")
        elif not self._hits:
            text = tr("No hits")
        elif current is not None and self._is_hit(current):
            text = tr("{number} of {count}", number=number_text(bisect_left(self._hits, current) + 1), count=count)
        elif len(self._hits) == 1:
            text = tr("1 hit")
        else:
            text = tr("{count} hits", count=count)
        self.count.setText(text)
        self.count.set_role("bad" if has_words and not self._hits and self._job is None else "ink_3")
        for button in (self._previous, self._next, self._one, self._all):
            button.setEnabled(bool(self._hits))

    def _on_query_changed(self) -> None:
        self._goes_to_hit = True
        self._look_again()

    def _on_cells_changed(self) -> None:
        if self.isVisible():
            self._late.start()

    def _on_swap_toggled(self, is_on: bool) -> None:
        self._replacing.setVisible(is_on)
        if is_on:
            self.replacement.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_bar()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.replacement.hasFocus():
                self.replace_one()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F3:
                self.step(-1 if is_back else 1)
            case Qt.Key.Key_H if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self._swap.toggle()
            case Qt.Key.Key_F if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.query.selectAll()
            case _:
                super().keyPressEvent(event)


def _field(words: str, name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    field.setObjectName(name)
    return field
