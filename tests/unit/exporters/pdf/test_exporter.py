from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    FootnoteMark,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Picture,
    Run,
    TableBlock,
)
from forgeapp.exporters import fonts
from forgeapp.exporters.pdf.exporter import EXPORTER
from tests.pace import ends_within
from tests.unit.exporters.page_samples import (
    FULL,
    HOSTILE,
    SENTENCE,
    heading,
    paragraph,
    picture_source,
    publication,
    table,
    written,
)


@pytest.fixture(autouse=True)
def _only_shipped_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same fonts on every machine."""
    monkeypatch.setattr(fonts, "system_font_files", dict)


class Opened:
    """A written file as pdfium sees it."""

    def __init__(self, path: Path) -> None:
        self.document: Any = pypdfium2.PdfDocument(path)

    @property
    def texts(self) -> list[str]:
        return [page.get_textpage().get_text_range() for page in self.document]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        return [tuple(map(round, page.get_size())) for page in self.document]


@pytest.fixture
def pdf(tmp_path: Path) -> Iterator[Any]:
    opened: list[Opened] = []

    def write(*blocks: Block, **properties: str) -> Opened:
        content = publication(*blocks, **properties)
        path = tmp_path / "file.pdf"
        written(EXPORTER, content, path)
        assert EXPORTER.verify(content, path) == []
        opened.append(Opened(path))
        return opened[-1]

    yield write
    for file in opened:
        file.document.close()


def test_a_full_document_is_written_without_difference(pdf: Any) -> None:
    text = " ".join(pdf(*FULL).texts)
    for words in ("Profit grew by 12 %", "total(path)", "9,980.20", "has not understood", "Русский", "English"):
        assert words in text


def test_headings_are_in_the_outline_whatever_levels_they_skip(pdf: Any) -> None:
    outline = pdf(heading(1, "One"), heading(4, "Two"), heading(2, "Three")).document.get_toc()
    assert [(entry.level, entry.get_title()) for entry in outline] == [(0, "One"), (1, "Two"), (1, "Three")]


def test_title_author_subject_and_date_are_in_the_file(pdf: Any) -> None:
    file = pdf(paragraph("x"), title="Café «Nord»", author="Ana", subject="Money", created="2026-01-02T03:04:05+00:00")
    values = file.document.get_metadata_dict()
    assert (values["Title"], values["Author"], values["Subject"]) == ("Café «Nord»", "Ana", "Money")
    assert "20260102030405" in values["CreationDate"]


def test_numbers_of_lists_are_those_of_the_document(pdf: Any) -> None:
    items = tuple(ListItem((paragraph(word),)) for word in ("Milk", "Coffee", "Tea"))
    text = pdf(ListBlock(ordered=True, start=9, items=items)).texts[0]
    assert [line.split() for line in text.splitlines()] == [["9.", "Milk"], ["10.", "Coffee"], ["11.", "Tea"]]


def test_markup_is_never_interpreted(pdf: Any) -> None:
    text = pdf(paragraph("__init__ and **this** and {nb} and [a](b)"), paragraph(SENTENCE * 60)).texts[0]
    assert "__init__ and **this** and {nb} and [a](b)" in text


def test_the_header_stands_on_every_page_of_a_table(pdf: Any) -> None:
    rows = [[f"row {number}", f"{number}.00"] for number in range(150)]
    texts = pdf(table(["Thing", "Amount"], rows, [None, "right"])).texts
    assert len(texts) >= 4
    assert all(text.startswith("Thing Amount") for text in texts)


def test_a_row_that_does_not_fit_goes_whole_to_the_next_page(pdf: Any) -> None:
    rows = [[f"begin{number} {SENTENCE * 4}end{number}"] for number in range(30)]
    texts = pdf(table(["Text"], rows)).texts
    assert len(texts) > 1
    assert all(any(f"begin{n} " in text and f"end{n}" in text for text in texts) for n in range(30))


def test_a_wide_table_turns_its_pages_and_what_follows_stands_upright_again(pdf: Any) -> None:
    wide = table([f"Heading{i}" for i in range(12)], [["value"] * 12] * 3)
    file = pdf(paragraph("before"), heading(2, "Wide"), wide, paragraph("after"))
    assert file.sizes == [(595, 842), (842, 595), (595, 842)]
    assert "Wide" in file.texts[1]
    assert "after" in file.texts[2]


def test_a_table_of_many_columns_whose_texts_would_run_down_the_page_turns_it(pdf: Any) -> None:
    cells = ["12345678", SENTENCE * 2, *["12345678"] * 6]
    assert pdf(table(["Name"] * 8, [cells])).sizes == [(842, 595)]
    assert pdf(table(["Name"] * 4, [cells[:4]])).sizes == [(595, 842)]


def test_a_wide_table_is_told_of(tmp_path: Path) -> None:
    wide = table([f"Heading{i}" for i in range(12)], [["value"] * 12])
    assert "landscape" in written(EXPORTER, publication(wide), tmp_path / "a.pdf")[0]


def test_columns_align_as_the_table_says(pdf: Any) -> None:
    page = pdf(table(["n"], [["1"], ["1000"]], ["right"])).document[0].get_textpage()
    assert page.get_text_range().split() == ["n", "1", "1000"]
    heading_end, one_end, thousand_end = (page.get_charbox(index, loose=True)[2] for index in (0, 3, 9))
    assert heading_end == pytest.approx(thousand_end, abs=0.2)
    assert one_end == pytest.approx(thousand_end, abs=0.2)


def test_only_web_and_mail_addresses_become_links(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    content = publication(
        paragraph(
            Run("web", link="https://example.org/?a=(1)"),
            Run("mail", link="mailto:a@b.org"),
            Run("script", link="javascript:alert(1)"),
            Run("file", link="file:///etc/passwd"),
        )
    )
    written(EXPORTER, content, path)
    data = path.read_bytes()
    assert data.count(b"/URI (") == 2
    assert b"javascript" not in data
    assert b"file:" not in data


def test_a_picture_in_the_document_is_drawn_within_the_page(pdf: Any) -> None:
    file = pdf(Paragraph((Picture(picture_source(3000, 9000, "jpeg"), "tall"),)))
    (image,) = file.document[0].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    left, bottom, right, top = image.get_bounds()
    assert left >= 60
    assert right <= 535
    assert 500 < top - bottom < 620


def test_a_picture_elsewhere_shows_its_description(pdf: Any) -> None:
    assert "a cat" in pdf(Paragraph((Picture("https://example.org/cat.png", "a cat"),))).texts[0]


def test_code_keeps_its_lines_and_its_colours_over_pages(pdf: Any) -> None:
    code = "\n".join(f"value_{number} = {number}  # note" for number in range(200))
    texts = pdf(CodeBlock("python", code)).texts
    assert len(texts) == 4
    assert "value_199 = 199 # note" in texts[-1]


def test_text_from_right_to_left_starts_at_the_right_edge(pdf: Any) -> None:
    page = pdf(paragraph("שלום עולם")).document[0].get_textpage()
    assert page.get_text_range() == "שלום עולם"
    assert page.get_charbox(0)[2] > 500


def test_characters_without_a_font_are_named_once_and_shown_as_a_substitute(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    content = publication(paragraph("ሀ and ሀ"), paragraph("ሀ"), paragraph("\x07"))
    controls, letters = written(EXPORTER, content, path)
    assert "No font on this computer has 1 character of the Ethiopic script: shown as" in letters
    assert "ሀ" not in letters, "where no font has it, it is an empty box here, too"
    assert "U+0007" in controls
    assert EXPORTER.verify(content, path) == []
    assert Opened(path).texts[0].count("\ufffd") == 4


def test_system_fonts_are_used_for_what_the_shipped_ones_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sans = fonts.text_font("sans", "").path
    monkeypatch.setattr(fonts, "_SHIPPED_FALLBACKS", ())
    monkeypatch.setattr(fonts, "system_font_files", lambda: {"dejavusans.ttf": sans})
    assert fonts.fallback_font("д") == fonts.FontFile(f"other-{sans.stem.lower()}", "", sans)
    assert fonts.fallback_font("ሀ") is None


def test_a_page_of_text_is_small_and_its_fonts_are_embedded(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    written(EXPORTER, publication(heading(1, "A page"), *[paragraph(SENTENCE * 4)] * 7), path)
    data = path.read_bytes()
    assert len(data) < 100_000
    assert data.count(b"/FontFile2") == 2


def test_pages_are_numbered_where_there_are_several(pdf: Any) -> None:
    assert "1 / 1" not in pdf(paragraph("alone")).texts[0]
    texts = pdf(*[paragraph(SENTENCE * 5)] * 30).texts
    assert [text.splitlines()[-1].split("report ")[-1] for text in texts] == [
        f"{number} / {len(texts)}" for number in range(1, len(texts) + 1)
    ]


def test_a_heading_never_ends_a_page(pdf: Any) -> None:
    blocks: list[Block] = []
    for number in range(60):
        blocks += [heading(2, f"Title{number}"), paragraph(f"First{number} " + SENTENCE * (number % 5 + 1))]
    for text in pdf(*blocks).texts:
        last = text.splitlines()[-2]
        assert not last.startswith("Title")


def test_progress_grows_to_one(tmp_path: Path) -> None:
    shares: list[float] = []
    EXPORTER.write(publication(*FULL), tmp_path / "a.pdf", shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.security
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_is_carried_harmlessly(name: str, tmp_path: Path) -> None:
    content = publication(*HOSTILE[name], title="\ud800<b>\x00")
    path = tmp_path / "a.pdf"
    with ends_within(120):  # of what grows with the square of a text, some would take far longer
        written(EXPORTER, content, path)
        assert EXPORTER.verify(content, path) == []
    data = path.read_bytes()
    assert b"/JavaScript" not in data
    assert b"/Launch" not in data


_ROWS = [["alpha", "1"], ["beta", "2"], ["gamma", "3"], ["delta", "2"]]


@pytest.mark.parametrize(
    ("wanted", "got", "word"),
    [
        ((paragraph("one"), paragraph("two")), (paragraph("one"),), "two"),
        ((paragraph("same"), paragraph("same")), (paragraph("same"),), "same"),
        ((table(["a", "b"], _ROWS),), (table(["a", "b"], _ROWS[:2] + _ROWS[3:]),), "gamma"),
        ((table(["a", "b"], _ROWS),), (table(["a", "b"], [*_ROWS[:3], ["delta", ""]]),), "2"),
        ((table(["h"], [["x"]] * 300),), (table(["h"], [["x"]] * 299),), "x"),
        ((paragraph("price 120"),), (paragraph("price 12"),), "price 120"),
        ((heading(1, "Title"), paragraph("x")), (paragraph("Title"), paragraph("x")), "outline"),
        ((paragraph(Run("a", link="https://e.org")),), (paragraph("a"),), "links to https://e.org"),
        ((Paragraph((Picture(picture_source()),)),), (paragraph(""),), "pictures"),
        ((CodeBlock("", "a\nb\nc"),), (CodeBlock("", "a\nc"),), "line of code 'b'"),
        ((paragraph("שלום עולם"),), (paragraph("שלום"),), "שלום עולם"),
        (
            (ListBlock(True, (ListItem((paragraph("a"),)),), start=3),),
            (ListBlock(True, (ListItem((paragraph("a"),)),)),),
            "3.",
        ),
    ],
)
def test_what_is_missing_from_the_file_is_named(
    wanted: tuple[Block, ...], got: tuple[Block, ...], word: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    written(EXPORTER, publication(*got), path)
    found = EXPORTER.verify(publication(*wanted), path)
    assert any(word in difference for difference in found), found


def test_a_row_missing_from_a_table_over_many_pages_is_found(tmp_path: Path) -> None:
    rows = [[f"{number % 7}", "same words in every row"] for number in range(400)]
    path = tmp_path / "a.pdf"
    written(EXPORTER, publication(table(["k", "v"], rows[:200] + rows[201:])), path)
    assert EXPORTER.verify(publication(table(["k", "v"], rows)), path)


def test_another_title_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    written(EXPORTER, publication(paragraph("x")), path)
    other = dataclasses.replace(publication(paragraph("x")), title="Another")
    assert EXPORTER.verify(other, path) == ["the title is 'A report', not 'Another'"]


def test_a_file_that_is_no_pdf_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"not a PDF")
    (difference,) = EXPORTER.verify(publication(paragraph("x")), path)
    assert "cannot be opened" in difference


_TEXT = st.text(st.characters(), max_size=40)
_RUNS = st.lists(st.builds(Run, _TEXT, st.booleans(), st.booleans(), st.booleans(), st.booleans()), max_size=4)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=_RUNS, cells=st.lists(_TEXT, min_size=4, max_size=4), code=_TEXT)
def test_whatever_text_is_given_comes_back(runs: list[Run], cells: list[str], code: str, tmp_path: Path) -> None:
    inlines = tuple(runs)
    grid = TableBlock(((Run(cells[0]),), inlines), (((Run(cells[1]),), (Run(cells[2]),)),), (None, "right"))
    content = publication(Heading(2, inlines), Paragraph(inlines), grid, CodeBlock("python", code), title=cells[3])
    path = tmp_path / "a.pdf"
    written(EXPORTER, content, path)
    assert EXPORTER.verify(content, path) == []


def test_a_table_too_wide_for_its_list_leaves_it_for_a_page_of_its_own(pdf: Any) -> None:
    wide = table([f"Heading{i}" for i in range(14)], [["value"] * 14])
    item = ListItem((paragraph("before"), wide, paragraph("after")))
    file = pdf(ListBlock(False, (item,)), paragraph(SENTENCE * 3))
    assert file.sizes == [(595, 842), (842, 595), (595, 842)]
    assert file.document[2].get_textpage().get_charbox(0)[0] > 80
    assert max(o.get_bounds()[2] for o in file.document[2].get_objects()) < 535


def test_a_list_item_that_is_only_a_footnote_mark_is_shown(pdf: Any) -> None:
    item = ListItem((Paragraph((FootnoteMark("x"),)),))
    assert "[x]" in pdf(ListBlock(False, (item,))).texts[0]


def test_languages_of_both_directions_stand_side_by_side(pdf: Any) -> None:
    rows = [[f"row {number} (11)", "שלום עולם (טוב) 42", "مرحبا بالعالم 11"] for number in range(9, 60)]
    items = tuple(ListItem((paragraph(row[2] * 5),)) for row in rows)
    read = pdf(table(["English", "עברית", "عربي"], rows), ListBlock(True, items, start=9))
    shown = "".join(read.texts)
    assert shown.count("row") == len(rows)
    assert "English" in shown


def test_a_heading_that_ends_with_a_hyphen_and_stands_in_the_text_too_is_no_difference(pdf: Any) -> None:
    assert "Pre-" in pdf(heading(2, "Pre-"), table(["Pre- ", "x"], [["Pre- and post", "y"]])).texts[0]
