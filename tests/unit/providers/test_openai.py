"""Requests and replies of Responses, without a wire and over one."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import (
    FinishReason,
    Message,
    Picture,
    Prompt,
    Provider,
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
    ProviderFailed,
    ProviderTimeout,
    RequestRejected,
    StreamBroken,
    UnreadableReply,
)
from forgeapp.providers.base import FaultReported, NotAReply, Quirks, ServerFault
from forgeapp.providers.catalog import cost_nano_usd
from forgeapp.providers.openai import OpenAI, ResponseReader
from forgeapp.providers.registry import make_provider
from tests.fakes.fixtures import ServeReplies, serve, timeouts_for
from tests.fakes.provider_server import FakeServer, Reply

__all__ = ["serve"]

PROMPT = Prompt("gpt-5-mini", (Message(Role.USER, "write me two words"),))


def body(prompt: Prompt, dialect: OpenAI | None = None) -> dict[str, Any]:
    return dict((dialect or OpenAI("api.openai.com", Quirks())).chat(prompt).json or {})


def delta(text: Any) -> str:
    return json.dumps({"type": "response.output_text.delta", "delta": text})


def completed(**response: Any) -> str:
    return json.dumps({"type": "response.completed", "response": {"status": "completed", **response}})


def message(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": list(parts)}


def read(*events: str) -> tuple[list[StreamEvent], ResponseReader]:
    reader = ResponseReader()
    pieces = [piece for event in events for piece in reader.read(event)]
    return pieces + list(reader.finish()), reader


def provider_at(server: FakeServer) -> Provider:
    waits = timeouts_for(server)
    return make_provider("openai", name="fake", base_url=server.base_url, api_key="sk-fake", timeouts=waits)


def stream(server: FakeServer, prompt: Prompt = PROMPT) -> list[StreamEvent]:
    return list(provider_at(server).stream(prompt, CancelToken()))


def text_of(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPiece))


def fail(server: FakeServer) -> tuple[list[StreamEvent], ForgeError]:
    """The pieces that came before the error, and the error."""
    events: list[StreamEvent] = []
    with pytest.raises(ForgeError) as raised:
        for event in provider_at(server).stream(PROMPT, CancelToken()):
            events.append(event)  # noqa: PERF402 - what came before the error is kept
    return events, raised.value


def test_a_request_holds_what_was_asked_and_is_not_stored() -> None:
    messages = (
        Message(Role.SYSTEM, "be brief"),
        Message(Role.USER, "hi"),
        Message(Role.ASSISTANT, "hello"),
        Message(Role.USER, "more"),
    )
    assert body(Prompt("m", messages)) == {
        "model": "m",
        "instructions": "be brief",
        "input": [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "hello"}]},
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "more"}]},
        ],
        "stream": True,
        "store": False,
    }


def test_parameters_are_sent_when_given_and_stop_never() -> None:
    prompt = Prompt("m", PROMPT.messages, max_output_tokens=700, temperature=0.0, stop=("END",))
    sent = body(prompt)
    assert (sent["max_output_tokens"], sent["temperature"]) == (700, 0.0)
    assert "stop" not in sent
    assert OpenAI("x", Quirks()).chat(prompt).cut_at == ("END",)


def test_never_fewer_tokens_are_asked_for_than_the_server_takes() -> None:
    assert body(Prompt("m", (), max_output_tokens=1))["max_output_tokens"] == 16


def test_pictures_go_along_as_addresses_that_hold_them() -> None:
    shown = (Picture("image/png", b"\x89PNG"), Picture("image/webp", b"RIFF"))
    prompt = Prompt("m", (Message(Role.USER, "what is it?", shown), Message(Role.USER, "", shown[:1])))
    first, second = (item["content"] for item in body(prompt)["input"])
    assert [part["type"] for part in first] == ["input_text", "input_image", "input_image"]
    address, data = first[1]["image_url"].split(",")
    assert address == "data:image/png;base64"
    assert base64.b64decode(data) == b"\x89PNG"
    assert [part["type"] for part in second] == ["input_image"]


@pytest.mark.parametrize(
    "words",
    [
        "Unsupported parameter: 'temperature' is not supported with this model.",
        "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) is supported.",
    ],
)
def test_a_temperature_the_model_does_not_take_is_left_out_for_that_model(words: str) -> None:
    quirks = Quirks()
    dialect = OpenAI("api.openai.com", quirks)
    prompt = Prompt("o9", PROMPT.messages, temperature=0.0)
    assert dialect.adapt(dialect.chat(prompt), ServerFault(400, "unsupported_parameter", words))
    assert "no temperature: o9" in quirks
    assert "temperature" not in body(prompt, dialect)
    assert body(Prompt("gpt-4.1", (), temperature=0.2), dialect)["temperature"] == 0.2
    assert not dialect.adapt(dialect.chat(prompt), ServerFault(400, "unsupported_parameter", words))


def test_text_is_told_once_though_the_events_say_it_again() -> None:
    whole = message({"type": "output_text", "text": "Hello"})
    pieces, reader = read(
        '{"type": "response.created", "response": {"status": "in_progress", "error": null}}',
        delta("Hel"),
        delta("lo"),
        '{"type": "response.output_text.done", "text": "Hello"}',
        json.dumps({"type": "response.output_item.done", "item": whole}),
        completed(output=[whole], usage={"input_tokens": 3, "output_tokens": 2}),
    )
    assert pieces == [TextPiece("Hel"), TextPiece("lo"), UsageReported(Usage(3, 2)), ReplyFinished(FinishReason.STOP)]
    assert reader.ended
    assert reader.complete


def test_each_of_several_messages_begins_a_paragraph_streamed_or_not() -> None:
    added = json.dumps({"type": "response.output_item.added", "item": message()})
    streamed, _ = read(added, delta("I make a table."), added, delta("| a |"), completed())
    texts = [{"type": "output_text", "text": text} for text in ("I make a table.", "| a |")]
    reader = ResponseReader()
    whole = reader.read_whole(json.dumps({"output": [message(part) for part in texts]}))
    assert text_of(streamed) == text_of(list(whole)) == "I make a table.\n\n| a |"


def test_a_stream_whose_text_stands_only_in_its_end_is_read_from_there() -> None:
    pieces, _ = read(completed(output=[message({"type": "output_text", "text": "Hello"})]))
    assert pieces == [TextPiece("Hello"), ReplyFinished(FinishReason.STOP)]


def test_a_plain_answer_reads_as_a_streamed_one() -> None:
    reply = {
        "object": "response",
        "status": "completed",
        "output": [
            {"type": "reasoning", "summary": [{"text": "one"}, {"text": "two"}]},
            message({"type": "output_text", "text": "Hello"}),
            {"type": "function_call", "name": "x", "arguments": "{}"},
        ],
        "usage": {
            "input_tokens": 30,
            "input_tokens_details": {"cached_tokens": 20},
            "output_tokens": 9,
            "output_tokens_details": {"reasoning_tokens": 4},
        },
    }
    reader = ResponseReader()
    assert [*reader.read_whole(json.dumps(reply)), *reader.finish()] == [
        ReasoningPiece("one\n\ntwo"),
        TextPiece("Hello"),
        UsageReported(Usage(30, 9, 4, 20)),
        ReplyFinished(FinishReason.STOP),
    ]


@pytest.mark.parametrize(
    ("reason", "finish"), [("max_output_tokens", FinishReason.LENGTH), ("steered", FinishReason.OTHER)]
)
def test_why_a_response_is_incomplete_is_told(reason: str, finish: FinishReason) -> None:
    event = {"type": "response.incomplete", "response": {"incomplete_details": {"reason": reason}}}
    assert read(delta("a"), json.dumps(event))[0][-1] == ReplyFinished(finish)
    assert read(delta("a"), '{"type": "response.incomplete"}')[0][-1] == ReplyFinished(FinishReason.OTHER)


def test_a_refusal_in_the_whole_is_told() -> None:
    reader = ResponseReader()
    reply = {"status": "completed", "output": [message({"type": "refusal", "refusal": "I can't."})]}
    assert list(reader.read_whole(json.dumps(reply))) == []
    assert list(reader.finish()) == []
    assert reader.refusal == "I can't."


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        (
            {"type": "error", "code": "rate_limit_exceeded", "message": "slow down", "param": None},
            ServerFault(None, "rate_limit_exceeded error", "slow down"),
        ),
        (
            {"type": "error", "error": {"type": "server_error", "code": "boom", "message": "it broke"}},
            ServerFault(None, "boom server_error", "it broke"),
        ),
        ({"error": {"message": "it broke", "code": 502}}, ServerFault(502, "502", "it broke")),
        (
            {"type": "response.failed", "response": {"error": {"code": "invalid_prompt", "message": "no"}}},
            ServerFault(None, "invalid_prompt", "no"),
        ),
        ({"type": "response.failed"}, ServerFault(None, "", "the response failed")),
    ],
)
def test_a_failure_in_the_midst_of_a_reply_is_reported(event: Any, fault: ServerFault) -> None:
    with pytest.raises(FaultReported) as raised:
        ResponseReader().read(json.dumps(event))
    assert raised.value.fault == fault


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"output": 3}',
        "[" * 100_000,
        '{"output": [',
        "nonsense",
        '{"status":"queued","output":[]}',
        '{"status":"cancelled","output":[]}',
    ],
)
def test_json_that_is_no_response_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        ResponseReader().read_whole(text)


@pytest.mark.parametrize("text", ["{", "nonsense", "[1]", "7", "[" * 100_000])
def test_an_event_that_is_none_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        ResponseReader().read(text)


def test_half_a_character_never_reaches_the_reply() -> None:
    def cut(text: str) -> str:
        return '{"type":"response.output_text.delta","delta":"' + text + '"}'

    assert text_of(read(cut(r"a\ud83c"), cut(r"\udfd7b"), completed())[0]) == "a🏗b"
    assert text_of(read(cut(r"a\ud83c"), completed())[0]) == "a\ufffd"


KINDS = [
    "response.output_text.delta",
    "response.completed",
    "response.incomplete",
    "response.failed",
    "response.refusal.delta",
    "response.reasoning_text.delta",
    "response.reasoning_summary_part.added",
    "message",
    "reasoning",
    "refusal",
    "error",
]
FIELDS = ["type", "delta", "response", "output", "content", "text", "refusal", "summary", "status", "error", "usage"]
MORE_FIELDS = ["input_tokens", "input_tokens_details", "cached_tokens", "incomplete_details", "reason", "summary_index"]
_JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(KINDS),
        st.just("\ud83c"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
        st.dictionaries(st.sampled_from(MORE_FIELDS), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(events=st.lists(st.tuples(st.sampled_from(KINDS), _JSON), max_size=4))
def test_no_json_whatever_breaks_the_reader(events: list[tuple[str, Any]]) -> None:
    reader = ResponseReader()
    try:
        for kind, event in events:
            said = {**event, "type": kind} if isinstance(event, dict) else event
            for piece in reader.read(json.dumps(said)):
                assert isinstance(piece, TextPiece | ReasoningPiece)
                piece.text.encode()
        reader.finish()
        for piece in ResponseReader().read_whole(json.dumps(events[0][1] if events else None)):
            piece.text.encode()  # type: ignore[union-attr]
    except (NotAReply, FaultReported):
        pass


# Over real HTTP


def test_a_reply_streams_with_its_usage_and_its_end(serve: ServeReplies) -> None:
    server = serve(Reply("Two words.", reasoning="hm well"))
    assert stream(server) == [
        ReasoningPiece("hm"),
        ReasoningPiece(" well"),
        TextPiece("Two"),
        TextPiece(" words."),
        UsageReported(Usage(4, 2)),
        ReplyFinished(FinishReason.STOP),
    ]
    assert server.chats[0].path == "/v1/responses"
    assert server.chats[0].headers["authorization"] == "Bearer sk-fake"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("cut", [None, 1, 5])
def test_a_reply_is_the_same_however_it_is_cut(serve: ServeReplies, newline: str, cut: int | None) -> None:
    text = "Größe: 東京 🏗️ ok\n\n| a |"
    events = stream(serve(Reply(text, cut=cut, newline=newline, pings=True)))
    assert text_of(events) == text
    assert events[-1] == ReplyFinished(FinishReason.STOP)


def test_data_in_several_lines_and_unknown_events_are_read(serve: ServeReplies) -> None:
    raw = (
        b'event: response.dreamt\ndata: {"type":"response.dreamt","delta":"no"}\n\n: ping\n\nid: 7\nretry: 10\n'
        b'data: {"type":\ndata: "response.output_text.delta",\ndata:"delta": "Hi"}\n\ndata: {}\n\n'
        b'data: {"type":"response.completed","response":{}}\n\ndata: nonsense after the end\n\n'
    )
    assert stream(serve(Reply(raw=raw, cut=3))) == [TextPiece("Hi"), ReplyFinished(FinishReason.STOP)]


@pytest.mark.parametrize(
    ("reply", "expected", "text"),
    [
        (Reply("Two words.", done=False), StreamBroken, "Two words."),
        (Reply("Two words.", reset_after=0), StreamBroken, ""),
        (Reply("Two words.", reset_after=2), StreamBroken, ""),
        (Reply("Two words.", reset_after=5), StreamBroken, "Two"),
        (Reply("Two words.", close_after=5), StreamBroken, "Two"),
        (Reply("Two words.", stall_after=5), ProviderTimeout, "Two"),
        (Reply("Two words.", error={"message": "x", "code": "server_error"}), ProviderFailed, "Two words."),
        (Reply("Two words.", finish="refused"), ContentRefused, "Two words."),
        (Reply("", refusal="I can't."), ContentRefused, ""),
        (Reply(plain=True, error={"message": "x", "code": "server_error"}), ProviderFailed, ""),
        (Reply(raw=b'data: {"type":"response.output_text.delta","delta":"Hi"}\n\ndata: {"ty'), StreamBroken, "Hi"),
        (Reply(raw=b"data: [DONE]\n\n"), UnreadableReply, ""),
        (Reply(raw=b"data: nonsense\n\n"), UnreadableReply, ""),
        (Reply(body="<html><title>Sign in</title></html>"), UnreadableReply, ""),
        (Reply(body={"hello": "world"}), UnreadableReply, ""),
        (Reply(rejects=["input"]), RequestRejected, ""),
    ],
)
def test_a_reply_that_breaks_off_leaves_its_pieces_and_a_typed_error(
    serve: ServeReplies, reply: Reply, expected: type[ForgeError], text: str
) -> None:
    events, error = fail(serve(reply))
    assert type(error) is expected
    assert text_of(events) == text
    assert not any(isinstance(event, ReplyFinished) for event in events)


@pytest.mark.parametrize("dialect", ["openai", "openai-chat"])
@pytest.mark.parametrize("events", [0, 1])
def test_a_reset_before_the_first_text_may_be_tried_again(serve: ServeReplies, dialect: str, events: int) -> None:
    server = serve(Reply("Two words.", reset_after=events), Reply("Two words."))
    provider = make_provider(dialect, name="fake", base_url=server.base_url, timeouts=timeouts_for(server))
    with pytest.raises(StreamBroken):
        list(provider.stream(PROMPT, CancelToken()))
    assert text_of(list(provider.stream(PROMPT, CancelToken()))) == "Two words."


def test_a_parameter_that_is_rejected_is_left_out_in_a_second_request(serve: ServeReplies) -> None:
    server = serve(Reply("Two words.", rejects=["temperature"]))
    prompt = Prompt("o9", PROMPT.messages, temperature=0.2)
    quirks = Quirks()
    provider = make_provider("openai", name="fake", base_url=server.base_url, quirks=quirks)
    for _ in range(2):
        assert text_of(list(provider.stream(prompt, CancelToken()))) == "Two words."
    assert ["temperature" in chat.json for chat in server.chats] == [True, False, False]
    assert "no temperature: o9" in quirks


NOT_VERIFIED = {
    "error": {
        "message": "Your organization must be verified to stream this model.",
        "type": "invalid_request_error",
        "param": "stream",
        "code": "unsupported_value",
    }
}


@pytest.mark.parametrize("dialect", ["openai", "openai-chat"])
def test_a_reply_that_may_not_be_streamed_is_read_whole(serve: ServeReplies, dialect: str) -> None:
    server = serve(Reply(status=400, body=NOT_VERIFIED), Reply("Two words."))
    provider = make_provider(dialect, name="fake", base_url=server.base_url, api_key="sk-fake")
    assert text_of(list(provider.stream(PROMPT, CancelToken()))) == "Two words."
    assert [chat.json["stream"] for chat in server.chats] == [True, False]
    assert "stream_options" not in server.chats[1].json


@pytest.mark.parametrize("plain", [False, True])
def test_a_stop_sequence_ends_the_text_and_what_is_billed_is_reported_whole(serve: ServeReplies, plain: bool) -> None:
    usage = {"input_tokens": 7, "output_tokens": 99}
    server = serve(Reply(pieces=["One tw", "o <", "EN", "D> three", " four"], usage=usage, plain=plain))
    events = stream(server, Prompt("m", PROMPT.messages, stop=("<END>",)))
    assert text_of(events) == "One two "
    assert events[-2:] == [UsageReported(Usage(7, 99)), ReplyFinished(FinishReason.STOP)]


def test_a_connection_that_breaks_after_the_stop_sequence_takes_nothing_away(serve: ServeReplies) -> None:
    server = serve(Reply(pieces=["One two ", "<END>", " three", " four"], reset_after=7))
    events = stream(server, Prompt("m", PROMPT.messages, stop=("<END>",)))
    assert events == [TextPiece("One two "), ReplyFinished(FinishReason.STOP)]


def test_a_streamed_and_a_buffered_call_cost_the_same(serve: ServeReplies) -> None:
    usage = {
        "input_tokens": 1200,
        "input_tokens_details": {"cached_tokens": 1024},
        "output_tokens": 340,
        "output_tokens_details": {"reasoning_tokens": 64},
        "total_tokens": 1540,
    }
    costs = []
    for plain in (False, True):
        (reported,) = (
            event.usage
            for event in stream(serve(Reply("Hi", usage=usage, plain=plain)))
            if isinstance(event, UsageReported)
        )
        costs.append(cost_nano_usd("openai", "gpt-4o", reported)[0])
    assert costs == [176 * 2_500 + 1024 * 1_250 + 340 * 10_000] * 2
