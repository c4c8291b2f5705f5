from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import (
    Blocks,
    CodeBlock,
    Document,
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
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.domain.markdown_text import CELL, HEADING, inlines_markdown
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.exporters.markdown.exporter import EXPORTER
from forgeapp.exporters.markdown.verify import differences
from forgeapp.reading.files import read_file
from forgeapp.reading.markdown import parse
from forgeapp.services.exporting.publishing import publication
from tests.unit.exporters.document_samples import LINES, RICH, items, paragraph, table

_PARSER = MarkdownIt("gfm-like2")


def _parsed_runs(text: str) -> list[tuple[str, frozenset[str]]]:
    """Each character but white space with the styles it is read in."""
    (token,) = [token for token in _PARSER.parse(text) if token.type == "inline"]
    styles: list[str] = []
    result: list[tuple[str, frozenset[str]]] = []
    for child in token.children or ():
        if child.type.endswith("_open"):
            styles.append(child.type.removesuffix("_open"))
        elif child.type.endswith("_close"):
            styles.remove(child.type.removesuffix("_close"))
        else:
            result += [(character, frozenset(styles)) for character in child.content if not character.isspace()]
    return result


_LETTERS = st.text("ab1é日🚀.,\"'()-*_~!€ ", max_size=5)
_STYLED = st.lists(st.builds(Run, _LETTERS, st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=6)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(_STYLED)
def test_styles_survive_whatever_stands_beside_them(runs: list[Run]) -> None:
    expected = [
        (
            character,
            frozenset(name for name, on in (("strong", run.bold), ("em", run.italic), ("s", run.strike)) if on),
        )
        for run in runs
        for character in run.text
        if not character.isspace()
    ]
    text = inlines_markdown(runs)
    if expected:
        assert _parsed_runs(text) == expected, text


@settings(max_examples=300, deadline=None, derandomize=True)
@given(LINES)
def test_text_stays_text(inlines: tuple[Run, ...]) -> None:
    body = (Paragraph(inlines), Footnote("x", ()), Footnote("y", ()), Footnote("z", ()))
    assert differences(body, blocks_markdown(body)) == []


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(LINES, min_size=1, max_size=3))
def test_cells_stay_in_their_columns(cells: list[tuple[Run, ...]]) -> None:
    text = f"| {' | '.join(['h'] * len(cells))} |\n|{'---|' * len(cells)}\n"
    text += f"| {' | '.join(inlines_markdown(cell, CELL) for cell in cells)} |\n"
    rows = [token for token in _PARSER.parse(text) if token.type == "td_open"]
    assert len(rows) == len(cells)
    assert text.count("\n") == 3


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# no heading", r"\# no heading"),
        ("#hashtag", "#hashtag"),
        ("- no item", r"\- no item"),
        ("-5 degrees", "-5 degrees"),
        ("1. no item", r"1\. no item"),
        ("1.5 litres", "1.5 litres"),
        ("> no quote", r"\> no quote"),
        ("---", r"\---"),
        ("snake_case_name", "snake_case_name"),
        ("_private", r"\_private"),
        ("2 * 3 * 4", r"2 \* 3 \* 4"),
        ("<script>", r"\<script>"),
        ("a < b", "a < b"),
        ("AT&T &amp; &nbsp;", "AT&T &amp;amp; &amp;nbsp;"),
        ("`code`", r"\`code\`"),
        ("[x](y)", "[x&#93;(y)"),
        ("[ ] box", "&#91; ] box"),
        ("[a]: http://x", "&#91;a]: http://x"),
        ("array[0] of C:\\dir", "array[0] of C:\\\\dir"),
        ("costs $5", "costs $5"),
        ("from $5 to $9", r"from \$5 to \$9"),
        ("~5 minutes", "~5 minutes"),
        ("~~a~~", r"\~\~a\~\~"),
        ("a | b", "a | b"),
    ],
)
def test_signs_are_escaped_only_where_they_would_mean_something(text: str, written: str) -> None:
    assert inlines_markdown((Run(text),)) == written


