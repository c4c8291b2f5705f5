from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from lxml import etree

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    InlineMath,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Run,
    TableBlock,
)
from forgeapp.domain.export_options import ExportOptions, Paper
from forgeapp.exporters.docx.code import CODE_CHARACTER, CODE_PADDING
from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.exporters.docx.sections import UPRIGHT
from forgeapp.exporters.docx.styles import W
from forgeapp.exporters.docx.tables import CELL_PADDING, natural_widths
from tests.unit.exporters.document_samples import (
    RICH,
    data_address,
    documents,
    items,
    paragraph,
    png,
    publication,
    table,
)

_PPR_ORDER = (
    "pStyle", "keepNext", "keepLines", "numPr", "pBdr", "shd", "tabs", "bidi", "spacing", "ind",
    "contextualSpacing", "jc", "outlineLvl", "sectPr",
)  # fmt: skip
_RPR_ORDER = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "strike", "noProof", "color", "sz", "szCs", "u", "shd", "vertAlign",
    "rtl", "lang",
)  # fmt: skip
_TBLPR_ORDER = ["tblStyle", "bidiVisual", "tblW", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]


def _write(tmp_path: Path, *blocks: Block, **properties: str) -> Path:
    path = tmp_path / "out.docx"
    EXPORTER.write(publication(*blocks, **properties), path, lambda share: None)
    return path


def _part(path: Path, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(name))


