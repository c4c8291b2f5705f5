from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    FootnoteMark,
    ListBlock,
    Paragraph,
    Run,
    TableBlock,
    plain_text,
)
from forgeapp.reading.markdown import parse
from forgeapp.reading.streaming import MarkdownStream

REPLIES = [path.read_text(encoding="utf-8") for path in sorted(Path("tests/data/replies").glob("*.md"))]
FRAGMENTS = (
    "# Heading\n",
    "Some **bold** text\n",
    "and a [link][a] with `code`\n",
    "\n",
    "\n\n",
    "- item\n",
    "  - nested\n",
    "    continued\n",
    "* star\n",
    "1. one\n",
    "2. two\n",
    "  - under it\n",
    "10) ten\n",
    "- [x] done\n",
    "> quote\n",
    "> - in a quote\n",
    "lazy\n",
    "```python\n",
    "```\n",
    "~~~\n",
    "  ```\n",
    "    indented\n",
    "| a | b |\n",
    "|---|--:|\n",
    "| 1 | 2 |\n",
    "| 1 | $2 |\n",
    "---\n",
    "===\n",
    "$$\n",
    "$$ x = 1 $$\n",
    "\\[\n",
    "\\[ \\frac{1}{2}\n",
    "\\] and more\n",
    "\\[ x \\] behind it\n",
    "<div>\n",
    "</div>\n",
    "<b>raw</b>\n",
    "<table><tr><td>1</td></tr></table>\n",
    "[a]: https://example.com/a\n",
    "[a]: https://example.com/second\n",
    "A note[^1].\n",
    "[^1]: its text\n",
    "\r\n",
    "\r",
    "   \n",
    "\t- tab\n",
    "> [!NOTE]\n",
    "no end of line",
    "**打开**中文\n",
)


def stream(pieces: list[str], look_every: int = 1) -> tuple[Blocks, MarkdownStream]:
    """All blocks as they were given out."""
    reader = MarkdownStream()
    blocks: list[Block] = []
    for number, piece in enumerate(pieces):
        reader.feed(piece)
        if number % look_every == 0:
            blocks += reader.take()[0]
    blocks += reader.finish()
    return tuple(blocks), reader


def assert_reads_as_parse(pieces: list[str], look_every: int = 1) -> MarkdownStream:
    blocks, reader = stream(pieces, look_every)
    whole = parse("".join(pieces))
    assert reader.whole in (None, whole)
    if reader.whole is None:
        assert blocks == whole
    assert reader.text == "".join(pieces)
    return reader


def cut(text: str, seed: int, most: int = 40) -> list[str]:
    chance = random.Random(seed)
    pieces = []
    at = 0
    while at < len(text):
        size = chance.randint(1, most)
        pieces.append(text[at : at + size])
        at += size
    return pieces


@pytest.mark.parametrize("number", range(len(REPLIES)))
def test_what_is_finished_and_what_remains_are_the_whole(number: int) -> None:
    assert_reads_as_parse(cut(REPLIES[number], number))
    assert_reads_as_parse(REPLIES[number].splitlines(keepends=True))


@pytest.mark.parametrize("seed", range(4))
def test_many_replies_in_a_row_read_as_one_text(seed: int) -> None:
    replies = random.Random(seed).sample(REPLIES, len(REPLIES))
    reader = assert_reads_as_parse(cut("\n\n".join(replies), seed, 400))
    assert reader.whole is None


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30), st.integers(1, 4))
@example(["1. one\n", "\n", "```\n", "```\n", "  - under it\n"], 1)
@example(["$$\n", "- item\n", "\n", "$$\n"], 1)
@example(["$$\n", "- item\n", "$$\n"], 1)
@example(["\\[\n", "\n", "# Heading\n", "\\] and more\n", "no end of line"], 1)
@example(["and a [link][a] with `code`\n", "\n", "> quote\n", "\n", "[a]: https://example.com/a\n"], 1)
@example(["A note[^1].\n", "\n", "# Heading\n", "[^1]: its text\n"], 1)
@example(["A note[^1].\n", "\n", "# Heading\n"], 1)
@example(["- item\n", "  ```\n", "\\[ x \\] behind it\n"], 1)
def test_any_mix_of_lines_reads_as_the_whole(lines: list[str], look_every: int) -> None:
    assert_reads_as_parse(lines, look_every)


