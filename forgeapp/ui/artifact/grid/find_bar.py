"""The find bar of a grid: cells that hold the words, one after the other, and what replaces them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import Cancelled
from forgeapp.ui.artifact.find_panel import FindPanel
from forgeapp.ui.artifact.grid.search import Hits, PatternRefused, Place, Search, Searchable, Searched
from forgeapp.ui.artifact.grid.view import GridView
from forgeapp.ui.controls import SegmentedControl
from forgeapp.ui.jobs import Lane
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench

T = TypeVar("T")

MAX_HITS: Final = 100_000
_MAX_REPLACED: Final = 2_000_000
_AT_ONCE: Final = 20_000
_MAX_TAKEN_CHARS: Final = 200


class FindScope(QWidget):
    """In a workbook: in all sheets or the one in view, in what is written or in what is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets = SegmentedControl([("all", tr("All sheets")), ("one", tr("This sheet"))])
        self.sheets.setObjectName("find_sheets")
        self.sheets.setAccessibleName(tr("Where to look"))
        self.texts = SegmentedControl([("written", tr("Formulas")), ("shown", tr("Values"))])
        self.texts.setObjectName("find_texts")
        self.texts.setAccessibleName(tr("What to look through"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 6)
        row.setSpacing(8)
        row.addWidget(self.sheets)
        row.addWidget(self.texts)
        row.addStretch(1)


class GridFindBar(FindPanel):
    """Over a grid, with a `scope` where it has several sheets. Hits are cells, counted and marked.

    Many cells are looked through off the UI thread. `is_idle`: nothing is under way.
    """

    def __init__(
        self,
        grid: GridView,
        searchable: Searchable,
        workbench: Workbench,
        scope: FindScope | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Whole cell"), scope, parent)
        self._grid = grid
        self._searchable = searchable
        self._workbench = workbench
        self._scope = scope
        self._hits: list[Place] = []
        self._job: Job | None = None
        self._goes_to_hit = False
        grid.selection_changed.connect(self._tell_count)
        grid.model().dataChanged.connect(self.look_soon)
        grid.model().rowsRemoved.connect(self.look_soon)
        grid.model().modelReset.connect(self._on_reset)
        if scope is not None:
            scope.sheets.selected.connect(self.look_anew)
            scope.texts.selected.connect(self.look_anew)

    @property
    def hits(self) -> list[Place]:
        """Page, row and column of each, as shown, in their order; at most MAX_HITS."""
        return self._hits

    @property
    def is_idle(self) -> bool:
        return self._job is None

    def open(self, replacing: bool = False) -> None:
        """With the words of the current cell as what to look for, where they are short and nothing was asked before."""
        current, words = self._grid.current, ""
        if current is not None and not self.query.text():
            text = self._grid.grid_model().edit_text(*current)
            if "\n" not in text and len(text) <= _MAX_TAKEN_CHARS and not text.startswith("="):
                words = text
        self.show_panel(replacing, words)

    def close_bar(self) -> None:
        self._drop()
        self.hide()
        self._mark()
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, by: int) -> None:
        if not self._hits:
            return
        current = self._current or (self._searchable.page, 0, -1)
        if by > 0:
            at = bisect_right(self._hits, current) % len(self._hits)
        else:
            at = bisect_left(self._hits, current) - 1
        self._go_to(at)

    def replace_one(self) -> None:
        """In the current cell, if it is a hit; then the next one is gone to."""
        current = self._current
        if current is not None and self._can_replace and self._is_hit(current):
            text = self._grid.grid_model().edit_text(*current[1:])
            try:
                changed = self._search().replaced([(current, text)], self.replacement.text())
            except PatternRefused as error:
                self._on_error(error)
                return
            self._searchable.write_found(tr("Replace"), changed)
            self._hits = [place for place in self._hits if place != current]
        self.step(1)

    def replace_all(self) -> None:
        """In every cell that has it, as one step; many off the UI thread."""
        search, searched, words = self._search(), self._searched(), self.replacement.text()

        def change(cancel: CancelToken | None) -> dict[Place, str]:
            return search.replaced(search.hits(searched, _MAX_REPLACED, cancel), words)

        def take(cells: dict[Place, str]) -> None:
            self._job = None
            if not self._searched().is_same(searched):  # somebody wrote meanwhile: what was found is no longer so
                self.replace_all()
            elif cells:
                self._searchable.write_found(tr("Replace all"), cells)
                self.look_again()

        if self._can_replace:
            self._run(searched.size, change, take)

    @property
    def _can_replace(self) -> bool:
        """What is shown is not what is written."""
        return not self._as_shown

    @property
    def _as_shown(self) -> bool:
        return self._scope is not None and self._scope.texts.value == "shown"

    @property
    def _current(self) -> Place | None:
        current = self._grid.current
        return None if current is None else (self._searchable.page, *current)

    def _search(self) -> Search:
        return Search(self.query.text(), self.case.isChecked(), self.whole.isChecked(), self.pattern.isChecked())

    def _searched(self) -> Searched:
        only_page = self._scope is not None and self._scope.sheets.value == "one"
        return self._searchable.searched(only_page, self._as_shown)

    def look_again(self) -> None:
        self.drop_late_look()
        if not self.isVisible():
            return
        search, searched = self._search(), self._searched()
        if self._scope is not None:
            self._scope.sheets.setVisible(self._searchable.page_count > 1)

        def look(cancel: CancelToken | None) -> Hits:
            return search.hits(searched, MAX_HITS, cancel)

        self._run(searched.size, look, self._show_hits)

    def look_anew(self) -> None:
        self._goes_to_hit = True
        self.look_again()

    def _run(self, size: int, work: Callable[[CancelToken | None], T], take: Callable[[T], None]) -> None:
        self._drop()
        self.fault.hide()
        if size > _AT_ONCE:
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
            self._mark()
            self._tell_count()
            reason = error.reason or tr("it takes too long")
            self.fault.setText(tr("This pattern cannot be searched for: {reason}", reason=reason))
            self.fault.show()
        else:
            self._workbench.failed.emit(error)

    def _show_hits(self, hits: Hits) -> None:
        self._job = None
        self._hits = list(map(itemgetter(0), hits))
        self._mark()
        if self._goes_to_hit and hits:
            self._go_to(bisect_left(self._hits, self._current or (0, 0, 0)) % len(hits))
        self._goes_to_hit = False
        self._tell_count()

    def _mark(self) -> None:
        page = self._searchable.page
        is_open = not self.isHidden()
        self._grid.cells.found = frozenset(hit[1:] for hit in self._hits if hit[0] == page) if is_open else frozenset()
        self._grid.viewport().update()

    def _is_hit(self, place: Place) -> bool:
        at = bisect_left(self._hits, place)
        return at < len(self._hits) and self._hits[at] == place

    def _go_to(self, at: int) -> None:
        page, row, column = self._hits[at]
        if page != self._searchable.page:
            self._searchable.show_page(page)
        self._grid.go_to(row, column)
        self._tell_count()

    def _tell_count(self) -> None:
        if not self.isVisible():
            return
        current = self._current
        number = bisect_left(self._hits, current) + 1 if current is not None and self._is_hit(current) else 0
        looking = tr("Looking …") if self._job is not None else ""
        self.show_count(len(self._hits), number, MAX_HITS, looking, self._can_replace)
        if looking:
            self.count.set_role("ink_3")

    def _on_reset(self) -> None:
        """Another sheet is in view, or the same one after anything happened to it."""
        if self.isVisible():
            self._mark()
            self.look_soon()
