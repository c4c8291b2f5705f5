"""OpenAI Chat Completions, as every compatible server speaks it.

Protocol: https://platform.openai.com/docs/api-reference/chat, and where servers go beyond it: DeepSeek's
`reasoning_content` and `prompt_cache_hit_tokens`, OpenRouter's `reasoning` and errors inside a choice, Mistral's
content in parts, Groq's `x_groq`. Not here: tools, several choices.

The most tokens of a reply are asked for as `max_completion_tokens` at api.openai.com, whose reasoning models know no
other name, and as `max_tokens` everywhere else; a server that says it wants the other one gets it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

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
from forgeapp.providers.base import FaultReported, Json, NotAReply, Request, ServerFault, parse
from forgeapp.providers.faults import read_fault
from forgeapp.providers.openai_server import OpenAIServer, data_url, is_unsupported, read_usage
from forgeapp.providers.surrogates import HalfCharacter, without_surrogates

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
_BROKEN_OFF: Final = frozenset({"error", "insufficient_system_resource"})
"""Finish reasons that are failures: OpenRouter's and Mistral's, DeepSeek's."""
_NO_USAGE: Final = "no stream_options"
_NO_SYSTEM: Final = re.compile(
    r"(?is)system (role|message|prompt|instruction)s?.{0,40}not (supported|enabled|allowed)"
    r"|not support 'system'|developer instruction is not enabled"
)
_MAX_STOPS: Final = 4
_MAX_REFUSAL_CHARS: Final = 2_000


class OpenAIChat(OpenAIServer):
    """The dialect `openai-chat`."""

    @property
    def _max_field(self) -> str:
        usual, other = "max_tokens", "max_completion_tokens"
        if self._host == "api.openai.com":
            usual, other = other, usual
        return other if f"no {usual}" in self._quirks else usual

    def chat(self, prompt: Prompt) -> Request:
        messages = prompt.messages if self.is_taken("system", prompt.model) else _without_system(prompt.messages)
        body: dict[str, Json] = {
            "model": prompt.model,
            "messages": [{"role": message.role.value, "content": _content(message)} for message in messages],
            "stream": self.is_taken("stream", prompt.model),
        }
        if body["stream"] and _NO_USAGE not in self._quirks:
            body["stream_options"] = {"include_usage": True}
        if prompt.max_output_tokens is not None:
            body[self._max_field] = prompt.max_output_tokens
        if prompt.temperature is not None and self.is_taken("temperature", prompt.model):
            body["temperature"] = prompt.temperature
        stops = prompt.stop[:_MAX_STOPS] if self.is_taken("stop", prompt.model) else ()
        if stops:
            body["stop"] = list(stops)
        return Request("/chat/completions", body, {"accept": "text/event-stream"}, cut_at=prompt.stop[len(stops) :])

    def adapt(self, sent: Request, fault: ServerFault) -> bool:
        """Leaves out what the server or the model does not take, names the other field for the most tokens where it is
        asked for, and says to the user's side what a model without a system role is to know."""
        body, words = sent.json or {}, f"{fault.message} {fault.body}"
        if "stream_options" in body and re.search(r"stream_options|include_usage", words):
            self._quirks.learn(_NO_USAGE)
            return True
        for used, other in (("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")):
            names_both = re.search(rf"\b{used}\b", words) and re.search(rf"\b{other}\b", words)
            if used in body and (names_both or is_unsupported(used, words)):
                self._quirks.learn(f"no {used}", instead_of=f"no {other}")
                return True
        if any(message["role"] == Role.SYSTEM for message in body.get("messages", ())) and _NO_SYSTEM.search(words):
            self._quirks.learn(f"no system: {body['model']}")
            return True
        return super().adapt(sent, fault)

    def reader(self) -> ChatReader:
        return ChatReader()


def _content(message: Message) -> Json:
    """Text as it is, which every server takes; in parts only where there are pictures."""
    if not message.pictures or message.role is not Role.USER:
        return message.text
    text = [{"type": "text", "text": message.text}] if message.text else []
    return [*text, *({"type": "image_url", "image_url": {"url": data_url(shown)}} for shown in message.pictures)]


