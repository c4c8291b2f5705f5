"""Anthropic Messages.

Protocol: https://platform.claude.com/docs/en/api/messages, its stream
https://platform.claude.com/docs/en/build-with-claude/streaming, its errors
https://platform.claude.com/docs/en/api/errors. Not here: tools, documents, cache breakpoints, asking for thoughts (they
are read where they come).

Asked for by the version 2023-06-01, which compatible servers speak, too: of what is used here, the version 2026-10-21
differs only in that it refuses any temperature (https://platform.claude.com/docs/en/api/versioning).

The protocol wants the most tokens of a reply named. Where the prompt names none, 8,192 are asked for, and a server that
says its model gives fewer is asked for those.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from itertools import groupby
from typing import Final

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
from forgeapp.domain.secret import Secret
from forgeapp.domain.usage import Usage
from forgeapp.providers.base import FaultReported, Json, NotAReply, Quirks, Request, ServerFault, parse
from forgeapp.providers.faults import read_fault
from forgeapp.providers.fields import count, inner, words
from forgeapp.providers.sse import SSEDecoder
from forgeapp.providers.surrogates import HalfCharacter, without_surrogates

_VERSION: Final = "2023-06-01"
_FALLBACK_MAX_TOKENS: Final = 8_192
_MAX_REFUSAL_CHARS: Final = 2_000
_LEFT_OUT: Final = "[The conversation up to here is left out.]"
_TOO_MANY_TOKENS: Final = re.compile(r"max_tokens\W{0,8}([0-9]{1,12}) ?> ?([0-9]{1,12})\b")
_FINISHES: Final = {
    "end_turn": FinishReason.STOP,
    "stop_sequence": FinishReason.STOP,
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.LENGTH,
    "refusal": FinishReason.REFUSED,
}


class Anthropic:
    """The dialect `anthropic`. The base URL ends before '/v1/messages', as the vendor's SDK takes it."""

    def __init__(self, _host: str, quirks: Quirks) -> None:
        self._quirks = quirks

    def authorisation(self, key: Secret) -> tuple[str, Secret]:
        return "x-api-key", key

    def chat(self, prompt: Prompt) -> Request:
        system, turns = _split(prompt.messages)
        body: dict[str, Json] = {
            "model": prompt.model,
            "max_tokens": self._max_tokens(prompt),
            "messages": turns,
            "stream": True,
        }
        if system:
            body["system"] = system
        if prompt.temperature is not None and f"no temperature: {prompt.model}" not in self._quirks:
            body["temperature"] = min(max(prompt.temperature, 0.0), 1.0)
        if stops := [stop for stop in prompt.stop if stop.strip()]:
            body["stop_sequences"] = stops
        return Request(
            "/v1/messages",
            body,
            {"accept": "text/event-stream", "anthropic-version": _VERSION},
            cut_at=[stop for stop in prompt.stop if not stop.strip()],  # the API refuses nothing but white space
        )

    def adapt(self, sent: Request, fault: ServerFault) -> bool:
        """Asks for no more tokens than the server says its model gives; leaves a temperature out that it refuses."""
        body = sent.json or {}
        model = body.get("model")
        if found := _TOO_MANY_TOKENS.search(fault.message):
            most = int(found[2])
            if not 0 < most < body.get("max_tokens", 0):
                return False
            known = self._most_output(str(model))
            self._quirks.learn(f"most output: {model} {most}", instead_of=f"most output: {model} {known}")
            return True
        if "temperature" in body and re.search(r"\btemperature\b", fault.message):
            self._quirks.learn(f"no temperature: {model}")
            return True
        return False

    def decoder(self) -> SSEDecoder:
        return SSEDecoder()

    def reader(self) -> MessageReader:
        return MessageReader()

    def models(self) -> Request:
        headers = {"accept": "application/json", "anthropic-version": _VERSION}
        return Request("/v1/models", None, headers, {"limit": "1000"})

    def read_models(self, reply: Json) -> list[ModelInfo]:
        """`data` of objects with an `id`; retired ones are listed as a record of what there was, and left out."""
        if isinstance(reply, dict) and reply.get("error"):
            raise FaultReported(read_fault(None, reply))
        listed = reply.get("data") if isinstance(reply, dict) else None
        if not isinstance(listed, list):
            raise NotAReply("no list of models")
        found: dict[str, ModelInfo] = {}
        for entry in listed:
            name = without_surrogates(words(entry, "id"))
            if not name or name in found or words(entry, "lifecycle") == "retired":
                continue
            sees = inner(inner(entry, "capabilities"), "image_input").get("supported")
            found[name] = ModelInfo(
                name,
                # The window holds what is written, too.
                context_tokens=count(entry, "max_input_tokens") or None,
                max_output_tokens=count(entry, "max_tokens") or None,
                takes_pictures=sees if isinstance(sees, bool) else None,
            )
        return list(found.values())

    def _max_tokens(self, prompt: Prompt) -> int:
        wanted = prompt.max_output_tokens or _FALLBACK_MAX_TOKENS
        most = self._most_output(prompt.model)
        return wanted if most is None else min(wanted, most)

    def _most_output(self, model: str) -> int | None:
        """The longest reply of a model, where the server has named it."""
        start = f"most output: {model} "
        named = (quirk.removeprefix(start) for quirk in self._quirks if quirk.startswith(start))
        return next((int(most) for most in named if re.fullmatch(r"[1-9][0-9]{0,11}", most)), None)


