"""What servers do when they are ill, in each vendor's own words, and how an attempt at them is to end.

A dialect is a row in `VENDORS`: how its usage stands on the wire, and what its servers alone say of their failures.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Any

from forgeapp.domain.usage import Usage
from forgeapp.errors import (
    ForgeError,
    ProviderFailed,
    ProviderTimeout,
    RateLimited,
    StreamBroken,
    UnreadableReply,
)
from tests.fakes.provider_server import FakeServer
from tests.fakes.reply import Reply, Wire
from tests.fakes.wires.anthropic import AnthropicWire
from tests.fakes.wires.gemini import GeminiWire
from tests.fakes.wires.ollama import OllamaWire
from tests.fakes.wires.openai import OpenAIWire
from tests.fakes.wires.openai_chat import OpenAIChatWire

MODEL = "m"
TABLE = "| item | price |\n|---|---|\n" + "".join(f"| thing {number} | {number}.50 |\n" for number in range(12))
SLOW_S = 2.0
"""Longer than the chain is told to wait for a silent server."""
_GEMINI_PATH = f"/v1beta/models/{MODEL}:streamGenerateContent"


@dataclass(frozen=True)
class Scripted:
    """A reply and what is to come of it: either the usage it reports, or the error of the attempt."""

    reply: Reply
    usage: Usage | None = None
    error: type[ForgeError] | None = None


class ScriptedServer(FakeServer):
    """A fake server that knows what it has given; after the script it gives the last one for ever."""

    def __init__(self, script: list[Scripted]) -> None:
        super().__init__(*(scripted.reply for scripted in script), remembers=False)
        self.given: list[Scripted] = []
        self._script = {id(scripted.reply): scripted for scripted in script}

    def next_reply(self) -> Reply:
        reply = super().next_reply()
        self.given.append(self._script[id(reply)])
        return reply


Illness = tuple[type[ForgeError], Callable[[Random], Reply]]


@dataclass(frozen=True)
class Vendor:
    """`words`: a usage as it stands on the wire. `classes`: what of one the wire can tell beside input and output.

    `own`: illnesses that only its servers tell of so.
    """

    wire: Wire
    words: Callable[[Usage], dict[str, Any]]
    own: tuple[Illness, ...]
    classes: frozenset[str] = frozenset({"reasoning_tokens", "cache_read_tokens"})
    base_path: str = ""
    chat_path: str = ""
    takes_comments: bool = True

    def usage(self, number: int, least_input: int) -> Usage:
        """Like that of no other number."""
        beside = {
            "reasoning_tokens": number % 7,
            "cache_read_tokens": number % 211,
            "cache_write_tokens": number % 101,
            "cache_write_1h_tokens": number % 101 // 2,
        }
        told = {name: count for name, count in beside.items() if name in self.classes}
        return Usage(least_input + number, 7 + number, **told)

    def well(self, number: int, least_input: int, rng: Random) -> Scripted:
        """A good reply; some in bytes, with comments, wrongly named or in one piece: each is read all the same."""
        usage = self.usage(number, least_input)
        reply = Reply(TABLE, usage=self.words(usage))
        match rng.randrange(12):
            case 0:
                reply = replace(reply, cut=1, pings=self.takes_comments)
            case 1:
                reply = replace(reply, cut=3, newline="\r\n")
            case 2:
                reply = replace(reply, content_type="application/json")
            case 3:
                reply = replace(reply, content_type="text/plain")
            case 4:
                reply = replace(reply, plain=True)
        return Scripted(reply, usage=usage)

    def ill(self, rng: Random) -> Scripted:
        error, make = rng.choice(self.illnesses)
        return Scripted(make(rng), error=error)

    def script(self, count: int, rng: Random, *, illness: float = 0.45, least_input: int = 10_000) -> list[Scripted]:
        return [
            self.ill(rng) if rng.random() < illness else self.well(number, least_input, rng) for number in range(count)
        ]

    @cached_property
    def illnesses(self) -> tuple[Illness, ...]:
        slow_down = self.wire.error(429, "rate_limit_exceeded", "Slow down.")
        crashed = self.wire.error(500, "server_error", "Internal error.")
        events = list(self.wire.events(Reply(TABLE), self.chat_path, {"model": MODEL}))
        whole = json.dumps(self.wire.whole(Reply(TABLE), self.chat_path, {"model": MODEL})).encode()
        return (
            (RateLimited, lambda _: Reply(status=429, body=slow_down)),
            (RateLimited, lambda _: Reply(status=429, body=slow_down, headers={"retry-after": "0"})),
            (RateLimited, lambda _: Reply(status=429, body=slow_down, headers={"retry-after-ms": "40"})),
            (ProviderFailed, lambda _: Reply(status=500, body=crashed)),
            (ProviderFailed, lambda _: Reply(status=503, body=b"")),
            (ProviderFailed, lambda _: Reply(status=502, body="<html><head><title>Bad gateway</title></head></html>")),
            (UnreadableReply, lambda _: Reply(body="<!doctype html><title>Sign in to the hotel's network</title>")),
            (UnreadableReply, lambda _: Reply(body="upstream connect error", content_type=self.wire.content_type)),
            (UnreadableReply, lambda _: Reply(body=b"", content_type=self.wire.content_type)),
            (UnreadableReply, lambda _: Reply(body=b"\x89PNG\r\n\x1a\n", content_type="image/png")),
            (UnreadableReply, lambda _: Reply(raw=b"\x00\xff\xfe nonsense\n\nevent: what\ndata\n\ndata: []\n\n")),
            (UnreadableReply, lambda rng: Reply(body=_torn(whole, rng), content_type="application/json")),
            (StreamBroken, lambda rng: Reply(raw=_torn(b"".join(events[: rng.randrange(2, 20)]), rng))),
            (StreamBroken, lambda rng: Reply(TABLE, reset_after=rng.randrange(0, 20))),
            (StreamBroken, lambda rng: Reply(TABLE, close_after=rng.randrange(0, 20))),
            (StreamBroken, lambda _: Reply(TABLE, finish=None, done=False)),
            (ProviderTimeout, lambda _: Reply(TABLE, delay_s=SLOW_S)),
            (ProviderTimeout, lambda rng: Reply(TABLE, stall_after=rng.randrange(0, 6))),
            *self.own,
        )


def _torn(body: bytes, rng: Random) -> bytes:
    """Without its end; at least the beginning of one event is left."""
    return body[: -rng.randrange(3, 40)]


def _in_midst(error: type[ForgeError], **said: Any) -> Illness:
    """The server begins a reply, and then says this of itself."""
    return error, lambda rng: Reply(TABLE, error=said, error_after=rng.randrange(1, 9))


def _answered(error: type[ForgeError], status: int, body: Any, **headers: str) -> Illness:
    return error, lambda _: Reply(status=status, body=body, headers=headers)


def _openai_words(usage: Usage, given: str, written: str) -> dict[str, Any]:
    return {
        given: usage.input_tokens,
        f"{given}_details": {"cached_tokens": usage.cache_read_tokens},
        written: usage.output_tokens,
        f"{written}_details": {"reasoning_tokens": usage.reasoning_tokens},
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }


def _anthropic_words(usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.input_tokens - usage.cache_read_tokens - usage.cache_write_tokens,
        "cache_read_input_tokens": usage.cache_read_tokens,
        "cache_creation_input_tokens": usage.cache_write_tokens,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_write_tokens - usage.cache_write_1h_tokens,
            "ephemeral_1h_input_tokens": usage.cache_write_1h_tokens,
        },
        "output_tokens": usage.output_tokens,
    }


def _gemini_words(usage: Usage) -> dict[str, Any]:
    return {
        "promptTokenCount": usage.input_tokens,
        "cachedContentTokenCount": usage.cache_read_tokens,
        "candidatesTokenCount": usage.output_tokens - usage.reasoning_tokens,
        "thoughtsTokenCount": usage.reasoning_tokens,
        "totalTokenCount": usage.input_tokens + usage.output_tokens,
    }


def _ollama_words(usage: Usage) -> dict[str, Any]:
    return {
        "prompt_eval_count": usage.input_tokens,
        "prompt_eval_cached_count": usage.cache_read_tokens,
        "eval_count": usage.output_tokens,
    }


_EXHAUSTED = {
    "error": {
        "code": 429,
        "message": "You exceeded your current quota, please check your plan and billing details.",
        "status": "RESOURCE_EXHAUSTED",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel"}],
            },
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.040s"},
        ],
    }
}
_UNAVAILABLE = {"code": 503, "message": "The model is overloaded. Please try again later.", "status": "UNAVAILABLE"}
_OVERLOADED = {"type": "overloaded_error", "message": "Overloaded"}


def _gemini_breaks_off(rng: Random) -> Reply:
    """As Gemini does it in the midst of a stream: an error in bare JSON, which is no event."""
    wire: Wire = GeminiWire()
    events = list(wire.events(Reply(TABLE), _GEMINI_PATH, {}))[: rng.randrange(1, 9)]
    return Reply(raw=b"".join(events) + json.dumps({"error": _UNAVAILABLE}, indent=2).encode() + b"\n\n")


VENDORS = {
    "gemini": Vendor(
        GeminiWire(),
        _gemini_words,
        (
            _answered(RateLimited, 429, _EXHAUSTED),
            _answered(RateLimited, 429, [_EXHAUSTED]),
            _answered(ProviderFailed, 503, {"error": _UNAVAILABLE}),
            _in_midst(ProviderFailed, **_UNAVAILABLE),
            (ProviderFailed, _gemini_breaks_off),
        ),
        chat_path=_GEMINI_PATH,
    ),
    "openai": Vendor(
        OpenAIWire(),
        lambda usage: _openai_words(usage, "input_tokens", "output_tokens"),
        (
            _in_midst(ProviderFailed, code="server_error", message="The model failed to generate a response."),
            _in_midst(RateLimited, code="rate_limit_exceeded", message="Rate limit reached for requests."),
            (
                ProviderFailed,
                lambda _: Reply(
                    raw=b'event: error\ndata: {"type": "error", "code": "server_error", "message": "It broke."}\n\n'
                ),
            ),
        ),
        base_path="/v1",
    ),
    "openai-chat": Vendor(
        OpenAIChatWire(),
        lambda usage: _openai_words(usage, "prompt_tokens", "completion_tokens"),
        (
            _in_midst(ProviderFailed, code=500, message="the model crashed"),
            _in_midst(RateLimited, code=429, message="Provider returned error"),
            _answered(ProviderFailed, 200, {"error": {"code": 502, "message": "Provider returned error"}}),
            (ProviderFailed, lambda _: Reply(TABLE, finish="error")),
        ),
        base_path="/v1",
    ),
    "anthropic": Vendor(
        AnthropicWire(),
        _anthropic_words,
        (
            _answered(ProviderFailed, 529, {"type": "error", "error": _OVERLOADED, "request_id": "req_fake"}),
            _answered(ProviderFailed, 529, {"type": "error", "error": _OVERLOADED}, **{"retry-after": "0"}),
            _in_midst(ProviderFailed, **_OVERLOADED),
            _in_midst(ProviderFailed, type="api_error", message="Internal server error"),
            _in_midst(RateLimited, type="rate_limit_error", message="Number of request tokens has exceeded your limit"),
        ),
        frozenset({"cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens"}),
    ),
    "ollama": Vendor(
        OllamaWire(),
        _ollama_words,
        (
            _in_midst(ProviderFailed, message="an error was encountered while running the model: unexpected EOF"),
            _answered(ProviderFailed, 500, {"error": "llama runner process has terminated: exit status 2"}),
            _answered(
                ProviderFailed, 503, {"error": "server busy, please try again. maximum pending requests exceeded"}
            ),
        ),
        frozenset({"cache_read_tokens"}),
        takes_comments=False,
    ),
}
