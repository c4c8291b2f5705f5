"""Blocks as GitHub-flavoured Markdown, each a text without a line end at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    Heading,
    Inlines,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    TableBlock,
)
from forgeapp.domain.markdown_text import CELL, HEADING, inlines_markdown, note_label

_ALIGNMENTS = {"left": ":---", "right": "---:", "center": ":---:", None: "---"}
_NOT_IN_LANGUAGE = re.compile(r"[`~\s]+")


def blocks_markdown(blocks: Sequence[Block]) -> str:
    """The whole text, a blank line between blocks, '' for none."""
    return "".join(markdown_pieces(blocks))


def markdown_pieces(blocks: Sequence[Block]) -> Iterator[str]:
    """The same block by block, and of a table row by row."""
    gap = ""
    for _, pieces in _texts(blocks):
        for piece in pieces:
            yield gap + piece
            gap = ""
        gap = "\n\n"


def _texts(blocks: Sequence[Block]) -> Iterator[tuple[Block, Iterable[str]]]:
    """Blocks that come to anything, each with the pieces of its text.

    A list right after one of its sort takes the other marker, or they would be one list.
    """
    other_marker = False
    previous: Block | None = None
    for block in blocks:
        follows = isinstance(block, ListBlock) and isinstance(previous, ListBlock) and previous.ordered == block.ordered
        other_marker = follows and not other_marker
        if isinstance(block, TableBlock) and block.header:
            yield block, _table_rows(block)
        elif text := _markdown(block, other_marker):
            yield block, (text,)
        else:
            continue
        previous = block


def _markdown(block: Block, other_marker: bool) -> str:
    match block:
        case Heading(level=level, inlines=inlines):
            return f"{'#' * level} {inlines_markdown(inlines, HEADING)}".rstrip()
        case Paragraph(inlines=inlines):
            return inlines_markdown(inlines)
        case ListBlock():
            return _list(block, other_marker)
        case TableBlock():
            # Without a header; others come row by row.
            return ""
        case CodeBlock(language=language, text=text):
            return _fenced(text, _NOT_IN_LANGUAGE.sub("", language))
        case MathBlock(tex=tex):
            tex = tex.strip("\n")
            return _fenced(tex, "math") if "$$" in tex else f"$$\n{tex}\n$$"
        case Quote(blocks=blocks):
            lines = blocks_markdown(blocks).split("\n")
            return "\n".join(f"> {line}".rstrip() for line in lines)
        case Rule():
            return "---"
        case Footnote(label=label, blocks=blocks):
            return f"[^{note_label(label)}]: {_indented(blocks_markdown(blocks), 4)}"


def _fenced(text: str, language: str) -> str:
    longest = max((len(match[0]) for match in re.finditer("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}" if text else f"{fence}{language}\n{fence}"


def _indented(text: str, width: int) -> str:
    """All lines but the first set in; blank lines stay empty."""
    first, *others = text.split("\n")
    return "\n".join((first, *(" " * width + line if line else "" for line in others)))


def _list(block: ListBlock, other_marker: bool) -> str:
    items = []
    for number, item in enumerate(block.items):
        if block.ordered:
            marker = f"{min(block.start + number, 999_999_999)}{')' if other_marker else '.'}"
        else:
            marker = "*" if other_marker else "-"
        items.append(_item(item, marker, block.tight))
    return ("\n" if block.tight else "\n\n").join(items)


def _item(item: ListItem, marker: str, tight: bool) -> str:
    box = "" if item.checked is None else "[x] " if item.checked else "[ ] "
    body = ""
    before: Block | None = None
    for number, (block, pieces) in enumerate(_texts(item.blocks)):
        text = "".join(pieces)
        if number == 0:
            # '- ---' would be one line across the page, '- ___' is a blank to be filled in.
            body = "* * *" if isinstance(block, Rule) else text
        else:
            goes_on = isinstance(before, Quote) and isinstance(block, Quote)
            body += ("\n" if tight and _may_interrupt(block) and not goes_on else "\n\n") + text
        before = block
    return f"{marker} {box}{_indented(body, len(marker) + 1)}".rstrip()


def _may_interrupt(block: Block) -> bool:
    """Whether the block needs no blank line before it to end a paragraph."""
    match block:
        case ListBlock(ordered=ordered, start=start, items=items):
            return (not ordered or start == 1) and bool(items and items[0].blocks)
        case CodeBlock() | Quote():
            return True
        case _:
            return False


def _table_rows(table: TableBlock) -> Iterator[str]:
    under = " | ".join(_ALIGNMENTS.get(alignment, "---") for alignment in table.alignments)
    yield f"{_row(table.header)}\n| {under} |"
    for row in table.rows:
        yield f"\n{_row(row)}"


def _row(cells: Sequence[Inlines]) -> str:
    return f"| {' | '.join(inlines_markdown(cell, CELL) for cell in cells)} |"