@given(st.sampled_from(REPLIES), st.data())
def test_replies_with_lines_lost_and_doubled_read_as_the_whole(reply: str, data: st.DataObject) -> None:
    lines = reply.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + data.draw(st.integers(0, 1))] = data.draw(st.lists(st.sampled_from(FRAGMENTS), max_size=3))
        if not lines:
            return
    assert_reads_as_parse(cut("".join(lines), data.draw(st.integers(0, 99)), 60))


@pytest.mark.parametrize(
    "text",
    [
        "Before\n\n" + "- item of a list that grows and grows\n" * 200 + "\nAfter",
        "Before\n\n" + "1. item of a list that grows and grows\n" * 200 + "\nAfter",
        "- loose item of a list that grows\n\n" * 150 + "After",
        "- tight item of a list that grows\n" * 150 + "\n- loose in the end\n\nAfter",
        "- item\n  - nested item under it\n    - and deeper, too\n" * 150 + "After",
        "1. item\n  - a bullet with too little indentation\n" * 100 + "\nAfter",
        "- item\n\n  ```\n  code in an item\n  ```\n" * 100,
        "-\n" * 2000,
        "- ```\n  code only\n  ```\n\n" * 200,
        "| a | b |\n|---|--:|\n" + "| a cell of the table | 1,234.50 |\n" * 200 + "\nAfter",
        "A paragraph\n| a | b |\n|---|--:|\n" + "| a cell of the table | 1,234.50 |\n" * 200 + "# After",
        "```python\n" + "print('a line of the program')\n" * 200 + "```\nAfter",
        "  ~~~~ text\n" + "  a line of the program\n\n" * 200 + "  ~~~\n~~~~ \nAfter",
        "```\n" + "never closed\n\n" * 400,
        "> a line of a long quote\n> - with a list\n" * 300 + "\nAfter",
        "one line after the other without a blank one\n" * 400,
        "<div>\n" + "raw text in the open tag\n" * 300,
        "\\[\n" + "math that is never closed\n\n" * 400,
        "$$\n" + "x = 1\n- y\n" * 200,
        "- item of a list with [a link][a] in it\n" * 100 + "\n[a]: https://example.com\n",
        "[a]: https://example.com\n\n" + "- item of a list with [a link][a] in it\n" * 100 + "\nAfter [it][a]",
    ],
)
def test_what_grows_long_reads_as_the_whole(text: str) -> None:
    assert_reads_as_parse(cut(text, 1, 400))
    assert_reads_as_parse(text.splitlines(keepends=True), look_every=3)


def test_a_block_is_finished_when_the_next_has_begun() -> None:
    reader = MarkdownStream()
    reader.feed("# Title\n\nFirst par")
    assert reader.take() == ((), parse("# Title\n\nFirst par"))
    reader.feed("agraph\n")
    assert reader.take() == (parse("# Title"), parse("First paragraph"))
    reader.feed("goes on\n\n- a")
    assert reader.take() == ((), parse("First paragraph\ngoes on\n\n- a"))
    reader.feed("nd\n")
    assert reader.take() == (parse("First paragraph\ngoes on"), parse("- and"))
    assert reader.finish() == parse("- and")


def test_signs_that_may_still_become_anything_wait() -> None:
    reader = MarkdownStream()
    shown = ["".join(plain_text(b.inlines) for b in tail if isinstance(b, Paragraph)) for tail in growing(reader)]
    assert not any("*" in text or "[" in text or "`" in text or "|" in text for text in shown)
    assert shown[-1] == "Very important and code, see here."


def growing(reader: MarkdownStream) -> list[Blocks]:
    tails = []
    for character in "Very **important** and `code`, see [here](https://example.com).":
        reader.feed(character)
        tails.append(reader.take()[1])
    return tails


