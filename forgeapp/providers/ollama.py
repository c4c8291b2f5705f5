"""Ollama's own API.

Protocol: https://docs.ollama.com/api/chat and https://docs.ollama.com/api/tags. Not here: tools, structured output,
pulling models, `think` (models that think by themselves are read).

Ollama's context is small unless asked for more, and what does not fit is cut away without a word: at the front of the
prompt, and in the midst of a long reply. So every request asks for a context that holds its prompt and its reply
(`num_ctx`), and says that nothing is to be cut (`truncate`, `shift`; they stand in api/types.go, and older servers pass
them over): then a prompt that does not fit is an error, and a reply that does not fit ends with 'length'.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Final

from forgeapp.domain.chat import (
    FinishReason,
    Message,
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
from forgeapp.providers.fields import count, inner, words
from forgeapp.providers.ndjson import NDJSONDecoder
from forgeapp.providers.surrogates import HalfCharacter, without_surrogates

_LEAST_CONTEXT: Final = 4_096
_MOST_CONTEXT: Final = 131_072
_REPLY_TOKENS: Final = 4_096
"""Room for a reply whose length the prompt leaves open."""
_PICTURE_TOKENS: Final = 2_048
_MESSAGE_TOKENS: Final = 16
_BYTES_A_TOKEN: Final = 3
_DENSE_BYTES_A_TOKEN: Final = 1
_TOO_LONG: Final = re.compile(r"context.{0,24}(?:length|size|window)", re.IGNORECASE)
_EMBEDDING_FAMILIES: Final = frozenset({"bert", "nomic-bert", "nomic-bert-moe"})
"""Of servers that do not list what a model can do."""
_FINISHES: Final = {"": FinishReason.STOP, "stop": FinishReason.STOP, "length": FinishReason.LENGTH}


class Ollama:
    """The dialect `ollama`. The base URL is the host's root, before '/api'."""

    def __init__(self, _host: str, quirks: Quirks) -> None:
        self._quirks = quirks

    def authorisation(self, key: Secret) -> tuple[str, Secret]:
        return "authorization", Secret(f"Bearer {key.reveal()}")

    def chat(self, prompt: Prompt) -> Request:
        messages = [_message(message) for message in prompt.messages]
        bytes_a_token = _DENSE_BYTES_A_TOKEN if _dense(prompt.model) in self._quirks else _BYTES_A_TOKEN
        options: dict[str, Json] = {"num_ctx": _context_tokens(messages, prompt.max_output_tokens, bytes_a_token)}
        if prompt.max_output_tokens is not None:
            options["num_predict"] = prompt.max_output_tokens
        if prompt.temperature is not None:
            options["temperature"] = prompt.temperature
        if prompt.stop:
            options["stop"] = list(prompt.stop)
        body = {
            "model": prompt.model,
            "messages": messages,
            "stream": True,
            "truncate": False,
            "shift": False,
            "options": options,
        }
        return Request("/api/chat", body, {"accept": "application/x-ndjson"})

    def adapt(self, sent: Request, fault: ServerFault) -> bool:
        """Counts a token a byte once a prompt, most likely of digits, turned out longer than was thought."""
        body = sent.json or {}
        options = inner(body, "options")
        larger = _context_tokens(body.get("messages", ()), options.get("num_predict"), _DENSE_BYTES_A_TOKEN)
        if larger <= options.get("num_ctx", 0) or not _TOO_LONG.search(fault.message):
            return False
        self._quirks.learn(_dense(str(body.get("model"))))
        return True

    def decoder(self) -> NDJSONDecoder:
        return NDJSONDecoder()

    def reader(self) -> LineReader:
        return LineReader()

    def models(self) -> Request:
        return Request("/api/tags", None, {"accept": "application/json"})

    def read_models(self, reply: Json) -> list[ModelInfo]:
        """`models` of objects with a `name`, without those that only embed."""
        if isinstance(reply, dict) and reply.get("error"):
            raise FaultReported(read_fault(None, reply))
        listed = reply.get("models") if isinstance(reply, dict) else None
        if not isinstance(listed, list):
            raise NotAReply("no list of models")
        found: dict[str, ModelInfo] = {}
        for entry in listed:
            name = without_surrogates(words(entry, "name") or words(entry, "model"))
            if name and name not in found and _can_chat(entry):
                abilities = entry.get("capabilities")
                found[name] = ModelInfo(
                    name,
                    context_tokens=count(inner(entry, "details"), "context_length") or None,
                    takes_pictures="vision" in abilities if isinstance(abilities, list) and abilities else None,
                )
        return list(found.values())


