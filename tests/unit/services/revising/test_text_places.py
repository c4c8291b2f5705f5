"""Where a text that is searched for stands, and what goes there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.services.revising.text_places import Patience, Searched, places
from tests.pace import assert_linear


def replaced(text: str, search: str, replacement: str) -> str:
    (place,) = places(Searched(text), search, replacement, Patience())
    return text[: place.start] + place.replacement + text[place.end :]


def count(text: str, search: str) -> int:
    return len(places(Searched(text), search, "new", Patience()))


def test_whole_lines_win_over_parts_of_lines() -> None:
    assert replaced("ab x\nx\ncd x", "x", "y") == "ab x\ny\ncd x"


def test_a_word_is_not_found_within_another() -> None:
    assert count("max = 10\nfix = 10", "x = 10") == 0


def test_signs_of_other_scripts_are_found_within_others() -> None:
    assert replaced("我们五月搬家。", "五月", "六月") == "我们六月搬家。"


def test_nothing_in_place_of_lines_takes_their_end_with_it() -> None:
    assert replaced("a\nb\nc", "b", "") == "a\nc"
    assert replaced("a\nb", "b", "") == "a"


@pytest.mark.parametrize("there", ["“Quoted” – it’s", "„Quoted“ — it‘s", '"Quoted"\u00a0- it\'s'])
def test_quotes_dashes_and_blanks_are_taken_for_each_other(there: str) -> None:
    assert replaced(f"x\n{there} so\ny", '"Quoted" - it\'s so', "new") == "x\nnew\ny"


def test_signs_that_stay_keep_the_form_they_have() -> None:
    assert replaced("It’s “fine” – for us.", 'It\'s "fine" - for us.', 'It\'s "good" - for now.') == (
        "It’s “good” – for now."
    )


def test_blanks_at_the_ends_of_lines_do_not_matter() -> None:
    assert replaced("a  \nb\t\nc", "a\nb", "x") == "x\nc"


def test_what_is_put_in_place_takes_over_the_indentation() -> None:
    text = "class A:\n    def f(self):\n        if x:\n            return 1\n"
    assert replaced(text, "if x:\n    return 1", "if x:\n    y = 2\n    return y\nelse:\n    pass") == (
        "class A:\n    def f(self):\n        if x:\n            y = 2\n            return y\n"
        "        else:\n            pass\n"
    )


def test_tabs_are_put_back_where_a_model_wrote_blanks() -> None:
    assert replaced("\tif x:\n\t\treturn 1\n", "    if x:\n        return 1", "    if x:\n        return 2") == (
        "\tif x:\n\t\treturn 2\n"
    )


def test_too_much_indentation_is_taken_off() -> None:
    assert replaced("if x:\n    y\n", "        if x:\n            y", "        if x:\n            z\n    a") == (
        "if x:\n    z\na\n"
    )


def test_words_are_found_however_their_lines_are_broken() -> None:
    assert replaced("We move in\nMay to the\nharbour. Then rest.", "We move in May to the harbour.", "We stay.") == (
        "We stay. Then rest."
    )


def test_a_slightly_different_line_is_found_by_likeness() -> None:
    text = "The meeting is on Monday at nine in the large room.\nThe lunch is on Tuesday."
    assert replaced(text, "The meeting is on Monday at 9 in the large room.", "No meeting.").startswith("No meeting.\n")


def test_lines_left_out_in_the_search_are_found_by_likeness_too() -> None:
    text = "def f():\n    first = compute(1)\n    # a note\n    second = compute(2)\n    return first + second\n"
    search = "def f():\n    first = compute(1)\n    second = compute(2)\n    return first + second"
    assert replaced(text, search, "def f():\n    return 0") == "def f():\n    return 0\n"


def test_of_two_lines_alike_neither_is_chosen_by_likeness() -> None:
    text = "The meeting is on Monday at ten in the large room.\nThe meeting is on Monday at two in the large room."
    assert count(text, "The meeting is on Monday at six in the large room.") == 0


def test_what_is_too_different_is_not_found() -> None:
    assert count("The meeting is on Monday.", "Our lunch was last Tuesday at noon.") == 0
    assert count("text", "   \n ") == 0


def test_every_place_is_named() -> None:
    assert count("a\nx\nb\nx\n", "x") == 2


@pytest.mark.security
@pytest.mark.parametrize(
    "make",
    [
        lambda size: ("a" * size, "a" * (size // 200) + "b"),
        lambda size: ("a\n" * (size // 2), "a\n" * (size // 260) + "b"),
        lambda size: ("the same line again\n" * (size // 20), "the same line once more\n" * (size // 1_000)),
        lambda size: ("\n".join(f"line number {n} of many" for n in range(size // 20)), "line number x\nline number y"),
        lambda size: ("x " * (size // 2), "x\n" * (size // 100) + "y"),
    ],
    ids=range(5),
)
def test_a_search_takes_no_longer_than_its_patience(make: Callable[[int], tuple[str, str]]) -> None:
    def search(given: tuple[str, str]) -> None:
        text, searched = given
        places(Searched(text), searched, "new", Patience(40 * len(text)))

    assert_linear(search, make, 200_000)


@settings(max_examples=150, deadline=None)
@given(st.text("ab \n\t'’", max_size=60), st.text("ab \n\t'’", max_size=20), st.text("ab\n ", max_size=10))
def test_places_lie_within_the_text(text: str, search: str, replacement: str) -> None:
    for place in places(Searched(text), search, replacement, Patience()):
        assert 0 <= place.start <= place.end <= len(text)
    if search.strip() and search in text.split("\n"):
        assert places(Searched(text), search, replacement, Patience())
