"""The blocks that are selected, put together to be copied."""

from __future__ import annotations

from collections.abc import Sequence

from forgeapp.domain.cell_block import Block
from forgeapp.ui.artifact.grid.model import GridModel


def spanned(blocks: Sequence[Block]) -> tuple[Sequence[int], Sequence[int]]:
    """The rows and the columns that any of the blocks has cells in."""
    if len(blocks) == 1:
        block = blocks[0]
        return range(block.top, block.bottom + 1), range(block.left, block.right + 1)
    rows = {row for block in blocks for row in range(block.top, block.bottom + 1)}
    columns = {column for block in blocks for column in range(block.left, block.right + 1)}
    return sorted(rows), sorted(columns)


def rows_of(model: GridModel, blocks: Sequence[Block]) -> Sequence[Sequence[str]]:
    """The texts in the blocks; those apart from each other are put together with blanks between."""
    if len(blocks) == 1:
        return model.copy_rows(blocks[0])
    rows, columns = spanned(blocks)
    places = {column: place for place, column in enumerate(columns)}
    lines = {row: [""] * len(columns) for row in rows}
    for block in blocks:
        left = places[block.left]
        for row, texts in enumerate(model.copy_rows(block), block.top):
            lines[row][left : left + len(texts)] = texts
    return list(lines.values())