def test_signs_in_code_are_shown_as_they_come() -> None:
    reader = MarkdownStream()
    reader.feed("```python\nprint(2 ** 3)\nx = a ** ")
    assert reader.take()[1] == (CodeBlock("python", "print(2 ** 3)\nx = a ** "),)
    reader.feed("b\n``")
    assert reader.take()[1] == (CodeBlock("python", "print(2 ** 3)\nx = a ** b"),)


def test_the_header_of_a_table_is_shown_when_its_second_line_tells() -> None:
    reader = MarkdownStream()
    reader.feed("| Item | Price |\n")
    assert reader.take() == ((), ())
    reader.feed("|---|--")
    assert reader.take() == ((), ())
    reader.feed("-:|\n| Beans | 1.50")
    ((table,)) = reader.take()[1]
    assert isinstance(table, TableBlock)
    assert table.rows == (((Run("Beans"),), (Run("1.50"),)),)


def test_footnotes_are_marked_while_their_texts_are_still_to_come() -> None:
    reader = MarkdownStream()
    reader.feed("A claim[^1].\n\nMore.\n\n")
    finished, _ = reader.take()
    assert finished == (Paragraph((Run("A claim"), FootnoteMark("1"), Run("."))),)
    reader.feed("[^1]: The source.")
    assert (*finished, *reader.finish()) == parse(reader.text)
    assert reader.whole is None


def test_a_link_defined_late_makes_the_whole_be_read_again() -> None:
    reader = MarkdownStream()
    reader.feed("See [this][a].\n\nMore.\n\n")
    reader.take()
    reader.feed("[a]: https://example.com/\n")
    reader.finish()
    assert reader.whole == parse(reader.text)
    assert Run("this", link="https://example.com/") in [i for b in reader.whole for i in getattr(b, "inlines", ())]


def test_much_text_at_once_is_read_in_portions() -> None:
    reader = MarkdownStream()
    reader.feed("A paragraph of words.\n\n" * 4000)
    finished, _ = reader.take()
    assert 100 < len(finished) < 1000
    assert reader.has_more


def test_nothing_is_taken_twice() -> None:
    reader = MarkdownStream()
    reader.feed("one\n\ntwo\n\n")
    assert reader.take()[0] == parse("one")
    assert reader.take() == ((), parse("two"))


@pytest.mark.parametrize(
    "line",
    [
        "- an item of a list that does not end, **bold** in places\n",
        "1. an item\n   - and one below it that does not end\n",
        "| a cell | another cell | 1,234.50 | a last one, `code` in it |\n",
        "print('a line of a program that does not end', 42)\n",
        "> a quote that does not end, **bold** in places\n",
        "a paragraph that does not end, **bold** in places\n",
        "<li>raw and never closed</li>\n",
        "$$ not closed\n",
        "\\[ not closed\n",
        "[label]: https://example.com\n",
        "[^1]: never ends\n",
    ],
)
def test_a_stream_is_parsed_but_a_few_times_over(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = "| a | b | c | d |\n|---|---|---|---|\n" if line.startswith("| ") else ""
    opening = "```python\n" if line.startswith("print") else opening
    lines = [opening, *[line] * (30_000 // len(line))]
    parsed_chars = 0
    parse_lines = MarkdownStream._parse

    def count(reader: MarkdownStream, tail: Sequence[str], is_ended: bool = True) -> Any:
        nonlocal parsed_chars
        parsed_chars += sum(len(text) + 1 for text in tail)
        return parse_lines(reader, tail, is_ended)

    monkeypatch.setattr(MarkdownStream, "_parse", count)
    reader = MarkdownStream()
    for number, text in enumerate(lines):
        reader.feed(text)
        if number % 4 == 0:
            reader.take()
    assert parsed_chars < 12 * 30_000


def test_a_long_list_is_one_block_however_it_was_read() -> None:
    blocks, _ = stream(["- an item of the list\n"] * 500)
    (only,) = blocks
    assert isinstance(only, ListBlock)
    assert len(only.items) == 500
