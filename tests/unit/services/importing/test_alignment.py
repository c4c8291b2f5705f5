"""Rows before and after: each stands once, in order, and what is equal in its place stays there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forgeapp.services.importing.alignment import aligned

LINES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=12)


@given(LINES, LINES)
def test_every_line_stands_in_one_pair_and_in_order(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    pairs = aligned(before, after)
    assert [was for was, _ in pairs if was is not None] == list(range(len(before)))
    assert [now for _, now in pairs if now is not None] == list(range(len(after)))


@given(LINES)
def test_lines_that_did_not_change_stay_where_they_were(lines: list[tuple[str, str]]) -> None:
    assert aligned(lines, lines) == [(place, place) for place in range(len(lines))]


@given(LINES, st.integers(0, 11))
def test_a_line_put_in_is_new_and_the_others_are_known_again(lines: list[tuple[str, str]], place: int) -> None:
    place = min(place, len(lines))
    pairs = aligned(lines, [*lines[:place], ("new", "new"), *lines[place:]])
    assert [now for was, now in pairs if was is None] == [place]


def test_of_several_changed_lines_the_one_most_alike_is_taken() -> None:
    before = [("1", "a", "b"), ("2", "c", "d"), ("9", "z", "z")]
    after = [("2", "c", "D"), ("9", "z", "z")]
    assert aligned(before, after) == [(0, None), (1, 0), (2, 1)]
