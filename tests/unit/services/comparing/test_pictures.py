"""What changed between two images, and what of it is taken."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from forgeapp.domain.document import Document
from forgeapp.services.comparing import compare, fitted
from tests.fakes.drawn import drawn, file_of, image_of, sketch

BEFORE = sketch("Two hills")
AFTER = image_of(file_of(drawn(40, 30), "JPEG"), title="Draft", alt="One hill")


def test_another_picture_and_another_description_are_a_change_each() -> None:
    hunks = compare(BEFORE, AFTER).hunks
    assert [hunk.where for hunk in hunks] == ["title", "picture", "description"]
    assert hunks[1].before == f"PNG, 96 x 64 pixels, {len(BEFORE.data):,} bytes"
    assert hunks[1].after == f"JPEG, 40 x 30 pixels, {len(AFTER.data):,} bytes"
    assert hunks[2].to_json() == {"where": "description", "before": "Two hills", "after": "One hill"}


def test_other_pixels_of_the_same_size_are_a_change() -> None:
    other = image_of(file_of(drawn().rotate(180), "PNG"), alt="Two hills")
    assert [hunk.where for hunk in compare(BEFORE, other).hunks] == ["picture"]
    assert compare(BEFORE, BEFORE).hunks == ()


@pytest.mark.parametrize("chosen", [set(some) for size in range(4) for some in combinations(range(3), size)])
def test_any_choice_takes_just_what_was_chosen(chosen: set[int]) -> None:
    taken = compare(BEFORE, AFTER).accepted(chosen)
    assert taken.title == (AFTER if 0 in chosen else BEFORE).title
    picture = AFTER if 1 in chosen else BEFORE
    assert taken == replace(picture, title=taken.title, alt=(AFTER if 2 in chosen else BEFORE).alt)


def test_a_change_is_carried_over_to_a_newer_version_that_changed_elsewhere() -> None:
    redrawn = replace(AFTER, title=BEFORE.title, alt=BEFORE.alt)
    newest = replace(BEFORE, alt="Three hills")
    result = fitted(compare(BEFORE, redrawn), newest)
    assert result.content == replace(redrawn, alt="Three hills")
    assert result.unplaced == ()


def test_where_both_changed_the_newest_stays_and_that_is_said() -> None:
    mine = replace(BEFORE, alt="Mine")
    result = fitted(compare(BEFORE, mine), replace(BEFORE, alt="Theirs"))
    assert getattr(result.content, "alt", "") == "Theirs"
    assert [hunk.where for hunk in result.unplaced] == ["description"]


def test_another_kind_is_one_change() -> None:
    assert [hunk.where for hunk in compare(BEFORE, Document("Sketch", "words")).hunks][-1] == "kind"
