"""The token estimate: offline, exact for o200k, bounded for any text."""

from __future__ import annotations

import hashlib
import io
import lzma
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tiktoken_ext import openai_public

from forgeapp.domain.chat import Picture
from forgeapp.paths import resource
from forgeapp.providers import tokens
from forgeapp.providers.picture_size import size_of
from forgeapp.providers.tokens import estimate, estimate_picture
from tests.pace import assert_linear, repeated


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
def test_a_long_run_of_anything_is_counted_in_linear_time(text: str) -> None:
    assert_linear(estimate, repeated(text), 50_000)


@given(text=st.text(max_size=300))
def test_a_text_has_at_most_as_many_tokens_as_bytes(text: str) -> None:
    assert estimate(text) <= len(text.encode("utf-8", "surrogatepass")) * 2


def test_slices_add_next_to_nothing() -> None:
    text = "The quick brown fox jumps over the lazy dog. " * 4_000
    assert 4_000 * 10 <= estimate(text) <= 4_000 * 10 + 2 * (len(text) // 20_000 + 1)


def _picture(form: str, size: tuple[int, int], **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("1" if form == "PNG" else "RGB", size, "white").save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize("size", [(1, 1), (640, 480), (300, 1_000)])
@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True, "exif": b"Exif\0\0" + bytes(5_000), "comment": b"\xff\xc0" * 9}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0", "quality": 5}),
    ],
)
def test_the_size_of_a_picture_stands_in_its_header(
    form: str, options: dict[str, object], size: tuple[int, int]
) -> None:
    assert size_of(_picture(form, size, **options)) == size


@given(data=st.binary(max_size=60), head=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff"]))
def test_what_is_no_picture_has_no_size_or_one_that_can_be(data: bytes, head: bytes) -> None:
    size = size_of(head + data)
    assert size is None or min(size) > 0


@given(end=st.integers(0, 400), form=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]))
def test_a_picture_cut_short_has_its_size_or_none(end: int, form: str) -> None:
    assert size_of(_picture(form, (30, 20))[:end]) in (None, (30, 20))


@pytest.mark.parametrize(
    ("size", "count"),
    [((200, 200), 54), ((1_000, 1_000), 1_334), ((1, 1), 1), ((9_000, 9_000), 1_600), ((6_000, 300), 164)],
)
def test_a_picture_counts_by_its_pixels_as_far_as_they_are_looked_at(size: tuple[int, int], count: int) -> None:
    """The first two are the documentation's own figures."""
    assert estimate_picture(Picture("image/png", _picture("PNG", size))) == count


def test_a_picture_of_unknown_size_counts_as_a_large_one() -> None:
    assert estimate_picture(Picture("image/png", b"no picture")) == 1_600


@pytest.mark.parametrize("segment", [b"\xff\xfe\x00\x02", b"\xff"])
def test_a_jpeg_of_nothing_but_segments_is_given_up(segment: bytes) -> None:
    frame = b"\xff\xc0\x00\x11\x08\x00\x02\x00\x03"
    assert size_of(b"\xff\xd8" + segment * 20 + frame) == (3, 2)
    assert size_of(b"\xff\xd8" + segment * 20_000 + frame) is None
