from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.services.comparing import Turn, words
from tests.pace import ends_within


def shown(before: str, after: str) -> str:
    marks = {Turn.EQUAL: "{}", Turn.REMOVED: "[-{}]", Turn.ADDED: "[+{}]"}
    return "".join(marks[turn].format(text) for turn, text in words(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a quick fox\n", "a slow fox\n", "a [-quick][+slow] fox\n"),
        ("the quick brown fox", "a slow brown fox", "[-the quick][+a slow] brown fox"),
        ("one two", "one  two", "one[- ][+  ]two"),
        ("Sum: 1,240.50 EUR", "Sum: 1,340.50 EUR", "Sum: [-1,240.50][+1,340.50] EUR"),
        ("今天天气很好", "今天天气不好", "今天天气[-很][+不]好"),
        ("हिन्दी में", "हिन्दी के", "हिन्दी [-में][+के]"),
        ("Family 👨‍👩‍👧 here", "Family 👨‍👩‍👦 here", "Family [-👨‍👩‍👧][+👨‍👩‍👦] here"),
        ("", "new", "[+new]"),
        ("old", "", "[-old]"),
        ("same", "same", "same"),
        ("", "", ""),
        ("wholly other words stand here", "nothing like it", "[-wholly other words stand here][+nothing like it]"),
    ],
)
def test_what_changed_is_told_word_by_word(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_segments_give_both_texts_back(before: str, after: str) -> None:
    found = words(before, after)
    assert "".join(text for turn, text in found if turn is not Turn.ADDED) == before
    assert "".join(text for turn, text in found if turn is not Turn.REMOVED) == after
    assert all(text for _, text in found)


@pytest.mark.load
def test_long_lines_are_bounded() -> None:
    with ends_within(60):  # word by word it would take hours
        assert len(words("a b " * 1_000_000, "a c " * 1_000_000)) == 2
    assert len(words("a b " * 6_000, "b a c " * 4_000)) > 2
