"""A changed block in its author's spelling: only the words, items or rows that changed are written anew.

Each proposal is parsed again and taken only where it says exactly what came back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    Heading,
    Inlines,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Run,
    TableBlock,
    plain_text,
)
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.domain.markdown_text import PARAGRAPH, inlines_markdown
from forgeapp.reading.markdown import parse
from forgeapp.reading.placed_blocks import lines_of_items, lines_of_rows
from forgeapp.services.comparing.sequences import common_stretches, gaps
from forgeapp.services.importing.pairing import paired
from forgeapp.services.importing.sameness import item_key, key_of, row_key

_WORD = re.compile(
    r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]|[^\W_]+|\S"
)
_MARKER = re.compile(r"( {0,3})(?:([-*+])|(\d{1,9})([.)]))(?=\s|$)")
MAX_CHARS = 200_000
_MARK = "\u2060"
"""Stands for what has no words."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a piece of Markdown needs around it to be read as in the whole: `definitions` of addresses by name."""

    definitions: str

    def blocks_in(self, markdown: str) -> Blocks:
        """The blocks of a piece. Footnotes it refers to are not among them, unless it is one."""
        if markdown.lstrip().startswith("[^"):
            marks = "".join(f"[^{label}]" for label in re.findall(r"^ {0,3}\[\^([^\[\]\n]{1,200})\]:", markdown, re.M))
            blocks = parse(f"{marks}\n\n{markdown}\n\n{self.definitions}")
            return tuple(block for block in blocks[1:] if isinstance(block, Footnote))[:1]
        stubs = "\n\n".join(
            f"[^{label}]: x" for label in sorted(set(re.findall(r"\[\^([^\[\]\n]{1,200})\]", markdown)))
        )
        blocks = parse(f"{markdown}\n\n{self.definitions}\n\n{stubs}")
        return tuple(block for block in blocks if not isinstance(block, Footnote))

    def key(self, block: Block) -> Hashable:
        return key_of(block, by_name=True)

    def is_made_by(self, markdown: str, block: Block) -> bool:
        found = self.blocks_in(markdown)
        return len(found) == 1 and self.key(found[0]) == self.key(block)


def spliced(source: str, before: Block, after: Block, context: Context) -> str:
    """`source`, the Markdown of `before`, changed so that it says `after`; else in our own spelling."""
    if len(source) <= MAX_CHARS:

        def is_right(text: str) -> bool:
            return context.is_made_by(text, after)

        made = _with_words(source, plain_of(before), plain_of(after), is_right)
        if made is None:
            # Words that only changed their style: so do the marks around them.
            made = _with_words(source, blocks_markdown((before,)), blocks_markdown((after,)), is_right)
        if made is not None:
            return made
        proposal: str | None = None
        if isinstance(before, ListBlock) and isinstance(after, ListBlock):
            proposal = _with_items(source, before, after, context)
        elif isinstance(before, TableBlock) and isinstance(after, TableBlock):
            proposal = _with_rows(source, before, after, context)
        if proposal is not None and context.is_made_by(proposal, after):
            return proposal
    return blocks_markdown((after,))


def plain_of(block: Block) -> str:
    """The words of a block, a line for each of its parts."""
    match block:
        case Heading(inlines=inlines) | Paragraph(inlines=inlines):
            return _plain(inlines)
        case ListBlock(items=items):
            return "\n".join(plain_of(inner) for item in items for inner in item.blocks)
        case TableBlock(header=header, rows=rows):
            return "\n".join(_plain(cell) for row in (header, *rows) for cell in row)
        case CodeBlock(text=text):
            return text
        case MathBlock(tex=tex):
            return tex
        case Quote(blocks=blocks) | Footnote(blocks=blocks):
            return "\n".join(plain_of(inner) for inner in blocks)
        case Rule():
            return ""


def _plain(inlines: Inlines) -> str:
    return plain_text(inlines, "\n", _MARK)


# Words


