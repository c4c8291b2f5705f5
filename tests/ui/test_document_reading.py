"""A document's text read: styled by line, cut into sections, its headings."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forgeapp.domain.document import Blocks, Document
from forgeapp.reading.definitions import lift_definitions
from forgeapp.reading.markdown import parse
from forgeapp.ui.artifact.text.headings import HeadingLine, heading_lines
from forgeapp.ui.artifact.text.highlighter import Highlighter
from forgeapp.ui.artifact.text.live_blocks import with_notes_last
from forgeapp.ui.artifact.text.markdown_lines import lex_markdown
from forgeapp.ui.artifact.text.sections import read, sections
from forgeapp.ui.theme import theme
from tests.pace import assert_linear, repeated
from tests.ui.document_bench import QUOTE, Bench, Held, Key, make_maker, make_workbench  # noqa: F401 - fixtures


def test_colours_follow_the_theme(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make()
    highlighter = bench.editor._highlighter
    qtbot.waitUntil(lambda: highlighter.is_settled)

    def colour() -> str:
        found = bench.text.document().firstBlock().layout().formats()[0]
        style = found.format
        return style.foreground().color().name()

    light = colour()
    theme().choose("dark")
    qtbot.waitUntil(lambda: colour() != light)
    theme().choose("light")


@pytest.mark.parametrize(
    ("line", "styles"),
    [
        ("# Title with `code`", ["mark", "heading", "code"]),
        ("**bold** and *soft* and ***both***", ["mark", "strong", "emphasis", "strong_emphasis"]),
        ("[words](https://x.org) ~~gone~~", ["mark", "link", "address", "struck"]),
        ("- [x] task", ["bullet"]),
        ("> said", ["mark", "quote"]),
        ("| a | b |", ["mark"]),
        ("$x^2$ and 5 $ or 6 $", ["math"]),
        ("snake_case_name and 2 * 3 * 4", []),
    ],
)
def test_markdown_is_styled_by_line(line: str, styles: list[str]) -> None:
    found = next(lex_markdown([line])).spans
    assert {style for _, _, style in found} == set(styles)
    assert all(length > 0 and start + length <= len(line) for start, length, _ in found)


def test_a_fence_reaches_over_lines(qtbot: QtBot) -> None:
    lines = list(lex_markdown(["```py", "# no heading", "", "```", "# heading"]))
    assert [line.is_open for line in lines] == [True, True, True, False, False]
    assert lines[1].spans == ((0, 12, "code_line"),)
    assert lines[4].spans[1][2] == "heading"


@pytest.mark.parametrize("tail", ["", "`", "x"])
@pytest.mark.parametrize("piece", ["[", "*", "`", "~", " ", "**a", "[a](", "$a", "| "])
def test_hostile_lines_are_styled_in_linear_time(piece: str, tail: str) -> None:
    assert_linear(lambda line: list(lex_markdown([line])), repeated(piece, "", tail), 4_000)


def _shown(highlighter: Highlighter, document: QTextDocument) -> list[tuple[tuple[int, int, str], ...]]:
    return [highlighter.spans(line) for line in range(document.blockCount())]


def test_colours_after_edits_are_those_of_the_whole_text(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make("\n".join(["Intro *one* 😀", "", *(f"- item **{n}**" for n in range(300)), "", "End"]))
    highlighter, document = bench.editor._highlighter, bench.text.document()
    edits: list[Callable[[], None]] = [
        lambda: bench.put_cursor("item **150"),
        lambda: bench.type("```\n"),
        lambda: bench.press(Key.Key_Z, Held.ControlModifier),
        lambda: bench.put_cursor("End"),
        lambda: bench.type("# "),
        lambda: bench.press(Key.Key_A, Held.ControlModifier),
        lambda: bench.type("fresh\n```\nx\n```\n"),
        lambda: bench.artifact.replace(Document("Quote", "*a*\n\n" + "b `c`\n" * 50), "Change by the model"),
    ]
    for edit in edits:
        edit()
        qtbot.waitUntil(lambda: highlighter.is_settled)
        lines = document.toPlainText().split("\n")
        assert _shown(highlighter, document) == [line.spans for line in lex_markdown(lines)]


def test_sections_read_one_by_one_are_the_whole_document() -> None:
    folder = Path(__file__).parents[1] / "data"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))[:25]]
    tricky = (
        "Text\n\n```\ncode\n\nText within\n```\n\nText\n\n- item\n\n  Text in it\n\nText\n\n$$\na\n\nText\n$$\n\n"
        "Text\n\n> quote\n\nText\n\n1. one\n\n2. two\n\n    code\n\nText\n\n| a |\n|---|\n| b |\n\n"
        "Title\n=====\n\nText\n\n"
    )
    texts.append(tricky * 12)
    cut = 0
    for text in texts:
        parts = sections(text)
        cut += len(parts) > 1
        lifted = lift_definitions(text)
        assert "\n".join(section.text for section in parts) in (text, lifted and lifted.body)
        found, _ = with_notes_last(text, list(read(text, {}, parse)))
        assert tuple(block for _, blocks in found for block in blocks) == parse(text)
    assert cut > 3


def test_sections_take_along_what_is_defined_elsewhere() -> None:
    prose = "Words [here][a] and ![there][image-1] with a note[^n].\n\n" + "Other words go on and on. " * 12 + "\n\n"
    ends = (
        "[a]: https://example.org\n[image-1]: data:image/png;base64,AAAA\n\n[^n]: A note,\nof two lines.\n\n"
        "    And a second paragraph.\n\n[^m]: Never marked.\n"
    )
    fence = "```\n[a]: https://wrong.example\n```\n\n"
    for text in (fence + prose * 8 + ends, ends + "\n" + prose * 8, prose * 4 + ends + "\n" + prose * 4):
        found = list(read(text, {}, parse))
        assert len(found) > 6
        whole, _ = with_notes_last(text, found)
        assert tuple(block for _, blocks in whole for block in blocks) == parse(text)


def test_a_change_in_a_long_text_with_footnotes_reads_only_what_has_changed() -> None:
    text = "".join(f"Paragraph {number} has a note[^{number % 7}] and goes on. " * 6 + "\n\n" for number in range(60))
    text += "".join(f"[^{number}]: Note {number}.\n" for number in range(7))
    known = {section.needs + section.text: blocks for section, blocks in read(text, {}, parse)}
    parsed: list[str] = []

    def counted(part: str) -> Blocks:
        parsed.append(part)
        return parse(part)

    list(read(text.replace("Paragraph 30 has", "Paragraph 30 had"), known, counted))
    assert len(parsed) == 1 and "Paragraph 30" in parsed[0]


def test_headings_are_found_by_line_and_none_in_code() -> None:
    text = (
        "# One *two*\n\n```\n# no\n```\n\nTitle\n=====\n\n- # in a list\n\n## `code` and [link](https://e.de)\n\n#no\n"
    )
    assert heading_lines(text, parse, {}) == (
        HeadingLine(0, 1, "One two"),
        HeadingLine(6, 1, "Title"),
        HeadingLine(11, 2, "code and link"),
    )


def test_typing_into_a_megabyte_does_not_wait_for_its_reading(make: Callable[..., Bench], qtbot: QtBot) -> None:
    text = "".join(f"Paragraph {n} with *words* and `code` in it, as prose goes on.\n\n" for n in range(15_500))
    bench = make(text)
    assert len(text) > 1_000_000
    slowest_s = 0.0
    for sign in "typed at once":
        began = time.thread_time()
        bench.type(sign)
        QApplication.processEvents()
        slowest_s = max(slowest_s, time.thread_time() - began)
    assert bench.markdown.startswith("typed at once")
    began = time.thread_time()
    parse(text[: len(text) // 4])
    assert slowest_s < time.thread_time() - began, "a key takes less than a quarter of the text takes to be read"


def test_front_matter_stands_in_the_text_and_not_in_the_page(make: Callable[..., Bench]) -> None:
    bench = make("---\ntitle: Sales\nlayout: post\n---\n\n# Sales\n\nThey rose.\n")
    bench.wait_until_read()
    assert bench.read_words.split() == ["Sales", "They", "rose."]
    assert "3 words" in bench.editor.words.text()
    bench.put_cursor("layout")
    bench.type("page_")
    bench.wait_until_read()
    assert "page_layout: post" in bench.markdown
    assert "page_layout" not in bench.read_words
    # No longer YAML: it stands in the page, so that nothing is lost from sight.
    bench.type("a: b: ")
    bench.wait_until_read()
    assert "page_a: b: layout" in bench.read_words
