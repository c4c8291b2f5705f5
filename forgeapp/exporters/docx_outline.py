"""What a DOCX file is expected to hold: blocks as a flat list of facts, each of which a reader can find again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

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
    walk,
)
from forgeapp.exporters.docx_blocks import MAX_LEVEL, MAX_START
from forgeapp.exporters.docx_story import link_target
from forgeapp.exporters.docx_tables import column_slices
from forgeapp.exporters.docx_text import storable
from forgeapp.exporters.pictures import read_picture


@dataclass(frozen=True, slots=True)
class Fact:
    """One paragraph or table. `what`: 'heading 2', 'item 0 3.', 'paragraph', 'quote', 'code', 'math', 'rule', 'table'.

    `text` with '[1]' for a footnote mark and U+FFFC for a picture; `links` (text, address); `pictures` SHA-256 of the
    bytes; `cells` by row, for a table only.
    """

    what: str
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()
    cells: tuple[tuple[Fact, ...], ...] = ()

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 40 else f"{self.text[:40]}..."
        size = f" of {len(self.cells)} rows" if self.what == "table" else ""
        return f"{self.what}{size}" + (f" '{shown}'" if shown else "")


@dataclass(frozen=True, slots=True)
class Outline:
    """`notes`: the facts of each footnote, in the order of their numbers."""

    body: tuple[Fact, ...]
    notes: tuple[tuple[Fact, ...], ...]


def expected_outline(blocks: Iterable[Block]) -> Outline:
    blocks = tuple(blocks)
    notes = {block.label: block for block in blocks if isinstance(block, Footnote)}
    body: list[Block] = [block for block in blocks if not isinstance(block, Footnote)]
    numbers: dict[str, int] = {}
    for label in _marks(body):
        if label in notes:
            numbers.setdefault(label, len(numbers) + 1)
    unmarked: list[Block] = []
    for label, note in notes.items():
        if label not in numbers:
            unmarked += [Paragraph((Run(f"[{label}]"),)), *note.blocks]
    foot = _Reader({})
    return Outline(
        (*_Reader(numbers).facts(body), *foot.facts(unmarked)),
        tuple(tuple(foot.facts(_opened(notes[label].blocks))) for label in numbers),
    )


def _opened(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A footnote and a list item begin with a paragraph, be it empty: their number stands in it."""
    return blocks if blocks and isinstance(blocks[0], Paragraph) else (Paragraph(()), *blocks)


def _marks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in walk(blocks):
        inlines: Iterable[Inline] = ()
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                pass
            case TableBlock(header=header, rows=rows):
                slices = column_slices(len(header))
                inlines = (
                    inline for part in slices for row in (header, *rows) for cell in row[part] for inline in cell
                )
            case _:
                continue
        yield from (inline.label for inline in inlines if isinstance(inline, FootnoteMark))


class _Reader:
    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers

    def facts(self, blocks: Iterable[Block], depth: int = -1, plain: str = "paragraph") -> Iterator[Fact]:
        for block in blocks:
            match block:
                case Heading(level=level, inlines=inlines):
                    yield self._fact(f"heading {level}", inlines)
                case Paragraph(inlines=inlines):
                    yield self._fact(plain, inlines)
                case ListBlock():
                    yield from self._items(block, depth + 1)
                case TableBlock(header=header, rows=rows):
                    for part in column_slices(len(header)):
                        lines = (header, *rows) if any(header[part]) else rows
                        cells = tuple(tuple(self._fact("cell", cell) for cell in line[part]) for line in lines)
                        yield Fact("table", cells=cells)
                case CodeBlock(text=text):
                    yield Fact("code", storable(text))
                case MathBlock(tex=tex):
                    yield Fact("math", storable(tex))
                case Quote(blocks=inner):
                    yield from self.facts(inner, plain="quote")
                case Rule():
                    yield Fact("rule")
                case Footnote():
                    pass

    def _items(self, block: ListBlock, depth: int) -> Iterator[Fact]:
        first = min(block.start, MAX_START)
        level = min(depth, MAX_LEVEL)
        for number, item in enumerate(block.items):
            opening, *rest = _opened(item.blocks)
            assert isinstance(opening, Paragraph)
            box = "" if item.checked is None else "\u2611" if item.checked else "\u2610"
            mark = f"{first + number}." if block.ordered else "" if box else "\u2022"
            space = "" if not box else " " if block.ordered else "\t"
            yield self._fact(f"item {level} {mark}".rstrip(), (Run(box + space), *opening.inlines))
            yield from self.facts(rest, depth)

    def _fact(self, what: str, inlines: Iterable[Inline]) -> Fact:
        texts: list[str] = []
        links: list[tuple[str, str]] = []
        pictures: list[str] = []
        for address, group in groupby(inlines, lambda inline: inline.link if isinstance(inline, Run) else None):
            text = "".join(self._text(inline, pictures) for inline in group)
            texts.append(text)
            target = link_target(address) if address else None
            if target and text:
                links.append((text, target))
        return Fact(what, "".join(texts), tuple(links), tuple(pictures))

    def _text(self, inline: Inline, pictures: list[str]) -> str:
        match inline:
            case Run(text=text):
                return storable(text)
            case LineBreak():
                return "\n"
            case InlineMath(tex=tex):
                return storable(tex)
            case FootnoteMark(label=label):
                return f"[{self._numbers.get(label) or storable(label)}]"
            case Picture(source=source, alt=alt):
                file = read_picture(source)
                if not file:
                    return storable(alt)
                pictures.append(sha256(file.data).hexdigest())
                return "\ufffc"
