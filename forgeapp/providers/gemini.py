"""Google Gemini's generateContent.

Protocol: https://ai.google.dev/api/generate-content, the list of models https://ai.google.dev/api/models, errors
https://ai.google.dev/gemini-api/docs/troubleshooting and https://google.aip.dev/193. Not here: tools, files and caches
kept by the server, several candidates; how a model thinks and what it filters is left to it.

A stream has no end marker: it may end once a finish reason has been seen. A server that fails in the midst of one
writes the error as bare JSON among the events, see `sse`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final
from urllib.parse import quote, unquote

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

_VERSION: Final = "/v1beta/"
_MODELS: Final = "models/"
_OTHER_MODELS: Final = "tunedModels/"
_GENERATES: Final = "generateContent"
_MAX_STOPS: Final = 5
_MAX_TEMPERATURE: Final = 2.0
_MAX_REFUSAL_CHARS: Final = 2_000
_LEFT_OUT: Final = "[The conversation up to here is left out.]"
_ROLES: Final = {Role.USER: "user", Role.ASSISTANT: "model"}
_NOT_FINISHED: Final = "FINISH_REASON_UNSPECIFIED"
_FINISHES: Final = {
    "STOP": FinishReason.STOP,
    "MAX_TOKENS": FinishReason.LENGTH,
    "CONTINUATION": FinishReason.LENGTH,
    **dict.fromkeys(
        (
            "SAFETY",
            "RECITATION",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "MODEL_ARMOR",
            "ESCALATION",
            "PUP_LIMITED_DISABLED",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION",
        ),
        FinishReason.REFUSED,
    ),
}
_OPTIONAL: Final = {
    "temperature": r"\btemperature\b",
    "stop": r"\bstop_?sequences?\b",
    "system": r"\bsystem[_ ]?instruction|\bdeveloper instruction",
}
_TOO_MANY_TOKENS: Final = re.compile(
    r"maxOutputTokens value of [0-9]{1,12} but the supported range is from [0-9]{1,12} \(inclusive\)"
    r" to ([0-9]{1,12}) \(exclusive\)"
)
_UNSUPPORTED: Final = (
    r"unsupported|(?:not|n't) (?:supported|support|enabled|allowed|available)|unknown name|cannot find field"
)


class Gemini:
    """The dialect `gemini`. The base URL ends before '/v1beta', as the vendor's SDK takes it."""

    def __init__(self, _host: str, quirks: Quirks) -> None:
        self._quirks = quirks

    def authorisation(self, key: Secret) -> tuple[str, Secret]:
        return "x-goog-api-key", key

    def chat(self, prompt: Prompt) -> Request:
        name = prompt.model.removeprefix(_MODELS)
        system = "\n\n".join(
            message.text for message in prompt.messages if message.role is Role.SYSTEM and message.text.strip()
        )
        turns = _turns(prompt.messages)
        body: dict[str, Json] = {}
        if system and turns and self._is_taken("system", name):
            body["systemInstruction"] = {"parts": [{"text": system}]}
            system = ""
        if system or not turns or turns[0]["role"] != _ROLES[Role.USER]:
            turns.insert(0, _turn(Role.USER, [{"text": system or _LEFT_OUT}]))
        body["contents"] = _merged(turns)
        stops = [stop for stop in prompt.stop if stop]
        told = stops[:_MAX_STOPS] if self._is_taken("stop", name) else []
        config: dict[str, Json] = {}
        if prompt.max_output_tokens is not None:
            config["maxOutputTokens"] = min(
                prompt.max_output_tokens, self._most_output(name) or prompt.max_output_tokens
            )
        if prompt.temperature is not None and self._is_taken("temperature", name):
            config["temperature"] = min(max(prompt.temperature, 0.0), _MAX_TEMPERATURE)
        if told:
            config["stopSequences"] = told
        if config:
            body["generationConfig"] = config
        return Request(
            f"{_resource(name)}:streamGenerateContent",
            body,
            {"accept": "text/event-stream"},
            {"alt": "sse"},
            cut_at=stops[len(told) :],
        )

    def adapt(self, sent: Request, fault: ServerFault) -> bool:
        """Leaves out what the server says the model does not take; the system's words then stand before the user's.

        Asks for no more tokens than it says the model gives.
        """
        body, model = sent.json or {}, _model_of(sent)
        config = inner(body, "generationConfig")
        if found := _TOO_MANY_TOKENS.search(fault.message):
            most = int(found[1]) - 1
            if not 0 < most < config.get("maxOutputTokens", 0):
                return False
            known = self._most_output(model)
            self._quirks.learn(f"most output: {model} {most}", instead_of=f"most output: {model} {known}")
            return True
        is_sent = {
            "temperature": "temperature" in config,
            "stop": "stopSequences" in config,
            "system": "systemInstruction" in body,
        }
        said = f"{fault.message} {fault.body}"
        rejected = [name for name, pattern in _OPTIONAL.items() if is_sent[name] and _is_unsupported(pattern, said)]
        for name in rejected:
            self._quirks.learn(f"no {name}: {model}")
        return bool(rejected)

    def decoder(self) -> SSEDecoder:
        return SSEDecoder()

    def reader(self) -> ContentReader:
        return ContentReader()

    def models(self) -> Request:
        """One page: 1,000 models, the most the server gives at once."""
        return Request(f"{_VERSION}models", None, {"accept": "application/json"}, {"pageSize": "1000"})

    def read_models(self, reply: Json) -> list[ModelInfo]:
        """`models` of objects with a `name`, without those that do not generate content."""
        if isinstance(reply, dict) and reply.get("error"):
            raise FaultReported(read_fault(None, reply))
        listed = reply.get("models") if isinstance(reply, dict) else None
        if not isinstance(listed, list):
            raise NotAReply("no list of models")
        found: dict[str, ModelInfo] = {}
        for entry in listed:
            name = without_surrogates(words(entry, "name")).removeprefix(_MODELS)
            if not name or name in found or not _generates(entry):
                continue
            given, written = count(entry, "inputTokenLimit"), count(entry, "outputTokenLimit")
            # The limit of the input is of the input alone.
            found[name] = ModelInfo(name, given + (written or 0) if given else None, written or None)
        return list(found.values())

    def _is_taken(self, parameter: str, model: str) -> bool:
        """False once the server has said that this model does not take it."""
        return f"no {parameter}: {model}" not in self._quirks

    def _most_output(self, model: str) -> int | None:
        """The longest reply of a model, where the server has named it."""
        start = f"most output: {model} "
        named = (quirk.removeprefix(start) for quirk in self._quirks if quirk.startswith(start))
        return next((int(most) for most in named if re.fullmatch(r"[1-9][0-9]{0,11}", most)), None)


