"""OpenAI Responses, which knows more of OpenAI's models than Chat Completions, and keeps nothing at the vendor's.

Protocol: https://platform.openai.com/docs/api-reference/responses and /responses-streaming. Not here: tools,
conversations kept by the server, reasoning handed back. A stop sequence is none of its parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from forgeapp.providers.base import FaultReported, Json, NotAReply, Request, parse
from forgeapp.providers.faults import read_fault
from forgeapp.providers.fields import inner
from forgeapp.providers.openai_server import OpenAIServer, data_url, read_usage
from forgeapp.providers.surrogates import HalfCharacter, without_surrogates

_TEXT_DELTA: Final = "response.output_text.delta"
_REASONING_DELTAS: Final = frozenset({"response.reasoning_summary_text.delta", "response.reasoning_text.delta"})
_ENDS: Final = {
    "response.completed": "completed",
    "response.incomplete": "incomplete",
    "response.failed": "failed",
}
_REASONS: Final = {
    "max_output_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.REFUSED,
}
_LEAST_OUTPUT_TOKENS: Final = 16
"""Fewer are rejected."""
_BETWEEN: Final = "\n\n"
_MAX_REFUSAL_CHARS: Final = 2_000


class OpenAI(OpenAIServer):
    """The dialect `openai`."""

    def chat(self, prompt: Prompt) -> Request:
        said = [message.text for message in prompt.messages if message.role is Role.SYSTEM]
        body: dict[str, Json] = {
            "model": prompt.model,
            "input": [_item(message) for message in prompt.messages if message.role is not Role.SYSTEM],
            "stream": self.is_taken("stream", prompt.model),
            "store": False,
        }
        if said:
            body["instructions"] = _BETWEEN.join(said)
        if prompt.max_output_tokens is not None:
            body["max_output_tokens"] = max(prompt.max_output_tokens, _LEAST_OUTPUT_TOKENS)
        if prompt.temperature is not None and self.is_taken("temperature", prompt.model):
            body["temperature"] = prompt.temperature
        return Request("/responses", body, {"accept": "text/event-stream"}, cut_at=prompt.stop)

    def reader(self) -> ResponseReader:
        return ResponseReader()


def _item(message: Message) -> dict[str, Json]:
    is_reply = message.role is Role.ASSISTANT
    content: list[Json] = []
    if message.text or is_reply or not message.pictures:
        content.append({"type": "output_text" if is_reply else "input_text", "text": message.text})
    if not is_reply:
        content += (
            {"type": "input_image", "image_url": data_url(picture), "detail": "auto"} for picture in message.pictures
        )
    return {"type": "message", "role": message.role.value, "content": content}


class ResponseReader:
    """Reads one reply (see `base.ReplyReader`)."""

    def __init__(self) -> None:
        self.ended = False
        self.complete = False
        self.refusal: str | None = None
        self._has_text = False
        self._finish = FinishReason.STOP
        self._usage: Usage | None = None
        self._half = HalfCharacter()

    def read(self, event: str) -> Sequence[StreamEvent]:
        if event[:1] != "{":
            event = event.strip()
            if event.startswith("[DONE]"):
                self.ended, self.complete = True, self.complete or self._has_text
                return ()
            if not event:
                return ()
        said = parse(event)
        if not isinstance(said, dict):
            raise NotAReply("JSON that is no object")
        kind = said.get("type")
        if kind == _TEXT_DELTA:
            return self._text(said.get("delta"))
        if kind == "error" or said.get("error"):
            raise FaultReported(read_fault(None, said))
        return self._other(kind, said) if isinstance(kind, str) else ()

    def read_whole(self, text: str) -> Sequence[StreamEvent]:
        reply = parse(text)
        if not isinstance(reply, dict) or not (isinstance(reply.get("output"), list) or reply.get("error")):
            fault = read_fault(None, reply)
            if isinstance(reply, dict) and not fault.message:
                raise NotAReply("JSON without 'output'")
            raise FaultReported(fault) if fault.code else NotAReply(fault.message)
        if reply.get("status") in ("queued", "in_progress", "cancelled"):
            raise NotAReply("a response that is not finished")
        return self._end(reply, reply.get("status"))

    def finish(self) -> Sequence[StreamEvent]:
        last: list[StreamEvent] = [UsageReported(self._usage)] if self._usage else []
        if rest := self._half.rest():
            last.insert(0, TextPiece(rest))
        if self._finish is FinishReason.REFUSED and self.refusal is None:
            self.refusal = "its content filter stopped the reply"
        if self.refusal is None:
            last.append(ReplyFinished(self._finish))
        return last

    def _other(self, kind: str, said: dict[str, Json]) -> Sequence[StreamEvent]:
        """Events beside those of the text; what is unknown, or says again what was said, is passed over."""
        if kind in _REASONING_DELTAS:
            return _thought(said.get("delta"))
        if kind == "response.reasoning_summary_part.added":
            return (ReasoningPiece(_BETWEEN),) if said.get("summary_index") else ()
        if kind == "response.refusal.delta":
            self._refuse(said.get("delta"))
        elif kind == "response.output_item.added":
            if inner(said, "item").get("type") == "message":
                return self._parted()
        elif status := _ENDS.get(kind):
            output = self._end(inner(said, "response"), status)
            return [piece for piece in output if isinstance(piece, TextPiece)]
        return ()

    def _end(self, response: dict[str, Json], status: Json) -> Sequence[StreamEvent]:
        """The response as a whole; its output is read where nothing of it was streamed."""
        if response.get("error") or status == "failed":
            raise FaultReported(read_fault(None, {"error": response.get("error") or "the response failed"}))
        self._usage = read_usage(response.get("usage"), "input_tokens", "output_tokens")
        reason = inner(response, "incomplete_details").get("reason")
        if isinstance(reason, str) or status == "incomplete":
            self._finish = _REASONS.get(str(reason), FinishReason.OTHER)
        self.ended = self.complete = True
        output = response.get("output")
        if self._has_text or self.refusal is not None or not isinstance(output, list):
            return ()
        return [piece for item in output if isinstance(item, dict) for piece in self._item(item)]

    def _item(self, item: dict[str, Json]) -> Iterator[StreamEvent]:
        if item.get("type") == "reasoning":
            thoughts = (*_texts(item.get("content")), *_texts(item.get("summary")))
            yield from _thought(_BETWEEN.join(text for text in thoughts if text))
        elif item.get("type") == "message":
            yield from self._parted()
            content = item.get("content")
            for part in content if isinstance(content, list) else ():
                if isinstance(part, dict) and part.get("type") == "refusal":
                    self._refuse(part.get("refusal"))
                elif isinstance(part, dict):
                    yield from self._text(part.get("text"))

    def _parted(self) -> Sequence[StreamEvent]:
        """Models that comment on what they do send several messages: each begins a paragraph."""
        return self._text(_BETWEEN) if self._has_text else ()

    def _text(self, text: Json) -> Sequence[StreamEvent]:
        if not isinstance(text, str) or not text:
            return ()
        self._has_text = True
        text = self._half.join(text)
        return (TextPiece(text),) if text else ()

    def _refuse(self, words: Json) -> None:
        if isinstance(words, str):
            self.refusal = ((self.refusal or "") + without_surrogates(words))[:_MAX_REFUSAL_CHARS]


def _thought(text: Json) -> Sequence[StreamEvent]:
    return (ReasoningPiece(without_surrogates(text)),) if text and isinstance(text, str) else ()


def _texts(parts: Json) -> Iterator[str]:
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict) and isinstance(text := part.get("text"), str):
            yield text
