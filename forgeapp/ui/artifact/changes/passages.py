"""Two documents as one row of passages: what stands in both, and what differs, block by block."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from forgeapp.domain.document import Block, Blocks, CodeBlock, Document, Footnote, ListBlock
from forgeapp.ui.artifact.changes.marking import merged_parts, one_side
from forgeapp.ui.richtext.marked import Turn
from forgeapp.ui.richtext.pieces import Piece, footnote_numbers, pieces_of

if TYPE_CHECKING:
    from forgeapp.services.comparing import Comparison

_MAX_RAW_CHARS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Shown:
    """Blocks and what they are drawn as; `turn` where all of them came, or went."""

    blocks: Blocks
    pieces: list[Piece]
    turn: Turn = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Blocks that stand on both sides alike, or, with `hunks`, differ; then `merged` shows both in one."""

    before: Shown
    after: Shown
    merged: tuple[Shown, ...] = ()
    hunks: tuple[int, ...] = ()

    def side(self, turn: Turn) -> tuple[Shown, ...]:
        """What stands on one side, with what went from there ('removed') or came there ('added') marked."""
        if not self.hunks:
            return (self.after,)
        parts = [(one_side(part.blocks, turn), part.turn) for part in self.merged if part.turn in ("", turn)]
        return tuple(Shown(blocks, pieces_of(blocks), each) for blocks, each in parts if blocks)


@dataclass(frozen=True, slots=True)
class DocumentPicture:
    passages: tuple[Passage, ...]
    others: tuple[int, ...] = ()
    """Hunks that are not of the text, as its title."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines and the block they make. `list_place`: the item's place among those of its list, None for all else."""

    start: int
    end: int
    blocks: Blocks
    list_place: int | None = None


def document_picture(comparison: Comparison) -> DocumentPicture:
    """Off the UI thread: both texts are read."""
    from forgeapp.services.comparing import LinesChange

    before, after = comparison.before, comparison.after
    assert isinstance(before, Document)
    assert isinstance(after, Document)
    others = tuple(n for n, hunk in enumerate(comparison.hunks) if not isinstance(hunk.change, LinesChange))
    olds, news = _chunks(before.markdown), _chunks(after.markdown)
    numbers = footnote_numbers(block for chunk in news for block in chunk.blocks)

    def show(blocks: Blocks, turn: Turn = "") -> Shown:
        return Shown(blocks, pieces_of(blocks, numbers), turn)

    passages: list[Passage] = []
    for stretch in _stretches(comparison, olds, news):
        if not stretch.hunks:
            shown = show(_joined(news[stretch.new[0] : stretch.new[1]]))
            if shown.blocks:
                passages.append(Passage(shown, shown))
            continue
        old, new = (_joined(chunks[slice(*at)]) for chunks, at in ((olds, stretch.old), (news, stretch.new)))
        if old == new:
            # Only what is not shown differs: blank lines, definitions, how a mark is spelled.
            old, new = (_raw(comparison, stretch.hunks, is_after) for is_after in (False, True))
        parts = tuple(show(blocks, turn) for blocks, turn in merged_parts(old, new))
        passages.append(Passage(show(old), show(new), parts, stretch.hunks))
    return DocumentPicture(tuple(passages), others)


def _chunks(markdown: str) -> list[_Chunk]:
    from forgeapp.reading.placed_blocks import lines_of_items, placed_blocks

    lines = markdown.split("\n")
    chunks: list[_Chunk] = []
    for place in placed_blocks(markdown):
        block = place.blocks[0] if len(place.blocks) == 1 else None
        if isinstance(block, ListBlock):
            items = lines_of_items("\n".join(lines[place.start : place.end]))
            if len(items) == len(block.items) > 1:
                for number, (item, (start, end)) in enumerate(zip(block.items, items, strict=True)):
                    one = replace(block, items=(item,), start=block.start + number if block.ordered else block.start)
                    chunks.append(_Chunk(place.start + start, place.start + end, (one,), number))
                continue
        chunks.append(_Chunk(place.start, place.end, place.blocks))
    return _with_notes_within(chunks, markdown) if "^[" in markdown else chunks


