"""Characters cut into two."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forgeapp.providers.surrogates import HalfCharacter, without_surrogates


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20), size=st.integers(1, 5))
def test_a_text_cut_into_utf_16_units_is_put_together_again(text: str, size: int) -> None:
    raw = text.encode("utf-16-le")
    units = [raw[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(raw), 2)]
    pieces = ["".join(units[at : at + size]) for at in range(0, len(units), size)]
    half = HalfCharacter()
    assert "".join(map(half.join, pieces)) + half.rest() == text


@given(pieces=st.lists(st.text(max_size=4), max_size=5))
def test_whatever_comes_can_be_stored(pieces: list[str]) -> None:
    half = HalfCharacter()
    ("".join(map(half.join, pieces)) + half.rest()).encode()


def test_lone_halves_are_replaced_and_pairs_joined() -> None:
    assert without_surrogates("a\ud83cb \ud83c\udfd7 \udfd7") == "a\ufffdb 🏗 \ufffd"
