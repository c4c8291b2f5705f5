"""Faults planted in Markdown files: none passes, and each is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from forgeapp.domain.document import (
    Blocks,
    CodeBlock,
    Document,
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
from forgeapp.domain.publication import Publication
from forgeapp.exporters.markdown import exporter as markdown
from forgeapp.exporters.markdown import found as markdown_found
from forgeapp.exporters.markdown.exporter import EXPORTER
from tests.unit.exporters.page_samples import FULL, HOSTILE, heading, paragraph, picture_source, publication, table

BLUE, GREY = picture_source(40, 20), picture_source(41, 20)
BLOCKS: Blocks = (
    heading(1, "A report"),
    paragraph("Plain ", Run("bold", bold=True), " and ", Run("slanted", italic=True), Run(" struck", strike=True)),
    paragraph("See ", Run("the site", link="https://example.org/a"), " and ", Run("code()", code=True)),
    ListBlock(True, (ListItem((paragraph("three"),)), ListItem((paragraph("four"),))), start=3),
    ListBlock(False, (ListItem((paragraph("done"),), True), ListItem((paragraph("open"),), False))),
    table(["Month", "Sales"], [["May", "12.50"], ["June", ""]], [None, "right"]),
    CodeBlock("python", "def f():\n    return 1"),
    Quote((paragraph("Quoted."),)),
    paragraph("As ", InlineMath("x^2"), " is.", FootnoteMark("a"), FootnoteMark("b")),
    MathBlock(r"\frac{1}{2}"),
    Rule(),
    Paragraph((Picture(BLUE, "blue"), Picture(GREY, "grey"))),
    Footnote("a", (paragraph("Note one."),)),
    Footnote("b", (paragraph("Note two."),)),
)


def _written(tmp_path: Path, content: Publication) -> Path:
    path = tmp_path / "a.md"
    path.unlink(missing_ok=True)
    EXPORTER.write(content, path, lambda share: None)
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# A", "## A", "the heading 1 'Areport' is missing"),
        ("**bold**", "bold", "the bold text 'bold' is missing"),
        ("_slanted_", "slanted", "the italic text 'slanted' is missing"),
        ("~~struck~~", "struck", "the struck text 'struck' is missing"),
        ("`code()`", "code()", "the code in text 'code()' is missing"),
        ("https://example.org/a", "https://example.org/b", "the link 'https://example.org/a thesite' is missing"),
        ("[the site](https://example.org/a)", "the site", "the link 'https://example.org/a thesite' is missing"),
        ("3. three", "5. three", "the list 'from 3' is missing"),
        ("3. three\n4. four", "- three\n- four", "the list 'from 3' is missing"),
        ("4. four\n", "", "the paragraph 'four' is missing"),
        ("[x]", "[ ]", "the item 'done' is missing"),
        ("| June |  |\n", "", "the cell 'June' is missing"),
        ("12.50", "12.5", "the cell '12.50' is missing"),
        ("---: |", "--- |", "the table '- right' is missing"),
        ("    return", "   return", "the code block 'python|"),
        ("```python", "```ruby", "the code block 'python|"),
        ("> Quoted", "Quoted", "the quote '' is missing"),
        ("$x^2$", "$x^3$", "the paragraph 'As$x^2$is.' is missing"),
        (r"\frac{1}{2}", r"\frac{1}{3}", r"the math '\frac{1}{2}' is missing"),
        ("\n---\n", "\n", "the line '' is missing"),
        ("Note two.", "Note too.", "the paragraph 'Notetwo.' is missing"),
        ("[^b]\n", "\n", "the footnote mark 'b' is missing"),
        ("[^a][^b]", "[^b][^a]", "the order differs from the footnote mark 'a'"),
        ("Quoted.", "Quoted.\n\nAdded.", "the paragraph 'Added.' is not in the original"),
    ],
)
def test_a_changed_file_is_found_out(tmp_path: Path, old: str, new: str, said: str) -> None:
    content = publication(*BLOCKS)
    path = _written(tmp_path, content)
    text = path.read_text()
    assert EXPORTER.verify(content, path) == []
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = EXPORTER.verify(content, path)
    assert any(difference.startswith(said) for difference in found), found


def test_swapped_pictures_rows_and_notes_are_found_out(tmp_path: Path) -> None:
    content = publication(*BLOCKS)
    path = _written(tmp_path, content)
    text = path.read_text()
    for one, other in ((BLUE, GREY), ("three", "four"), ("May", "June"), ("Note one.", "Note two.")):
        path.write_text(text.replace(one, "@@").replace(other, one).replace("@@", other))
        assert any("order differs" in difference for difference in EXPORTER.verify(content, path)), one


def test_what_the_writer_loses_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it forgot one block, whichever that is."""
    content = publication(*BLOCKS)
    whole = markdown.markdown_pieces
    for lost in range(len(BLOCKS)):
        monkeypatch.setattr(
            markdown, "markdown_pieces", lambda blocks, lost=lost: whole((*blocks[:lost], *blocks[lost + 1 :]))
        )
        assert EXPORTER.verify(content, _written(tmp_path, content)), BLOCKS[lost]


def test_a_documents_own_text_is_compared_to_the_letter(tmp_path: Path) -> None:
    content = Publication("x", publication().kind, Document("x", "# x\n\n*  odd*\n"))
    path = _written(tmp_path, content)
    path.write_text("# x\n\n* odd*\n")
    assert EXPORTER.verify(content, path) == ["the text read back is another one"]


@pytest.mark.parametrize("name", [*HOSTILE, "a full report"])
def test_nothing_is_told_of_a_whole_file(tmp_path: Path, name: str) -> None:
    content = publication(*(FULL if name == "a full report" else HOSTILE[name]))
    assert EXPORTER.verify(content, _written(tmp_path, content)) == []


def test_a_long_table_is_compared_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_found, "_MAX_CHARS_AT_ONCE", 1_000)
    rows = [[f"row {number}", "x" * 90] for number in range(60)]
    content = publication(table(["Row", "Text"], rows), paragraph("The end."))
    path = _written(tmp_path, content)
    assert EXPORTER.verify(content, path) == []
    text = path.read_text()
    for number in (0, 45, 59):
        path.write_text(text.replace(f"| row {number} |", "| another |"))
        found = EXPORTER.verify(content, path)
        assert found == [f"the cell 'row{number}' is missing or changed", "the cell 'another' is not in the original"]
    path.write_text(text.replace("The end.", "An end."))
    assert EXPORTER.verify(content, path)


@pytest.mark.parametrize(
    "text", ["plain", "$5", "$5 or $6", "a|b", "*a*", "a_b_ c", "`code`", "<b>", "&amp;", "[a](b)"]
)
def test_rows_far_down_a_long_table_hold_what_they_were_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Whether they are read as they stand or parsed."""
    monkeypatch.setattr(markdown_found, "_MAX_CHARS_AT_ONCE", 100)
    long = table(["Row", "Text"], [[f"row {number}", text] for number in range(450)])
    rows = list(long.rows)
    rows[300] = (*rows[300][:1], (Run("bold", bold=True),))
    long = replace(long, rows=tuple(rows))
    second = table(["Again"], [[text]] * 20)
    content = publication(long, paragraph("Between."), second, paragraph("The end."))
    path = _written(tmp_path, content)
    assert EXPORTER.verify(content, path) == []
    written = path.read_text()
    for old, new in (
        ("row 449", "row 9449"),
        ("**bold**", "bold"),
        ("Between.", "Amid."),
        ("row 120 |", "row 120 | x |"),
    ):
        path.write_text(written.replace(old, new))
        assert EXPORTER.verify(content, path), old
