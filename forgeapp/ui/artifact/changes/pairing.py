"""Which blocks of one document became which of another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from forgeapp.domain.document import Block, Blocks, CodeBlock, Heading, Paragraph, TableBlock, plain_text, walk

MAX_PAIRS: Final = 400
"""Blocks on one side times blocks on the other that are looked at for likeness; more are told as replaced."""
_LEAST_ALIKE: Final = 0.35
_MAX_COMPARED: Final = 2_000
"""Characters of a block."""


def paired(before: Blocks, after: Blocks) -> Iterator[tuple[Block | None, Block | None]]:
    """Which became which: those most alike, in order; None where one has no counterpart."""
    if len(before) == len(after) == 1 and type(before[0]) is type(after[0]):
        yield before[0], after[0]
        return
    if len(before) * len(after) > MAX_PAIRS:
        yield from ((block, None) for block in before)
        yield from ((None, block) for block in after)
        return
    old = new = 0
    for left, right in _likest(before, after):
        yield from ((block, None) for block in before[old:left])
        yield from ((None, block) for block in after[new:right])
        yield before[left], after[right]
        old, new = left + 1, right + 1
    yield from ((block, None) for block in before[old:])
    yield from ((None, block) for block in after[new:])


def _likest(before: Blocks, after: Blocks) -> list[tuple[int, int]]:
    """The pairs, in order, that are most alike taken together."""
    from rapidfuzz.fuzz import ratio

    olds, news = [_words(block) for block in before], [_words(block) for block in after]
    best: list[list[tuple[float, tuple[tuple[int, int], ...]]]] = [[(0.0, ())] * (len(after) + 1)]
    for left, old in enumerate(before):
        row: list[tuple[float, tuple[tuple[int, int], ...]]] = [(0.0, ())]
        for right, new in enumerate(after):
            likeness = ratio(olds[left], news[right]) / 100 if type(old) is type(new) else 0.0
            score, pairs = best[left][right]
            taken = (score + likeness, (*pairs, (left, right))) if likeness >= _LEAST_ALIKE else (-1.0, ())
            row.append(max(taken, best[left][right + 1], row[right], key=lambda found: found[0]))
        best.append(row)
    return list(best[-1][-1][1])


def _words(block: Block) -> str:
    parts: list[str] = []
    for each in walk((block,)):
        match each:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                parts.append(plain_text(inlines))
            case TableBlock(header=header, rows=rows):
                parts += [plain_text(cell) for row in (header, *rows[:20]) for cell in row]
            case CodeBlock(text=text):
                parts.append(text[:_MAX_COMPARED])
    return " ".join(parts)[:_MAX_COMPARED]
