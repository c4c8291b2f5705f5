"""What stands before a text is in its language."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.publication import Exporter
from forgeapp.exporters import front_words
from forgeapp.exporters.docx.exporter import EXPORTER as DOCX
from forgeapp.exporters.front_words import contents_heading, date_in_words
from forgeapp.exporters.language import _SCRIPTS, _SMALL_WORDS
from forgeapp.exporters.pdf.exporter import EXPORTER as PDF
from tests.unit.exporters.page_samples import heading, paragraph, publication, written
from tests.unit.exporters.pdf.opened import Opened

_DAY = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "21 November 2026"),
        ("de-AT", "21. November 2026"),
        ("es", "21 de noviembre de 2026"),
        ("hu", "2026. november 21."),
        ("ru", "21 ноября 2026 г."),
        ("ja", "2026年11月21日"),
        ("ko", "2026년 11월 21일"),
        ("he", "21 בנובמבר 2026"),
        ("eo", "21 November 2026"),
        ("", "21 November 2026"),
    ],
)
def test_a_day_is_worded_as_its_language_does(language: str, day: str) -> None:
    assert date_in_words(_DAY, language) == day


def test_each_language_that_a_text_can_be_found_to_be_in_has_its_words() -> None:
    languages = {*_SMALL_WORDS, *(language for language, _ in _SCRIPTS)}
    assert languages <= front_words._CONTENTS.keys()
    for language in languages:
        days = {date_in_words(datetime(2026, month, 9, tzinfo=UTC), language) for month in range(1, 13)}
        assert len(days) == 12, language
        assert all("2026" in day and "9" in day for day in days)
    assert {len(months.split()) for months in front_words._MONTHS.values()} == {12}


def test_contents_in_a_language_without_a_word_for_them_are_english() -> None:
    assert [contents_heading(tag) for tag in ("eo", "", "zh-Hant", "zh-CN")] == ["Contents", "Contents", "目錄", "目录"]


@pytest.mark.parametrize("exporter", [PDF, DOCX])
def test_pages_from_right_to_left_have_their_front_in_their_language(exporter: Exporter, tmp_path: Path) -> None:
    blocks = (heading(1, "תקציר"), heading(2, "א"), paragraph("שלום"), heading(2, "ב"), paragraph("שלום"))
    content = publication(*blocks, title="תקציר", created="2026-11-21T10:00:00+00:00")
    object.__setattr__(content, "options", ExportOptions(cover=True, contents=True))
    path = tmp_path / f"a.{exporter.format.value}"
    written(exporter, content, path)
    assert exporter.verify(content, path) == []
    if exporter is PDF:
        file = Opened(path)
        assert "בנובמבר" in file.texts[0]
        assert "תוכן העניינים" in file.texts[1]


def test_the_footer_and_the_bar_of_the_cover_begin_at_the_right(tmp_path: Path) -> None:
    content = publication(*[paragraph("שלום")] * 60, title="תקציר")
    object.__setattr__(content, "options", ExportOptions(cover=True))
    written(PDF, content, tmp_path / "a.pdf")
    document = Opened(tmp_path / "a.pdf").document
    width = document[0].get_size()[0]
    (bar,) = [each.get_bounds() for each in document[0].get_objects() if each.type == 2]
    assert bar[0] > width / 2
    page = document[1].get_textpage()
    assert page.get_text_bounded(0, 0, width / 2, 50).split() == ["4", "/", "2"]  # Read backwards.
    assert page.get_text_bounded(width / 2, 0, width, 50).strip() == "תקציר"