def _change(path: Path, change: Callable[[etree._Element], None], name: str = "word/document.xml") -> None:
    """Plants a fault: one part of the file rewritten."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    root = etree.fromstring(parts[name])
    change(root)
    parts[name] = etree.tostring(root)
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def _remove(element: etree._Element | None) -> None:
    assert element is not None
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def _style(element: etree._Element, style: str) -> etree._Element:
    found = element.xpath(f"//w:p[w:pPr/w:pStyle/@w:val='{style}']", namespaces={"w": W})
    assert isinstance(found, list)
    return found[0]


def _first(root: etree._Element, name: str) -> etree._Element:
    found = root.find(f".//{{{W}}}{name}")
    assert found is not None
    return found


def test_a_rich_document_reads_back_without_a_difference(tmp_path: Path) -> None:
    path = _write(tmp_path, *RICH)
    assert EXPORTER.verify(publication(*RICH), path) == []


def test_warnings_name_what_is_shown_otherwise(tmp_path: Path) -> None:
    warnings = EXPORTER.write(publication(*RICH), tmp_path / "out.docx", lambda share: None)
    assert any("pictures that lie elsewhere" in warning for warning in warnings)
    broken = EXPORTER.write(publication(paragraph(InlineMath(r"\foo"))), tmp_path / "x.docx", lambda share: None)
    assert broken == [r"a formula that Word's equations cannot hold was written as TeX: \foo"]


def test_progress_ends_at_one(tmp_path: Path) -> None:
    shares: list[float] = []
    EXPORTER.write(publication(*RICH), tmp_path / "out.docx", shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents())
def test_any_blocks_are_written_and_read_back(tmp_path: Path, blocks: Blocks) -> None:
    path = _write(tmp_path, *blocks)
    assert EXPORTER.verify(publication(*blocks), path) == []
    docx.Document(str(path))
    check_order(_part(path))


def test_the_elements_of_properties_stand_in_the_order_of_the_schema(tmp_path: Path) -> None:
    path = _write(tmp_path, *RICH)
    for name in ("document", "styles", "footnotes", "numbering"):
        check_order(_part(path, f"word/{name}.xml"))


def check_order(root: etree._Element) -> None:
    for name, order in (("pPr", _PPR_ORDER), ("rPr", _RPR_ORDER), ("tblPr", _TBLPR_ORDER)):
        for properties in root.iter(f"{{{W}}}{name}"):
            places = [order.index(etree.QName(child).localname) for child in properties]
            assert places == sorted(places)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda root: _remove(_style(root, "Heading2")), "heading 2 'Lists' is missing"),
        (lambda root: _remove(_style(root, "Quote")), "quote 'Quoted.' is missing"),
        (lambda root: _remove(list(root.iter(f"{{{W}}}tr"))[1]), "2 x 2 cells instead of 3 x 2"),
        (lambda root: _remove(list(root.iter(f"{{{W}}}tc"))[3]), "row 2 has 1 cells instead of 2"),
        (lambda root: _remove(_first(root, "drawing")), "instead of paragraph '\ufffc'"),
        (lambda root: _first(root, "hyperlink").attrib.clear(), "links"),
        (lambda root: _remove(_first(root, "footnoteReference")), "Covers revenue"),
        (lambda root: _style(root, "Heading2").find(f".//{{{W}}}pStyle").set(qn("w:val"), "Heading3"), "heading 3"),  # type: ignore[union-attr]
        (lambda root: _remove(_style(root, "ListBullet")), "item 0 \u2022 ListBullet 'First' is missing"),
        (lambda root: _first(root, "numId").set(qn("w:val"), "99"), "list 99 is not defined"),
    ],
)
def test_a_planted_fault_is_named(tmp_path: Path, fault: Callable[[etree._Element], None], said: str) -> None:
    path = _write(tmp_path, *RICH)
    _change(path, fault)
    differences = EXPORTER.verify(publication(*RICH), path)
    assert any(said in difference for difference in differences), differences


def test_a_changed_cell_is_named_by_row_and_column(tmp_path: Path) -> None:
    path = _write(tmp_path, *RICH)

    def change(root: etree._Element) -> None:
        cell = list(root.iter(f"{{{W}}}tc"))[3]
        _first(cell, "t").text = "2.11"

    _change(path, change)
    assert EXPORTER.verify(publication(*RICH), path) == [
        "block 18, row 2, column 2: cell '2.11' instead of cell '2.10'"
    ]


def test_a_missing_footnote_is_named(tmp_path: Path) -> None:
    path = _write(tmp_path, *RICH)
    _change(path, lambda root: root.remove(root[-1]), "word/footnotes.xml")
    assert any("1 footnotes instead of 2" in said for said in EXPORTER.verify(publication(*RICH), path))


def test_a_restart_that_is_lost_is_named(tmp_path: Path) -> None:
    path = _write(tmp_path, *RICH)
    _change(path, lambda root: _remove(list(root.iter(f"{{{W}}}lvlOverride"))[2]), "word/numbering.xml")
    assert any(
        "item 0 1. ListNumber 'One' instead of item 0 3. ListNumber 'One'" in said
        for said in EXPORTER.verify(publication(*RICH), path)
    )


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04broken"])
def test_a_file_that_is_no_docx_is_said_to_be_one(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(data)
    assert "cannot be opened" in EXPORTER.verify(publication(*RICH), path)[0]


def test_python_docx_sees_words_own_styles_and_the_properties(tmp_path: Path) -> None:
    path = _write(tmp_path, *RICH, author="Maria", language="de-DE", subject="Figures")
    document = docx.Document(str(path))
    names = [p.style.name for p in document.paragraphs if p.style is not None]
    assert {"Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number", "Quote", "HTML Preformatted"} <= set(
        names
    )
    core = document.core_properties
    assert (core.title, core.author, core.language, core.subject) == ("Report", "Maria", "de-DE", "Figures")


def test_each_ordered_list_has_a_numbering_of_its_own_that_starts_where_it_says(tmp_path: Path) -> None:
    path = _write(tmp_path, ListBlock(True, items("a"), start=7), ListBlock(True, items("b")))
    used = [element.get(qn("w:val")) for element in _part(path).iter(f"{{{W}}}numId")]
    assert len(set(used)) == 2
    starts = [element.get(qn("w:val")) for element in _part(path, "word/numbering.xml").iter(f"{{{W}}}startOverride")]
    assert starts == ["1", "7", "1"]


def test_a_header_row_repeats_and_rows_do_not_break(tmp_path: Path) -> None:
    root = _part(_write(tmp_path, table(["A", "B"], ["1", "2"])))
    assert len(list(root.iter(f"{{{W}}}tblHeader"))) == 1
    assert len(list(root.iter(f"{{{W}}}cantSplit"))) == 2


def test_without_a_header_the_first_row_looks_like_the_others(tmp_path: Path) -> None:
    assert _first(_part(_write(tmp_path, table(["A"], ["1"]))), "tblLook").get(qn("w:firstRow")) == "1"
    assert _first(_part(_write(tmp_path, table([""], ["1"]))), "tblLook").get(qn("w:firstRow")) == "0"


def test_columns_fit_the_page_and_their_text(tmp_path: Path) -> None:
    root = _part(_write(tmp_path, table(["Id", "Text"], ["1", "many words " * 60])))
    widths = [int(column.get(qn("w:w")) or 0) for column in root.iter(f"{{{W}}}gridCol")]
    assert widths[0] < 800 < widths[1]
    assert sum(widths) <= 11_906 - 2 * 1_134


def test_long_figures_have_room_in_a_wider_font_than_ours(tmp_path: Path) -> None:
    root = _part(_write(tmp_path, table(["EAN", "Text"], ["4012345678901", "many words " * 60])))
    width = int(_first(root, "gridCol").get(qn("w:w")) or 0) - 2 * CELL_PADDING
    assert width >= 13 * 0.636 * 9.5 * 20  # DejaVu Sans, at 9.5 points, in twips


def test_a_chapter_stands_apart_from_what_is_above_it(tmp_path: Path) -> None:
    styles = docx.Document(str(_write(tmp_path, paragraph("a"), Heading(1, (Run("b"),))))).styles
    above = [styles[f"Heading {level}"].paragraph_format.space_before for level in range(1, 7)]
    assert above == sorted(above, reverse=True)


def test_a_table_too_wide_upright_lies_on_its_side(tmp_path: Path) -> None:
    wide = table([f"Column number {n}" for n in range(9)], ["some longer text"] * 9)
    EXPORTER.write(publication(wide, kind=Kind.TABLE), tmp_path / "t.docx", lambda share: None)
    size = _first(_part(tmp_path / "t.docx"), "pgSz")
    assert size.get(qn("w:orient")) == "landscape"


def test_a_table_of_more_columns_than_word_opens_becomes_several(tmp_path: Path) -> None:
    wide = table([str(n) for n in range(100)], [str(n) for n in range(100)])
    path = tmp_path / "out.docx"
    warnings = EXPORTER.write(publication(wide), path, lambda share: None)
    assert warnings == ["a table of 100 columns was written as 2, for Word takes 63"]
    assert [len(row.cells) for t in docx.Document(str(path)).tables for row in t.rows] == [63, 63, 37, 37]
    assert EXPORTER.verify(publication(wide), path) == []


def test_characters_xml_cannot_hold_are_left_out_and_named(tmp_path: Path) -> None:
    block = paragraph("a\x07b\ud800c\uffff")
    path = tmp_path / "out.docx"
    warnings = EXPORTER.write(publication(block), path, lambda share: None)
    assert warnings == ["3 control characters that DOCX cannot hold left out: U+0007, U+D800, U+FFFF"]
    assert docx.Document(str(path)).paragraphs[0].text == "abc"


@pytest.mark.security
@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "http://[bad", "data:text/html,x", "http://"]
)
def test_only_web_and_mail_addresses_become_links(tmp_path: Path, address: str) -> None:
    path = _write(tmp_path, paragraph(Run("click", link=address)))
    assert not list(_part(path).iter(f"{{{W}}}hyperlink"))
    assert docx.Document(str(path)).paragraphs[0].text == f"click [{address}]"


def test_links_with_signs_that_break_relationships_still_open(tmp_path: Path) -> None:
    path = _write(tmp_path, paragraph(Run("x", link='http://a.org/a b"<c>?d=1&e=2')))
    assert docx.Document(str(path)).paragraphs[0].hyperlinks[0].address == "http://a.org/a%20b%22%3Cc%3E?d=1&e=2"


def test_arabic_paragraphs_run_from_the_right_and_latin_within_them_from_the_left(tmp_path: Path) -> None:
    root = _part(_write(tmp_path, paragraph("نص عربي مع English و رقم")))
    assert len(list(root.iter(f"{{{W}}}bidi"))) == 1
    runs = [("".join(run.itertext()), run.find(f".//{{{W}}}rtl") is not None) for run in root.iter(f"{{{W}}}r")]
    assert runs == [("نص عربي مع ", True), ("English", False), (" و رقم", True)]


def test_hebrew_within_latin_does_not_turn_the_paragraph(tmp_path: Path) -> None:
    root = _part(_write(tmp_path, paragraph("Say שלום עולם, please")))
    assert not list(root.iter(f"{{{W}}}bidi"))
    assert ["".join(rtl.getparent().getparent().itertext()) for rtl in root.iter(f"{{{W}}}rtl")] == ["שלום עולם"]  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "language"), [("日本のカフェ", "ja-JP"), ("한국어", "ko-KR"), ("中文", "zh-CN")])
def test_east_asian_text_is_hinted_and_named(tmp_path: Path, text: str, language: str) -> None:
    path = _write(tmp_path, paragraph(text))
    assert _first(_part(path), "rFonts").get(qn("w:hint")) == "eastAsia"
    assert _first(_part(path, "word/styles.xml"), "lang").get(qn("w:eastAsia")) == language


def test_a_second_mark_of_a_footnote_refers_to_the_first(tmp_path: Path) -> None:
    note = Footnote("n", (paragraph("Note."),))
    root = _part(_write(tmp_path, paragraph("a", FootnoteMark("n"), "b", FootnoteMark("n")), note))
    assert len(list(root.iter(f"{{{W}}}footnoteReference"))) == 1
    assert "NOTEREF _Note1" in str(_first(root, "fldSimple").get(qn("w:instr")))


def test_a_footnote_nothing_refers_to_is_kept_at_the_end(tmp_path: Path) -> None:
    path = _write(tmp_path, paragraph("Body."), Footnote("n", (paragraph("Kept."),)))
    assert [p.text for p in docx.Document(str(path)).paragraphs] == ["Body.", "[n]", "Kept."]


def test_pictures_are_embedded_once_and_no_wider_than_the_page(tmp_path: Path) -> None:
    picture = Picture(data_address(3_000, 10), "wide")
    path = _write(tmp_path, paragraph(picture), paragraph(picture))
    with zipfile.ZipFile(path) as archive:
        media = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert [archive.read(name) for name in media] == [png(3_000, 10)]
    assert [shape.width <= 9_638 * 635 for shape in docx.Document(str(path)).inline_shapes] == [True, True]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("data:image/png;base64,AAAA", "the chart"),
        ("data:image/svg+xml,<svg/>", "the chart"),
        ("data:", "the chart"),
        ("file:///x.png", "[Picture: the chart]"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_written_as_its_description(tmp_path: Path, source: str, said: str) -> None:
    path = _write(tmp_path, paragraph(Picture(source, "the chart")))
    assert docx.Document(str(path)).paragraphs[0].text == said


def test_lists_deeper_than_word_numbers_are_still_written(tmp_path: Path) -> None:
    block: Block = paragraph("leaf")
    for _ in range(30):
        block = ListBlock(True, items((paragraph("item"), block)))
    path = _write(tmp_path, block)
    assert EXPORTER.verify(publication(block), path) == []


def test_tabs_and_line_ends_in_text_are_elements_of_their_own(tmp_path: Path) -> None:
    path = _write(tmp_path, paragraph("a\tb\nc\r\nd"))
    assert docx.Document(str(path)).paragraphs[0].text == "a\tb\nc\nd"


def test_an_empty_publication_and_a_table_without_columns_are_written(tmp_path: Path) -> None:
    blocks = (TableBlock((), ((), ()), ()), Paragraph(()), Heading(1, ()))
    path = _write(tmp_path, *blocks)
    assert EXPORTER.verify(publication(*blocks), path) == []
    assert EXPORTER.verify(publication(), _write(tmp_path)) == []


def test_code_keeps_its_lines_and_tabs_over_several_paragraphs(tmp_path: Path) -> None:
    block = CodeBlock("python", "\n".join(f"\tx{n} = {n}  # n" for n in range(450)))
    path = _write(tmp_path, block)
    assert len(docx.Document(str(path)).paragraphs) == 3
    assert EXPORTER.verify(publication(block), path) == []


def _optional(tmp_path: Path, *blocks: Block, kind: Kind = Kind.DOCUMENT, **options: Any) -> Path:
    path = tmp_path / "out.docx"
    source = replace(publication(*blocks, kind=kind), options=ExportOptions(**options))
    EXPORTER.write(source, path, lambda share: None)
    assert EXPORTER.verify(source, path) == []
    return path


def _styled(path: Path, style: str) -> list[str]:
    paragraphs = docx.Document(str(path)).paragraphs
    return [each.text for each in paragraphs if each.style is not None and each.style.name == style]


def test_the_contents_are_a_field_filled_with_links_and_pages(tmp_path: Path) -> None:
    headings = [Heading(2, (Run(f"Part {n}"),)) for n in range(3)]
    long = paragraph("word " * 4_000)
    path = _optional(tmp_path, headings[0], long, headings[1], Heading(4, (Run("deep"),)), headings[2], contents=True)
    root = _part(path)
    told = ["".join(each.itertext()).strip() for each in root.iter(f"{{{W}}}instrText")]
    marks = [f"_Toc00000000{number}" for number in (1, 2, 3)]
    assert told == ['TOC \\o "1-3" \\h \\z \\u', *(f"PAGEREF {mark} \\h" for mark in marks)]
    bookmarks = [each.get(qn("w:name")) for each in root.iter(f"{{{W}}}bookmarkStart")]
    assert bookmarks == marks == [each.get(qn("w:anchor")) for each in root.iter(f"{{{W}}}hyperlink")]
    entries = ["".join(each.itertext(f"{{{W}}}t")) for each in root.iter(f"{{{W}}}hyperlink")]
    assert entries[0] == "Part 02"
    assert entries[1] == entries[2].replace("Part 2", "Part 1") and int(entries[1].removeprefix("Part 1")) > 5


def test_a_document_without_headings_has_no_contents(tmp_path: Path) -> None:
    assert not list(_part(_optional(tmp_path, paragraph("text"), contents=True)).iter(f"{{{W}}}sdt"))


def test_word_is_never_told_to_ask_for_leave_to_update_fields(tmp_path: Path) -> None:
    path = _optional(tmp_path, Heading(1, (Run("A"),)), contents=True)
    with zipfile.ZipFile(path) as archive:
        assert b"updateFields" not in archive.read("word/settings.xml")
        assert b"dirty" not in archive.read("word/document.xml")


def test_the_cover_has_a_page_of_its_own_without_a_number(tmp_path: Path) -> None:
    root = _part(_optional(tmp_path, paragraph("text"), cover=True))
    cover, rest = root.iter(f"{{{W}}}sectPr")
    assert cover.find(qn("w:footerReference")) is None
    assert rest.find(qn("w:footerReference")) is not None
    assert [style.get(qn("w:val")) for style in root.iter(qn("w:pStyle"))] == ["Title", "Date", "Gap"]


def test_a_long_title_leaves_the_cover_room_for_the_day(tmp_path: Path) -> None:
    source = replace(publication(paragraph("text")), title="A long title " * 80, options=ExportOptions(cover=True))
    path = tmp_path / "long.docx"
    EXPORTER.write(source, path, lambda share: None)
    assert EXPORTER.verify(source, path) == []
    title = next(_part(path).iter(qn("w:p")))
    assert _first(title, "pStyle").get(qn("w:val")) == "LongTitle"
    assert 480 < len("".join(title.itertext())) <= 500
    assert docx.Document(str(path)).styles["Long Title"].font.size.pt == 19


def test_the_foot_of_a_page_has_the_title_and_its_number_at_the_other_side(tmp_path: Path) -> None:
    wide = TableBlock(tuple((Run("heading" * 3),) for _ in range(12)), (), (None,) * 12)
    path = _optional(tmp_path, paragraph("x"), wide)
    upright, sideways = docx.Document(str(path)).sections
    assert upright.footer.paragraphs[0].text.startswith(publication().title)
    for section in (upright, sideways):
        (stop,) = section.footer.paragraphs[0].paragraph_format.tab_stops
        assert section.page_width is not None and section.left_margin and section.right_margin
        assert stop.position == section.page_width - section.left_margin - section.right_margin


def test_a_column_stands_at_its_side_whichever_way_its_cells_run(tmp_path: Path) -> None:
    sides = ("right", "left", "center", None)
    rows = tuple(tuple((Run(text),) for _ in sides) for text in ("סכום", "250"))
    path = _optional(tmp_path, TableBlock(((Run("a"),),) * 4, rows, sides))
    hebrew, figures = [
        [_said_side(cell) for cell in row.iter(qn("w:tc"))] for row in list(_part(path).iter(qn("w:tr")))[1:]
    ]
    # In a paragraph from the right 'right' is the side where lines end.
    assert hebrew == [None, "right", "center", None]
    assert figures == ["right", None, "center", None]


def _said_side(cell: etree._Element) -> str | None:
    side = next(cell.iter(qn("w:jc")), None)
    return None if side is None else side.get(qn("w:val"))


def test_lists_from_the_right_stand_a_step_further_in(tmp_path: Path) -> None:
    lists = [ListBlock(True, items((paragraph(text),))) for text in ("one", "אחת")]
    left = [each.paragraph_format.left_indent for each in docx.Document(str(_optional(tmp_path, *lists))).paragraphs]
    assert [each.twips for each in left if each is not None] == [360, 720]


def test_the_paper_is_the_one_chosen(tmp_path: Path) -> None:
    size = _first(_part(_optional(tmp_path, paragraph("x"), paper=Paper.LETTER)), "pgSz")
    assert (size.get(qn("w:w")), size.get(qn("w:h"))) == ("12240", "15840")


def test_only_a_wide_table_of_a_document_lies_on_its_side_with_its_heading(tmp_path: Path) -> None:
    wide = table([f"Measured column {n}" for n in range(12)], ["a long value"] * 12)
    path = _optional(tmp_path, paragraph("before"), Heading(2, (Run("Wide"),)), wide, paragraph("after"))
    sections = docx.Document(str(path)).sections
    assert [section.orientation == WD_ORIENT.LANDSCAPE for section in sections] == [False, True, False]
    first = next(each for each in _part(path)[0] if each.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None)
    following = first.getnext()
    assert following is not None and "".join(following.itertext()) == "Wide"
    narrow = _optional(tmp_path, table(["A", "B"], ["1", "2"]), paragraph("after"))
    assert len(docx.Document(str(narrow)).sections) == 1


@pytest.mark.parametrize("text", ["Table 1: Sums", "Abbildung 2", "Figure 3. A chart", "表 4"])
def test_a_line_that_names_a_table_beside_it_is_a_caption(tmp_path: Path, text: str) -> None:
    path = _optional(tmp_path, paragraph(text), table(["A"], ["1"]), paragraph("more"), paragraph(text))
    assert _styled(path, "Caption") == [text]


def test_a_tall_row_may_break_over_pages_and_the_others_may_not(tmp_path: Path) -> None:
    root = _part(_optional(tmp_path, table(["A", "B"], ["short", "x"], ["many words " * 400, "x"])))
    assert [row.find(f".//{qn('w:cantSplit')}") is not None for row in root.iter(qn("w:tr"))] == [True, True, False]


def test_lists_are_in_words_styles_of_their_level(tmp_path: Path) -> None:
    inner = ListBlock(False, items((paragraph("c"), ListBlock(False, items("d")))))
    path = _optional(
        tmp_path, ListBlock(True, items((paragraph("a"), ListBlock(True, items((paragraph("b"), inner))))))
    )
    found = [p.style.name for p in docx.Document(str(path)).paragraphs if p.style is not None]
    assert found == ["List Number", "List Number 2", "List Bullet 3", "List Bullet 4"]


def test_lines_of_code_are_numbered_when_asked_for(tmp_path: Path) -> None:
    path = _optional(tmp_path, CodeBlock("python", "\n".join("x" * 11)), line_numbers=True)
    assert [each.text for each in docx.Document(str(path)).paragraphs[8:11]] == [" 9\tx", "10\tx", "11\tx"]


def test_what_goes_on_below_a_numbered_line_hangs_beside_its_number(tmp_path: Path) -> None:
    path = _optional(tmp_path, CodeBlock("", "a\n\tb\n\t\t\tc"), line_numbers=True)
    places = []
    for paragraph_ in docx.Document(str(path)).paragraphs[:3]:
        form = paragraph_.paragraph_format
        assert form.left_indent is not None and form.first_line_indent is not None
        left = form.left_indent.twips
        assert left + form.first_line_indent.twips == CODE_PADDING
        places.append([(stop.position.twips - left) // CODE_CHARACTER for stop in form.tab_stops])
    assert places == [[0], [0, 4], [0, 4, 8, 12]]


def test_a_tab_in_code_is_as_wide_as_four_columns(tmp_path: Path) -> None:
    path = _optional(tmp_path, CodeBlock("", "\ta\nabcde\tb"))
    stops = docx.Document(str(path)).paragraphs[0].paragraph_format.tab_stops
    assert [(stop.position.twips - CODE_PADDING) // CODE_CHARACTER for stop in stops] == [4, 8]


def test_a_picture_in_a_cell_can_be_seen(tmp_path: Path) -> None:
    cells = TableBlock(
        ((Run("pic"),), (Run("n"),)), (((Picture(data_address(600, 300), "c"),), (Run("5"),)),), (None, None)
    )
    (shape,) = docx.Document(str(_optional(tmp_path, cells))).inline_shapes
    assert shape.width.mm > 70
    small = TableBlock(((Run("pic"),),), (((Picture(data_address(40, 20), "c"),),),), (None,))
    (shape,) = docx.Document(str(_optional(tmp_path, small))).inline_shapes
    assert shape.width.twips == 600


def test_equations_are_words_own_in_lines_and_on_their_own(tmp_path: Path) -> None:
    root = _part(_optional(tmp_path, paragraph("So ", InlineMath("x^2"), "."), MathBlock(r"\frac{a}{b}")))
    math = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
    assert [element.getparent().tag for element in root.iter(f"{math}oMath")] == [qn("w:p"), f"{math}oMathPara"]  # type: ignore[union-attr]


def test_the_footer_tells_the_page_and_how_many_there_are(tmp_path: Path) -> None:
    root = _part(_optional(tmp_path, paragraph("x")), "word/footer1.xml")
    assert [field.get(qn("w:instr")) for field in root.iter(qn("w:fldSimple"))] == [" PAGE ", " NUMPAGES "]
    assert "".join(root.itertext()) == "Report1 / 1"


def test_the_file_names_the_program_and_has_a_theme_for_its_fonts(tmp_path: Path) -> None:
    path = _optional(tmp_path, paragraph("x"))
    assert "ForgeApp" in "".join(_part(path, "docProps/app.xml").itertext())
    assert _part(path, "word/theme/theme1.xml").get("name") == "ForgeApp"
    fonts = _first(_part(path, "word/styles.xml"), "rFonts")
    assert fonts.get(qn("w:asciiTheme")) == "minorHAnsi"


def test_words_are_proofed_in_their_language_and_letters_of_another_script_in_theirs(tmp_path: Path) -> None:
    german = paragraph("Der Umsatz ist im dritten Quartal gestiegen und wird weiter wachsen.")
    path = _write(tmp_path, german, paragraph("Выручка выросла"), paragraph("Τα έσοδα"))
    (styled,) = _part(path, "word/styles.xml").iter(f"{{{W}}}lang")
    assert styled.get(qn("w:val")) == "de-DE"
    assert [each.get(qn("w:val")) for each in _part(path).iter(f"{{{W}}}lang")] == ["ru-RU", "el-GR"]
    check_order(_part(path))
    russian = paragraph("Выручка выросла, и это не было случайно, но по плану.")
    path = _write(tmp_path, russian, paragraph("Annual report 2026"), paragraph("12,5 %"), paragraph("ещё один текст"))
    assert _first(_part(path, "word/styles.xml"), "lang").get(qn("w:val")) == "ru-RU"
    assert [each.get(qn("w:val")) for each in _part(path).iter(f"{{{W}}}lang")] == ["en-US"]


@pytest.mark.parametrize(("text", "language"), [("שלום", "he-IL"), ("نص عربي", "ar-SA")])
def test_text_from_the_right_is_proofed_in_its_language(tmp_path: Path, text: str, language: str) -> None:
    path = _optional(tmp_path, paragraph(text))
    assert _first(_part(path, "word/styles.xml"), "lang").get(qn("w:bidi")) == language


def test_text_from_the_right_has_its_tables_over_the_whole_width_and_its_quote_bar_at_the_right(tmp_path: Path) -> None:
    path = _write(
        tmp_path, table(["المنطقة", "مبلغ"], ["الشمال", "12"]), Quote((paragraph("اقتباس"), paragraph("Left")))
    )
    root = _part(path)
    widths = [int(column.get(qn("w:w"))) for column in root.iter(f"{{{W}}}gridCol")]
    assert abs(sum(widths) - UPRIGHT[Paper.A4].text_width) < len(widths)
    right, left = (each for each in root.iter(f"{{{W}}}pPr") if _first(each, "pStyle").get(qn("w:val")) == "Quote")
    assert [etree.QName(side).localname for side in _first(right, "pBdr")] == ["left", "right"]
    assert _first(right, "left").get(qn("w:val")) == "nil"
    assert list(left.iter(f"{{{W}}}pBdr")) == []
    check_order(root)


def test_a_cell_has_room_for_the_mark_of_a_footnote() -> None:
    plain, marked = (
        TableBlock(((Run("A"),),), ((cell,),), (None,)) for cell in ((Run("12.50"),), (Run("12.50"), FootnoteMark("a")))
    )
    assert natural_widths(marked)[0][0] > natural_widths(plain)[0][0]


def test_contents_whose_highest_level_is_the_second_begin_at_the_margin(tmp_path: Path) -> None:
    path = _optional(tmp_path, Heading(1, (Run("T"),)), Heading(2, (Run("A"),)), Heading(3, (Run("B"),)), contents=True)
    styles = {style.get(qn("w:styleId")): style for style in _part(path, "word/styles.xml").iter(f"{{{W}}}style")}
    assert [_first(styles[f"TOC{level}"], "ind").get(qn("w:left")) for level in (2, 3)] == ["0", "280"]
    assert 'TOC \\o "1-3" \\h \\z \\u \\b _ForgeText' in {
        (told.text or "").strip() for told in _part(path).iter(f"{{{W}}}instrText")
    }


def test_tables_are_read_again_wherever_they_stand(tmp_path: Path) -> None:
    """Rows of the body are let go while the file is read, those of footnotes are not."""
    figures = table(["A", "B"], ["1", "2"], ["3", "4"])
    blocks = (figures, paragraph("marked", FootnoteMark("a")), figures, Footnote("a", (figures,)))
    path = _write(tmp_path, *blocks)
    assert EXPORTER.verify(publication(*blocks), path) == []
    other = replace(figures, rows=figures.rows[::-1])
    for changed in ((other, *blocks[1:]), (*blocks[:2], other, blocks[3]), (*blocks[:3], Footnote("a", (other,)))):
        assert EXPORTER.verify(publication(*changed), path)
