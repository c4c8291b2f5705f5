"""Markdown into the tree that exporters and views are given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    InlineMath,
    LineBreak,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
    plain_text,
)
from forgeapp.exporters.pictures import read_picture
from forgeapp.reading import markdown as module
from forgeapp.reading.markdown import parse
from tests.pace import assert_linear, repeated


def only(text: str) -> Block:
    (block,) = parse(text)
    return block


def runs(text: str) -> tuple[object, ...]:
    block = only(text)
    assert isinstance(block, Paragraph)
    return block.inlines


def test_styles_add_up_on_flat_runs() -> None:
    assert runs("a **b *c* `d`** ~~e~~") == (
        Run("a "),
        Run("b ", bold=True),
        Run("c", bold=True, italic=True),
        Run(" ", bold=True),
        Run("d", bold=True, code=True),
        Run(" "),
        Run("e", strike=True),
    )


def test_blocks_of_every_sort_are_read() -> None:
    blocks = parse("# H\n\np\n\n---\n\n> q\n\n```py\nx\n```\n\n$$\nE\n$$\n\n\\[\nF\n\\]\n\n|a|\n|-|\n|b|")
    assert [type(block) for block in blocks] == [
        Heading, Paragraph, Rule, Quote, CodeBlock, MathBlock, MathBlock, TableBlock,
    ]  # fmt: skip
    assert blocks[4] == CodeBlock("py", "x")
    assert blocks[5:7] == (MathBlock("E"), MathBlock("F"))


def test_lists_know_their_start_their_tasks_and_whether_they_are_tight() -> None:
    numbered, tasks, loose = parse("3) c\n4) d\n\n- [x] done\n- [ ] open\n\nand\n\n* a\n\n* b\n")[:2] + parse(
        "* a\n\n* b\n"
    )
    assert isinstance(numbered, ListBlock) and (numbered.ordered, numbered.start, numbered.tight) == (True, 3, True)
    assert isinstance(tasks, ListBlock) and [item.checked for item in tasks.items] == [True, False]
    assert isinstance(loose, ListBlock) and not loose.tight


def test_bullets_indented_by_two_under_a_number_nest() -> None:
    block = only("1. one\n  - a\n  - b\n    more\n2. two")
    assert isinstance(block, ListBlock) and len(block.items) == 2
    inner = block.items[0].blocks[1]
    assert isinstance(inner, ListBlock) and len(inner.items) == 2


def test_bold_beside_cjk_marks_is_bold() -> None:
    assert runs("**中文。**后面") == (Run("中文。", bold=True), Run("后面"))
    assert runs("これは**「引用」**です")[1] == Run("「引用」", bold=True)


def test_prices_are_no_math() -> None:
    assert runs("From $5 to $6 or $x^2$ and \\(y\\)") == (
        Run("From $5 to $6 or "),
        InlineMath("x^2"),
        Run(" and "),
        InlineMath("y"),
    )


def test_footnotes_stand_at_the_end() -> None:
    paragraph, after, note = parse("a[^n]\n\n[^n]: the *note*\n\nb")
    assert isinstance(paragraph, Paragraph) and paragraph.inlines[1] == FootnoteMark("n")
    assert isinstance(after, Paragraph)
    assert note == Footnote("n", (Paragraph((Run("the "), Run("note", italic=True))),))


@pytest.mark.parametrize(
    "text",
    [
        "[js](javascript:alert(1))",
        "[d](data:text/html;base64,AAAA)",
        "[f](file:///etc/passwd)",
        "[r](../secret.md)",
        "<javascript:alert(1)>",
        "![t](https://tracker.example/x.png)",
        "![s](data:image/svg+xml;base64,AAAA)",
        '<a href="javascript:x">y</a>',
        '<img src="https://tracker.example/x.png" alt="z">',
        "<script>alert(1)</script>",
        "<iframe src='https://x.example'>q</iframe>",
        "<style>@import url(x.css)</style>",
    ],
)
def test_nothing_in_the_tree_runs_or_loads(text: str) -> None:
    for block in parse(f"a {text} b") + parse(f"{text}\n\nend"):
        assert isinstance(block, Paragraph)
        for inline in block.inlines:
            assert not isinstance(inline, Picture) or read_picture(inline.source) is None
            assert not isinstance(inline, Run) or inline.link is None


def test_safe_links_and_data_pictures_stay() -> None:
    assert runs("[a](https://x.example/y) <me@x.example> ![dot](data:image/png;base64,AAAA)") == (
        Run("a", link="https://x.example/y"),
        Run(" "),
        Run("me@x.example", link="mailto:me@x.example"),
        Run(" "),
        Picture("data:image/png;base64,AAAA", "dot"),
    )


def test_only_addresses_that_begin_as_such_become_links_by_themselves() -> None:
    assert runs("my M.Sc. is in main.py and notes.md, the end.In short: example.com") == (
        Run("my M.Sc. is in main.py and notes.md, the end.In short: example.com"),
    )
    linked = [
        run.link for run in runs("www.example.com, http://localhost:80/y or me@example.com") if isinstance(run, Run)
    ]
    assert linked == ["http://www.example.com", None, "http://localhost:80/y", None, "mailto:me@example.com"]


def test_a_link_that_is_not_safe_keeps_its_text() -> None:
    assert runs("see [here](javascript:x) now") == (Run("see here now"),)


def test_tags_go_and_their_text_stays() -> None:
    assert runs("<b>bold</b><br>and<br/>more <u>x</u>") == (
        Run("bold", bold=True),
        LineBreak(),
        Run("and"),
        LineBreak(),
        Run("more x"),
    )
    assert parse("<div class='x'>\nHello &amp; <i>you</i>\n</div>\n\n<!-- hidden -->")[0] == Paragraph(
        (Run("Hello & "), Run("you", italic=True))
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2.5×10<sup>6</sup> kg", "2.5×10⁶ kg"),
        ("CO<sub>2</sub>, x<SUP>n+1</SUP>", "CO₂, xⁿ⁺¹"),
        ("10<sup>**6**</sup>", "10⁶"),
        ("10<sup>6.5</sup> m", "10^(6.5) m"),
        ("10<sup>6<i>.5</i></sup> m", "10^(6.5) m"),
        ("Q<sub>max, 2</sub>", "Q_(max, 2)"),
        ("the 1<sup>st</sup>", "the 1ˢᵗ"),
        ("said<sup>[1]</sup>, X<sup>™</sup>", "said[1], X™"),
        ("open 10<sup>6", "open 10⁶"),
        ("<p>10<sup>6</sup> and<br>H<sub>2</sub>O</p>", "10⁶ and H₂O"),
        ("<center>10<sup>6</sup></center>", "10⁶"),
        ("<u>a</u> <mark>b</mark> <small>c</small> <abbr title='d'>e</abbr> <ins>f</ins> <q>g</q>", "a b c e f “g”"),
    ],
)
def test_raised_and_lowered_text_is_never_taken_for_the_figure_beside_it(text: str, shown: str) -> None:
    (block,) = parse(text)
    assert isinstance(block, Paragraph) and plain_text(block.inlines) == shown


def test_raised_figures_in_cells() -> None:
    by_pipes = only("| a<sup>2</sup> |\n|---|\n| 10<sup>6.5</sup> |")
    by_tags = only("<table><tr><th>a<sup>2</sup></th></tr><tr><td>10<sup>6.5</sup></td></tr></table>")
    assert by_pipes == by_tags == TableBlock(((Run("a²"),),), (((Run("10^(6.5)"),),),), (None,))


def test_links_pictures_and_emphasis_of_tags_count() -> None:
    assert runs('<a href="https://x.example/?a=1&amp;b=2">to <b>x</b></a> <kbd>Ctrl</kbd> <del>old</del>') == (
        Run("to ", link="https://x.example/?a=1&b=2"),
        Run("x", bold=True, link="https://x.example/?a=1&b=2"),
        Run(" "),
        Run("Ctrl", code=True),
        Run(" "),
        Run("old", strike=True),
    )
    assert runs('see <img alt="a &gt; b" src="chart.png">') == (Run("see "), Picture("chart.png", "a > b"))


def test_blocks_of_tags_keep_their_text() -> None:
    heading, *rest = parse(
        "<h1 align='center'>Name</h1>\n<details><summary>More</summary>hidden <i>away</i></details>\n"
        "<pre>a\n  b &lt;c&gt;</pre>\n<p align=center>end</p>"
    )
    assert heading == Heading(1, (Run("Name"),))
    assert rest == [
        Paragraph((Run("More"),)),
        Paragraph((Run("hidden "), Run("away", italic=True))),
        CodeBlock("", "a\n  b <c>"),
        Paragraph((Run("end"),)),
    ]


@pytest.mark.parametrize("text", ["<div><sup>a", '<a "', "<sup>a<sub>", "<pre>x", "<a href='", "<br"])
def test_tags_without_an_end_are_read_in_linear_time(text: str) -> None:
    assert_linear(parse, repeated(text, "<div>\n"), 50_000)


def test_an_html_table_is_a_table() -> None:
    block = only("<table><tr><th>a</th></tr><tr><td>b</td></tr></table>")
    assert block == TableBlock(((Run("a"),),), (((Run("b"),),),), (None,))


def test_hard_breaks_and_soft_ones() -> None:
    wrapped = "a line that a program has wrapped at forty-\ntwo characters goes on"
    assert runs(f"one  \n{wrapped}") == (Run("one"), LineBreak(), Run(wrapped.replace("\n", " ")))


def test_a_line_that_ends_where_the_next_word_had_room_was_ended_on_purpose() -> None:
    assert runs("Dear Ms X\nThank you") == (Run("Dear Ms X"), LineBreak(), Run("Thank you"))
    letter = "Dear Ms X\nThank you for the tour of the new canteen on Tuesday; it was a pleasure to meet"
    assert runs(letter)[:2] == (Run("Dear Ms X"), LineBreak())
    address = "https://example.org/" + "x" * 120
    beside = f"the words that stand around an address were\n{address}\nwrapped by a program, too, as can be seen"
    assert LineBreak() not in runs(beside)


def test_a_blank_to_fill_in_is_text_within_an_item_and_a_rule_outside() -> None:
    assert parse("1. ____") == (ListBlock(True, (ListItem((Paragraph((Run("____"),)),)),)),)
    assert parse("____") == (Rule(),)
    assert parse("- ***") == (ListBlock(False, (ListItem((Rule(),)),)),)


def test_a_long_text_finds_its_links_pictures_and_footnotes_wherever_they_are_defined() -> None:
    picture = "data:image/png;base64," + "A" * 400
    filler = "\n\n".join("words " * 100 for _ in range(400))
    blocks = parse(
        f"See [it][a], ![shot][image-1] and[^1].\n\n{filler}\n\n[a]: https://example.org\n[image-1]: {picture}\n\n"
        "[^1]: A note.\n"
    )
    first = blocks[0]
    assert isinstance(first, Paragraph)
    assert Run("it", link="https://example.org") in first.inlines
    assert Picture(picture, "shot") in first.inlines
    assert FootnoteMark("1") in first.inlines
    assert blocks[-1] == Footnote("1", (Paragraph((Run("A note."),)),))


def test_table_rows_have_the_headers_width() -> None:
    block = only("| a | b |\n|:-|-:|\n| 1 |\n| 1 | 2 | 3 |")
    assert isinstance(block, TableBlock)
    assert block.alignments == ("left", "right")
    assert [len(row) for row in block.rows] == [2, 2]


def test_long_texts_are_parsed_in_pieces_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n\n".join(f"## H{n}\n\nText *{n}*.\n\n```\na\n\nb\n```\n\n- x\n- y" for n in range(200))
    whole = parse(text)
    monkeypatch.setattr(module, "MAX_CHARS_AT_ONCE", 2_000)
    assert parse(text) == whole


@settings(max_examples=300, deadline=None)
@given(st.text("#*_`~[]()<>|-+.!\\$^:1aあ。「」&;\n \t\"'=/{}", max_size=200))
def test_any_text_becomes_blocks_with_footnotes_last(text: str) -> None:
    kinds = [isinstance(block, Footnote) for block in parse(text)]
    assert kinds == sorted(kinds)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("abcdeé漢字", min_size=1, max_size=6), min_size=1, max_size=20))
def test_every_word_of_plain_prose_is_in_the_tree(words: list[str]) -> None:
    block = only(" ".join(words))
    assert isinstance(block, Paragraph)
    assert re.findall(r"\w+", plain_text(block.inlines)) == words


def test_a_large_picture_is_a_picture_and_no_text() -> None:
    source = "data:image/png;base64," + "iVBORw0KGgo" * 20_000
    (block,) = parse(f"before ![alt]({source}) after, `{source[:300]}`")
    assert isinstance(block, Paragraph)
    assert Picture(source, "alt") in block.inlines
    assert block.inlines[-1] == Run(source[:300], code=True)


def test_text_beside_displayed_math_is_kept() -> None:
    (math, after) = parse(r"\[ x = 1 \] and then \( y \) on")
    assert math == MathBlock("x = 1")
    assert after == Paragraph((Run("and then "), InlineMath("y"), Run(" on")))
    (within,) = parse(r"Before \[ x = 1 \] after.")
    assert within == Paragraph((Run("Before "), InlineMath("x = 1"), Run(" after.")))
    (code,) = parse("```\n\\[ x \\] stays\n```")
    assert code == CodeBlock("", "\\[ x \\] stays")
