"""One table of every dialect: a reply is the same, and costs the same, whether it streams or comes in one piece.

A dialect without an entry fails here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import (
    FinishReason,
    Message,
    Prompt,
    ReasoningPiece,
    ReplyFinished,
    Role,
    TextPiece,
    UsageReported,
)
from forgeapp.domain.usage import Usage
from forgeapp.errors import ForgeError, ProviderFailed
from forgeapp.providers.catalog import cost_nano_usd
from forgeapp.providers.registry import DIALECTS, PRICES, make_provider
from tests.fakes.fixtures import ServeReplies, serve
from tests.fakes.reply import Reply

__all__ = ["serve"]

TEXT = "# Größe\n\n| 東京 | 🏗️ |\n|---|---|\n| مرحبا | = 1 + 2 |\n\nDone.\n"


@dataclass(frozen=True)
class Case:
    """A model with a price of the vendor's, a usage as it stands on the wire, what it means, and what it costs."""

    model: str
    reported: dict[str, Any]
    usage: Usage
    cost_nano_usd: int
    base_path: str = ""


CASES = {
    "openai": Case(
        "gpt-5-mini",
        {
            "input_tokens": 5_000,
            "input_tokens_details": {"cached_tokens": 4_096},
            "output_tokens": 700,
            "output_tokens_details": {"reasoning_tokens": 448},
            "total_tokens": 5_700,
        },
        Usage(5_000, 700, 448, 4_096),
        904 * 250 + 4_096 * 25 + 700 * 2_000,
        "/v1",
    ),
    "openai-chat": Case(
        "gpt-4o",
        {
            "prompt_tokens": 1_200,
            "prompt_tokens_details": {"cached_tokens": 1_024},
            "completion_tokens": 340,
            "completion_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 1_540,
        },
        Usage(1_200, 340, 0, 1_024),
        176 * 2_500 + 1_024 * 1_250 + 340 * 10_000,
        "/v1",
    ),
    "anthropic": Case(
        "claude-haiku-4-5",
        {
            "input_tokens": 300,
            "cache_read_input_tokens": 2_000,
            "cache_creation_input_tokens": 1_500,
            "cache_creation": {"ephemeral_5m_input_tokens": 500, "ephemeral_1h_input_tokens": 1_000},
            "output_tokens": 90,
        },
        Usage(3_800, 90, 0, 2_000, 1_500, 1_000),
        300 * 1_000 + 2_000 * 100 + 500 * 1_250 + 1_000 * 2_000 + 90 * 5_000,
    ),
    "ollama": Case(
        "qwen3:8b",
        {"prompt_eval_count": 26, "prompt_eval_cached_count": 20, "eval_count": 282, "eval_duration": 52_479_709},
        Usage(26, 282, 0, 20),
        0,
    ),
    "gemini": Case(
        "gemini-2.5-flash",
        {
            "promptTokenCount": 4_201,
            "cachedContentTokenCount": 4_046,
            "candidatesTokenCount": 43,
            "thoughtsTokenCount": 117,
            "totalTokenCount": 4_361,
        },
        Usage(4_201, 160, 117, 4_046),
        155 * 300 + 4_046 * 30 + 160 * 2_500,
    ),
}


@dataclass(frozen=True)
class Read:
    """What came of a reply, however it was cut."""

    text: str
    reasoning: str
    usage: tuple[Usage, ...]
    end: FinishReason | type[ForgeError] | None


def read(serve: ServeReplies, dialect: str, reply: Reply) -> Read:
    case = CASES[dialect]
    provider = make_provider(dialect, name="fake", base_url=serve(reply).root_url + case.base_path, api_key="sk-fake")
    prompt = Prompt(case.model, (Message(Role.USER, "A table of cities, please."),), max_output_tokens=1_000)
    text, reasoning, usage = "", "", []
    end: FinishReason | type[ForgeError] | None = None
    try:
        for event in provider.stream(prompt, CancelToken()):
            match event:
                case TextPiece(text=piece):
                    text += piece
                case ReasoningPiece(text=piece):
                    reasoning += piece
                case UsageReported(usage=reported):
                    usage.append(reported)
                case ReplyFinished(reason=reason):
                    end = reason
    except ForgeError as error:
        end = type(error)
    return Read(text, reasoning, tuple(usage), end)


def both(serve: ServeReplies, dialect: str, **script: Any) -> tuple[Read, Read]:
    """The same script, streamed and buffered."""
    return read(serve, dialect, Reply(**script)), read(serve, dialect, Reply(**script, plain=True))


def test_every_dialect_stands_in_this_table() -> None:
    assert set(CASES) == set(DIALECTS)


@pytest.mark.parametrize("finish", [FinishReason.STOP, FinishReason.LENGTH])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_streamed_and_a_buffered_reply_say_and_cost_the_same(
    serve: ServeReplies, dialect: str, finish: FinishReason
) -> None:
    case = CASES[dialect]
    script = {"text": TEXT, "reasoning": "Let me see.", "finish": finish.value, "usage": case.reported}
    streamed, buffered = both(serve, dialect, **script)
    assert streamed == buffered == Read(TEXT, "Let me see.", (case.usage,), finish)
    costs = [cost_nano_usd(PRICES[dialect], case.model, usage)[0] for usage in (*streamed.usage, *buffered.usage)]
    assert costs == [case.cost_nano_usd] * 2


@pytest.mark.parametrize("cut", [1, 2, 7])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stream_in_single_bytes_is_none_other_than_the_buffered_reply(
    serve: ServeReplies, dialect: str, cut: int
) -> None:
    streamed, buffered = both(serve, dialect, text=TEXT, reasoning="Hm.", usage=CASES[dialect].reported, cut=cut)
    assert streamed == buffered
    assert streamed.text == TEXT


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_reply_without_usage_has_none_either_way(serve: ServeReplies, dialect: str) -> None:
    streamed, buffered = both(serve, dialect, text=TEXT, usage={})
    assert streamed == buffered == Read(TEXT, "", (), FinishReason.STOP)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_filtered_reply_ends_and_costs_the_same_either_way(serve: ServeReplies, dialect: str) -> None:
    case = CASES[dialect]
    streamed, buffered = both(serve, dialect, text="I can", finish="refused", usage=case.reported)
    assert streamed == buffered
    assert streamed.usage == (case.usage,)
    assert streamed.end not in (None, FinishReason.STOP, FinishReason.LENGTH)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_failure_told_with_status_200_is_the_same_either_way(serve: ServeReplies, dialect: str) -> None:
    fault = {"code": 503, "status": "UNAVAILABLE", "message": "The model is overloaded."}
    streamed, buffered = both(serve, dialect, text=TEXT, error=fault)
    assert streamed.end is buffered.end is ProviderFailed
    assert streamed.usage == buffered.usage == ()
