"""Gemini's generateContent: https://ai.google.dev/api/generate-content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes.reply import Reply

_FINISHES = {"stop": "STOP", "length": "MAX_TOKENS", "refused": "SAFETY"}
_STATUSES = {400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}


class GeminiWire:
    content_type = "text/event-stream"

    def is_chat(self, path: str) -> bool:
        return path.endswith((":generateContent", ":streamGenerateContent"))

    def is_models(self, path: str, headers: dict[str, str]) -> bool:
        return path.endswith("/v1beta/models")

    def is_streamed(self, path: str, asked: dict[str, Any]) -> bool:
        return ":streamGenerateContent" in path and "alt=sse" in path

    def events(self, reply: Reply, path: str, asked: dict[str, Any]) -> Iterator[bytes]:
        usage = _usage(reply, asked)

        def event(**fields: Any) -> bytes:
            frame = {"modelVersion": _model(path), "responseId": "fake"}
            return f"data: {json.dumps({**fields, **frame}, ensure_ascii=False)}\n\n".encode()

        def piece(part: dict[str, Any]) -> bytes:
            counted = {"promptTokenCount": usage["promptTokenCount"]} if "promptTokenCount" in usage else {}
            return event(
                candidates=[{"content": {"parts": [part], "role": "model"}, "index": 0}], usageMetadata=counted
            )

        for number, thought in enumerate(reply.reasoning.split(" ") if reply.reasoning else ()):
            yield piece({"text": thought if not number else f" {thought}", "thought": True})
        for number, text in enumerate(reply.parts()):
            if number == reply.error_after:
                yield event(error=reply.error)
                return
            yield piece({"text": text})
        if reply.error is not None:
            yield event(error=reply.error)
            return
        if reply.refusal:
            yield event(promptFeedback={"blockReason": reply.refusal}, usageMetadata=usage)
        elif reply.finish:
            yield event(candidates=[_ending(reply)], usageMetadata=usage)

    def whole(self, reply: Reply, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        if reply.error is not None:
            return {"error": reply.error}
        frame = {"usageMetadata": _usage(reply, asked), "modelVersion": _model(path), "responseId": "fake"}
        if reply.refusal:
            return {"promptFeedback": {"blockReason": reply.refusal}, **frame}
        thoughts = [{"text": reply.reasoning, "thought": True}] if reply.reasoning else []
        content = {"parts": [*thoughts, {"text": reply.whole_text()}], "role": "model"}
        return {"candidates": [{**_ending(reply), "content": content}], **frame}

    def models(self, names: Sequence[str]) -> dict[str, Any]:
        return {
            "models": [
                {
                    "name": f"models/{name}",
                    "version": "001",
                    "displayName": name,
                    "inputTokenLimit": 1_048_576,
                    "outputTokenLimit": 65_536,
                    "supportedGenerationMethods": ["generateContent", "countTokens"],
                }
                for name in names
            ]
        }

    def error(self, status: int, code: str, message: str) -> dict[str, Any]:
        return {"error": {"code": status, "message": message, "status": _STATUSES.get(status, code.upper())}}


def _ending(reply: Reply) -> dict[str, Any]:
    """The last candidate of a stream: an empty text, as a model gives it that signs its thoughts."""
    content = {"parts": [{"text": "", "thoughtSignature": "c2lnbmVk"}], "role": "model"}
    return {"content": content, "finishReason": _FINISHES.get(reply.finish or "", reply.finish), "index": 0}


def _model(path: str) -> str:
    return path.rpartition("/")[2].partition(":")[0]


def _usage(reply: Reply, asked: dict[str, Any]) -> dict[str, Any]:
    if reply.usage is not None:
        return reply.usage
    given, written = reply.counted([turn.get("parts") for turn in asked.get("contents") or ()])
    return {"promptTokenCount": given, "candidatesTokenCount": written, "totalTokenCount": given + written}
