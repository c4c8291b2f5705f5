"""Whole calls over loopback, against a server that behaves as scripted."""

from __future__ import annotations

import contextlib
import gc
import itertools
import json
import logging
import pickle
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import (
    FinishReason,
    Message,
    Prompt,
    ReasoningPiece,
    ReplyFinished,
    Role,
    StreamEvent,
    TextPiece,
    UsageReported,
)
from forgeapp.domain.secret import Secret
from forgeapp.domain.usage import Usage
from forgeapp.errors import (
    Cancelled,
    ContentRefused,
    ContextTooLong,
    ForgeError,
    KeyMissing,
    KeyRejected,
    KeyUnusable,
    ModelNotFound,
    ProviderError,
    ProviderFailed,
    ProviderTimeout,
    ProviderUnreachable,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    StreamBroken,
    UnreadableReply,
)
from forgeapp.providers.registry import make_provider
from forgeapp.providers.transport import Timeouts
from tests.fakes.fixtures import ServeReplies, serve, timeouts_for
from tests.fakes.provider_server import FakeServer, Reply
from tests.pace import assert_linear, ends_within

__all__ = ["serve"]

KEY = "sk-secret-0123456789abcdef"
PROMPT = Prompt("fake-large", (Message(Role.USER, "write me two words"),))
LONG = Timeouts(600.0, 600.0)
"""What must not be waited for."""
SOON_S = 30.0


def stream(
    server: FakeServer, *, key: Any = KEY, timeouts: Timeouts | None = None, cancel: CancelToken | None = None
) -> Iterator[StreamEvent]:
    waits = timeouts or timeouts_for(server)
    provider = make_provider("openai-chat", name="fake", base_url=server.base_url, api_key=key, timeouts=waits)
    return provider.stream(PROMPT, cancel or CancelToken())


def text_of(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPiece))


def fail(server: FakeServer, **options: Any) -> tuple[list[StreamEvent], ForgeError]:
    """The pieces that came before the error, and the error."""
    events: list[StreamEvent] = []
    with pytest.raises(ForgeError) as raised:
        for event in stream(server, **options):
            events.append(event)  # noqa: PERF402 - what came before the error is kept
    return events, raised.value


def test_a_reply_streams_with_its_usage_and_its_end(serve: ServeReplies) -> None:
    server = serve(Reply("Two words.", reasoning="hm well"))
    assert list(stream(server)) == [
        ReasoningPiece("hm"),
        ReasoningPiece(" well"),
        TextPiece("Two"),
        TextPiece(" words."),
        UsageReported(Usage(4, 2)),
        ReplyFinished(FinishReason.STOP),
    ]


def test_the_key_is_sent_as_a_bearer_and_names_are_honest(serve: ServeReplies) -> None:
    server = serve()
    list(stream(server))
    headers = server.chats[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["user-agent"].startswith("ForgeApp/")


def test_without_a_key_no_authorisation_is_sent(serve: ServeReplies) -> None:
    server = serve()
    list(stream(server, key=None))
    assert "authorization" not in server.chats[0].headers


@pytest.mark.parametrize("key", [f"  {KEY}\n", Secret(KEY), lambda: KEY, lambda: Secret(KEY)])
def test_a_key_may_come_in_any_wrapping(serve: ServeReplies, key: Any) -> None:
    server = serve()
    list(stream(server, key=key))
    assert server.chats[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", ["sk-one two", "sk-ключ", "sk-\nX: y"])
def test_a_key_that_no_header_can_hold_is_not_sent(serve: ServeReplies, key: str) -> None:
    server = serve()
    _, error = fail(server, key=key)
    assert isinstance(error, KeyUnusable)
    assert isinstance(error, KeyRejected)
    assert key not in str(error)
    assert not server.requests


def test_pieces_arrive_while_the_server_is_still_writing(serve: ServeReplies) -> None:
    pieces = stream(serve(Reply("one two three", stall_after=2)), timeouts=LONG)
    with ends_within(SOON_S):
        assert next(pieces) == TextPiece("one")
    pieces.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("cut", [None, 1, 5])
def test_a_reply_is_the_same_however_it_is_cut(serve: ServeReplies, newline: str, cut: int | None) -> None:
    events = list(stream(serve(Reply("Größe: 東京 🏗️ ok\n\n| a |", cut=cut, newline=newline, pings=True))))
    assert text_of(events) == "Größe: 東京 🏗️ ok\n\n| a |"
    assert events[-1] == ReplyFinished(FinishReason.STOP)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60), cut=st.integers(1, 40))
