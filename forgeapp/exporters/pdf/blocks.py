"""How each block of a document looks on a page of a PDF; code and tables have modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
    plain_text,
)
from forgeapp.exporters.bidi import base_level
from forgeapp.exporters.pdf.characters import flowing, single_line_ends
from forgeapp.exporters.pdf.code import LEAST_HEIGHT, CodeSetter
from forgeapp.exporters.pdf.drawings import PIXEL
from forgeapp.exporters.pdf.flow import BAR_WIDTH, Flow
from forgeapp.exporters.pdf.formulas import parts_of
from forgeapp.exporters.pdf.inlines import InlineSetter, around_pictures
from forgeapp.exporters.pdf.style import (
    DEEPEST_INDENT,
    HEADING_LEADING,
    HEADINGS,
    INDENT,
    INK,
    LEADING,
    MUTED,
    PLAIN,
    SPACE,
    SPACE_ABOVE_HEADING,
    SPACE_BELOW_HEADING,
    SPACE_IN_LIST,
    Drawing,
    Mark,
    Style,
)
from forgeapp.exporters.pdf.table import TableSetter
from forgeapp.exporters.pdf.text import Line, Span
from forgeapp.exporters.pictures import PictureFile, read_picture

_BULLETS = ("•", "–", "·")
_TALLEST_PICTURE = 0.85
"""Of the page."""
_SPACE_ABOVE_PICTURE = 5.0
_MARK_GAP = 6.0
_QUOTE_INDENT = 14.0
_BLOCK_FORMULA = 1.1
"""Of the text's size."""
_SMALLEST_FORMULA = 0.62
"""What a wide formula shrinks to before it is set in parts."""
_ROW_FILLED = 0.95
_BELOW = SPACE + LEAST_HEIGHT
"""What stands on the page of a heading, or of words that announce it, in a list or quote."""
_HEADINGS_KEPT = 3
"""One above the other, that go with a table to its page."""


