"""What stands before the text, in the words both formats with pages use."""

from __future__ import annotations

from datetime import UTC, datetime

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Document, Footnote, Heading, Paragraph, Quote, Run
from forgeapp.domain.publication import Publication
from forgeapp.exporters.docx.front import cover_lines
from forgeapp.exporters.front import created_at, listed_headings, title_heading
from forgeapp.exporters.front_words import date_in_words
from forgeapp.exporters.pdf.exporter import cover_of

MADE = Publication("T", Kind.DOCUMENT, Document("T", "x"), properties={"created": "2026-03-01T12:00:00.000Z"})


def test_the_day_of_a_cover_is_when_its_content_was_made_alike_in_both_formats() -> None:
    created = created_at(MADE)
    assert cover_of(MADE, created).date == cover_lines(MADE, created)[-1].text == "1 March 2026"


def test_what_no_day_is_known_of_was_made_now() -> None:
    made = created_at(Publication("T", Kind.DOCUMENT, Document("T", "x"), properties={"created": "yesterday"}))
    assert abs((datetime.now(UTC) - made).total_seconds()) < 60


def test_every_month_has_its_name() -> None:
    days = (date_in_words(datetime(2026, month, 9, tzinfo=UTC)) for month in (1, 10, 11, 12))
    assert list(days) == ["9 January 2026", "9 October 2026", "9 November 2026", "9 December 2026"]


def _heading(level: int, text: str) -> Heading:
    return Heading(level, (Run(text),))


def test_the_contents_name_headings_of_three_levels_but_not_the_title() -> None:
    title, one, two, deep = _heading(1, "T"), _heading(2, "One"), _heading(3, "Two"), _heading(4, "Deep")
    blank, noted = _heading(2, " "), Footnote("a", (_heading(2, "Noted"),))
    assert listed_headings((title, one, blank, Quote((two,)), deep, noted)) == [(1, one), (3, two)]
    assert title_heading((title, one)) is title


def test_a_heading_that_is_not_alone_above_all_others_is_no_title() -> None:
    one, two = _heading(1, "One"), _heading(1, "Two")
    assert [heading for _, heading in listed_headings((one, two))] == [one, two]
    assert title_heading((Paragraph((Run("before"),)), one)) is None
    assert title_heading(()) is None


def test_one_heading_makes_no_contents() -> None:
    assert listed_headings((_heading(1, "T"),)) == listed_headings((_heading(1, "T"), _heading(2, "One"))) == []