def test_any_text_arrives_as_it_was_written(served: FakeServer, text: str, cut: int) -> None:
    served.replies = [Reply(pieces=[text[:7], text[7:]], cut=cut)]
    assert (
        text_of(
            list(
                stream(
                    served,
                )
            )
        )
        == text
    )


@pytest.fixture
def served(serve: ServeReplies) -> FakeServer:
    return serve()


def test_a_server_that_does_not_stream_is_read_all_the_same(serve: ServeReplies) -> None:
    server = serve(Reply("Two words.", reasoning="hm", plain=True))
    assert list(stream(server)) == [
        ReasoningPiece("hm"),
        TextPiece("Two words."),
        UsageReported(Usage(4, 2)),
        ReplyFinished(FinishReason.STOP),
    ]


def test_a_stream_called_something_else_is_read_all_the_same(serve: ServeReplies) -> None:
    assert text_of(list(stream(serve(Reply("Two words.", content_type="application/json"))))) == "Two words."


@pytest.mark.parametrize(
    "reply",
    [
        Reply("Two words.", done=False),
        Reply("Two words.", done=False, close_after=4),
        Reply("Two words.", done=False, reset_after=4),
        Reply("Two words.", stall_after=4),
    ],
    ids=["ended", "closed", "reset", "silent"],
)
def test_an_end_without_its_marker_after_the_finish_reason_is_an_end(serve: ServeReplies, reply: Reply) -> None:
    events = list(stream(serve(reply)))
    assert text_of(events) == "Two words."
    assert events[-1] == ReplyFinished(FinishReason.STOP)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply("Two words.", finish=None, done=False), StreamBroken),
        (Reply("Two words.", close_after=3), StreamBroken),
        (Reply("Two words.", reset_after=3), StreamBroken),
        (Reply("Two words.", stall_after=3), ProviderTimeout),
        (Reply("Two words. More.", error={"message": "x", "code": "server_error"}, error_after=2), ProviderFailed),
        (Reply("Two words. More.", error={"message": "x", "code": 429}, error_after=2), RateLimited),
        (Reply("Two words.", finish="content_filter"), ContentRefused),
        (Reply("Two words.", refusal="I can't."), ContentRefused),
    ],
)
def test_a_reply_that_breaks_off_leaves_its_pieces_and_a_typed_error(
    serve: ServeReplies, reply: Reply, expected: type[ProviderError]
) -> None:
    events, error = fail(serve(reply))
    assert text_of(events) == "Two words."
    assert type(error) is expected
    assert not any(isinstance(event, ReplyFinished) for event in events)


