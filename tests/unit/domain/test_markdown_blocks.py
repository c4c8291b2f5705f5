"""Blocks written as Markdown and read again by the reader every view and exporter stands on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.document import Block, Footnote, FootnoteMark, InlineMath, LineBreak, Paragraph, Run, plain_text
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.reading.markdown import parse
from tests.unit.exporters.document_samples import BLOCKS, LINES, RICH

_SIGNS = st.lists(
    st.sampled_from("ab1 \\*_`~[](){}<>#+-=!.:;&|$^@\"'/%\t\n")
    | st.sampled_from(("[^x]", "$$", "```", "\\[", "\\(", "---", "1. ", "> ", "://", "www.", "[x] ", "&amp;", "a.de")),
    max_size=12,
).map("".join)


def settled(*blocks: Block) -> tuple[Block, ...]:
    """As blocks are once what has nothing to show is gone: pictures from elsewhere, and what held only them."""
    return parse(blocks_markdown(parse(blocks_markdown(blocks))))


def words(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=150, deadline=None, derandomize=True)
@given(_SIGNS, st.booleans(), st.booleans())
def test_text_that_looks_like_markdown_reads_as_text(text: str, bold: bool, italic: bool) -> None:
    read = parse(blocks_markdown((Paragraph((Run(text, bold, italic),)),)))
    assert all(isinstance(block, Paragraph) for block in read), read
    inlines = [inline for block in read if isinstance(block, Paragraph) for inline in block.inlines]
    assert all(isinstance(inline, Run | LineBreak) for inline in inlines), read
    assert words(plain_text(inlines)) == words(text)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(BLOCKS, max_size=4).map(tuple))
def test_what_was_read_is_written_so_that_it_reads_the_same(blocks: tuple[Block, ...]) -> None:
    once = settled(*blocks)
    assert parse(blocks_markdown(once)) == once


@settings(max_examples=80, deadline=None, derandomize=True)
@given(LINES)
def test_a_line_keeps_its_styles_links_and_marks(inlines: tuple[Run, ...]) -> None:
    notes = tuple(Footnote(label, (Paragraph((Run("note"),)),)) for label in "xyz")
    once = settled(Paragraph(inlines), *notes)
    assert parse(blocks_markdown(once)) == once


@pytest.mark.parametrize("text", ["x", "X", " "])
def test_a_link_of_one_letter_before_all_else_is_no_task_box(text: str) -> None:
    inlines = (Run(text, link="https://example.org/"), Run(" and more"))
    written = blocks_markdown((Paragraph(inlines),))
    assert written == f"[{text}](https://example.org/) and more" if text.strip() else "https" not in written
    (read,) = parse(written)
    assert isinstance(read, Paragraph) and words(plain_text(read.inlines)) == words(f"{text} and more")
    assert blocks_markdown((Paragraph((Run("[x] not done"),)),)).startswith("&#91;x]")


def test_a_rich_tree_reads_the_same() -> None:
    once = parse(blocks_markdown(RICH))
    assert parse(blocks_markdown(once)) == once
    assert [type(block) for block in once] == [type(block) for block in RICH]


def test_dollars_within_math_stay_escaped_once() -> None:
    (paragraph,) = parse(r"It is $a \$ b$ now.")
    assert isinstance(paragraph, Paragraph) and paragraph.inlines[1] == InlineMath(r"a \$ b")
    assert parse(blocks_markdown((paragraph,))) == (paragraph,)


def test_a_mark_before_a_colon_begins_no_footnote() -> None:
    blocks = (Paragraph((FootnoteMark("x"), Run(": said"))), Footnote("x", (Paragraph((Run("n"),)),)))
    assert parse(blocks_markdown(blocks)) == blocks
