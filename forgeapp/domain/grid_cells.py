"""The cells of a rectangle of texts, made only as they are asked for: a table's rows take no memory a second time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from forgeapp.domain.column_types import TypedColumn
from forgeapp.domain.workbook import Cell, Position

Entry = tuple[Position, str, float | int | None, str | None]
"""A cell as its parts: where it is, its text, the number it means, its format."""


class GridCells(Mapping[Position, Cell]):
    """`rows` of equal length, '' for a blank cell. `columns`: what is known of some of them, from `first_row` down."""

    def __init__(
        self, rows: Sequence[Sequence[str]], columns: Mapping[int, TypedColumn] | None = None, first_row: int = 1
    ) -> None:
        self.rows = rows
        self._columns = columns or {}
        self._first_row = first_row

    @property
    def extent(self) -> Position:
        """Rows and columns up to the last filled cell."""
        rows = columns = 0
        for row, texts in enumerate(self.rows, 1):
            last = next((column for column in range(len(texts), 0, -1) if texts[column - 1]), 0)
            if last:
                rows = row
                columns = max(columns, last)
        return rows, columns

    def typed(self, columns: Mapping[int, TypedColumn], first_row: int) -> GridCells:
        return GridCells(self.rows, columns, first_row)

    def entries(self) -> Iterator[Entry]:
        """Row by row, from left to right."""
        known = self._columns
        width = len(self.rows[0]) if self.rows else 0
        plain = [known.get(column) for column in range(width)]
        for row, texts in enumerate(self.rows):
            place = row - self._first_row
            for column, text in enumerate(texts):
                if not text:
                    continue
                typed = plain[column]
                if typed is None or place < 0:
                    yield (row, column), text, None, None
                else:
                    yield (row, column), text, typed.values[place], typed.formats[place]

    def __getitem__(self, at: Position) -> Cell:
        row, column = at
        if row < 0 or column < 0:
            raise KeyError(at)
        try:
            text = self.rows[row][column]
        except IndexError:
            raise KeyError(at) from None
        if not text:
            raise KeyError(at)
        typed = self._columns.get(column)
        if typed is None or row < self._first_row:
            return Cell(text)
        place = row - self._first_row
        return Cell(text, typed.values[place], typed.formats[place])

    def __iter__(self) -> Iterator[Position]:
        return ((row, column) for row, texts in enumerate(self.rows) for column, text in enumerate(texts) if text)

    def __bool__(self) -> bool:
        return any(text for texts in self.rows for text in texts)

    def __len__(self) -> int:
        return sum(1 for texts in self.rows for text in texts if text)
