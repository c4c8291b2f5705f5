"""How each block of a document looks on a page of a PDF; tables in pdf_table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    InlineMath,
    LineBreak,
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
from forgeapp.exporters.highlight import highlight
from forgeapp.exporters.links import web_address
from forgeapp.exporters.pdf_characters import flowing, single_line_ends, verbatim
from forgeapp.exporters.pdf_flow import Flow
from forgeapp.exporters.pdf_style import (
    BODY,
    CODE,
    CODE_LEADING,
    DEEPEST_INDENT,
    HEADING_LEADING,
    HEADINGS,
    INDENT,
    INK,
    LEADING,
    LINK,
    MUTED,
    PLAIN,
    SMALL,
    SPACE,
    SPACE_ABOVE_HEADING,
    SPACE_BELOW_HEADING,
    SPACE_IN_LIST,
    STRONG_LINE,
    Style,
)
from forgeapp.exporters.pdf_table import TableSetter
from forgeapp.exporters.pdf_text import Line, Span
from forgeapp.exporters.pictures import PictureFile, read_picture

_BULLETS = ("•", "–", "·")
_CODE_PADDING = 8.0
_TALLEST_PICTURE = 0.6
"""Of the page."""
_MARK_GAP = 6.0
_HEADINGS_KEPT = 3
"""One above the other, that go with a table to its page."""


class BlockSetter:
    """Sets blocks one after another into a flow; `warnings` gathers what the user should know, each once."""

    def __init__(self, flow: Flow, footnotes: Iterable[Footnote], progress: Callable[[float], None]) -> None:
        self.flow = flow
        self.type = flow.type
        self.warnings: dict[str, None] = {}
        self._progress = progress
        self._depth = 0
        self._outline_level = -1
        self._numbers = {note.label: number for number, note in enumerate(footnotes, 1)}
        self._places: dict[str, int] = {}
        self._tables = TableSetter(flow, self.spans, self.warn)

    def warn(self, text: str) -> None:
        self.warnings.setdefault(text)

    def set_all(self, blocks: Blocks) -> None:
        """Sets the blocks of a whole publication, its footnotes last."""
        notes = [block for block in blocks if isinstance(block, Footnote)]
        body = [block for block in blocks if not isinstance(block, Footnote)]
        for index, block in enumerate(body):
            if self.flow.is_on_wide_page or isinstance(block, Heading | TableBlock):
                self.flow.set_page_size(self._tables.page_size(_table_at(body, index)))
            self.set(block, following=body[index + 1] if index + 1 < len(body) else None)
            self._progress((index + 1) / len(blocks))
        if notes:
            self.flow.set_page_size(self._tables.page_size(None))
            self._set_notes(notes)

    def set(self, block: Block, following: Block | None = None) -> None:
        match block:
            case Heading():
                self._set_heading(block, following)
            case Paragraph(inlines=inlines):
                self.flow.space(SPACE)
                self._set_inlines(inlines, PLAIN)
                self.flow.space(SPACE)
            case ListBlock():
                self._set_list(block)
            case TableBlock():
                self._tables.set(block)
            case CodeBlock():
                self._set_code(block)
            case MathBlock(tex=tex):
                self._set_math(tex)
            case Quote(blocks=blocks):
                self._set_quote(blocks)
            case Rule():
                self._set_rule()
            case Footnote():
                self._set_notes([block])

    def spans(self, inlines: Iterable[Inline], style: Style) -> list[Span]:
        """Inlines as cleaned text with its looks; pictures by their alternative text."""
        spans: list[Span] = []
        for inline in inlines:
            match inline:
                case Run(text=text):
                    self.type.note_unshowable(text)
                    spans.append((flowing(text), self._run_style(inline, style)))
                case InlineMath(tex=tex):
                    self._warn_of_math()
                    self.type.note_unshowable(tex)
                    spans.append((flowing(tex), replace(style, italic=True)))
                case Picture(alt=alt):
                    self.warn(
                        "Only PNG and JPEG pictures inside the document are drawn; others show their description."
                    )
                    self.type.note_unshowable(alt)
                    spans.append((flowing(alt), replace(style, italic=True, color=MUTED)))
                case FootnoteMark(label=label):
                    number = self._numbers.get(label)
                    text = str(number) if number else f"[{flowing(label)}]"
                    place = self._place(label) if number else None
                    spans.append((text, replace(style, size=style.size * 0.68, raised=True, color=LINK, link=place)))
                case LineBreak():
                    spans.append(("\n", style))
        return spans

    def _run_style(self, run: Run, style: Style) -> Style:
        if not (run.bold or run.italic or run.strike or run.code or run.link):
            return style
        address = web_address(run.link)
        return replace(
            style,
            bold=style.bold or run.bold,
            italic=style.italic or run.italic,
            strike=style.strike or run.strike,
            mono=style.mono or run.code,
            ground=run.code,
            size=style.size * 0.9 if run.code else style.size,
            color=LINK if address else style.color,
            link=address or style.link,
        )

    def _warn_of_math(self) -> None:
        self.warn("Math is shown as TeX.")

    def _place(self, label: str) -> int:
        """The number of the place of a footnote, known to marks before the footnote itself is set."""
        if label not in self._places:
            self._places[label] = self.flow.paper.add_link(page=1)
        return self._places[label]

    def _set_inlines(self, inlines: Sequence[Inline], style: Style, leading: float = LEADING) -> None:
        for part in _around_pictures(inlines):
            if isinstance(part, Picture):
                picture = read_picture(part.source)
                if picture:
                    self._set_picture(picture)
                    continue
                part = [part]
            lines = self.type.lines(self.spans(part, style), self.flow.width)
            self.flow.lines(lines, style.size * leading)

    def _set_picture(self, picture: PictureFile) -> None:
        flow = self.flow
        scale = min(0.75, flow.width / picture.width, flow.page_room * _TALLEST_PICTURE / picture.height)
        width, height = picture.width * scale, picture.height * scale
        flow.begin(height)
        flow.paper.image(BytesIO(picture.data), flow.left, flow.y, width, height)
        flow.y += height
        flow.space(SPACE)

    def _set_heading(self, heading: Heading, following: Block | None) -> None:
        level = min(max(heading.level, 1), 6)
        size = HEADINGS[level - 1]
        style = Style(size=size, bold=True, color=MUTED if level == 6 else INK)
        lines = self.type.lines(self.spans(heading.inlines, style), self.flow.width)
        flow = self.flow
        flow.space(SPACE_ABOVE_HEADING[level - 1])
        needed = len(lines) * size * HEADING_LEADING + SPACE_BELOW_HEADING[level - 1]
        flow.begin(min(needed + _least_height(following), flow.page_room))
        self._outline_level = min(level - 1, self._outline_level + 1)
        flow.paper.set_y(flow.y)
        name = flowing(plain_text(heading.inlines)).strip()
        flow.paper.start_section(name or "…", self._outline_level, strict=False)
        flow.lines(lines, size * HEADING_LEADING)
        flow.space(SPACE_BELOW_HEADING[level - 1])

    def _set_list(self, block: ListBlock) -> None:
        flow = self.flow
        between = SPACE_IN_LIST if block.tight else SPACE * 0.8
        markers = [f"{block.start + index}." for index in range(len(block.items))] if block.ordered else []
        bullet = _BULLETS[min(self._depth, len(_BULLETS) - 1)]
        widest = max((self.type.natural_width([(marker, PLAIN)]) for marker in markers), default=0.0)
        indent = max(INDENT, widest + _MARK_GAP)
        if self._depth >= DEEPEST_INDENT:
            indent = 0.0
        left = flow.left
        self._depth += 1
        if self._depth == 1:
            flow.space(SPACE)
        for index, item in enumerate(block.items):
            flow.space(between)
            flow.left = left + indent
            flow.begin(BODY * LEADING)
            marker = markers[index] if markers else bullet
            if item.checked is None or block.ordered:
                self._mark(marker, left if indent else left - INDENT, indent or INDENT)
            if item.checked is not None:
                size = BODY * 0.86
                box_left = flow.left - size - _MARK_GAP if not block.ordered else flow.left
                flow.check_box(box_left, flow.y + (BODY * LEADING - size) / 2, size, is_checked=item.checked)
                if block.ordered:
                    flow.left += INDENT
            first, *others = item.blocks or (Paragraph(()),)
            self._set_first(first)
            for other in others:
                if isinstance(other, Paragraph):
                    flow.space(SPACE * 0.8)
                    self._set_inlines(other.inlines, PLAIN)
                else:
                    self.set(other)
        flow.left = left
        self._depth -= 1
        flow.space(between if self._depth else SPACE)

    def _set_first(self, block: Block) -> None:
        """The first block of an item stands beside its marker, with no space above."""
        self.flow.cancel_space()
        if isinstance(block, Paragraph):
            if any(_is_visible(inline) for inline in block.inlines):
                self._set_inlines(block.inlines, PLAIN)
            else:
                self.flow.y += BODY * LEADING
        elif isinstance(block, ListBlock):
            self.flow.y += BODY * LEADING
            self.set(block)
        else:
            self.set(block)

    def _mark(self, marker: str, left: float, indent: float) -> None:
        style = replace(PLAIN, color=MUTED)
        for line in self.type.lines([(marker, style)], float("inf")):
            self.flow.line(line, left, indent - _MARK_GAP, BODY * LEADING, "right")

    def _set_quote(self, blocks: Blocks) -> None:
        flow = self.flow
        flow.space(SPACE)
        left, depth = flow.left, self._depth
        indent = 14.0 if self._depth < DEEPEST_INDENT else 0.0
        flow.open_bar(left + 1)
        flow.left = left + indent
        self._depth += 1
        for block in blocks:
            self.set(block)
        flow.left, self._depth = left, depth
        flow.cancel_space()
        flow.close_bar()
        flow.space(SPACE * 1.3)

    def _set_code(self, block: CodeBlock) -> None:
        text = single_line_ends(block.text).removesuffix("\n")
        self.type.note_unshowable(text.replace("\n", ""))
        width = self.flow.width - 2 * _CODE_PADDING
        lines: list[Line] = []
        for spans in highlight(text, block.language):
            styled = [
                (verbatim(span.text), Style(CODE, bold=span.bold, mono=True, color=span.color or INK)) for span in spans
            ]
            lines.extend(self.type.verbatim_lines(styled, width))
        self._set_grounded(lines, CODE * CODE_LEADING)

    def _set_grounded(self, lines: Sequence[Line], leading: float) -> None:
        """Lines on a light ground, as many to a page as fit."""
        flow = self.flow
        flow.space(SPACE)
        done = 0
        while done < len(lines):
            flow.begin(2 * _CODE_PADDING + leading * min(3, len(lines) - done))
            fitting = max(1, int((flow.bottom - flow.y - 2 * _CODE_PADDING) / leading + 0.001))
            part = lines[done : done + fitting]
            height = len(part) * leading + 2 * _CODE_PADDING
            flow.box(flow.left, flow.y, flow.width, height)
            top = flow.y
            flow.y += _CODE_PADDING
            for line in part:
                flow.line(line, flow.left + _CODE_PADDING, flow.width - 2 * _CODE_PADDING, leading, "start")
                flow.y += leading
            flow.y = top + height
            done += len(part)
            if done < len(lines):
                flow.new_page()
        flow.space(SPACE * 1.3)

    def _set_math(self, tex: str) -> None:
        self._warn_of_math()
        self.type.note_unshowable(single_line_ends(tex).replace("\n", ""))
        style = Style(size=BODY * 0.95, mono=True)
        spans: list[Span] = []
        for row in single_line_ends(tex).strip().split("\n"):
            spans += [(flowing(row), style), ("\n", style)]
        self.flow.space(SPACE)
        lines = self.type.lines(spans[:-1], self.flow.width - 2 * INDENT)
        self.flow.lines(lines, BODY * LEADING, align="center")
        self.flow.space(SPACE)

    def _set_rule(self) -> None:
        flow = self.flow
        flow.space(SPACE * 1.4)
        flow.begin(2.0)
        flow.rule(flow.left, flow.right, flow.y)
        flow.y += 1
        flow.space(SPACE * 1.6)

    def _set_notes(self, notes: Sequence[Footnote]) -> None:
        flow = self.flow
        flow.space(SPACE * 2.4)
        flow.begin(SMALL * LEADING * 2)
        flow.rule(flow.left, flow.left + 90, flow.y, 0.6, STRONG_LINE)
        flow.y += SPACE * 0.8
        style = Style(size=SMALL)
        left = flow.left
        for note in notes:
            flow.space(3.0)
            flow.left = left + INDENT
            flow.begin(SMALL * LEADING)
            number = self._numbers.get(note.label, 0)
            flow.paper.set_link(self._place(note.label), y=flow.y, page=flow.paper.page)
            for line in self.type.lines([(f"{number}.", replace(style, color=MUTED))], float("inf")):
                flow.line(line, left, INDENT - _MARK_GAP, SMALL * LEADING, "right")
            if not note.blocks:
                flow.y += SMALL * LEADING
            for index, block in enumerate(note.blocks):
                if isinstance(block, Paragraph):
                    self._set_inlines(block.inlines, style)
                elif index:
                    self.set(block)
                else:
                    self._set_first(block)
        flow.left = left


def _is_visible(inline: Inline) -> bool:
    return isinstance(inline, FootnoteMark | Picture) or bool(plain_text((inline,)).strip())


def _around_pictures(inlines: Sequence[Inline]) -> Iterator[Sequence[Inline] | Picture]:
    """Pictures that carry their bytes stand on a line of their own."""
    if not any(isinstance(inline, Picture) for inline in inlines):
        yield inlines
        return
    part: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Picture) and inline.source.lstrip()[:5].lower() == "data:":
            if part:
                yield part
            yield inline
            part = []
        else:
            part.append(inline)
    if part:
        yield part


def _table_at(blocks: Sequence[Block], index: int) -> TableBlock | None:
    """The table that stands here, or right below the headings that stand here."""
    for block in blocks[index : index + _HEADINGS_KEPT + 1]:
        if not isinstance(block, Heading):
            return block if isinstance(block, TableBlock) else None
    return None


def _least_height(block: Block | None) -> float:
    """Of what must stand under a heading on the same page."""
    match block:
        case None:
            return 0.0
        case TableBlock():
            return SPACE + 5 * SMALL * LEADING
        case CodeBlock():
            return SPACE + 3 * CODE * CODE_LEADING + 2 * _CODE_PADDING
        case Heading():
            return 5 * BODY * LEADING
        case _:
            return SPACE + 2 * BODY * LEADING
