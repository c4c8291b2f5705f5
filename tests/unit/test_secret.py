"""Keys that do not show themselves."""

from __future__ import annotations

import copy
import json
import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.secret import HIDDEN, Secret, redact, variable_for

KEY = "sk-proj-0123456789abcdef"


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret(KEY)
    assert secret.reveal() == KEY
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>40}",
        repr([secret]),
        repr({"k": secret}),
    ]
    assert all(KEY not in text for text in shown)


def test_a_secret_is_not_pickled() -> None:
    for attempt in (lambda: pickle.dumps(Secret(KEY)), lambda: copy.deepcopy([Secret(KEY)])):
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(TypeError):
        json.dumps(Secret(KEY))


def test_secrets_compare_by_what_they_hold() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert Secret("a") != "a"


@pytest.mark.parametrize(
    ("key", "fit"), [(KEY, True), ("", False), ("a b", False), ("a\nb", False), ("ключ", False), ("a\x7f", False)]
)
def test_a_key_that_no_header_can_hold_is_known(key: str, fit: bool) -> None:
    assert Secret(key).is_sendable is fit


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        "sk-ant-api03-AAAA_BBBB-cccc",
        "sk-or-v1-0123456789abcdef",
        "AIzaSyA-0123456789abcdefghijklmnopqrstu",
        "gsk_0123456789abcdefghij",
        "Authorization: Bearer eyJhbGciOi.abc",
        "https://x.example/models?key=0123456789&y=1",
        "http://user:pass0123456789@proxy.example",
    ],
)
def test_what_looks_like_a_key_is_hidden(text: str) -> None:
    shown = redact(f"before {text} after")
    assert HIDDEN in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert "0123456789" not in shown
    assert "eyJ" not in shown
    assert "BBBB" not in shown


@pytest.mark.parametrize(
    "text", ["a risk-averse task-force", "https://x.example:8080/v1", "2 + 2 = 4", "ask-me-anything"]
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


@given(before=st.text(max_size=30), after=st.text(max_size=30), key=st.text(min_size=4, max_size=30))
def test_a_known_key_never_survives(before: str, after: str, key: str) -> None:
    assert key not in redact(f"{before}{key}{after}".replace(HIDDEN, ""), [key]).replace(HIDDEN, "\x00")


@pytest.mark.parametrize("text", ["sk-", "bearer ", "://a:", "AIza", "?key=", "a:b@", "bearer\t"])
def test_hiding_takes_linear_time(text: str) -> None:
    began = time.process_time()
    redact(text * 40_000)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("provider", "variable"),
    [("openai", "OPENAI_API_KEY"), ("my-groq 2", "MY_GROQ_2_API_KEY"), ("Ü", "_API_KEY")],
)
def test_the_variable_of_a_provider_follows_from_its_name(provider: str, variable: str) -> None:
    assert variable_for(provider) == variable