def _dense(model: str) -> str:
    return f"a token a byte: {model}"


def _context_tokens(messages: Sequence[Json], most_output: int | None, bytes_a_token: int) -> int:
    """What a prompt and its reply may need: in powers of two, for another size has the model loaded anew."""
    letters = sum(len(said["content"].encode("utf-8", "replace")) for said in messages)
    pictures = sum(len(said.get("images", ())) for said in messages)
    needed = letters // bytes_a_token + _MESSAGE_TOKENS * len(messages) + _PICTURE_TOKENS * pictures
    needed += most_output or _REPLY_TOKENS
    return min(max(1 << (needed - 1).bit_length(), _LEAST_CONTEXT), _MOST_CONTEXT)


def _message(message: Message) -> Json:
    said: dict[str, Json] = {"role": message.role.value, "content": message.text}
    if message.pictures:
        said["images"] = [b64encode(picture.data).decode("ascii") for picture in message.pictures]
    return said


def _can_chat(entry: Json) -> bool:
    abilities = entry.get("capabilities")
    if isinstance(abilities, list) and abilities:
        return "completion" in abilities
    details = inner(entry, "details")
    families = details.get("families")
    named = [words(details, "family"), *(families if isinstance(families, list) else ())]
    return not any(isinstance(family, str) and family in _EMBEDDING_FAMILIES for family in named)


class LineReader:
    """Reads one reply (see `base.ReplyReader`)."""

    def __init__(self) -> None:
        self.ended = False
        self.complete = False
        self.refusal: str | None = None
        self._finish = FinishReason.STOP
        self._usage: Usage | None = None
        self._half = HalfCharacter()

    def read(self, event: str) -> Sequence[StreamEvent]:
        said = parse(event)
        if not isinstance(said, dict):
            raise NotAReply("JSON that is no object")
        message = said.get("message")
        if not isinstance(message, dict):
            message = {}
            if said.get("error"):
                raise FaultReported(read_fault(None, said))
            if "done" not in said:
                raise NotAReply("JSON without 'message'")
        pieces: list[StreamEvent] = []
        thought = message.get("thinking")
        if thought and isinstance(thought, str):
            pieces.append(ReasoningPiece(without_surrogates(thought)))
        text = message.get("content")
        if text and isinstance(text, str) and (text := self._half.join(text)):
            pieces.append(TextPiece(text))
        if said.get("done") is True:
            self._finish = _FINISHES.get(words(said, "done_reason"), FinishReason.OTHER)
            self._usage = _usage(said)
            self.ended = self.complete = True
        return pieces

    def read_whole(self, text: str) -> Sequence[StreamEvent]:
        """Also a stream that came under the name of plain JSON."""
        try:
            parse(text)
            events = [text]
        except NotAReply:
            events = [line for line in text.split("\n") if line.strip()]
        pieces = [piece for event in events for piece in self.read(event)]
        if not self.complete:
            raise NotAReply("a reply without its end")
        return pieces

    def finish(self) -> Sequence[StreamEvent]:
        last: list[StreamEvent] = [TextPiece(rest)] if (rest := self._half.rest()) else []
        if self._usage:
            last.append(UsageReported(self._usage))
        return [*last, ReplyFinished(self._finish)]


def _usage(said: dict[str, Json]) -> Usage | None:
    """None where a part is not told: older servers say nothing of a prompt that was still in their cache."""
    given, written = count(said, "prompt_eval_count"), count(said, "eval_count")
    if not given or written is None:
        return None
    return Usage(given, written, cache_read_tokens=min(count(said, "prompt_eval_cached_count") or 0, given))
