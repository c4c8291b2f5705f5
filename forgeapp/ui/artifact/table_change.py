"""What a step on a table tells the views that must show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from forgeapp.domain.arrangement import Arrangement
from forgeapp.domain.content import Content
from forgeapp.domain.table import Table
from forgeapp.domain.table_edits import TableEdit

ColumnOrder = Sequence[int | None]
"""For each column afterwards, which one it was before; None for a new one."""


class Cells(NamedTuple):
    """Columns `left` to `right` of some of the table's rows, wherever those are shown."""

    rows: Sequence[int]
    left: int
    right: int


class ShownRows(NamedTuple):
    """Which rows were shown, and how, under an arrangement before and after rows came or went."""

    arrangement: Arrangement
    before: Sequence[int]
    after: Sequence[int]


@dataclass(slots=True)
class TableChange:
    """`before` and `after` are the cells to look at when the step is undone or done.

    `columns`: how columns stand afterwards, None where they stay. `touches_all`: cells beyond those two may look
    different, rows stand elsewhere. `shown`: for who shows the rows under that very arrangement. `is_done` is set by
    the step itself, each time it is done or undone: whoever shows it later, also a view that did not exist when it was
    made, sees the direction.
    """

    edit: TableEdit
    before: Cells
    after: Cells
    columns: ColumnOrder | None = None
    touches_all: bool = False
    shown: ShownRows | None = None
    is_done: bool = False

    @property
    def cells(self) -> Cells:
        """Those to look at now."""
        return self.after if self.is_done else self.before

    @property
    def is_confined(self) -> bool:
        """Whether nothing but `cells` may look different."""
        return not self.touches_all and self.columns is None

    def order_under(self, arrangement: Arrangement) -> Sequence[int] | None:
        """The rows shown now under this arrangement, None where that is not known."""
        if self.shown is None or self.shown.arrangement is not arrangement:
            return None
        return self.shown.after if self.is_done else self.shown.before

    def column_places(self, count: int) -> dict[int, int]:
        """Where the columns stand now, by where they stood before; there were `count`."""
        if self.columns is None:
            return {column: column for column in range(count)}
        pairs = [(old, new) for new, old in enumerate(self.columns) if old is not None]
        return dict(pairs) if self.is_done else {new: old for old, new in pairs}

    def forward(self, content: Content) -> Content:
        assert isinstance(content, Table)
        self.is_done = True
        return self.edit.forward(content)

    def backward(self, content: Content) -> Content:
        assert isinstance(content, Table)
        self.is_done = False
        return self.edit.backward(content)
