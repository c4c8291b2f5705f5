"""A loopback server that speaks the vendors' protocols as scripted, well or badly; the path tells which.

In a test: `with FakeServer(Reply("| a |")) as server: ... server.base_url ... server.requests`.
As a process: `python -m tests.fakes.provider_server --port 0 --reply-file reply.md`, which prints its port on the first
line and serves until it is ended; `--script FILE.json` takes a list of Reply fields, one entry a request, the last for
all that follow.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fakes.reply import Reply, Wire
from tests.fakes.wires.anthropic import AnthropicWire
from tests.fakes.wires.gemini import GeminiWire
from tests.fakes.wires.ollama import OllamaWire
from tests.fakes.wires.openai import OpenAIWire
from tests.fakes.wires.openai_chat import OpenAIChatWire

WIRES: tuple[Wire, ...] = (OpenAIChatWire(), OpenAIWire(), AnthropicWire(), OllamaWire(), GeminiWire())


@dataclass(frozen=True)
class Recorded:
    """One request as received; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    json: Any


class FakeServer:
    """The server; `replies` are given in turn, the last one for every further request."""

    def __init__(
        self,
        *replies: Reply,
        models: Sequence[str] = ("fake-large", "fake-small"),
        port: int = 0,
        requests_file: Path | None = None,
        remembers: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._scheme = "https" if tls else "http"
        self.remembers = remembers
        """Whether `requests` and written events are kept; without, `asked` still counts."""
        self.asked = 0
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
        if tls:
            # The handshake waits for the connection's own thread.
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        """As OpenAI's SDK takes it."""
        return f"{self.root_url}/v1"

    @property
    def root_url(self) -> str:
        """As the SDKs of Anthropic, Google and Ollama take it."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def chats(self) -> list[Recorded]:
        return [request for request in self.requests if request.method == "POST" and wire_for_chat(request.path)]

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
            self.asked += request.method == "POST"
            if not self.remembers:
                return
            self.requests.append(request)
            if self._requests_file:
                with self._requests_file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(request)) + "\n")

    def next_reply(self) -> Reply:
        with self._lock:
            reply = self.replies[min(self._served, len(self.replies) - 1)]
            self._served += 1
            return reply


def wire_for_chat(path: str) -> Wire | None:
    """Who speaks so; None where nobody does."""
    return next((wire for wire in WIRES if wire.is_chat(path.split("?")[0])), None)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64
    fake: FakeServer

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
        headers = self._record(None)
        for wire in WIRES:
            if wire.is_models(self.path.split("?")[0], headers):
                self._send(200, json.dumps(wire.models(self.server.fake.models)).encode(), "application/json")
                return
        self._send_error(WIRES[0], 404, "not_found", f"no such path: {self.path}")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            asked = json.loads(raw)
        except ValueError:
            asked = None
        self._record(asked)
        wire = wire_for_chat(self.path)
        if wire is None or not isinstance(asked, dict):
            self._send_error(wire or WIRES[0], 404, "not_found", f"no such path: {self.path}")
            return
        reply = self.server.fake.next_reply()
        if reply.delay_s and self._client_left_within(reply.delay_s):
            return
        for name in reply.rejects:
            if name in asked:
                self._send_error(wire, 400, "unsupported_parameter", f"Unrecognized request argument supplied: {name}")
                return
        if reply.body is not None or reply.status != 200:
            self._send_body(reply)
        elif wire.is_streamed(self.path, asked) and not reply.plain:
            self._stream(wire, reply, asked)
        else:
            self._send(
                200,
                json.dumps(wire.whole(reply, self.path, asked)).encode(),
                reply.content_type or "application/json",
                reply.headers,
            )

    def _record(self, asked: Any) -> dict[str, str]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.fake.record(Recorded(self.command, self.path, headers, asked))
        return headers

    def _send_error(self, wire: Wire, status: int, code: str, message: str) -> None:
        self._send(status, json.dumps(wire.error(status, code, message)).encode(), "application/json")

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

    def _stream(self, wire: Wire, reply: Reply, asked: dict[str, Any]) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", reply.content_type or wire.content_type)
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
        wanted = (id(reply), self.path + json.dumps(asked))
        events = known[wanted][1] if wanted in known else list(wire.events(reply, self.path, asked))
        if self.server.fake.remembers:
            known[wanted] = reply, events
        for number, event in enumerate(events):
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
    fake = FakeServer(*replies, port=options.port, requests_file=options.requests_file)
    print(fake.port, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        fake.serve_forever()


if __name__ == "__main__":
    main()
