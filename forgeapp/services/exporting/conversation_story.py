"""A conversation as one document: requests are its sections, what was made stands in them with its own outline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from forgeapp.domain.anchors import (
    headings_outside_notes,
    is_inner,
    linked_places,
    place_link,
    place_number,
    places,
    slugs,
    target_number,
)
from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.content import kind_of
from forgeapp.domain.document import (
    Block,
    Blocks,
    Document,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Paragraph,
    Run,
    TableBlock,
    plain_text,
    walk,
)
from forgeapp.domain.money import usd_text
from forgeapp.domain.number_look import NumberLooks
from forgeapp.domain.publication import Publication
from forgeapp.domain.rewriting import rewritten
from forgeapp.domain.workbook import Workbook
from forgeapp.services.exporting.conversation_parts import ConversationExport, Made, Said
from forgeapp.services.exporting.hidden import hidden_warnings
from forgeapp.services.summary import title_for

_SECTION, _MADE, _WITHIN = 2, 3, 4
"""Levels of the headings of requests, of what was made, and of what stands in that and in replies."""
_HEADING_CHARS: Final = 72


def conversation_publication(conversation: ConversationExport) -> Publication:
    """The whole of it for PDF, DOCX, HTML and Markdown; times in UTC."""
    return Publication(
        conversation.title,
        Kind.DOCUMENT,
        # Without a text of its own it is its blocks in every format.
        Document(conversation.title, ""),
        _blocks(conversation),
        properties={"created": conversation.at},
        options=conversation.options,
        warnings=tuple(_hidden(conversation)),
    )


def _hidden(conversation: ConversationExport) -> Iterator[str]:
    for part in conversation.parts:
        if isinstance(part, Made) and isinstance(part.content, Workbook):
            yield from (f"{part.title}: {note}" for note in hidden_warnings(part.content, Format.HTML, as_shown=False))


def _blocks(conversation: ConversationExport) -> Blocks:
    pieces = laid_out_pieces(conversation)
    body = [block for piece in pieces for block in piece.blocks if not isinstance(block, Footnote)]
    return (*body, *(block for piece in pieces for block in piece.blocks if isinstance(block, Footnote)))


@dataclass(frozen=True, slots=True)
class Piece:
    """The blocks of one part, its footnotes among them; `part` is None for what stands before and behind all parts."""

    part: Said | Made | None
    blocks: Blocks


def laid_out_pieces(conversation: ConversationExport) -> list[Piece]:
    """The whole conversation in its order: labels of footnotes differ, links lead to headings of their own part."""
    front = (Heading(1, (Run(conversation.title),)), *_period(conversation))
    pieces = [Piece(None, front)]
    passed = len(headings_outside_notes(front))
    for number, part in enumerate(conversation.parts, 1):
        if isinstance(part, Said):
            title = conversation.title if number == 1 else None
            blocks = tuple(_said(part, conversation.options.costs, title))
        else:
            blocks = tuple(_made(part, conversation.looks))
        pieces.append(Piece(part, tuple(map(_relabelling(number, places(blocks), passed), blocks))))
        passed += len(headings_outside_notes(blocks))
    return _with_names(_without_gap([*pieces, Piece(None, tuple(_list_of_made(conversation)))]))


def _without_gap(pieces: list[Piece]) -> list[Piece]:
    """Where no request is a heading, what was made stands right below the title, and its chapters in the contents."""
    headings = (block for piece in pieces for block in walk(piece.blocks) if isinstance(block, Heading))
    if any(heading.level == _SECTION for heading in headings):
        return pieces
    return [
        piece if piece.part is None else replace(piece, blocks=rewritten(piece.blocks, lambda inlines: inlines, -1))
        for piece in pieces
    ]


def _with_names(pieces: list[Piece]) -> list[Piece]:
    """Links to headings by the names that those have in the whole."""
    if not any(linked_places(piece.blocks) for piece in pieces):
        return pieces
    headings = (heading for piece in pieces for heading in headings_outside_notes(piece.blocks))
    names = slugs(plain_text(heading.inlines) for heading in headings)

    def named(inlines: Inlines) -> Inlines:
        return tuple(
            replace(inline, link=f"#{names[number - 1]}")
            if isinstance(inline, Run) and (number := place_number(inline.link))
            else inline
            for inline in inlines
        )

    return [replace(piece, blocks=rewritten(piece.blocks, named)) for piece in pieces]


def _period(conversation: ConversationExport) -> Iterator[Block]:
    days = sorted({part.at[:10] for part in conversation.parts if isinstance(part, Said)} - {""})
    if days:
        yield Paragraph((Run(days[0] if len(days) == 1 else f"{days[0]} – {days[-1]}"),))


def _said(part: Said, shows_cost: bool, title: str | None) -> Iterator[Block]:
    """`title`: that of the conversation above its first part, which a first request most often gave it."""
    caption: list[str] = [f"{part.at[:16].replace('T', ' ')} UTC"] if part.at else []
    if part.is_partial:
        caption.append("broken off")
    if shows_cost and part.cost_nano_usd is not None:
        caption.append(usd_text(part.cost_nano_usd))
    who = Paragraph((Run(part.who, bold=True), *(Run(f" · {words}") for words in caption)))
    if part.is_request:
        heading = _shortened(part.markdown)
        words = part.markdown.strip()
        is_title = title is not None and (_is_alike(title, heading) or title == title_for(words))
        if not is_title:
            yield Heading(_SECTION, (Run(heading),))
        if words in (title, heading):
            # Nothing comes below: it is the line of what stands above.
            yield Paragraph((Run(" · ".join((part.who, *caption)), italic=True),))
        else:
            yield who
            yield from _typed(part.markdown)
        return
    from forgeapp.reading.markdown import parse

    yield who
    yield from _under(parse(part.markdown), _WITHIN)


def _shortened(words: str) -> str:
    """The first line of a request, as long as a heading may be, cut between words."""
    line = " ".join(next((line for line in words.splitlines() if line.strip()), "…").split())
    if len(line) <= _HEADING_CHARS:
        return line
    whole, blank, _ = line[:_HEADING_CHARS].rpartition(" ")
    return (whole.rstrip(" ,;:") if blank else line[: _HEADING_CHARS - 1]) + "…"


def _typed(words: str) -> Iterator[Block]:
    """What the user wrote is no Markdown: paragraphs of his lines."""
    lines: list[str] = []
    for line in (*words.splitlines(), ""):
        if line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield Paragraph(tuple(_lines(lines)))
            lines = []


def _lines(lines: Sequence[str]) -> Iterator[Run | LineBreak]:
    for number, line in enumerate(lines):
        if number:
            yield LineBreak()
        bare = line.lstrip()
        # Blanks at the beginning of a line, as of code, are kept by no format but as hard ones.
        yield Run("\u00a0" * (len(line.expandtabs(4)) - len(bare.expandtabs(4))) + bare)


def _made(part: Made, looks: NumberLooks) -> Iterator[Block]:
    from forgeapp.services.exporting.publishing import publication

    blocks = publication(part.content, part.title, part.values, for_format=Format.HTML, looks=looks).blocks
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and _is_alike(plain_text(first.inlines), part.title):
        blocks = blocks[1:]
    yield Heading(_MADE, (Run(part.title),))
    yield Paragraph((Run(f"{_kind_name(part)}, version {part.version}", italic=True),))
    yield from _under(blocks, _WITHIN)


def _is_alike(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _kind_name(part: Made) -> str:
    return kind_of(part.content).value.capitalize()


def _list_of_made(conversation: ConversationExport) -> Iterator[Block]:
    newest = {part.artifact: part for part in conversation.parts if isinstance(part, Made)}
    if len(newest) < 2:
        return
    header = ("Title", "Kind", "Version", "Made by")
    rows = [(part.title, _kind_name(part), str(part.version), part.model or "") for part in newest.values()]
    yield Heading(_SECTION, (Run("What was made"),))
    yield TableBlock(_cells(header), tuple(map(_cells, rows)), (None, None, "right", None))


def _cells(texts: Iterable[str]) -> tuple[Inlines, ...]:
    return tuple((Run(text),) if text else () for text in texts)


def _under(blocks: Blocks, level: int) -> Blocks:
    """With the headings moved so that the highest has this level."""
    highest = min((block.level for block in walk(blocks) if isinstance(block, Heading)), default=level)
    return rewritten(blocks, lambda inlines: inlines, level - highest)


def _relabelling(number: int, known: Mapping[str, int], passed: int) -> Callable[[Block], Block]:
    """Gives the footnotes of a part labels that those of no other part have, and links of it the numbers of headings.

    `known`: the part's headings by their names; `passed`: how many stand before it.
    """

    def relabelled(inlines: Inlines) -> Inlines:
        return tuple(map(relinked, inlines))

    def relinked(inline: Inline) -> Inline:
        if isinstance(inline, FootnoteMark):
            return FootnoteMark(f"{number}-{inline.label}")
        if isinstance(inline, Run) and inline.link and is_inner(inline.link):
            place = target_number(inline.link, known)
            return replace(inline, link=place_link(passed + place) if place else inline.link)
        return inline

    def relabel(block: Block) -> Block:
        (block,) = rewritten((block,), relabelled)
        return replace(block, label=f"{number}-{block.label}") if isinstance(block, Footnote) else block

    return relabel
