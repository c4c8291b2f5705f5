from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forgeapp.domain.guarding import guarded, unguarded


@pytest.mark.security
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff", '"', "'", " \u200e'", "\u2066", "\u3000"])
@pytest.mark.parametrize("text", ["=1+1", "@SUM(1)", "+1+cmd|x", "-2+3", "＝1", "﹦1", "=cmd|' /C calc'!A0"])
def test_whatever_stands_before_it_what_would_run_is_kept_a_text(before: str, text: str) -> None:
    assert guarded(before + text) == "'" + before + text


@pytest.mark.parametrize(
    "text", ["-15", " -15", "+44 20 7946 0000", "+1", "-", "--", "—", "-5 €", "'x", "it's", "a=b", '"quoted"', ""]
)
def test_numbers_phone_numbers_and_words_are_left_alone(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@given(
    st.text(alphabet="'\t\r\n=a-1", max_size=5)
    | st.text(alphabet="=+-@'\" \t\u200b＝a1|(", max_size=8)
    | st.text(max_size=8)
)
@example("'\ta")
@settings(max_examples=400)
def test_a_guard_is_taken_off_again_and_nothing_else(text: str) -> None:
    held = text.replace("\x00", "").encode("utf-8", "replace").decode()
    assert unguarded(guarded(text)) == held
