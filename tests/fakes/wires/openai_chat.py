"""OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes.reply import Reply

_FINISHES = {"refused": "content_filter"}


class OpenAIChatWire:
    content_type = "text/event-stream; charset=utf-8"

    def is_chat(self, path: str) -> bool:
        return path.endswith("/chat/completions")

    def is_models(self, path: str, headers: dict[str, str]) -> bool:
        return path.endswith("/v1/models") and "anthropic-version" not in headers

    def is_streamed(self, path: str, asked: dict[str, Any]) -> bool:
        return bool(asked.get("stream"))

    def events(self, reply: Reply, path: str, asked: dict[str, Any]) -> Iterator[bytes]:
        frame = {"id": "chatcmpl-fake", "object": "chat.completion.chunk", "created": 1, "model": asked.get("model")}

        def event(**fields: Any) -> bytes:
            return f"data: {json.dumps({**frame, **fields}, ensure_ascii=False)}\n\n".encode()

        def choice(delta: dict[str, Any], finish: str | None = None) -> bytes:
            return event(choices=[{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}])

        yield choice({"role": "assistant", "content": ""})
        for number, piece in enumerate(reply.reasoning.split(" ") if reply.reasoning else ()):
            yield choice({"reasoning_content": piece if not number else f" {piece}"})
        for number, piece in enumerate(reply.parts()):
            if number == reply.error_after:
                yield event(error=reply.error, choices=[])
                return
            yield choice({"content": piece})
        if reply.refusal:
            yield choice({"refusal": reply.refusal})
        if reply.error is not None:
            yield event(error=reply.error, choices=[])
            return
        if reply.finish:
            yield choice({}, _FINISHES.get(reply.finish, reply.finish))
        usage = _usage(reply, asked)
        if usage and (asked.get("stream_options") or {}).get("include_usage"):
            yield event(choices=[], usage=usage)
        if reply.done:
            yield b"data: [DONE]\n\n"

    def whole(self, reply: Reply, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        if reply.error is not None:
            return {"error": reply.error}
        message: dict[str, Any] = {"role": "assistant", "content": reply.whole_text(), "refusal": reply.refusal or None}
        if reply.reasoning:
            message["reasoning_content"] = reply.reasoning
        return {
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "created": 1,
            "model": asked.get("model"),
            "choices": [
                {
                    "index": 0,
                    "message": message,
                    "logprobs": None,
                    "finish_reason": _FINISHES.get(reply.finish or "", reply.finish),
                }
            ],
            "usage": _usage(reply, asked),
        }

    def models(self, names: Sequence[str]) -> dict[str, Any]:
        data = [{"id": name, "object": "model", "created": 0, "owned_by": "fake"} for name in names]
        return {"object": "list", "data": data}

    def error(self, status: int, code: str, message: str) -> dict[str, Any]:
        return {"error": {"message": message, "type": "invalid_request_error", "code": code, "param": None}}


def _usage(reply: Reply, asked: dict[str, Any]) -> dict[str, Any] | None:
    if reply.usage is not None:
        return reply.usage or None
    given, written = reply.counted([message.get("content") for message in asked.get("messages") or ()])
    return {"prompt_tokens": given, "completion_tokens": written, "total_tokens": given + written}
