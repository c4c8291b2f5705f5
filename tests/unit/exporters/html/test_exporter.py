from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Document,
    Footnote,
    FootnoteMark,
    Heading,
    InlineMath,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Run,
    TableBlock,
)
from forgeapp.domain.export_options import ExportOptions
from forgeapp.exporters.html.exporter import EXPORTER
from forgeapp.exporters.html.style import STYLE
from forgeapp.reading.files import read_file
from tests.unit.exporters.document_samples import documents
from tests.unit.exporters.page_samples import (
    FULL,
    HOSTILE,
    heading,
    paragraph,
    picture_source,
    publication,
    table,
    written,
)


@pytest.fixture
def page(tmp_path: Path) -> Any:
    def write(*blocks: Block, **properties: str) -> Any:
        content = publication(*blocks, **properties)
        path = tmp_path / "file.html"
        written(EXPORTER, content, path)
        assert EXPORTER.verify(content, path) == []
        return html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()

    return write


def test_a_full_document_is_written_without_difference(page: Any) -> None:
    root = page(*FULL, language="en")
    assert root.get("lang") == "en"
    assert [element.text for element in root.iter("h1", "h2")][1:] == ["What was done", "Figures"]
    assert root.xpath("//ol[@start='9']/li/p/text()") == ["Milk", "Coffee"]
    assert [box.get("checked") is not None for box in root.iter("input")] == [True, False]


def test_text_is_escaped_in_every_place(page: Any) -> None:
    evil = '<script>alert("1")</script>&amp;'
    root = page(
        heading(1, evil),
        paragraph(evil, Run(evil, code=True), InlineMath(evil), Picture("http://x/y", evil)),
        table([evil], [[evil]]),
        CodeBlock(evil, evil),
        MathBlock(evil),
        ListBlock(False, (ListItem((paragraph(evil),)),)),
        title=evil,
        author=evil,
        language='"><script>',
    )
    assert list(root.iter("script")) == []
    assert root.findtext("head/title") == evil
    assert root.find(".//h1").text == evil
    assert root.get("lang") == "und"


def test_the_file_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    written(EXPORTER, publication(*FULL), path)
    text = path.read_text(encoding="utf-8")
    (style,) = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'" in text
    assert "unsafe" not in text
    assert "style=" not in text
    assert "<script" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert "<link" not in text


def test_tables_have_a_header_and_their_alignments(page: Any) -> None:
    root = page(table(["Month", "Sum"], [["May", "1"], ["June", "2"]], [None, "right"]))
    assert root.xpath("//table/thead/tr/th/text()") == ["Month", "Sum"]
    assert root.xpath("//table/tbody/tr/td[@class='right']/text()") == ["1", "2"]


def test_marks_lead_to_footnotes_and_back(page: Any) -> None:
    root = page(
        paragraph("a", FootnoteMark("x"), " b", FootnoteMark("y"), FootnoteMark("x")),
        Footnote("x", (paragraph("first"),)),
        Footnote("y", (paragraph("second"),)),
    )
    assert root.xpath("//sup/a/@href") == ["#note-1", "#note-2", "#note-1"]
    assert root.xpath("//a[@class='back']/@href") == ["#mark-1", "#mark-2"]
    assert all(len(root.xpath(f"//*[@id='{name}']")) == 1 for name in ("mark-1", "mark-2", "note-1", "note-2"))


def test_only_web_and_mail_addresses_become_links(page: Any) -> None:
    root = page(
        paragraph(
            Run("web", link='https://example.org/?a="1"&b'),
            Run("mail", link="mailto:a@b.org"),
            Run("script", link="javascript:alert(1)"),
            Run("data", link="data:text/html,x"),
            Run("odd", link="java\nscript:alert(1)"),
        )
    )
    assert root.xpath("//a/@href") == ["https://example.org/?a=%221%22&b", "mailto:a@b.org"]


def test_only_pictures_in_the_document_are_shown(page: Any, tmp_path: Path) -> None:
    source = picture_source()
    remote = Picture("https://example.org/track.gif", "a cat")
    root = page(Paragraph((Picture(source, "blue"), remote, Picture("data:image/svg+xml;base64,AAAA", "drawing"))))
    assert root.xpath("//img/@src") == [source]
    assert root.xpath("//span[@class='picture']/text()") == ["drawing"]
    assert root.xpath("//a[@href='https://example.org/track.gif']/em/text()") == ["a cat"]
    assert "pictures" in written(EXPORTER, publication(Paragraph((remote,))), tmp_path / "b.html")[0]


def test_code_is_coloured_and_unchanged(page: Any) -> None:
    code = "\n\ndef f(x: int) -> str:\n\treturn '<a>'  # note\n"
    root = page(CodeBlock("python", code))
    (block,) = root.xpath("//pre/code[@class='language-python']")
    assert "".join(block.itertext()) == code
    assert block.xpath("span[@class='keyword']/text()") == ["def", "return"]


