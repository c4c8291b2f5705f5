"""The blocks of a Markdown text, each with the lines it stands on: for those who change one and leave the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from forgeapp.domain.document import Blocks, Footnote
from forgeapp.reading.dialect import LineRepairs, document_parser
from forgeapp.reading.front_matter import body_in_place
from forgeapp.reading.markdown import LiftedPictures, blocks_of, self_contained_pieces

_NOTE = re.compile(r" {0,3}\[\^([^\[\]\n]{1,200})\]:")


@dataclass(frozen=True, slots=True)
class Place:
    """Lines `start` up to `end`, counted from 0, and the blocks they make: one, but for raw HTML.

    A footnote's lines are those of its text.
    """

    start: int
    end: int
    blocks: Blocks


def placed_blocks(markdown: str) -> tuple[Place, ...]:
    """The places of all blocks, in the order of the text; the lines between are blank, definitions or
    front matter.

    Line ends are '\\n'. Blocks of one line, as a formula beside text, share a place.
    """
    pictures = LiftedPictures()
    repairs = LineRepairs()
    lines: list[str] = []
    origins: list[int] = []
    for number, line in enumerate(pictures.lift(body_in_place(markdown)).replace("\0", "\ufffd").split("\n")):
        for part in repairs.repair(line):
            lines.append(part)
            origins.append(number)
    origins.append(origins[-1] + 1 if origins else 0)
    places: list[Place] = []
    notes: dict[str, tuple[Footnote, int]] = {}
    at = 0
    for piece, count in self_contained_pieces("\n".join(lines)):
        tokens = document_parser().parse(piece)
        pictures.put_back(tokens)
        given = piece.split("\n")
        before = len(given) - count
        for group in _groups(tokens):
            blocks = blocks_of(group)
            mapped = [token.map for token in group if token.map]
            if isinstance(blocks[0] if blocks else None, Footnote):
                (note,) = blocks
                assert isinstance(note, Footnote)
                height = max(end for _, end in mapped) - min(start for start, _ in mapped) if mapped else 1
                notes.setdefault(note.label, (note, height))
            elif blocks and mapped:
                first, last = mapped[0]
                while last > first + 1 and not given[last - 1].strip():
                    last -= 1
                first, last = at + first - before, at + last - before
                places.append(Place(origins[first], origins[last - 1] + 1, blocks))
        at += count
    places += _placed_notes(lines, origins, notes, places)
    return tuple(_merged(sorted(places, key=lambda place: place.start)))


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each top-level block, and of each footnote."""
    group: list[Token] = []
    for token in tokens:
        if token.type in ("footnote_block_open", "footnote_block_close"):
            continue
        group.append(token)
        if token.level == 0 and token.nesting <= 0 and token.type != "inline" and not _is_within_note(group, token):
            yield group
            group = []


def _is_within_note(group: list[Token], token: Token) -> bool:
    return group[0].type == "footnote_open" and token.type != "footnote_close"


def _placed_notes(
    lines: Sequence[str], origins: Sequence[int], notes: dict[str, tuple[Footnote, int]], places: Sequence[Place]
) -> Iterator[Place]:
    taken = {line for place in places for line in range(place.start, place.end)} if notes else set()
    for number, line in enumerate(lines):
        match = _NOTE.match(line)
        if match is None or origins[number] in taken or match[1] not in notes:
            continue
        note, height = notes.pop(match[1])
        last = min(number + height, len(lines))
        while last > number + 1 and not lines[last - 1].strip():
            last -= 1
        yield Place(origins[number], origins[last - 1] + 1, (note,))


def _merged(places: Sequence[Place]) -> Iterator[Place]:
    """Places that share a line as one."""
    last: Place | None = None
    for place in places:
        if last is not None and place.start < last.end:
            last = Place(last.start, max(last.end, place.end), (*last.blocks, *place.blocks))
            continue
        if last is not None:
            yield last
        last = place
    if last is not None:
        yield last


def lines_of_rows(table: str) -> tuple[int, ...]:
    """The lines of a table's body rows."""
    tokens = document_parser().parse(table)
    body = next((at for at, token in enumerate(tokens) if token.type == "tbody_open"), len(tokens))
    return tuple(token.map[0] for token in tokens[body:] if token.type == "tr_open" and token.map)


def lines_of_items(markdown: str) -> tuple[tuple[int, int], ...]:
    """The lines of the items of the list a text begins with, blank ones at their ends left out."""
    repairs = LineRepairs()
    lines = markdown.split("\n")
    repaired = [part for line in lines for part in repairs.repair(line)]
    if len(repaired) != len(lines):
        return ()
    found = []
    for token in document_parser().parse("\n".join(repaired)):
        if token.type == "list_item_open" and token.level == 1 and token.map:
            start, end = token.map
            while end > start + 1 and not lines[end - 1].strip():
                end -= 1
            found.append((start, end))
    return tuple(found)
