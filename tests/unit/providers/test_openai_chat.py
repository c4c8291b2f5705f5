"""Requests and replies of the dialect, without a wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.chat import (
    FinishReason,
    Message,
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
from forgeapp.providers.base import FaultReported, NotAReply, Quirks, ServerFault
from forgeapp.providers.openai_chat import ChatReader, OpenAIChat

PROMPT = Prompt("m", (Message(Role.SYSTEM, "be brief"), Message(Role.USER, "hi")))


def body(dialect: OpenAIChat, prompt: Prompt = PROMPT) -> dict[str, Any]:
    return dict(dialect.chat(prompt).json or {})


def delta(fields: Any, finish: str | None = None, **more: Any) -> str:
    return json.dumps({"choices": [{"index": 0, "delta": fields, "finish_reason": finish}], **more})


def read(*events: str) -> tuple[list[StreamEvent], ChatReader]:
    reader = ChatReader()
    pieces = [piece for event in events for piece in reader.read(event)]
    return pieces + list(reader.finish()), reader


def usage(reported: dict[str, Any]) -> Usage | None:
    pieces, _ = read(json.dumps({"choices": [], "usage": reported}))
    return next((piece.usage for piece in pieces if isinstance(piece, UsageReported)), None)


def test_a_request_holds_what_was_asked_and_nothing_more() -> None:
    assert body(OpenAIChat("x.example", Quirks())) == {
        "model": "m",
        "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_parameters_are_sent_when_given() -> None:
    sent = body(OpenAIChat("x.example", Quirks()), Prompt("m", (), max_output_tokens=7, temperature=0.0, stop=("END",)))
    assert (sent["max_tokens"], sent["temperature"], sent["stop"]) == (7, 0.0, ["END"])


def test_openai_itself_is_asked_for_completion_tokens() -> None:
    sent = body(OpenAIChat("api.openai.com", Quirks()), Prompt("m", (), max_output_tokens=7))
    assert sent["max_completion_tokens"] == 7
    assert "max_tokens" not in sent


@pytest.mark.parametrize(
    "words",
    ["Unrecognized request argument supplied: stream_options", "body.stream_options: Extra inputs are not permitted"],
)
def test_stream_options_are_left_out_once_a_server_rejects_them(words: str) -> None:
    dialect = OpenAIChat("x.example", Quirks())
    sent = dialect.chat(PROMPT)
    assert dialect.adapt(sent, ServerFault(400, "", words))
    assert "stream_options" not in body(dialect)
    assert not dialect.adapt(dialect.chat(PROMPT), ServerFault(400, "", words))


def test_the_other_name_for_the_most_tokens_is_used_once_a_server_asks_for_it() -> None:
    dialect = OpenAIChat("x.example", Quirks())
    words = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    prompt = Prompt("m", (), max_output_tokens=7)
    assert dialect.adapt(dialect.chat(prompt), ServerFault(400, "unsupported_parameter", words))
    assert body(dialect, prompt)["max_completion_tokens"] == 7


def test_a_number_that_is_too_large_is_no_reason_to_try_another_name() -> None:
    dialect = OpenAIChat("x.example", Quirks())
    sent = dialect.chat(Prompt("m", (), max_output_tokens=10**9))
    assert not dialect.adapt(sent, ServerFault(400, "", "max_tokens is too large: at most 8192"))


def test_pictures_stand_beside_the_text_and_text_alone_stays_a_string() -> None:
    shown = (Picture("image/png", b"\x89PNG"), Picture("image/gif", b"GIF"))
    prompt = Prompt("m", (Message(Role.USER, "hi"), Message(Role.USER, "what?", shown), Message(Role.USER, "", shown)))
    plain, both, alone = (message["content"] for message in body(OpenAIChat("x.example", Quirks()), prompt)["messages"])
    assert plain == "hi"
    assert both == [
        {"type": "text", "text": "what?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
        {"type": "image_url", "image_url": {"url": "data:image/gif;base64,R0lG"}},
    ]
    assert alone == both[1:]


def test_stop_sequences_beyond_what_the_protocol_takes_are_cut_here() -> None:
    request = OpenAIChat("x.example", Quirks()).chat(Prompt("m", (), stop=("a", "b", "c", "d", "e")))
    assert (request.json or {})["stop"] == ["a", "b", "c", "d"]
    assert request.cut_at == ("e",)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("stop", "Unsupported parameter: 'stop' is not supported with this model."),
        ("temperature", "Unsupported value: 'temperature' does not support 0.2 with this model."),
        ("temperature", '[{"type": "extra_forbidden", "loc": ["body", "temperature"], "msg": "Extra inputs"}]'),
        ("temperature", "`temperature` is deprecated for this model."),
    ],
)
def test_a_parameter_the_model_does_not_take_is_left_out_for_that_model(name: str, words: str) -> None:
    known: list[tuple[str, ...]] = []
    dialect = OpenAIChat("x.example", Quirks(on_learned=known.append))
    prompt = Prompt("o9", PROMPT.messages, temperature=0.2, stop=("END",))
    assert dialect.adapt(dialect.chat(prompt), ServerFault(400, "unsupported_parameter", words))
    assert known == [(f"no {name}: o9",)]
    assert {"temperature", "stop"} - body(dialect, prompt).keys() == {name}
    assert dialect.chat(prompt).cut_at == (("END",) if name == "stop" else ())
    assert name in body(dialect, Prompt("gpt-4.1", (), temperature=0.2, stop=("END",)))
    assert not dialect.adapt(dialect.chat(prompt), ServerFault(400, "unsupported_parameter", words))


@pytest.mark.parametrize(
    "words", ["Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.", "no"]
)
def test_a_temperature_that_is_out_of_range_is_the_users_to_mend(words: str) -> None:
    dialect = OpenAIChat("x.example", Quirks())
    assert not dialect.adapt(dialect.chat(Prompt("m", (), temperature=3)), ServerFault(400, "", words))


@pytest.mark.parametrize(
    "words",
    [
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        "TemplateError: System role not supported",
        "Developer instruction is not enabled for models/gemma-3-27b-it",
    ],
)
def test_a_model_without_a_system_role_is_told_by_the_user(words: str) -> None:
    dialect = OpenAIChat("x.example", Quirks())
    assert dialect.adapt(dialect.chat(PROMPT), ServerFault(400, "unsupported_value", words))
    assert body(dialect)["messages"] == [{"role": "user", "content": "be brief\n\nhi"}]
    assert body(dialect, Prompt("m", PROMPT.messages[:1]))["messages"] == [{"role": "user", "content": "be brief"}]
    assert len(body(dialect, Prompt("other", PROMPT.messages))["messages"]) == 2
    assert not dialect.adapt(dialect.chat(PROMPT), ServerFault(400, "unsupported_value", words))


def test_text_usage_and_the_end_are_read_in_order() -> None:
    pieces, reader = read(
        delta({"role": "assistant", "content": ""}),
        delta({"content": "Hel"}),
        delta({"content": "lo"}),
        delta({}, "stop"),
        json.dumps({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}),
        "[DONE]",
    )
    assert pieces == [
        TextPiece("Hel"),
        TextPiece("lo"),
        UsageReported(Usage(3, 2)),
        ReplyFinished(FinishReason.STOP),
    ]
    assert reader.ended
    assert reader.complete


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_thoughts_are_told_apart_from_the_reply(name: str) -> None:
    pieces, _ = read(delta({name: "hm", "content": None}), delta({"content": "yes", name: ""}, "stop"))
    assert pieces[:2] == [ReasoningPiece("hm"), TextPiece("yes")]


def test_content_in_parts_is_read() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}, 3]}
    pieces, _ = read(delta({"content": [thinking, {"type": "text", "text": "yes"}, None]}, "stop"))
    assert pieces[:2] == [ReasoningPiece("hm"), TextPiece("yes")]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("stop", FinishReason.STOP),
        ("STOP", FinishReason.STOP),
        ("length", FinishReason.LENGTH),
        ("tool_calls", FinishReason.OTHER),
    ],
)
def test_finish_reasons_are_told(word: str, reason: FinishReason) -> None:
    assert read(delta({}, word))[0] == [ReplyFinished(reason)]


@pytest.mark.parametrize("word", ["content_filter", "content_filter: PROHIBITED_CONTENT"])
def test_a_filtered_reply_reports_its_usage_and_no_end(word: str) -> None:
    pieces, reader = read(
        delta({"content": "How to"}),
        delta({}, word),
        json.dumps({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}),
    )
    assert pieces == [TextPiece("How to"), UsageReported(Usage(3, 2))]
    assert reader.refusal == "its content filter stopped the reply"


def test_the_words_of_a_refusal_are_gathered() -> None:
    _, reader = read(delta({"refusal": "I can't "}), delta({"refusal": "help."}), delta({}, "stop"))
    assert reader.refusal == "I can't help."


def test_cached_and_reasoning_tokens_are_counted_within_their_totals() -> None:
    reported = {
        "prompt_tokens": 100,
        "completion_tokens": 50,
        "prompt_tokens_details": {"cached_tokens": 80},
        "completion_tokens_details": {"reasoning_tokens": 30},
    }
    assert usage(reported) == Usage(100, 50, 30, 80)


@pytest.mark.parametrize("name", ["prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens"])
def test_some_servers_name_cached_tokens_otherwise(name: str) -> None:
    assert usage({"prompt_tokens": 100, "completion_tokens": 5, name: 64}) == Usage(100, 5, 0, 64)


def test_tokens_written_to_a_cache_are_told_from_those_read() -> None:
    details = {"cached_tokens": 80, "cache_write_tokens": 15}
    reported = {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": details}
    assert usage(reported) == Usage(100, 5, 0, 80, 15)
    assert usage(reported | {"prompt_tokens": 90}) == Usage(90, 5, 0, 80, 10)


def test_thoughts_counted_beside_the_completion_are_added_to_it() -> None:
    reported = {
        "prompt_tokens": 41,
        "completion_tokens": 87,
        "total_tokens": 394,
        "completion_tokens_details": {"reasoning_tokens": 266},
    }
    assert usage(reported) == Usage(41, 353, 266)


def test_counts_that_cannot_be_are_brought_into_range() -> None:
    reported = {
        "prompt_tokens": 10.0,
        "completion_tokens": True,
        "prompt_tokens_details": {"cached_tokens": 99},
        "completion_tokens_details": "none",
    }
    assert usage(reported) == Usage(10, 0, 0, 10)
    assert usage({"prompt_tokens": float("inf"), "completion_tokens": -4}) is None


def test_groq_puts_usage_elsewhere() -> None:
    pieces, _ = read(delta({}, "stop", x_groq={"usage": {"prompt_tokens": 1, "completion_tokens": 2}}))
    assert UsageReported(Usage(1, 2)) in pieces


def test_of_growing_usage_the_last_counts_once() -> None:
    events = [delta({"content": "a"}, usage={"prompt_tokens": 1, "completion_tokens": n}) for n in (1, 2, 3)]
    pieces, _ = read(*events, delta({}, "stop"))
    assert [piece for piece in pieces if isinstance(piece, UsageReported)] == [UsageReported(Usage(1, 3))]


def test_an_error_in_the_midst_of_a_reply_is_reported() -> None:
    reader = ChatReader()
    with pytest.raises(FaultReported) as raised:
        reader.read('{"error": {"message": "overloaded", "code": 529}}')
    assert raised.value.fault == ServerFault(529, "529", "overloaded", "")


def test_an_error_inside_a_choice_is_reported() -> None:
    event = json.dumps(
        {"choices": [{"delta": {}, "finish_reason": "error", "error": {"code": 502, "message": "gone"}}]}
    )
    with pytest.raises(FaultReported) as raised:
        ChatReader().read(event)
    assert raised.value.fault.status == 502


def test_a_character_cut_into_two_escapes_is_joined() -> None:
    high, low = r'{"choices":[{"delta":{"content":"a\ud83c"}}]}', r'{"choices":[{"delta":{"content":"\udfd7b"}}]}'
    pieces, _ = read(high, low, delta({}, "stop"))
    assert pieces[:2] == [TextPiece("a"), TextPiece("🏗b")]


def test_half_a_character_never_reaches_the_reply() -> None:
    pieces, _ = read(r'{"choices":[{"delta":{"content":"a\ud83c"}}]}', r'{"choices":[{"delta":{"content":"b"}}]}')
    text = "".join(piece.text for piece in pieces if isinstance(piece, TextPiece))
    assert text.encode() == "a\ufffdb".encode()


def test_a_plain_answer_reads_as_a_streamed_one() -> None:
    reader = ChatReader()
    reply = {
        "choices": [{"message": {"content": "Hello", "reasoning_content": "hm"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2},
    }
    pieces = [*reader.read_whole(json.dumps(reply)), *reader.finish()]
    assert pieces == [
        ReasoningPiece("hm"),
        TextPiece("Hello"),
        UsageReported(Usage(3, 2)),
        ReplyFinished(FinishReason.STOP),
    ]


@pytest.mark.parametrize("text", ["{}", "[]", '{"choices": []}', "[" * 100_000, '{"choices": [', "nonsense"])
def test_json_that_is_no_reply_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        ChatReader().read_whole(text)


@pytest.mark.parametrize("text", ["{", "nonsense", "[1]", "7", "[" * 100_000, "1" * 5_000])
def test_an_event_that_is_no_reply_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        ChatReader().read(text)


@pytest.mark.parametrize("shape", ['{"error": %s}', '{"error": {"message": %s}}', '{"message": %s}'])
def test_an_error_nested_as_deep_as_can_just_be_read_is_told(shape: str) -> None:
    for depth in range(900, 1000):
        with pytest.raises((NotAReply, FaultReported)):
            ChatReader().read_whole(shape % ("[" * depth + "7" + "]" * depth))


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("stop")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["choices", "delta", "message", "content", "usage", "error", "finish_reason", "prompt_tokens", "text"]
            ),
            inner,
            max_size=4,
        ),
        st.dictionaries(
            st.sampled_from(["prompt_tokens_details", "cached_tokens", "reasoning", "refusal", "thinking", "x_groq"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(events=st.lists(_JSON, max_size=4))
def test_no_json_whatever_breaks_the_reader(events: list[Any]) -> None:
    reader = ChatReader()
    try:
        for event in events:
            for piece in reader.read(json.dumps(event)):
                assert isinstance(piece, TextPiece | ReasoningPiece)
                piece.text.encode()
        reader.finish()
        ChatReader().read_whole(json.dumps(events[0] if events else None))
    except (NotAReply, FaultReported):
        pass
