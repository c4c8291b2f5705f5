"""A document that comes back from another program, laid beside the one it was exported from.

The author's Markdown keeps its spelling wherever it still says what came back: its hard wraps, its marks, its links
by name, its front matter. What changed is put into it word by word.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from forgeapp.domain.content import Content
from forgeapp.domain.document import (
    Block,
    Blocks,
    Document,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Inlines,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
    walk,
)
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.errors import UnreadableFile
from forgeapp.exporters.links import web_address
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.front_matter import split_front_matter
from forgeapp.reading.markdown import parse, parse_document
from forgeapp.reading.placed_blocks import Place, placed_blocks
from forgeapp.services.importing.pairing import likeness, paired
from forgeapp.services.importing.sameness import key_of
from forgeapp.services.importing.splicing import Context, plain_of, spliced


def carried_over(base: Document, read: FileReading) -> Content:
    """`read` as the next version of `base`. Raises UnreadableFile where the file holds no document."""
    content = read.content if isinstance(read.content, Document) else read.document
    if content is None or (read.document is not None and not _is_only_tables(base)):
        raise UnreadableFile(
            source=read.content.title or "The file",
            reason="it holds no document, only a table or code",
            remedy="Open it as a new artifact, or save the document as DOCX, HTML or Markdown and open that.",
        )
    if not read.is_rewritten:
        return Document(base.title, _as_ended(base.markdown, content.markdown))
    return Document(base.title, _as_ended(base.markdown, _carried(_lines_ended(base.markdown), content.markdown)))


def _is_only_tables(base: Document) -> bool:
    return all(isinstance(block, TableBlock | Heading) for block in parse_document(base.markdown))


def _lines_ended(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _as_ended(base: str, text: str) -> str:
    """With the line ends of the base, and as many blank lines around it."""
    plain = _lines_ended(base)
    lead = plain[: len(plain) - len(plain.lstrip("\n"))]
    trail = plain[len(plain.rstrip("\n")) :] if plain.strip("\n") else ""
    text = f"{lead}{_lines_ended(text).strip(chr(10))}{trail}"
    return text.replace("\n", "\r\n") if "\r\n" in base else text


def _carried(base: str, read: str) -> str:
    """Front matter stands in no page that could bring it back: it stays above what did."""
    head, body = split_front_matter(base)
    if not head:
        return _woven(base, read)
    text = body.lstrip("\n")
    return head + "\n" * (len(body) - len(text)) + _woven(text, read)


def _woven(base: str, read: str) -> str:
    places = placed_blocks(base)
    before = tuple(block for place in places for block in place.blocks)
    after = _renamed(before, _with_first_line(before, parse(read)))
    lines = base.split("\n")
    weave = _Weave(lines, places, Context(_definitions(lines, places)))
    wanted = [key_of(block, by_name=True) for block in after]
    for is_airy in (False, True):
        made = weave.text(after, is_airy)
        if [key_of(block, by_name=True) for block in parse(made)] == [weave.excused.get(key, key) for key in wanted]:
            return made
    return blocks_markdown(after)


def _with_first_line(before: Blocks, after: Blocks) -> Blocks:
    """A line across the page is what programs leave out at the top of one."""
    match before[:2], after[:1]:
        case (Rule(), second), (first,) if not isinstance(first, Rule) and likeness(_words(second), _words(first)):
            return (before[0], *after)
    return after


def _definitions(lines: Sequence[str], places: Sequence[Place]) -> str:
    """What stands between the blocks: addresses of links by name."""
    taken = {line for place in places for line in range(place.start, place.end)}
    return "\n".join(line for number, line in enumerate(lines) if number not in taken and line.strip())


# Footnotes


def _renamed(before: Blocks, after: Blocks) -> Blocks:
    """`after` with its footnotes called as they were."""
    old = [block for block in before if isinstance(block, Footnote)]
    new = [block for block in after if isinstance(block, Footnote)]
    names = {note.label: note.label for note in new if any(_is_same_note(note, other) for other in old)}
    taken = {note.label for note in old}
    old, left = [note for note in old if note.label not in names], [note for note in new if note.label not in names]
    pairs = paired(
        [key_of(note) for note in old],
        [key_of(note) for note in left],
        [plain_of(note) for note in old],
        [plain_of(note) for note in left],
    )
    for at, to in pairs:
        if at is not None and to is not None:
            names[left[to].label] = old[at].label
    for note in new:
        if note.label not in names:
            name, number = note.label, 1
            while name in taken:
                number += 1
                name = f"{note.label}-{number}"
            names[note.label] = name
            taken.add(name)
    return tuple(_with_names(block, names) for block in after)


def _is_same_note(note: Footnote, other: Footnote) -> bool:
    return note.label == other.label and key_of(note, by_name=True) == key_of(other, by_name=True)


def _with_names(block: Block, names: Mapping[str, str]) -> Block:
    match block:
        case Heading(inlines=inlines) | Paragraph(inlines=inlines):
            return replace(block, inlines=_line_with_names(inlines, names))
        case ListBlock(items=items):
            return replace(
                block,
                items=tuple(replace(i, blocks=tuple(_with_names(inner, names) for inner in i.blocks)) for i in items),
            )
        case TableBlock(header=header, rows=rows):
            return replace(
                block,
                header=tuple(_line_with_names(cell, names) for cell in header),
                rows=tuple(tuple(_line_with_names(cell, names) for cell in row) for row in rows),
            )
        case Quote(blocks=blocks):
            return replace(block, blocks=tuple(_with_names(inner, names) for inner in blocks))
        case Footnote(label=label, blocks=blocks):
            return Footnote(names.get(label, label), tuple(_with_names(inner, names) for inner in blocks))
        case _:
            return block


def _line_with_names(inlines: Inlines, names: Mapping[str, str]) -> Inlines:
    return tuple(FootnoteMark(names.get(i.label, i.label)) if isinstance(i, FootnoteMark) else i for i in inlines)


# Blocks


@dataclass(slots=True)
class _Weave:
    """Puts what came back into the lines of the base."""

    lines: Sequence[str]
    places: Sequence[Place]
    context: Context
    excused: dict[Hashable, Hashable] = field(default_factory=dict)
    """What blocks whose pictures another program lost would say, and what they say."""

    def text(self, after: Blocks, is_airy: bool) -> str:
        """`is_airy`: a blank line between all blocks, whatever stood between them."""
        kept, added = self._fates(after)
        out: list[str] = []
        end = 0
        for number in range(len(self.places) + 1):
            for text in added.get(number, ()):
                out += ([""] if out and out[-1].strip() else []) + text.split("\n")
            place = self.places[number] if number < len(self.places) else None
            gap = list(self.lines[end : place.start if place is not None else len(self.lines)])
            if place is None:
                out += gap if any(line.strip() for line in gap) else []
                break
            end = place.end
            fate = kept[number]
            if fate is None:
                # Definitions may serve what stands elsewhere.
                gap = [line for line in gap if line.strip()]
                out += ["", *gap] if gap else []
                continue
            if out and (is_airy or added.get(number)) and not any(not line.strip() for line in gap):
                gap = ["", *gap]
            out += gap if out or any(line.strip() for line in gap) else []
            out += fate.split("\n")
        return "\n".join(out).strip("\n")

    def _fates(self, after: Blocks) -> tuple[list[str | None], dict[int, list[str]]]:
        """What becomes of each place, None for what is gone; and what comes before each."""
        kept: list[str | None] = [None] * len(self.places)
        added: dict[int, list[Block]] = {}
        for is_note in (False, True):
            old = [
                (number, block)
                for number, place in enumerate(self.places)
                for block in place.blocks
                if isinstance(block, Footnote) is is_note
            ]
            new = [block for block in after if isinstance(block, Footnote) is is_note]
            self._decide(old, new, kept, added)
        return kept, {number: [blocks_markdown(tuple(blocks))] for number, blocks in added.items()}

    def _decide(
        self,
        old: Sequence[tuple[int, Block]],
        new: Sequence[Block],
        kept: list[str | None],
        added: dict[int, list[Block]],
    ) -> None:
        became: dict[int, list[Block | None]] = {}
        next_place = 0
        same: dict[int, bool] = {}
        pairs = paired(
            [self._key(block) for _, block in old],
            [self._key(block) for block in new],
            [_words(_standing_in(block)) for _, block in old],
            [_words(block) for block in new],
        )
        for at, to in pairs:
            if at is not None:
                number, block = old[at]
                after = new[to] if to is not None else None
                became.setdefault(number, []).append(after)
                same[number] = same.get(number, True) and after is not None and self._key(block) == self._key(after)
                next_place = number + 1
            elif to is not None:
                is_within = next_place in became and len(became[next_place]) < len(self.places[next_place].blocks)
                added.setdefault(
                    len(self.places) if isinstance(new[to], Footnote) else next_place + is_within, []
                ).append(new[to])
        for number, blocks in became.items():
            place = self.places[number]
            source = "\n".join(self.lines[place.start : place.end])
            first = blocks[0] if len(blocks) == 1 == len(place.blocks) else None
            if same[number] and len(blocks) == len(place.blocks):
                kept[number] = source
            elif first is not None and _is_stood_in_for(place.blocks[0], first):
                self.excused[self._key(first)] = self._key(place.blocks[0])
                kept[number] = source
            elif first is not None:
                kept[number] = spliced(source, place.blocks[0], first, self.context)
            else:
                rest = tuple(block for block in blocks if block is not None)
                kept[number] = blocks_markdown(rest) if rest else None

    def _key(self, block: Block) -> Hashable:
        return key_of(block, by_name=True)


def _words(block: Block) -> str:
    """What tells how alike two blocks are: their kind, and what they say."""
    return f"{type(block).__name__} {plain_of(block)}"


def _standing_in(block: Block) -> Block:
    """What a file holds of it."""
    from forgeapp.exporters.standins import with_standins

    (standing_in,), _ = with_standins((block,))
    return standing_in


def _is_stood_in_for(before: Block, after: Block) -> bool:
    """Whether all that changed is what stands in a file in place of pictures and links, ours or another program's."""
    standing_in = _standing_in(before)
    is_ours = standing_in is not before and key_of(_described(standing_in)) == key_of(_described(after))
    return is_ours or _only_lost_pictures(before, after)


