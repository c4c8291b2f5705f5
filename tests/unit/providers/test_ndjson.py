"""The decoder of lines of JSON, for any way of cutting the bytes."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.providers.ndjson import NDJSONDecoder
from forgeapp.providers.sse import EventTooLong
from tests.pace import assert_linear


def read(body: bytes, *, cut: int | None = None) -> list[str]:
    decoder = NDJSONDecoder()
    parts = [body] if cut is None else [body[at : at + cut] for at in range(0, len(body), cut)]
    return [line for part in parts for line in decoder.feed(part)] + decoder.finish()


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("cut", [None, 1, 2, 3, 7])
def test_lines_read_alike_however_they_are_cut(newline: bytes, cut: int | None) -> None:
    body = newline.join([b'{"a": 1}', b"", b"  ", b'{"b": 2}', b""])
    assert [json.loads(line) for line in read(body, cut=cut)] == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("cut", [None, 1, 2])
def test_only_the_first_byte_order_mark_is_skipped(cut: int | None) -> None:
    assert read(b"\xef\xbb\xbf1\n\xef\xbb\xbf2\n", cut=cut) == ["1", "\ufeff2"]


def test_the_last_line_is_read_without_its_line_feed_once() -> None:
    decoder = NDJSONDecoder()
    assert decoder.feed(b"1\n2") == ["1"]
    assert decoder.finish() == ["2"]
    assert decoder.finish() == []


def test_a_line_is_given_as_soon_as_it_is_whole() -> None:
    decoder = NDJSONDecoder()
    assert decoder.feed(b"1") == []
    assert decoder.feed(b"2\n3") == ["12"]


def test_characters_cut_in_two_are_whole_again() -> None:
    assert read('"東京 🏗️"\n'.encode(), cut=1) == ['"東京 🏗️"']


def test_bytes_that_are_no_text_are_replaced_not_raised() -> None:
    assert read(b"a\xffb\n") == ["a\ufffdb"]


def test_nothing_gives_nothing() -> None:
    assert read(b"") == read(b"\n\r\n \n") == []


@pytest.mark.parametrize("size", [100, 1001])
def test_a_line_that_never_ends_is_refused(size: int) -> None:
    decoder = NDJSONDecoder(max_line_bytes=1000)
    with pytest.raises(EventTooLong):
        for _ in range(20):
            decoder.feed(b"x" * size)


def test_a_line_too_long_is_refused_also_when_it_comes_whole() -> None:
    with pytest.raises(EventTooLong):
        NDJSONDecoder(max_line_bytes=1000).feed(b"x" * 1001 + b"\n")


def test_a_long_line_in_tiny_pieces_takes_linear_time() -> None:
    def read(count: int) -> None:
        decoder = NDJSONDecoder()
        for _ in range(count):
            decoder.feed(b"xxxx")
        assert decoder.feed(b"\n") == ["x" * 4 * count]

    assert_linear(read, int, 100_000)


@given(
    values=st.lists(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3))),
    cuts=st.lists(st.integers(0, 400), max_size=8),
)
def test_any_values_arrive_in_order(values: list[object], cuts: list[int]) -> None:
    body = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode("utf-8", "surrogatepass")
    places = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    decoder = NDJSONDecoder()
    lines = [line for start, end in pairwise(places) for line in decoder.feed(body[start:end])]
    assert [json.loads(line) for line in lines + decoder.finish()] == values


@given(body=st.binary(max_size=200), cut=st.integers(1, 50))
def test_no_bytes_whatever_break_it(body: bytes, cut: int) -> None:
    assert read(body, cut=cut) == read(body)
