"""What stands before and around the text in DOCX: cover, contents, paper, the foot of pages."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import docx
from docx.oxml.ns import qn

from forgeapp.domain.document import Heading, Run, TableBlock
from forgeapp.domain.export_options import ExportOptions, Paper
from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.exporters.docx.styles import W
from tests.unit.exporters.document_samples import paragraph, publication
from tests.unit.exporters.docx.opened import first_of, opened_part, written_with


def test_the_contents_are_a_field_filled_with_links_and_pages(tmp_path: Path) -> None:
    headings = [Heading(2, (Run(f"Part {n}"),)) for n in range(3)]
    long = paragraph("word " * 4_000)
    path = written_with(
        tmp_path, headings[0], long, headings[1], Heading(4, (Run("deep"),)), headings[2], contents=True
    )
    root = opened_part(path)
    told = ["".join(each.itertext()).strip() for each in root.iter(f"{{{W}}}instrText")]
    marks = [f"_Toc00000000{number}" for number in (1, 2, 3)]
    assert told == ['TOC \\o "1-3" \\h \\z \\u', *(f"PAGEREF {mark} \\h" for mark in marks)]
    bookmarks = [each.get(qn("w:name")) for each in root.iter(f"{{{W}}}bookmarkStart")]
    assert bookmarks == marks == [each.get(qn("w:anchor")) for each in root.iter(f"{{{W}}}hyperlink")]
    entries = ["".join(each.itertext(f"{{{W}}}t")) for each in root.iter(f"{{{W}}}hyperlink")]
    assert entries[0] == "Part 02"
    assert entries[1] == entries[2].replace("Part 2", "Part 1") and int(entries[1].removeprefix("Part 1")) > 5


def test_a_document_without_headings_has_no_contents(tmp_path: Path) -> None:
    assert not list(opened_part(written_with(tmp_path, paragraph("text"), contents=True)).iter(f"{{{W}}}sdt"))


def test_word_is_never_told_to_ask_for_leave_to_update_fields(tmp_path: Path) -> None:
    path = written_with(tmp_path, Heading(1, (Run("A"),)), contents=True)
    with zipfile.ZipFile(path) as archive:
        assert b"updateFields" not in archive.read("word/settings.xml")
        assert b"dirty" not in archive.read("word/document.xml")


def test_the_cover_has_a_page_of_its_own_without_a_number(tmp_path: Path) -> None:
    root = opened_part(written_with(tmp_path, paragraph("text"), cover=True))
    cover, rest = root.iter(f"{{{W}}}sectPr")
    assert cover.find(qn("w:footerReference")) is None
    assert rest.find(qn("w:footerReference")) is not None
    assert [style.get(qn("w:val")) for style in root.iter(qn("w:pStyle"))] == ["Title", "Date", "Gap"]


def test_a_long_title_leaves_the_cover_room_for_the_day(tmp_path: Path) -> None:
    source = replace(publication(paragraph("text")), title="A long title " * 80, options=ExportOptions(cover=True))
    path = tmp_path / "long.docx"
    EXPORTER.write(source, path, lambda share: None)
    assert EXPORTER.verify(source, path) == []
    title = next(opened_part(path).iter(qn("w:p")))
    assert first_of(title, "pStyle").get(qn("w:val")) == "LongTitle"
    assert 480 < len("".join(title.itertext())) <= 500
    assert docx.Document(str(path)).styles["Long Title"].font.size.pt == 19


def test_the_foot_of_a_page_has_the_title_and_its_number_at_the_other_side(tmp_path: Path) -> None:
    wide = TableBlock(tuple((Run("heading" * 3),) for _ in range(12)), (), (None,) * 12)
    path = written_with(tmp_path, paragraph("x"), wide)
    upright, sideways = docx.Document(str(path)).sections
    assert upright.footer.paragraphs[0].text.startswith(publication().title)
    for section in (upright, sideways):
        (stop,) = section.footer.paragraphs[0].paragraph_format.tab_stops
        assert section.page_width is not None and section.left_margin and section.right_margin
        assert stop.position == section.page_width - section.left_margin - section.right_margin


def test_the_paper_is_the_one_chosen(tmp_path: Path) -> None:
    size = first_of(opened_part(written_with(tmp_path, paragraph("x"), paper=Paper.LETTER)), "pgSz")
    assert (size.get(qn("w:w")), size.get(qn("w:h"))) == ("12240", "15840")


def test_the_footer_tells_the_page_and_how_many_there_are(tmp_path: Path) -> None:
    root = opened_part(written_with(tmp_path, paragraph("x")), "word/footer1.xml")
    assert [field.get(qn("w:instr")) for field in root.iter(qn("w:fldSimple"))] == [" PAGE ", " NUMPAGES "]
    assert "".join(root.itertext()) == "Report1 / 1"


def test_contents_whose_highest_level_is_the_second_begin_at_the_margin(tmp_path: Path) -> None:
    path = written_with(
        tmp_path, Heading(1, (Run("T"),)), Heading(2, (Run("A"),)), Heading(3, (Run("B"),)), contents=True
    )
    styles = {style.get(qn("w:styleId")): style for style in opened_part(path, "word/styles.xml").iter(f"{{{W}}}style")}
    assert [first_of(styles[f"TOC{level}"], "ind").get(qn("w:left")) for level in (2, 3)] == ["0", "280"]
    assert 'TOC \\o "1-3" \\h \\z \\u \\b _ForgeText' in {
        (told.text or "").strip() for told in opened_part(path).iter(f"{{{W}}}instrText")
    }