def _with_notes_within(chunks: list[_Chunk], markdown: str) -> list[_Chunk]:
    """Footnotes that stand within a text, '^[like this]', go with the block that has their mark."""
    from forgeapp.reading.markdown import parse

    placed = {block.label for chunk in chunks for block in chunk.blocks if isinstance(block, Footnote)}
    notes = {block.label: block for block in parse(markdown) if isinstance(block, Footnote)}
    made = []
    for chunk in chunks:
        labels = [label for label in footnote_numbers(chunk.blocks) if label in notes and label not in placed]
        placed.update(labels)
        blocks = (*chunk.blocks, *(notes[label] for label in labels))
        made.append(replace(chunk, blocks=blocks, list_place=None) if labels else chunk)
    return made


def _joined(chunks: Sequence[_Chunk]) -> Blocks:
    """Their blocks, items of one list as one list again."""
    blocks: list[Block] = []
    last: _Chunk | None = None
    for chunk in chunks:
        follows = last is not None and last.list_place is not None and chunk.list_place == last.list_place + 1
        if follows:
            above, (below,) = blocks[-1], chunk.blocks
            assert isinstance(above, ListBlock)
            assert isinstance(below, ListBlock)
            blocks[-1] = replace(above, items=above.items + below.items)
        else:
            blocks += chunk.blocks
        last = chunk
    return tuple(blocks)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Chunks of both sides, from one number up to another; with `hunks` they differ."""

    old: tuple[int, int]
    new: tuple[int, int]
    hunks: tuple[int, ...] = ()


def _stretches(comparison: Comparison, olds: Sequence[_Chunk], news: Sequence[_Chunk]) -> Iterator[_Stretch]:
    """In the order of reading. Hunks that touch the same block stand in one stretch."""
    from forgeapp.services.comparing import LinesChange

    old_starts, old_ends = [chunk.start for chunk in olds], [chunk.end for chunk in olds]
    new_starts, new_ends = [chunk.start for chunk in news], [chunk.end for chunk in news]
    changed: list[_Stretch] = []
    for number, hunk in enumerate(comparison.hunks):
        if not isinstance(hunk.change, LinesChange):
            continue
        old = _touched(old_starts, old_ends, *hunk.change.before)
        new = _touched(new_starts, new_ends, *hunk.change.after)
        if changed and (old[0] < changed[-1].old[1] or new[0] < changed[-1].new[1]):
            last = changed[-1]
            merged_old = min(last.old[0], old[0]), max(last.old[1], old[1])
            merged_new = min(last.new[0], new[0]), max(last.new[1], new[1])
            changed[-1] = _Stretch(merged_old, merged_new, (*last.hunks, number))
        else:
            changed.append(_Stretch(old, new, (number,)))
    at = to = 0
    for stretch in changed:
        # Blocks between two changes stand on both sides; where their numbers differ, the change takes in the rest.
        common = min(stretch.old[0] - at, stretch.new[0] - to)
        if common > 0:
            yield _Stretch((at, at + common), (to, to + common))
        common = max(common, 0)
        yield _Stretch((at + common, stretch.old[1]), (to + common, stretch.new[1]), stretch.hunks)
        at, to = stretch.old[1], stretch.new[1]
    if at < len(olds) or to < len(news):
        yield _Stretch((at, len(olds)), (to, len(news)))


def _touched(starts: Sequence[int], ends: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """The chunks that have one of these lines; between two of them where none has."""
    first = bisect_left(ends, start + 1)
    if start == end and first < len(starts) and starts[first] < start:
        return first, first + 1
    last = bisect_left(starts, end)
    return first, max(first, last)


def _raw(comparison: Comparison, hunks: Sequence[int], is_after: bool) -> Blocks:
    texts = [comparison.hunks[number].after if is_after else comparison.hunks[number].before for number in hunks]
    text = "\n".join(texts).strip("\n")
    return (CodeBlock("markdown", text[:_MAX_RAW_CHARS]),) if text else ()
