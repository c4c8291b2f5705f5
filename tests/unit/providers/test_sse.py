"""The decoder of server-sent events, for any way of cutting the bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.providers.sse import EventTooLong, SSEDecoder
from tests.pace import assert_linear


def read(body: bytes, *, cut: int | None = None) -> list[str]:
    decoder = SSEDecoder()
    parts = [body] if cut is None else [body[at : at + cut] for at in range(0, len(body), cut)]
    return [event for part in parts for event in decoder.feed(part)] + decoder.finish()


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("cut", [None, 1, 2, 3, 7])
def test_every_kind_of_line_end_reads_alike_however_it_is_cut(newline: bytes, cut: int | None) -> None:
    body = newline.join([b"data: one", b"", b"data: two", b"data: lines", b"", b""])
    assert read(body, cut=cut) == ["one", "two\nlines"]


@pytest.mark.parametrize("cut", [None, 1, 2])
def test_a_byte_order_mark_is_skipped(cut: int | None) -> None:
    assert read(b"\xef\xbb\xbfdata: x\n\n", cut=cut) == ["x"]


def test_only_the_first_byte_order_mark_is_skipped() -> None:
    assert read(b"data: x\n\n\xef\xbb\xbfdata: y\n\n") == ["x"]


def test_comments_names_ids_and_unknown_fields_are_passed_over() -> None:
    body = b": OPENROUTER PROCESSING\n\nevent: message\nid: 7\nretry: 10\nfoo\ndata: x\n\n:\n\n"
    assert read(body) == ["x"]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
@pytest.mark.parametrize("cut", [None, 1, 3])
def test_an_error_in_bare_json_among_the_events_is_an_event(newline: bytes, end: bytes, cut: int | None) -> None:
    body = b'data: one\n\n{\n  "error": {\n    "code": 503\n  }\n}' + end
    assert read(body.replace(b"\n", newline), cut=cut) == ["one", '{\n  "error": {\n    "code": 503\n  }\n}']


def test_after_bare_json_events_are_read_on() -> None:
    assert read(b'{"a": 1}\n\nfoo\ndata: x\n\n{\n}\n\nfoo\n\n') == ['{"a": 1}', "x", "{\n}"]


def test_one_space_after_the_colon_is_dropped_and_no_more() -> None:
    assert read(b'data:x\n\ndata:  y\n\ndata: {"a": 1} \n\n') == ["x", " y", '{"a": 1} ']


def test_an_empty_data_line_counts_as_a_line() -> None:
    assert read(b"data: a\ndata\ndata:\ndata: b\n\n") == ["a\n\n\nb"]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r", b"\r\n"])
def test_the_last_event_is_read_without_its_blank_line(end: bytes) -> None:
    assert read(b"data: a\n\ndata: b" + end) == ["a", "b"]


def test_characters_cut_in_two_are_whole_again() -> None:
    assert read("data: 東京 🏗️\n\n".encode(), cut=1) == ["東京 🏗️"]


def test_bytes_that_are_no_text_are_replaced_not_raised() -> None:
    assert read(b"data: a\xffb\n\n") == ["a\ufffdb"]


@pytest.mark.parametrize("line", [b"data: ", b": ", b""])
def test_a_line_that_never_ends_is_refused(line: bytes) -> None:
    decoder = SSEDecoder(max_event_bytes=1000)
    decoder.feed(line)
    with pytest.raises(EventTooLong):
        for _ in range(20):
            decoder.feed(b"x" * 100)


@pytest.mark.parametrize("line", [b"data: xxxx\n", b"data:\n", b"data\n", b"{\n"])
def test_an_event_that_never_ends_is_refused(line: bytes) -> None:
    decoder = SSEDecoder(max_event_bytes=1000)
    with pytest.raises(EventTooLong):
        for _ in range(2000):
            decoder.feed(line)


def test_a_long_line_in_tiny_pieces_takes_linear_time() -> None:
    def read(count: int) -> None:
        decoder = SSEDecoder()
        decoder.feed(b"data: ")
        for _ in range(count):
            decoder.feed(b"x")
        assert len(decoder.feed(b"\n\n")[0]) == count

    assert_linear(read, int, 100_000)


_LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"", b"data", b"data:", b"data: ", b":", b": ping", b"event: x", b"data: \xef\xbb\xbf", b"id"]
        ),
        st.text(max_size=12).map(lambda text: b"data: " + text.encode()),
        st.binary(max_size=12),
    ),
    max_size=12,
)


@given(lines=_LINES, ends=st.lists(st.sampled_from([b"\n", b"\r\n", b"\r"]), min_size=12, max_size=12), data=st.data())
def test_the_events_are_the_same_for_any_chunking(lines: list[bytes], ends: list[bytes], data: st.DataObject) -> None:
    body = b"".join(line + end for line, end in zip(lines, ends, strict=False))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=8)))
    decoder = SSEDecoder()
    events = [event for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True) for event in decoder.feed(body[a:b])]
    assert events + decoder.finish() == read(body)


@given(events=st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])), max_size=8))
def test_what_was_sent_is_what_is_read(events: list[str]) -> None:
    assert read("".join(f"data: {event}\n\n" for event in events).encode()) == events