@dataclass(frozen=True, slots=True)
class _Cut:
    """Take `start` up to `end` of the source out, put `text` there."""

    start: int
    end: int
    text: str


def _with_words(source: str, before: str, after: str, is_right: Callable[[str], bool]) -> str | None:
    """The source with the words put in that changed; None where they cannot be found in it."""
    old, new, written = (list(_WORD.finditer(text)) for text in (before, after, source))
    old_words, new_words, source_words = ([match[0] for match in found] for found in (old, new, written))
    at: dict[int, int] = {}
    for stretch in common_stretches(old_words, source_words):
        at.update((stretch.old + step, stretch.new + step) for step in range(stretch.length))
    changes = list(gaps(common_stretches(old_words, new_words), len(old), len(new)))
    if not changes or sum(gap.old_end - gap.old_start for gap in changes) > 0.7 * len(old) + 1:
        return None
    tried: set[str] = set()
    for way in range(3):
        for is_raw in (True, False):
            cuts: list[_Cut] = []
            for gap in changes:
                cut = _cut(gap, way, after, new, written, at)
                if cut is None:
                    break
                cuts.append(cut if is_raw else replace(cut, text=_escaped(cut.text)))
            if len(cuts) < len(changes):
                continue
            made = _cut_out(source, cuts)
            if made is not None and made not in tried:
                tried.add(made)
                if is_right(made):
                    return made
    return None


def _cut(
    gap: Sequence[int],
    way: int,
    after: str,
    new: Sequence[re.Match[str]],
    written: Sequence[re.Match[str]],
    at: Mapping[int, int],
) -> _Cut | None:
    """Where in the source the words of a gap stand, in one of three ways to take the blanks beside them."""
    old_start, old_end, new_start, new_end = gap
    begins, ends = at.get(old_start), at.get(old_end - 1)
    previous, following = at.get(old_start - 1), at.get(old_end)
    if old_start < old_end and new_start < new_end:
        if begins is None or ends is None:
            return None
        return _Cut(
            written[begins].start(), written[ends].end(), after[new[new_start].start() : new[new_end - 1].end()]
        )
    if new_start < new_end:
        if previous is not None and (way == 0 or following is None):
            text = after[new[new_start - 1].end() : new[new_end - 1].end()]
            return _Cut(written[previous].end(), written[previous].end(), text)
        if following is not None:
            text = after[new[new_start].start() : new[new_end].start()]
            return _Cut(written[following].start(), written[following].start(), text)
        return None
    if begins is None or ends is None:
        return None
    if way == 0 and following is not None:
        return _Cut(written[begins].start(), written[following].start(), "")
    if way <= 1 and previous is not None:
        return _Cut(written[previous].end(), written[ends].end(), "")
    return _Cut(written[begins].start(), written[ends].end(), "")


def _cut_out(source: str, cuts: Sequence[_Cut]) -> str | None:
    parts: list[str] = []
    at = 0
    for cut in cuts:
        if cut.start < at:
            return None
        parts += (source[at : cut.start], cut.text)
        at = cut.end
    return "".join((*parts, source[at:]))


def _escaped(text: str) -> str:
    lead, core, trail = text[: len(text) - len(text.lstrip())], text.strip(), text[len(text.rstrip()) :]
    return lead + inlines_markdown((Run(core),), replace(PARAGRAPH, starts_block=False)) + trail if core else text


# Items and rows


