"""Languages and directions in DOCX."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from forgeapp.domain.document import ListBlock
from forgeapp.exporters.docx.styles import W
from tests.unit.exporters.document_samples import items, paragraph
from tests.unit.exporters.docx.opened import check_order, first_of, opened_part, written, written_with


def test_arabic_paragraphs_run_from_the_right_and_latin_within_them_from_the_left(tmp_path: Path) -> None:
    root = opened_part(written(tmp_path, paragraph("نص عربي مع English و رقم")))
    assert len(list(root.iter(f"{{{W}}}bidi"))) == 1
    runs = [("".join(run.itertext()), run.find(f".//{{{W}}}rtl") is not None) for run in root.iter(f"{{{W}}}r")]
    assert runs == [("نص عربي مع ", True), ("English", False), (" و رقم", True)]


def test_hebrew_within_latin_does_not_turn_the_paragraph(tmp_path: Path) -> None:
    root = opened_part(written(tmp_path, paragraph("Say שלום עולם, please")))
    assert not list(root.iter(f"{{{W}}}bidi"))
    assert ["".join(rtl.getparent().getparent().itertext()) for rtl in root.iter(f"{{{W}}}rtl")] == ["שלום עולם"]  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "language"), [("日本のカフェ", "ja-JP"), ("한국어", "ko-KR"), ("中文", "zh-CN")])
def test_east_asian_text_is_hinted_and_named(tmp_path: Path, text: str, language: str) -> None:
    path = written(tmp_path, paragraph(text))
    assert first_of(opened_part(path), "rFonts").get(qn("w:hint")) == "eastAsia"
    assert first_of(opened_part(path, "word/styles.xml"), "lang").get(qn("w:eastAsia")) == language


def test_words_are_proofed_in_their_language_and_letters_of_another_script_in_theirs(tmp_path: Path) -> None:
    german = paragraph("Der Umsatz ist im dritten Quartal gestiegen und wird weiter wachsen.")
    path = written(tmp_path, german, paragraph("Выручка выросла"), paragraph("Τα έσοδα"))
    (styled,) = opened_part(path, "word/styles.xml").iter(f"{{{W}}}lang")
    assert styled.get(qn("w:val")) == "de-DE"
    assert [each.get(qn("w:val")) for each in opened_part(path).iter(f"{{{W}}}lang")] == ["ru-RU", "el-GR"]
    check_order(opened_part(path))
    russian = paragraph("Выручка выросла, и это не было случайно, но по плану.")
    path = written(tmp_path, russian, paragraph("Annual report 2026"), paragraph("12,5 %"), paragraph("ещё один текст"))
    assert first_of(opened_part(path, "word/styles.xml"), "lang").get(qn("w:val")) == "ru-RU"
    assert [each.get(qn("w:val")) for each in opened_part(path).iter(f"{{{W}}}lang")] == ["en-US"]


@pytest.mark.parametrize(("text", "language"), [("שלום", "he-IL"), ("نص عربي", "ar-SA")])
def test_text_from_the_right_is_proofed_in_its_language(tmp_path: Path, text: str, language: str) -> None:
    path = written_with(tmp_path, paragraph(text))
    assert first_of(opened_part(path, "word/styles.xml"), "lang").get(qn("w:bidi")) == language


def test_lists_from_the_right_stand_a_step_further_in(tmp_path: Path) -> None:
    lists = [ListBlock(True, items((paragraph(text),))) for text in ("one", "אחת")]
    left = [each.paragraph_format.left_indent for each in docx.Document(str(written_with(tmp_path, *lists))).paragraphs]
    assert [each.twips for each in left if each is not None] == [360, 720]
