"""Making providers out of names and addresses."""

from __future__ import annotations

import pytest

from forgeapp.errors import UsageError
from forgeapp.providers.registry import make_provider, parse_base_url


def test_an_unknown_dialect_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="openai-chat"):
        make_provider("telex", name="x", base_url="https://api.example.com/v1")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.example.com",
        "ftp://x",
        "http://",
        "file:///etc/passwd",
        "http://[",
        "x:y",
        "http://xn--",
        "http://xn--a/v1",
        "http://host:0/v1",
        "http://host:99999/v1",
        "http://host/a%3Fb/v1",
        "http://host/a%00b/v1",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="base URL"):
        make_provider("openai-chat", name="x", base_url=address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        (" https://api.example.com/v1/chat/completions ", "https://api.example.com/v1"),
        ("https://api.example.com/v1/responses", "https://api.example.com/v1"),
        ("https://x.example/openai?api-version=1", "https://x.example/openai?api-version=1"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_addresses_are_brought_into_one_form(address: str, expected: str) -> None:
    assert str(parse_base_url(address)).rstrip("/") == expected
