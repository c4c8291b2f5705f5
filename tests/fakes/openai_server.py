"""A loopback server that speaks OpenAI Chat Completions as scripted, well or badly.

In a test: `with FakeOpenAI(Reply("| a |")) as server: ... server.base_url ... server.requests`.
As a process: `python -m tests.fakes.openai_server --port 0 --reply-file reply.md`, which prints its port on the first
line and serves until it is ended; `--script FILE.json` takes a list of Reply fields, one entry a request, the last for
all that follow.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Reply:
    """What one chat request is answered with.

    `pieces`: how the text is cut, by words where None. `usage`: as on the wire; None counts words, {} reports none.
    `finish` None and `done` False leave the end markers out. `cut`: the body's bytes are sent in parts of this size.
    `stall_after` pieces the server falls silent until the client leaves; `reset_after` pieces it resets the
    connection; `close_after` pieces it closes it. `raw` stands for the whole body of a stream. `status` beyond 200, or
    a `body`, answers that body instead of a reply. `rejects`: fields that are answered with a 400 that names them.
    """

    text: str = "Hello there."
    pieces: Sequence[str] | None = None
    reasoning: str = ""
    finish: str | None = "stop"
    usage: dict[str, Any] | None = None
    done: bool = True
    plain: bool = False
    refusal: str = ""
    error: dict[str, Any] | None = None
    error_after: int | None = None
    delay_s: float = 0.0
    piece_delay_s: float = 0.0
    cut: int | None = None
    newline: str = "\n"
    pings: bool = False
    reset_after: int | None = None
    close_after: int | None = None
    stall_after: int | None = None
    raw: bytes | None = None
    status: int = 200
    body: bytes | str | dict[str, Any] | list[Any] | None = None
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    rejects: Sequence[str] = ()

    def parts(self) -> list[str]:
        if self.pieces is not None:
            return list(self.pieces)
        return re.findall(r"\s*\S+|\s+\Z", self.text)

    def whole_text(self) -> str:
        return "".join(self.pieces) if self.pieces is not None else self.text


@dataclass(frozen=True)
class Recorded:
    """One request as received; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    json: Any


