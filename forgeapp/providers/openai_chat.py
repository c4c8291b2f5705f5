"""OpenAI Chat Completions, as every compatible server speaks it.

Protocol: https://platform.openai.com/docs/api-reference/chat, and where servers go beyond it: DeepSeek's
`reasoning_content` and `prompt_cache_hit_tokens`, OpenRouter's `reasoning` and errors inside a choice, Mistral's
content in parts, Groq's `x_groq`. Not here: tools, images, several choices.

The most tokens of a reply are asked for as `max_completion_tokens` at api.openai.com, whose reasoning models know no
other name, and as `max_tokens` everywhere else; a server that says it wants the other one gets it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from forgeapp.domain.chat import (
    FinishReason,
    ModelInfo,
    Prompt,
    ReasoningPiece,
    ReplyFinished,
    StreamEvent,
    TextPiece,
    UsageReported,
)
from forgeapp.domain.secret import Secret
from forgeapp.domain.usage import Usage
from forgeapp.providers.base import FaultReported, Json, NotAReply, Quirks, Request, ServerFault, parse
from forgeapp.providers.faults import read_fault
from forgeapp.providers.sse import SSEDecoder

_FINISHES: Final = {
    "stop": FinishReason.STOP,
    "eos": FinishReason.STOP,
    "end_turn": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "model_length": FinishReason.LENGTH,
    "content_filter": FinishReason.REFUSED,
    "refusal": FinishReason.REFUSED,
}
_MAX_TOKENS: Final = 1 << 53
_NO_USAGE: Final = "no stream_options"
_MAX_REFUSAL_CHARS: Final = 2_000


class OpenAIChat:
    """The dialect `openai-chat`. The base URL ends before '/chat/completions', as the vendor's SDK takes it."""

    def __init__(self, host: str, quirks: Quirks) -> None:
        self._is_vendor = host == "api.openai.com"
        self._quirks = quirks

    @property
    def _max_field(self) -> str:
        usual, other = ("max_completion_tokens", "max_tokens")[:: 1 if self._is_vendor else -1]
        return other if f"no {usual}" in self._quirks else usual

    def authorisation(self, key: Secret) -> tuple[str, Secret]:
        return "authorization", Secret(f"Bearer {key.reveal()}")

    def chat(self, prompt: Prompt) -> Request:
        body: dict[str, Json] = {
            "model": prompt.model,
            "messages": [{"role": message.role.value, "content": message.text} for message in prompt.messages],
            "stream": True,
        }
        if _NO_USAGE not in self._quirks:
            body["stream_options"] = {"include_usage": True}
        if prompt.max_output_tokens is not None:
            body[self._max_field] = prompt.max_output_tokens
        if prompt.temperature is not None:
            body["temperature"] = prompt.temperature
        if prompt.stop:
            body["stop"] = list(prompt.stop)
        return Request("/chat/completions", body, {"accept": "text/event-stream"})

    def adapt(self, sent: Request, fault: ServerFault) -> bool:
        """Leaves `stream_options` out, or names the other field for the most tokens, where the server asks for it."""
        body = sent.json or {}
        words = f"{fault.message} {fault.body}"
        if "stream_options" in body and re.search(r"stream_options|include_usage", words):
            self._quirks.learn(_NO_USAGE)
            return True
        for used, other in (("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")):
            if used in body and re.search(rf"\b{used}\b", words) and _is_about_the_field(words, other):
                self._quirks.learn(f"no {used}", instead_of=f"no {other}")
                return True
        return False

    def decoder(self) -> SSEDecoder:
        return SSEDecoder()

    def reader(self) -> ChatReader:
        return ChatReader()

    def models(self) -> Request:
        return Request("/models", None, {"accept": "application/json"})

    def read_models(self, reply: Json) -> list[ModelInfo]:
        """`data` of objects with an `id` (OpenAI), the same bare (Together), or `models` (some local servers)."""
        listed = reply
        if isinstance(reply, dict):
            if reply.get("error"):
                raise FaultReported(read_fault(None, reply))
            listed = reply["data"] if isinstance(reply.get("data"), list) else reply.get("models")
        if not isinstance(listed, list):
            raise NotAReply("no list of models")
        names = (entry.get("id") or entry.get("name") if isinstance(entry, dict) else entry for entry in listed)
        return [ModelInfo(name) for name in dict.fromkeys(name for name in names if isinstance(name, str) and name)]


def _is_about_the_field(words: str, other: str) -> bool:
    """Tells 'use max_tokens instead' and 'unknown field' from 'is too large'."""
    return bool(
        re.search(rf"\b{other}\b", words)
        or re.search(r"(?i)unsupported|unrecognized|unknown|extra_forbidden|extra inputs|not permitted", words)
    )


