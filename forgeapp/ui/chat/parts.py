"""The tables and the code that stand in a reply, each as what an artifact of its own would hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Blocks, CodeBlock, Heading, TableBlock, plain_text, walk
from forgeapp.domain.table import Table
from forgeapp.ui.richtext.code_box import language_label
from forgeapp.ui.richtext.pieces import CodePiece, TablePiece
from forgeapp.ui.wording import number_text, tr

MAX_PARTS: Final = 12
_MAX_TITLE: Final = 80


@dataclass(frozen=True, slots=True)
class Part:
    """`words`: what a menu says."""

    kind: Kind
    title: str
    words: str
    content: Table | Code


def parts_of(blocks: Blocks) -> list[Part]:
    """In their order, at most MAX_PARTS; titled by the heading above them."""
    found: list[Part] = []
    heading = ""
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines):
                heading = " ".join(plain_text(inlines).split())[:_MAX_TITLE]
            case TableBlock():
                found.append(_table(block, heading))
            case CodeBlock(text=text) if text.strip():
                found.append(_code(block))
        if len(found) == MAX_PARTS:
            break
    return found


def part_of(piece: CodePiece | TablePiece) -> Part:
    """Of code or a table as it is shown."""
    if isinstance(piece, TablePiece):
        return _table(piece.table, "")
    return _code(CodeBlock(piece.language, piece.text))


def title_of(blocks: Blocks) -> str:
    """The first heading, '' where there is none."""
    heading = next((block for block in blocks if isinstance(block, Heading)), None)
    return " ".join(plain_text(heading.inlines).split())[:_MAX_TITLE] if heading is not None else ""


def _table(block: TableBlock, heading: str) -> Part:
    columns = tuple(plain_text(cell).strip() for cell in block.header)
    rows = tuple(tuple(plain_text(cell).strip() for cell in row) for row in block.rows)
    named = ", ".join(filter(None, columns))[:_MAX_TITLE]
    title = heading or named or tr("Table")
    return Part(
        Kind.TABLE,
        title,
        tr("Make a file of the table ({columns})", columns=named or title),
        Table(title, columns, rows),
    )


def _code(block: CodeBlock) -> Part:
    from forgeapp.reading.languages import file_name

    name = file_name(block.language, set())
    lines = block.text.count("\n") + 1
    shown = tr("1 line") if lines == 1 else tr("{count} lines", count=number_text(lines))
    words = tr("Make a file of the code ({language}, {lines})", language=language_label(block.language), lines=shown)
    return Part(Kind.CODE, name, words, Code(name, (CodeFile(name, block.language, block.text),)))
