"""Blocks of a document with what came and what went marked in them, by word where the two are alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    InlineMath,
    Inlines,
    LineBreak,
    ListBlock,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Run,
    TableBlock,
    plain_text,
)
from forgeapp.ui.artifact.changes.pairing import paired
from forgeapp.ui.richtext.marked import MarkedCode, MarkedRun, Turn

if TYPE_CHECKING:
    from forgeapp.services.comparing import Segment


def marked_whole(blocks: Blocks, turn: Turn) -> Blocks:
    """Blocks of which everything came, or went."""
    return tuple(_whole(block, turn) for block in blocks)


def _whole(block: Block, turn: Turn) -> Block:
    match block:
        case Heading(inlines=inlines) | Paragraph(inlines=inlines):
            return replace(block, inlines=_turned(inlines, turn))
        case ListBlock(items=items):
            return replace(block, items=tuple(replace(item, blocks=marked_whole(item.blocks, turn)) for item in items))
        case Quote(blocks=blocks):
            return Quote(marked_whole(blocks, turn))
        case Footnote(blocks=blocks):
            return replace(block, blocks=marked_whole(blocks, turn))
        case TableBlock(header=header, rows=rows):
            return replace(block, header=_row(header, turn), rows=tuple(_row(row, turn) for row in rows))
        case CodeBlock(language=language, text=text):
            return MarkedCode(language, text, (turn,) * (text.count("\n") + 1))
    return block


def _row(cells: tuple[Inlines, ...], turn: Turn) -> tuple[Inlines, ...]:
    return tuple(_turned(cell, turn) for cell in cells)


def _turned(inlines: Inlines, turn: Turn) -> Inlines:
    return tuple(_marked(inline, _text(inline), turn) for inline in inlines)


def _text(inline: Inline) -> str:
    match inline:
        case Run(text=text):
            return text
        case InlineMath(tex=tex):
            return tex
        case LineBreak():
            return "\n"
        case FootnoteMark(label=label):
            return label
        case Picture(alt=alt):
            return alt


def _marked(inline: Inline, text: str, turn: Turn) -> Inline:
    match inline:
        case Run():
            return MarkedRun(text, inline.bold, inline.italic, inline.strike, inline.code, inline.link, turn)
        case InlineMath():
            return MarkedRun(text, code=True, turn=turn)
    return inline


def marked_inlines(before: Inlines, after: Inlines) -> Inlines | None:
    """Both in one, by word. None where no word differs, or hardly one is the same: then both are shown whole."""
    from forgeapp.services.comparing import Turn as Change
    from forgeapp.services.comparing import words

    segments = words("".join(map(_text, before)), "".join(map(_text, after)))
    if len({segment.turn for segment in segments}) < 2 or all(s.turn is not Change.EQUAL for s in segments):
        return None
    return tuple(_woven(before, after, segments))


def _woven(before: Inlines, after: Inlines, segments: Sequence[Segment]) -> Iterator[Inline]:
    old, new = _Reader(before), _Reader(after)
    for turn, text in segments:
        match turn.value:
            case "removed":
                yield from (_marked(inline, part, "removed") for inline, part in old.take(len(text)))
            case "added":
                yield from (_marked(inline, part, "added") for inline, part in new.take(len(text)))
            case _:
                for _ in old.take(len(text)):
                    pass
                for inline, part in new.take(len(text)):
                    yield replace(inline, text=part) if isinstance(inline, Run) else inline


class _Reader:
    """Gives the inlines of a text a stretch at a time."""

    def __init__(self, inlines: Inlines) -> None:
        self._inlines = inlines
        self._number = self._at = 0

    def take(self, count: int) -> Iterator[tuple[Inline, str]]:
        while count > 0 and self._number < len(self._inlines):
            inline = self._inlines[self._number]
            part = _text(inline)[self._at : self._at + count]
            self._at += len(part)
            count -= len(part)
            if self._at >= len(_text(inline)):
                self._number, self._at = self._number + 1, 0
            if part or not _text(inline):
                yield inline, part


def merged(before: Blocks, after: Blocks) -> Blocks:
    """Both in one: what is alike by word, what is not as removed and added, in the order of reading."""
    return tuple(block for blocks, _ in merged_parts(before, after) for block in blocks)


def merged_parts(before: Blocks, after: Blocks) -> Iterator[tuple[Blocks, Turn]]:
    """As `merged`, with the runs of blocks that came or went as a whole apart."""
    run: list[Block] = []
    last: Turn = ""
    for block, turn in _turns(before, after):
        if run and turn != last:
            yield tuple(run), last
            run = []
        run.append(block)
        last = turn
    if run:
        yield tuple(run), last


def _turns(before: Blocks, after: Blocks) -> Iterator[tuple[Block, Turn]]:
    for old, new in paired(before, after):
        both = _both(old, new) if old is not None and new is not None else None
        if both is not None:
            yield both, ""
            continue
        if old is not None:
            yield _whole(old, "removed"), "removed"
        if new is not None:
            yield _whole(new, "added"), "added"


def _both(old: Block, new: Block) -> Block | None:
    """One block that shows both; None where they are shown one below the other."""
    if old == new:
        return new
    match old, new:
        case Paragraph(), Paragraph():
            inlines = marked_inlines(old.inlines, new.inlines)
            return Paragraph(inlines) if inlines is not None else None
        case Heading(), Heading():
            inlines = marked_inlines(old.inlines, new.inlines) if old.level == new.level else None
            return Heading(new.level, inlines) if inlines is not None else None
        case ListBlock(), ListBlock() if old.ordered == new.ordered and len(old.items) == len(new.items):
            pairs = zip(old.items, new.items, strict=True)
            items = tuple(replace(right, blocks=merged(left.blocks, right.blocks)) for left, right in pairs)
            is_told = items != new.items and all(_is_told(*pair) for pair in zip(old.items, new.items, strict=True))
            return replace(new, items=items) if is_told else None
        case Quote(), Quote():
            return Quote(merged(old.blocks, new.blocks))
        case Footnote(), Footnote() if old.label == new.label:
            return replace(new, blocks=merged(old.blocks, new.blocks))
        case TableBlock(), TableBlock():
            return merged_table(old, new)
        case CodeBlock(), CodeBlock():
            return merged_code(old, new)
    return None


def _is_told(old: ListItem, new: ListItem) -> bool:
    """Whether the words say all of what changed of an item: a tick does not."""
    return old.checked == new.checked


def one_side(blocks: Blocks, turn: Turn) -> Blocks:
    """Of marked blocks what is the same and what has this turn: one side of both."""
    return tuple(side for block in blocks if (side := _side(block, turn)) is not None)


def _side(block: Block, turn: Turn) -> Block | None:
    match block:
        case Heading(inlines=inlines) | Paragraph(inlines=inlines):
            kept = _kept(inlines, turn)
            return replace(block, inlines=kept) if kept or not inlines else None
        case ListBlock(items=items):
            return replace(block, items=tuple(replace(item, blocks=one_side(item.blocks, turn)) for item in items))
        case Quote(blocks=inner):
            return Quote(one_side(inner, turn))
        case Footnote(blocks=inner):
            return replace(block, blocks=one_side(inner, turn))
        case TableBlock(header=header, rows=rows):
            sides = [tuple(_kept(cell, turn) for cell in row) for row in (header, *rows)]
            return replace(block, header=sides[0], rows=tuple(sides[1:]))
        case MarkedCode(language=language, text=text, turns=turns):
            lines = [pair for pair in zip(text.split("\n"), turns, strict=True) if pair[1] in ("", turn)]
            return MarkedCode(language, "\n".join(line for line, _ in lines), tuple(each for _, each in lines))
    return block


def _kept(inlines: Inlines, turn: Turn) -> Inlines:
    return tuple(inline for inline in inlines if not isinstance(inline, MarkedRun) or inline.turn in ("", turn))


def merged_code(old: CodeBlock, new: CodeBlock) -> CodeBlock:
    """The lines of both."""
    from forgeapp.domain.document import Document
    from forgeapp.services.comparing import LinesChange, compare

    before, after = old.text.split("\n"), new.text.split("\n")
    lines: list[tuple[str, Turn]] = []
    done = 0
    for hunk in compare(Document(None, old.text + "\n"), Document(None, new.text + "\n")).hunks:
        if isinstance(hunk.change, LinesChange):
            lines += [(line, "") for line in before[done : hunk.change.before.start]]
            lines += [(line, "removed") for line in before[slice(*hunk.change.before)]]
            lines += [(line, "added") for line in after[slice(*hunk.change.after)]]
            done = hunk.change.before.end
    lines += [(line, "") for line in before[done:]]
    return MarkedCode(new.language, "\n".join(line for line, _ in lines), tuple(turn for _, turn in lines))


def merged_table(old: TableBlock, new: TableBlock) -> TableBlock | None:
    """The rows and columns of both; None where hardly a cell is the same."""
    from forgeapp.domain.table import Table
    from forgeapp.services.comparing import compare
    from forgeapp.ui.artifact.changes.grids import table_picture

    texts = [Table(None, *_texts(table)) for table in (old, new)]
    grid = table_picture(compare(*texts))
    olds, news = (old.header, *old.rows), (new.header, *new.rows)
    if not any(row.before is not None and row.after is not None for row in grid.rows[1:]) and old.rows and new.rows:
        return None
    rows: list[tuple[Inlines, ...]] = []
    for row in grid.rows:
        cells: list[Inlines] = []
        for column in grid.columns:
            before = _cell(olds, row.before, column.before)
            after = _cell(news, row.after, column.after)
            if row.after is None or column.after is None:
                cells.append(_turned(before, "removed"))
            elif row.before is None or column.before is None:
                cells.append(_turned(after, "added"))
            elif before == after:
                cells.append(after)
            else:
                both = marked_inlines(before, after)
                cells.append(both or (*_turned(before, "removed"), *_gap(before), *_turned(after, "added")))
        rows.append(tuple(cells))
    alignments = tuple(
        _at(new.alignments, column.after) if column.after is not None else _at(old.alignments, column.before)
        for column in grid.columns
    )
    return TableBlock(rows[0], tuple(rows[1:]), alignments)


def _gap(before: Inlines) -> Inlines:
    return (Run(" "),) if before else ()


def _at(alignments: Sequence[str | None], column: int | None) -> str | None:
    return alignments[column] if column is not None and column < len(alignments) else None


def _texts(table: TableBlock) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    width = len(table.header)
    rows = tuple(tuple(map(plain_text, (*row, *((),) * width)[:width])) for row in table.rows)
    return tuple(map(plain_text, table.header)), rows


def _cell(rows: Sequence[tuple[Inlines, ...]], row: int | None, column: int | None) -> Inlines:
    if row is None or column is None:
        return ()
    return rows[row][column] if column < len(rows[row]) else ()
