"""How far the writing of a file is, told in what is counted: rows of a table, parts of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from forgeapp.domain.document import Block, TableBlock
from forgeapp.domain.publication import Progress, Share

_TIMES: Final = 200
"""So often at most: what is told goes through a pipe."""
_Piece = TypeVar("_Piece")


class Count:
    """Of `total` things, each a `unit` of `Share`."""

    def __init__(self, total: int, unit: str, progress: Progress) -> None:
        self._total = total
        self._unit = unit
        self._progress = progress
        self._done = 0
        self._told = 0

    def step(self) -> None:
        """One more is written; what goes beyond the total is of the last."""
        self._reach(self._done + 1)

    def each(self, things: Iterable[_Piece], size: int | None = None) -> Iterator[_Piece]:
        """Gives them on, each a step; with `size` they are that many steps together, whatever their number."""
        end = None if size is None else self._done + size
        for thing in things:
            yield thing
            self._reach(self._done + 1 if end is None else min(self._done + 1, end))
        if end is not None:
            self._reach(end)

    def _reach(self, done: int) -> None:
        self._done = min(done, self._total)
        if (self._done - self._told) * _TIMES >= self._total and self._done > self._told:
            self._told = self._done
            self._progress(Share(self._done / self._total, self._unit, self._done, self._total))


def count_of(blocks: Iterable[Block], progress: Progress) -> Count:
    """Of blocks, and of the rows of those that are tables: rows, where most are that, else parts."""
    sizes = [size_of(block) for block in blocks]
    is_table = sum(sizes) > 2 * len(sizes)
    return Count(sum(sizes), "row" if is_table else "part", progress)


def size_of(block: Block) -> int:
    return 1 + len(block.rows) if isinstance(block, TableBlock) else 1
