"""How wide the columns of a grid are: as their content needs, unless the user chose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forgeapp.ui.theme import px

if TYPE_CHECKING:
    from forgeapp.ui.artifact.grid.view import GridView

_MIN_WIDTH = 64
_MAX_WIDTH = 320
_MEASURED_ROWS = 60


class ColumnWidths:
    """Remembers which columns were fitted: they are fitted again, those of the user's only grow with the text."""

    def __init__(self, grid: GridView) -> None:
        self._grid = grid
        self._fitted: dict[int, int] = {}

    def fit(self, columns: Sequence[int] | None = None) -> None:
        """Columns as wide as their names and first rows need, within bounds; without `columns` all."""
        grid = self._grid
        for column in range(grid.model().columnCount()) if columns is None else columns:
            self._fitted[column] = min(max(self._wanted(column), px(_MIN_WIDTH)), px(_MAX_WIDTH))
            grid.setColumnWidth(column, self._fitted[column])

    def widen(self, columns: Sequence[int]) -> None:
        """Fits those anew that have become too narrow, unless the user gave them a width of his own."""
        for column in columns:
            width = self._grid.columnWidth(column)
            if width == self._fitted.get(column) and width < self._wanted(column):
                self.fit([column])

    def rescale(self, factor: float) -> None:
        """The text has another size: what was fitted is fitted anew, what the user gave a width grows along."""
        for column, fitted in list(self._fitted.items()):
            if column >= self._grid.model().columnCount():
                continue
            width = self._grid.columnWidth(column)
            if width == fitted:
                self.fit([column])
            else:
                self._grid.setColumnWidth(column, round(width * factor))

    def _wanted(self, column: int) -> int:
        header = self._grid.column_header.sectionSizeFromContents(column).width()
        return max(header, self._grid.sizeHintForColumn(column))

    def needed(self, column: int) -> int:
        """By the first rows and those in view."""
        grid = self._grid
        model, rows, first = grid.grid_model(), grid.model().rowCount(), max(grid.rowAt(0), 0)
        measured = {*range(min(rows, _MEASURED_ROWS)), *range(first, min(first + _MEASURED_ROWS, rows))}
        return max((grid.cells.text_width(model.look(row, column)) for row in measured), default=0) + 1
