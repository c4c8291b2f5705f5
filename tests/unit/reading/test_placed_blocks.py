"""Where in a Markdown text its blocks stand."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.document import Footnote
from forgeapp.reading import markdown as reader
from forgeapp.reading.markdown import parse
from forgeapp.reading.placed_blocks import placed_blocks


def placed(markdown: str) -> list[tuple[str, str]]:
    lines = markdown.split("\n")
    return [
        ("+".join(type(block).__name__ for block in place.blocks), "\n".join(lines[place.start : place.end]))
        for place in placed_blocks(markdown)
    ]


def test_each_block_is_said_to_stand_on_its_lines() -> None:
    text = "Title\n===\ntext\nwrapped\n\n\n* a\n  * b\n\n* c\n\n"
    text += "[x]: https://x.y\n\n```\ncode\n\n```\n| a |\n|---|\n| 1 |\n\n***"
    assert placed(text) == [
        ("Heading", "Title\n==="),
        ("Paragraph", "text\nwrapped"),
        ("ListBlock", "* a\n  * b\n\n* c"),
        ("CodeBlock", "```\ncode\n\n```"),
        ("TableBlock", "| a |\n|---|\n| 1 |"),
        ("Rule", "***"),
    ]


def test_footnotes_stand_where_they_are_written() -> None:
    text = "A[^n] b[^m].\n\n[^n]: one\n    more\n[^m]: two\n\n    three\n\nAfter."
    assert placed(text) == [
        ("Paragraph", "A[^n] b[^m]."),
        ("Footnote", "[^n]: one\n    more"),
        ("Footnote", "[^m]: two\n\n    three"),
        ("Paragraph", "After."),
    ]


def test_lines_that_are_parted_for_the_parser_count_once() -> None:
    assert placed("before\n\n\\[x\\] and after\n\nlast") == [
        ("Paragraph", "before"),
        ("Paragraph", "\\[x\\] and after"),
        ("Paragraph", "last"),
    ]


def test_long_texts_have_the_same_places(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    parts = [f"Paragraph {n} of [a link][l] and a note[^n].\n\n* item\n* item" for n in range(40)]
    text = "\n\n".join((*parts, "[l]: https://x.y", "[^n]: the note", "End."))
    whole = placed(text)
    monkeypatch.setattr(reader, "MAX_CHARS_AT_ONCE", 400)
    assert placed(text) == whole
    assert sum(name == "Footnote" for name, _ in whole) == 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text("ab \n*_#->|`[]():!1.$^\\~=x", max_size=80))
def test_the_blocks_are_those_of_the_whole_text(text: str) -> None:
    places = placed_blocks(text)
    found = [block for place in places for block in place.blocks if not isinstance(block, Footnote)]
    assert found == [block for block in parse(text) if not isinstance(block, Footnote)]
    assert all(before.end <= after.start for before, after in pairwise(places))