def _split(messages: Sequence[Message]) -> tuple[str, list[Json]]:
    """What stands at the top level, and the turns: beginning with the user, each of the other role than the one before.

    Texts of nothing but white space are left out: the API refuses them.
    """
    system = "\n\n".join(message.text for message in messages if message.role is Role.SYSTEM and message.text.strip())
    said = [message for message in messages if message.role is not Role.SYSTEM]
    turns: list[Json] = []
    for role, group in groupby(said, key=lambda message: message.role):
        if blocks := [block for message in group for block in _blocks(message)]:
            if turns and turns[-1]["role"] == role.value:
                turns[-1]["content"] += blocks
            else:
                turns.append({"role": role.value, "content": blocks})
    if not turns:
        return "", [{"role": "user", "content": system or _LEFT_OUT}]
    if turns[0]["role"] != Role.USER.value:
        turns.insert(0, {"role": "user", "content": _LEFT_OUT})
    for turn in turns:
        match turn["content"]:
            case [{"type": "text", "text": text}]:
                turn["content"] = text
    return system, turns


def _blocks(message: Message) -> list[Json]:
    """Pictures first, as the vendor advises; only the user shows any."""
    shown = message.pictures if message.role is Role.USER else ()
    text = [{"type": "text", "text": message.text}] if message.text.strip() else []
    return [*(_image(picture) for picture in shown), *text]


def _image(picture: Picture) -> Json:
    data = b64encode(picture.data).decode("ascii")
    return {"type": "image", "source": {"type": "base64", "media_type": picture.media_type, "data": data}}


class MessageReader:
    """Reads one reply (see `base.ReplyReader`)."""

    def __init__(self) -> None:
        self.ended = False
        self.complete = False
        self.refusal: str | None = None
        self._started = False
        self._finish: FinishReason | None = None
        self._counts: dict[str, int] = {}
        self._is_counted = False
        self._half = HalfCharacter()

    def read(self, event: str) -> Sequence[StreamEvent]:
        said = parse(event)
        if not isinstance(said, dict):
            raise NotAReply("JSON that is no object")
        match said.get("type"):
            case "content_block_delta":
                self._started = True
                return self._piece(said.get("delta"))
            case "content_block_start":
                self._started = True
                return self._piece(said.get("content_block"))
            case "message_start":
                self._started = True
                self._count(inner(said, "message").get("usage"))
            case "message_delta":
                self._end(said.get("delta"))
                # What `message_start` counts of the reply is only its beginning.
                self._is_counted |= self._count(said.get("usage"))
            case "message_stop":
                self.ended, self.complete = True, self._started
            case _ if said.get("error") or said.get("type") == "error":
                raise FaultReported(read_fault(None, said))
        return ()

    def read_whole(self, text: str) -> Sequence[StreamEvent]:
        said = parse(text)
        if not isinstance(said, dict):
            raise NotAReply("JSON that is no object")
        content = said.get("content")
        if said.get("error") or not isinstance(content, list):
            fault = read_fault(None, said)
            if not fault.message:
                raise NotAReply("JSON without 'content'")
            raise FaultReported(fault) if fault.code else NotAReply(fault.message)
        pieces = [piece for block in content for piece in self._piece(block)]
        self._end(said)
        self._is_counted = self._count(said.get("usage"))
        self.ended = self.complete = True
        return pieces

    def finish(self) -> Sequence[StreamEvent]:
        last: list[StreamEvent] = [TextPiece(rest)] if (rest := self._half.rest()) else []
        if self._is_counted and (usage := _usage(self._counts)):
            last.append(UsageReported(usage))
        if self._finish is FinishReason.REFUSED and self.refusal is None:
            self.refusal = "its safety filter stopped the reply"
        if self.refusal is None:
            last.append(ReplyFinished(self._finish or FinishReason.STOP))
        return last

    def _piece(self, part: Json) -> Sequence[StreamEvent]:
        """Of a delta or a block. Signatures, citations, tools and hidden thoughts are no part of the reply."""
        if not isinstance(part, dict):
            return ()
        kind = part.get("type")
        if kind in ("text_delta", "text"):
            text = part.get("text")
            if text and isinstance(text, str) and (text := self._half.join(text)):
                return (TextPiece(text),)
        elif kind in ("thinking_delta", "thinking"):
            thought = part.get("thinking")
            if thought and isinstance(thought, str):
                return (ReasoningPiece(without_surrogates(thought)),)
        return ()

    def _end(self, said: Json) -> None:
        if reason := words(said, "stop_reason"):
            self._finish = _FINISHES.get(reason, FinishReason.OTHER)
            self.complete = True
            if self._finish is FinishReason.REFUSED:
                explained = without_surrogates(words(inner(said, "stop_details"), "explanation"))
                self.refusal = explained[:_MAX_REFUSAL_CHARS] or None

    def _count(self, reported: Json) -> bool:
        """Takes what an event counts over what earlier ones counted; True where it counts what was written."""
        written = inner(reported, "cache_creation")
        for place, names in (
            (reported, ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")),
            (written, ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")),
            (inner(reported, "output_tokens_details"), ("thinking_tokens",)),
        ):
            self._counts.update({name: counted for name in names if (counted := count(place, name)) is not None})
        return count(reported, "output_tokens") is not None


def _usage(counts: dict[str, int]) -> Usage | None:
    """Counts as the domain means them: the API's `input_tokens` are without those read from or written to a cache."""
    read = counts.get("cache_read_input_tokens", 0)
    hour = counts.get("ephemeral_1h_input_tokens", 0)
    kept = counts.get("cache_creation_input_tokens", counts.get("ephemeral_5m_input_tokens", 0) + hour)
    given, written = counts.get("input_tokens", 0) + read + kept, counts.get("output_tokens", 0)
    if not given and not written:
        return None
    return Usage(
        input_tokens=given,
        output_tokens=written,
        reasoning_tokens=min(counts.get("thinking_tokens", 0), written),
        cache_read_tokens=read,
        cache_write_tokens=kept,
        cache_write_1h_tokens=min(hour, kept),
    )
