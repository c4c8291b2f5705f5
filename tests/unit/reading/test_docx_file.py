"""DOCX files, by Word's own default template, by the XML Word writes, and by hands that mean harm."""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document as WordDocument
from docx.shared import Inches
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.document import Document
from forgeapp.errors import InputError, UnreadableFile
from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.reading.docx_file import read_docx
from forgeapp.reading.files import read_file
from forgeapp.reading.markdown import parse
from forgeapp.services.importing.sameness import key_of
from tests.pace import assert_linear
from tests.unit.exporters.document_samples import RICH, png, publication
from tests.unit.reading.docx_packages import NAMESPACES, paragraph, run, write_docx


def markdown(path: Path) -> str:
    content = read_docx(path).content
    assert isinstance(content, Document)
    return content.markdown


def read(tmp_path: Path, body: str, **more: object) -> str:
    return markdown(write_docx(tmp_path / "a.docx", body, **more))  # type: ignore[arg-type]


def losses(tmp_path: Path, body: str, **more: object) -> tuple[str, ...]:
    return read_docx(write_docx(tmp_path / "a.docx", body, **more)).lost  # type: ignore[arg-type]


def test_our_own_export_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "own.docx"
    EXPORTER.write(publication(*RICH), path, lambda share: None)
    reading = read_docx(path)
    assert isinstance(reading.content, Document)
    found = [key_of(block) for block in parse(reading.content.markdown)]
    wanted = [key_of(block) for block in RICH]
    # A picture from elsewhere is drawn as its description, in italics, with its address.
    look = (False, True, False, "https://example.com/x.png")
    assert [key for key, block in zip(found, wanted, strict=True) if key != block] == [
        ("paragraph", ((look, "Remote"), (" ",), (look, "chart")))
    ]
    assert reading.lost == ()
    assert reading.is_rewritten and reading.content.title == "Report for ACME & Söhne"


def test_a_document_of_words_default_template(tmp_path: Path) -> None:
    word = WordDocument()
    word.add_heading("Plan", 0)
    word.add_heading("First steps", 1)
    text = word.add_paragraph("Some ")
    text.add_run("bold").bold = True
    text.add_run(" and ")
    text.add_run("italic").italic = True
    word.add_paragraph("one", style="List Bullet")
    word.add_paragraph("two", style="List Bullet 2")
    word.add_paragraph("three", style="List Bullet")
    word.add_paragraph("first", style="List Number")
    word.add_paragraph("second", style="List Number")
    word.add_paragraph("Said somebody", style="Intense Quote")
    table = word.add_table(rows=2, cols=2, style="Table Grid")
    for row, texts in zip(table.rows, (["Item", "Price"], ["Cups", "2.10"]), strict=True):
        for cell, cell_text in zip(row.cells, texts, strict=True):
            cell.text = cell_text
    (tmp_path / "p.png").write_bytes(png(4, 3))
    word.add_picture(str(tmp_path / "p.png"), width=Inches(1))
    word.add_page_break()
    word.save(str(tmp_path / "word.docx"))
    reading = read_docx(tmp_path / "word.docx")
    assert isinstance(reading.content, Document)
    picture = base64.b64encode(png(4, 3)).decode()
    assert reading.content.markdown.split("\n\n") == [
        "# Plan",
        "# First steps",
        "Some **bold** and _italic_",
        "- one\n  - two\n- three",
        "1. first\n2. second",
        "> Said somebody",
        "| Item | Price |\n| --- | --- |\n| Cups | 2.10 |",
        f"![](data:image/png;base64,{picture})",
    ]
    assert reading.content.title == "Plan"
    assert reading.lost == ("A page break is not carried over.",)


