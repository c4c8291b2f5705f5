"""Ollama's own API: recorded streams, and whole calls over loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import (
    FinishReason,
    Message,
    ModelInfo,
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
    ForgeError,
    KeyMissing,
    ModelNotFound,
    ProviderFailed,
    ProviderTimeout,
    StreamBroken,
    UnreadableReply,
)
from forgeapp.providers.base import FaultReported
from forgeapp.providers.catalog import cost_nano_usd
from forgeapp.providers.ndjson import NDJSONDecoder
from forgeapp.providers.ollama import LineReader
from forgeapp.providers.registry import make_provider
from forgeapp.providers.transport import Timeouts
from tests.fakes.fixtures import ServeReplies, serve, timeouts_for
from tests.fakes.provider_server import FakeServer, Reply

__all__ = ["serve"]

RECORDED = Path(__file__).parent / "recorded"
PROMPT = Prompt("llama3.2", (Message(Role.USER, "hi"),))
TOO_LONG = "the prompt is longer than the context length currently available to the model; shorten the prompt"


def replay(*chunks: bytes) -> list[StreamEvent | str]:
    """What is read, then the words of the fault it ended in, where there was one."""
    decoder, reader = NDJSONDecoder(), LineReader()
    got: list[StreamEvent | str] = []
    try:
        for one in [one for chunk in chunks for one in decoder.feed(chunk)] + decoder.finish():
            got += reader.read(one)
    except FaultReported as reported:
        return [*got, reported.fault.message]
    assert reader.ended
    assert reader.complete
    assert reader.refusal is None
    return [*got, *reader.finish()]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "ollama_thinking",
            [
                ReasoningPiece("Okay, the user"),
                ReasoningPiece(" wants 東京."),
                TextPiece("| Stadt | Größe |\n"),
                TextPiece("| 東京 🏗️ | 🏙 <b> |"),
                UsageReported(Usage(26, 282, 0, 20)),
                ReplyFinished(FinishReason.STOP),
            ],
        ),
        (
            "ollama_length_cached",
            [TextPiece("The sky"), TextPiece(" is"), TextPiece(" blue"), ReplyFinished(FinishReason.LENGTH)],
        ),
        ("ollama_error", [TextPiece("Hel"), "an error was encountered while running the model: unexpected EOF"]),
        ("ollama_load", [ReplyFinished(FinishReason.OTHER)]),
    ],
)
def test_a_recorded_stream_reads_alike_wherever_it_is_cut(name: str, expected: list[Any]) -> None:
    stream = (RECORDED / f"{name}.ndjson").read_bytes()
    assert replay(stream) == expected
    assert replay(stream.replace(b"\n", b"\r\n")) == expected
    for place in range(1, len(stream)):
        assert replay(stream[:place], stream[place:]) == expected


def test_a_streamed_and_a_plain_reply_cost_the_same_which_is_nothing() -> None:
    streamed = replay((RECORDED / "ollama_thinking.ndjson").read_bytes())
    reader = LineReader()
    last = (RECORDED / "ollama_thinking.ndjson").read_text("utf-8").splitlines()[-1]
    reader.read_whole(last)
    usages = [piece.usage for piece in [*streamed, *reader.finish()] if isinstance(piece, UsageReported)]
    assert usages == [Usage(26, 282, 0, 20)] * 2
    assert [cost_nano_usd("local", "qwen3:8b", usage)[0] for usage in usages] == [0, 0]


# Over the wire


def call(server: FakeServer, prompt: Prompt = PROMPT, *, base_url: str = "", key: Any = None) -> list[StreamEvent]:
    provider = make_provider(
        "ollama",
        name="local",
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
    server = serve(Reply("Größe: 東京 🏗️ ok\n\n| a |", reasoning="hm well", cut=cut, newline=newline))
    events = call(server)
    assert events[:2] == [ReasoningPiece("hm"), ReasoningPiece(" well")]
    assert text_of(events) == "Größe: 東京 🏗️ ok\n\n| a |"
    assert events[-2:] == [UsageReported(Usage(1, 7)), ReplyFinished(FinishReason.STOP)]


def test_pieces_arrive_while_the_server_is_still_writing(serve: ServeReplies) -> None:
    server = serve(Reply("one two three", stall_after=2))
    provider = make_provider("ollama", name="local", base_url=server.root_url, timeouts=Timeouts(600, 600))
    pieces = provider.stream(PROMPT, CancelToken())
    assert [next(pieces), next(pieces)] == [TextPiece("one"), TextPiece(" two")]
    pieces.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("options", [{"plain": True}, {"content_type": "application/json; charset=utf-8"}])
def test_a_reply_under_the_name_of_plain_json_is_read_all_the_same(
    serve: ServeReplies, options: dict[str, Any]
) -> None:
    events = call(serve(Reply("Two words.", reasoning="hm", **options)))
    assert events[0] == ReasoningPiece("hm")
    assert text_of(events) == "Two words."
    assert events[-2:] == [UsageReported(Usage(1, 2)), ReplyFinished(FinishReason.STOP)]


@pytest.mark.parametrize("ending", ["", "/", "/api", "/api/", "/api/chat", "/v1", "/v1/"])
def test_a_base_url_may_end_with_what_the_dialect_says_itself(serve: ServeReplies, ending: str) -> None:
    server = serve(Reply("Two words."))
    assert text_of(call(server, base_url=server.root_url + ending)) == "Two words."
    assert server.chats[0].path == "/api/chat"


def test_no_key_is_needed_and_one_that_is_set_goes_as_a_bearer(serve: ServeReplies) -> None:
    server = serve()
    call(server)
    call(server, key="ollama-0123456789")
    assert [chat.headers.get("authorization") for chat in server.chats] == [None, "Bearer ollama-0123456789"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply("Two words.", done=False), StreamBroken),
        (Reply("Two words.", close_after=2), StreamBroken),
        (Reply("Two words.", reset_after=2), StreamBroken),
        (Reply("Two words.", reset_after=0), StreamBroken),
        (Reply("Two words.", stall_after=2), ProviderTimeout),
        (Reply(error={"message": "unexpected EOF"}, error_after=1), ProviderFailed),
        (Reply(error={"message": "unexpected EOF"}, plain=True), ProviderFailed),
        (Reply(raw=b'{"message":{"content":"Hi"},"done":false}\n{"message":{"cont'), StreamBroken),
        (Reply(raw=b'{"message":{"content":"Hi"}\n'), UnreadableReply),
        (Reply(raw=b"{}\n"), UnreadableReply),
        (Reply(body="<html><head><title>Sign in</title></head></html>"), UnreadableReply),
        (Reply(body="Ollama is running"), UnreadableReply),
        (Reply(body=b'{"message":{"con', content_type="application/json"), UnreadableReply),
        (Reply(body=b""), UnreadableReply),
        (Reply(status=500, body={"error": "llama runner process has terminated"}), ProviderFailed),
        (Reply(status=401, body={"error": "unauthorized"}), KeyMissing),
    ],
)
def test_each_way_to_fail_is_a_typed_error(serve: ServeReplies, reply: Reply, expected: type[ForgeError]) -> None:
    error = fail(serve(reply))
    assert type(error) is expected
    assert error.hint


def test_a_model_that_is_not_there_is_told_with_the_remedy(serve: ServeReplies) -> None:
    error = fail(serve(Reply(status=404, body={"error": 'model "llama3.2" not found, try pulling it first'})))
    assert type(error) is ModelNotFound
    assert "try pulling it first" in error.message


def test_a_prompt_of_digits_gets_the_room_it_needs_in_a_second_request(serve: ServeReplies) -> None:
    server = serve(Reply(status=400, body={"error": TOO_LONG}), Reply("Two words."))
    assert text_of(call(server, Prompt("llama3.2", (Message(Role.USER, "7" * 20_000),)))) == "Two words."
    assert [chat.json["options"]["num_ctx"] for chat in server.chats] == [16_384, 32_768]


def test_models_are_listed_without_a_key(serve: ServeReplies) -> None:
    server = serve()
    models = make_provider("ollama", name="local", base_url=f"{server.root_url}/api").list_models(CancelToken())
    assert models == [ModelInfo("fake-large"), ModelInfo("fake-small")]
    assert server.requests[0].path == "/api/tags"