def _resource(model: str) -> str:
    """The path of a model's resource; its name comes from the user and is quoted."""
    kind = "" if model.startswith(_OTHER_MODELS) else _MODELS
    return f"{_VERSION}{kind}{quote(model)}"


def _model_of(sent: Request) -> str:
    return unquote(sent.path).removeprefix(_VERSION).removeprefix(_MODELS).rpartition(":")[0]


def _is_unsupported(pattern: str, said: str) -> bool:
    """Whether the words say of what fits `pattern` that it is not taken, rather than that its value is out of range."""
    return bool(
        re.search(rf"(?is)(?:{pattern}).{{0,80}}?(?:{_UNSUPPORTED})|(?:{_UNSUPPORTED}).{{0,80}}?(?:{pattern})", said)
    )


def _generates(entry: Json) -> bool:
    methods = entry.get("supportedGenerationMethods")
    return not isinstance(methods, list) or _GENERATES in methods


def _turns(messages: Iterable[Message]) -> list[dict[str, Json]]:
    """What user and model said; texts of nothing but white space are left out, for the API refuses empty ones."""
    said = (message for message in messages if message.role is not Role.SYSTEM)
    return [_turn(message.role, parts) for message in said if (parts := _parts(message))]


def _turn(role: Role, parts: list[Json]) -> dict[str, Json]:
    return {"role": _ROLES[role], "parts": parts}


def _merged(turns: Iterable[dict[str, Json]]) -> list[dict[str, Json]]:
    """Each of the other role than the one before."""
    return [
        {"role": role, "parts": [part for turn in group for part in turn["parts"]]}
        for role, group in groupby(turns, key=lambda turn: turn["role"])
    ]


def _parts(message: Message) -> list[Json]:
    """Pictures first, as the vendor advises; only the user shows any."""
    shown = message.pictures if message.role is Role.USER else ()
    text = [{"text": message.text}] if message.text.strip() else []
    return [*(_inline(picture) for picture in shown), *text]