def test_styles_are_known_by_their_meaning_in_any_language(tmp_path: Path) -> None:
    body = (
        paragraph("Bericht", "Titel")
        + paragraph("Lage", "berschrift1")
        + paragraph("Teil", "Kapitel")
        + paragraph("Absatz", "berschrift2")
        + paragraph("Direkt", properties='<w:outlineLvl w:val="3"/>')
        + paragraph("Zitiert", "Zitat")
        + paragraph(run("fett", '<w:rStyle w:val="Fett"/>') + run(" nicht", '<w:rStyle w:val="Fett"/><w:b w:val="0"/>'))
    )
    assert read(tmp_path, body) == (
        "# Bericht\n\n# Lage\n\n# Teil\n\n## Absatz\n\n#### Direkt\n\n> Zitiert\n\n**fett** nicht"
    )


def test_runs_cut_by_words_proofing_are_one_text(tmp_path: Path) -> None:
    body = paragraph(
        '<w:proofErr w:type="spellStart"/>' + run("Kaf") + '<w:bookmarkStart w:id="0" w:name="_GoBack"/>'
        + '<w:bookmarkEnd w:id="0"/>' + run("fee") + '<w:proofErr w:type="spellEnd"/>'
        + '<w:smartTag w:uri="urn:x" w:element="place">' + run(" in Ulm") + "</w:smartTag>"
        + "<w:sdt><w:sdtPr/><w:sdtContent>" + run(" heute") + "</w:sdtContent></w:sdt>"
        + '<w:r><w:noBreakHyphen/><w:t>x</w:t><w:br/><w:t>neu</w:t><w:lastRenderedPageBreak/></w:r>'
    )  # fmt: skip
    assert read(tmp_path, body) == "Kaffee in Ulm heute\u2011x\\\nneu"


def test_links_by_relation_by_field_and_simple_fields(tmp_path: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText> HYPERLINK "https://b.example/" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("field")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = paragraph(
        f'<w:hyperlink r:id="rId9">{run("a ")}{run("link", "<w:b/>")}</w:hyperlink>' + run(", ") + field + run(", ")
        + f'<w:hyperlink w:anchor="here">{run("inner")}</w:hyperlink>' + run(", ")
        + f'<w:hyperlink r:id="rId8">{run("bad")}</w:hyperlink>' + run(" on ")
        + f'<w:fldSimple w:instr=" DATE ">{run("3 May")}</w:fldSimple>'
    )  # fmt: skip
    path = write_docx(tmp_path / "a.docx", body, links={"rId9": "https://a.example/x", "rId8": "javascript:alert(1)"})
    assert markdown(path) == ("[a **link**](https://a.example/x), [field](https://b.example/), inner, bad on 3 May")
    assert read_docx(path).lost == ("A link within the document keeps its text, but not where it leads.",)


def test_tracked_changes_are_taken_as_accepted_and_told(tmp_path: Path) -> None:
    attributes = 'w:id="1" w:author="A" w:date="2024-05-03T10:00:00Z"'
    body = (
        paragraph(
            run("We ") + f"<w:del {attributes}><w:r><w:delText>never </w:delText></w:r></w:del>"
            + f"<w:ins {attributes}>{run('always ')}</w:ins>" + run("agree.")
        )
        + paragraph(run("Joined "), properties=f"<w:rPr><w:del {attributes}/></w:rPr>")
        + paragraph("to this.")
    )  # fmt: skip
    assert read(tmp_path, body) == "We always agree.\n\nJoined to this."
    assert losses(tmp_path, body) == ("3 tracked changes were taken as accepted.",)


def test_lists_nest_restart_and_go_on(tmp_path: Path) -> None:
    body = "".join(
        (
            paragraph("a", "Aufzhlung"),
            paragraph("b", "Listenabsatz", (1, 1)),
            paragraph("c", "Listenabsatz", (1, 2)),
            paragraph("d", "Listenabsatz", (1, 0)),
            paragraph("still d", "Listenabsatz"),
            paragraph("Between."),
            paragraph("one", "Listenabsatz", (2, 0)),
            paragraph("inner", "Listenabsatz", (2, 1)),
            paragraph("two", "Listenabsatz", (2, 0)),
            paragraph("Text."),
            paragraph("three", "Listenabsatz", (2, 0)),
            paragraph("five", "Listenabsatz", (3, 0)),
            paragraph("six", "Listenabsatz", (3, 0)),
            paragraph("no item", "Aufzhlung", (0, 0)),
            paragraph("letter", "Listenabsatz", (4, 0)),
        )
    )
    assert read(tmp_path, body) == (
        "- a\n  - b\n    - c\n- d\n\n  still d\n\nBetween.\n\n1. one\n   1. inner\n2. two\n\nText.\n\n3. three\n\n"
        "5) five\n6) six\n\nno item\n\n1. letter"
    )
    assert losses(tmp_path, body) == ("An item of a list counted in letters or Roman numerals has a figure now.",)


def test_boxes_of_word_are_tasks(tmp_path: Path) -> None:
    box = "<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    body = (
        paragraph(box.format(run("☒")) + run(" bought"))
        + paragraph(box.format(run("☐")) + run(" open"))
        + paragraph(symbol + run(" ticked"), "Listenabsatz", (1, 0))
    )
    assert read(tmp_path, body) == "- [x] bought\n- [ ] open\n- [x] ticked"


