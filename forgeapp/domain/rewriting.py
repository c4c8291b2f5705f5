"""Blocks with every line of their text, or every heading, exchanged; what does not change stays the very same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from forgeapp.domain.document import (
    Block,
    Blocks,
    Footnote,
    Heading,
    Inlines,
    ListBlock,
    Paragraph,
    Quote,
    TableBlock,
)

Line = Callable[[Inlines], Inlines]


def rewritten(blocks: Blocks, line: Line, deeper: int = 0) -> Blocks:
    """`line` is given those of headings, paragraphs and cells, in reading order, and gives back the very same inlines
    for what stays. `deeper`: levels that headings move down, within 1 to 6."""
    changed = tuple(_block(block, line, deeper) for block in blocks)
    return blocks if _are_same(changed, blocks) else changed


def _block(block: Block, line: Line, deeper: int) -> Block:
    match block:
        case Heading(level=level, inlines=inlines):
            changed, moved = line(inlines), min(max(level + deeper, 1), 6)
            return block if changed is inlines and moved == level else Heading(moved, changed)
        case Paragraph(inlines=inlines):
            changed = line(inlines)
            return block if changed is inlines else Paragraph(changed)
        case ListBlock(items=items):
            held = [rewritten(item.blocks, line, deeper) for item in items]
            if _are_same(held, [item.blocks for item in items]):
                return block
            return replace(
                block, items=tuple(replace(item, blocks=inner) for item, inner in zip(items, held, strict=True))
            )
        case Quote(blocks=inner) | Footnote(blocks=inner):
            within = rewritten(inner, line, deeper)
            return block if within is inner else replace(block, blocks=within)
        case TableBlock(header=header, rows=rows):
            top, below = _row(header, line), [_row(row, line) for row in rows]
            if top is header and _are_same(below, rows):
                return block
            return replace(block, header=top, rows=tuple(below))
        case _:
            return block


def _row(cells: tuple[Inlines, ...], line: Line) -> tuple[Inlines, ...]:
    changed = tuple(map(line, cells))
    return cells if _are_same(changed, cells) else changed


def _are_same(new: Sequence[object], old: Sequence[object]) -> bool:
    return all(map(lambda one, other: one is other, new, old))
