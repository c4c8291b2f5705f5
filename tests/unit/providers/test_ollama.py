"""Ollama's own API: requests, replies and failures without a wire."""

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
    ContextTooLong,
    ModelNotFound,
    ModelTooLarge,
    PicturesNotTaken,
    ProviderError,
    ProviderFailed,
    RequestRejected,
)
from forgeapp.providers.base import FaultReported, NotAReply, Quirks, ServerFault
from forgeapp.providers.faults import error_class, read_fault
from forgeapp.providers.ollama import LineReader, Ollama

USER = Role.USER
PROMPT = Prompt("llama3.2", (Message(USER, "hi"),))
PICTURE = Picture("image/png", b"\x89PNG\r\n\x1a\n")
TOO_LONG = "the prompt is longer than the context length currently available to the model; shorten the prompt"


def body(prompt: Prompt, *quirks: str) -> dict[str, Any]:
    return dict(Ollama("127.0.0.1", Quirks(quirks)).chat(prompt).json or {})


def context(text: str, *quirks: str, most: int | None = None, pictures: int = 0) -> int:
    prompt = Prompt("llama3.2", (Message(USER, text, (PICTURE,) * pictures),), max_output_tokens=most)
    return int(body(prompt, *quirks)["options"]["num_ctx"])


def line(message: Any = None, **fields: Any) -> str:
    return json.dumps({"model": "llama3.2", "message": message, "done": False, **fields})


def read(*lines: str) -> tuple[list[StreamEvent], LineReader]:
    reader = LineReader()
    pieces = [piece for one in lines for piece in reader.read(one)]
    return pieces + list(reader.finish()), reader


# Requests


def test_a_request_holds_what_was_asked_and_that_nothing_is_to_be_cut() -> None:
    request = Ollama("127.0.0.1", Quirks()).chat(
        Prompt(
            "llama3.2",
            (Message(Role.SYSTEM, "be brief"), Message(USER, "hi")),
            max_output_tokens=300,
            temperature=0.0,
            stop=("END",),
        )
    )
    assert request.path == "/api/chat"
    assert request.json == {
        "model": "llama3.2",
        "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}],
        "stream": True,
        "truncate": False,
        "shift": False,
        "options": {"num_ctx": 4096, "num_predict": 300, "temperature": 0.0, "stop": ["END"]},
    }


def test_what_was_not_asked_is_left_to_the_model() -> None:
    assert set(body(PROMPT)["options"]) == {"num_ctx"}
    assert "think" not in body(PROMPT)


def test_pictures_go_beside_the_text() -> None:
    (said,) = body(Prompt("llava", (Message(USER, "What is this?", (PICTURE, PICTURE)),)))["messages"]
    assert said["content"] == "What is this?"
    assert [b64decode(image) for image in said["images"]] == [PICTURE.data] * 2


def test_the_context_holds_the_prompt_and_the_reply() -> None:
    assert context("", most=100) == 4_096
    assert context("", most=4_096) == 8_192
    assert context("x" * 30_000, most=1_000) == 16_384
    assert context("東" * 10_000, most=1_000) == 16_384
    assert context("x" * 30_000, most=16_000) == 32_768
    assert context("", most=100, pictures=2) == 8_192


def test_there_is_room_for_a_reply_of_open_length() -> None:
    assert context("hi") == 8_192


def test_the_context_grows_in_steps_so_that_the_model_is_not_loaded_for_each_length() -> None:
    assert {context("x" * letters, most=1_000) for letters in range(0, 30_000, 500)} == {4_096, 8_192, 16_384}


def test_the_context_has_an_end() -> None:
    assert context("x" * 3_000_000, most=10**6) == 131_072


def test_a_prompt_that_is_longer_than_thought_is_sent_again_with_more_room() -> None:
    quirks = Quirks()
    dialect = Ollama("127.0.0.1", quirks)
    prompt = Prompt("llama3.2", (Message(USER, "7" * 20_000),), max_output_tokens=1_000)
    fault = ServerFault(400, "", TOO_LONG)
    assert dialect.adapt(dialect.chat(prompt), fault)
    assert list(quirks) == ["a token a byte: llama3.2"]
    assert context("7" * 20_000, *quirks, most=1_000) == 32_768
    assert not dialect.adapt(dialect.chat(prompt), fault)


