"""HTML files: pages in the manners of many programs, our own exports, tables alone, and pages that mean harm."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from forgeapp.domain.document import Blocks, Document, Footnote, ListBlock, Paragraph, Quote, Rule, Run
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook
from forgeapp.errors import UnreadableFile
from forgeapp.exporters.html.exporter import EXPORTER
from forgeapp.exporters.standins import with_standins
from forgeapp.reading.html_file import read_html
from forgeapp.reading.html_tree import parse_html
from forgeapp.reading.markdown import parse
from forgeapp.services.importing.sameness import key_of
from forgeapp.services.importing.splicing import plain_of
from tests.pace import assert_linear, repeated
from tests.unit.exporters.document_samples import RICH, documents
from tests.unit.exporters.document_samples import publication as published

PAGES = Path(__file__).parents[2] / "data" / "html_pages"


def markdown(source: str) -> str:
    content = read_html(source, "page.html").content
    assert isinstance(content, Document)
    return content.markdown


def is_full(blocks: Blocks) -> bool:
    """Whether everything says something: a page shows no empty headings, quotes, items or code."""
    return all(
        isinstance(block, Rule)
        or (
            bool(repr(plain_of(block)).strip(" '\\n"))
            and (not isinstance(block, ListBlock) or all(item.blocks and is_full(item.blocks) for item in block.items))
            and (not isinstance(block, Quote | Footnote) or is_full(block.blocks))
        )
        for block in blocks
    )


def keys(blocks: Blocks) -> list[Hashable]:
    return [key_of(block) for block in blocks]


def exported(path: Path, *blocks: object) -> str:
    EXPORTER.write(published(*blocks), path, lambda share: None)  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda page: page.stem)
def test_pages_of_many_programs_read_as_a_person_would(page: Path) -> None:
    assert markdown(page.read_text(encoding="utf-8")) == page.with_suffix(".md").read_text(encoding="utf-8").rstrip(
        "\n"
    )


def test_our_own_export_comes_back_as_it_was(tmp_path: Path) -> None:
    reading = read_html(exported(tmp_path / "own.html", *RICH), "own.html")
    assert isinstance(reading.content, Document) and reading.is_rewritten
    assert [key_of(block) for block in parse(reading.content.markdown)][:-3] == [key_of(block) for block in RICH][:-3]
    assert reading.lost == ()
    assert reading.content.title == "Report for ACME & Söhne"


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
@given(documents())
def test_whatever_is_exported_reads_as_it_was(tmp_path_factory: pytest.TempPathFactory, blocks: Blocks) -> None:
    settled = blocks_markdown(parse(blocks_markdown(blocks)))
    # A note that only refers to itself is no note in a page.
    assume("[^" not in settled.partition("[^x]:")[2].replace("[^y]:", "") + settled.partition("[^y]:")[2])
    # Characters that no page can show become U+FFFD.
    written = parse("".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in settled))
    assume(is_full(written))
    path = tmp_path_factory.getbasetemp() / "any.html"
    body = (Paragraph((Run("begins"),)), *written)
    content = read_html(exported(path, *body), "any.html").content
    assert isinstance(content, Document)
    assert keys(parse(content.markdown)) == keys(with_standins(body)[0])


def test_a_page_that_is_only_a_table_is_a_table() -> None:
    reading = read_html("<h1>Stock</h1><table><tr><th>a<th>b<tr><td>1<td>x<br>y</table>", "stock.html")
    assert reading.content == Table("Stock", ("a", "b"), (("1", "x\ny"),))


def test_a_note_at_a_cell_of_libreoffice_is_told_and_its_figure_stays_a_figure() -> None:
    page = "<table><tr><th>a<tr><td><comment>check this</comment>\n2,900.00</table>"
    reading = read_html(page, "stock.html")
    assert reading.content == Table("stock", ("a",), (("2,900.00",),))
    assert reading.lost == ("A comment is not carried over.",)


def test_a_page_of_several_tables_is_a_workbook_with_their_names() -> None:
    page = "<h1>Year</h1><h2>North</h2><table><tr><th>a<tr><td>1</table><h2>South</h2><table><tr><th>b<tr><td>2</table>"
    content = read_html(page, "year.html").content
    assert isinstance(content, Workbook)
    assert (content.title, [sheet.name for sheet in content.sheets]) == ("Year", ["North", "South"])
    assert content.sheets[1].cells[1, 0].number == 2


def test_text_beside_a_table_makes_a_document() -> None:
    assert markdown("<p>Look:</p><table><tr><th>a<tr><td>1</table>") == "Look:\n\n| a |\n| --- |\n| 1 |"


def test_spans_are_filled_down_with_the_text_and_across_with_blanks() -> None:
    page = "<p>x</p><table><tr><th>a<th>b<th>c<tr><td rowspan=2>d<td colspan=2>e<tr><td>f<td>g</table>"
    assert markdown(page) == "x\n\n| a | b | c |\n| --- | --- | --- |\n| d | e |  |\n| d | f | g |"


@pytest.mark.security
@pytest.mark.parametrize(("count", "lost"), [(512, ()), (513, ("A table too large to be kept is cut off.",))])
def test_a_table_of_more_columns_than_are_kept_is_told(count: int, lost: tuple[str, ...]) -> None:
    read = read_html(f"<table><tr>{'<td>a</td>' * count}</tr><tr><td>b</td></tr></table>", "a.html")
    assert isinstance(read.content, Table)
    assert (len(read.content.columns), read.lost) == (512, lost)


def test_nothing_that_runs_or_loads_comes_through() -> None:
    page = (
        "<script>alert(1)</script><style>@import 'https://x'</style><p onclick=evil()>Hello "
        "<a href='javascript:evil()'>link</a> <a href='file:///etc/passwd'>file</a> "
        "<img src='file:///etc/passwd' alt='picture'> <img src='https://x/y.png'>"
        "<img src='data:text/html;base64,PHNjcmlwdD4=' alt='page'></p><object data=x></object>"
        "<iframe srcdoc='<script>x</script>'></iframe><noscript>no</noscript><template>t</template>"
    )
    assert markdown(page) == "Hello link file picture page"
    assert read_html(page, "p").lost == (
        "3 pictures that are not in the file became their descriptions; nothing is loaded from elsewhere.",
        "2 films, sounds or frames are not carried over.",
    )


@pytest.mark.security
@pytest.mark.parametrize(
    "make",
    [
        *(
            repeated(piece, "", "tail")
            for piece in ("<div>x", "<table><tr><td>x", "<ul><li>x", "<span>x", "<b><i><a href='https://x.y'>")
        ),
        *(repeated(piece, "", "tail") for piece in ("<blockquote>", "<p>", "<a href='#a' id='a'>", "&")),
        repeated("<td colspan=9999999 rowspan=9999999>x", "<table><tr>", "</table><p>tail"),
        lambda size: (
            "".join(f"<a href='#n{n}' id='m{n}'>1</a>" for n in range(size // 60))
            + "".join(f"<p id='n{n}'><a href='#m{n}'>1</a>x" for n in range(size // 60))
            + "<p>tail"
        ),
        repeated("<!--", "", "--><p>tail"),
        repeated("x", "<p>", " tail"),
        repeated("<br>", "<p>", "tail"),
        repeated("<br>", "<pre>", "x</pre><p>tail"),
        repeated("a:b;", "<p style='", "'>tail"),
        repeated("\ud800\x00\x01", "", "<p>tail"),
    ],
    ids=range(17),
)
def test_hostile_pages_keep_their_text_in_linear_time(make: Callable[[int], str]) -> None:
    def check(source: str) -> None:
        assert "tail" in str(read_html(source, "page.html").content)

    assert_linear(check, make, 50_000)


@pytest.mark.parametrize("source", ["", "   ", "<html><body></body></html>", "<script>x()</script>", "<p>&nbsp;</p>"])
def test_a_page_without_text_is_said_to_hold_none(source: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_html(source, "empty.html")
    assert "empty.html" in caught.value.message and caught.value.hint


def test_what_is_nested_too_deeply_is_told() -> None:
    root, is_flattened = parse_html("<div>" * 500 + "x")
    assert is_flattened and root.text() == "x"
    assert "Something nested too deeply was made flat." in read_html("<div>" * 500 + "x", "p").lost


def test_a_table_with_lines_stays_one_though_a_table_stands_in_a_cell() -> None:
    inner = "<table><tr><td>n1</td><td>n2</td></tr></table>"
    source = f"<p>Sales</p><table border=1><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>{inner}</td></tr></table>"
    reading = read_html(source, "a.html")
    assert isinstance(reading.content, Document)
    assert reading.content.markdown == "Sales\n\n| A | B |\n| --- | --- |\n| 1 | n1 \\| n2 |"
    assert reading.lost == ("A table within a cell became lines of text.",)


def test_a_table_that_only_places_things_is_taken_apart_and_told() -> None:
    source = "<table><tr><td><h2>Left</h2></td><td>Right</td></tr><tr><td>c</td><td>d</td></tr></table>"
    reading = read_html(source, "a.html")
    assert isinstance(reading.content, Document)
    assert reading.content.markdown.split() == ["##", "Left", "Right", "c", "d"]
    assert reading.lost == (
        "A table that places things beside each other is taken apart; they stand one below the other.",
    )
