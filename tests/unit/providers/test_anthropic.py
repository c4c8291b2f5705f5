"""Anthropic Messages: requests, replies and failures without a wire."""

from __future__ import annotations

import contextlib
import json
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.chat import (
    FinishReason,
    Message,
    ModelInfo,
    Picture,
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
    ContextTooLong,
    KeyRejected,
    ModelNotFound,
    PicturesNotTaken,
    ProviderError,
    ProviderFailed,
    ProviderTimeout,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
)
from forgeapp.providers.anthropic import Anthropic, MessageReader
from forgeapp.providers.base import FaultReported, NotAReply, Quirks, ServerFault
from forgeapp.providers.faults import error_class, read_fault

SYSTEM, USER, ASSISTANT = Role.SYSTEM, Role.USER, Role.ASSISTANT
PROMPT = Prompt("claude-x", (Message(USER, "hi"),))
PICTURE = Picture("image/png", b"\x89PNG\r\n\x1a\n")


def body(prompt: Prompt, *quirks: str) -> dict[str, Any]:
    return dict(Anthropic("x.example", Quirks(quirks)).chat(prompt).json or {})


def said(*messages: Message) -> list[dict[str, Any]]:
    return list(body(Prompt("claude-x", messages))["messages"])


def event(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields})


def delta(kind: str, **fields: Any) -> str:
    return event("content_block_delta", index=0, delta={"type": kind, **fields})


def end(reason: str | None = "end_turn", usage: Any = None, **fields: Any) -> str:
    return event("message_delta", delta={"stop_reason": reason, **fields}, usage=usage)


def read(*events: str) -> tuple[list[StreamEvent], MessageReader]:
    reader = MessageReader()
    pieces = [piece for one in events for piece in reader.read(one)]
    return pieces + list(reader.finish()), reader


def usage(start: Any, last: Any) -> Usage | None:
    pieces, _ = read(event("message_start", message={"usage": start}), end(usage=last))
    return next((piece.usage for piece in pieces if isinstance(piece, UsageReported)), None)


# Requests


def test_a_request_holds_what_was_asked_and_nothing_more() -> None:
    request = Anthropic("x.example", Quirks()).chat(
        Prompt("claude-x", (Message(SYSTEM, "be brief"), Message(USER, "hi")), max_output_tokens=300)
    )
    assert request.path == "/v1/messages"
    assert request.headers["anthropic-version"] == "2023-06-01"
    assert request.json == {
        "model": "claude-x",
        "max_tokens": 300,
        "system": "be brief",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
    }


def test_the_most_tokens_are_always_named() -> None:
    assert body(PROMPT)["max_tokens"] == 8_192


def test_several_system_texts_stand_together_at_the_top() -> None:
    sent = body(
        Prompt("m", (Message(SYSTEM, "one"), Message(USER, "hi"), Message(SYSTEM, " "), Message(SYSTEM, "two")))
    )
    assert sent["system"] == "one\n\ntwo"
    assert sent["messages"] == [{"role": "user", "content": "hi"}]


def test_neighbours_of_one_role_are_one_turn() -> None:
    turns = said(
        Message(USER, "a"), Message(USER, "b"), Message(ASSISTANT, "c"), Message(SYSTEM, "s"), Message(USER, "d")
    )
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    assert turns[0]["content"] == [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]


def test_empty_texts_are_left_out_and_what_they_parted_is_joined() -> None:
    turns = said(Message(USER, "a"), Message(ASSISTANT, " \n"), Message(USER, "b"), Message(USER, ""))
    assert turns == [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]


def test_the_first_turn_is_the_users() -> None:
    turns = said(Message(ASSISTANT, "As I said."), Message(USER, "Go on."))
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    assert turns[0]["content"].strip()


@pytest.mark.parametrize("messages", [(), (Message(SYSTEM, "be brief"),), (Message(USER, " "),)])
def test_there_is_always_something_said(messages: tuple[Message, ...]) -> None:
    sent = body(Prompt("m", messages))
    assert sent["messages"][0]["content"].strip()
    assert "system" not in sent


def test_pictures_go_before_the_text_that_speaks_of_them() -> None:
    (turn,) = said(Message(USER, "What is this?", (PICTURE,)))
    image, text = turn["content"]
    assert image["source"]["type"] == "base64"
    assert image["source"]["media_type"] == "image/png"
    assert b64decode(image["source"]["data"]) == PICTURE.data
    assert text == {"type": "text", "text": "What is this?"}


def test_a_picture_alone_is_enough() -> None:
    (turn,) = said(Message(USER, "", (PICTURE,)))
    assert [block["type"] for block in turn["content"]] == ["image"]