def test_monospaced_paragraphs_are_code_with_their_blanks(tmp_path: Path) -> None:
    mono = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New"/>'
    body = (
        paragraph(run("def f(x):", mono))
        + paragraph(run("    return *x*", mono))
        + paragraph("Then ")
        + paragraph(run("call ") + run("f(1)", mono) + run("."))
    )
    assert read(tmp_path, body) == "```\ndef f(x):\n    return *x*\n```\n\nThen\n\ncall `f(1)`."


def test_merged_cells_are_filled_out_and_told(tmp_path: Path) -> None:
    def cell(text: str, properties: str = "", side: str = "") -> str:
        jc = f'<w:jc w:val="{side}"/>' if side else ""
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text, properties=jc)}</w:tc>"

    across, begins, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        "<w:tbl><w:tblPr/><w:tblGrid/>"
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('Region')}{cell('Sales', across)}</w:tr>"
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('')}{cell('Q1')}{cell('Q2')}</w:tr>"
        f"<w:tr>{cell('North', begins)}{cell('1', '', 'right')}{cell('2', '', 'end')}</w:tr>"
        f"<w:tr>{cell('', goes_on)}{cell('3', '', 'right')}{cell('4', '', 'right')}</w:tr></w:tbl>"
    )
    assert read(tmp_path, body) == (
        "| Region | Sales / Q1 | Sales / Q2 |\n| --- | ---: | ---: |\n| North | 1 | 2 |\n| North | 3 | 4 |"
    )
    assert losses(tmp_path, body) == ("2 merged cells are apart again.",)


def test_cells_keep_lists_and_tables_within_as_lines(tmp_path: Path) -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('x')}</w:tc><w:tc>{paragraph('y')}</w:tc></w:tr></w:tbl>"
    items = paragraph("a", "Listenabsatz", (1, 0)) + paragraph("b", "Listenabsatz", (1, 0))
    first = f"<w:tr><w:tc>{paragraph('h')}</w:tc><w:tc>{items}</w:tc></w:tr>"
    second = f"<w:tr><w:tc>{inner}{paragraph('')}</w:tc><w:tc>{paragraph('z')}</w:tc></w:tr>"
    body = f"<w:tbl>{first}{second}</w:tbl>"
    assert read(tmp_path, body) == "| h | • a<br>• b |\n| --- | --- |\n| x \\| y | z |"
    assert losses(tmp_path, body) == ("A table within a cell became lines of text.",)


