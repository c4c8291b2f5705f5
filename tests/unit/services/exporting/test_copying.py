"""Artifacts on the clipboard."""

from __future__ import annotations

from dataclasses import replace

import html5lib
import pytest
from lxml import html

from forgeapp.domain.cell_block import Block
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
)
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.domain.tab_separated import from_tsv
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Hidden, Sheet, Workbook
from forgeapp.errors import TooLarge, UsageError
from forgeapp.exporters.plain import plain
from forgeapp.reading.html_blocks import HtmlBlocks
from forgeapp.reading.html_tree import parse_html
from forgeapp.services.exporting import copying
from forgeapp.services.exporting.copying import MAX_RICH_CELLS, CopyForm, cells_of, copied, copied_blocks
from tests.pace import assert_linear
from tests.unit.exporters.page_samples import HOSTILE, heading, paragraph, picture_source, table
from tests.unit.services.exporting.conversation_samples import BUDGET, VALUES

BLOCKS: Blocks = (
    heading(1, "Report"),
    paragraph("Plain ", Run("bold", bold=True), ", ", Run("slanted", italic=True), " and ", Run("gone", strike=True)),
    paragraph(
        "See ", Run("this", link="https://example.org/a?b=1&c=2"), LineBreak(), "or ", Run("f()", code=True), "."
    ),
    heading(2, "Lists"),
    ListBlock(
        True,
        (
            ListItem((paragraph("three"),)),
            ListItem((paragraph("four"), ListBlock(False, (ListItem((paragraph("deeper"),)),)))),
        ),
        start=3,
    ),
    ListBlock(False, (ListItem((paragraph("done"),), True), ListItem((paragraph("open"),), False))),
    table(["Month", "Sales"], [["May", "12.50"], ["June & July", ""]]),
    CodeBlock("python", 'def f():\n\treturn "<a>"\n\n# end'),
    CodeBlock("", "plain"),
    Quote((paragraph("Quoted."), Quote((paragraph("Twice."),)))),
    Rule(),
    paragraph("As ", InlineMath("x^2"), " is", FootnoteMark("1"), "."),
    MathBlock(r"\frac{a}{b}"),
    Paragraph((Picture(picture_source(), "blue"),)),
    paragraph("مرحبا بالعالم"),
    Footnote("1", (paragraph("A note."),)),
)


def read_back(markup: str | None) -> Blocks:
    assert markup is not None
    return HtmlBlocks(*parse_html(markup)).read()


def test_rich_text_read_back_is_the_same_blocks() -> None:
    # As Markdown, for the reader gives one text as several runs.
    assert blocks_markdown(read_back(copied_blocks(BLOCKS).html)) == blocks_markdown(BLOCKS)


def test_rich_text_is_valid_and_leans_on_no_style_sheet() -> None:
    markup = copied_blocks(BLOCKS).html
    assert markup is not None
    parser = html5lib.HTMLParser()
    parser.parseFragment(markup)
    assert [error[1] for error in parser.errors] == []
    classes = html.fromstring(markup).xpath("//@class")
    assert set(classes) == {"language-python", "math"}
    (first,) = html.fromstring(markup).xpath("//table")
    assert first.get("border") == "1"
    assert "border-collapse" in first.get("style")
    assert all("Consolas" in element.get("style") for element in html.fromstring(markup).xpath("//code"))


def test_tables_and_code_right_below_each_other_do_not_become_one() -> None:
    pair = (table(["a"], [["1"]]), table(["b"], [["2"]]), CodeBlock("", "x"), CodeBlock("", "y"))
    markup = copied_blocks(pair).html
    assert str(markup).count("<p>&nbsp;</p>") == 2
    assert len(read_back(markup)) == 4


def test_math_is_its_tex_for_programs_without_mathml() -> None:
    markup = str(copied_blocks((paragraph("As ", InlineMath("x^2")), MathBlock("y"))).html)
    assert "<math" not in markup
    assert html.fromstring(f"<div>{markup}</div>").text_content().split() == ["As", "x^2", "y"]


