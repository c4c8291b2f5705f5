"""Where pages end: what belongs together stands together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Run,
)
from forgeapp.domain.publication import Publication
from forgeapp.exporters import fonts
from forgeapp.exporters.pdf.characters import held_blanks
from forgeapp.exporters.pdf.exporter import EXPORTER
from forgeapp.exporters.pdf.flow import new_paper
from forgeapp.exporters.pdf.lettering import Lettering
from forgeapp.exporters.pdf.style import PLAIN
from forgeapp.exporters.pdf.text import Typesetter
from tests.unit.exporters.page_samples import (
    SENTENCE,
    heading,
    paragraph,
    picture_source,
    publication,
    table,
    written,
)
from tests.unit.exporters.pdf.opened import Opened, verified

LINE = "word"
CODE = CodeBlock("python", "def total(rows):\n    return sum(rows)\n\nprint(total([]))")


@pytest.fixture(autouse=True)
def _only_shipped_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "system_font_files", dict)


def lines(count: int) -> list[Block]:
    return [paragraph(LINE)] * count


def pages_of(path: Path, *blocks: Block) -> list[str]:
    return verified(publication(*blocks), path).texts


def page_with(texts: list[str], words: str) -> int:
    return next(number for number, text in enumerate(texts) if words in text)


FOLLOWING: dict[str, tuple[Block, str]] = {
    "a paragraph of three lines": (paragraph("Begin " + SENTENCE * 3), "Begin"),
    "a picture": (Paragraph((Picture(picture_source(600, 300)),)), ""),
    "code": (CODE, "def total"),
    "a table": (table(["Name", "Sum"], [["first", "1"]] * 9), "first"),
    "a short table": (table(["Name", "Sum"], [["first", "1"], ["b", "2"], ["last", "3"]]), "last"),
    "a list": (ListBlock(False, (ListItem((paragraph("Begin " + SENTENCE * 3),)),)), "Begin"),
    "a quote": (Quote((paragraph("Begin " + SENTENCE * 3),)), "Begin"),
    "another heading and its text": (heading(3, "Below"), "Below"),
}


@pytest.mark.parametrize("name", FOLLOWING)
def test_a_heading_stands_on_the_page_of_what_follows_it(name: str, tmp_path: Path) -> None:
    following, words = FOLLOWING[name]
    for above in range(24, 28):
        blocks = [*lines(above), heading(2, "The title"), following, paragraph("The end.")]
        file = verified(publication(*blocks), tmp_path / f"{above}.pdf")
        page = page_with(file.texts, "The title")
        if words:
            assert page == page_with(file.texts, words)
        else:
            assert len(list(file.document[page].get_objects([3]))) == 1


def test_words_that_announce_what_follows_stand_on_its_page(tmp_path: Path) -> None:
    for above in range(24, 28):
        texts = pages_of(tmp_path / "a.pdf", *lines(above), paragraph("It goes like this:"), CODE)
        assert page_with(texts, "like this:") == page_with(texts, "def total")
    item = ListItem((paragraph("It goes like this:"), CODE))
    for above in range(24, 28):
        texts = pages_of(tmp_path / "a.pdf", *lines(above), ListBlock(True, (item,)))
        assert page_with(texts, "like this:") == page_with(texts, "def total")


def test_words_before_a_formula_stand_on_its_page(tmp_path: Path) -> None:
    for above in range(25, 28):
        blocks = [*lines(above), paragraph("The value is"), MathBlock(r"\int_0^1 x^2 \, dx"), paragraph("for one.")]
        file = verified(publication(*blocks), tmp_path / "a.pdf")
        page = page_with(file.texts, "The value is")
        assert any(each.type == 2 for each in file.document[page].get_objects())


def test_a_caption_stands_below_its_picture(tmp_path: Path) -> None:
    picture = Picture(picture_source(600, 300))
    captions = [(Paragraph((picture,)), Paragraph((Run("Figure 1", italic=True),))), (paragraph(picture, "Figure 1"),)]
    for above in range(18, 21):
        for number, caption in enumerate(captions):
            file = verified(publication(*lines(above), *caption), tmp_path / f"{number}.pdf")
            page = page_with(file.texts, "Figure 1")
            assert len(list(file.document[page].get_objects([3]))) == 1


def test_of_long_words_that_announce_something_only_the_end_goes_along(tmp_path: Path) -> None:
    long = paragraph("Begin. " + SENTENCE * 8 + "And now:")
    texts = pages_of(tmp_path / "a.pdf", *lines(22), long, CODE)
    assert "Begin." in texts[0]
    assert page_with(texts, "And now:") == page_with(texts, "def total") == 1


def test_what_nothing_follows_is_shown_all_the_same(tmp_path: Path) -> None:
    for last in (heading(2, "The end"), paragraph("Nothing more:"), Quote((heading(2, "Said"),))):
        pages_of(tmp_path / "a.pdf", paragraph("Text"), last)


def test_a_heading_with_a_footnote_keeps_its_note_on_its_page(tmp_path: Path) -> None:

    title = Heading(2, (Run("The title"), FootnoteMark("a")))
    for above in range(24, 27):
        blocks = [*lines(above), title, paragraph(SENTENCE * 3), Footnote("a", (paragraph("Of the title."),))]
        texts = pages_of(tmp_path / "a.pdf", *blocks)
        assert page_with(texts, "The title") == page_with(texts, "Of the title.")


def test_a_last_line_of_code_never_stands_alone(tmp_path: Path) -> None:
    for count in range(48, 51):
        code = "{\n" + "\n".join(f"    {number},  // value" for number in range(count)) + "\n}"
        texts = pages_of(tmp_path / "a.pdf", paragraph(LINE), *lines(1), CodeBlock("c", code), paragraph("End"))
        last = next(text for text in texts if "}" in text)
        assert "// value" in last


def test_short_code_is_not_divided(tmp_path: Path) -> None:
    for above in range(24, 28):
        texts = pages_of(tmp_path / "a.pdf", *lines(above), CODE)
        assert page_with(texts, "def total") == page_with(texts, "print(")


def test_a_short_table_is_not_divided(tmp_path: Path) -> None:
    rows = [[f"row {number}", "1"] for number in range(5)]
    for above in range(22, 28, 2):
        texts = pages_of(tmp_path / "a.pdf", *lines(above), table(["Name", "Sum"], rows))
        assert page_with(texts, "row 0") == page_with(texts, "row 4")


def test_a_last_row_never_stands_alone(tmp_path: Path) -> None:
    for count in range(33, 37):
        rows = [[f"row-{number}.", "1"] for number in range(count)]
        texts = pages_of(tmp_path / "a.pdf", table(["Name", "Sum"], rows))
        assert page_with(texts, f"row-{count - 1}.") == page_with(texts, f"row-{count - 2}.")


def test_a_picture_takes_most_of_a_page_but_stays_below_its_heading(tmp_path: Path) -> None:
    tall = Paragraph((Picture(picture_source(600, 2000)),))
    file = verified(publication(heading(1, "A picture"), tall), tmp_path / "a.pdf")
    assert len(file.texts) == 1


def provenance() -> tuple[Block, ...]:
    return heading(1, "Provenance"), table(["", ""], [["Model", "m"], ["Cost", "0.01 USD"]])


def with_provenance(*blocks: Block) -> Publication:
    appendix = provenance()
    return dataclasses.replace(publication(*blocks, *appendix), appendix=appendix)


def test_the_provenance_has_a_page_of_its_own_and_stands_in_the_outline(tmp_path: Path) -> None:
    content = with_provenance(heading(1, "Report"), paragraph(SENTENCE))
    file = verified(content, tmp_path / "a.pdf")
    assert [text.splitlines()[0] for text in file.texts] == ["Report", "Provenance"]
    entries = [(entry.get_title(), entry.get_dest().get_index()) for entry in file.document.get_toc()]
    assert entries == [("Report", 0), ("Provenance", 1)]


def test_the_provenance_of_nothing_begins_the_file(tmp_path: Path) -> None:
    assert len(verified(with_provenance(), tmp_path / "a.pdf").texts) == 1


def test_notes_stand_before_the_provenance(tmp_path: Path) -> None:

    notes = [Footnote("a", (paragraph("Long. " * 900),)), Footnote("b", (paragraph("Named nowhere."),))]
    content = with_provenance(Paragraph((*paragraph(SENTENCE).inlines, FootnoteMark("a"))), *notes)
    texts = verified(content, tmp_path / "a.pdf").texts
    assert len(texts) == 3
    assert texts[-1].startswith("Provenance")
    assert "Long." not in texts[-1]
    assert "Named nowhere" not in texts[-1]


def test_a_provenance_that_shares_its_page_is_named(tmp_path: Path) -> None:
    content = with_provenance(heading(1, "Report"), paragraph(SENTENCE))
    written(EXPORTER, dataclasses.replace(content, appendix=()), tmp_path / "a.pdf")
    assert any("Provenance" in each for each in EXPORTER.verify(content, tmp_path / "a.pdf"))


def test_text_after_a_picture_begins_at_the_margin(tmp_path: Path) -> None:
    parts = paragraph("before ", Picture(picture_source()), " after")
    file: Opened = verified(publication(parts, paragraph("after")), tmp_path / "a.pdf")
    page = file.document[0].get_textpage()
    text = page.get_text_range()
    lefts = [page.get_charbox(index)[0] for index in (text.index("after"), text.rindex("after"))]
    assert lefts[0] == pytest.approx(lefts[1], abs=0.1)


def test_line_ends_in_cells_end_lines(tmp_path: Path) -> None:
    cells = ["one\ntwo", "three\r\n\r\nfour", "fi-\nve", "א\nב"]
    texts = verified(publication(table(["Name", "Text"], [[cell, "x"] for cell in cells])), tmp_path / "a.pdf").texts
    lines = [line.split() for line in texts[0].splitlines()]
    assert ["one"] in lines or ["one", "x"] in lines
    assert not any({"one", "two"} <= set(line) or {"three", "four"} <= set(line) for line in lines)


@pytest.fixture
def typesetter() -> Iterator[Typesetter]:
    paper = new_paper((595.0, 842.0))
    yield Typesetter(Lettering(paper))
    for font in paper.fonts.values():
        font.ttfont.close()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "together",
    ["1,000.50 €", "EUR 1,000.50", "12 %", "5 km", "§ 3", "1. Januar 2026", "March 3, 2026", "+49 30 1234567", "1 000"],
)
def test_a_number_stays_with_its_unit(together: str, typesetter: Typesetter) -> None:
    width = typesetter.natural_width([(together, PLAIN)])
    # Room for it up to its last part, or from its second part on.
    for text in (f"a {together}", f"{together} a"):
        lines = typesetter.lines([(text, PLAIN)], width + 1)
        assert together in ["".join(piece.text for piece in line.pieces) for line in lines]
        assert typesetter.longest_word([(text, PLAIN)]) == pytest.approx(width)


def test_a_number_and_its_unit_part_where_there_is_no_room_for_both(typesetter: Typesetter) -> None:
    room = typesetter.natural_width([("1,000.50", PLAIN)]) + 1
    lines = typesetter.lines([("1,000.50 €", PLAIN)], room)
    assert ["".join(piece.text for piece in line.pieces) for line in lines] == ["1,000.50", "€"]


def test_words_beside_numbers_are_not_held() -> None:
    assert held_blanks("5 apples and 3 pears in 2020 or Chapter 3") == set()


def test_twenty_columns_of_amounts_keep_each_amount_on_a_line(tmp_path: Path) -> None:
    block = table([f"Month {number}" for number in range(20)], [["1,000.50 €"] * 20, ["1. Januar 2026"] * 20])
    texts = verified(publication(block), tmp_path / "a.pdf").texts
    assert "".join(texts).count("1,000.50 €") == 20
