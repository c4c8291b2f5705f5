from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from pypdfium2 import raw

from forgeapp.domain.document import ListBlock, ListItem, Run
from forgeapp.exporters import fonts
from forgeapp.exporters.pdf.characters import AS_EMOJI, EMOJI, flowing, han_language
from forgeapp.exporters.pdf.exporter import EXPORTER
from tests.unit.exporters.page_samples import paragraph, publication, table, written
from tests.unit.exporters.pdf.opened import Opened, verified

FAMILY, TONED, FLAG, KEYCAP = "👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "1️⃣"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize("cluster", [FAMILY, TONED, FLAG, KEYCAP, ENGLAND, "❤️", "👩🏽‍💻"])
def test_characters_that_are_one_picture_are_known_as_one(cluster: str) -> None:
    assert [match[0] for match in EMOJI.finditer(f"a{cluster}b")] == [cluster]
    assert flowing(cluster) == cluster


@pytest.mark.security
def test_tags_that_could_hide_words_are_taken_out() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "pay Eve")
    assert flowing(f"a{hidden}b") == "ab"
    assert flowing(f"\U0001f3f4{hidden}") == "\U0001f3f4"


@pytest.mark.parametrize(
    "marked",
    ["\u0627\u0644\u0639\u0650\u0644\u0652\u0645\u064f \u0646\u064f\u0648\u0631\u064c", "xy\u0331z q\u0323q\u0307x"],
    ids=["harakat", "accents"],
)
def test_letters_stand_and_join_as_they_do_without_the_marks_on_them(marked: str, tmp_path: Path) -> None:
    plain = "".join(each for each in marked if not unicodedata.combining(each))
    letters: list[list[tuple[float, ...]]] = []
    for number, text in enumerate((plain, marked)):
        page = verified(publication(paragraph(text)), tmp_path / f"{number}.pdf").document[0].get_textpage()
        found = [index for index in range(page.count_chars()) if page.get_text_range(index, 1).isalpha()]
        letters.append(sorted(page.get_charbox(index) for index in found))
    assert letters[1] == [pytest.approx(box, abs=0.1) for box in letters[0]]


def test_joined_emoji_are_one_glyph_each_where_the_system_has_a_font_of_them(tmp_path: Path) -> None:
    if fonts.emoji_font() is None:
        pytest.skip("no font of coloured emoji on this machine")
    file = verified(publication(paragraph(f"{FAMILY}{TONED}{FLAG}{KEYCAP}")), tmp_path / "a.pdf")
    text_page = file.document[0].get_textpage()
    lefts = {round(text_page.get_charbox(index, loose=True)[0]) for index in range(text_page.count_chars())}
    assert len(lefts) == 4


def test_without_a_font_of_them_emoji_are_named_but_not_the_marks_that_join_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "system_font_files", dict)
    content = publication(paragraph(f"{FAMILY} ☎{AS_EMOJI}"))
    warnings = written(EXPORTER, content, tmp_path / "a.pdf")
    assert EXPORTER.verify(content, tmp_path / "a.pdf") == []
    assert Opened(tmp_path / "a.pdf").texts[0].endswith(" ☎")
    assert all("U+200D" not in warning and "U+FE0F" not in warning for warning in warnings)


@pytest.mark.parametrize(
    ("text", "otherwise", "language"),
    [
        ("漢字かな", "", "ja"),
        ("한국어 海", "zh", "ko"),
        ("骨直海", "", "zh"),
        ("骨直海", "ja", "ja"),
        ("這個國家們說", "", "zh-hant"),
        ("这个国家们说", "", "zh"),
        ("only Latin", "", ""),
    ],
)
def test_whose_shapes_chinese_characters_want_is_told_by_the_text(text: str, otherwise: str, language: str) -> None:
    assert han_language(text, otherwise) == language


def test_a_script_that_only_an_unknown_font_has_is_set_in_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_SHIPPED_FALLBACKS", ())
    sans = fonts.text_font("sans", "").path
    files = {"zz unknown.ttf": sans, "zz unknown bold.ttf": sans.with_name("NotoSans-Bold.ttf")}
    monkeypatch.setattr(fonts, "system_font_files", lambda: files)
    fonts._upright_fonts.cache_clear()
    try:
        found = fonts.fallback_font("д")
    finally:
        fonts._upright_fonts.cache_clear()
    assert found is not None
    assert found.path == sans


def boxes_of(file: Opened) -> dict[str, tuple[float, ...]]:
    """Where the last of each letter stands: left, bottom, right, top. Pdfium guesses the order of such short texts."""
    page = file.document[0].get_textpage()
    return {page.get_text_range(index, 1): page.get_charbox(index) for index in range(page.count_chars())}


def test_a_table_from_right_to_left_begins_at_the_right(tmp_path: Path) -> None:
    boxes = boxes_of(
        verified(publication(table(["יום", "סכ"], [["שני", "12.50"]], [None, "right"])), tmp_path / "a.pdf")
    )
    assert boxes["ש"][0] > boxes["5"][0] > 300
    assert boxes["ם"][0] > boxes["ס"][0] > 300


def test_figures_of_a_table_from_right_to_left_stand_beneath_their_header(tmp_path: Path) -> None:
    boxes = boxes_of(verified(publication(table(["אב", "גדהו"], [["ז", "17"]], [None, "right"])), tmp_path / "a.pdf"))
    assert boxes["1"][0] == pytest.approx(boxes["ו"][0], abs=1.5)
    assert boxes["ז"][2] == pytest.approx(boxes["א"][2], abs=1.5)
    assert boxes["ז"][0] > boxes["7"][2]


def test_numbers_of_a_list_from_right_to_left_end_to_the_left(tmp_path: Path) -> None:
    items = (ListItem((paragraph("אב"),)), ListItem((paragraph("גד"),)))
    boxes = boxes_of(verified(publication(ListBlock(True, items, start=7)), tmp_path / "a.pdf"))
    assert boxes["א"][2] < boxes["."][0] < boxes["7"][0]


def test_letters_whose_font_has_no_bold_ones_are_thickened(tmp_path: Path) -> None:
    arrow = "\u279c"
    content = publication(paragraph(arrow), paragraph(Run(arrow, bold=True)), paragraph(Run("bold", bold=True)))
    file = verified(content, tmp_path / "a.pdf")
    texts = file.document[0].get_objects([raw.FPDF_PAGEOBJ_TEXT])
    filled, both = raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_STROKE
    assert [raw.FPDFTextObj_GetTextRenderMode(each) for each in texts] == [filled, both, filled]
