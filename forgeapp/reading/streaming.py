"""Markdown that is still being written: blocks that will not change any more, and the tail as it stands.

A block is finished when another one has begun below it; that is decided on whole lines only. A fence, a pipe table
or a list that grows long is held in part: its finished lines, rows and items are not parsed again. What can only be
known at the end (footnotes, links defined late) makes `finish` read the whole once more.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markdown_it.token import Token

from forgeapp.domain.document import Block, Blocks, CodeBlock, ListBlock, Paragraph, TableBlock
from forgeapp.reading.dialect import LineRepairs, document_parser
from forgeapp.reading.markdown import LiftedPictures, blocks_of, parse

MAX_TAKEN_CHARS = 16_000
"""Of whole lines, at one `take`: what bounds its time."""
MAX_OPEN_MATH_CHARS = 4_000
HOLD_CHARS = 1_200
PATIENT_SIZE = 8_000
"""A tail larger than this that cannot be held in part is parsed again only when it has grown by a sixth."""
_LINE_SIZE = 24
"""What a line costs beside its characters."""

_CLOSING_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*")
_OPENS_FENCE = re.compile(r"[ \t>]*(?:`{1,}|~{1,})(?:(?<=```)|(?<=~~~)|\s*$)")
_UNDECIDED = re.compile(
    r"\s*(?:[-*_+=#>|:`~$ \t]+|\d{1,9}[.)]?|(?:[-*+]|\d{1,9}[.)])\s+(?:\*{1,3}|\[[ xX]?\]?)|\[[^\]]*)\s*"
)
_OPEN_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})(?:\](?:\([^()\s]*)?)?$")
_SINGLE_STAR = re.compile(r"(?<!\*)\*(?![\s*])|(?<![\s*])\*(?!\*)")
_OPENS_MATH = re.compile(r"\s*(\$\$|\\\[)")
_CLOSES_DOLLARS = re.compile(r"\$\$\s*(?:\([^)$\r\n]+\)\s*)?$")
_CLOSES_BRACKETS = re.compile(r"\\\]")
_HEADER_ROW = re.compile(r"\s*\|.*")


@dataclass(frozen=True, slots=True)
class _Part:
    """One top-level block: lines `start` to `end` of what was parsed, and its tokens."""

    start: int
    end: int
    tokens: Sequence[Token]


@dataclass(slots=True)
class _Held:
    """The finished part of a block that grows; `opening` are the lines its rest is parsed below."""

    block: CodeBlock | TableBlock | ListBlock
    opening: tuple[str, ...] = ()

    def joined(self, rest: Block) -> Block | None:
        """The block with `rest`, which was parsed as a block of its own; None where they do not fit."""
        match self.block, rest:
            case CodeBlock() as held, CodeBlock(text=text):
                return replace(held, text=f"{held.text}\n{text}")
            case TableBlock() as held, TableBlock(rows=rows):
                return replace(held, rows=held.rows + rows)
            case ListBlock() as held, ListBlock(items=items, tight=tight) if held.ordered == rest.ordered:
                return replace(held, items=held.items + items, tight=held.tight and tight)
        return None


@dataclass
class MarkdownStream:
    """`feed` it as text arrives, `take` when there is time to show something, `finish` once."""

    whole: Blocks | None = None
    """After `finish`: all blocks, where some that had been given out read differently in the end."""
    _fed: list[str] = field(default_factory=list)
    _new: list[str] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _waiting: deque[str] = field(default_factory=deque)
    _partial: str = ""
    _repairs: LineRepairs = field(default_factory=LineRepairs)
    _pictures: LiftedPictures = field(default_factory=LiftedPictures)
    _links: dict[str, Any] = field(default_factory=dict)
    _found_links: dict[str, Any] = field(default_factory=dict)
    _held: _Held | None = None
    _given: list[Block] = field(default_factory=list)
    _tail: Blocks = ()
    _patient_until: int = 0
    _open_math_let_go: bool = False
    _has_settled: bool = False
    _needs_whole: bool = False
    _is_finished: bool = False

    @property
    def text(self) -> str:
        if len(self._fed) > 1:
            self._fed = ["".join(self._fed)]
        return self._fed[0] if self._fed else ""

    @property
    def has_more(self) -> bool:
        """Whether there is text that `take` has not seen, or had no time for."""
        return bool(self._waiting or self._new)

    def feed(self, text: str) -> None:
        if self._is_finished:
            raise ValueError("nothing can be fed to a finished stream")
        if text:
            self._fed.append(text)
            self._new.append(text)

    def take(self) -> tuple[Blocks, Blocks]:
        """The blocks finished since the last take, and those of the tail, which may still change."""
        changed = self._split_new()
        finished: list[Block] = []
        if self._accept_lines(MAX_TAKEN_CHARS):
            finished = self._settle()
            changed = True
        if changed and self._size() >= self._patient_until:
            self._look_at_tail()
        self._given += finished
        return tuple(finished), self._tail

    def finish(self) -> Blocks:
        """The remaining blocks, footnotes last; with those taken they are `parse(text)`, else see `whole`."""
        self._split_new()
        self._is_finished = True
        is_ended = not self._partial.removesuffix("\r") or self._partial.endswith("\r")
        if self._partial:
            self._waiting.append(self._partial.removesuffix("\r"))
            self._partial = ""
        remaining: list[Block] = []
        while len(self._waiting) > 1 and self._accept_lines(MAX_TAKEN_CHARS):
            remaining += self._settle()
        self._accept_lines(MAX_TAKEN_CHARS)
        remaining += self._blocks(self._parse(self._lines, is_ended))
        if self._needs_whole or (self._has_settled and self._found_links):
            whole = parse(self.text)
            if list(whole[: len(self._given)]) != self._given:
                self.whole = whole
            return whole[len(self._given) :]
        return tuple(remaining)

    def _split_new(self) -> bool:
        """New text into whole lines and a partial one; a carriage return may still get its line feed."""
        if not self._new:
            return False
        text = self._partial + "".join(self._new)
        self._new.clear()
        body, returned = (text[:-1], "\r") if text.endswith("\r") else (text, "")
        *lines, last = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
        self._waiting.extend(lines)
        self._partial = last + returned
        return True

    def _accept_lines(self, most: int) -> int:
        """Moves waiting lines to the tail, repaired; their count."""
        count = 0
        while self._waiting and most > 0:
            line = self._waiting.popleft()
            most -= len(line) + 1
            count += 1
            self._lines += self._repairs.repair(self._pictures.lift(line))
        return count

    def _parse(self, lines: Sequence[str], is_ended: bool = True) -> list[_Part]:
        opening = self._held.opening if self._held else ()
        env: dict[str, Any] = {"references": dict(self._links)}
        tokens = document_parser(trusts_footnotes=True).parse("\n".join((*opening, *lines)) + "\n" * is_ended, env)
        self._pictures.put_back(tokens)
        self._needs_whole = self._needs_whole or any(env.get("footnotes", {}).values())
        self._found_links = {name: link for name, link in env["references"].items() if name not in self._links}
        return list(_parts(tokens, len(opening)))

    def _blocks(self, parts: Sequence[_Part]) -> list[Block]:
        blocks: list[Block] = []
        held = self._held
        for number, part in enumerate(parts):
            made = blocks_of(part.tokens)
            if number == 0 and held:
                blocks += self._with_held(held, part, made)
            else:
                blocks += made
        if held and not parts:
            blocks.append(held.block)
        return blocks

    def _with_held(self, held: _Held, part: _Part, made: Blocks) -> Blocks:
        if isinstance(held.block, CodeBlock) and part.tokens[0].type == "fence" and not part.tokens[0].content:
            return (held.block,)
        joined = held.joined(made[0]) if made else None
        if joined is None:
            self._needs_whole = True
            return (held.block, *made)
        if isinstance(joined, ListBlock) and isinstance(made[0], ListBlock) and not _has_paragraphs(made[0]):
            self._needs_whole = True
        return (joined, *made[1:])

    def _settle(self) -> list[Block]:
        """The blocks that are finished; their lines leave the tail."""
        if self._size() < self._patient_until:
            return []
        parts = self._parse(self._lines)
        barrier = self._barrier(parts)
        count = max((number for number, part in enumerate(parts) if part.start <= barrier), default=0)
        finished = self._blocks(parts[:count]) if count else []
        if count:
            self._drop(parts[count].start)
            self._held = None
        if len(parts) == count + 1:
            self._hold(parts[count], parts[count].start if count else 0)
        self._grow_patient()
        return finished

    def _size(self) -> int:
        """What parsing the tail costs, in about characters."""
        return sum(map(len, self._lines)) + _LINE_SIZE * len(self._lines) + len(self._partial)

    def _grow_patient(self) -> None:
        size = self._size()
        self._patient_until = size * 7 // 6 if size > PATIENT_SIZE else 0

    def _barrier(self, parts: Sequence[_Part]) -> int:
        """The line up to which blocks may be finished: math that is still open may take in what follows it."""
        if self._open_math_let_go:
            return len(self._lines)
        code = {line for part in parts if part.tokens[0].type == "fence" for line in range(part.start, part.end)}
        opened, closing = -1, _CLOSES_DOLLARS
        for number, line in enumerate(self._lines):
            if opened >= 0:
                opened = -1 if closing.search(line) else opened
            elif number not in code and (found := _OPENS_MATH.match(line)):
                mark, closing = ("$$", _CLOSES_DOLLARS) if found[1] == "$$" else ("\\]", _CLOSES_BRACKETS)
                opened = -1 if mark in line[found.end() :] else number
        if opened < 0:
            return len(self._lines)
        if sum(map(len, self._lines[opened:])) > MAX_OPEN_MATH_CHARS:
            self._open_math_let_go = self._needs_whole = True
            return len(self._lines)
        return opened

    def _drop(self, count: int) -> None:
        """Lines leave the tail; what they define stays known."""
        opening = len(self._held.opening) if self._held else 0
        for name, link in self._found_links.items():
            if link["map"][1] <= count + opening:
                self._links[name] = link
                self._needs_whole = self._needs_whole or self._has_settled
        del self._lines[:count]
        self._has_settled = True

    def _hold(self, part: _Part, above: int) -> None:
        """Keeps the finished part of a block that grows, below `above` lines that have been dropped."""
        start, end = part.start - above, part.end - above
        if sum(map(len, self._lines)) < HOLD_CHARS or end < len(self._lines):
            return
        token = part.tokens[0]
        block = next(iter(self._blocks([part])), None)
        opening = self._held.opening if self._held else ()
        held, dropped = None, len(self._lines)
        if isinstance(block, CodeBlock) and token.type == "fence":
            if token.content and not _CLOSING_FENCE.fullmatch(self._lines[-1]):
                held = _Held(block, opening or (self._lines[start],))
        elif isinstance(block, TableBlock) and token.type == "table_open":
            if block.rows:
                held = _Held(block, opening or tuple(self._lines[start : start + 2]))
        elif isinstance(block, ListBlock) and len(block.items) > 1 and _has_paragraphs(block):
            last = [t.map[0] for t in part.tokens if t.type == "list_item_open" and t.level == 1 and t.map][-1]
            dropped = start + last - (token.map or [0])[0]
            held = _Held(replace(block, items=block.items[:-1])) if dropped > start else None
        if held:
            self._drop(dropped)
            self._held = held

    def _look_at_tail(self) -> None:
        shown = "" if self._waiting else _mended(self._partial.removesuffix("\r"), self._repairs.in_fence)
        lines = [*self._lines, *self._repairs.preview(self._pictures.lift(shown))] if shown else list(self._lines)
        while lines and not lines[-1].strip():
            lines.pop()
        if not self._held and lines and _HEADER_ROW.fullmatch(lines[-1]) and not (lines[:-1] and lines[-2].strip()):
            lines.pop()  # a table's header, most likely: the next line tells
        self._tail = tuple(self._blocks(self._parse(lines, is_ended=False)))
        self._grow_patient()


def _parts(tokens: Sequence[Token], opening: int) -> Iterator[_Part]:
    """The top-level blocks, lines counted from below the opening ones; footnotes are left for the end."""
    first = end = 0
    for number, token in enumerate(tokens):
        if token.type == "footnote_block_open":
            return
        if token.level == 0 and token.nesting <= 0:
            # Math in brackets does not say its lines: nothing but blank ones stands between it and the block above.
            start, end = tokens[first].map or (end, end)
            yield _Part(max(0, start - opening), max(0, end - opening), tokens[first : number + 1])
            first = number + 1


def _has_paragraphs(block: ListBlock) -> bool:
    """Whether each item shows if the list is tight."""
    return all(any(isinstance(inner, Paragraph) for inner in item.blocks) for item in block.items)


def _mended(line: str, is_code: bool) -> str:
    """A line that is still being written, as it may well turn out: undecided signs wait, open styles are closed."""
    if is_code:
        return "" if _OPENS_FENCE.fullmatch(line) else line
    if len(line) < 200 and (_UNDECIDED.fullmatch(line) or _OPENS_FENCE.match(line)):
        return ""
    line = _OPEN_LINK.sub(r"\1", line).rstrip("*`~_")
    if line.count("`") % 2:
        return line + "`"
    for mark, number in (("*", len(_SINGLE_STAR.findall(line))), ("**", line.count("**")), ("~~", line.count("~~"))):
        line += mark * (number % 2)
    return line