@pytest.mark.parametrize(("asked", "sent"), [(0.0, 0.0), (0.7, 0.7), (1.6, 1.0), (-1.0, 0.0)])
def test_the_temperature_is_kept_within_what_the_protocol_takes(asked: float, sent: float) -> None:
    assert body(Prompt("m", (), temperature=asked))["temperature"] == sent


def test_stop_sequences_of_white_space_are_cut_at_here_for_the_server_refuses_them() -> None:
    request = Anthropic("x.example", Quirks()).chat(Prompt("m", (), stop=("END", "\n\n")))
    assert (request.json or {})["stop_sequences"] == ["END"]
    assert list(request.cut_at) == ["\n\n"]
    assert "stop_sequences" not in body(Prompt("m", (), stop=("\n",)))


TOO_MANY = "max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens for claude-x"


def test_no_more_tokens_are_asked_for_than_the_server_says_the_model_gives() -> None:
    quirks = Quirks()
    dialect = Anthropic("x.example", quirks)
    prompt = Prompt("claude-x", (), max_output_tokens=64_000)
    assert dialect.adapt(dialect.chat(prompt), ServerFault(400, "invalid_request_error", TOO_MANY))
    assert list(quirks) == ["most output: claude-x 8192"]
    assert body(prompt, *quirks)["max_tokens"] == 8192
    assert body(Prompt("claude-x", (), max_output_tokens=100), *quirks)["max_tokens"] == 100
    assert body(Prompt("claude-y", (), max_output_tokens=64_000), *quirks)["max_tokens"] == 64_000
    assert not dialect.adapt(dialect.chat(prompt), ServerFault(400, "", TOO_MANY))


def test_a_limit_learned_later_takes_the_place_of_the_one_before() -> None:
    quirks = Quirks(["most output: claude-x 8192", "no temperature: claude-x"])
    dialect = Anthropic("x.example", quirks)
    assert dialect.adapt(dialect.chat(PROMPT), ServerFault(400, "", "max_tokens: 8192 > 4096, which is the maximum"))
    assert sorted(quirks) == ["most output: claude-x 4096", "no temperature: claude-x"]


@pytest.mark.parametrize(
    "words",
    [
        "input length and `max_tokens` exceed context limit: 188059 + 20000 > 200000, decrease input length",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "max_tokens: 0 > 0",
        "max_tokens: 9 > 99999999",
        "messages: text content blocks must be non-empty",
    ],
)
def test_other_refusals_are_no_reason_to_try_again(words: str) -> None:
    dialect = Anthropic("x.example", Quirks())
    assert not dialect.adapt(dialect.chat(PROMPT), ServerFault(400, "invalid_request_error", words))


@pytest.mark.parametrize("quirk", ["most output: claude-x ", "most output: claude-x many", "most output: claude-x 0"])
def test_a_limit_that_is_none_is_passed_over(quirk: str) -> None:
    assert body(PROMPT, quirk)["max_tokens"] == 8_192


def test_the_temperature_is_left_out_for_a_model_that_refuses_it() -> None:
    quirks = Quirks()
    dialect = Anthropic("x.example", quirks)
    prompt = Prompt("claude-x", (), temperature=0.3)
    fault = ServerFault(400, "invalid_request_error", "`temperature` is deprecated for this model.")
    assert dialect.adapt(dialect.chat(prompt), fault)
    assert "temperature" not in body(prompt, *quirks)
    assert body(Prompt("claude-y", (), temperature=0.3), *quirks)["temperature"] == 0.3
    assert not dialect.adapt(dialect.chat(prompt), fault)


# Replies


def test_text_usage_and_the_end_are_read_in_order() -> None:
    pieces, reader = read(
        event("message_start", message={"usage": {"input_tokens": 3, "output_tokens": 1}}),
        event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        delta("text_delta", text="Hel"),
        delta("text_delta", text="lo"),
        event("content_block_stop", index=0),
        end(usage={"output_tokens": 2}),
        event("message_stop"),
    )
    assert pieces == [TextPiece("Hel"), TextPiece("lo"), UsageReported(Usage(3, 2)), ReplyFinished(FinishReason.STOP)]
    assert reader.ended
    assert reader.complete


