"""The official `openai` client accepts the fake server, and reads of it what we read."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Message, Prompt, ReplyFinished, Role, TextPiece, UsageReported
from forgeapp.errors import KeyRejected, ProviderFailed, RateLimited, UnreadableReply
from forgeapp.providers.catalog import cost_nano_usd
from forgeapp.providers.registry import make_provider
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.integration

TEXT = "# Größe\n\n| a | b |\n|---|---|\n| 東京 | 🏗️ |\n"
USAGE = {
    "prompt_tokens": 1200,
    "completion_tokens": 340,
    "total_tokens": 1540,
    "prompt_tokens_details": {"cached_tokens": 1024},
    "completion_tokens_details": {"reasoning_tokens": 64},
}


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(Reply(TEXT, usage=USAGE, cut=7)) as started:
        yield started


@pytest.fixture
def client(server: FakeServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key="sk-fake-0123456789", base_url=server.base_url, max_retries=0) as made:
        yield made


def ours(server: FakeServer) -> tuple[str, UsageReported, ReplyFinished]:
    provider = make_provider("openai-chat", name="fake", base_url=server.base_url, api_key="sk-fake-0123456789")
    events = list(provider.stream(Prompt("gpt-4o", (Message(Role.USER, "hi"),)), CancelToken()))
    usage, finished = events[-2:]
    assert isinstance(usage, UsageReported)
    assert isinstance(finished, ReplyFinished)
    return "".join(event.text for event in events if isinstance(event, TextPiece)), usage, finished


def test_a_stream_reads_alike(server: FakeServer, client: openai.OpenAI) -> None:
    text, usage, finish = "", None, None
    for event in client.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": "hi"}],
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = event.usage or usage
        for choice in event.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    read, reported, finished = ours(server)
    assert text == read == TEXT
    assert usage is not None
    assert (usage.prompt_tokens, usage.completion_tokens) == (1200, 340)
    assert (reported.usage.input_tokens, reported.usage.output_tokens) == (1200, 340)
    assert (reported.usage.cache_read_tokens, reported.usage.reasoning_tokens) == (1024, 64)
    assert finish == finished.reason == "stop"


def test_a_plain_answer_reads_alike(server: FakeServer, client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "hi"}])
    assert reply.choices[0].message.content == TEXT
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage is not None
    assert reply.usage.total_tokens == 1540
    server.replies = [Reply(TEXT, usage=USAGE, plain=True)]
    assert ours(server)[0] == TEXT


def test_our_request_has_the_shape_of_the_clients(server: FakeServer, client: openai.OpenAI) -> None:
    list(
        client.chat.completions.create(
            model="gpt-4o",
            messages=[{"role": "user", "content": "hi"}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    ours(server)
    theirs, sent = server.chats
    assert sent.json == theirs.json
    assert sent.path == theirs.path
    assert sent.headers["authorization"] == theirs.headers["authorization"]
    assert sent.headers["content-type"] == theirs.headers["content-type"]


def test_models_are_listed_alike(server: FakeServer, client: openai.OpenAI) -> None:
    provider = make_provider("openai-chat", name="fake", base_url=server.base_url, api_key="sk-fake-0123456789")
    assert [model.id for model in client.models.list()] == [model.name for model in provider.list_models(CancelToken())]


@pytest.mark.parametrize(
    ("status", "theirs", "expected"),
    [
        (401, openai.AuthenticationError, KeyRejected),
        (404, openai.NotFoundError, UnreadableReply),
        (429, openai.RateLimitError, RateLimited),
        (500, openai.InternalServerError, ProviderFailed),
    ],
)
def test_failures_are_told_alike(
    server: FakeServer,
    client: openai.OpenAI,
    status: int,
    theirs: type[openai.APIStatusError],
    expected: type[Exception],
) -> None:
    server.replies = [Reply(status=status, body={"error": {"message": "scripted", "type": "x", "code": None}})]
    with pytest.raises(theirs, match="scripted"):
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "hi"}])
    with pytest.raises(expected):
        ours(server)


def test_a_streamed_and_a_buffered_call_cost_the_same(server: FakeServer) -> None:
    streamed = ours(server)[1].usage
    server.replies = [Reply(TEXT, usage=USAGE, plain=True)]
    buffered = ours(server)[1].usage
    costs = [cost_nano_usd("openai", "gpt-4o", usage)[0] for usage in (streamed, buffered)]
    assert costs == [176 * 2_500 + 1024 * 1_250 + 340 * 10_000] * 2
