"""Copied cells as they are, beside the text other programs take: formulas move along when they are pasted."""

from __future__ import annotations

import json
from dataclasses import dataclass

from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Cell, Position, Sheet
from forgeapp.domain.workbook_edits import moved_cell
from forgeapp.ui.artifact.grid import Block

MIME = "application/x-forgeapp-cells+json"
MAX_CELLS = 200_000
_MAX_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Clip:
    """The cells of a block, by place within it. `origin`: where its first cell stood; `is_cut`: formulas are moved,
    not copied, and stay as they are."""

    origin: Position
    height: int
    width: int
    cells: dict[Position, Cell]
    is_cut: bool = False

    def placed(self, target: Block) -> dict[Position, Cell | None]:
        """The cells put at the first cell of `target`, again and again where `target` is a multiple of them."""
        fits = not target.height % self.height and not target.width % self.width
        times = (target.height // self.height, target.width // self.width) if fits else (1, 1)
        placed: dict[Position, Cell | None] = {}
        for down in range(times[0]):
            for right in range(times[1]):
                self._place(placed, target.top + down * self.height, target.left + right * self.width)
        return placed

    def _place(self, placed: dict[Position, Cell | None], top: int, left: int) -> None:
        rows, columns = (0, 0) if self.is_cut else (top - self.origin[0], left - self.origin[1])
        for row in range(self.height):
            for column in range(self.width):
                placed[top + row, left + column] = moved_cell(self.cells.get((row, column)), rows, columns)


def clip_of(sheet: Sheet, block: Block, is_cut: bool) -> Clip | None:
    """None where there are too many cells."""
    if block.size > MAX_CELLS:
        return None
    cells = {
        (row - block.top, column - block.left): cell
        for row, column in block.cells()
        if (cell := sheet.cells.get((row, column))) is not None
    }
    return Clip((block.top, block.left), block.height, block.width, cells, is_cut)


def to_bytes(clip: Clip) -> bytes:
    cells = [[row, column, cell.text, cell.number, cell.format] for (row, column), cell in clip.cells.items()]
    data = {"origin": clip.origin, "size": [clip.height, clip.width], "cells": cells, "cut": clip.is_cut}
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
    if not (height and width and height * width <= MAX_CELLS and top < MAX_ROWS and left < MAX_COLUMNS):
        return None
    return Clip((top, left), height, width, cells, read.get("cut") is True)


def _cell(text: object, number: object, code: object) -> Cell:
    if not isinstance(text, str) or not text:
        raise ValueError("no text")
    if isinstance(number, bool) or not isinstance(number, int | float | None) or (number and abs(number) > 1e300):
        raise ValueError("no number")
    if not isinstance(code, str | None):
        raise ValueError("no number format")
    return Cell(text, number, code)