def test_a_frame_of_one_cell_is_no_table(tmp_path: Path) -> None:
    body = f"<w:tbl><w:tr><w:tc>{paragraph('Head', 'berschrift2')}{paragraph('Text.')}</w:tc></w:tr></w:tbl>"
    assert read(tmp_path, body) == "## Head\n\nText."


def test_notes_and_endnotes_become_footnotes(tmp_path: Path) -> None:
    def notes(kind: str, text: str) -> str:
        return (
            f'<w:{kind}s {NAMESPACES}><w:{kind} w:type="separator" w:id="-1"><w:p/></w:{kind}><w:{kind} w:id="2"><w:p>'
            f"<w:r><w:{kind}Ref/></w:r>{run(' ' + text)}</w:p></w:{kind}></w:{kind}s>"
        )

    body = paragraph(
        run("First")
        + '<w:r><w:footnoteReference w:id="2"/></w:r>'
        + run(" last")
        + '<w:r><w:endnoteReference w:id="2"/></w:r>'
    )
    parts = {
        "footnotes.xml": ("footnotes", notes("footnote", "the foot")),
        "endnotes.xml": ("endnotes", notes("endnote", "the end")),
    }
    assert read(tmp_path, body, parts=parts) == "First[^1] last[^2]\n\n[^1]: the foot\n\n[^2]: the end"


def test_pictures_are_kept_and_others_told(tmp_path: Path) -> None:
    def drawing(relation: str, alt: str) -> str:
        return (
            f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="P" descr="{alt}"/><a:graphic><a:graphicData><a:blip '
            f'r:embed="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )

    body = (
        paragraph(drawing("rIdp.png", "A chart"))
        + paragraph(drawing("rIdv.emf", "A vector"))
        + paragraph(drawing("nowhere", "Gone"))
    )
    parts = {"p.png": ("image", png(2, 2)), "v.emf": ("image", b"\x01\x00\x00\x00EMF")}
    picture = base64.b64encode(png(2, 2)).decode()
    assert read(tmp_path, body, parts=parts) == f"![A chart](data:image/png;base64,{picture})\n\nA vector\n\nGone"
    assert losses(tmp_path, body, parts=parts) == (
        "2 pictures of kinds that cannot be shown here became their descriptions.",
    )


def test_what_is_beside_the_text_is_told_once_with_its_count(tmp_path: Path) -> None:
    toc = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        "<w:sdtContent>" + paragraph("Lage 1", "Verzeichnis1") + "</w:sdtContent></w:sdt>"
    )
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>'
        f"<wps:txbx><w:txbxContent>{paragraph('In a box')}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData>"
        "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"<w:txbxContent>{paragraph('In a box')}"
        "</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    chart = (
        '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )
    body = (
        toc
        + paragraph(run("Text") + box + chart + chart)
        + paragraph(run("hidden", "<w:vanish/>") + run("seen", '<w:color w:val="FF0000"/>'))
    )
    comments = (
        f"<w:comments {NAMESPACES}><w:comment w:id='0'>{paragraph('c')}</w:comment><w:comment w:id='1'/></w:comments>"
    )
    header = f"<w:hdr {NAMESPACES}>{paragraph('ACME, confidential')}</w:hdr>"
    footer = f"<w:ftr {NAMESPACES}><w:p><w:fldSimple w:instr=' PAGE '>{run('1')}</w:fldSimple></w:p></w:ftr>"
    parts = {
        "comments.xml": ("comments", comments),
        "header1.xml": ("header", header),
        "footer1.xml": ("footer", footer),
        "vbaProject.bin": ("vbaProject", b"x"),
    }
    assert read(tmp_path, body, parts=parts) == "Text\n\nIn a box\n\nseen"
    assert losses(tmp_path, body, parts=parts) == (
        "2 comments are not carried over.",
        "A header or footer is not carried over.",
        "A table of contents or index is left out; it does not follow the text here.",
        "The text of a text box stands below the paragraph it hung on.",
        "2 charts are not carried over.",
        "Its macros are not carried over, and were not run.",
        "A hidden text is left out.",
        "Colours, highlighting and underlining are not carried over.",
    )


