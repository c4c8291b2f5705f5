"""Faults planted in HTML files: none passes, and each is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from forgeapp.domain.document import (
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
    InlineMath,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
)
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.publication import Publication
from forgeapp.exporters.html.exporter import EXPORTER
from tests.unit.exporters.page_samples import heading, paragraph, picture_source, publication, table

BLUE, GREY = picture_source(40, 20), picture_source(41, 20)
BLOCKS: Blocks = (
    heading(1, "A report"),
    heading(2, "First part"),
    paragraph("Plain ", Run("bold", bold=True), " and ", Run("slanted", italic=True), Run("struck", strike=True)),
    paragraph("See ", Run("the site", link="https://example.org/a"), " and ", Run("code()", code=True)),
    ListBlock(True, (ListItem((paragraph("three"),)), ListItem((paragraph("four"),))), start=3),
    ListBlock(False, (ListItem((paragraph("done"),), True), ListItem((paragraph("open"),), False))),
    heading(2, "Second part"),
    table(["Month", "Sales"], [["May", "12.50"], ["June", "7.00"]], [None, "right"]),
    CodeBlock("python", "def f():\n    return 1"),
    Quote((paragraph("Quoted."),)),
    paragraph("As ", InlineMath("x^2"), " is.", FootnoteMark("a"), FootnoteMark("b")),
    MathBlock(r"\frac{1}{2}"),
    Rule(),
    Paragraph((Picture(BLUE, "blue"), Picture(GREY, "grey"))),
    Footnote("a", (paragraph("Note one."),)),
    Footnote("b", (paragraph("Note two."),)),
)


def _content() -> Publication:
    made = publication(*BLOCKS)
    return Publication(
        made.title, made.kind, made.content, made.blocks, options=ExportOptions(contents=True, line_numbers=True)
    )


def _found(tmp_path: Path, fault: Callable[[str], str]) -> list[str]:
    path, content = tmp_path / "a.html", _content()
    EXPORTER.write(content, path, lambda share: None)
    text = path.read_text(encoding="utf-8")
    assert EXPORTER.verify(content, path) == []
    changed = fault(text)
    assert changed != text, "the fault was not planted"
    path.write_text(changed, encoding="utf-8")
    return EXPORTER.verify(content, path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<td>June</td>", "<td>Juno</td>", "table cell 'June'"),
        ('<tr><td>June</td><td class="right">7.00</td></tr>\n', "", "table '3 rows of 2 cells'"),
        ('<td class="right">12.50</td>', "<td>12.50</td>", "table cell 'right|12.50'"),
        ("12.50", "12.5", "table cell 'right|12.50'"),
        (">Month</th>", "></th>", "table header 'Month'"),
        ("h2 id", "h3 id", "heading 'First part'"),
        ('<ol start="3"', '<ol start="4"', "list 'from 3, 2 items'"),
        ('<ol start="3" class="tight">', '<ul class="tight">', "list 'from 3"),
        ("<li><p>four</p>\n</li>\n", "", "paragraph 'four'"),
        (" checked", "", "task box 'checked'"),
        ("https://example.org/a", "https://example.org/b", "link 'https://example.org/a the site'"),
        (">the site</a>", "></a>the site", "link 'https://example.org/a the site'"),
        ("<strong>bold</strong>", "bold", "bold text 'bold'"),
        ("<em>slanted</em>", "slanted", "italic text 'slanted'"),
        ("<s>struck</s>", "struck", "struck text 'struck'"),
        ("<code>code()</code>", "code()", "code in text 'code()'"),
        ("    <span", "   <span", "code 'language-python|"),
        ("language-python", "language-ruby", "code 'language-python|"),
        ("<blockquote>\n", "", "quote"),
        ("<hr>\n", "", "line"),
        ("<hr>\n", "<hr>\nand more\n", "'and more' stands outside the text"),
        ("<li><p>four", "<li>and more<p>four", "'and more' stands outside the text"),
        ("</body>", "and more</body>", "'and more' stands outside the text"),
        ('<html lang="en">', '<html lang="de">', "the language is 'de', not 'en'"),
        ("<mn>2</mn></msup>", "<mn>3</mn></msup>", "formula 'x^2|x2'"),
        ("x^2</annotation>", "x^3</annotation>", "formula 'x^2|x2'"),
        ("Note two.", "Note too.", "paragraph 'Note two.'"),
        ('href="#note-2">2', 'href="#note-1">1', "footnote mark '2 #note-2'"),
        ('id="note-2"', 'id="note-9"', "leads to 'note-2', which is not there"),
        (' alt="blue"', ' alt=""', "picture 'blue"),
        ("<title>A report", "<title>Another", "the title is 'Another'"),
        ("<p>Plain ", "<p>Plain and simple ", "paragraph 'Plain bold and slantedstruck'"),
        ('href="#section-2">First part', 'href="#section-2">Last part', "the contents do not lead to 'First part'"),
        ('id="section-3"', 'id="section-2"', "the place 'section-2' is there 2 times"),
        ('<html lang="en">', "<html>", "the language is not given"),
    ],
)
def test_a_changed_file_is_found_out(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = _found(tmp_path, lambda text: text.replace(old, new, 1))
    assert any(said in difference for difference in found), found


def test_swapped_pictures_are_found_out(tmp_path: Path) -> None:
    def swap(text: str) -> str:
        return text.replace(BLUE, "@").replace(GREY, BLUE).replace("@", GREY)

    assert any("picture" in difference for difference in _found(tmp_path, swap))


def test_swapped_paragraphs_rows_and_notes_are_found_out(tmp_path: Path) -> None:
    for one, other in (("three", "four"), ("May", "June"), ("Note one.", "Note two.")):
        found = _found(
            tmp_path,
            lambda text, one=one, other=other: text.replace(one, "@@").replace(other, one).replace("@@", other),
        )
        assert any("order differs" in difference for difference in found), found


def test_what_is_moved_out_of_its_list_or_quote_is_found_out(tmp_path: Path) -> None:
    for inner, outer in (("<p>four</p>\n</li>\n</ol>\n", "</li>\n</ol>\n<p>four</p>\n"),):
        assert _found(tmp_path, lambda text, inner=inner, outer=outer: text.replace(inner, outer, 1))
    quoted, after = "<p>Quoted.</p>\n</blockquote>\n", "</blockquote>\n<p>Quoted.</p>\n"
    assert _found(tmp_path, lambda text: text.replace(quoted, after))


def test_an_added_part_is_found_out(tmp_path: Path) -> None:
    found = _found(tmp_path, lambda text: text.replace("<hr>", "<hr><p>Bought by nobody.</p>"))
    assert found == ["the paragraph 'Bought by nobody.' is not in the original"]


@pytest.mark.security
@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("<p style='background:url(x)'></p>", "a style of its own"),
        ("<!-- note -->", "a comment"),
        ("<td background='https://e.org/x.png'></td>", "loads https://e.org/x.png"),
        ("<a href='file:///etc/passwd'>x</a>", "links to file:///etc/passwd"),
        ("<link rel=stylesheet href='https://e.org'>", "holds <link>"),
    ],
)
def test_what_would_run_or_load_is_found_out(tmp_path: Path, planted: str, said: str) -> None:
    found = _found(tmp_path, lambda text: text.replace("</main>", f"{planted}</main>"))
    assert any(said in difference for difference in found), found


def test_a_fault_of_the_writer_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the exporter lost what it is given."""
    from forgeapp.exporters.html import blocks as html_blocks

    path, content = tmp_path / "a.html", _content()
    for name, broken in (
        ("run", lambda self, run: ""),
        ("table", lambda self, table: iter(())),
        ("item", lambda self, item: iter(("<li></li>",))),
        ("code", lambda self, language, text: "<pre><code></code></pre>"),
        ("notes", lambda self, notes: iter(())),
        ("math", lambda self, tex, is_block: ""),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(html_blocks.Pen, name, broken)
            path.unlink(missing_ok=True)
            EXPORTER.write(content, path, lambda share: None)
            assert EXPORTER.verify(content, path), name
