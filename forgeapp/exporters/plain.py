"""Blocks as plain text, as a person would type it: items with their marks, cells with tabs between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inlines,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    TableBlock,
    plain_text,
)
from forgeapp.domain.tab_separated import to_tsv

_STEP = "  "


def plain(blocks: Sequence[Block]) -> str:
    """Blocks with a blank line between them, no line end at the end; footnotes by their number."""
    labels = dict.fromkeys(block.label for block in blocks if isinstance(block, Footnote))
    return _Speaker({label: number for number, label in enumerate(labels, 1)}).text(blocks)


def rows_of(table: TableBlock) -> list[list[str]]:
    """The texts of the cells, without a header where that is blank."""
    rows = (table.header, *table.rows) if any(table.header) else table.rows
    return [[plain_text(cell, "\n") for cell in row] for row in rows]


class _Speaker:
    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers

    def text(self, blocks: Iterable[Block]) -> str:
        return "\n\n".join(text for block in blocks if (text := self._block(block)))

    def _block(self, block: Block) -> str:
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                return self._line(inlines)
            case ListBlock(items=items, tight=tight):
                marks = _marks(block)
                return ("\n" if tight else "\n\n").join(map(self._item, items, marks))
            case TableBlock():
                return to_tsv(rows_of(block))
            case CodeBlock(text=text):
                return text
            case MathBlock(tex=tex):
                return tex
            case Quote(blocks=inner):
                return "\n".join(f"> {line}".rstrip() for line in self.text(inner).split("\n"))
            case Footnote(label=label, blocks=inner):
                return f"[{self._numbers[label]}] {self.text(inner)}"
            case Rule():
                return "---"

    def _item(self, item: ListItem, mark: str) -> str:
        box = "" if item.checked is None else "☑ " if item.checked else "☐ "
        parts: list[str] = []
        for block in item.blocks:
            text = self._block(block)
            if text:
                parts.append(("\n" if isinstance(block, ListBlock) or not parts else "\n\n") + text)
        first, *others = "".join(parts).removeprefix("\n").split("\n")
        return "\n".join((f"{mark if item.checked is None else ''}{box}{first}", *(_STEP + line for line in others)))

    def _line(self, inlines: Inlines) -> str:
        return "".join(
            f"[{self._numbers.get(inline.label, inline.label)}]"
            if isinstance(inline, FootnoteMark)
            else plain_text((inline,), "\n")
            for inline in inlines
        )


def _marks(block: ListBlock) -> Iterator[str]:
    return (f"{block.start + number}. " if block.ordered else "• " for number in range(len(block.items)))
