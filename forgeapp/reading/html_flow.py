"""Text of an HTML file as it flows: blanks collapse, lines break, blocks end paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from forgeapp.domain.document import Block, Inline, LineBreak, ListBlock, Paragraph, Run
from forgeapp.reading.paragraph_tree import Tree
from forgeapp.reading.task_boxes import task_of

_BLANKS = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Style:
    """What the elements around a text say of it."""

    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str | None = None
    position: str = ""

    def with_one(self, name: str) -> Style:
        """With 'bold', 'italic', 'strike' or 'code' as well."""
        match name:
            case "bold":
                return replace(self, bold=True)
            case "italic":
                return replace(self, italic=True)
            case "strike":
                return replace(self, strike=True)
            case _:
                return replace(self, code=True)

    def run(self, text: str) -> Run:
        return Run(text, self.bold, self.italic, self.strike, self.code, self.link)


class Flow:
    """Collects the blocks of one container. `checked`: the state of a box at its beginning, if there is one.

    Two line breaks in a row end a paragraph, unless `keeps_breaks`.
    """

    def __init__(self, keeps_breaks: bool = False) -> None:
        self._keeps_breaks = keeps_breaks
        self.blocks: list[Block] = []
        self.checked: bool | None = None
        self._line: list[Inline] = []
        self._list: Tree | None = None
        self._is_blank = True

    @property
    def has_text(self) -> bool:
        """Whether anything stands since the last paragraph."""
        return any(not _is_nothing(inline) for inline in self._line)

    def say(self, text: str, style: Style) -> None:
        text = _BLANKS.sub(" ", text)
        if self._is_blank:
            text = text.lstrip(" ")
        if not text:
            return
        self._line.append(style.run(text))
        self._is_blank = text.endswith(" ")

    def put(self, inline: Inline) -> None:
        self._line.append(inline)
        self._is_blank = False

    def end_line(self) -> None:
        if self._line and isinstance(self._line[-1], LineBreak) and not self._keeps_breaks:
            self.end_paragraph()
        elif self._line:
            self._line.append(LineBreak())
            self._is_blank = True

    def take_line(self) -> tuple[Inline, ...]:
        """What stands since the last paragraph."""
        line, self._line = _trimmed(self._line), []
        self._is_blank = True
        return tuple(line)

    def end_paragraph(self) -> None:
        line = self.take_line()
        if not line:
            return
        self.end_list()
        if not self.blocks and self.checked is None:
            self.checked, line = task_of(line)
        if line:
            self.blocks.append(Paragraph(line))

    def add(self, blocks: Iterable[Block]) -> None:
        self.end_paragraph()
        self.end_list()
        self.blocks += blocks

    def continue_list(self, found: ListBlock) -> bool:
        """Whether the list goes on with the one right before it, and was added to that."""
        self.end_paragraph()
        last = self.blocks[-1] if self.blocks else None
        if not isinstance(last, ListBlock) or last.ordered != found.ordered or self._list is not None:
            return False
        self.blocks[-1] = replace(last, items=(*last.items, *found.items))
        return True

    def add_item(self, line: tuple[Inline, ...], level: int, number: int | None) -> None:
        """A paragraph that is an item by what it says of itself, as in pages of word processors."""
        self.end_paragraph()
        if self._list is None:
            self._list = Tree()
        self._list.add_item(Paragraph(line), depth=level, indent=0, number=number)

    def end_list(self) -> None:
        if self._list is not None:
            self.blocks += self._list.blocks()
            self._list = None

    def done(self) -> list[Block]:
        self.end_paragraph()
        self.end_list()
        return self.blocks


def _trimmed(line: list[Inline]) -> list[Inline]:
    """Without blanks and breaks at its ends; [] where nothing else stands in it."""
    while line and _is_nothing(line[-1]):
        line.pop()
    start = next((at for at, inline in enumerate(line) if not _is_nothing(inline)), len(line))
    line = line[start:]
    if line and isinstance(line[-1], Run):
        line[-1] = replace(line[-1], text=line[-1].text.rstrip(" "))
    return line


def _is_nothing(inline: Inline) -> bool:
    return isinstance(inline, LineBreak) or (isinstance(inline, Run) and not inline.text.strip())