def test_a_contents_field_over_several_paragraphs_is_left_out(tmp_path: Path) -> None:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    body = (
        paragraph(begin + run("Lage 1"))
        + paragraph("Teil 2")
        + paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
        + paragraph("Text")
    )
    assert read(tmp_path, body) == "Text"
    # A field that never ends must not take the rest of the text with it.
    assert "Text" in read(tmp_path, paragraph(begin + run("Lage 1")) + paragraph("Text"))


def test_rules_of_borders_and_of_pages_from_the_web(tmp_path: Path) -> None:
    line = '<w:r><w:pict><v:rect style="width:0;height:1.5pt" o:hr="t"/></w:pict></w:r>'
    border = '<w:pBdr><w:bottom w:val="single" w:sz="6"/></w:pBdr>'
    assert (
        read(tmp_path, paragraph("a") + paragraph(line) + paragraph("b") + paragraph("<w:r/>", properties=border))
        == "a\n\n---\n\nb\n\n---"
    )


def test_raised_figures_stay_raised_where_there_are_such(tmp_path: Path) -> None:
    up, down = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    body = paragraph(
        run("20 m")
        + run("2", up)
        + run(" CO")
        + run("2", down)
        + run(" 1")
        + run("st", up)
        + run(" 10")
        + run("6.5", up)
    )
    assert read(tmp_path, body) == "20 m² CO₂ 1ˢᵗ 10^(6.5)"
    assert losses(tmp_path, body) == ("A raised or lowered text stands on the line, such as [1] or ^(...).",)


def test_files_of_the_strict_variant_are_read(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("Lage", "berschrift1") + paragraph(run("fett", "<w:b/>")))
    strict = tmp_path / "strict.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            text = text.replace(
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                "http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            new.writestr(name, text)
    assert markdown(strict) == "# Lage\n\n**fett**"


def test_text_that_looks_like_markdown_stays_text(tmp_path: Path) -> None:
    body = (
        paragraph("# no heading")
        + paragraph("1. no item")
        + paragraph("*stars* and [x](y) &lt;b&gt; $a$ $b$")
        + paragraph("[^1]: no note")
    )
    read_back = parse(read(tmp_path, body))
    assert [key_of(block)[0] for block in read_back] == ["paragraph"] * 4  # type: ignore[index]
    assert "".join(str(part) for part in read_back).count("*stars*") == 1


@pytest.mark.security
@pytest.mark.parametrize(
    "body",
    [
        "<w:tbl><w:tr><w:tc>" * 3_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3_000,
        "<w:tbl><w:tr><w:tc>" * 60 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 60,
        paragraph("<w:ins>" * 150 + run("deep") + "</w:ins>" * 150),
        paragraph("x" * 3_000_000),
        paragraph("<w:r><w:t>a</w:t></w:r>" * 5_000),
        "".join(paragraph(str(n), "Listenabsatz", (1, n % 9)) for n in range(500)),
        "".join(paragraph("q", "Zitat", properties=f'<w:ind w:left="{n * 10**9}"/>') for n in range(100)),
        paragraph("x", numbering=(1, 99_999_999)) + paragraph("x", numbering=(-7, -7)),
        "<w:tbl>"
        + f"<w:tr><w:tc><w:tcPr><w:gridSpan w:val='99999999'/></w:tcPr>{paragraph('x')}</w:tc></w:tr>" * 20
        + "</w:tbl>",
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 5_000),
        paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>' * 50 + run("x")),
        paragraph(
            "<m:oMath>" + "<m:f><m:num>" * 100 + "<m:r><m:t>x</m:t></m:r>" + "</m:num></m:f>" * 100 + "</m:oMath>"
        ),
        paragraph('<w:r><w:footnoteReference w:id="77"/></w:r>'),
        paragraph('<w:hyperlink r:id="missing">' + run("x") + "</w:hyperlink>"),
        "<w:sdt/><w:tbl/><w:p/><w:sdt><w:sdtContent/></w:sdt><w:tbl><w:tr/></w:tbl>",
    ],
    ids=range(15),
)
def test_hostile_bodies_give_a_modest_result_or_an_error_to_act_on(tmp_path: Path, body: str) -> None:
    path = write_docx(tmp_path / "a.docx", body)
    try:
        reading = read_file(path)
    except InputError as error:
        assert error.hint
    else:
        assert isinstance(reading.content, Document)


