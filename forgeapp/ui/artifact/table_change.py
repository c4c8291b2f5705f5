"""What a step on a table tells the views that must show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.domain.content import Content
from forgeapp.domain.table import Table
from forgeapp.domain.table_edits import TableEdit
from forgeapp.ui.artifact.grid import Block

ColumnOrder = Sequence[int | None]
"""For each column afterwards, which one it was before; None for a new one."""


@dataclass(slots=True)
class TableChange:
    """`before` and `after` are the cells to look at when the step is undone or done.

    `columns`: how columns stand afterwards, None where they stay. `touches_all`: cells beyond those two may look
    different. `is_done` is set by the step itself, each time it is done or undone: whoever shows it later, also a view
    that did not exist when it was made, sees the direction.
    """

    edit: TableEdit
    before: Block
    after: Block
    columns: ColumnOrder | None = None
    touches_all: bool = False
    is_done: bool = False

    @property
    def block(self) -> Block:
        """The cells to look at now."""
        return self.after if self.is_done else self.before

    @property
    def changed(self) -> Block | None:
        """All that may look different; None: anything."""
        return None if self.touches_all or self.columns is not None else self.block

    def forward(self, content: Content) -> Content:
        assert isinstance(content, Table)
        self.is_done = True
        return self.edit.forward(content)

    def backward(self, content: Content) -> Content:
        assert isinstance(content, Table)
        self.is_done = False
        return self.edit.backward(content)
