"""Links within a text: those to headings it has lead there, the others are shown as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace

from forgeapp.domain.anchors import is_inner, slugs, target_number
from forgeapp.domain.document import Inline, Inlines, Run, plain_text
from forgeapp.ui.richtext.pieces import LostRun, Piece, TablePiece, TextPiece


def heading_pieces(pieces: Iterable[Piece]) -> list[tuple[int, TextPiece]]:
    """Those that links lead to, outside footnotes, each with the number of its piece."""
    found: list[tuple[int, TextPiece]] = []
    for number, piece in enumerate(pieces):
        marker = piece.place.marker
        if marker and marker.note:
            break
        if isinstance(piece, TextPiece) and piece.level:
            found.append((number, piece))
    return found


def places_by_name(headings: Iterable[tuple[int, TextPiece]]) -> dict[str, int]:
    """The place of each heading among `headings`, by the name links have for it."""
    names = slugs(plain_text(piece.inlines) for _, piece in headings)
    return {name: at for at, name in enumerate(names)}


def has_inner_links(piece: Piece) -> bool:
    match piece:
        case TextPiece(inlines=inlines):
            return _has_inner(inlines)
        case TablePiece(table=table):
            return any(_has_inner(cell) for row in (table.header, *table.rows) for cell in row)
        case _:
            return False


def with_lost_links(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a whole text, links in them that lead to none of its headings as `LostRun`s."""
    linked = [number for number, piece in enumerate(pieces) if has_inner_links(piece)]
    made = list(pieces)
    if linked:
        known = places_by_name(heading_pieces(pieces))
        for number in linked:
            made[number] = _with_lost(made[number], known)
    return made


def _with_lost(piece: Piece, known: Mapping[str, int]) -> Piece:
    match piece:
        case TextPiece(inlines=inlines):
            return replace(piece, inlines=_lost(inlines, known))
        case TablePiece(table=table):
            rows = tuple(tuple(_lost(cell, known) for cell in row) for row in table.rows)
            header = tuple(_lost(cell, known) for cell in table.header)
            return replace(piece, table=replace(table, header=header, rows=rows))
        case _:
            return piece


def _lost(inlines: Inlines, known: Mapping[str, int]) -> Inlines:
    return tuple(_judged(inline, known) for inline in inlines) if _has_inner(inlines) else inlines


def _judged(inline: Inline, known: Mapping[str, int]) -> Inline:
    if type(inline) is not Run or not is_inner(inline.link) or target_number(inline.link or "", known) is not None:
        return inline
    return LostRun(**{field.name: getattr(inline, field.name) for field in fields(Run)})


def _has_inner(inlines: Inlines) -> bool:
    return any(isinstance(inline, Run) and is_inner(inline.link) for inline in inlines)
