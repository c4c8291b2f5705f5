"""Names of headings, as links within a document know them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.anchors import place_link, place_number, places, slug, slugs, target_number
from forgeapp.domain.document import Footnote, Heading, Paragraph, Quote, Run
from forgeapp.reading.markdown import parse


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("1. Summary", "1-summary"),
        ("What's new?", "whats-new"),
        ("A  B", "a--b"),
        ("Foo & Bar", "foo--bar"),
        ("snake_case-and – dash", "snake_case-and--dash"),
        ("Über uns", "über-uns"),
        ("日本語 見出し", "日本語-見出し"),
        ("हिन्दी", "हिन्दी"),
        ("🚀 Start", "-start"),
        ("C++ (2026)", "c-2026"),
    ],
)
def test_a_heading_is_named_as_on_github(heading: str, name: str) -> None:
    assert slug(heading) == name


def test_doubles_are_counted() -> None:
    assert slugs(["A", "A", "A-1", "a", "B"]) == ["a", "a-1", "a-1-1", "a-2", "b"]


@given(st.lists(st.sampled_from(["a", "a-1", "A", "a-1-1", "b"]), max_size=30))
def test_no_two_headings_have_one_name(headings: list[str]) -> None:
    names = slugs(headings)
    assert len(set(names)) == len(headings)


def test_headings_are_counted_in_the_order_of_the_text_without_those_of_notes() -> None:
    blocks = (
        Heading(1, (Run("One"),)),
        Footnote("n", (Heading(2, (Run("Two"),)),)),
        Quote((Heading(2, (Run("Two"),)),)),
    )
    assert places(blocks) == {"one": 1, "two": 2}


def test_a_link_finds_its_heading_however_it_is_written() -> None:
    known = {"über-uns": 1, "b": 2}
    assert [target_number(link, known) for link in ("#%C3%BCber-uns", "#B", "#c", "#")] == [1, 2, None, None]


def test_links_to_places_tell_their_number() -> None:
    assert place_number(place_link(12)) == 12
    assert [place_number(link) for link in (None, "", "#section-", "#section-x", "https://x.example/#section-1")] == [
        None
    ] * 5


@pytest.mark.security
@pytest.mark.parametrize("link", ["#:1", "#\0001", "#&#0;1", "#%001"])
def test_no_link_of_a_text_says_a_number(link: str) -> None:
    (block,) = parse(f'[x](<{link}>) <a href="{link}">y</a>')
    assert isinstance(block, Paragraph)
    links = [inline.link for inline in block.inlines if isinstance(inline, Run) and inline.link]
    assert len(links) == 2
    assert [place_number(found) for found in links] == [None, None]
    assert [target_number(found, {"a": 1}) for found in links] == [None, None]
