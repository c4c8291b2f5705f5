"""A document: Markdown as the user edits it, and the tree of blocks every exporter and view is given.

Blocks are Heading, Paragraph, ListBlock, TableBlock, CodeBlock, MathBlock, Quote, Rule and Footnote; inlines are Run,
InlineMath, Picture, FootnoteMark and LineBreak. Runs are flat: styles do not nest, they add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """`markdown` is the whole text; `title` stands in it too where it has a heading."""

    title: str | None
    markdown: str


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style. `link`: an http(s) or mailto address, or '#' and a place here (`domain.anchors`)."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class InlineMath:
    """TeX without its dollars."""

    tex: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image by its source as written; only data: sources are ever drawn, others show `alt`."""

    source: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class FootnoteMark:
    """A reference to the Footnote with this label."""

    label: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    pass


Inline = Run | InlineMath | Picture | FootnoteMark | LineBreak
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1..6."""

    level: int
    inlines: Inlines


@dataclass(frozen=True, slots=True)
class Paragraph:
    inlines: Inlines


@dataclass(frozen=True, slots=True)
class ListItem:
    """`checked` is None unless the item is a task."""

    blocks: tuple[Block, ...]
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class ListBlock:
    """`start` is the first number of an ordered list. `tight`: no space between the items."""

    ordered: bool
    items: tuple[ListItem, ...]
    start: int = 1
    tight: bool = True


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Each row has as many cells as `header`; `alignments` 'left', 'right', 'center' or None, one a column."""

    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    alignments: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """`text` ends without a line end."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class MathBlock:
    tex: str


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    pass


@dataclass(frozen=True, slots=True)
class Footnote:
    """Its text; all footnotes stand at the end of the tree, in the order of their first mark."""

    label: str
    blocks: tuple[Block, ...]


Block = Heading | Paragraph | ListBlock | TableBlock | CodeBlock | MathBlock | Quote | Rule | Footnote
Blocks = tuple[Block, ...]


def plain_text(inlines: Iterable[Inline], line_break: str = " ", footnote_mark: str = "") -> str:
    """What a reader would say aloud: styles dropped, pictures by their alt text."""
    parts: list[str] = []
    for inline in inlines:
        match inline:
            case Run(text=text):
                parts.append(text)
            case InlineMath(tex=tex):
                parts.append(tex)
            case Picture(alt=alt):
                parts.append(alt)
            case LineBreak():
                parts.append(line_break)
            case FootnoteMark():
                parts.append(footnote_mark)
    return "".join(parts)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, outer before inner, in reading order."""
    for block in blocks:
        yield block
        match block:
            case ListBlock(items=items):
                for item in items:
                    yield from walk(item.blocks)
            case Quote(blocks=inner) | Footnote(blocks=inner):
                yield from walk(inner)
            case _:
                pass