@pytest.mark.parametrize(("text", "words"), [("hi", TOO_LONG), ("x" * 500_000, TOO_LONG), ("7" * 20_000, "no")])
def test_more_room_is_asked_for_only_where_it_can_help(text: str, words: str) -> None:
    dialect = Ollama("127.0.0.1", Quirks())
    assert not dialect.adapt(dialect.chat(Prompt("m", (Message(USER, text),))), ServerFault(400, "", words))


# Replies, with the shapes of https://docs.ollama.com/api/chat


def test_text_usage_and_the_end_are_read_in_order() -> None:
    pieces, reader = read(
        line({"role": "assistant", "content": "Hel"}),
        line({"role": "assistant", "content": "lo"}),
        line({"role": "assistant", "content": ""}, done=True, done_reason="stop", prompt_eval_count=26, eval_count=2),
    )
    assert pieces == [TextPiece("Hel"), TextPiece("lo"), UsageReported(Usage(26, 2)), ReplyFinished(FinishReason.STOP)]
    assert reader.ended
    assert reader.complete


def test_the_documented_last_line_without_a_message_ends_the_reply() -> None:
    final = {
        "model": "llama3.2",
        "done": True,
        "total_duration": 4883583458,
        "prompt_eval_count": 26,
        "eval_count": 282,
    }
    assert read(json.dumps(final))[0] == [UsageReported(Usage(26, 282)), ReplyFinished(FinishReason.STOP)]


def test_thoughts_are_told_apart_from_the_reply() -> None:
    pieces, _ = read(line({"thinking": "hm", "content": ""}), line({"thinking": "so", "content": "yes"}))
    assert pieces[:3] == [ReasoningPiece("hm"), ReasoningPiece("so"), TextPiece("yes")]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("stop", FinishReason.STOP),
        ("", FinishReason.STOP),
        (None, FinishReason.STOP),
        ("length", FinishReason.LENGTH),
        ("load", FinishReason.OTHER),
        ("unload", FinishReason.OTHER),
    ],
)
def test_finish_reasons_are_told(word: str | None, reason: FinishReason) -> None:
    assert read(line(done=True, done_reason=word))[0] == [ReplyFinished(reason)]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"prompt_eval_count": 26, "eval_count": 0}, Usage(26, 0)),
        ({"prompt_eval_count": 26, "prompt_eval_cached_count": 20, "eval_count": 5}, Usage(26, 5, 0, 20)),
        ({"prompt_eval_count": 26, "prompt_eval_cached_count": 99, "eval_count": 5}, Usage(26, 5, 0, 26)),
        ({"eval_count": 5}, None),
        ({"prompt_eval_count": 0, "eval_count": 5}, None),
        ({"prompt_eval_count": 26}, None),
        ({"prompt_eval_count": "26", "eval_count": True}, None),
    ],
)
def test_usage_is_reported_only_where_all_of_it_is_told(counts: dict[str, Any], expected: Usage | None) -> None:
    pieces, _ = read(line({"content": "a"}), line(done=True, **counts))
    assert next((piece.usage for piece in pieces if isinstance(piece, UsageReported)), None) == expected


def test_an_error_line_is_reported_with_its_words() -> None:
    with pytest.raises(FaultReported) as raised:
        LineReader().read('{"error":"an error was encountered while running the model"}')
    assert raised.value.fault.message == "an error was encountered while running the model"


@pytest.mark.parametrize("text", ["{}", "{", "nonsense", "[1]", "7", "[" * 100_000, "1" * 5_000, '{"message": "x"}'])
def test_a_line_that_is_no_reply_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        LineReader().read(text)


@pytest.mark.parametrize("text", ["{}", "[]", line({"content": "a"}), line({"content": "a"}) + "\n{", "nonsense\n{}"])
def test_a_plain_answer_that_is_no_whole_reply_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        LineReader().read_whole(text)