def test_the_text_beside_rich_text_is_as_a_person_would_type_it() -> None:
    assert copied_blocks(BLOCKS).text == (
        "Report\n\nPlain bold, slanted and gone\n\nSee this\nor f().\n\nLists\n\n3. three\n4. four\n  • deeper\n\n"
        '☑ done\n☐ open\n\nMonth\tSales\nMay\t12.50\nJune & July\t\n\ndef f():\n\treturn "<a>"\n\n# end\n\nplain\n\n'
        "> Quoted.\n>\n> > Twice.\n\n---\n\nAs x^2 is[1].\n\n\\frac{a}{b}\n\nblue\n\nمرحبا بالعالم\n\n[1] A note."
    )


def test_a_documents_markdown_is_its_own() -> None:
    own = "*  odd   style*\n"
    assert copied(Document("x", own), "x", {}, "markdown").text == own


def test_cells_are_copied_as_tab_separated_text_that_reads_back() -> None:
    rows = (('say "hi"', '"quoted"'), ("two\nlines", "a\ttab"), ("", "-15"))
    found = copied(Table("T", ("a", "b"), rows), "T", {}, "tsv")
    assert found.html is None
    assert from_tsv(found.text) == [["a", "b"], *map(list, rows)]
    assert '"two\nlines"\t"a\ttab"' in found.text


def test_formulas_are_copied_as_their_values() -> None:
    assert copied(BUDGET, "Budget", VALUES, "tsv").text == "Rent\t850\nTwice\t1700"
    rich = copied(BUDGET, "Budget", VALUES, "rich")
    assert rich.text == "Rent\t850\nTwice\t1700"
    assert "=B1*2" not in str(rich.html)


@pytest.mark.security
def test_what_a_spreadsheet_would_run_is_not_run() -> None:
    evil = Table("T", ("a",), (('=HYPERLINK("http://x")',), ("@SUM(1)",), ("+44 20 7946 0000",), ("-15",), ("00123",)))
    lines = copied(evil, "T", {}, "tsv").text.split("\n")
    assert lines[1:] == ['\'=HYPERLINK("http://x")', "'@SUM(1)", "+44 20 7946 0000", "-15", "00123"]
    cells = html.fromstring(copied(evil, "T", {}, "rich").html or "").xpath("//td")
    assert [cell.get("sdnum") is not None for cell in cells] == [True, True, False, False, True]
    assert ["mso-number-format:'\\@'" in cell.get("style") for cell in cells] == [True, True, False, False, True]
    assert cells[0].text == '=HYPERLINK("http://x")'


def test_cells_of_a_sheet_are_copied_as_they_are_displayed() -> None:
    cells = {
        (0, 0): Cell("Item"),
        (0, 1): Cell("Net", None),
        (0, 2): Cell("Gross"),
        (1, 0): Cell("Rent"),
        (1, 1): Cell("10", 10),
        (1, 2): Cell("=B2*1.2", None, "0.00"),
        (3, 0): Cell("Sum"),
        (3, 2): Cell("=SUM(C2)"),
    }
    book = Workbook("Plan", (Sheet("Notes", {(0, 0): Cell("x")}), Sheet("Costs", cells)))
    values = {"Costs": {(1, 2): 12.0, (3, 2): 12.0}}
    assert cells_of(book, values, "Costs", [Block(0, 1, 1, 2)]) == Table(None, ("Net", "Gross"), (("10", "12.00"),))
    apart = cells_of(book, values, "Costs", [Block(3, 2, 9, 2), Block(0, 0, 1, 0)])
    assert (apart.columns, apart.rows[0], apart.rows[1]) == (("Item", ""), ("Rent", ""), ("", "12.00"))


