"""Right tables are found right, whichever way they run and whatever their headers begin with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.document import Block, Footnote, FootnoteMark, ListBlock, ListItem, Paragraph, Quote, Run
from forgeapp.domain.publication import Publication
from forgeapp.exporters.pdf.exporter import EXPORTER
from tests.unit.exporters.page_samples import heading, paragraph, publication, table, written
from tests.unit.exporters.pdf.opened import verified

_BACKWARDS = ["א", "מחיר", "תקציר כללי", "السعر", "المجموع 5", "שלום (1)", "١٢٣", "abc שלום"]
_FORWARDS = ["1", "2", "12", "2,50", "1,000.50 €", "2026-01-05", "12 %", "-3", "", "Q1", "Q1 2", "Apple", "§ 3", "(1)"]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (["א", "ב"], [["1", "2"]]),
        (["א", "ב"], [["2026-01-05", "2,50"], ["", "12 %"], ["", ""]]),
        (["السعر", "الاسم"], [["1,000.50 €", "Apple"], ["5/6", "Q1 2"]]),
        (["א"], [["1"], ["12"], ["א"], ["1"]]),
        (["Name", "מחיר"], [["1", "2"], ["שלום", "3"]]),
        (["מחיר", "18,126.0"], [["1", "2"], ["", "3"]]),
        ([*"אבגדהוזח"], [[*"12345678"], [*"1234567", ""], [*"1234א678"]]),
    ],
)
@pytest.mark.parametrize("title", ["A report", "תקציר"])
def test_a_table_from_right_to_left_is_found_whatever_is_in_it(
    title: str, header: list[str], rows: list[list[str]], tmp_path: Path
) -> None:
    block = table(header, rows)
    nested = ListBlock(True, (ListItem((paragraph("שלום"), block)),))
    verified(publication(paragraph("שלום"), block, Quote((block,)), nested, title=title), tmp_path / "a.pdf")


def test_a_figure_that_is_another_one_in_such_a_table_is_named(tmp_path: Path) -> None:
    right = publication(paragraph("שלום"), table(["א", "ב"], [["1", "2"]]))
    written(EXPORTER, publication(paragraph("שלום"), table(["א", "ב"], [["1", "3"]])), tmp_path / "a.pdf")
    assert EXPORTER.verify(right, tmp_path / "a.pdf") == ["the table cell '2' is missing or changed"]


def test_figures_that_changed_places_in_such_a_table_are_named(tmp_path: Path) -> None:
    right = publication(paragraph("שלום"), table(["א", "ב"], [["1", "2"]]))
    written(EXPORTER, publication(paragraph("שלום"), table(["א", "ב"], [["2", "1"]])), tmp_path / "a.pdf")
    assert EXPORTER.verify(right, tmp_path / "a.pdf")


def test_pages_with_a_title_from_right_to_left_have_their_numbers(tmp_path: Path) -> None:
    content = publication(heading(1, "א"), heading(2, "ב"), *[paragraph("שלום")] * 60, title="תקציר")
    content = replace(content, options=replace(content.options, cover=True, contents=True))
    assert len(verified(content, tmp_path / "a.pdf").texts) > 3


def test_a_word_with_kerning_is_read_as_one(tmp_path: Path) -> None:
    # Its letters stood for themselves, and the last came away from the others.
    file = verified(publication(paragraph("שלום"), paragraph("abc")), tmp_path / "a.pdf")
    assert file.texts[0].split() == ["שלום", "abc"]


def test_a_header_that_stands_again_is_not_taken_for_the_cells_that_read_like_its_words(tmp_path: Path) -> None:
    rows = [["Q1", "1"], ["Q", ""], ["", "Q1"], ["1", "Q1 2"]] * 40
    verified(publication(table(["Q1", "1"], rows), paragraph("1")), tmp_path / "a.pdf")
    lines = replace(publication(table(["Q1", "1"], rows)), options=replace(publication().options, line_numbers=True))
    verified(lines, tmp_path / "b.pdf")


def test_a_header_that_begins_another_one_is_told_from_it(tmp_path: Path) -> None:
    rows = [["Q12", "1"], ["", "Q"], ["2", ""]] * 40
    blocks = (table(["Q1", "2"], rows), table(["Q1", "2", "1"], [[*row, "Q1"] for row in rows]))
    verified(publication(*blocks), tmp_path / "a.pdf")


def test_tables_in_footnotes_go_on_overleaf(tmp_path: Path) -> None:
    rows = [["Q12", "1"], ["Q1", "Q"], ["2", ""], ["a", "2"]] * 30
    mark = Paragraph((Run("See"), FootnoteMark("n")))
    note = Footnote("n", (table(["Q1", "2"], rows),))
    verified(publication(mark, table(["a"], [["1"], ["a"]] * 30), note), tmp_path / "a.pdf")


def test_the_rules_of_a_narrow_table_are_none_of_footnotes(tmp_path: Path) -> None:
    mark = Paragraph((Run("See"), FootnoteMark("n")))
    rows = [[f"{number}", "abc"] for number in range(60)]
    for width in range(8, 13):
        block = table(["1" * width, "abc"], rows)
        verified(publication(mark, block, Footnote("n", (paragraph("Note"),))), tmp_path / f"{width}.pdf")


@st.composite
def _publications(draw: st.DrawFn) -> Publication:
    words = st.sampled_from(draw(st.sampled_from([_BACKWARDS, _FORWARDS, [*_BACKWARDS, *_FORWARDS]])))
    cells = st.sampled_from(draw(st.sampled_from([_FORWARDS, [*_BACKWARDS, *_FORWARDS]])))
    count = draw(st.integers(1, 4))
    header = draw(st.lists(words, min_size=count, max_size=count))
    rows = draw(st.lists(st.lists(cells, min_size=count, max_size=count), min_size=1, max_size=5))
    block: Block = table(header, rows * draw(st.sampled_from([1, 1, 20])))
    return publication(draw(st.sampled_from([paragraph("שלום"), paragraph("Hello")])), block)


@settings(max_examples=15, deadline=None)
@given(content=_publications())
def test_what_is_written_of_a_table_is_found(content: Publication) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.pdf"
        written(EXPORTER, content, path)
        assert EXPORTER.verify(content, path) == []


def test_a_figure_in_the_header_does_not_turn_a_table_round(tmp_path: Path) -> None:
    file = verified(publication(table(["סך הכול", "18,126.0"], [["1", "2"]])), tmp_path / "a.pdf")
    page = file.document[0]
    assert page.get_textpage().get_text_bounded(page.get_width() / 2, 0, page.get_width(), page.get_height()).strip()
    assert "18" not in page.get_textpage().get_text_bounded(page.get_width() - 110, 0, page.get_width(), 842)