def _with_items(source: str, before: ListBlock, after: ListBlock, context: Context) -> str | None:
    """The list with its own items where they are the same, in its own marks."""
    places = lines_of_items(source)
    lines = source.split("\n")
    if before.ordered != after.ordered or len(places) != len(before.items) or not after.items:
        return None
    texts = ["\n".join(lines[start:end]) for start, end in places]
    marker = _MARKER.match(texts[0])
    if marker is None:
        return None
    loose = any(places[at][1] < places[at + 1][0] for at in range(len(places) - 1))
    parts: list[str] = []
    last: int | None = None
    pairs = paired(
        [item_key(item, by_name=True) for item in before.items],
        [item_key(item, by_name=True) for item in after.items],
        [_item_words(item) for item in before.items],
        [_item_words(item) for item in after.items],
    )
    for number, (old, new) in enumerate(pair for pair in pairs if pair[1] is not None):
        assert new is not None
        item = after.items[new]
        if old is None:
            text = _new_item(item, after, number, marker)
        elif item_key(before.items[old], by_name=True) == item_key(item, by_name=True):
            text = texts[old]
        else:
            text = _changed_item(texts[old], before, old, item, context) or _new_item(item, after, number, marker)
        if after.ordered:
            text = _numbered(text, after.start + number)
        if parts:
            is_next = old is not None and last is not None and old == last + 1
            between = lines[places[old - 1][1] : places[old][0]] if is_next and old else [""] * loose
            parts += between
        parts.append(text)
        last = old
    return "\n".join(parts)


def _item_words(item: ListItem) -> str:
    return "\n".join(plain_of(block) for block in item.blocks)


def _changed_item(source: str, before: ListBlock, at: int, after: ListItem, context: Context) -> str | None:
    def is_right(text: str) -> bool:
        found = context.blocks_in(text)
        return (
            len(found) == 1
            and isinstance(found[0], ListBlock)
            and [item_key(item, by_name=True) for item in found[0].items] == [item_key(after, by_name=True)]
        )

    return _with_words(source, _item_words(before.items[at]), _item_words(after), is_right)


def _new_item(item: ListItem, block: ListBlock, number: int, marker: re.Match[str]) -> str:
    text = blocks_markdown((replace(block, items=(item,), start=block.start + number),))
    written = _MARKER.match(text)
    if written is None:
        return text
    if marker[2]:
        return marker[2] + text[written.end() :]
    return f"{written[3]}{marker[4]}{text[written.end() :]}"


def _numbered(text: str, number: int) -> str:
    """With this number, where it is as long as the one it has: what stands below stays set in as far."""
    found = _MARKER.match(text)
    if found is None or found[3] is None or len(found[3]) != len(str(number)):
        return text
    return f"{found[1]}{number}{text[found.start(4) :]}"


def _with_rows(source: str, before: TableBlock, after: TableBlock, context: Context) -> str | None:
    """The table with its own lines where rows are the same."""
    rows = lines_of_rows(source)
    lines = source.split("\n")
    if len(rows) != len(before.rows) or len(before.header) != len(after.header) or len(lines) < 2:
        return None
    top = "\n".join(lines[:2])
    head = replace(before, rows=())
    if context.key(head) != context.key(replace(after, rows=())):
        changed = replace(after, rows=())
        made = _with_words(top, plain_of(head), plain_of(changed), lambda text: context.is_made_by(text, changed))
        if made is None:
            return None
        top = made
    parts = [top]
    pairs = paired(
        [row_key(row, by_name=True) for row in before.rows],
        [row_key(row, by_name=True) for row in after.rows],
        [_row_words(row) for row in before.rows],
        [_row_words(row) for row in after.rows],
    )
    for old, new in pairs:
        if new is None:
            continue
        written = blocks_markdown((replace(after, rows=(after.rows[new],)),)).split("\n")[-1]
        if old is None:
            parts.append(written)
        elif row_key(before.rows[old], by_name=True) == row_key(after.rows[new], by_name=True):
            parts.append(lines[rows[old]])
        else:
            parts.append(_changed_row(top, lines[rows[old]], before.rows[old], after, new, context) or written)
    return "\n".join(parts)


def _row_words(row: tuple[Inlines, ...]) -> str:
    return "\n".join(_plain(cell) for cell in row)


def _changed_row(
    top: str, line: str, before: tuple[Inlines, ...], after: TableBlock, new: int, context: Context
) -> str | None:
    wanted = replace(after, rows=(after.rows[new],))
    return _with_words(
        line, _row_words(before), _row_words(after.rows[new]), lambda text: context.is_made_by(f"{top}\n{text}", wanted)
    )