def test_a_block_that_starts_with_text_keeps_it() -> None:
    assert read(event("content_block_start", content_block={"type": "text", "text": "Hi"}))[0][0] == TextPiece("Hi")


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("end_turn", FinishReason.STOP),
        ("stop_sequence", FinishReason.STOP),
        ("max_tokens", FinishReason.LENGTH),
        ("model_context_window_exceeded", FinishReason.LENGTH),
        ("pause_turn", FinishReason.OTHER),
        ("tool_use", FinishReason.OTHER),
        ("something_new", FinishReason.OTHER),
    ],
)
def test_finish_reasons_are_told(word: str, reason: FinishReason) -> None:
    pieces, reader = read(end(word))
    assert pieces == [ReplyFinished(reason)]
    assert reader.complete


def test_a_refusal_reports_its_usage_and_no_end() -> None:
    pieces, reader = read(end("refusal", {"input_tokens": 3, "output_tokens": 2}))
    assert pieces == [UsageReported(Usage(3, 2))]
    assert reader.refusal == "its safety filter stopped the reply"


def test_the_end_of_a_stream_in_which_nothing_was_said_is_no_reply() -> None:
    reader = MessageReader()
    reader.read(event("message_stop"))
    assert reader.ended
    assert not reader.complete


def test_cached_tokens_are_counted_among_the_input() -> None:
    start = {
        "input_tokens": 10,
        "cache_read_input_tokens": 100,
        "cache_creation_input_tokens": 1000,
        "cache_creation": {"ephemeral_5m_input_tokens": 400, "ephemeral_1h_input_tokens": 600},
        "output_tokens": 1,
    }
    assert usage(start, {"output_tokens": 7}) == Usage(1110, 7, 0, 100, 1000, 600)


def test_lifetimes_alone_are_enough() -> None:
    start = {"input_tokens": 1, "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 6}}
    assert usage(start, {"output_tokens": 7}) == Usage(11, 7, 0, 0, 10, 6)


def test_later_counts_take_the_place_of_earlier_ones() -> None:
    last = {"input_tokens": 90, "output_tokens": 50, "output_tokens_details": {"thinking_tokens": 40}}
    assert usage({"input_tokens": 9, "output_tokens": 1}, last) == Usage(90, 50, 40)


def test_the_beginning_of_a_count_is_not_taken_for_the_whole() -> None:
    assert usage({"input_tokens": 9, "output_tokens": 1}, None) is None


def test_counts_that_cannot_be_are_passed_over() -> None:
    start = {"input_tokens": 10.0, "cache_read_input_tokens": True, "cache_creation": "none"}
    last = {"output_tokens": 5, "input_tokens": -1, "output_tokens_details": {"thinking_tokens": 99}}
    assert usage(start, last) == Usage(10, 5, 5)
    assert usage({"input_tokens": 1e300}, {"output_tokens": 0}) is None


def test_a_plain_answer_reads_as_a_streamed_one() -> None:
    reader = MessageReader()
    content = [
        {"type": "thinking", "thinking": "hm", "signature": "Eq"},
        {"type": "tool_use", "id": "x", "name": "y", "input": {}},
        {"type": "text", "text": "Hello"},
        None,
    ]
    counts = {"input_tokens": 3, "output_tokens": 2, "output_tokens_details": {"thinking_tokens": 1}}
    reply = {"type": "message", "content": content, "stop_reason": "max_tokens", "usage": counts}
    assert [*reader.read_whole(json.dumps(reply)), *reader.finish()] == [
        ReasoningPiece("hm"),
        TextPiece("Hello"),
        UsageReported(Usage(3, 2, 1)),
        ReplyFinished(FinishReason.LENGTH),
    ]


@pytest.mark.parametrize(
    "text", ["{}", "[]", "7", '{"content": 3}', "[" * 100_000, '{"content": [', "nonsense", '{"error": {}}']
)
def test_json_that_is_no_reply_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        MessageReader().read_whole(text)


@pytest.mark.parametrize("text", ["{", "nonsense", "[1]", "7", "[" * 100_000, "1" * 5_000, ""])
def test_an_event_that_is_no_event_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        MessageReader().read(text)


def test_an_error_answered_as_a_plain_reply_is_reported() -> None:
    with pytest.raises(FaultReported) as raised:
        MessageReader().read_whole('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}')
    assert raised.value.fault.code == "overloaded_error"


def test_half_a_character_never_reaches_the_reply() -> None:
    half = '{"type":"content_block_delta","delta":{"type":"text_delta","text":"a\\ud83c"}}'
    pieces, _ = read(half, delta("thinking_delta", thinking="\ud83c"), end())
    assert [piece.text.encode() for piece in pieces if isinstance(piece, TextPiece | ReasoningPiece)] == [
        b"a",
        "\ufffd".encode(),
        "\ufffd".encode(),
    ]


_JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["text_delta", "text", "thinking_delta", "end_turn", "refusal", "error"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["type", "text", "thinking", "usage", "error", "stop_reason", "stop_details", "content"]),
            inner,
            max_size=4,
        ),
        st.dictionaries(
            st.sampled_from(["input_tokens", "output_tokens", "cache_creation", "ephemeral_1h_input_tokens", "delta"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
_EVENTS = st.one_of(
    _JSON,
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["message_start", "content_block_start", "content_block_delta", "message_delta", "message_stop", "ping"]
            )
        },
        optional={"delta": _JSON, "content_block": _JSON, "message": _JSON, "usage": _JSON, "error": _JSON},
    ),
)