def test_links_pictures_marks_and_math() -> None:
    assert inlines_markdown((Run("a]b", link="http://x.org/(1)"),)) == "[a&#93;b](<http://x.org/(1)>)"
    assert inlines_markdown((Run("https://x.org", link="https://x.org"),)) == "<https://x.org>"
    assert inlines_markdown((Run("me@x.org", link="mailto:me@x.org"),)) == "<me@x.org>"
    assert inlines_markdown((Run("wow!"), Run("x", link="http://y.z"))) == r"wow\![x](http://y.z)"
    assert inlines_markdown((Picture("http://x.org/a b.png", "a [b]"),)) == "![a &#91;b&#93;](http://x.org/a%20b.png)"
    assert inlines_markdown((Run("x"), FootnoteMark("my note"))) == "x[^my-note]"
    assert inlines_markdown((Run("$5 "), InlineMath("x|y"))) == "\\$5 $x|y$"
    assert inlines_markdown((InlineMath("x|y"),), CELL) == "$x\\|y$"


def test_breaks_fit_where_they_stand() -> None:
    broken = (Run("a"), LineBreak(), Run("- b"))
    assert inlines_markdown(broken) == "a\\\n\\- b"
    assert inlines_markdown(broken, CELL) == "a<br>- b"
    assert inlines_markdown(broken, HEADING) == "a - b"


def test_code_spans_outlast_the_backticks_within() -> None:
    assert inlines_markdown((Run("a`b", code=True),)) == "``a`b``"
    assert inlines_markdown((Run("`", code=True),)) == "`` ` ``"
    assert inlines_markdown((Run("a|b", code=True),), CELL) == "`a\\|b`"


def test_fences_are_longer_than_those_within() -> None:
    assert blocks_markdown((CodeBlock("md", "```py\nx\n```"),)) == "````md\n```py\nx\n```\n````"


def test_lists_nest_under_their_text_and_keep_their_numbers() -> None:
    inner = ListBlock(False, items("bullet"))
    block = ListBlock(True, (*items("nine"), ListItem((paragraph("ten"), inner, paragraph("more")))), start=9)
    assert blocks_markdown((block,)) == "9. nine\n10. ten\n    - bullet\n\n    more"


def test_tasks_loose_lists_and_neighbouring_lists() -> None:
    tasks = ListBlock(False, (ListItem((paragraph("done"),), True), ListItem((paragraph("open"),), False)))
    loose = ListBlock(False, items("a", "b"), tight=False)
    assert blocks_markdown((tasks, loose)) == "- [x] done\n- [ ] open\n\n* a\n\n* b"


def test_quotes_rules_math_and_footnotes() -> None:
    blocks: Blocks = (
        Quote((paragraph("a"), Rule())),
        MathBlock("x^2"),
        MathBlock("a $$ b"),
        Footnote("n", (paragraph("one"), paragraph("two"))),
    )
    text = "> a\n>\n> ---\n\n$$\nx^2\n$$\n\n```math\na $$ b\n```\n\n[^n]: one\n\n    two"
    assert blocks_markdown(blocks) == text


def test_a_rich_tree_reads_back_without_a_difference() -> None:
    assert differences(RICH, blocks_markdown(RICH)) == []


def test_a_document_is_written_as_its_author_has_it(tmp_path: Path) -> None:
    own = Publication("x", Kind.DOCUMENT, Document("x", "# x\r\n\r\n*  odd   *style*\n\n\n"))
    path = tmp_path / "x.md"
    assert EXPORTER.write(own, path, lambda share: None) == []
    assert path.read_bytes() == b"# x\r\n\r\n*  odd   *style*\n"
    assert EXPORTER.verify(own, path) == []
    path.write_bytes(b"# y\n")
    assert EXPORTER.verify(own, path) == ["the text read back is another one"]


