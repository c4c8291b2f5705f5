"""OpenAI Responses: https://platform.openai.com/docs/api-reference/responses-streaming."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from tests.fakes.reply import Reply
from tests.fakes.wires.openai_chat import OpenAIChatWire

_INCOMPLETE = {"length": "max_output_tokens", "refused": "content_filter"}


class OpenAIWire:
    content_type = "text/event-stream; charset=utf-8"

    def is_chat(self, path: str) -> bool:
        return path.endswith("/responses")

    def is_models(self, path: str, headers: dict[str, str]) -> bool:
        """The list is the one of Chat Completions, and answered there."""
        return False

    def is_streamed(self, path: str, asked: dict[str, Any]) -> bool:
        return bool(asked.get("stream"))

    def events(self, reply: Reply, path: str, asked: dict[str, Any]) -> Iterator[bytes]:
        numbers = count()

        def event(kind: str, **fields: Any) -> bytes:
            said = {"type": kind, "sequence_number": next(numbers), **fields}
            return f"event: {kind}\ndata: {json.dumps(said, ensure_ascii=False)}\n\n".encode()

        begun = _response(reply, asked, "in_progress", [], None)
        yield event("response.created", response=begun)
        yield event("response.in_progress", response=begun)
        place = 0
        if reply.reasoning:
            at = {"item_id": "rs_fake", "output_index": 0, "summary_index": 0}
            empty: dict[str, Any] = {"id": "rs_fake", "type": "reasoning", "summary": []}
            yield event("response.output_item.added", output_index=0, item=empty)
            part = {"type": "summary_text", "text": ""}
            yield event("response.reasoning_summary_part.added", **at, part=part)
            for number, piece in enumerate(reply.reasoning.split(" ")):
                delta = piece if not number else f" {piece}"
                yield event("response.reasoning_summary_text.delta", **at, delta=delta, obfuscation="x")
            part = {"type": "summary_text", "text": reply.reasoning}
            yield event("response.reasoning_summary_text.done", **at, text=reply.reasoning)
            yield event("response.reasoning_summary_part.done", **at, part=part)
            yield event("response.output_item.done", output_index=0, item=_reasoning(reply))
            place = 1
        at = {"item_id": "msg_fake", "output_index": place, "content_index": 0}
        item = {"id": "msg_fake", "type": "message", "status": "in_progress", "role": "assistant", "content": []}
        yield event("response.output_item.added", output_index=place, item=item)
        yield event("response.content_part.added", **at, part={"type": "output_text", "text": "", "annotations": []})
        for number, piece in enumerate(reply.parts()):
            if number == reply.error_after:
                yield _failed(event, reply, asked)
                return
            yield event("response.output_text.delta", **at, delta=piece, logprobs=[], obfuscation="x")
        if reply.error is not None:
            yield _failed(event, reply, asked)
            return
        if reply.refusal:
            at["content_index"] = 1
            yield event("response.content_part.added", **at, part={"type": "refusal", "refusal": ""})
            yield event("response.refusal.delta", **at, delta=reply.refusal, obfuscation="x")
            yield event("response.refusal.done", **at, refusal=reply.refusal)
        if reply.finish:
            at["content_index"] = 0
            yield event("response.output_text.done", **at, text=reply.whole_text(), logprobs=[])
            yield event("response.content_part.done", **at, part=_message(reply)["content"][0])
            yield event("response.output_item.done", output_index=place, item=_message(reply))
        if reply.done:
            whole = self.whole(reply, path, asked)
            yield event(f"response.{whole['status']}", response=whole)

    def whole(self, reply: Reply, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        if reply.error is not None:
            return _response(reply, asked, "failed", [], None) | {"error": reply.error}
        output = [*([_reasoning(reply)] if reply.reasoning else []), _message(reply)]
        usage = _usage(reply, asked)
        if reply.finish == "stop" or not reply.finish:
            return _response(reply, asked, "completed", output, usage)
        details = {"reason": _INCOMPLETE.get(reply.finish, reply.finish)}
        return _response(reply, asked, "incomplete", output, usage) | {"incomplete_details": details}

    def models(self, names: Sequence[str]) -> dict[str, Any]:
        return OpenAIChatWire().models(names)

    def error(self, status: int, code: str, message: str) -> dict[str, Any]:
        return {"error": {"message": message, "type": "invalid_request_error", "code": code, "param": None}}


def _failed(event: Any, reply: Reply, asked: dict[str, Any]) -> bytes:
    failed: bytes = event(
        "response.failed", response=_response(reply, asked, "failed", [], None) | {"error": reply.error}
    )
    return failed


def _response(
    reply: Reply, asked: dict[str, Any], status: str, output: list[dict[str, Any]], usage: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "id": "resp_fake",
        "object": "response",
        "created_at": 1,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": asked.get("instructions"),
        "max_output_tokens": asked.get("max_output_tokens"),
        "model": asked.get("model"),
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "store": asked.get("store", True),
        "temperature": asked.get("temperature", 1.0),
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": usage,
        "metadata": {},
    }


def _reasoning(reply: Reply) -> dict[str, Any]:
    return {"id": "rs_fake", "type": "reasoning", "summary": [{"type": "summary_text", "text": reply.reasoning}]}


def _message(reply: Reply) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "output_text", "text": reply.whole_text(), "annotations": []}]
    if reply.refusal:
        content.append({"type": "refusal", "refusal": reply.refusal})
    return {"id": "msg_fake", "type": "message", "status": "completed", "role": "assistant", "content": content}


def _usage(reply: Reply, asked: dict[str, Any]) -> dict[str, Any] | None:
    if reply.usage is not None:
        return reply.usage or None
    sent = [part.get("text") for item in asked.get("input") or () if isinstance(item, dict) for part in _parts(item)]
    given, written = reply.counted(sent)
    return {
        "input_tokens": given,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": given + written,
    }


def _parts(item: dict[str, Any]) -> list[dict[str, Any]]:
    content = item.get("content")
    return content if isinstance(content, list) else [{"text": content}]
