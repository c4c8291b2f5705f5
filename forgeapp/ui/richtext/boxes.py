"""Which boxes draw a row of pieces."""

from __future__ import annotations

from typing import Final

from forgeapp.ui.richtext.box import Box, RuleBox
from forgeapp.ui.richtext.code_box import CodeBox
from forgeapp.ui.richtext.look import Look
from forgeapp.ui.richtext.math_box import MathBox
from forgeapp.ui.richtext.picture_box import PictureBox
from forgeapp.ui.richtext.pieces import CodePiece, MathPiece, PicturePiece, Piece, RulePiece, TablePiece, TextPiece
from forgeapp.ui.richtext.table_box import TableBox
from forgeapp.ui.richtext.text_box import TextBox

_BOXES: Final[dict[type[Piece], type[Box]]] = {
    TextPiece: TextBox,
    MathPiece: MathBox,
    CodePiece: CodeBox,
    TablePiece: TableBox,
    RulePiece: RuleBox,
    PicturePiece: PictureBox,
}


def boxes_of(pieces: list[Piece], old: list[Box], look: Look) -> list[Box]:
    """A box for each piece: the old one that draws it already, else the next one whose piece has gone, else a new one.

    The first stay as they are, the second are laid out at once, new ones are not yet.
    """
    wanted = set(pieces)
    standing: dict[Piece, list[Box]] = {}
    for box in reversed(old):
        standing.setdefault(box.piece, []).append(box)
    left = (box for box in old if box.piece not in wanted)
    boxes = []
    for piece in pieces:
        same = standing.get(piece)
        box = same.pop() if same else _changed(next(left, None), piece) or _BOXES[type(piece)](piece, look)
        boxes.append(box)
    return boxes


def _changed(box: Box | None, piece: Piece) -> Box | None:
    """The box with this piece in place of its own; None where a new one is cheaper."""
    if box is None or not box.is_laid_out or not box.take_piece(piece):
        return None
    box.lay_out(box.width)
    return box
