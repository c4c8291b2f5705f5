from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.exporters.bidi import base_level, embedding_levels, visual_order


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("abc", "000"),
        ("אבג", "111"),
        ("ab אב cd", "00011000"),
        ("אב ab אב", "11122111"),
        ("אב 12", "11122"),
        ("ab (אב) cd", "0000110000"),
        ("אב (ab) ג", "111122111"),
        ("سعر 12.5", "11112222"),
        ("12% אב", "222111"),
        ("...", "000"),
        ("", ""),
    ],
)
def test_levels_are_those_of_the_standard(text: str, levels: str) -> None:
    assert "".join(map(str, embedding_levels(text))) == levels


def test_a_paragraph_runs_as_its_first_strong_character() -> None:
    assert base_level("12, אב ab") == 1
    assert base_level("(ab אב") == 0


def test_runs_of_a_line_are_drawn_from_left_to_right() -> None:
    assert visual_order(["one", "two", "three"], [1, 2, 1]) == ["three", "two", "one"]
    assert visual_order(["a", "b", "c", "d"], [0, 1, 1, 0]) == ["a", "c", "b", "d"]


@given(st.text(max_size=60))
def test_every_character_has_a_level(text: str) -> None:
    levels = embedding_levels(text)
    assert len(levels) == len(text)
    assert all(0 <= level <= 2 for level in levels)