def test_several_sheets_and_tables_stand_below_each_other() -> None:
    sheets = tuple(Sheet(name, {(0, 0): Cell(name), (1, 0): Cell("1", 1)}) for name in ("One", "Two"))
    assert copied(Workbook("W", sheets), "W", {}, "tsv").text == "One\n1\n\nTwo\n1"
    document = Document("D", "# D\n\n| a |\n|---|\n| 1 |\n\n- x\n\n  | b |\n  |---|\n  | 2 |\n")
    assert copied(document, "D", {}, "tsv").text == "a\n1\n\nb\n2"
    assert [type(block) for block in read_back(copied(Workbook("W", sheets), "W", {}, "rich").html)] == [
        Heading,
        TableBlock,
        Heading,
        TableBlock,
    ]


def test_hidden_cells_and_sheets_are_in_no_copy() -> None:
    cells = {
        (row, column): Cell(text) for row, line in enumerate(("ab", "cd", "ef")) for column, text in enumerate(line)
    }
    part = Sheet("Part", cells, hidden=Hidden(rows=frozenset({1}), columns=frozenset({0})))
    workbook = Workbook(None, (part, Sheet("Notes", {(0, 0): Cell("secret")}, hidden=Hidden(sheet=True))))

    assert copied(workbook, "T", {}, "tsv").text == "b\nf"
    assert "secret" not in copied(workbook, "T", {}, "rich").text


def test_what_has_no_cells_cannot_be_copied_as_cells() -> None:
    with pytest.raises(UsageError, match="no table"):
        copied(Document("D", "words"), "D", {}, "tsv")


def test_one_file_of_code_is_the_code_and_several_are_named() -> None:
    one = Code("C", (CodeFile("a.py", "python", "x = 1\n"),))
    two = replace(one, files=(*one.files, CodeFile("b.txt", "", "y")))
    assert copied(one, "C", {}, "rich").text == "x = 1"
    assert copied(one, "C", {}, "markdown").text == "```python\nx = 1\n```"
    assert copied(two, "C", {}, "rich").text == "a.py\n\nx = 1\n\nb.txt\n\ny"


ROW = tuple(f"cell {number}" for number in range(20))


def test_a_table_of_two_million_cells_is_copied_as_cells_and_refused_as_rich_text() -> None:
    large = Table("T", ROW, (ROW,) * 100_000)
    assert copied(large, "T", {}, "tsv").text.count("\n") == 100_000
    forms: tuple[CopyForm, ...] = ("rich", "markdown")
    for form in forms:
        with pytest.raises(TooLarge, match="2,000,020 cells") as refused:
            copied(large, "T", {}, form)
        assert "TSV" in refused.value.hint


def test_a_table_of_as_many_cells_as_may_be_is_copied_as_rich_text_and_one_of_more_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(copying, "MAX_RICH_CELLS", 200)
    assert copied(Table("T", ROW, (ROW,) * 9), "T", {}, "rich").html
    with pytest.raises(TooLarge):
        copied(Table("T", ROW, (ROW,) * 10), "T", {}, "rich")


@pytest.mark.parametrize("form", ["tsv", "rich", "markdown"])
def test_large_tables_are_copied_in_linear_time(form: CopyForm) -> None:
    size = MAX_RICH_CELLS // 20 - 1
    assert_linear(lambda table: copied(table, "T", {}, form), lambda rows: Table("T", ROW, (ROW,) * rows), size // 16)


@pytest.mark.security
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_is_copied_harmlessly(name: str) -> None:
    found = copied_blocks(HOSTILE[name])
    assert found.html is not None
    root = html.fromstring(f"<div>{found.html}</div>")
    assert not root.xpath("//script | //iframe | //@onerror | //@onload")
    assert all(source.startswith("data:image/") for source in root.xpath("//img/@src"))
    assert all(link.startswith(("https://", "#")) for link in root.xpath("//@href"))
    assert plain(HOSTILE[name]) == found.text
