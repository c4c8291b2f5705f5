"""Keys that do not show themselves."""

from __future__ import annotations

import base64
import copy
import html
import json
import pickle
import traceback
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.secret import HIDDEN, Secret, looks_like_key, redact, variable_for
from tests.pace import assert_linear, repeated

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


TRICKY = 'k3y/With+"quotes\\&=%signs-0123456789'


@pytest.mark.security
@pytest.mark.parametrize("key", [KEY, TRICKY, "AbCdEfGhIjKlMnOpQrStUvWxYz"])
@pytest.mark.parametrize(
    "write",
    [
        lambda key: base64.b64encode(key.encode()).decode(),
        lambda key: base64.b64encode(f"u:{key}".encode()).decode(),
        lambda key: base64.b64encode(f"{{'api': '{key}'}}".encode()).decode(),
        lambda key: base64.urlsafe_b64encode(f"us{key}!".encode()).decode().rstrip("="),
        lambda key: base64.b64encode(key[5:13].encode()).decode().rstrip("=")[:-1],
        lambda key: key.encode().hex(),
        lambda key: key.encode().hex().upper(),
        lambda key: "".join(f"%{byte:02x}" for byte in key.encode()),
        lambda key: quote(key),
        lambda key: quote_plus(key),
        lambda key: html.escape(key),
        lambda key: json.dumps({"key": key}),
        lambda key: json.dumps(key).replace("/", "\\/"),
        lambda key: repr(key),
        lambda key: key[::-1],
        lambda key: key[:8] + "...",
        lambda key: "..." + key[-8:],
        lambda key: key[4:17] + " " + key[9:],
    ],
)
def test_a_known_key_is_hidden_however_it_is_written(key: str, write: Callable[[str], str]) -> None:
    shown = redact(f"before {write(key)} after", [key])
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert HIDDEN in shown
    left = shown.removeprefix("before ").removesuffix(" after").replace(HIDDEN, "\x00")
    assert max(map(len, left.split("\x00"))) < 14
    written = {key, base64.b64encode(key.encode()).decode(), key.encode().hex(), key[::-1]}
    assert not any(form[at : at + 8] in left for form in written for at in range(len(form) - 7))


def test_what_a_server_masks_itself_is_left() -> None:
    key = "0a1b2c3d4e5f6g7h"
    assert redact("0a1b...6g7h", [key]) == "0a1b...6g7h"


@pytest.mark.security
def test_locals_in_a_traceback_show_no_secret() -> None:
    def fail(secret: Secret) -> None:
        held = [secret]
        raise ValueError(len(held))

    with pytest.raises(ValueError, match="1") as raised:
        fail(Secret(KEY))
    trace = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    shown = "".join(trace.format())
    assert "held = [Secret" in shown
    assert KEY not in shown.replace(f"KEY = '{KEY}'", "")


@pytest.mark.parametrize("text", [KEY[:9], "a", "0123456", base64.b64encode(KEY.encode()).decode()[:9]])
def test_hiding_a_known_key_takes_linear_time(text: str) -> None:
    assert_linear(lambda told: redact(told, [KEY, "a" * 40]), repeated(text), 100_000)


@pytest.mark.parametrize("text", ["sk-", "bearer ", "://a:", "AIza", "?key=", "a:b@", "bearer\t"])
def test_hiding_takes_linear_time(text: str) -> None:
    assert_linear(redact, repeated(text), 100_000)


@pytest.mark.parametrize(
    ("provider", "variable"),
    [("openai", "OPENAI_API_KEY"), ("my-groq 2", "MY_GROQ_2_API_KEY"), ("Ü", "_API_KEY")],
)
def test_the_variable_of_a_provider_follows_from_its_name(provider: str, variable: str) -> None:
    assert variable_for(provider) == variable


@pytest.mark.parametrize("name", [KEY, "AIza" + "b3" * 17, "gsk_" + "a1" * 20, "0a" * 16, f"acme-{'0a' * 16}"])
def test_a_key_given_for_a_name_is_known_as_one(name: str) -> None:
    assert looks_like_key(name)


@pytest.mark.parametrize(
    "name", ["work", "acme-2026", "customer.north-west_2026", "ask-anna", "a" * 40, "1" * 40, "模型"]
)
def test_an_ordinary_name_is_no_key(name: str) -> None:
    assert not looks_like_key(name)