def test_a_line_cut_short_is_a_broken_stream_not_broken_json(serve: ServeReplies) -> None:
    raw = b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: {"choices":[{"delta":{"cont'
    events, error = fail(serve(Reply(raw=raw)))
    assert text_of(events) == "Hi"
    assert type(error) is StreamBroken


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body="<html><head><title>Sign in</title></head></html>"),
        Reply(body=b"<!doctype html>", content_type="text/event-stream"),
        Reply(body=b""),
        Reply(body=b"\n\n  \n"),
        Reply(body=b"PNG", content_type="image/png"),
        Reply(body=b'{"choices": [', content_type="application/json"),
        Reply(body={"hello": "world"}),
        Reply(body=b"just words"),
        Reply(raw=b"data: nonsense\n\n"),
        Reply(raw=b"data: [DONE]\n\n"),
        Reply(raw=b": ping\n\n"),
        Reply(raw=b"data: 7\n\n"),
        Reply(body=b"x", headers={"content-encoding": "gzip"}),
        Reply(status=301, body=b"", headers={"location": "https://elsewhere.example/"}),
        Reply(status=302, body=b""),
        Reply(status=304, body=b""),
    ],
)
def test_what_is_no_reply_is_told_as_such(serve: ServeReplies, reply: Reply) -> None:
    events, error = fail(serve(reply))
    assert type(error) is UnreadableReply
    assert "base URL" in error.hint
    assert not events


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(status=401, body={"error": {"message": f"bad key {KEY}"}}), KeyRejected),
        (Reply(status=429, body={"error": {"code": "insufficient_quota"}}), QuotaExhausted),
        (Reply(status=400, body={"error": {"code": "context_length_exceeded"}}), ContextTooLong),
        (Reply(status=404, body={"error": {"code": "model_not_found", "message": "no model"}}), ModelNotFound),
        (Reply(status=503), ProviderFailed),
    ],
)
def test_refused_requests_are_typed_and_told_with_the_remedy(
    serve: ServeReplies, reply: Reply, expected: type[ProviderError]
) -> None:
    _, error = fail(serve(reply))
    assert type(error) is expected
    assert error.params["provider"] == "fake"
    assert error.params["model"] == "fake-large"
    assert error.params["status"] == reply.status
    assert error.hint


def test_a_server_that_asks_for_a_key_names_where_to_put_it(serve: ServeReplies) -> None:
    _, error = fail(serve(Reply(status=401, body={})), key=None)
    assert isinstance(error, KeyMissing)
    assert "FAKE_API_KEY" in error.hint


def test_the_wait_a_server_names_goes_with_the_error(serve: ServeReplies) -> None:
    _, error = fail(serve(Reply(status=429, headers={"Retry-After": "7"})))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 7


def test_a_field_the_server_does_not_know_is_left_out_in_a_second_request(serve: ServeReplies) -> None:
    server = serve(Reply("Two words.", rejects=["stream_options"]))
    provider = make_provider("openai-chat", name="fake", base_url=server.base_url, api_key=KEY)
    for _ in range(2):
        assert text_of(list(provider.stream(PROMPT, CancelToken()))) == "Two words."
    assert ["stream_options" in chat.json for chat in server.chats] == [True, False, False]


def test_a_request_rejected_for_good_is_sent_once(serve: ServeReplies) -> None:
    server = serve(Reply(rejects=["messages"]))
    _, error = fail(server)
    assert type(error) is RequestRejected
    assert len(server.chats) == 1


