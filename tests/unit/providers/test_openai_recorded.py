"""Whole streams in the shapes of the vendors' documentation, for both of OpenAI's protocols, however they are cut."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

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
from forgeapp.errors import ContentRefused, ForgeError, ProviderFailed, RateLimited
from forgeapp.providers.base import FaultReported, ServerFault
from forgeapp.providers.openai import ResponseReader
from forgeapp.providers.openai_chat import ChatReader
from forgeapp.providers.registry import make_provider
from forgeapp.providers.sse import SSEDecoder
from tests.fakes.fixtures import ServeReplies, serve
from tests.fakes.provider_server import Reply

__all__ = ["serve"]

FOLDER = Path(__file__).parent / "recorded"


@dataclass(frozen=True)
class Read:
    """What a stream comes to; `fault`: what the server said of a failure in its midst."""

    text: str
    thoughts: str = ""
    usage: Usage | None = None
    finish: FinishReason | None = FinishReason.STOP
    refusal: str | None = None
    fault: ServerFault | None = None


class Case(NamedTuple):
    name: str
    expected: Read
    error: type[ForgeError] | None = None


REFUSED = "its content filter stopped the reply"
CHATS = [
    Case("azure_chat_filter", Read("First, take", "", Usage(24, 3), None, REFUSED), ContentRefused),
    Case(
        "deepseek_overloaded",
        Read("9.8", finish=None, fault=ServerFault(None, "insufficient_system_resource", "it broke off")),
        ProviderFailed,
    ),
    Case("deepseek_reasoner", Read("9.8 is greater.", "9.11 or 9.8?", Usage(522, 109, 96, 512))),
    Case("groq_error", Read("Bon", finish=None, fault=ServerFault(None, "", "over_capacity")), ProviderFailed),
    Case("groq_reasoning", Read("Bonjour", "We need one word.", Usage(118, 37, 20, 64))),
    Case("llamacpp_reasoning", Read("Hi!", "Okay.", Usage(237, 35))),
    Case("mistral_context_full", Read("Il était une", "", Usage(32760, 8), FinishReason.LENGTH)),
    Case("mistral_thinking", Read("Voilà tout", "Deux mots.", Usage(30, 45, 0, 16))),
    Case(
        "openai_chat_cached",
        Read("| Stadt | Größe |\n|---|---|\n| 東京 🏗️ | 13,9 Mio |", "", Usage(2006, 300, 0, 1920)),
    ),
    Case("openai_chat_length", Read("Once upon", "", Usage(19, 500, 448), FinishReason.LENGTH)),
    Case(
        "openai_chat_refusal",
        Read("", "", Usage(81, 11), None, "I'm sorry, I cannot assist with that."),
        ContentRefused,
    ),
    Case(
        "openrouter_error_midway",
        Read("The first", finish=None, fault=ServerFault(None, "server_error", "Provider disconnected")),
        ProviderFailed,
    ),
    Case(
        "openrouter_reasoning_cache_write",
        Read("Hello there 👋", "The user wants a greeting.", Usage(3020, 42, 21, 1000, 2000)),
    ),
    Case(
        "vllm_error",
        Read(
            "Ja",
            finish=None,
            fault=ServerFault(500, "500 InternalServerError", "EngineCore encountered an issue."),
        ),
        ProviderFailed,
    ),
    Case("vllm_reasoning", Read("\n\nJa.", "So short.", Usage(23, 67))),
    Case("xai_reasoning", Read("303", "101", Usage(32, 267, 266, 6))),
]
RESPONSES = [
    Case(
        "openai_responses_error",
        Read(
            "",
            finish=None,
            fault=ServerFault(None, "rate_limit_exceeded error", "Rate limit reached for gpt-5-mini."),
        ),
        RateLimited,
    ),
    Case(
        "openai_responses_failed",
        Read("The", finish=None, fault=ServerFault(None, "server_error", "The model failed to generate a response.")),
        ProviderFailed,
    ),
    Case("openai_responses_filtered", Read("The first step", "", Usage(40, 5), None, REFUSED), ContentRefused),
    Case("openai_responses_incomplete", Read("Once upon a time", "", Usage(16, 16), FinishReason.LENGTH)),
    Case(
        "openai_responses_reasoning",
        Read(
            "Hi there! Größe: 東京🏗️\n\n| a |",
            "**Greeting**\n\nThe user says hi.\n\n**Answering**",
            Usage(1637, 187, 128, 1536, 64),
        ),
    ),
    Case(
        "openai_responses_refusal",
        Read("", "", Usage(38, 12), None, "I'm sorry, but I can't help with that."),
        ContentRefused,
    ),
    Case("openrouter_responses", Read("Hi!", "Say hi.", Usage(9, 14, 10))),
]
ALL = [*(("openai-chat", case) for case in CHATS), *(("openai", case) for case in RESPONSES)]
READERS = {"openai-chat": ChatReader, "openai": ResponseReader}
each_stream = pytest.mark.parametrize(("dialect", "case"), ALL, ids=[case.name for _, case in ALL])


def recorded(case: Case) -> bytes:
    return (FOLDER / f"{case.name}.sse").read_bytes()


def read(dialect: str, *chunks: bytes) -> tuple[list[StreamEvent], Read]:
    """As `provider` drives it."""
    reader, decoder = READERS[dialect](), SSEDecoder()
    pieces: list[StreamEvent] = []
    fault: ServerFault | None = None
    try:
        for event in itertools.chain.from_iterable([*map(decoder.feed, chunks), decoder.finish()]):
            if not reader.ended:
                pieces += reader.read(event)
        assert reader.complete
        pieces += reader.finish()
    except FaultReported as reported:
        fault = reported.fault
    return pieces, Read(
        "".join(piece.text for piece in pieces if isinstance(piece, TextPiece)),
        "".join(piece.text for piece in pieces if isinstance(piece, ReasoningPiece)),
        next((piece.usage for piece in pieces if isinstance(piece, UsageReported)), None),
        next((piece.reason for piece in pieces if isinstance(piece, ReplyFinished)), None),
        reader.refusal,
        fault,
    )


def test_every_recorded_stream_is_read() -> None:
    read_here = {case.name for _, case in ALL}
    prefixes = {name.split("_")[0] for name in read_here}
    assert {path.stem for path in FOLDER.glob("*.sse") if path.stem.split("_")[0] in prefixes} == read_here


@each_stream
def test_a_recorded_stream_is_read_alike_wherever_it_is_cut(dialect: str, case: Case) -> None:
    raw = recorded(case)
    whole, outcome = read(dialect, raw)
    assert outcome == case.expected
    for place in range(1, len(raw)):
        assert read(dialect, raw[:place], raw[place:]) == (whole, outcome)


@each_stream
def test_a_recorded_stream_ends_over_the_wire_as_it_should(dialect: str, case: Case, serve: ServeReplies) -> None:
    server = serve(Reply(raw=recorded(case), cut=7))
    provider = make_provider(dialect, name="fake", base_url=server.base_url)
    pieces: list[StreamEvent] = []
    error: ForgeError | None = None
    try:
        for piece in provider.stream(Prompt("m", (Message(Role.USER, "hi"),)), CancelToken()):
            pieces.append(piece)  # noqa: PERF402 - what came before the error is kept
    except ForgeError as raised:
        error = raised
    assert pieces == read(dialect, recorded(case))[0]
    assert type(error) is (case.error or type(None))
