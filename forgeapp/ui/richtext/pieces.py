"""A tree of blocks as a flat row of pieces, each drawn as one box: the containers around a piece become its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
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
    walk,
)
from forgeapp.ui.richtext.marked import MarkedCode, Turn

Gap = Literal["item", "paragraph", "heading", "block"]


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands beside the first line of an item: a number, a box to tick, or the bullet of its depth."""

    number: int | None = None
    checked: bool | None = None
    depth: int = 0
    label: str = ""
    note: str = ""
    """Whose number `label` is: the footnote's own label."""


@dataclass(frozen=True, slots=True)
class NumberedMark(FootnoteMark):
    """A mark with the number of its footnote."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class LostRun(Run):
    """A run whose link leads to no heading of its text."""


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
    """`level` 1..6 of a heading, 0 of running text; 'note' is a look of running text."""

    place: Place
    inlines: Inlines
    level: int = 0
    look: Literal["text", "note"] = "text"


@dataclass(frozen=True, slots=True)
class MathPiece:
    """A formula on a line of its own, as TeX."""

    place: Place
    tex: str


@dataclass(frozen=True, slots=True)
class CodePiece:
    """`turns`: of lines of both texts what came and what went; () for plain code."""

    place: Place
    language: str
    text: str
    turns: tuple[Turn, ...] = ()


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


Piece = TextPiece | MathPiece | CodePiece | TablePiece | RulePiece | PicturePiece


class _Walk:
    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = numbers
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
                yield TextPiece(self._place("heading"), self._numbered(inlines), level)
            case Paragraph(inlines=inlines):
                yield from self._paragraph(inlines)
            case ListBlock():
                yield from self._list(block)
            case TableBlock(header=header):
                if header:
                    yield TablePiece(self._place("block"), self._numbered_table(block))
            case CodeBlock(language=language, text=text):
                turns = block.turns if isinstance(block, MarkedCode) else ()
                yield CodePiece(self._place("block"), language, text, turns)
            case MathBlock(tex=tex):
                yield MathPiece(self._place("block"), tex)
            case Quote(blocks=inner):
                yield from self._inside(Container(), inner)
            case Rule():
                yield RulePiece(self._place("block"))
            case Footnote(label=label, blocks=inner):
                self._notes += 1
                if self._notes == 1:
                    yield RulePiece(self._place("block"))
                number = str(self._numbers.get(label, label))
                self._marker = Marker(label=number, note=label)
                self._gap = "paragraph" if self._notes == 1 else "item"
                yield from self._inside(Container(digits=len(number)), inner or (Paragraph(()),), "note")

    def _numbered(self, inlines: Inlines) -> Inlines:
        if not any(type(inline) is FootnoteMark for inline in inlines):
            return inlines
        return tuple(
            NumberedMark(inline.label, self._numbers[inline.label])
            if type(inline) is FootnoteMark and inline.label in self._numbers
            else inline
            for inline in inlines
        )

    def _numbered_table(self, table: TableBlock) -> TableBlock:
        if not self._numbers:
            return table
        rows = tuple(tuple(self._numbered(cell) for cell in row) for row in table.rows)
        return replace(table, header=tuple(self._numbered(cell) for cell in table.header), rows=rows)

    def _paragraph(self, inlines: Inlines) -> Iterator[Piece]:
        """Pictures stand on lines of their own."""
        inlines = self._numbered(inlines)
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


def pieces_of(blocks: Blocks, numbers: Mapping[str, int] | None = None) -> list[Piece]:
    """The pieces of `blocks` in reading order. `numbers` of the footnotes by label, where these are not all blocks."""
    return list(_Walk(footnote_numbers(blocks) if numbers is None else numbers).pieces(blocks))


def footnote_numbers(blocks: Iterable[Block]) -> dict[str, int]:
    """From 1, in the order of their first marks; those without a mark come last."""
    labels: dict[str, None] = {}
    notes: list[str] = []
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                labels |= _marked(inlines)
            case TableBlock(header=header, rows=rows):
                for cell in (*header, *(cell for row in rows for cell in row)):
                    labels |= _marked(cell)
            case Footnote(label=label):
                notes.append(label)
            case _:
                pass
    return {label: number for number, label in enumerate(dict.fromkeys([*labels, *notes]), 1)}


def _marked(inlines: Inlines) -> dict[str, None]:
    return {inline.label: None for inline in inlines if isinstance(inline, FootnoteMark)}