def _only_lost_pictures(before: Block, after: Block) -> bool:
    """Whether all that changed is that pictures became their descriptions, as some programs save them."""
    if any(isinstance(inline, Picture) for inline in _inlines(after)):
        return False
    if not any(isinstance(inline, Picture) for inline in _inlines(before)):
        return False
    return key_of(_described(before)) == key_of(_described(after))


def _inlines(block: Block) -> Iterable[Inline]:
    for inner in walk((block,)):
        match inner:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                yield from inlines
            case TableBlock(header=header, rows=rows):
                for row in (header, *rows):
                    for cell in row:
                        yield from cell
            case _:
                pass


def _described(block: Block) -> Block:
    match block:
        case Heading(inlines=inlines) | Paragraph(inlines=inlines):
            return replace(block, inlines=tuple(_description(inline) for inline in inlines))
        case ListBlock(items=items):
            return replace(
                block, items=tuple(replace(item, blocks=tuple(_described(b) for b in item.blocks)) for item in items)
            )
        case Quote(blocks=blocks) | Footnote(blocks=blocks):
            return replace(block, blocks=tuple(_described(inner) for inner in blocks))
        case TableBlock(header=header, rows=rows):
            return replace(
                block,
                header=tuple(tuple(map(_description, cell)) for cell in header),
                rows=tuple(tuple(tuple(map(_description, cell)) for cell in row) for row in rows),
            )
        case _:
            return block


def _description(inline: Inline) -> Inline:
    match inline:
        case Picture(alt=alt):
            return Run(alt)
        case Run(link=link):
            # Descriptions are set in italics, and addresses that may be no link are read as one.
            return replace(inline, italic=False, link=link if web_address(link) else None)
        case _:
            return inline
