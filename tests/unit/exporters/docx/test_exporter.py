"""Texts, lists, notes, pictures and code in DOCX, in Word's own styles."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings

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
    Run,
    TableBlock,
)
from forgeapp.exporters.docx.code import CODE_CHARACTER, CODE_PADDING
from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.exporters.docx.styles import W
from tests.unit.exporters.document_samples import RICH, data_address, documents, items, paragraph, png, publication
from tests.unit.exporters.docx.opened import check_order, first_of, opened_part, written, written_with


def test_a_rich_document_reads_back_without_a_difference(tmp_path: Path) -> None:
    path = written(tmp_path, *RICH)
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
    path = written(tmp_path, *blocks)
    assert EXPORTER.verify(publication(*blocks), path) == []
    docx.Document(str(path))
    check_order(opened_part(path))


def test_the_elements_of_properties_stand_in_the_order_of_the_schema(tmp_path: Path) -> None:
    path = written(tmp_path, *RICH)
    for name in ("document", "styles", "footnotes", "numbering"):
        check_order(opened_part(path, f"word/{name}.xml"))


def test_python_docx_sees_words_own_styles_and_the_properties(tmp_path: Path) -> None:
    path = written(tmp_path, *RICH, author="Maria", language="de-DE", subject="Figures")
    document = docx.Document(str(path))
    names = [p.style.name for p in document.paragraphs if p.style is not None]
    assert {"Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number", "Quote", "HTML Preformatted"} <= set(
        names
    )
    core = document.core_properties
    assert (core.title, core.author, core.language, core.subject) == ("Report", "Maria", "de-DE", "Figures")


def test_each_ordered_list_has_a_numbering_of_its_own_that_starts_where_it_says(tmp_path: Path) -> None:
    path = written(tmp_path, ListBlock(True, items("a"), start=7), ListBlock(True, items("b")))
    used = [element.get(qn("w:val")) for element in opened_part(path).iter(f"{{{W}}}numId")]
    assert len(set(used)) == 2
    starts = [
        element.get(qn("w:val")) for element in opened_part(path, "word/numbering.xml").iter(f"{{{W}}}startOverride")
    ]
    assert starts == ["1", "7", "1"]


def test_a_chapter_stands_apart_from_what_is_above_it(tmp_path: Path) -> None:
    styles = docx.Document(str(written(tmp_path, paragraph("a"), Heading(1, (Run("b"),))))).styles
    above = [styles[f"Heading {level}"].paragraph_format.space_before for level in range(1, 7)]
    assert above == sorted(above, reverse=True)


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
    path = written(tmp_path, paragraph(Run("click", link=address)))
    assert not list(opened_part(path).iter(f"{{{W}}}hyperlink"))
    assert docx.Document(str(path)).paragraphs[0].text == f"click [{address}]"


def test_links_with_signs_that_break_relationships_still_open(tmp_path: Path) -> None:
    path = written(tmp_path, paragraph(Run("x", link='http://a.org/a b"<c>?d=1&e=2')))
    assert docx.Document(str(path)).paragraphs[0].hyperlinks[0].address == "http://a.org/a%20b%22%3Cc%3E?d=1&e=2"


def test_a_second_mark_of_a_footnote_refers_to_the_first(tmp_path: Path) -> None:
    note = Footnote("n", (paragraph("Note."),))
    root = opened_part(written(tmp_path, paragraph("a", FootnoteMark("n"), "b", FootnoteMark("n")), note))
    assert len(list(root.iter(f"{{{W}}}footnoteReference"))) == 1
    assert "NOTEREF _Note1" in str(first_of(root, "fldSimple").get(qn("w:instr")))


def test_a_footnote_nothing_refers_to_is_kept_at_the_end(tmp_path: Path) -> None:
    path = written(tmp_path, paragraph("Body."), Footnote("n", (paragraph("Kept."),)))
    assert [p.text for p in docx.Document(str(path)).paragraphs] == ["Body.", "[n]", "Kept."]


def test_pictures_are_embedded_once_and_no_wider_than_the_page(tmp_path: Path) -> None:
    picture = Picture(data_address(3_000, 10), "wide")
    path = written(tmp_path, paragraph(picture), paragraph(picture))
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
    path = written(tmp_path, paragraph(Picture(source, "the chart")))
    assert docx.Document(str(path)).paragraphs[0].text == said


def test_lists_deeper_than_word_numbers_are_still_written(tmp_path: Path) -> None:
    block: Block = paragraph("leaf")
    for _ in range(30):
        block = ListBlock(True, items((paragraph("item"), block)))
    path = written(tmp_path, block)
    assert EXPORTER.verify(publication(block), path) == []


def test_tabs_and_line_ends_in_text_are_elements_of_their_own(tmp_path: Path) -> None:
    path = written(tmp_path, paragraph("a\tb\nc\r\nd"))
    assert docx.Document(str(path)).paragraphs[0].text == "a\tb\nc\nd"


def test_an_empty_publication_and_a_table_without_columns_are_written(tmp_path: Path) -> None:
    blocks = (TableBlock((), ((), ()), ()), Paragraph(()), Heading(1, ()))
    path = written(tmp_path, *blocks)
    assert EXPORTER.verify(publication(*blocks), path) == []
    assert EXPORTER.verify(publication(), written(tmp_path)) == []


def test_code_keeps_its_lines_and_tabs_over_several_paragraphs(tmp_path: Path) -> None:
    block = CodeBlock("python", "\n".join(f"\tx{n} = {n}  # n" for n in range(450)))
    path = written(tmp_path, block)
    assert len(docx.Document(str(path)).paragraphs) == 3
    assert EXPORTER.verify(publication(block), path) == []


def test_lists_are_in_words_styles_of_their_level(tmp_path: Path) -> None:
    inner = ListBlock(False, items((paragraph("c"), ListBlock(False, items("d")))))
    path = written_with(
        tmp_path, ListBlock(True, items((paragraph("a"), ListBlock(True, items((paragraph("b"), inner))))))
    )
    found = [p.style.name for p in docx.Document(str(path)).paragraphs if p.style is not None]
    assert found == ["List Number", "List Number 2", "List Bullet 3", "List Bullet 4"]


def test_lines_of_code_are_numbered_when_asked_for(tmp_path: Path) -> None:
    path = written_with(tmp_path, CodeBlock("python", "\n".join("x" * 11)), line_numbers=True)
    assert [each.text for each in docx.Document(str(path)).paragraphs[8:11]] == [" 9\tx", "10\tx", "11\tx"]


def test_what_goes_on_below_a_numbered_line_hangs_beside_its_number(tmp_path: Path) -> None:
    path = written_with(tmp_path, CodeBlock("", "a\n\tb\n\t\t\tc"), line_numbers=True)
    places = []
    for paragraph_ in docx.Document(str(path)).paragraphs[:3]:
        form = paragraph_.paragraph_format
        assert form.left_indent is not None and form.first_line_indent is not None
        left = form.left_indent.twips
        assert left + form.first_line_indent.twips == CODE_PADDING
        places.append([(stop.position.twips - left) // CODE_CHARACTER for stop in form.tab_stops])
    assert places == [[0], [0, 4], [0, 4, 8, 12]]


def test_a_tab_in_code_is_as_wide_as_four_columns(tmp_path: Path) -> None:
    path = written_with(tmp_path, CodeBlock("", "\ta\nabcde\tb"))
    stops = docx.Document(str(path)).paragraphs[0].paragraph_format.tab_stops
    assert [(stop.position.twips - CODE_PADDING) // CODE_CHARACTER for stop in stops] == [4, 8]


def test_equations_are_words_own_in_lines_and_on_their_own(tmp_path: Path) -> None:
    root = opened_part(written_with(tmp_path, paragraph("So ", InlineMath("x^2"), "."), MathBlock(r"\frac{a}{b}")))
    math = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
    assert [element.getparent().tag for element in root.iter(f"{math}oMath")] == [qn("w:p"), f"{math}oMathPara"]  # type: ignore[union-attr]


def test_the_file_names_the_program_and_has_a_theme_for_its_fonts(tmp_path: Path) -> None:
    path = written_with(tmp_path, paragraph("x"))
    assert "ForgeApp" in "".join(opened_part(path, "docProps/app.xml").itertext())
    assert opened_part(path, "word/theme/theme1.xml").get("name") == "ForgeApp"
    fonts = first_of(opened_part(path, "word/styles.xml"), "rFonts")
    assert fonts.get(qn("w:asciiTheme")) == "minorHAnsi"
