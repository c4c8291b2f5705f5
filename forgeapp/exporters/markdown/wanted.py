"""What a Markdown file must hold: blocks as parts in reading order, footnotes last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
)
from forgeapp.domain.markdown_text import note_label, storable
from forgeapp.exporters.comparison import Part
from forgeapp.exporters.markdown.words import (
    ITEM_STATES,
    STYLES,
    Piece,
    address_words,
    bare,
    code_words,
    known_language,
    line_parts,
    picture_parts,
)


class Wanted:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self._notes = {note_label(block.label): block for block in blocks if isinstance(block, Footnote)}
        self._body = [block for block in blocks if not isinstance(block, Footnote)]
        self._marked: set[str] = set()

    def parts(self) -> Iterator[Part]:
        yield from self._blocks(self._body, 0)
        done: set[str] = set()
        # A note may have marks of its own.
        while waiting := sorted(self._marked - done):
            done.update(waiting)
            for label in waiting:
                yield "footnote", 0, label
                yield from self._blocks(self._notes[label].blocks, 0)

    def _blocks(self, blocks: Iterable[Block], depth: int) -> Iterator[Part]:
        for block in blocks:
            yield from self._block(block, depth)

    def _block(self, block: Block, depth: int) -> Iterator[Part]:
        match block:
            case Heading(level=level, inlines=inlines):
                yield from self._inlines(f"heading {level}", inlines, depth)
            case Paragraph(inlines=inlines):
                parts = list(self._inlines("paragraph", inlines, depth))
                if len(parts) > 1 or parts[0][2]:
                    yield from parts
            case ListBlock(ordered=ordered, items=items, start=start) if items:
                yield "list", depth, f"from {min(start, 999_999_999)}" if ordered else "without numbers"
                for item in items:
                    yield from self._item(item, depth + 1)
            case TableBlock(header=header, rows=rows, alignments=alignments) if header:
                yield "table", depth, " ".join(alignment or "-" for alignment in alignments)
                for row in (header, *rows):
                    yield "row", depth, f"of {len(row)} cells"
                    for cell in row:
                        only = cell[0] if len(cell) == 1 else None
                        if type(only) is Run and only == Run(only.text):
                            # Nearly all are like that, and there may be millions.
                            yield "cell", depth, bare(only.text)
                        else:
                            yield from self._inlines("cell", cell, depth)
            case CodeBlock(language=language, text=text):
                yield "code block", depth, f"{known_language(language)}|{code_words(text, depth)}"
            case MathBlock(tex=tex):
                yield "math", depth, bare(tex)
            case Quote(blocks=blocks):
                yield "quote", depth, ""
                yield from self._blocks(blocks, depth + 1)
            case Rule():
                yield "line", depth, ""
            case _:
                pass

    def _item(self, item: ListItem, depth: int) -> Iterator[Part]:
        yield "item", depth, ITEM_STATES[item.checked]
        yield from self._blocks(item.blocks, depth)

    def _inlines(self, kind: str, inlines: Sequence[Inline], depth: int) -> Iterator[Part]:
        pieces: list[Piece] = []
        others: list[Part] = []
        for inline in inlines:
            match inline:
                case Run(text=text):
                    styles = frozenset(style for style in STYLES if getattr(inline, style))
                    pieces.append(Piece(storable(text), styles, address_words(inline.link)))
                case InlineMath(tex=tex):
                    pieces.append(Piece(f"${tex}$"))
                case Picture(source=source, alt=alt):
                    pieces.append(Piece(storable(alt)))
                    others += picture_parts(source, depth)
                case LineBreak():
                    pieces.append(Piece(" "))
                case FootnoteMark(label=label):
                    label = note_label(label)
                    if label in self._notes:
                        self._marked.add(label)
                        others.append(("footnote mark", depth, label))
                    else:
                        pieces.append(Piece(f"[^{label}]"))
        return line_parts(kind, depth, pieces, others)