class FakeOpenAI:
    """The server; `replies` are given in turn, the last one for every further request."""

    def __init__(
        self,
        *replies: Reply,
        models: Sequence[str] = ("fake-large", "fake-small"),
        port: int = 0,
        requests_file: Path | None = None,
    ) -> None:
        self._requests_file = requests_file
        self.replies = list(replies) or [Reply()]
        self.models = list(models)
        self.requests: list[Recorded] = []
        self.clients_left = threading.Event()
        """Set when a client closed its connection while the server was still sending or silent."""
        self.stopping = threading.Event()
        self.events: dict[tuple[int, str], tuple[Reply, list[bytes]]] = {}
        """Events written once for each reply (kept, for its id is the key) and request: so a bench times its client."""
        self._served = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def chats(self) -> list[Recorded]:
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _frames: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve_forever(self) -> None:
        try:
            self._server.serve_forever()
        finally:
            self._server.server_close()

    def record(self, request: Recorded) -> None:
        with self._lock:
            self.requests.append(request)
            if self._requests_file:
                with self._requests_file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(request)) + "\n")

    def next_reply(self) -> Reply:
        with self._lock:
            reply = self.replies[min(self._served, len(self.replies) - 1)]
            self._served += 1
            return reply


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64
    fake: FakeOpenAI

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves early is part of many tests."""
        self.fake.clients_left.set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._record(None)
        if self.path.split("?")[0].endswith("/v1/models"):
            data = [
                {"id": name, "object": "model", "created": 0, "owned_by": "fake"} for name in self.server.fake.models
            ]
            self._send(200, json.dumps({"object": "list", "data": data}).encode(), "application/json")
        else:
            self._send_error(404, "not_found", f"no such path: {self.path}")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            asked = json.loads(raw)
        except ValueError:
            asked = None
        self._record(asked)
        if not self.path.split("?")[0].endswith("/chat/completions") or not isinstance(asked, dict):
            self._send_error(404, "not_found", f"no such path: {self.path}")
            return
        reply = self.server.fake.next_reply()
        if reply.delay_s and self._client_left_within(reply.delay_s):
            return
        for name in reply.rejects:
            if name in asked:
                self._send_error(400, "unsupported_parameter", f"Unrecognized request argument supplied: {name}")
                return
        if reply.body is not None or reply.status != 200:
            self._send_body(reply)
        elif asked.get("stream") and not reply.plain:
            self._stream(reply, asked)
        else:
            self._send(
                200,
                json.dumps(_completion(reply, asked)).encode(),
                reply.content_type or "application/json",
                reply.headers,
            )

    def _record(self, asked: Any) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.fake.record(Recorded(self.command, self.path, headers, asked))

    def _send_error(self, status: int, code: str, message: str) -> None:
        body = {"error": {"message": message, "type": "invalid_request_error", "code": code, "param": None}}
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send_body(self, reply: Reply) -> None:
        kind = "application/json"
        match reply.body:
            case str(text):
                body, kind = text.encode(), "text/html" if text.lstrip().startswith("<") else "text/plain"
            case bytes(body):
                pass
            case other:
                body = json.dumps({"error": {"message": "scripted failure"}} if other is None else other).encode()
        self._send(reply.status, body, reply.content_type or kind, reply.headers)

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-request-id", "req_fake")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, reply: Reply, asked: dict[str, Any]) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", reply.content_type or "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.raw is not None:
            self._write_body(reply.raw, reply.cut)
            self._end()
            return
        paced = bool(reply.piece_delay_s or reply.cut)
        waiting: list[bytes] = []
        known = self.server.fake.events
        wanted = (id(reply), json.dumps(asked))
        if wanted not in known:
            known[wanted] = reply, list(_events(reply, asked))
        for number, event in enumerate(known[wanted][1]):
            if number == reply.reset_after:
                self._flush(waiting)
                self._reset()
                return
            if number == reply.close_after:
                self._flush(waiting)
                return
            if number == reply.stall_after:
                self._flush(waiting)
                self._client_left_within(3600)
                return
            if reply.pings:
                event = b": ping\n\n" + event
            if reply.newline != "\n":
                event = event.replace(b"\n", reply.newline.encode())
            if not paced:
                waiting.append(_chunk(event))
                if len(waiting) >= 256:
                    self._flush(waiting)
                continue
            self._write_body(event, reply.cut)
            if reply.piece_delay_s and self._client_left_within(reply.piece_delay_s):
                return
        self._flush(waiting)
        self._end()

    def _flush(self, waiting: list[bytes]) -> None:
        self.wfile.write(b"".join(waiting))
        waiting.clear()

    def _write_body(self, body: bytes, cut: int | None) -> None:
        for start in range(0, len(body), cut or len(body) or 1):
            self.wfile.write(_chunk(body[start : start + (cut or len(body))]))

    def _end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def _reset(self) -> None:
        """Sends RST rather than FIN, as a crashed server or a cut line does."""
        time.sleep(0.05)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _client_left_within(self, seconds: float) -> bool:
        """Waits; True at once when the client closes its end."""
        end = time.monotonic() + seconds
        self.connection.settimeout(0.02)
        try:
            while (now := time.monotonic()) < end and not self.server.fake.stopping.is_set():
                self.connection.settimeout(min(0.02, max(end - now, 0.001)))
                with contextlib.suppress(TimeoutError):
                    if not self.connection.recv(1):
                        raise ConnectionResetError
        except OSError:
            self.server.fake.clients_left.set()
            self.close_connection = True
            return True
        finally:
            self.connection.settimeout(self.timeout)
        return False


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


def _usage(reply: Reply, asked: dict[str, Any]) -> dict[str, Any] | None:
    if reply.usage is not None:
        return reply.usage or None
    words = sum(len(str(message.get("content")).split()) for message in asked.get("messages") or ())
    given, written = max(words, 1), max(len(reply.whole_text().split()), 1)
    return {"prompt_tokens": given, "completion_tokens": written, "total_tokens": given + written}


def _events(reply: Reply, asked: dict[str, Any]) -> Iterator[bytes]:
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
        yield choice({}, reply.finish)
    usage = _usage(reply, asked)
    if usage and (asked.get("stream_options") or {}).get("include_usage"):
        yield event(choices=[], usage=usage)
    if reply.done:
        yield b"data: [DONE]\n\n"


def _completion(reply: Reply, asked: dict[str, Any]) -> dict[str, Any]:
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
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish}],
        "usage": _usage(reply, asked),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--reply-file", type=Path, help="the text of every reply")
    parser.add_argument("--script", type=Path, help="a JSON list of Reply fields, one entry a request")
    parser.add_argument("--requests-file", type=Path, help="each request is appended here as a JSON line")
    options = parser.parse_args()
    if options.script:
        replies = [Reply(**fields) for fields in json.loads(options.script.read_text("utf-8"))]
    elif options.reply_file:
        replies = [Reply(text=options.reply_file.read_text("utf-8"))]
    else:
        replies = [Reply()]
    fake = FakeOpenAI(*replies, port=options.port, requests_file=options.requests_file)
    print(fake.port, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        fake.serve_forever()


if __name__ == "__main__":
    main()
