"""Anthropic Messages: recorded streams, and whole calls over loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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
from forgeapp.domain.usage import Usage
from forgeapp.errors import (
    ContentRefused,
    ForgeError,
    KeyMissing,
    KeyRejected,
    ProviderError,
    ProviderFailed,
    ProviderTimeout,
    RateLimited,
    StreamBroken,
    UnreadableReply,
)
from forgeapp.providers.anthropic import MessageReader
from forgeapp.providers.base import FaultReported
from forgeapp.providers.catalog import cost_nano_usd
from forgeapp.providers.registry import make_provider
from forgeapp.providers.sse import SSEDecoder
from tests.fakes.fixtures import ServeReplies, serve, timeouts_for
from tests.fakes.provider_server import FakeServer, Reply

__all__ = ["serve"]

RECORDED = Path(__file__).parent / "recorded"
KEY = "sk-ant-api03-0123456789abcdef"
PROMPT = Prompt("claude-x", (Message(Role.USER, "hi"),))
USAGE = {
    "input_tokens": 21,
    "cache_creation_input_tokens": 1688,
    "cache_read_input_tokens": 2048,
    "cache_creation": {"ephemeral_5m_input_tokens": 656, "ephemeral_1h_input_tokens": 1032},
    "output_tokens": 393,
}


def replay(*chunks: bytes) -> list[StreamEvent | str | None]:
    """What is read, then the fault it ended in or the refusal, where there was one."""
    decoder, reader = SSEDecoder(), MessageReader()
    got: list[StreamEvent | str | None] = []
    try:
        for one in [one for chunk in chunks for one in decoder.feed(chunk)] + decoder.finish():
            got += reader.read(one)
    except FaultReported as reported:
        return [*got, reported.fault.code]
    assert reader.ended
    assert reader.complete
    return [*got, *reader.finish(), reader.refusal]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "anthropic_thinking",
            [
                ReasoningPiece("The user wants a table of"),
                ReasoningPiece(" cities – 東京 first."),
                TextPiece("| Stadt | Größe |\n"),
                TextPiece("|---|---|\n| 東京 🏗️ | 🏙 groß |"),
                UsageReported(Usage(3757, 393, 301, 2048, 1688, 1032)),
                ReplyFinished(FinishReason.STOP),
                None,
            ],
        ),
        (
            "anthropic_refusal",
            [
                TextPiece("Sure, first"),
                UsageReported(Usage(564, 22)),
                "This request was declined because it could enable cyber harm.",
            ],
        ),
        ("anthropic_overloaded", [TextPiece("Hello"), "overloaded_error"]),
        (
            "anthropic_unknown",
            [
                TextPiece("It is mild"),
                TextPiece(" today."),
                UsageReported(Usage(10682, 510)),
                ReplyFinished(FinishReason.LENGTH),
                None,
            ],
        ),
    ],
)
def test_a_recorded_stream_reads_alike_wherever_it_is_cut(name: str, expected: list[Any]) -> None:
    stream = (RECORDED / f"{name}.sse").read_bytes()
    assert replay(stream) == expected
    assert replay(stream.replace(b"\n", b"\r\n")) == expected
    for place in range(1, len(stream)):
        assert replay(stream[:place], stream[place:]) == expected


def test_a_streamed_and_a_plain_reply_cost_the_same() -> None:
    streamed = replay((RECORDED / "anthropic_thinking.sse").read_bytes())
    reader = MessageReader()
    reader.read_whole(json.dumps({"type": "message", "content": [], "stop_reason": "end_turn", "usage": USAGE}))
    usages = [piece.usage for piece in [*streamed, *reader.finish()] if isinstance(piece, UsageReported)]
    costs = [cost_nano_usd("anthropic", "claude-opus-4-7", usage)[0] for usage in usages]
    assert costs == [21 * 5_000 + 2048 * 500 + 656 * 6_250 + 1032 * 10_000 + 393 * 25_000] * 2


# Over the wire


def call(server: FakeServer, prompt: Prompt = PROMPT, *, base_url: str = "", key: Any = KEY) -> list[StreamEvent]:
    provider = make_provider(
        "anthropic",
        name="claude",
        base_url=base_url or server.root_url,
        api_key=key,
        timeouts=timeouts_for(server),
    )
    return list(provider.stream(prompt, CancelToken()))


def text_of(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPiece))


def fail(server: FakeServer, **options: Any) -> ForgeError:
    with pytest.raises(ForgeError) as raised:
        call(server, **options)
    return raised.value


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("cut", range(1, 8))
def test_a_reply_is_the_same_however_it_is_cut(serve: ServeReplies, newline: str, cut: int) -> None:
    server = serve(Reply("Größe: 東京 🏗️ ok\n\n| a |", reasoning="hm well", cut=cut, newline=newline, pings=True))
    events = call(server)
    assert events[:2] == [ReasoningPiece("hm"), ReasoningPiece(" well")]
    assert text_of(events) == "Größe: 東京 🏗️ ok\n\n| a |"
    assert events[-2:] == [UsageReported(Usage(1, 7)), ReplyFinished(FinishReason.STOP)]


def test_a_server_that_does_not_stream_is_read_all_the_same(serve: ServeReplies) -> None:
    reply = Reply("Two words.", reasoning="hm", finish="length", usage=USAGE)
    events = call(serve(reply))
    server = serve(Reply("Two words.", reasoning="hm", finish="length", usage=USAGE, plain=True))
    assert [*events[:1], TextPiece(text_of(events)), *events[-2:]] == call(server)


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/", "/v1/messages"])
def test_a_base_url_may_end_with_what_the_dialect_says_itself(serve: ServeReplies, ending: str) -> None:
    server = serve(Reply("Two words."))
    assert text_of(call(server, base_url=server.root_url + ending)) == "Two words."
    assert server.chats[0].path == "/v1/messages"


def test_a_base_url_keeps_its_own_path(serve: ServeReplies) -> None:
    server = serve()
    call(server, base_url=f"{server.root_url}/anthropic/v1")
    assert server.chats[0].path == "/anthropic/v1/messages"


def test_the_key_goes_in_its_own_header(serve: ServeReplies) -> None:
    server = serve()
    call(server)
    assert server.chats[0].headers["x-api-key"] == KEY
    assert server.chats[0].headers["anthropic-version"] == "2023-06-01"
    assert "authorization" not in server.chats[0].headers


@pytest.mark.parametrize(
    "reply",
    [
        Reply("Two words.", done=False),
        Reply("Two words.", done=False, close_after=6),
        Reply("Two words.", reset_after=6),
        Reply("Two words.", stall_after=6),
    ],
    ids=["ended", "closed", "reset", "silent"],
)
def test_an_end_without_its_marker_after_the_stop_reason_is_an_end(serve: ServeReplies, reply: Reply) -> None:
    events = call(serve(reply))
    assert text_of(events) == "Two words."
    assert events[-1] == ReplyFinished(FinishReason.STOP)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply("Two words.", finish=None, done=False), StreamBroken),
        (Reply("Two words.", close_after=4), StreamBroken),
        (Reply("Two words.", reset_after=4), StreamBroken),
        (Reply("Two words.", reset_after=0), StreamBroken),
        (Reply("Two words.", stall_after=4), ProviderTimeout),
        (Reply(error={"type": "overloaded_error", "message": "Overloaded"}, error_after=1), ProviderFailed),
        (Reply(error={"type": "rate_limit_error", "message": "slow"}, error_after=1), RateLimited),
        (Reply(error={"type": "overloaded_error", "message": "Overloaded"}, plain=True), ProviderFailed),
        (Reply("Two words.", finish="refused"), ContentRefused),
        (Reply("Two words.", refusal="I can't."), ContentRefused),
        (Reply(raw=b'data: {"type":"content_block_delta","delta":{"type":"text_de'), StreamBroken),
        (Reply(raw=b'data: {"type":"message_start"\n\n'), UnreadableReply),
        (Reply(raw=b'data: {"type":"message_stop"}\n\n'), UnreadableReply),
        (Reply(body="<html><head><title>Sign in</title></head></html>"), UnreadableReply),
        (Reply(body=b'{"type":"message","content":[', content_type="application/json"), UnreadableReply),
        (Reply(body=b""), UnreadableReply),
        (Reply(status=529, body={"type": "error", "error": {"type": "overloaded_error"}}), ProviderFailed),
        (Reply(status=401, body={"type": "error", "error": {"type": "authentication_error"}}), KeyRejected),
    ],
)
def test_each_way_to_fail_is_a_typed_error(serve: ServeReplies, reply: Reply, expected: type[ProviderError]) -> None:
    error = fail(serve(reply))
    assert type(error) is expected
    assert error.hint
    assert KEY not in str(error)


def test_the_words_of_a_refusal_are_told(serve: ServeReplies) -> None:
    assert "I can't help with that" in str(fail(serve(Reply(refusal="I can't help with that."))))


def test_a_server_that_asks_for_a_key_names_where_to_put_it(serve: ServeReplies) -> None:
    body = {"type": "error", "error": {"type": "authentication_error", "message": "x-api-key header is required"}}
    assert isinstance(fail(serve(Reply(status=401, body=body)), key=None), KeyMissing)


def test_the_same_prompt_is_sent_again_with_what_the_model_gives(serve: ServeReplies) -> None:
    def refuse(message: str) -> Reply:
        return Reply(status=400, body={"type": "error", "error": {"type": "invalid_request_error", "message": message}})

    server = serve(
        refuse("max_tokens: 64000 > 8192, which is the maximum"),
        refuse("`temperature` is deprecated for this model."),
        Reply("Two words."),
    )
    prompt = Prompt("claude-x", (Message(Role.USER, "hi"),), max_output_tokens=64_000, temperature=0.2)
    assert text_of(call(server, prompt)) == "Two words."
    sent = [(chat.json["max_tokens"], chat.json.get("temperature")) for chat in server.chats]
    assert sent == [(64_000, 0.2), (8_192, 0.2), (8_192, None)]


def test_a_stop_of_white_space_ends_the_reply(serve: ServeReplies) -> None:
    server = serve(Reply(pieces=["one\n", "\ntwo"]))
    events = call(server, Prompt("claude-x", (Message(Role.USER, "hi"),), stop=("\n\n",)))
    assert text_of(events) == "one"
    assert events[-1] == ReplyFinished(FinishReason.STOP)


def test_models_are_asked_for_in_one_page(serve: ServeReplies) -> None:
    server = serve()
    models = make_provider("anthropic", name="claude", base_url=server.root_url, api_key=KEY).list_models(CancelToken())
    assert [model.name for model in models] == ["fake-large", "fake-small"]
    assert server.requests[0].path == "/v1/models?limit=1000"
