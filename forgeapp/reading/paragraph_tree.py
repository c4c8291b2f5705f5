"""Paragraphs put into lists and quotes: word processors have them one after the other, each with its indent.

A container's depth is 1 for those that stand in no other. Which list a paragraph continues is told by its level, its
number and its indent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from forgeapp.domain.document import Block, Blocks, CodeBlock, ListBlock, ListItem, Quote

MAX_DEPTH = 20


@dataclass(slots=True)
class _List:
    ordered: bool
    start: int
    next_number: int
    tight: bool = True
    items: list[ListItem] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A container that takes blocks: an item of `list`, or a quote. `indent` of its text in twips."""

    depth: int
    indent: int
    blocks: list[Block] = field(default_factory=list)
    list: _List | None = None
    checked: bool | None = None


class Tree:
    def __init__(self) -> None:
        self._root: list[Block] = []
        self._open: list[_Open] = []
        self._code_goes_on = False

    def blocks(self) -> Blocks:
        """Everything added so far; nothing stays open."""
        self.close()
        return tuple(self._root)

    def close(self, depth: int = 0) -> None:
        """What is deeper ends here."""
        while self._open and self._open[-1].depth > depth:
            self._close_top()

    @property
    def depth(self) -> int:
        return self._open[-1].depth if self._open else 0

    def item_depth_at(self, indent: int) -> int:
        """The depth of the innermost open item whose text stands no further in than `indent`; 0 for none."""
        return next((o.depth for o in reversed(self._open) if o.list is not None and 0 < o.indent <= indent + 60), 0)

    def item_depth_below(self, indent: int) -> int:
        """The depth of an item set in further than the innermost open one it can stand in; 1 for none."""
        return next(
            (o.depth + 1 for o in reversed(self._open) if o.list is not None and 0 < o.indent < indent - 100), 1
        )

    def add(self, block: Block, depth: int, *, opens_quotes: bool = False) -> None:
        """`opens_quotes`: where no container is as deep, quotes are."""
        self.close(depth)
        self._open_quotes(depth if opens_quotes else 0)
        self._append(block)

    def add_to_quote(self, block: Block, depth: int, indent: int = 0) -> None:
        self.close(depth)
        if self._open and self._open[-1].depth == depth and self._open[-1].list is not None:
            self.close(depth - 1)
        self._open_quotes(depth, indent)
        self._append(block)

    def add_item(
        self,
        block: Block | None,
        *,
        depth: int,
        indent: int,
        number: int | None,
        checked: bool | None = None,
        tight: bool = True,
        opens_quotes: bool = False,
    ) -> None:
        """`number` None for a bullet. The item joins the list at its depth where it goes on with it."""
        depth = min(depth, MAX_DEPTH)
        self.close(depth)
        top = self._open[-1] if self._open else None
        joined: _List | None = None
        if top is not None and top.depth == depth:
            found = top.list
            if found is not None and (found.next_number == number if found.ordered else number is None):
                joined = found
                self._close_item()
            else:
                self._close_top()
        if opens_quotes:
            self._open_quotes(depth - 1)
        if joined is None:
            joined = _List(number is not None, number or 0, 0) if number is not None else _List(False, 1, 0)
        joined.next_number = (number or 0) + 1
        joined.tight = joined.tight and tight
        self._open.append(_Open(depth, indent, [block] if block is not None else [], joined, checked))
        self._code_goes_on = False

    def add_code(self, text: str, depth: int, *, opens_quotes: bool = False) -> None:
        """A paragraph of code, or one more of the block of code right before it."""
        before = self._current()
        if self._code_goes_on and depth >= self.depth and before and isinstance(before[-1], CodeBlock):
            before[-1] = replace(before[-1], text=f"{before[-1].text}\n{text}")
            return
        self.add(CodeBlock("", text), depth, opens_quotes=opens_quotes)
        self._code_goes_on = True

    def separate(self) -> None:
        """What comes next goes on with nothing before."""
        self._code_goes_on = False

    def end(self) -> None:
        """Everything open ends."""
        self.close()
        self._code_goes_on = False

    def _current(self) -> list[Block]:
        return self._open[-1].blocks if self._open else self._root

    def _append(self, block: Block) -> None:
        self._current().append(block)
        self._code_goes_on = False

    def _open_quotes(self, depth: int, indent: int = 0) -> None:
        while self.depth < min(depth, MAX_DEPTH):
            self._open.append(_Open(self.depth + 1, indent))

    def _close_top(self) -> None:
        if self._open[-1].list is None:
            closed = self._open.pop()
            if closed.blocks:
                self._current().append(Quote(tuple(closed.blocks)))
            return
        found = self._open[-1].list
        self._close_item()
        self._current().append(
            ListBlock(found.ordered, tuple(found.items), found.start if found.ordered else 1, found.tight)
        )

    def _close_item(self) -> None:
        closed = self._open.pop()
        assert closed.list is not None
        closed.list.items.append(ListItem(tuple(closed.blocks), closed.checked))