@pytest.mark.security
@pytest.mark.parametrize(
    "body",
    [
        lambda size: paragraph("<w:r><w:t>a</w:t></w:r>" * size),
        lambda size: paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * size),
        lambda size: "".join(paragraph(str(n), "Listenabsatz", (1, n % 9)) for n in range(size // 4)),
        lambda size: paragraph("word " * 20 * size),
    ],
    ids=["runs", "fields", "items", "words"],
)
def test_long_bodies_are_read_in_linear_time(tmp_path: Path, body: Callable[[int], str]) -> None:
    assert_linear(read_file, lambda size: write_docx(tmp_path / f"{size}.docx", body(size)), 4_000)


@pytest.mark.security
@pytest.mark.parametrize(
    "missing", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "_rels/.rels"]
)
def test_missing_parts_are_no_crash(tmp_path: Path, missing: str) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("Text", "berschrift1", (1, 0)))
    other = tmp_path / "b.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            if name != missing:
                new.writestr(name, old.read(name))
    if missing == "word/document.xml":
        with pytest.raises(UnreadableFile):
            read_docx(other)
    else:
        assert "Text" in markdown(other)


@pytest.mark.security
def test_styles_that_are_based_on_each_other_end(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>'
    )
    assert read(tmp_path, paragraph("Text", "A"), styles=styles) == "Text"


@pytest.fixture(scope="module")
def rich_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rich") / "rich.docx"
    EXPORTER.write(publication(*RICH), path, lambda share: None)
    return path


_SLIPS = (b'""', b'"-1"', b'"99999999999999999999"', b'"x"', b'"nan"')


@pytest.mark.security
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 6)), min_size=1, max_size=6))
def test_damaged_parts_never_crash_the_reader(rich_package: Path, slips: list[tuple[int, int, int]]) -> None:
    damaged = rich_package.with_name("damaged.docx")
    with zipfile.ZipFile(rich_package) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            pieces = re.split(rb"(<[^>]*>)", old.read(name))
            for at, to, kind in slips if name.endswith(".xml") else ():
                at, to = at % len(pieces), to % len(pieces)
                if kind < len(_SLIPS):
                    pieces[at] = re.sub(rb'(?<=val=)"[^"]*"', _SLIPS[kind], pieces[at], count=1)
                elif pieces[at].endswith(b"/>"):
                    pieces[to] += pieces[at]
            new.writestr(name, b"".join(pieces))
    try:
        assert isinstance(read_docx(damaged).content, Document)
    except InputError as error:
        assert error.hint


def test_a_list_without_a_number_is_none(tmp_path: Path) -> None:
    body = '<w:p><w:pPr><w:numPr><w:numId w:val=""/></w:numPr></w:pPr><w:r><w:t>Text</w:t></w:r></w:p>'
    path = write_docx(tmp_path / "a.docx", body)
    assert markdown(path) == "Text"


def test_a_workbook_that_is_called_docx_is_to_be_renamed(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "budget.xlsx")
    (tmp_path / "budget.xlsx").rename(tmp_path / "budget.docx")
    with pytest.raises(UnreadableFile, match="it is a workbook, not a text document") as raised:
        read_file(tmp_path / "budget.docx")
    assert ".xlsx" in raised.value.hint