class BlockSetter:
    """Sets blocks one after another into a flow. `body`: how its running text looks."""

    def __init__(
        self,
        flow: Flow,
        inlines: InlineSetter,
        body: Style = PLAIN,
        *,
        has_line_numbers: bool,
        is_for_notes: bool = False,
    ) -> None:
        self.flow = flow
        self.type = flow.type
        self.places: list[tuple[int, float]] = []
        """The page and height of each heading that was set."""
        self._inlines = inlines
        self._body = body
        self._leading = body.size * LEADING
        self._has_line_numbers = has_line_numbers
        self._is_for_notes = is_for_notes
        self._depth = 0
        self._outline_level = -1
        self._tables = TableSetter(flow, inlines.spans, inlines.warn)
        self._code = CodeSetter(flow, has_line_numbers=has_line_numbers)

    def within(self, flow: Flow, body: Style) -> BlockSetter:
        """One that sets footnotes, into another flow."""
        return BlockSetter(flow, self._inlines, body, has_line_numbers=self._has_line_numbers, is_for_notes=True)

    def set_all(self, blocks: Blocks, progress: Callable[[float], None]) -> None:
        """Sets blocks at the top level, all but footnotes, each table on the paper it wants."""
        for index, block in enumerate(blocks):
            if self.flow.is_on_wide_page or isinstance(block, Heading | TableBlock):
                self.flow.set_page_size(self._tables.page_size(_table_at(blocks, index)))
            self.set(block, following=blocks[index + 1] if index + 1 < len(blocks) else None)
            progress((index + 1) / len(blocks))
        self.flow.release()

    def set(self, block: Block, following: Block | None = None) -> None:
        match block:
            case Heading():
                self._set_heading(block)
            case Paragraph(inlines=inlines):
                self.flow.space(SPACE)
                self._set_inlines(inlines, following)
                self.flow.space(SPACE)
            case ListBlock():
                self._set_list(block)
            case TableBlock():
                self._tables.set(block)
            case CodeBlock():
                self._code.set(block)
            case MathBlock(tex=tex):
                self._set_math(tex)
            case Quote(blocks=blocks):
                self._set_quote(blocks)
            case Rule():
                self._set_rule()
            case Footnote():
                pass

    def _set_inlines(self, inlines: Sequence[Inline], following: Block | None = None) -> None:
        flow = self.flow
        parts = list(around_pictures(inlines))
        leads_in = _leads_in(inlines, following)
        for index, part in enumerate(parts):
            if isinstance(part, Picture):
                picture = read_picture(part.source)
                if picture:
                    has_caption = index + 1 < len(parts) or _is_caption(following)
                    self._set_picture(picture, SPACE + self._leading if has_caption else 0.0)
                    continue
                part = [part]
            lines = self.type.lines(self._inlines.spans(part, self._body), flow.width)
            if not leads_in or index + 1 < len(parts):
                flow.lines(lines, self._leading)
            elif self._has_neighbours:
                flow.lines(lines, self._leading, below=_BELOW)
            else:
                end = 0 if len(lines) <= 3 else len(lines) - 2
                if end:
                    flow.lines(lines[:end], self._leading)
                flow.keep(lines[end:], self._leading)

    @property
    def _has_neighbours(self) -> bool:
        """Whether something stands beside the text, where nothing can wait for what comes next."""
        return self._depth > 0 or self.flow.is_hanging

    def _set_picture(self, picture: PictureFile, below: float) -> None:
        """`below`: the height that is to stand beneath it on its page."""
        flow = self.flow
        scale = min(PIXEL, flow.width / picture.width, flow.page_room * _TALLEST_PICTURE / picture.height)
        width, height = picture.width * scale, picture.height * scale
        if not flow.is_hanging:
            flow.space(_SPACE_ABOVE_PICTURE)
        flow.begin(height + below)
        flow.picture(picture.data, flow.left, width, height)
        flow.y += height
        flow.space(SPACE)

    def _set_heading(self, heading: Heading) -> None:
        flow = self.flow
        level = min(max(heading.level, 1), 6)
        size = HEADINGS[level - 1]
        style = Style(size=size, bold=True, color=MUTED if level == 6 else INK)
        lines = self.type.lines(self._inlines.spans(heading.inlines, style), flow.width)
        self._outline_level = min(level - 1, self._outline_level + 1)
        arrive = partial(self._arrive, flowing(plain_text(heading.inlines)).strip() or "…", self._outline_level)
        leading = size * HEADING_LEADING
        flow.space(SPACE_ABOVE_HEADING[level - 1])
        if self._has_neighbours:
            flow.begin(min(len(lines) * leading + _BELOW, flow.page_room))
            arrive()
            flow.lines(lines, leading)
        else:
            flow.keep(lines, leading, arrive)
        flow.space(SPACE_BELOW_HEADING[level - 1])

    def _arrive(self, heading: str, level: int) -> None:
        self.flow.section(heading, level)
        self.places.append((self.flow.paper.page, self.flow.y))
        if not self._is_for_notes:
            # No link leads to headings in footnotes.
            self.flow.place(self._inlines.place(len(self.places)))

    def _set_list(self, block: ListBlock) -> None:
        flow = self.flow
        between = SPACE_IN_LIST if block.tight else SPACE * 0.8
        markers = [f"{block.start + index}." for index in range(len(block.items))] if block.ordered else []
        bullet = _BULLETS[min(self._depth, len(_BULLETS) - 1)]
        widest = max((self.type.natural_width([(marker, self._body)]) for marker in markers), default=0.0)
        indent = max(INDENT, widest + _MARK_GAP)
        if self._depth >= DEEPEST_INDENT:
            indent = 0.0
        left, right = flow.left, flow.right
        self._depth += 1
        if self._depth == 1:
            flow.space(SPACE)
        for index, item in enumerate(block.items):
            flow.space(between)
            backwards = _runs_backwards(item.blocks)
            if backwards:
                flow.right -= indent
            else:
                flow.left = left + indent
            marker = markers[index] if markers else bullet
            if backwards and block.ordered:
                marker = f".{block.start + index}"
            if item.checked is None or block.ordered:
                edge = flow.right if backwards else flow.left
                flow.hang(partial(self._mark, marker, edge, indent or INDENT, backwards=backwards))
            if item.checked is not None:
                flow.hang(partial(self._check, flow.left, is_checked=item.checked, is_inside=block.ordered))
                if block.ordered:
                    flow.left += INDENT
            first, *others = item.blocks or (Paragraph(()),)
            self._set_first(first, others[0] if others else None)
            for other, following in zip_longest(others, others[1:]):
                if isinstance(other, Paragraph):
                    flow.space(SPACE * 0.8)
                    self._set_inlines(other.inlines, following)
                else:
                    self.set(other)
            flow.left, flow.right = left, right
        self._depth -= 1
        flow.space(between if self._depth else SPACE)

    def _set_first(self, block: Block, following: Block | None) -> None:
        """The first block of an item stands beside its marker."""
        if isinstance(block, Paragraph):
            if any(_is_visible(inline) for inline in block.inlines):
                self._set_inlines(block.inlines, following)
            else:
                self.flow.begin(self._leading)
                self.flow.y += self._leading
        elif isinstance(block, ListBlock):
            self.flow.begin(2 * self._leading)
            self.flow.y += self._leading
            self.set(block)
        else:
            self.set(block)
            if self.flow.is_hanging:
                # An empty block has drawn nothing that its marker could stand beside.
                self.flow.begin(self._leading)
                self.flow.y += self._leading

    def _mark(self, marker: str, edge: float, indent: float, *, backwards: bool) -> None:
        """The marker of a list item, beside the edge of its text."""
        style = replace(self._body, color=MUTED)
        left = edge + _MARK_GAP if backwards else edge - indent
        for line in self.type.lines([(marker, style)], float("inf")):
            self.flow.line(line, left, indent - _MARK_GAP, self._leading, "left" if backwards else "right")

    def _check(self, left: float, *, is_checked: bool, is_inside: bool) -> None:
        size = self._body.size * 0.86
        box_left = left if is_inside else left - size - _MARK_GAP
        self.flow.check_box(box_left, self.flow.y + (self._leading - size) / 2, size, is_checked=is_checked)

    def _set_quote(self, blocks: Blocks) -> None:
        flow = self.flow
        flow.space(SPACE)
        left, right, depth = flow.left, flow.right, self._depth
        indent = _QUOTE_INDENT if self._depth < DEEPEST_INDENT else 0.0
        if _runs_backwards(blocks):
            flow.open_bar(right - 1 - BAR_WIDTH)
            flow.right -= indent
        else:
            flow.open_bar(left + 1)
            flow.left += indent
        self._depth += 1
        for block in blocks:
            self.set(block)
        flow.left, flow.right, self._depth = left, right, depth
        flow.cancel_space()
        flow.close_bar()
        flow.space(SPACE * 1.3)

    def _set_math(self, tex: str) -> None:
        flow = self.flow
        self.type.letters.note_unshowable(single_line_ends(tex).replace("\n", ""))
        flow.space(SPACE)
        lines = self._formula_lines(tex)
        if lines:
            flow.lines(lines, self._leading, align="center")
        else:
            style = Style(size=self._body.size * 0.95, mono=True)
            spans: list[Span] = []
            for row in single_line_ends(tex).strip().split("\n"):
                spans += [(flowing(row), style), ("\n", style)]
            flow.lines(self.type.lines(spans[:-1], flow.width - 2 * INDENT), self._leading, align="center")
        flow.space(SPACE)

    def _formula_lines(self, tex: str) -> list[Line]:
        """A formula in the middle of the column; one that is too wide in parts, or else smaller."""
        size = self._body.size * _BLOCK_FORMULA
        whole = self._inlines.formula(tex, size, is_block=True)
        if whole is None:
            return []
        rows: list[tuple[str, Drawing]] = [(tex, whole)]
        if whole.width * _SMALLEST_FORMULA > self.flow.width:
            rows = self._formula_rows(tex, size) or rows
        lines: list[Line] = []
        for part, drawing in rows:
            style = replace(self._body, drawing=drawing)
            lines += self.type.lines([(flowing(single_line_ends(part).replace("\n", " ")), style)], self.flow.width)
        return lines

    def _formula_rows(self, tex: str, size: float) -> list[tuple[str, Drawing]]:
        """As many of its parts to a row as fit; [] where one of them cannot be drawn alone."""
        rows: list[str] = []
        used = 0.0
        for part in parts_of(tex):
            drawing = self._inlines.formula(part, size, is_block=True)
            if drawing is None:
                return []
            if rows and used + drawing.width <= self.flow.width * _ROW_FILLED:
                rows[-1] += part
                used += drawing.width
            else:
                rows.append(part)
                used = drawing.width
        # After nothing a sign would be that of a number; after an empty group it joins two.
        drawn = [(row, self._inlines.formula("{}" + row, size, is_block=True)) for row in rows]
        return [(row, drawing) for row, drawing in drawn if drawing]

    def _set_rule(self) -> None:
        flow = self.flow
        flow.space(SPACE * 1.4)
        flow.begin(2.0)
        flow.rule(flow.left, flow.right, flow.y)
        flow.y += 1
        flow.space(SPACE * 1.6)

    def set_note(self, note: Footnote, mark: Mark) -> None:
        """A footnote with its number, which leads back to its mark."""
        flow = self.flow
        left = flow.left
        flow.left += INDENT
        style = replace(self._body, color=MUTED, link=mark.back if mark.is_named else None)
        number = self.type.lines([(f"{mark.number}.", style)], float("inf"))[0]

        def draw() -> None:
            flow.place(mark.note)
            flow.line(number, left, INDENT - _MARK_GAP, self._leading, "right")

        flow.hang(draw)
        if not note.blocks:
            flow.begin(self._leading)
            flow.y += self._leading
        for index, block in enumerate(note.blocks):
            if isinstance(block, Paragraph) and index:
                flow.space(SPACE / 2)
                self._set_inlines(block.inlines)
            elif index:
                self.set(block)
            else:
                self._set_first(block, None)
        flow.release()
        flow.left = left