def test_text_from_right_to_left_says_so(page: Any) -> None:
    root = page(paragraph("שלום"), paragraph("hello"))
    assert [element.get("dir") for element in root.iter("p")] == ["auto", None]


def test_progress_grows_to_one(tmp_path: Path) -> None:
    shares: list[float] = []
    EXPORTER.write(publication(*FULL), tmp_path / "a.html", shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.security
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_is_carried_harmlessly(name: str, tmp_path: Path) -> None:
    content = publication(*HOSTILE[name], title="\ud800<b>\x00")
    path = tmp_path / "a.html"
    written(EXPORTER, content, path)
    assert EXPORTER.verify(content, path) == []


@pytest.mark.parametrize(
    ("wanted", "got", "word"),
    [
        ((paragraph("one"), paragraph("two")), (paragraph("one"),), "paragraph 'two' is missing"),
        ((paragraph("one"),), (paragraph("one"), paragraph("two")), "'two' is not in the original"),
        ((paragraph("a"), paragraph("b")), (paragraph("b"), paragraph("a")), "order differs"),
        ((heading(2, "x"),), (heading(3, "x"),), "heading 'x' is missing"),
        ((table(["a"], [["1"], ["2"]]),), (table(["a"], [["1"]]),), "table cell '2'"),
        ((table(["a"], [[""], [""]]),), (table(["a"], [[""]]),), "table '3 rows of 1 cells'"),
        ((paragraph(Run("a", link="https://e.org")),), (paragraph("a"),), "link 'https://e.org a'"),
        (
            (ListBlock(True, (ListItem((paragraph("a"),)),), 3),),
            (ListBlock(True, (ListItem((paragraph("a"),)),)),),
            "list 'from 3, 1 items'",
        ),
        (
            (ListBlock(False, (ListItem((paragraph("a"),), True),)),),
            (ListBlock(False, (ListItem((paragraph("a"),), False),)),),
            "task box 'checked'",
        ),
        ((Paragraph((Picture(picture_source()),)),), (paragraph(""),), "picture"),
        ((CodeBlock("", "a\n b"),), (CodeBlock("", "a\nb"),), "code"),
    ],
)
def test_what_differs_in_the_file_is_named(
    wanted: tuple[Block, ...], got: tuple[Block, ...], word: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.html"
    written(EXPORTER, publication(*got), path)
    found = EXPORTER.verify(publication(*wanted), path)
    assert any(word in difference for difference in found), found


@pytest.mark.security
@pytest.mark.parametrize(
    "planted",
    [
        "<script>1</script>",
        '<img src="https://e.org/x.png">',
        '<p onclick="x()"></p>',
        '<a href="javascript:x()">y</a>',
        '<iframe src="data:image/x"></iframe>',
    ],
)
def test_active_parts_in_the_file_are_found(planted: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    content = publication(paragraph("x"))
    written(EXPORTER, content, path)
    path.write_text(path.read_text(encoding="utf-8").replace("</body>", planted + "</body>"), encoding="utf-8")
    assert any("the file" in difference for difference in EXPORTER.verify(content, path))


def test_a_file_name_may_look_like_an_address(tmp_path: Path) -> None:
    path = tmp_path / "100%20 #1?.html"
    content = publication(paragraph("x"))
    written(EXPORTER, content, path)
    assert EXPORTER.verify(content, path) == []


def test_another_title_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    content = publication(paragraph("x"))
    written(EXPORTER, content, path)
    other = dataclasses.replace(content, title="Another")
    assert EXPORTER.verify(other, path) == ["the title is 'A report', not 'Another'"]


_TEXT = st.text(st.characters(), max_size=40)
_RUNS = st.lists(st.builds(Run, _TEXT, st.booleans(), st.booleans(), st.booleans(), st.booleans()), max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=_RUNS, cells=st.lists(_TEXT, min_size=4, max_size=4), code=_TEXT)
def test_whatever_text_is_given_comes_back(runs: list[Run], cells: list[str], code: str, tmp_path: Path) -> None:
    inlines = tuple(runs)
    grid = TableBlock(((Run(cells[0]),), inlines), (((Run(cells[1]),), (Run(cells[2]),)),), (None, "right"))
    content = publication(Heading(2, inlines), Paragraph(inlines), grid, CodeBlock("python", code), title=cells[3])
    path = tmp_path / "a.html"
    written(EXPORTER, content, path)
    assert EXPORTER.verify(content, path) == []


def _errors(path: Path) -> list[Any]:
    parser = html5lib.HTMLParser()
    parser.parse(path.read_text(encoding="utf-8"))
    return [error[1:] for error in parser.errors]


@pytest.mark.parametrize("options", [ExportOptions(), ExportOptions(contents=True, line_numbers=True)])
def test_a_full_document_is_valid_html(tmp_path: Path, options: ExportOptions) -> None:
    path = tmp_path / "a.html"
    content = dataclasses.replace(publication(*FULL, language="en"), options=options)
    written(EXPORTER, content, path)
    assert EXPORTER.verify(content, path) == []
    assert _errors(path) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks=documents(), has_extras=st.booleans())
def test_any_document_is_valid_html_without_a_difference(blocks: Blocks, has_extras: bool, tmp_path: Path) -> None:
    options = ExportOptions(contents=has_extras, line_numbers=has_extras)
    content = dataclasses.replace(publication(*blocks), options=options)
    path = tmp_path / "a.html"
    written(EXPORTER, content, path)
    assert EXPORTER.verify(content, path) == []
    assert _errors(path) == []


def test_math_is_mathml_with_its_tex_or_tex_alone_where_it_is_not_understood(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    content = publication(paragraph(InlineMath("x^2"), InlineMath(r"\nonsense{")), MathBlock(r"\frac{a}{b}"))
    warnings = written(EXPORTER, content, path)
    root = html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
    assert root.xpath("//math/@display") == ["inline", "block"]
    assert root.xpath("//annotation/text()") == ["x^2", r"\frac{a}{b}"]
    assert root.xpath("//code[@class='math']/text()") == [r"\nonsense{"]
    assert warnings == ["Math that is not understood is shown as TeX."]


def test_contents_lead_to_every_heading_but_the_title(page: Any, tmp_path: Path) -> None:
    blocks = (heading(1, "A report"), heading(2, "One"), heading(3, "Deeper"), heading(2, "Two"), heading(5, "Fine"))
    path = tmp_path / "a.html"
    content = dataclasses.replace(publication(*blocks), options=ExportOptions(contents=True))
    written(EXPORTER, content, path)
    root = html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
    assert root.xpath("//nav/ol/li/a/text()") == ["One", "Two"]
    assert root.xpath("//nav/ol/li/ol/li/a/text()") == ["Deeper"]
    for link in root.xpath("//nav//a"):
        assert root.xpath(f"//*[@id='{link.get('href')[1:]}']/text()") == [link.text]
    assert [element.tag for element in root.find(".//main")][:2] == ["h1", "nav"]


def test_line_numbers_are_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    code = "a = 1\n\nb = 2"
    content = dataclasses.replace(publication(CodeBlock("python", code)), options=ExportOptions(line_numbers=True))
    written(EXPORTER, content, path)
    root = html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
    assert "".join(root.find(".//pre").itertext()) == code
    assert len(root.xpath("//span[@class='line']")) == 3


def test_a_document_from_right_to_left_is_laid_out_so_and_its_code_is_not(page: Any) -> None:
    arabic = page(heading(1, "تقرير المبيعات"), paragraph("مرحبا بالعالم"), CodeBlock("python", "print(1)"))
    assert arabic.get("dir") == "rtl"
    assert page(paragraph("A word: שלום")).get("dir") is None


def test_printed_tables_repeat_their_header_and_split_no_row() -> None:
    printed = STYLE.partition("@media print")[2]
    assert "thead { display: table-header-group; }" in printed
    assert "tr, img, .formula, li.task { break-inside: avoid; }" in printed
    assert "break-after: avoid" in printed


def test_opened_again_the_contents_are_no_part_of_the_document(tmp_path: Path) -> None:
    blocks = (heading(1, "A report"), heading(2, "One"), paragraph("x ", InlineMath("y^2")), heading(2, "Two"))
    path = tmp_path / "a.html"
    written(EXPORTER, dataclasses.replace(publication(*blocks), options=ExportOptions(contents=True)), path)
    content = read_file(path).content
    assert isinstance(content, Document)
    assert content.markdown == "# A report\n\n## One\n\nx $y^2$\n\n## Two"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("第一四半期の売上は前年同期比で増加した。", "ja"),
        ("今年第一季度的销售额有所增长。", "zh"),
        ("올해 1분기 매출이 증가했습니다.", "ko"),
        ("مرحبا بالعالم", "ar"),
        ("گزارش فروش سه ماهه", "fa"),
        ("שלום עולם", "he"),
        ("नमस्ते दुनिया", "hi"),
        ("Πωλήσεις του τριμήνου", "el"),
        ("ForgeApp で作った PDF の一覧", "ja"),
    ],
)
def test_a_script_of_one_language_names_it(page: Any, text: str, language: str) -> None:
    assert page(paragraph(text)).get("lang") == language
    assert page(paragraph(text), language="de-CH").get("lang") == "de-CH"
