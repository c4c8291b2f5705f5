"""The official `google-genai` client accepts the fake server, and reads of it what we read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from google import genai
from google.genai import errors, types

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import (
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
from forgeapp.errors import ContentRefused, KeyRejected, ModelNotFound, ProviderFailed, RateLimited, RequestRejected
from forgeapp.providers.catalog import cost_nano_usd
from forgeapp.providers.registry import make_provider
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.integration

KEY = "AIzaSyFake-0123456789abcdefghijklmnopqr"
MODEL = "gemini-2.5-pro"
TEXT = "# Größe\n\n| a | b |\n|---|---|\n| 東京 | 🏗️ |\n"
USAGE = {
    "promptTokenCount": 1200,
    "cachedContentTokenCount": 1024,
    "candidatesTokenCount": 340,
    "thoughtsTokenCount": 64,
    "totalTokenCount": 1604,
}
PROMPT = Prompt(MODEL, (Message(Role.SYSTEM, "be brief"), Message(Role.USER, "hi")), max_output_tokens=500)
CONFIG = types.GenerateContentConfig(system_instruction="be brief", max_output_tokens=500)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(Reply(TEXT, reasoning="hm well", usage=USAGE, cut=7)) as started:
        yield started


@pytest.fixture
def client(server: FakeServer) -> Iterator[genai.Client]:
    made = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=server.root_url, api_version="v1beta"))
    yield made
    made.close()


def ours(server: FakeServer, prompt: Prompt = PROMPT) -> list[StreamEvent]:
    provider = make_provider("gemini", name="fake", base_url=server.root_url, api_key=KEY)
    return list(provider.stream(prompt, CancelToken()))


def text_of(events: list[StreamEvent], kind: type[TextPiece | ReasoningPiece] = TextPiece) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))


def their_text(replies: list[types.GenerateContentResponse], *, thoughts: bool = False) -> str:
    parts = (
        part for reply in replies for one in reply.candidates or () if one.content for part in one.content.parts or ()
    )
    return "".join(part.text or "" for part in parts if bool(part.thought) is thoughts)


def their_usage(reply: types.GenerateContentResponse) -> Usage:
    counted = reply.usage_metadata
    assert counted is not None
    thought = counted.thoughts_token_count or 0
    return Usage(
        (counted.prompt_token_count or 0) + (counted.tool_use_prompt_token_count or 0),
        (counted.candidates_token_count or 0) + thought,
        thought,
        counted.cached_content_token_count or 0,
    )


def test_a_stream_reads_alike(server: FakeServer, client: genai.Client) -> None:
    theirs = list(client.models.generate_content_stream(model=MODEL, contents="hi", config=CONFIG))
    events = ours(server)
    assert their_text(theirs) == text_of(events) == TEXT
    assert their_text(theirs, thoughts=True) == text_of(events, ReasoningPiece) == "hm well"
    assert theirs[-1].candidates is not None
    assert theirs[-1].candidates[0].finish_reason is types.FinishReason.STOP
    assert events[-2:] == [UsageReported(their_usage(theirs[-1])), ReplyFinished("stop")]
    assert their_usage(theirs[-1]) == Usage(1200, 404, 64, 1024)


def test_a_plain_answer_reads_alike(server: FakeServer, client: genai.Client) -> None:
    reply = client.models.generate_content(model=MODEL, contents="hi", config=CONFIG)
    server.replies = [Reply(TEXT, reasoning="hm well", usage=USAGE, plain=True)]
    events = ours(server)
    assert reply.text == text_of(events) == TEXT
    assert UsageReported(their_usage(reply)) in events


def test_our_request_has_the_shape_of_the_clients(server: FakeServer, client: genai.Client) -> None:
    picture = b"\x89PNG\r\n\x1a\n"
    said: list[Any] = [
        types.Content(role="user", parts=[types.Part.from_bytes(data=picture, mime_type="image/png")]),
        types.Content(role="model", parts=[types.Part(text="A picture.")]),
        types.Content(role="user", parts=[types.Part(text="hi")]),
    ]
    config = CONFIG.model_copy(update={"temperature": 0.2, "stop_sequences": ["END"]})
    list(client.models.generate_content_stream(model=MODEL, contents=said, config=config))
    messages = (
        Message(Role.SYSTEM, "be brief"),
        Message(Role.USER, "", (Picture("image/png", picture),)),
        Message(Role.ASSISTANT, "A picture."),
        Message(Role.USER, "hi"),
    )
    ours(server, Prompt(MODEL, messages, max_output_tokens=500, temperature=0.2, stop=("END",)))
    theirs, sent = server.chats
    # The client says it in both spellings the API knows, and calls the system's words the user's.
    expected = json.loads(json.dumps(theirs.json).replace("mime_type", "mimeType"))
    assert expected["systemInstruction"].pop("role") == "user"
    assert sent.json == expected
    assert sent.path == theirs.path
    assert sent.headers["x-goog-api-key"] == theirs.headers["x-goog-api-key"] == KEY
    assert sent.headers["content-type"] == theirs.headers["content-type"]


def test_models_are_listed_alike(server: FakeServer, client: genai.Client) -> None:
    theirs = [
        ((model.name or "").removeprefix("models/"), (model.input_token_limit or 0) + (model.output_token_limit or 0))
        for model in client.models.list()
    ]
    provider = make_provider("gemini", name="fake", base_url=server.root_url, api_key=KEY)
    assert [(model.name, model.context_tokens) for model in provider.list_models(CancelToken())] == theirs
    assert len(theirs) == 2


@pytest.mark.parametrize(
    ("status", "name", "message", "expected"),
    [
        (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", KeyRejected),
        (400, "INVALID_ARGUMENT", "Request contains an invalid argument.", RequestRejected),
        (403, "PERMISSION_DENIED", "The caller does not have permission", KeyRejected),
        (404, "NOT_FOUND", f"models/{MODEL} is not found for API version v1beta", ModelNotFound),
        (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).", RateLimited),
        (503, "UNAVAILABLE", "The model is overloaded. Please try again later.", ProviderFailed),
    ],
)
@pytest.mark.parametrize("is_list", [False, True])
def test_failures_are_told_alike(
    server: FakeServer,
    client: genai.Client,
    status: int,
    name: str,
    message: str,
    expected: type[Exception],
    is_list: bool,
) -> None:
    body = {"error": {"code": status, "message": message, "status": name}}
    server.replies = [Reply(status=status, body=[body] if is_list else body)]
    with pytest.raises(errors.APIError) as theirs:
        list(client.models.generate_content_stream(model=MODEL, contents="hi"))
    assert (theirs.value.code, theirs.value.status, theirs.value.message) == (status, name, message)
    with pytest.raises(expected) as raised:
        ours(server)
    assert type(raised.value) is expected


def test_an_error_in_the_midst_of_a_stream_is_told_alike(server: FakeServer, client: genai.Client) -> None:
    began = json.dumps({"candidates": [{"content": {"parts": [{"text": "Two"}], "role": "model"}}]})
    failed = json.dumps({"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}, indent=2)
    server.replies = [Reply(raw=f"data: {began}\n\n{failed}\n".encode())]
    with pytest.raises(errors.ServerError, match="overloaded"):
        list(client.models.generate_content_stream(model=MODEL, contents="hi"))
    with pytest.raises(ProviderFailed):
        ours(server)


@pytest.mark.parametrize("reply", [Reply(TEXT, finish="refused"), Reply("", refusal="PROHIBITED_CONTENT")])
def test_a_filtered_reply_is_told_alike(server: FakeServer, client: genai.Client, reply: Reply) -> None:
    server.replies = [reply]
    last = list(client.models.generate_content_stream(model=MODEL, contents="hi"))[-1]
    reasons = [str(one.finish_reason) for one in last.candidates or ()]
    assert "FinishReason.SAFETY" in reasons or (last.prompt_feedback and last.prompt_feedback.block_reason)
    with pytest.raises(ContentRefused):
        ours(server)


def test_usage_and_price_are_what_the_price_data_itself_reads_of_the_wire(server: FakeServer) -> None:
    from genai_prices import calc_price, extract_usage

    usage = next(event.usage for event in ours(server) if isinstance(event, UsageReported))
    extracted = extract_usage({"usageMetadata": USAGE, "modelVersion": MODEL}, provider_id="google")
    assert (extracted.usage.input_tokens, extracted.usage.output_tokens) == (usage.input_tokens, usage.output_tokens)
    assert extracted.usage.cache_read_tokens == usage.cache_read_tokens
    price = calc_price(extracted.usage, MODEL, provider_id="google").total_price
    assert cost_nano_usd("google", MODEL, usage)[0] == round(price * 10**9)