def _runs_backwards(blocks: Blocks) -> bool:
    """Whether they begin with text from right to left."""
    first = blocks[0] if blocks else None
    return isinstance(first, Paragraph) and base_level(plain_text(first.inlines)) == 1


def _leads_in(inlines: Sequence[Inline], following: Block | None) -> bool:
    """Whether a paragraph announces what follows, or goes on in it, which is to stand on its page."""
    if following is None or isinstance(following, Heading | Rule | Footnote):
        return False
    return isinstance(following, MathBlock) or plain_text(inlines).rstrip().endswith((":", "："))


def _is_caption(block: Block | None) -> bool:
    """A paragraph in italics, below a picture."""
    if not isinstance(block, Paragraph) or not block.inlines:
        return False
    return all(isinstance(inline, Run) and (inline.italic or not inline.text.strip()) for inline in block.inlines)


def _is_visible(inline: Inline) -> bool:
    return isinstance(inline, FootnoteMark | Picture) or bool(plain_text((inline,)).strip())


def _table_at(blocks: Sequence[Block], index: int) -> TableBlock | None:
    """The table that stands here, or right below the headings that stand here."""
    for block in blocks[index : index + _HEADINGS_KEPT + 1]:
        if not isinstance(block, Heading):
            return block if isinstance(block, TableBlock) else None
    return None
