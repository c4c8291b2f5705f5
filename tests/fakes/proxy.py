"""An HTTP proxy on loopback for whom every host is one server of ours, so that names are made up freely."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from dataclasses import dataclass
from socketserver import BaseRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    """What the proxy was asked, with all it could read of the request's head."""

    method: str
    target: str
    head: str


class FakeProxy:
    """Takes CONNECT and whole addresses; `refusal`: the status line ('407 ...') each request is answered with."""

    def __init__(self, port: int, refusal: str = "") -> None:
        self.asked: list[Asked] = []
        self.refusal = refusal
        self.server_port = port
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """Without the scheme, so that a user and a password can stand before it."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _frames: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False
    fake: FakeProxy


class _Handler(BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        received = b""
        while b"\r\n\r\n" not in received:
            if not (more := self.request.recv(65_536)):
                return
            received += more
        head, _, rest = received.partition(b"\r\n\r\n")
        line, _, fields = head.partition(b"\r\n")
        method, target, version = line.decode("ascii").split(" ")
        self.server.fake.asked.append(Asked(method, target, head.decode("latin-1")))
        if self.server.fake.refusal:
            self.request.sendall(f"HTTP/1.1 {self.server.fake.refusal}\r\ncontent-length: 0\r\n\r\n".encode())
            return
        with socket.create_connection(("127.0.0.1", self.server.fake.server_port)) as onward:
            if method == "CONNECT":
                self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                onward.sendall(rest)
            else:
                asked = urlsplit(target)
                path = asked._replace(scheme="", netloc="").geturl() or "/"
                onward.sendall(f"{method} {path} {version}\r\n".encode() + fields + b"\r\n\r\n" + rest)
            with contextlib.suppress(OSError):
                _pass_on(self.request, onward)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Until either end closes."""
    while True:
        for ready in select.select([one, other], [], [], 10)[0] or (None,):
            data = ready.recv(65_536) if ready else b""
            if not data:
                return
            (other if ready is one else one).sendall(data)
