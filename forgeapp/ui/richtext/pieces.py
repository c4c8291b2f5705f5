"""A tree of blocks as a flat row of pieces, each drawn as one box: the containers around a piece become its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    Heading,
    Inline,
    Inlines,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
)

Gap = Literal["item", "paragraph", "heading", "block"]


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands beside the first line of an item: a number, a box to tick, or the bullet of its depth."""

    number: int | None = None
    checked: bool | None = None
    depth: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Container:
    """`digits` of the widest number of a list; None is a quote."""

    digits: int | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """`containers`, outer first; the last `opened` of them begin with this piece. `gap`: the kind of space above."""

    containers: tuple[Container, ...] = ()
    opened: int = 0
    marker: Marker | None = None
    gap: Gap = "paragraph"


@dataclass(frozen=True, slots=True)
class TextPiece:
    """`level` 1..6 of a heading, 0 of running text; 'math' and 'note' are looks of running text."""

    place: Place
    inlines: Inlines
    level: int = 0
    look: Literal["text", "math", "note"] = "text"


@dataclass(frozen=True, slots=True)
class CodePiece:
    place: Place
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class TablePiece:
    place: Place
    table: TableBlock


@dataclass(frozen=True, slots=True)
class RulePiece:
    place: Place


@dataclass(frozen=True, slots=True)
class PicturePiece:
    place: Place
    picture: Picture


Piece = TextPiece | CodePiece | TablePiece | RulePiece | PicturePiece


class _Walk:
    def __init__(self) -> None:
        self._containers: list[Container] = []
        self._opened = 0
        self._marker: Marker | None = None
        self._gap: Gap | None = None
        self._depth = 0
        self._notes = 0

    def _place(self, gap: Gap) -> Place:
        place = Place(tuple(self._containers), self._opened, self._marker, self._gap or gap)
        self._opened, self._marker, self._gap = 0, None, None
        return place

    def pieces(self, blocks: Blocks) -> Iterator[Piece]:
        for block in blocks:
            yield from self._piece(block)

    def _piece(self, block: Block) -> Iterator[Piece]:
        match block:
            case Heading(level=level, inlines=inlines):
                yield TextPiece(self._place("heading"), inlines, level)
            case Paragraph(inlines=inlines):
                yield from self._paragraph(inlines)
            case ListBlock():
                yield from self._list(block)
            case TableBlock(header=header):
                if header:
                    yield TablePiece(self._place("block"), block)
            case CodeBlock(language=language, text=text):
                yield CodePiece(self._place("block"), language, text)
            case MathBlock(tex=tex):
                yield TextPiece(self._place("block"), (Run(tex),), look="math")
            case Quote(blocks=inner):
                yield from self._inside(Container(), inner)
            case Rule():
                yield RulePiece(self._place("block"))
            case Footnote(label=label, blocks=inner):
                self._notes += 1
                if self._notes == 1:
                    yield RulePiece(self._place("block"))
                self._marker = Marker(label=label)
                self._gap = "paragraph" if self._notes == 1 else "item"
                yield from self._inside(Container(digits=len(label)), inner or (Paragraph(()),), "note")

    def _paragraph(self, inlines: Inlines) -> Iterator[Piece]:
        """Pictures stand on lines of their own."""
        text: list[Inline] = []
        for inline in inlines:
            if isinstance(inline, Picture):
                if text:
                    yield TextPiece(self._place("paragraph"), tuple(text))
                    text = []
                yield PicturePiece(self._place("paragraph"), inline)
            elif not text and isinstance(inline, Run):
                stripped = inline.text.lstrip()
                text += [replace(inline, text=stripped)] if stripped else []
            else:
                text.append(inline)
        if text or not inlines:
            yield TextPiece(self._place("paragraph"), tuple(text))

    def _inside(self, container: Container, blocks: Blocks, look: Literal["text", "note"] = "text") -> Iterator[Piece]:
        self._containers.append(container)
        self._opened += 1
        for piece in self.pieces(blocks):
            if look == "note" and isinstance(piece, TextPiece):
                yield TextPiece(piece.place, piece.inlines, piece.level, "note")
            else:
                yield piece
        self._opened = 0
        self._containers.pop()

    def _list(self, block: ListBlock) -> Iterator[Piece]:
        last = block.start + len(block.items) - 1
        container = Container(digits=len(str(last)) if block.ordered else 0, ordered=block.ordered)
        within = any(outer.digits is not None for outer in self._containers)
        self._depth += 1
        for index, item in enumerate(block.items):
            number = block.start + index if block.ordered else None
            self._marker = Marker(number, item.checked, self._depth - 1)
            if index or within:
                self._gap = self._gap or ("item" if block.tight else "paragraph")
            yield from self._inside(container, item.blocks or (Paragraph(()),))
            self._marker, self._gap = None, None
        self._depth -= 1


def pieces_of(blocks: Blocks) -> list[Piece]:
    """The pieces of `blocks` in reading order."""
    return list(_Walk().pieces(blocks))