def test_half_a_character_never_reaches_the_reply() -> None:
    pieces, _ = read('{"message":{"content":"a\\ud83c","thinking":"\\ud83c"}}')
    assert [piece.text for piece in pieces[:3] if isinstance(piece, TextPiece | ReasoningPiece)] == [
        "\ufffd",
        "a",
        "\ufffd",
    ]


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["message", "content", "thinking", "done", "done_reason", "error", "prompt_eval_count", "eval_count"]
            ),
            inner,
            max_size=6,
        ),
    ),
    max_leaves=12,
)


@given(lines=st.lists(_JSON, max_size=4))
def test_no_json_whatever_breaks_the_reader(lines: list[Any]) -> None:
    reader = LineReader()
    try:
        for one in lines:
            for piece in reader.read(json.dumps(one)):
                assert isinstance(piece, TextPiece | ReasoningPiece)
                piece.text.encode()
        reader.finish()
        LineReader().read_whole(json.dumps(lines[0] if lines else None))
    except (NotAReply, FaultReported):
        pass


@given(reply=_JSON)
def test_no_json_whatever_breaks_the_list_of_models(reply: Any) -> None:
    entry = {"name": "m", "details": reply, "capabilities": reply}
    for shown in (reply, {"models": reply}, {"models": [reply, entry, {"name": "m", "details": {"families": reply}}]}):
        with contextlib.suppress(NotAReply, FaultReported):
            Ollama("127.0.0.1", Quirks()).read_models(shown)


# Models, with the shapes of https://docs.ollama.com/api/tags


def test_models_are_read_without_those_that_only_embed() -> None:
    listed = {
        "models": [
            {"name": "gemma3", "model": "gemma3", "details": {"family": "gemma3", "families": ["gemma3"]}},
            {"name": "nomic-embed-text:latest", "details": {"family": "nomic-bert", "families": ["nomic-bert"]}},
            {"name": "bge", "details": {"family": "", "families": ["bert"]}},
            {"name": "embeddinggemma", "capabilities": ["embedding"], "details": {"family": "gemma3"}},
            {
                "name": "llava",
                "capabilities": ["completion", "vision"],
                "details": {"family": "llama", "context_length": 32_768},
            },
            {"model": "qwen3:8b", "capabilities": ["completion", "thinking"], "details": None},
            {"name": "gemma3"},
            {"name": 3},
            "text",
        ]
    }
    assert Ollama("127.0.0.1", Quirks()).read_models(listed) == [
        ModelInfo("gemma3"),
        ModelInfo("llava", 32_768, takes_pictures=True),
        ModelInfo("qwen3:8b", takes_pictures=False),
    ]


@pytest.mark.parametrize("reply", [{}, {"models": None}, [], "Ollama is running", None])
def test_what_lists_no_models_is_told(reply: Any) -> None:
    with pytest.raises(NotAReply):
        Ollama("127.0.0.1", Quirks()).read_models(reply)


# Failures


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (404, 'model "llama9" not found, try pulling it first', ModelNotFound),
        (404, "model 'llama9' not found", ModelNotFound),
        (400, TOO_LONG, ContextTooLong),
        (400, "the input length exceeds the context length", ContextTooLong),
        (400, '"gemma3:1b" does not support vision', PicturesNotTaken),
        (500, "this model is missing data required for image input", PicturesNotTaken),
        (None, "this model is missing data required for image input", PicturesNotTaken),
        (400, '"bge-m3" does not support chat', RequestRejected),
        (500, "model requires more system memory (9.2 GiB) than is available (4.1 GiB)", ModelTooLarge),
        (500, "llama runner process has terminated: exit status 2", ProviderFailed),
        (503, "server busy, please try again.  maximum pending requests exceeded", ProviderFailed),
        (None, "an error was encountered while running the model: unexpected EOF", ProviderFailed),
    ],
)
def test_each_failure_has_its_own_error(status: int | None, message: str, expected: type[ProviderError]) -> None:
    assert error_class(read_fault(status, json.dumps({"error": message}).encode())) is expected