class ChatReader:
    """Reads one reply (see `base.ReplyReader`)."""

    def __init__(self) -> None:
        self.ended = False
        self.complete = False
        self.refusal: str | None = None
        self._started = False
        self._finish: FinishReason | None = None
        self._usage: Usage | None = None
        self._half = ""

    def read(self, event: str) -> Sequence[StreamEvent]:
        if event[:1] == "{":
            return self._pieces(parse(event))
        event = event.strip()
        if event.startswith("[DONE]"):
            self.ended, self.complete = True, self._started
            return ()
        return self._pieces(parse(event)) if event else ()

    def read_whole(self, text: str) -> Sequence[StreamEvent]:
        reply = parse(text)
        if not isinstance(reply, dict) or not (reply.get("choices") or reply.get("error")):
            fault = read_fault(None, reply)
            if isinstance(reply, dict) and not fault.message:
                raise NotAReply("JSON without 'choices'")
            raise FaultReported(fault) if fault.code else NotAReply(fault.message)
        pieces = self._pieces(reply)
        self.ended = self.complete = True
        return pieces

    def finish(self) -> Sequence[StreamEvent]:
        last: list[StreamEvent] = [UsageReported(self._usage)] if self._usage else []
        if self._half:
            last.insert(0, TextPiece("\ufffd"))
        if self._finish is FinishReason.REFUSED and self.refusal is None:
            self.refusal = "its content filter stopped the reply"
        if self.refusal is None:
            last.append(ReplyFinished(self._finish or FinishReason.STOP))
        return last

    def _pieces(self, reply: Json) -> Sequence[StreamEvent]:
        if not isinstance(reply, dict):
            raise NotAReply("JSON that is no object")
        if reply.get("error"):
            raise FaultReported(read_fault(None, reply))
        usage = reply.get("usage") or ("x_groq" in reply and _inner(reply, "x_groq").get("usage"))
        if usage:
            self._usage = _usage(usage) or self._usage
        choices = reply.get("choices")
        if not choices or not isinstance(choices, list) or not isinstance(choice := choices[0], dict):
            return ()
        self._started = True
        delta = choice.get("delta") or choice.get("message") or {}
        pieces: list[StreamEvent] = []
        if isinstance(delta, dict):
            content = delta.get("content")
            if isinstance(content, str):
                if content:
                    self._add_text(content, pieces)
            elif isinstance(content, list):
                self._add_parts(content, pieces)
            if len(delta) > 1 or content is None:
                self._add_rest(delta, pieces)
        finish = choice.get("finish_reason")
        if finish and isinstance(finish, str):
            if finish == "error":
                raise FaultReported(read_fault(None, choice))
            self._finish = _FINISHES.get(finish, FinishReason.OTHER)
            self.complete = True
        return pieces

    def _add_text(self, text: str, pieces: list[StreamEvent]) -> None:
        """Adds a piece; a character that the server cut into two halves of JSON escapes is put together again."""
        if not text.isascii() or self._half:
            text = self._half + text
            self._half = ""
            if _HIGH_LAST.search(text):
                self._half, text = text[-1], text[:-1]
            text = _without_surrogates(text)
        if text:
            pieces.append(TextPiece(text))

    def _add_rest(self, delta: dict[str, Json], pieces: list[StreamEvent]) -> None:
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if thought and isinstance(thought, str):
            pieces.insert(0, ReasoningPiece(_without_surrogates(thought)))
        refusal = delta.get("refusal")
        if refusal and isinstance(refusal, str):
            self.refusal = ((self.refusal or "") + _without_surrogates(refusal))[:_MAX_REFUSAL_CHARS]

    def _add_parts(self, parts: list[Json], pieces: list[StreamEvent]) -> None:
        for part in parts:
            if not isinstance(part, dict):
                continue
            if isinstance(text := part.get("text"), str) and text:
                self._add_text(text, pieces)
            thinking = part.get("thinking")
            pieces.extend(
                ReasoningPiece(_without_surrogates(thought))
                for inner in (thinking if isinstance(thinking, list) else ())
                if isinstance(inner, dict) and isinstance(thought := inner.get("text"), str) and thought
            )


_HIGH_LAST = re.compile("[\ud800-\udbff]\\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _without_surrogates(text: str) -> str:
    """Joins surrogate pairs and replaces lone ones, which no file and no database can hold."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _inner(value: Json, name: str) -> dict[str, Json]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _usage(reported: Json) -> Usage | None:
    """Counts as the domain means them: cached ones among the input, reasoning among the output."""
    if not isinstance(reported, dict):
        return None
    read = _count(_inner(reported, "prompt_tokens_details").get("cached_tokens")) or _count(
        reported.get("prompt_cache_hit_tokens")
    )
    given = _count(reported.get("prompt_tokens"))
    written = _count(reported.get("completion_tokens"))
    reasoning = _count(_inner(reported, "completion_tokens_details").get("reasoning_tokens"))
    if not given and not written:
        return None
    if _count(reported.get("total_tokens")) == given + written + reasoning:
        written += reasoning  # xAI counts thoughts beside the completion, and bills both
    return Usage(
        input_tokens=given,
        output_tokens=written,
        reasoning_tokens=min(reasoning, written),
        cache_read_tokens=min(read, given),
    )


def _count(value: Json) -> int:
    """A token count as servers write it, 0 for what is none."""
    if isinstance(value, float):
        value = int(value) if 0 <= value <= _MAX_TOKENS else 0
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_TOKENS else 0
