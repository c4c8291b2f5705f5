"""The official `openai` client accepts the fake server in both protocols, and reads of it what we read."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, NamedTuple

import openai
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
from forgeapp.errors import ContentRefused, KeyRejected, ProviderFailed, RateLimited, UnreadableReply
from forgeapp.providers.catalog import cost_nano_usd
from forgeapp.providers.registry import make_provider
from tests.fakes.provider_server import FakeServer, Recorded, Reply

pytestmark = pytest.mark.integration

TEXT = "# Größe\n\n| a | b |\n|---|---|\n| 東京 | 🏗️ |\n"
KEY = "sk-fake-0123456789"
CHAT_USAGE = {
    "prompt_tokens": 1200,
    "completion_tokens": 340,
    "total_tokens": 1540,
    "prompt_tokens_details": {"cached_tokens": 1024},
    "completion_tokens_details": {"reasoning_tokens": 64},
}
USAGE = {
    "input_tokens": 1200,
    "output_tokens": 340,
    "total_tokens": 1540,
    "input_tokens_details": {"cached_tokens": 1024, "cache_write_tokens": 0},
    "output_tokens_details": {"reasoning_tokens": 64},
}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(Reply(TEXT)) as started:
        yield started


@pytest.fixture
def client(server: FakeServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key=KEY, base_url=server.base_url, max_retries=0) as made:
        yield made


class Theirs(NamedTuple):
    """What the official client reads: counts are input, output, cached, reasoning."""

    text: str
    counts: tuple[int, int, int | None, int | None]
    finish: str | None


def chat_stream(client: openai.OpenAI) -> Theirs:
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
    return Theirs(text, chat_counts(usage), finish)


def chat_helper(client: openai.OpenAI) -> Theirs:
    text = ""
    with client.chat.completions.stream(
        model="gpt-4o", messages=[{"role": "user", "content": "hi"}], stream_options={"include_usage": True}
    ) as stream:
        for event in stream:
            if event.type == "content.delta":
                text += event.delta
        whole = stream.get_final_completion()
    assert whole.choices[0].message.content == text
    return Theirs(text, chat_counts(whole.usage), whole.choices[0].finish_reason)


def chat_plain(client: openai.OpenAI) -> Theirs:
    whole = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "hi"}])
    return Theirs(whole.choices[0].message.content or "", chat_counts(whole.usage), whole.choices[0].finish_reason)


def chat_counts(usage: Any) -> tuple[int, int, int | None, int | None]:
    return (
        usage.prompt_tokens,
        usage.completion_tokens,
        usage.prompt_tokens_details.cached_tokens,
        usage.completion_tokens_details.reasoning_tokens,
    )


def responses_stream(client: openai.OpenAI) -> Theirs:
    text, whole = "", None
    for event in client.responses.create(model="gpt-4o", input="hi", stream=True):
        if event.type == "response.output_text.delta":
            text += event.delta
        elif event.type in ("response.completed", "response.incomplete"):
            whole = event.response
    return theirs_of(whole, text)


def responses_helper(client: openai.OpenAI) -> Theirs:
    text = ""
    with client.responses.stream(model="gpt-4o", input="hi") as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                text += event.delta
        return theirs_of(stream.get_final_response(), text)


def responses_plain(client: openai.OpenAI) -> Theirs:
    whole = client.responses.create(model="gpt-4o", input="hi")
    return theirs_of(whole, whole.output_text)


def theirs_of(whole: Any, text: str) -> Theirs:
    assert whole.output_text == text
    counts = (
        whole.usage.input_tokens,
        whole.usage.output_tokens,
        whole.usage.input_tokens_details.cached_tokens,
        whole.usage.output_tokens_details.reasoning_tokens,
    )
    finish = {"completed": "stop", "incomplete": "length"}[whole.status]
    return Theirs(text, counts, finish)


USAGES: dict[str, dict[str, Any]] = {"openai-chat": CHAT_USAGE, "openai": USAGE}
STREAMS = [
    ("openai-chat", chat_stream, FinishReason.STOP),
    ("openai-chat", chat_stream, FinishReason.LENGTH),
    ("openai-chat", chat_helper, FinishReason.STOP),  # the helpers raise for a reply that was cut
    ("openai", responses_stream, FinishReason.STOP),
    ("openai", responses_stream, FinishReason.LENGTH),
    ("openai", responses_helper, FinishReason.STOP),
]
both_dialects = pytest.mark.parametrize("dialect", USAGES)


def ours(server: FakeServer, dialect: str, prompt: Prompt | None = None) -> list[StreamEvent]:
    provider = make_provider(dialect, name="fake", base_url=server.base_url, api_key=KEY)
    return list(provider.stream(prompt or Prompt("gpt-4o", (Message(Role.USER, "hi"),)), CancelToken()))


def text_of(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPiece))


def usage_of(events: list[StreamEvent]) -> Usage:
    (usage,) = (event.usage for event in events if isinstance(event, UsageReported))
    return usage


@pytest.mark.parametrize(("dialect", "read", "finish"), STREAMS)
def test_a_stream_reads_alike(
    server: FakeServer, client: openai.OpenAI, dialect: str, read: Any, finish: FinishReason
) -> None:
    server.replies = [Reply(TEXT, usage=USAGES[dialect], cut=7, finish=finish.value)]
    theirs, events = read(client), ours(server, dialect)
    assert theirs.text == text_of(events) == TEXT
    assert theirs.counts == (1200, 340, 1024, 64)
    assert usage_of(events) == Usage(1200, 340, 64, 1024)
    assert events[-1] == ReplyFinished(finish)
    assert theirs.finish == finish.value


@pytest.mark.parametrize(("dialect", "read"), [("openai-chat", chat_plain), ("openai", responses_plain)])
def test_a_plain_answer_reads_alike(server: FakeServer, client: openai.OpenAI, dialect: str, read: Any) -> None:
    server.replies = [Reply(TEXT, usage=USAGES[dialect], plain=True)]
    theirs, events = read(client), ours(server, dialect)
    assert theirs.text == text_of(events) == TEXT
    assert theirs.counts == (1200, 340, 1024, 64)
    assert usage_of(events) == Usage(1200, 340, 64, 1024)


def test_thoughts_read_alike_in_responses(server: FakeServer, client: openai.OpenAI) -> None:
    server.replies = [Reply(TEXT, reasoning="let me think")]
    thought = "".join(
        event.delta
        for event in client.responses.create(model="gpt-5-mini", input="hi", stream=True)
        if event.type == "response.reasoning_summary_text.delta"
    )
    events = ours(server, "openai")
    assert thought == "".join(event.text for event in events if isinstance(event, ReasoningPiece)) == "let me think"
    assert text_of(events) == TEXT


def test_a_refusal_reads_alike(server: FakeServer, client: openai.OpenAI) -> None:
    server.replies = [Reply("", refusal="I can't help with that.")]
    chat = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "hi"}])
    response = client.responses.create(model="gpt-4o", input="hi")
    said = [part.refusal for item in response.output for part in item.content if part.type == "refusal"]  # type: ignore[union-attr]
    assert [chat.choices[0].message.refusal, *said] == ["I can't help with that."] * 2
    for dialect in USAGES:
        with pytest.raises(ContentRefused, match="I can't help with that"):
            ours(server, dialect)


def test_our_chat_request_has_the_shape_of_the_clients(server: FakeServer, client: openai.OpenAI) -> None:
    client.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}],
        stream=True,
        stream_options={"include_usage": True},
        max_tokens=700,
        temperature=0.2,
        stop=["END"],
    ).close()
    ours(server, "openai-chat", FULL_PROMPT)
    compare(*server.chats)


def test_our_response_request_has_the_shape_of_the_clients(server: FakeServer, client: openai.OpenAI) -> None:
    client.responses.create(
        model="gpt-4o",
        instructions="be brief",
        input=[{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]}],
        stream=True,
        store=False,
        max_output_tokens=700,
        temperature=0.2,
    ).close()
    ours(server, "openai", FULL_PROMPT)
    compare(*server.chats)


FULL_PROMPT = Prompt(
    "gpt-4o",
    (Message(Role.SYSTEM, "be brief"), Message(Role.USER, "hi")),
    max_output_tokens=700,
    temperature=0.2,
    stop=("END",),
)


def compare(theirs: Recorded, sent: Recorded) -> None:
    assert sent.json == theirs.json
    assert sent.path == theirs.path
    for name in ("authorization", "content-type"):
        assert sent.headers[name] == theirs.headers[name]


def test_pictures_go_along_as_the_client_sends_them(server: FakeServer, client: openai.OpenAI) -> None:
    address = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    client.chat.completions.create(
        model="gpt-4o",
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "what is it?"},
                    {"type": "image_url", "image_url": {"url": address}},
                ],
            }
        ],
    )
    client.responses.create(
        model="gpt-4o",
        input=[
            {
                "type": "message",
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "what is it?"},
                    {"type": "input_image", "image_url": address, "detail": "auto"},
                ],
            }
        ],
    )
    prompt = Prompt("gpt-4o", (Message(Role.USER, "what is it?", (Picture("image/png", PNG),)),))
    for dialect in USAGES:
        assert text_of(ours(server, dialect, prompt)) == TEXT
    chat, response, our_chat, our_response = (request.json for request in server.chats)
    assert our_chat["messages"] == chat["messages"]
    assert our_response["input"] == response["input"]


@both_dialects
def test_models_are_listed_alike(server: FakeServer, client: openai.OpenAI, dialect: str) -> None:
    provider = make_provider(dialect, name="fake", base_url=server.base_url, api_key=KEY)
    assert [model.id for model in client.models.list()] == [model.name for model in provider.list_models(CancelToken())]


def ask_chat(client: openai.OpenAI) -> None:
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "hi"}])


def ask_response(client: openai.OpenAI) -> None:
    client.responses.create(model="gpt-4o", input="hi")


@pytest.mark.parametrize(("dialect", "ask"), [("openai-chat", ask_chat), ("openai", ask_response)])
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
    dialect: str,
    ask: Any,
    status: int,
    theirs: type[openai.APIStatusError],
    expected: type[Exception],
) -> None:
    server.replies = [Reply(status=status, body={"error": {"message": "scripted", "type": "x", "code": None}})]
    with pytest.raises(theirs, match="scripted"):
        ask(client)
    with pytest.raises(expected):
        ours(server, dialect)


def test_a_response_that_fails_midway_is_told_alike(server: FakeServer, client: openai.OpenAI) -> None:
    server.replies = [Reply(TEXT, error={"code": "server_error", "message": "scripted"}, error_after=2)]
    events = list(client.responses.create(model="gpt-4o", input="hi", stream=True))
    assert events[-1].type == "response.failed"
    assert events[-1].response.error is not None
    assert events[-1].response.error.message == "scripted"
    with pytest.raises(ProviderFailed) as raised:
        ours(server, "openai")
    assert raised.value.params["detail"] == "scripted"


@both_dialects
def test_a_streamed_and_a_buffered_call_cost_the_same(server: FakeServer, dialect: str) -> None:
    costs = []
    for plain in (False, True):
        server.replies = [Reply(TEXT, usage=USAGES[dialect], plain=plain)]
        costs.append(cost_nano_usd("openai", "gpt-4o", usage_of(ours(server, dialect)))[0])
    assert costs == [176 * 2_500 + 1024 * 1_250 + 340 * 10_000] * 2
