"""Sizes and spaces of text that is read: compact in the chat, generous on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from forgeapp.ui.richtext.pieces import CodePiece, Piece, RulePiece, TablePiece, TextPiece

Style = Literal["chat", "page"]


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in pixels at the text size 1; `headings` of level 1 to 6, `leading` is the height of a line by its size."""

    text: int
    leading: float
    headings: tuple[int, int, int, int, int, int]
    heading_leading: float
    code: int
    code_leading: float
    table: int
    above_headings: tuple[int, int, int, int, int, int]
    below_heading: int
    paragraph: int
    item: int
    block: int
    indent: int
    fills_width: bool

    def size_of(self, piece: TextPiece) -> int:
        if piece.level:
            return self.headings[piece.level - 1]
        return self.text - 1 if piece.look == "note" else self.text


LOOKS: Final[dict[Style, Look]] = {
    "chat": Look(
        text=13,
        leading=1.5,
        headings=(17, 15, 14, 13, 13, 13),
        heading_leading=1.35,
        code=12,
        code_leading=1.5,
        table=13,
        above_headings=(16, 16, 14, 12, 12, 12),
        below_heading=6,
        paragraph=8,
        item=2,
        block=12,
        indent=18,
        fills_width=False,
    ),
    "page": Look(
        text=14,
        leading=1.65,
        headings=(22, 16, 15, 14, 14, 14),
        heading_leading=1.3,
        code=12,
        code_leading=1.55,
        table=13,
        above_headings=(24, 20, 16, 16, 16, 16),
        below_heading=8,
        paragraph=12,
        item=0,
        block=14,
        indent=20,
        fills_width=True,
    ),
}


def gap_between(above: Piece, below: Piece, look: Look) -> int:
    """The space between two pieces."""
    kind = below.place.gap
    if isinstance(below, TextPiece) and below.level:
        return look.above_headings[below.level - 1]
    if isinstance(above, TextPiece) and above.level:
        return look.below_heading
    if isinstance(above, CodePiece | TablePiece | RulePiece) or kind == "block":
        return look.block
    return {"item": look.item, "paragraph": look.paragraph}.get(kind, look.paragraph)
