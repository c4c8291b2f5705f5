"""Ollama's own API: https://docs.ollama.com/api/chat."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes.reply import Reply


class OllamaWire:
    content_type = "application/x-ndjson"

    def is_chat(self, path: str) -> bool:
        return path.endswith("/api/chat")

    def is_models(self, path: str, headers: dict[str, str]) -> bool:
        return path.endswith("/api/tags")

    def is_streamed(self, path: str, asked: dict[str, Any]) -> bool:
        return bool(asked.get("stream", True))

    def events(self, reply: Reply, path: str, asked: dict[str, Any]) -> Iterator[bytes]:
        def line(**fields: Any) -> bytes:
            return (json.dumps({**_frame(asked), **fields}, ensure_ascii=False) + "\n").encode()

        def error() -> bytes:
            return (json.dumps({"error": (reply.error or {}).get("message")}) + "\n").encode()

        for number, piece in enumerate(reply.reasoning.split(" ") if reply.reasoning else ()):
            thought = piece if not number else f" {piece}"
            yield line(message={"role": "assistant", "content": "", "thinking": thought}, done=False)
        for number, piece in enumerate(reply.parts()):
            if number == reply.error_after:
                yield error()
                return
            yield line(message={"role": "assistant", "content": piece}, done=False)
        if reply.error is not None:
            yield error()
            return
        if reply.finish and reply.done:
            yield line(message={"role": "assistant", "content": ""}, **_end(reply, asked))

    def whole(self, reply: Reply, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        if reply.error is not None:
            return {"error": reply.error.get("message")}
        message = {"role": "assistant", "content": reply.whole_text()}
        if reply.reasoning:
            message["thinking"] = reply.reasoning
        return {**_frame(asked), "message": message, **_end(reply, asked)}

    def models(self, names: Sequence[str]) -> dict[str, Any]:
        details = {
            "format": "gguf",
            "family": "gemma",
            "families": ["gemma"],
            "parameter_size": "4.3B",
            "quantization_level": "Q4_K_M",
        }
        return {
            "models": [
                {
                    "name": name,
                    "model": name,
                    "modified_at": "2025-10-03T23:34:03.409490317-07:00",
                    "size": 3_338_801_804,
                    "digest": "a2af6cc3eb7fa8be8504abaf9b04e88f17a119ec3f04a3addf55f92841195f5a",
                    "details": details,
                }
                for name in names
            ]
        }

    def error(self, status: int, code: str, message: str) -> dict[str, Any]:
        return {"error": message}


def _frame(asked: dict[str, Any]) -> dict[str, Any]:
    return {"model": asked.get("model"), "created_at": "2025-10-26T17:15:24.097767Z"}


def _end(reply: Reply, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "done": True,
        "done_reason": reply.finish,
        "total_duration": 174_560_334,
        "load_duration": 101_397_084,
        **_usage(reply, asked),
    }


def _usage(reply: Reply, asked: dict[str, Any]) -> dict[str, Any]:
    if reply.usage is not None:
        return reply.usage
    given, written = reply.counted([message.get("content") for message in asked.get("messages") or ()])
    return {
        "prompt_eval_count": given,
        "prompt_eval_duration": 13_074_791,
        "eval_count": written,
        "eval_duration": 52_479_709,
    }
