"""The token estimate: offline, exact for o200k, bounded for any text."""

from __future__ import annotations

import hashlib
import lzma
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktoken_ext import openai_public

from forgeapp.paths import resource
from forgeapp.providers import tokens
from forgeapp.providers.tokens import estimate


def test_the_ranks_are_the_ones_openai_publishes() -> None:
    ranks = lzma.decompress(resource("tokens", "o200k.xz").read_bytes()).split()
    lines = b"".join(b"%s %d\n" % (token, rank) for rank, token in enumerate(ranks))
    # The hash that tiktoken_ext/openai_public.py expects of o200k_base.tiktoken.
    assert hashlib.sha256(lines).hexdigest() == "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"


def test_the_pattern_is_tiktokens_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", lambda *_args, **_options: {})
    assert openai_public.o200k_base()["pat_str"] == tokens._PATTERN


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Hello world", 2), ("<|endoftext|>", 7), ("1234567", 3)],
)
def test_known_texts_have_their_known_counts(text: str, count: int) -> None:
    assert estimate(text) == count


def test_nothing_is_asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert estimate("words that were not counted before") > 0


def test_importing_loads_neither_tiktoken_nor_prices() -> None:
    code = (
        "import sys, forgeapp.providers.tokens, forgeapp.providers.catalog; "
        "print([name for name in ('tiktoken', 'genai_prices', 'pydantic', 'httpx') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_several_threads_may_be_the_first() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(estimate, ["the same text"] * 8)) == {3}


@pytest.mark.parametrize("text", ["a", " ", "^", "\n", "中", "\u0301", "\U0001f3d7\ufe0f", "\ud83d"])
def test_a_long_run_of_anything_is_counted_in_bounded_time(text: str) -> None:
    began = time.process_time()
    assert estimate(text * 200_000) > 0
    assert time.process_time() - began < 3


@given(text=st.text(max_size=300))
def test_a_text_has_at_most_as_many_tokens_as_bytes(text: str) -> None:
    assert estimate(text) <= len(text.encode("utf-8", "surrogatepass")) * 2


def test_slices_add_next_to_nothing() -> None:
    text = "The quick brown fox jumps over the lazy dog. " * 4_000
    assert 4_000 * 10 <= estimate(text) <= 4_000 * 10 + 2 * (len(text) // 20_000 + 1)