def _inline(picture: Picture) -> Json:
    data = b64encode(picture.data).decode("ascii")
    return {"inlineData": {"mimeType": picture.media_type, "data": data}}


class ContentReader:
    """Reads one reply (see `base.ReplyReader`); its first candidate, for more are never asked for."""

    def __init__(self) -> None:
        self.ended = False
        self.complete = False
        self.refusal: str | None = None
        self._finish: FinishReason | None = None
        self._counts: dict[str, Json] = {}
        self._has_text = False
        self._half = HalfCharacter()

    def read(self, event: str) -> Sequence[StreamEvent]:
        return self._pieces(parse(event)) if event and not event.isspace() else ()

    def read_whole(self, text: str) -> Sequence[StreamEvent]:
        """Also the list of events that a server gives which overlooks 'alt=sse'."""
        reply = parse(text)
        said = reply if isinstance(reply, list) else [reply]
        if not any(_is_reply(one) for one in said):
            fault = read_fault(None, reply)
            if not fault.message or not isinstance(reply, dict):
                raise NotAReply("JSON without 'candidates'")
            raise FaultReported(fault) if fault.code else NotAReply(fault.message)
        pieces = [piece for one in said for piece in self._pieces(one)]
        self.ended = self.complete = True
        return pieces

    def finish(self) -> Sequence[StreamEvent]:
        last: list[StreamEvent] = [TextPiece(rest)] if (rest := self._half.rest()) else []
        if usage := self._usage():
            last.append(UsageReported(usage))
        if self.refusal is None:
            last.append(ReplyFinished(self._finish or FinishReason.STOP))
        return last

    def _pieces(self, said: Json) -> Sequence[StreamEvent]:
        if not isinstance(said, dict):
            raise NotAReply("JSON that is no object")
        if said.get("error"):
            raise FaultReported(read_fault(None, said))
        usage = said.get("usageMetadata")
        if isinstance(usage, dict):
            # Each event counts anew; some leave out what an earlier one has counted.
            self._counts.update(usage)
        candidates = said.get("candidates")
        if not candidates or not isinstance(candidates, list) or not isinstance(candidate := candidates[0], dict):
            if blocked := words(said.get("promptFeedback"), "blockReason"):
                self._refuse(words(said["promptFeedback"], "blockReasonMessage"), f"the prompt was blocked ({blocked})")
            return ()
        pieces: list[StreamEvent] = []
        content = candidate.get("content")
        parts = content.get("parts") if isinstance(content, dict) else None
        for part in parts if isinstance(parts, list) else ():
            # Pictures, code that was run and calls of functions are other fields than `text`.
            if not isinstance(part, dict) or not isinstance(text := part.get("text"), str) or not text:
                continue
            if part.get("thought"):
                pieces.append(ReasoningPiece(without_surrogates(text)))
            elif text := self._half.join(text):
                self._has_text = True
                pieces.append(TextPiece(text))
        if "finishReason" in candidate:
            self._end(candidate)
        return pieces

    def _end(self, candidate: dict[str, Json]) -> None:
        reason = words(candidate, "finishReason")
        if not reason or reason == _NOT_FINISHED:
            return
        self._finish = _FINISHES.get(reason, FinishReason.OTHER)
        self.complete = True
        if self._finish is FinishReason.REFUSED:
            self._refuse(words(candidate, "finishMessage"), f"its filter stopped the reply ({reason})")

    def _refuse(self, message: str, otherwise: str) -> None:
        self.complete = True
        self.refusal = without_surrogates(message[:_MAX_REFUSAL_CHARS] or otherwise[:_MAX_REFUSAL_CHARS])

    def _usage(self) -> Usage | None:
        """Counts as the domain means them; the API counts thoughts and the prompts of tools beside the rest.

        None where there are none, also none of a text that was written.
        """
        given, cached, written, thought, by_tools = (
            count(self._counts, f"{name}TokenCount")
            for name in ("prompt", "cachedContent", "candidates", "thoughts", "toolUsePrompt")
        )
        if given is None or (written is None and self._has_text):
            return None
        given += by_tools or 0
        return Usage(
            input_tokens=given,
            output_tokens=(written or 0) + (thought or 0),
            reasoning_tokens=thought or 0,
            cache_read_tokens=min(cached or 0, given),
        )


def _is_reply(said: Json) -> bool:
    return isinstance(said, dict) and bool(said.get("candidates") or said.get("promptFeedback") or said.get("error"))
