from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    InlineMath,
    ListBlock,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Run,
    TableBlock,
)
from forgeapp.domain.export_options import ExportOptions
from forgeapp.exporters import fonts
from forgeapp.exporters.pdf.reading import read
from tests.unit.exporters.page_samples import SENTENCE, paragraph, picture_source, publication, table
from tests.unit.exporters.pdf.opened import Opened, verified


@pytest.fixture(autouse=True)
def _only_shipped_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "system_font_files", dict)


def note(label: str, *blocks: Block) -> Footnote:
    return Footnote(label, blocks or (paragraph(f"Note of {label}."),))


def marked(label: str, times: int = 3) -> Paragraph:
    return paragraph(f"Text of {label}. " + SENTENCE * times, FootnoteMark(label))


def page_of(file: Opened, words: str) -> int:
    return next(number for number, text in enumerate(file.texts) if words in text)


def test_a_footnote_stands_at_the_foot_of_the_page_of_its_mark(tmp_path: Path) -> None:
    blocks = [marked(f"n{number:02}", 5) for number in range(40)]
    notes = [note(f"n{number:02}") for number in range(40)]
    file = verified(publication(*blocks, *notes), tmp_path / "a.pdf")
    assert len(file.texts) > 3
    for number in range(40):
        text = next(text for text in file.texts if f"Note of n{number:02}." in text)
        assert f"{SENTENCE.split()[-1]}" in text
        assert text.index(f"Note of n{number:02}.") > text.rfind("Text of")
    assert file.top_of("Note of n00.") < 200


def test_a_note_longer_than_its_page_goes_on_at_the_foot_of_the_next_ones(tmp_path: Path) -> None:
    long = note("a", paragraph("It begins. " + SENTENCE * 120 + "It ends."))
    file = verified(publication(marked("a"), *[paragraph(SENTENCE * 6)] * 12, long), tmp_path / "a.pdf")
    assert page_of(file, "It ends.") > page_of(file, "It begins.") == 0
    assert SENTENCE[:20] in file.texts[1].splitlines()[0]


def test_marks_in_tables_headings_lists_and_notes_have_their_notes(tmp_path: Path) -> None:
    grid = TableBlock(
        ((Run("a"),), (Run("b"), FootnoteMark("head"))), (((Run("c"), FootnoteMark("cell")), ()),), (None,) * 2
    )
    blocks: list[Block] = [
        Heading(2, (Run("Title"), FootnoteMark("title"))),
        grid,
        ListBlock(True, (ListItem((marked("item"),)),)),
        Quote((marked("quote"),)),
        note("title", paragraph("See ", FootnoteMark("inner"), ".")),
        *map(note, ("head", "cell", "item", "quote", "inner")),
    ]
    text = verified(publication(*blocks), tmp_path / "a.pdf").texts[0]
    assert all(f"Note of {name}." in text for name in ("head", "cell", "item", "quote", "inner"))


def test_a_row_goes_to_the_next_page_with_its_notes(tmp_path: Path) -> None:
    rows = tuple(((Run(f"row {number:02}"), FootnoteMark(f"r{number}")),) for number in range(60))
    notes = [note(f"r{number}", paragraph(f"Of row {number:02}.")) for number in range(60)]
    file = verified(publication(TableBlock(((Run("h"),),), rows, (None,)), *notes), tmp_path / "a.pdf")
    for number in range(60):
        assert page_of(file, f"row {number:02}") == page_of(file, f"Of row {number:02}.")


def test_notes_of_every_kind_of_block_are_whole(tmp_path: Path) -> None:
    kinds: list[Block] = [
        ListBlock(False, (ListItem((paragraph("one"),), True), ListItem((paragraph("two"),), False))),
        CodeBlock("python", "x = 1\n" * 90 + "done()"),
        table(["k", "v"], [[f"key {number}", SENTENCE] for number in range(40)]),
        Quote((paragraph("quoted"),)),
        Paragraph((InlineMath(r"\frac{a}{b}"),)),
    ]
    labels = [f"k{number}" for number in range(len(kinds))]
    notes = [note(label, kind) for label, kind in zip(labels, kinds, strict=True)]
    verified(publication(*map(marked, labels), *notes), tmp_path / "a.pdf")


def test_marks_lead_to_their_notes_and_numbers_back(tmp_path: Path) -> None:
    far = [paragraph(SENTENCE * 8)] * 12
    verified(publication(marked("a"), *far, marked("b"), note("a"), note("b")), tmp_path / "a.pdf")
    found = read(tmp_path / "a.pdf", has_formulas=False)
    last = len(found.texts)
    assert sorted(found.jumps) == [(1, 1), (1, 1), (last, last), (last, last)]


def test_a_note_that_nothing_names_still_stands_at_the_end(tmp_path: Path) -> None:
    file = verified(publication(paragraph("x"), note("nobody")), tmp_path / "a.pdf")
    assert "Note of nobody." in file.texts[-1]


def test_a_mark_on_the_last_line_of_a_full_page_takes_its_line_along(tmp_path: Path) -> None:
    for count in range(30, 44):
        lines = [paragraph(f"line {number}") for number in range(count)]
        file = verified(publication(*lines, paragraph("the end", FootnoteMark("a")), note("a")), tmp_path / "a.pdf")
        assert page_of(file, "the end") == page_of(file, "Note of a.")


def test_a_note_that_begins_with_a_list_is_no_difference(tmp_path: Path) -> None:
    items = ListBlock(False, (ListItem((paragraph("first"),)), ListItem((paragraph("second"),))))
    assert "second" in verified(publication(marked("a"), note("a", items)), tmp_path / "a.pdf").texts[0]


def test_pictures_in_notes_stay_small_and_may_stand_before_those_of_the_text(tmp_path: Path) -> None:
    tall, other = Picture(picture_source(200, 2000)), Picture(picture_source(30, 30))
    content = publication(
        marked("a"), *[paragraph(SENTENCE * 6)] * 12, Paragraph((other,)), note("a", Paragraph((tall,)))
    )
    file = verified(content, tmp_path / "a.pdf")
    (picture,) = file.document[0].get_objects([3])
    _, bottom, _, top = picture.get_bounds()
    assert top - bottom < 200


def test_a_note_named_before_the_first_heading_does_not_disturb_the_contents(tmp_path: Path) -> None:
    blocks = [marked("a"), *[paragraph(SENTENCE * 6)] * 12, Heading(2, (Run("One"),)), Heading(2, (Run("Two"),))]
    content = publication(*blocks, paragraph("End"), note("a"))
    verified(dataclasses.replace(content, options=ExportOptions(contents=True)), tmp_path / "a.pdf")