@given(events=st.lists(_EVENTS, max_size=5))
def test_no_json_whatever_breaks_the_reader(events: list[Any]) -> None:
    reader = MessageReader()
    try:
        for one in events:
            for piece in reader.read(json.dumps(one)):
                assert isinstance(piece, TextPiece | ReasoningPiece)
                piece.text.encode()
        reader.finish()
        MessageReader().read_whole(json.dumps(events[0] if events else None))
    except (NotAReply, FaultReported):
        pass


@given(reply=_JSON)
def test_no_json_whatever_breaks_the_list_of_models(reply: Any) -> None:
    for shown in (reply, {"data": reply}, {"data": [reply, {"id": "m", "capabilities": reply}]}):
        with contextlib.suppress(NotAReply, FaultReported):
            Anthropic("x.example", Quirks()).read_models(shown)


# Models


def test_models_are_read_with_what_they_can() -> None:
    listed = {
        "data": [
            {
                "type": "model",
                "id": "claude-opus-5-5",
                "max_input_tokens": 1_000_000,
                "max_tokens": 128_000,
                "capabilities": {"image_input": {"supported": True}, "thinking": {"supported": True}},
            },
            {"type": "model", "id": "claude-old", "display_name": "Old"},
            {"type": "model", "id": "claude-gone", "lifecycle": "retired"},
            {"id": "claude-old"},
            {"id": 3},
            "claude",
        ],
        "has_more": False,
    }
    assert Anthropic("x.example", Quirks()).read_models(listed) == [
        ModelInfo("claude-opus-5-5", 1_000_000, 128_000, takes_pictures=True),
        ModelInfo("claude-old"),
    ]


@pytest.mark.parametrize("reply", [{}, {"data": 3}, [], "text", None])
def test_what_lists_no_models_is_told(reply: Any) -> None:
    with pytest.raises(NotAReply):
        Anthropic("x.example", Quirks()).read_models(reply)


# Failures


@pytest.mark.parametrize(
    ("status", "kind", "message", "expected"),
    [
        (400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", ContextTooLong),
        (
            400,
            "invalid_request_error",
            "input length and `max_tokens` exceed context limit: 188059 + 20000 > 200000",
            ContextTooLong,
        ),
        (400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", QuotaExhausted),
        (400, "invalid_request_error", "You have reached your specified API usage limits.", QuotaExhausted),
        (
            429,
            "rate_limit_error",
            "You have reached your specified workspace API usage limits. You will regain access on 2026-12-01.",
            QuotaExhausted,
        ),
        (400, "invalid_request_error", "Output blocked by content filtering policy", ContentRefused),
        (400, "invalid_request_error", "This model does not support image input.", PicturesNotTaken),
        (400, "invalid_request_error", "messages: at least one message is required", RequestRejected),
        (401, "authentication_error", "invalid x-api-key", KeyRejected),
        (402, "billing_error", "There's an issue with your billing or payment information.", QuotaExhausted),
        (403, "permission_error", "Your API key does not have permission", KeyRejected),
        (404, "not_found_error", "model: claude-9", ModelNotFound),
        (413, "request_too_large", "Request exceeds the maximum size", ContextTooLong),
        (429, "rate_limit_error", "This request would exceed your organization's rate limit", RateLimited),
        (500, "api_error", "Internal server error", ProviderFailed),
        (529, "overloaded_error", "Overloaded", ProviderFailed),
        (None, "overloaded_error", "Overloaded", ProviderFailed),
        (None, "api_error", "Internal server error", ProviderFailed),
        (None, "rate_limit_error", "slow down", RateLimited),
        (None, "timeout_error", "Request timed out", ProviderTimeout),
        (None, "billing_error", "no credit", QuotaExhausted),
        (None, "request_too_large", "too large", ContextTooLong),
        (None, "invalid_request_error", "no", RequestRejected),
    ],
)
def test_each_failure_has_its_own_error(
    status: int | None, kind: str, message: str, expected: type[ProviderError]
) -> None:
    reply = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    assert error_class(read_fault(status, json.dumps(reply).encode())) is expected