def _without_system(messages: Sequence[Message]) -> Sequence[Message]:
    """What the system says stands at the head of the user's first message."""
    said = "\n\n".join(message.text for message in messages if message.role is Role.SYSTEM)
    others = [message for message in messages if message.role is not Role.SYSTEM]
    if others and others[0].role is Role.USER:
        return [replace(others[0], text=f"{said}\n\n{others[0].text}"), *others[1:]]
    return [Message(Role.USER, said), *others]


class ChatReader:
    """Reads one reply (see `base.ReplyReader`)."""

    def __init__(self) -> None:
        self.ended = False
        self.complete = False
        self.refusal: str | None = None
        self._started = False
        self._finish: FinishReason | None = None
        self._usage: Usage | None = None
        self._half = HalfCharacter()

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
        if rest := self._half.rest():
            last.insert(0, TextPiece(rest))
        if self._finish is FinishReason.REFUSED and self.refusal is None:
            self.refusal = "its content filter stopped the reply"
        if self.refusal is None:
            last.append(ReplyFinished(self._finish or FinishReason.STOP))
        return last

    def _pieces(self, reply: Json) -> Sequence[StreamEvent]:
        if not isinstance(reply, dict):
            raise NotAReply("JSON that is no object")
        if reply.get("error") or reply.get("object") == "error":
            raise FaultReported(read_fault(None, reply))
        usage = reply.get("usage") or ("x_groq" in reply and self._groq_usage(reply["x_groq"]))
        if usage:
            self._usage = read_usage(usage, "prompt_tokens", "completion_tokens") or self._usage
        choices = reply.get("choices")
        if not choices or not isinstance(choices, list) or not isinstance(choice := choices[0], dict):
            return ()
        self._started = True
        delta = choice.get("delta") or choice.get("message") or {}
        pieces: list[StreamEvent] = []
        if isinstance(delta, dict):
            content = delta.get("content")
            if isinstance(content, str):
                if content and (text := self._half.join(content)):
                    pieces.append(TextPiece(text))
            elif isinstance(content, list):
                self._add_parts(content, pieces)
            if len(delta) > 1 or content is None:
                self._add_rest(delta, pieces)
        finish = choice.get("finish_reason")
        if finish and isinstance(finish, str):
            self._end(finish, choice)
        return pieces

    def _end(self, finish: str, choice: dict[str, Json]) -> None:
        if finish in _BROKEN_OFF:
            fault = read_fault(None, choice) if choice.get("error") else ServerFault(None, finish, "it broke off")
            raise FaultReported(fault)
        # Google says 'content_filter: SAFETY', others write in capitals.
        self._finish = _FINISHES.get(finish.partition(":")[0].lower(), FinishReason.OTHER)
        self.complete = True

    def _groq_usage(self, said: Json) -> Json:
        """Groq's own object; an error in it ends the stream early (https://console.groq.com/docs/api-reference)."""
        if isinstance(said, dict) and (error := said.get("error")):
            raise FaultReported(read_fault(None, {"error": error}))
        return said.get("usage") if isinstance(said, dict) else None

    def _add_rest(self, delta: dict[str, Json], pieces: list[StreamEvent]) -> None:
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if thought and isinstance(thought, str):
            pieces.insert(0, ReasoningPiece(without_surrogates(thought)))
        refusal = delta.get("refusal")
        if refusal and isinstance(refusal, str):
            self.refusal = ((self.refusal or "") + without_surrogates(refusal))[:_MAX_REFUSAL_CHARS]

    def _add_parts(self, parts: list[Json], pieces: list[StreamEvent]) -> None:
        for part in parts:
            if not isinstance(part, dict):
                continue
            if isinstance(text := part.get("text"), str) and (text := self._half.join(text)):
                pieces.append(TextPiece(text))
            thinking = part.get("thinking")
            pieces.extend(
                ReasoningPiece(without_surrogates(thought))
                for thinks in (thinking if isinstance(thinking, list) else ())
                if isinstance(thinks, dict) and isinstance(thought := thinks.get("text"), str) and thought
            )
