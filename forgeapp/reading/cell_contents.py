"""Blocks as the one line of inlines that a table's cell holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    Heading,
    Inline,
    InlineMath,
    Inlines,
    LineBreak,
    ListBlock,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Run,
    TableBlock,
)


def cell_of(blocks: Iterable[Block]) -> Inlines:
    """Paragraphs as lines, items with their marks, code as code."""
    inlines: list[Inline] = []
    for line in _lines(blocks):
        if line:
            inlines += ([LineBreak()] if inlines else []) + line
    return tuple(inlines)


def _lines(blocks: Iterable[Block]) -> Iterator[list[Inline]]:
    for block in blocks:
        match block:
            case Paragraph(inlines=inlines):
                yield list(inlines)
            case Heading(inlines=inlines):
                yield [replace(inline, bold=True) if isinstance(inline, Run) else inline for inline in inlines]
            case ListBlock(items=items, ordered=ordered, start=start):
                for number, item in enumerate(items, start):
                    box = "" if item.checked is None else "\u2611 " if item.checked else "\u2610 "
                    mark: list[Inline] = [Run(f"{number}. " if ordered else box or "\u2022 ")]
                    for line in _lines(item.blocks):
                        yield mark + line
                        mark = []
            case CodeBlock(text=text):
                for code in text.split("\n"):
                    yield [Run(code, code=True)] if code.strip() else []
            case MathBlock(tex=tex):
                yield [InlineMath(tex)]
            case Quote(blocks=inner) | Footnote(blocks=inner):
                yield from _lines(inner)
            case TableBlock(header=header, rows=rows):
                for row in (header, *rows):
                    yield [
                        inline
                        for number, cell in enumerate(cell for cell in row if cell)
                        for inline in ((Run(" | "), *cell) if number else cell)
                    ]
            case Rule():
                pass
