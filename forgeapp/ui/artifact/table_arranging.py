"""How a table's rows are shown, as the user wishes; the table itself stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.arrangement import Arrangement, ColumnFilter, arranged_rows
from forgeapp.ui.jobs import Lane, ignore_cancelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forgeapp.domain.columns import TableColumns
    from forgeapp.ui.artifact.table_model import TableModel
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench

_AT_ONCE = 2_000


class Arranging(QObject):
    """`arranged(order)`: the rows to be shown, None for all as they are. `changed()`: what is wished, or under way.

    Many rows are put in order off the UI thread, again if something changed meanwhile. `settle` is called before rows
    go elsewhere: what is being typed belongs to the row it was typed in.
    """

    arranged = Signal(object)
    changed = Signal()

    def __init__(self, model: TableModel, workbench: Workbench, settle: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._workbench = workbench
        self._settle = settle
        self._job: Job | None = None

    @property
    def wanted(self) -> Arrangement:
        return self._model.arrangement

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return self._job is None

    def cycle(self, column: int) -> None:
        """Ascending, descending, as they are."""
        now = self.wanted.sort
        if now is None or now[0] != column:
            self.sort(column, False)
        else:
            self.sort(column, True) if not now[1] else self.sort(None)

    def sort(self, column: int | None, is_descending: bool = False) -> None:
        """None: as they are."""
        self.ask(Arrangement(None if column is None else (column, is_descending), self.wanted.filters))

    def filter(self, column: int, wanted: ColumnFilter) -> None:
        self.ask(self.wanted.with_filter(column, wanted))

    def clear(self) -> None:
        self.ask(Arrangement())

    def ask(self, wanted: Arrangement) -> None:
        """This and nothing else is wished from now on."""
        self._drop()
        self._model.arrangement = wanted
        if wanted.is_idle:
            self._settle()
            self.arranged.emit(None)
        elif len(self._model.table.rows) <= _AT_ONCE:
            self._settle()
            self.arranged.emit(arranged_rows(self._model.columns, wanted))
        else:
            columns = self._model.columns
            self._job = self._workbench.jobs.run(
                lambda cancel: arranged_rows(columns, wanted, cancel),
                lambda order: self._land(columns, order),
                ignore_cancelled(self._workbench.failed.emit),
                lane=Lane.VIEWS,
            )
        self.changed.emit()

    def again(self) -> None:
        """The rows are other ones now."""
        wanted = self.wanted
        self.ask(Arrangement(wanted.sort, wanted.filters))

    def follow(self, places: Mapping[int, int]) -> None:
        """Columns stand elsewhere now, by where they stood."""
        wanted = self.wanted
        moved = wanted.moved(places)
        if moved != wanted:
            self._model.arrangement = moved
            self.changed.emit()

    def _drop(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None

    def _land(self, columns: TableColumns, order: list[int]) -> None:
        self._job = None
        self._settle()
        if columns is not self._model.columns:
            self.again()
            return
        self.arranged.emit(order)
        self.changed.emit()