def _table_publication() -> Publication:
    blocks = (Heading(1, (Run("T"),)), table(["a", "b|c"], ["1", "*2*"], ["x_y", ""]))
    return Publication("T", Kind.TABLE, Table("T", ("a", "b|c"), (("1", "*2*"), ("x_y", ""))), blocks)


def test_a_table_is_written_as_gfm(tmp_path: Path) -> None:
    path = tmp_path / "t.md"
    assert EXPORTER.write(_table_publication(), path, lambda share: None) == []
    assert path.read_text() == "# T\n\n| a | b\\|c |\n| --- | --- |\n| 1 | \\*2\\* |\n| x_y |  |\n"
    assert EXPORTER.verify(_table_publication(), path) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("| 1 | \\*2\\* |\n", "", "the cell '*2*' is missing"),
        ("x_y", "x_z", "the cell 'x_y' is missing"),
        ("# T", "## T", "the heading 2 'T' is not in the original"),
        ("b\\|c", "b|c", "the cell 'b|c' is missing"),
    ],
)
def test_a_fault_in_the_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "t.md"
    EXPORTER.write(_table_publication(), path, lambda share: None)
    path.write_text(path.read_text().replace(old, new))
    assert any(said in difference for difference in EXPORTER.verify(_table_publication(), path))


def test_lone_surrogates_are_said_to_be_lost(tmp_path: Path) -> None:
    own = Publication("x", Kind.DOCUMENT, Document("x", "a\ud800b"))
    path = tmp_path / "x.md"
    assert EXPORTER.write(own, path, lambda share: None) == ["characters that UTF-8 cannot hold became '?'"]
    assert path.read_bytes() == b"a?b\n"
    assert EXPORTER.verify(own, path) == []


_NASTY = (
    ("a | b", "two\nlines", "`code` and ``"),
    ("", "-15", "+44 20 7946 0000"),
    ("00123", "1.240,00 €", "12 %"),
    ("# no heading", "- no item", "1. no item"),
    ("*stars* _lines_ ~~waves~~", "$5 and $6", "\\ and \\| and \\n"),
    ("<b>bold</b> &amp; &lt;", "[x](y) ![z](w) [^1]", "https://example.org/a_b_c"),
    ("日本語 **強調**、", "مرحبا", "😀 e\u0301"),
)


def test_a_tables_cells_read_back_the_same(tmp_path: Path) -> None:
    content = Table("Nasty", ("A|B", "`B`", "*C*"), _NASTY)
    laid_out = publication(content, "Nasty", {})
    path = tmp_path / "nasty.md"
    assert EXPORTER.write(laid_out, path, lambda share: None) == []
    assert EXPORTER.verify(laid_out, path) == []
    document = read_file(path).content
    assert isinstance(document, Document)
    (_, found) = parse(document.markdown)
    assert isinstance(found, TableBlock)
    rows = tuple(tuple(plain_text(cell, "\n") for cell in row) for row in (found.header, *found.rows))
    assert rows == (content.columns, *_NASTY)


def test_code_with_fences_of_its_own_reads_back_the_same(tmp_path: Path) -> None:
    files = tuple(
        CodeFile(f"{name}.md", "markdown", text)
        for name, text in (("a", "```py\nx\n```\n"), ("b", "~~~\n````\n"), ("c", "\n\n  indented\n\ttab\n"), ("d", ""))
    )
    laid_out = publication(Code("Fences", files), "Fences", {})
    path = tmp_path / "fences.md"
    assert EXPORTER.write(laid_out, path, lambda share: None) == []
    assert EXPORTER.verify(laid_out, path) == []
    blocks = [block for block in parse(path.read_text()) if isinstance(block, CodeBlock)]
    assert [block.text for block in blocks] == [file.text.rstrip("\n") for file in files]
