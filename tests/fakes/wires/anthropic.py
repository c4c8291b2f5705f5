"""Anthropic Messages: https://platform.claude.com/docs/en/build-with-claude/streaming."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes.reply import Reply

_FINISHES = {"stop": "end_turn", "length": "max_tokens", "refused": "refusal"}
_TYPES = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}


class AnthropicWire:
    content_type = "text/event-stream; charset=utf-8"

    def is_chat(self, path: str) -> bool:
        return path.endswith("/v1/messages")

    def is_models(self, path: str, headers: dict[str, str]) -> bool:
        return path.endswith("/v1/models") and "anthropic-version" in headers

    def is_streamed(self, path: str, asked: dict[str, Any]) -> bool:
        return bool(asked.get("stream"))

    def events(self, reply: Reply, path: str, asked: dict[str, Any]) -> Iterator[bytes]:
        usage = _usage(reply, asked)
        message = {**_frame(asked), "content": [], "stop_reason": None, "stop_sequence": None}
        if usage:
            message["usage"] = {**usage, "output_tokens": 1}
        yield _event("message_start", message=message)
        index = 0
        if reply.reasoning:
            yield _start(index, {"type": "thinking", "thinking": "", "signature": ""})
            for number, piece in enumerate(reply.reasoning.split(" ")):
                yield _delta(index, {"type": "thinking_delta", "thinking": piece if not number else f" {piece}"})
            yield _delta(index, {"type": "signature_delta", "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3h"})
            yield _event("content_block_stop", index=index)
            index += 1
        yield _start(index, {"type": "text", "text": ""})
        for number, piece in enumerate(reply.parts()):
            if number == reply.error_after:
                yield _event("error", error=reply.error)
                return
            yield _delta(index, {"type": "text_delta", "text": piece})
        if reply.error is not None:
            yield _event("error", error=reply.error)
            return
        yield _event("content_block_stop", index=index)
        if reply.finish:
            end: dict[str, Any] = {"delta": _end(reply)}
            if usage:
                end["usage"] = {name: usage[name] for name in usage if name not in ("cache_creation", "service_tier")}
            yield _event("message_delta", **end)
        if reply.done:
            yield _event("message_stop")

    def whole(self, reply: Reply, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        if reply.error is not None:
            return {"type": "error", "error": reply.error}
        content: list[dict[str, Any]] = []
        if reply.reasoning:
            content.append({"type": "thinking", "thinking": reply.reasoning, "signature": "EqQBCgIYAhIM1gbcDa9GJwZA"})
        content.append({"type": "text", "text": reply.whole_text()})
        return {**_frame(asked), "content": content, **_end(reply), "usage": _usage(reply, asked)}

    def models(self, names: Sequence[str]) -> dict[str, Any]:
        data = [
            {
                "type": "model",
                "id": name,
                "display_name": name.title(),
                "created_at": "2025-02-19T00:00:00Z",
                "max_input_tokens": 200_000,
                "max_tokens": 64_000,
                "lifecycle": "active",
            }
            for name in names
        ]
        return {"data": data, "has_more": False, "first_id": names[0], "last_id": names[-1]}

    def error(self, status: int, code: str, message: str) -> dict[str, Any]:
        kind = _TYPES.get(status, "invalid_request_error")
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_fake"}


def _frame(asked: dict[str, Any]) -> dict[str, Any]:
    return {"id": "msg_fake", "type": "message", "role": "assistant", "model": asked.get("model")}


def _end(reply: Reply) -> dict[str, Any]:
    end: dict[str, Any] = {"stop_reason": _FINISHES.get(reply.finish or "", reply.finish), "stop_sequence": None}
    if reply.refusal:
        end["stop_reason"] = "refusal"
        end["stop_details"] = {"type": "refusal", "category": None, "explanation": reply.refusal}
    return end


def _event(kind: str, **fields: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields}, ensure_ascii=False)}\n\n".encode()


def _start(index: int, block: dict[str, Any]) -> bytes:
    return _event("content_block_start", index=index, content_block=block)


def _delta(index: int, delta: dict[str, Any]) -> bytes:
    return _event("content_block_delta", index=index, delta=delta)


def _usage(reply: Reply, asked: dict[str, Any]) -> dict[str, Any]:
    if reply.usage is not None:
        return reply.usage
    given, written = reply.counted([message.get("content") for message in asked.get("messages") or ()])
    return {"input_tokens": given, "output_tokens": written}
