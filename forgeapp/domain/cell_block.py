"""A rectangle of cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Block(NamedTuple):
    """Rows `top` to `bottom` and columns `left` to `right`, all from 0 and within the block."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def between(cls, first: tuple[int, int], second: tuple[int, int]) -> Block:
        """The smallest block that holds both cells."""
        rows, columns = sorted((first[0], second[0])), sorted((first[1], second[1]))
        return cls(rows[0], columns[0], rows[1], columns[1])

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        return self.right - self.left + 1

    @property
    def size(self) -> int:
        return self.height * self.width

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def within(self, rows: int, columns: int) -> Block | None:
        """The part that lies in a grid of so many rows and columns; None where there is none."""
        cut = Block(max(self.top, 0), max(self.left, 0), min(self.bottom, rows - 1), min(self.right, columns - 1))
        return cut if cut.top <= cut.bottom and cut.left <= cut.right else None

    def cells(self) -> Iterator[tuple[int, int]]:
        """Row by row."""
        return (
            (row, column) for row in range(self.top, self.bottom + 1) for column in range(self.left, self.right + 1)
        )