def test_no_server_at_all_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        provider = make_provider("openai-chat", name="fake", base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        with pytest.raises(ProviderUnreachable) as raised:
            list(provider.stream(PROMPT, CancelToken()))
    assert "127.0.0.1" in str(raised.value)
    assert str(raised.value).endswith(": Connection refused.")


def test_a_server_that_never_answers_times_out(serve: ServeReplies) -> None:
    with ends_within(SOON_S):
        _, error = fail(serve(Reply(delay_s=600)))
    assert type(error) is ProviderTimeout


@pytest.mark.parametrize("answer", [b"220 mail.example ESMTP\r\n", b"\x00\x01\x02\xff\r\n\r\n", b""])
def test_a_server_that_speaks_no_http_is_told(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_once() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=answer_once)
        thread.start()
        provider = make_provider("openai-chat", name="fake", base_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises((UnreadableReply, StreamBroken)):
            list(provider.stream(PROMPT, CancelToken()))
        thread.join()


@pytest.mark.parametrize(
    "reply",
    [Reply(stall_after=3), Reply(delay_s=600), Reply(status=500, delay_s=600)],
    ids=["midway", "before", "error"],
)
def test_stop_ends_a_call_at_once_and_closes_the_connection(serve: ServeReplies, reply: Reply) -> None:
    server, cancel = serve(reply), CancelToken()
    threading.Timer(0.15, cancel.cancel).start()
    with ends_within(SOON_S):
        _, error = fail(server, cancel=cancel, timeouts=LONG)
    assert type(error) is Cancelled
    assert server.clients_left.wait(SOON_S)


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port of this machine on which nobody is let in any more: connecting to it hangs."""
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            filler = held.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@pytest.mark.parametrize("proxied", [False, True])
def test_stop_ends_a_call_that_is_still_connecting(
    full_port: int, proxied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://127.0.0.1:{full_port}"
    if proxied:
        monkeypatch.setenv("HTTPS_PROXY", address)
        address = "https://api.example.com"
    cancel = CancelToken()
    provider = make_provider("openai-chat", name="fake", base_url=f"{address}/v1", timeouts=LONG)
    threading.Timer(0.2, cancel.cancel).start()
    with ends_within(SOON_S), pytest.raises(Cancelled):
        list(provider.stream(PROMPT, cancel))


def test_stop_ends_a_call_whose_server_is_still_being_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    found = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        found.wait(600)
        return []

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    cancel = CancelToken()
    threading.Timer(0.2, cancel.cancel).start()
    provider = make_provider("openai-chat", name="fake", base_url="http://api.example.com/v1", timeouts=LONG)
    try:
        with ends_within(SOON_S), pytest.raises(Cancelled):
            list(provider.stream(PROMPT, cancel))
    finally:
        found.set()


def test_a_server_that_lets_nobody_in_times_out(full_port: int) -> None:
    provider = make_provider(
        "openai-chat", name="fake", base_url=f"http://127.0.0.1:{full_port}/v1", timeouts=Timeouts(0.3, 600)
    )
    began = time.monotonic()
    with ends_within(SOON_S), pytest.raises(ProviderUnreachable):
        list(provider.stream(PROMPT, CancelToken()))
    assert time.monotonic() - began > 0.29


def test_a_name_that_cannot_be_looked_up_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    provider = make_provider("openai-chat", name="fake", base_url="http://api.example.com/v1")
    with pytest.raises(ProviderUnreachable, match="not known"):
        list(provider.stream(PROMPT, CancelToken()))


def test_stop_between_two_pieces_is_seen_before_the_next() -> None:
    cancel = CancelToken()
    with FakeServer(Reply(" ".join("word" for _ in range(500)))) as server:
        pieces = stream(server, cancel=cancel)
        got = list(itertools.islice(pieces, 3))
        cancel.cancel()
        with pytest.raises(Cancelled):
            next(pieces)
    assert len(got) == 3


def test_a_call_stopped_before_it_began_sends_nothing(serve: ServeReplies) -> None:
    server, cancel = serve(), CancelToken()
    cancel.cancel()
    _, error = fail(server, cancel=cancel)
    assert type(error) is Cancelled
    assert not server.requests


def test_leaving_a_stream_closes_its_connection(serve: ServeReplies) -> None:
    server = serve(Reply(stall_after=2))
    pieces = stream(server, timeouts=LONG)
    next(pieces)
    del pieces
    gc.collect()
    assert server.clients_left.wait(SOON_S)


def test_a_finished_call_leaves_nothing_on_the_token(serve: ServeReplies) -> None:
    cancel = CancelToken()
    list(stream(serve(), cancel=cancel))
    assert cancel._callbacks == []


def test_several_calls_at_once_keep_apart(serve: ServeReplies) -> None:
    server = serve(*(Reply(f"reply {number} " + "x " * 200) for number in range(8)))
    provider = make_provider("openai-chat", name="fake", base_url=server.base_url, api_key=KEY)
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda: texts.append(text_of(list(provider.stream(PROMPT, CancelToken())))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(text.split()[1] for text in texts) == [str(number) for number in range(8)]


def test_models_are_listed(serve: ServeReplies) -> None:
    server = serve()
    provider = make_provider("openai-chat", name="fake", base_url=server.base_url, api_key=KEY)
    assert [model.name for model in provider.list_models(CancelToken())] == ["fake-large", "fake-small"]
    assert server.requests[0].path == "/v1/models"


def test_listing_models_fails_with_typed_errors(serve: ServeReplies) -> None:
    with pytest.raises(ProviderUnreachable):
        make_provider("openai-chat", name="fake", base_url="http://127.0.0.1:1/v1").list_models(CancelToken())
    server = serve()
    with pytest.raises(UnreadableReply, match="no such path"):
        make_provider("openai-chat", name="fake", base_url=f"http://127.0.0.1:{server.port}").list_models(CancelToken())


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    serve: ServeReplies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert text_of(list(stream(serve(Reply("Two words."))))) == "Two words."


def test_a_proxy_of_the_environment_is_used_for_the_world(serve: ServeReplies, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(Reply("Two words."))
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
    provider = make_provider("openai-chat", name="fake", base_url="http://api.example.com/v1", api_key=KEY)
    assert text_of(list(provider.stream(PROMPT, CancelToken()))) == "Two words."
    assert server.requests[0].path == "http://api.example.com/v1/chat/completions"


@pytest.mark.parametrize(("name", "value"), [("HTTP_PROXY", "nonsense://x"), ("SSL_CERT_FILE", "/no/such/file")])
def test_settings_of_the_environment_that_cannot_be_used_are_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    provider = make_provider("openai-chat", name="fake", base_url="http://api.example.com/v1", api_key=KEY)
    with pytest.raises(ProviderUnreachable, match="environment"):
        list(provider.stream(PROMPT, CancelToken()))


@pytest.mark.security
@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=401, body={"error": {"message": f"Incorrect API key provided: {KEY}."}}),
        Reply(status=400, body={"error": {"message": f"bad header Bearer {KEY}"}}),
        Reply(status=500, body=f"trace: Authorization: Bearer {KEY}"),
        Reply(body=f"<html><title>{KEY}</title></html>"),
        Reply(raw=f"data: {KEY}\n\n".encode()),
        Reply(error={"message": f"no {KEY}", "code": "server_error"}),
        Reply(refusal=f"I won't repeat {KEY}"),
        Reply(body={"message": f"echo {KEY}"}),
        Reply(reset_after=1),
        Reply(stall_after=1),
    ],
)
def test_the_key_stands_in_no_error_log_traceback_or_text(
    serve: ServeReplies, caplog: pytest.LogCaptureFixture, reply: Reply
) -> None:
    server = serve(reply)
    waits = timeouts_for(server)
    provider = make_provider("openai-chat", name="fake", base_url=server.base_url, api_key=KEY, timeouts=waits)
    caplog.set_level(logging.INFO)
    try:
        list(provider.stream(PROMPT, CancelToken()))
    except ForgeError as error:
        raised = error
    frames = list(provider_frames(raised))
    assert frames
    shown = "".join(frames)
    shown += repr(raised) + str(raised) + repr(raised.params) + json.dumps(raised.to_json()) + raised.hint
    shown += repr(provider) + str(vars(provider)) + caplog.text
    assert KEY not in shown
    assert KEY.encode() not in pickle.dumps(raised)


def provider_frames(error: BaseException) -> Iterator[str]:
    """The traceback as it is printed, and with the locals of every frame of ours, causes and contexts included."""
    yield from traceback.TracebackException.from_exception(error).format()
    seen: BaseException | None = error
    while seen is not None:
        for frame, _ in traceback.walk_tb(seen.__traceback__):
            if "/tests/" not in frame.f_code.co_filename:
                yield f"{frame.f_code.co_name}: {frame.f_locals!r}"
        seen = seen.__cause__ or seen.__context__


@pytest.mark.availability
@pytest.mark.parametrize("unit", [b"data: " + b"x" * 20_000, b"x", b"\n"], ids=["long data", "one line", "blank lines"])
def test_a_hostile_body_is_read_in_linear_time(serve: ServeReplies, unit: bytes) -> None:
    def read(server: FakeServer) -> None:
        _, error = fail(server)
        assert isinstance(error, UnreadableReply | StreamBroken)

    assert_linear(read, lambda size: serve(Reply(raw=unit * (size // len(unit)), cut=4096)), 1_000_000)
