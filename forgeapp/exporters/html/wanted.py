"""What an HTML file must hold: parts in reading order, blocks with their depth and what stands in them.

What counts its parts, a list or a table, comes behind them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from forgeapp.domain.anchors import place_number
from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    InlineMath,
    LineBreak,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
)
from forgeapp.exporters.comparison import Part
from forgeapp.exporters.html.blocks import class_name, heading_id
from forgeapp.exporters.html.words import HOLE, bare, list_words, picture_words, plain, shape, verbatim
from forgeapp.exporters.links import web_address
from forgeapp.exporters.mathml import math_tree
from forgeapp.exporters.pictures import description, read_picture


class Wanted:
    """What stands in the file, by the blocks. Of footnotes with one label the first is meant."""

    def __init__(self, notes: Sequence[Footnote]) -> None:
        self._numbers: dict[str, int] = {}
        for number, note in enumerate(notes, 1):
            self._numbers.setdefault(note.label, number)

    def block(self, block: Block, depth: int) -> Iterator[Part]:
        match block:
            case Heading(level=level, inlines=inlines):
                yield from self._line(f"h{min(max(level, 1), 6)}", inlines, depth)
            case Paragraph(inlines=inlines):
                yield from self._line("p", inlines, depth)
            case ListBlock(ordered=ordered, items=items, start=start):
                for item in items:
                    yield "li", depth + 1, ""
                    if item.checked is not None:
                        yield "input", depth + 1, "checked" if item.checked else "open"
                    yield from self._blocks(item.blocks, depth + 1)
                yield "ol" if ordered else "ul", depth, list_words(str(start) if ordered else "", len(items))
            case TableBlock(header=header, rows=rows, alignments=alignments):
                yield from self._row("th", header, alignments, depth)
                for row in rows:
                    yield from self._row("td", row, alignments, depth)
                yield "table", depth, shape(Counter({len(header): 1 + len(rows)}))
            case CodeBlock(language=language, text=text):
                name = class_name(language)
                yield "pre", depth, f"{f'language-{name}' if name else ''}|{verbatim(text)}"
            case MathBlock(tex=tex):
                yield _formula(tex, True, depth)
            case Quote(blocks=inner):
                yield "blockquote", depth, ""
                yield from self._blocks(inner, depth + 1)
            case Footnote(blocks=inner):
                # All of them stand in one list, which counts for nothing.
                yield "li", 0, ""
                yield from self._blocks(inner, 0)
            case Rule():
                yield "hr", depth, ""

    def _blocks(self, blocks: Iterable[Block], depth: int) -> Iterator[Part]:
        for block in blocks:
            yield from self.block(block, depth)

    def _row(
        self, tag: str, cells: Sequence[Sequence[Inline]], alignments: Sequence[str | None], depth: int
    ) -> Iterator[Part]:
        for cell, alignment in zip(cells, alignments, strict=True):
            prefix = f"{alignment}|" if alignment in ("left", "right", "center") else ""
            only = cell[0] if len(cell) == 1 else None
            if type(only) is Run and only == Run(only.text):
                # Nearly all are like that, and there may be millions.
                yield tag, depth, prefix + plain(only.text)
            else:
                yield from self._line(tag, cell, depth, prefix)

    def _line(self, tag: str, inlines: Sequence[Inline], depth: int, prefix: str = "") -> Iterator[Part]:
        yield tag, depth, prefix + plain("".join(map(self._spoken, inlines)))
        for inline in inlines:
            yield from self._inline(inline, depth)

    def _spoken(self, inline: Inline) -> str:
        match inline:
            case Run(text=text):
                return text
            case InlineMath():
                return HOLE
            case Picture(source=source):
                return HOLE if read_picture(source) else description(inline)
            case FootnoteMark(label=label):
                return str(self._numbers.get(label, f"[{label}]"))
            case LineBreak():
                return " "

    def _inline(self, inline: Inline, depth: int) -> Iterator[Part]:
        match inline:
            case Run(text=text):
                address = web_address(inline.link)
                number = place_number(inline.link)
                if address:
                    yield "a", depth, f"{address} {plain(text)}"
                elif number:
                    yield "a", depth, f"#{heading_id(number)} {plain(text)}"
                for is_so, tag in ((inline.strike, "s"), (inline.italic, "em"), (inline.bold, "strong")):
                    if is_so:
                        yield tag, depth, plain(text)
                if inline.code:
                    yield "code", depth, plain(text)
            case InlineMath(tex=tex):
                yield _formula(tex, False, depth)
            case Picture(source=source, alt=alt) if read_picture(source):
                yield "img", depth, picture_words(source, alt)
            case FootnoteMark(label=label) if label in self._numbers:
                yield "sup", depth, f"{self._numbers[label]} #note-{self._numbers[label]}"
            case _:
                pass


def _formula(tex: str, is_block: bool, depth: int) -> Part:
    tree = math_tree(tex, is_block)
    return "math", depth, bare(tex) if tree is None else f"{bare(tex)}|{bare(''.join(tree.itertext()))}"
