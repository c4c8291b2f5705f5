"""The official `anthropic` client accepts the fake server, and reads of it what we read."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import anthropic
import pytest

from forgeapp.domain.cancel import CancelToken
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
from forgeapp.errors import (
    ContentRefused,
    ContextTooLong,
    KeyRejected,
    ModelNotFound,
    ProviderFailed,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
)
from forgeapp.providers.catalog import cost_nano_usd
from forgeapp.providers.registry import make_provider
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.integration

KEY = "sk-ant-fake-0123456789"
MODEL = "claude-opus-4-7"
TEXT = "# Größe\n\n| a | b |\n|---|---|\n| 東京 | 🏗️ |\n"
USAGE = {
    "input_tokens": 21,
    "cache_creation_input_tokens": 1688,
    "cache_read_input_tokens": 2048,
    "cache_creation": {"ephemeral_5m_input_tokens": 656, "ephemeral_1h_input_tokens": 1032},
    "output_tokens": 393,
    "output_tokens_details": {"thinking_tokens": 301},
}
PROMPT = Prompt(MODEL, (Message(Role.SYSTEM, "be brief"), Message(Role.USER, "hi")), max_output_tokens=500)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(Reply(TEXT, reasoning="hm well", usage=USAGE, cut=7)) as started:
        yield started


@pytest.fixture
def client(server: FakeServer) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(api_key=KEY, base_url=server.root_url, max_retries=0) as made:
        yield made


def ask(client: anthropic.Anthropic) -> anthropic.types.Message:
    return client.messages.create(
        model=MODEL, max_tokens=500, system="be brief", messages=[{"role": "user", "content": "hi"}]
    )


def ours(server: FakeServer, prompt: Prompt = PROMPT) -> list[StreamEvent]:
    provider = make_provider("anthropic", name="claude", base_url=server.root_url, api_key=KEY)
    return list(provider.stream(prompt, CancelToken()))


def text_of(events: list[StreamEvent], kind: type[TextPiece] | type[ReasoningPiece] = TextPiece) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))


def usage_of(events: list[StreamEvent]) -> Usage:
    (usage,) = [event.usage for event in events if isinstance(event, UsageReported)]
    return usage


def assert_counted_alike(theirs: anthropic.types.Usage, usage: Usage) -> None:
    read, written = theirs.cache_read_input_tokens or 0, theirs.cache_creation_input_tokens or 0
    assert usage.input_tokens == theirs.input_tokens + read + written
    assert (usage.output_tokens, usage.cache_read_tokens, usage.cache_write_tokens) == (
        theirs.output_tokens,
        read,
        written,
    )
    assert theirs.cache_creation is not None
    assert usage.cache_write_1h_tokens == theirs.cache_creation.ephemeral_1h_input_tokens
    assert theirs.output_tokens_details is not None
    assert usage.reasoning_tokens == theirs.output_tokens_details.thinking_tokens


def test_a_stream_reads_alike(server: FakeServer, client: anthropic.Anthropic) -> None:
    with client.messages.stream(model=MODEL, max_tokens=500, messages=[{"role": "user", "content": "hi"}]) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    thought = next(block.thinking for block in final.content if block.type == "thinking")
    read = ours(server)
    assert text == text_of(read) == TEXT
    assert thought == text_of(read, ReasoningPiece) == "hm well"
    assert final.stop_reason == "end_turn"
    assert read[-1] == ReplyFinished(FinishReason.STOP)
    assert_counted_alike(final.usage, usage_of(read))


def test_a_plain_answer_reads_alike(server: FakeServer, client: anthropic.Anthropic) -> None:
    theirs = ask(client)
    server.replies = [Reply(TEXT, reasoning="hm well", usage=USAGE, plain=True)]
    read = ours(server)
    assert [block.type for block in theirs.content] == ["thinking", "text"]
    assert next(block.text for block in theirs.content if block.type == "text") == text_of(read) == TEXT
    assert_counted_alike(theirs.usage, usage_of(read))


def test_our_request_has_the_shape_of_the_clients(server: FakeServer, client: anthropic.Anthropic) -> None:
    picture = Picture("image/png", b"\x89PNG\r\n\x1a\n")
    image: anthropic.types.ImageBlockParam = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": b64encode(picture.data).decode()},
    }
    list(
        client.messages.create(
            model=MODEL,
            max_tokens=500,
            system="be brief",
            stop_sequences=["END"],
            stream=True,
            extra_body={"temperature": 0.5},  # newer clients know the field no more; older models do
            messages=[
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": "Hello."},
                {"role": "user", "content": [image, {"type": "text", "text": "What is this?"}]},
            ],
        )
    )
    messages = (
        Message(Role.SYSTEM, "be brief"),
        Message(Role.USER, "hi"),
        Message(Role.ASSISTANT, "Hello."),
        Message(Role.USER, "What is this?", (picture,)),
    )
    ours(server, Prompt(MODEL, messages, max_output_tokens=500, temperature=0.5, stop=("END",)))
    theirs, sent = server.chats
    assert sent.json == theirs.json
    assert sent.path == theirs.path
    assert sent.headers["content-type"] == theirs.headers["content-type"]
    # The client sends it as a bearer since its version 2; the API takes both.
    assert sent.headers["x-api-key"] == KEY
    assert KEY in (theirs.headers.get("x-api-key"), theirs.headers.get("authorization", "").removeprefix("Bearer "))


def test_a_refusal_is_told_alike(server: FakeServer, client: anthropic.Anthropic) -> None:
    server.replies = [Reply("Sure,", refusal="I can't help with that.", usage=USAGE)]
    theirs = ask(client)
    assert theirs.stop_reason == "refusal"
    assert theirs.stop_details is not None
    with pytest.raises(ContentRefused, match=str(theirs.stop_details.explanation)[:-1]):
        ours(server)


def test_models_are_listed_alike(server: FakeServer, client: anthropic.Anthropic) -> None:
    provider = make_provider("anthropic", name="claude", base_url=server.root_url, api_key=KEY)
    theirs = [(model.id, model.max_input_tokens, model.max_tokens) for model in client.models.list(limit=1000)]
    models = provider.list_models(CancelToken())
    assert theirs == [(model.name, model.context_tokens, model.max_output_tokens) for model in models]
    assert [request.path for request in server.requests] == ["/v1/models?limit=1000"] * 2


@pytest.mark.parametrize(
    ("status", "kind", "message", "theirs", "expected"),
    [
        (400, "invalid_request_error", "messages: too few", anthropic.BadRequestError, RequestRejected),
        (400, "invalid_request_error", "Your credit balance is too low", anthropic.BadRequestError, QuotaExhausted),
        (400, "invalid_request_error", "prompt is too long: 3 > 2", anthropic.BadRequestError, ContextTooLong),
        (401, "authentication_error", "invalid x-api-key", anthropic.AuthenticationError, KeyRejected),
        (403, "permission_error", "not for this key", anthropic.PermissionDeniedError, KeyRejected),
        (404, "not_found_error", "model: claude-9", anthropic.NotFoundError, ModelNotFound),
        (413, "request_too_large", "too large", anthropic.APIStatusError, ContextTooLong),
        (429, "rate_limit_error", "slow down", anthropic.RateLimitError, RateLimited),
        (500, "api_error", "internal", anthropic.InternalServerError, ProviderFailed),
        (529, "overloaded_error", "Overloaded", anthropic.APIStatusError, ProviderFailed),
    ],
)
def test_failures_are_told_alike(
    server: FakeServer,
    client: anthropic.Anthropic,
    status: int,
    kind: str,
    message: str,
    theirs: type[anthropic.APIStatusError],
    expected: type[Exception],
) -> None:
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    server.replies = [Reply(status=status, body=body)]
    with pytest.raises(theirs) as raised:
        ask(client)
    assert raised.value.status_code == status
    assert raised.value.type == kind
    with pytest.raises(expected):
        ours(server)


def test_an_error_in_mid_stream_is_told_alike(server: FakeServer, client: anthropic.Anthropic) -> None:
    server.replies = [Reply(TEXT, error={"type": "overloaded_error", "message": "Overloaded"}, error_after=3)]
    with (
        pytest.raises(anthropic.APIStatusError, match="Overloaded"),
        client.messages.stream(model=MODEL, max_tokens=500, messages=[{"role": "user", "content": "hi"}]) as stream,
    ):
        stream.get_final_message()
    with pytest.raises(ProviderFailed):
        ours(server)


def test_a_streamed_and_a_buffered_call_cost_the_same(server: FakeServer) -> None:
    streamed = usage_of(ours(server))
    server.replies = [Reply(TEXT, usage=USAGE, plain=True)]
    buffered = usage_of(ours(server))
    costs = [cost_nano_usd("anthropic", MODEL, usage)[0] for usage in (streamed, buffered)]
    assert costs == [21 * 5_000 + 2048 * 500 + 656 * 6_250 + 1032 * 10_000 + 393 * 25_000] * 2
