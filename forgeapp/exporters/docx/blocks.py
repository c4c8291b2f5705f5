"""Blocks as WordprocessingML: paragraphs with styles, and real numbering."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from forgeapp.domain.document import (
    Block,
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
    TableBlock,
    plain_text,
)
from forgeapp.domain.wording import Text
from forgeapp.exporters.docx.captions import is_caption
from forgeapp.exporters.docx.code import code_xml
from forgeapp.exporters.docx.front import bookmark_of, reference_of
from forgeapp.exporters.docx.story import Story
from forgeapp.exporters.docx.styles import LIST_STYLES, QUOTE_FROM_THE_RIGHT
from forgeapp.exporters.docx.tables import table_xml
from forgeapp.exporters.docx.text import is_right_to_left
from forgeapp.exporters.front import is_listed

INDENT = 360
"""Twips a list level or quote is set in."""
MAX_LEVEL = 8
"""Word numbers nine levels, 0 to 8; deeper ones are indented further but numbered at the last."""
MAX_START = 32_767
_BOXES = {True: "\u2611", False: "\u2610"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block stands. `indent` in twips; `level` -1 outside lists; `last` in its list and all around it."""

    style: str = ""
    indent: int = 0
    level: int = -1
    tight: bool = True
    last: bool = True


def blocks_xml(story: Story, blocks: Iterable[Block], style: str = "") -> Iterator[str]:
    """Blocks as `w:p` and pieces of `w:tbl`; `style` is that of plain paragraphs. Footnotes are left out."""
    yield from _blocks(story, tuple(blocks), _Place(style))


def _blocks(story: Story, blocks: tuple[Block, ...], place: _Place) -> Iterator[str]:
    for number, block in enumerate(blocks):
        here = place if number == len(blocks) - 1 else replace(place, last=False)
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        if isinstance(block, Paragraph) and is_caption(blocks, number):
            yield _caption(story, block, here, is_above=isinstance(following, TableBlock))
        else:
            yield from _block(story, block, here)
        if isinstance(block, TableBlock):
            yield _element("Gap", "")
        elif _would_run_together(block, following):
            indent = f'<w:ind w:left="{place.indent}"/>' if place.indent else ""
            spacing = '<w:spacing w:line="20" w:lineRule="exact"/>'
            yield f'<w:p><w:pPr><w:pStyle w:val="Gap"/>{spacing}{indent}</w:pPr></w:p>'


def _would_run_together(block: Block, following: Block | None) -> bool:
    """Whether nothing but a paragraph between them tells that they are two."""
    if isinstance(block, ListBlock):
        return isinstance(following, ListBlock) and block.ordered == following.ordered
    return isinstance(block, CodeBlock | Quote) and type(block) is type(following)


def _block(story: Story, block: Block, place: _Place) -> Iterator[str]:
    match block:
        case Heading():
            yield _heading(story, block, place)
        case Paragraph(inlines=inlines):
            yield _paragraph(story, inlines, replace(place, style="ListContinue") if place.level >= 0 else place)
        case ListBlock():
            yield from _list(story, block, place)
        case TableBlock():
            yield from table_xml(story, block, place.indent)
        case CodeBlock():
            yield from code_xml(story, block, place.indent)
        case MathBlock(tex=tex):
            yield _element("Math", story.math(tex, is_block=True), indent=place.indent)
        case Quote(blocks=inner):
            yield from _blocks(story, inner, _Place("Quote", place.indent + INDENT))
        case Rule():
            yield _element("HorizontalLine", "", indent=place.indent)
        case Footnote():
            pass


def _element(
    style: str,
    content: str,
    *,
    keeps_next: bool = False,
    numbering: str = "",
    rtl: bool = False,
    border: str = "",
    after: int | None = None,
    indent: int = 0,
    hanging: int = 0,
) -> str:
    """A `w:p`, the children of its `w:pPr` in the order of the schema (17.3.1.26)."""
    properties = "".join(
        (
            f'<w:pStyle w:val="{style}"/>' if style else "",
            "<w:keepNext/>" if keeps_next else "",
            numbering,
            border,
            "<w:bidi/>" if rtl else "",
            "" if after is None else f'<w:spacing w:after="{after}"/>',
            (f'<w:ind w:left="{indent}"' + (f' w:hanging="{hanging}"/>' if hanging else "/>")) if indent else "",
        )
    )
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


