"""Copied cells as they are, beside the text other programs take: formulas move along when they are pasted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Cell, Position, Sheet
from forgeapp.domain.workbook_edits import moved_cell
from forgeapp.ui.artifact.grid import Block

MIME = "application/x-forgeapp-cells+json"
MAX_CELLS = 1_000_000
_MAX_BYTES = 128_000_000


@dataclass(frozen=True, slots=True)
class Clip:
    """The cells of a block, by place within it. `origin`: where its first cell stood; `cut`: the token of the cut they
    are to be moved by, None where they were copied."""

    origin: Position
    height: int
    width: int
    cells: dict[Position, Cell]
    cut: str | None = None

    def times(self, target: Block) -> tuple[int, int]:
        """How often it goes into `target`, downwards and across: once, unless that is a multiple of it."""
        fits = not target.height % self.height and not target.width % self.width
        return (target.height // self.height, target.width // self.width) if fits else (1, 1)

    def area(self, target: Block) -> Block:
        """What is written over when it is put at the first cell of `target`."""
        down, right = self.times(target)
        bottom, last = target.top + down * self.height - 1, target.left + right * self.width - 1
        return Block(target.top, target.left, min(bottom, MAX_ROWS - 1), min(last, MAX_COLUMNS - 1))

    def size_in(self, target: Block) -> int:
        """How many cells are put there."""
        down, right = self.times(target)
        return down * right * len(self.cells)

    def placed(self, target: Block, sheet: Sheet) -> dict[Position, Cell | None]:
        """The cells put at the first cell of `target` of `sheet`, as often as they go into it."""
        area = self.area(target)
        placed: dict[Position, Cell | None] = {at: None for at in sheet.cells if area.holds(*at)}
        if self.cells:
            times = self.times(target)
            for down in range(times[0]):
                for right in range(times[1]):
                    self._place(placed, target.top + down * self.height, target.left + right * self.width)
        return placed

    def _place(self, placed: dict[Position, Cell | None], top: int, left: int) -> None:
        rows, columns = top - self.origin[0], left - self.origin[1]
        for (row, column), cell in self.cells.items():
            placed[top + row, left + column] = moved_cell(cell, rows, columns)


def clip_of(sheet: Sheet, block: Block, filled: Iterable[Position], cut: str | None = None) -> Clip:
    """`filled`: where anything stands in the block."""
    cells = {
        (row - block.top, column - block.left): cell
        for row, column in filled
        if (cell := sheet.cells.get((row, column))) is not None
    }
    return Clip((block.top, block.left), block.height, block.width, cells, cut)


def to_bytes(clip: Clip) -> bytes:
    cells = [[row, column, cell.text, cell.number, cell.format] for (row, column), cell in clip.cells.items()]
    data = {"origin": clip.origin, "size": [clip.height, clip.width], "cells": cells, "cut": clip.cut}
    return json.dumps(data).encode()


def from_bytes(data: bytes) -> Clip | None:
    """None for anything else than `to_bytes` gives: other programs can fill the clipboard."""
    if len(data) > _MAX_BYTES:
        return None
    try:
        read = json.loads(data)
        (top, left), (height, width) = read["origin"], read["size"]
        cells = {(row, column): _cell(text, number, code) for row, column, text, number, code in read["cells"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    counts = (top, left, height, width, *(place for at in cells for place in at))
    if not all(type(count) is int and count >= 0 for count in counts):
        return None
    if not (height and width and top + height <= MAX_ROWS and left + width <= MAX_COLUMNS and len(cells) <= MAX_CELLS):
        return None
    if not all(row < height and column < width for row, column in cells):
        return None
    cut = read.get("cut")
    return Clip((top, left), height, width, cells, cut if isinstance(cut, str) else None)


def _cell(text: object, number: object, code: object) -> Cell:
    if not isinstance(text, str) or not text:
        raise ValueError("no text")
    if isinstance(number, bool) or not isinstance(number, int | float | None) or (number and abs(number) > 1e300):
        raise ValueError("no number")
    if not isinstance(code, str | None):
        raise ValueError("no number format")
    return Cell(text, number, code)