def _paragraph(story: Story, inlines: Inlines, place: _Place) -> str:
    rtl = is_right_to_left(plain_text(inlines))
    content = story.inlines(inlines, rtl, story.manuscript.text_width - place.indent)
    # The bar of the style stands at the left, wherever the text begins.
    border = QUOTE_FROM_THE_RIGHT if rtl and place.style == "Quote" else ""
    return _element(place.style, content, rtl=rtl, border=border, indent=place.indent, after=_space_after(place))


def _heading(story: Story, heading: Heading, place: _Place) -> str:
    """With a bookmark where the contents name it, and one where links lead to it."""
    manuscript = story.manuscript
    rtl = is_right_to_left(plain_text(heading.inlines))
    content = story.inlines(heading.inlines, rtl, manuscript.text_width - place.indent)
    manuscript.passed += story.holds_marks
    if story.holds_marks and manuscript.passed in manuscript.linked:
        content = manuscript.bookmarked(reference_of(manuscript.passed), content)
    if manuscript.has_contents and story.holds_marks and is_listed(heading, manuscript.title):
        manuscript.headings += 1
        content = manuscript.bookmarked(bookmark_of(manuscript.headings), content)
    return _element(f"Heading{heading.level}", content, rtl=rtl, indent=place.indent, after=_space_after(place))


def _caption(story: Story, block: Paragraph, place: _Place, is_above: bool) -> str:
    rtl = is_right_to_left(plain_text(block.inlines))
    content = story.inlines(block.inlines, rtl, story.manuscript.text_width - place.indent)
    return _element("Caption", content, keeps_next=is_above, rtl=rtl, indent=place.indent)


def _space_after(place: _Place) -> int | None:
    if place.level < 0:
        return None
    return 140 if place.last else 40 if place.tight else 120


def _list(story: Story, block: ListBlock, place: _Place) -> Iterator[str]:
    level = place.level + 1
    word_level = min(level, MAX_LEVEL)
    inset = INDENT if level or not _begins_right(block) else 2 * INDENT
    inner = _Place("", place.indent + inset, level, block.tight)
    used: dict[str, int] = {}

    def number_id(kind: str) -> int:
        if kind not in used:
            start = min(block.start, MAX_START) if kind == "number" else 1
            used[kind] = story.manuscript.add_list(kind, word_level, start)
        return used[kind]

    if block.ordered and block.start > MAX_START:
        story.manuscript.notice(
            Text("docx_list_start", "a list starts at {number}, the highest number Word takes", number=MAX_START)
        )
    is_last = place.last or place.level < 0
    for number, item in enumerate(block.items):
        here = replace(inner, last=is_last and number == len(block.items) - 1)
        yield from _item(story, item, block.ordered, word_level, number_id, here)


def _begins_right(block: ListBlock) -> bool:
    """Whether its first item runs from right to left: there LibreOffice sets numbers a step further out than Word,
    which would be beyond the margin."""
    first = block.items[0].blocks[:1] if block.items else ()
    return any(isinstance(each, Paragraph) and is_right_to_left(plain_text(each.inlines)) for each in first)


def list_style(ordered: bool, level: int) -> str:
    """The id of Word's own style for an item; beyond the last level there is none further in."""
    suffix = str(min(level + 1, LIST_STYLES)) if level else ""
    return f"{'ListNumber' if ordered else 'ListBullet'}{suffix}"


def _item(
    story: Story, item: ListItem, ordered: bool, level: int, number_id: Callable[[str], int], place: _Place
) -> Iterator[str]:
    kind = "number" if ordered else "bullet" if item.checked is None else "task"
    first, rest = (item.blocks[0], item.blocks[1:]) if item.blocks else (None, ())
    if not isinstance(first, Paragraph):
        first, rest = Paragraph(()), item.blocks
    rtl = is_right_to_left(plain_text(first.inlines))
    content = story.inlines(first.inlines, rtl, story.manuscript.text_width - place.indent)
    if item.checked is not None:
        box = '<w:rPr><w:rFonts w:ascii="Segoe UI Symbol" w:hAnsi="Segoe UI Symbol" w:eastAsia="MS Gothic"/></w:rPr>'
        gap = '<w:t xml:space="preserve"> </w:t>' if ordered else "<w:tab/>"
        content = f"<w:r>{box}<w:t>{_BOXES[item.checked]}</w:t>{gap}</w:r>{content}"
    yield _element(
        list_style(ordered, level),
        content,
        numbering=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number_id(kind)}"/></w:numPr>',
        rtl=rtl,
        after=_space_after(place if not rest else replace(place, last=False)),
        indent=place.indent,
        hanging=INDENT,
    )
    yield from _blocks(story, rest, place)
