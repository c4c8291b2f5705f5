"""One exchange over HTTP: the connection, its timeouts, and how Stop reaches it.

Each call has a connection of its own. That way its socket is known from the moment it is open, so Stop can shut it
while the server still thinks; and no call fails on a kept-alive connection that the server has closed meanwhile.
Proxies and certificates come from the environment as httpx reads them (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, ...), but
a server on this machine is never asked through a proxy. Redirects are not followed: the key goes to one host only.
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import httpx

from forgeapp import __version__
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.secret import Secret
from forgeapp.providers.connection import make_stoppable

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ENCODING: Final = "gzip"
"""Not 'deflate', which means one of two things: httpx guesses which by the first bytes, and wrongly by a single one."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, and between two pieces of a reply. Both finite, so that no thread waits for ever."""

    connect_s: float = 10.0
    read_s: float = 60.0


TIMEOUTS: Final = Timeouts()


class NotConnectable(Exception):
    """The environment's proxy or certificate settings cannot be used; never leaves the room."""


class _Authorisation(httpx.Auth):
    """Puts the key on the request as it leaves, so that it stands in no variable of ours."""

    def __init__(self, name: str, value: Secret) -> None:
        self._name = name
        self._value = value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self._name] = self._value.reveal()
        yield request


@dataclass(frozen=True, slots=True)
class Transport:
    """Opens exchanges with one base URL."""

    base_url: httpx.URL
    timeouts: Timeouts = TIMEOUTS

    def url(self, path: str, query: Mapping[str, str] | None = None) -> httpx.URL:
        """`path` joined to the base URL, which keeps its own query ('?api-version=...')."""
        return self.base_url.copy_with(path=self.base_url.path.rstrip("/") + path).copy_merge_params(query or {})

    @contextlib.contextmanager
    def exchange(
        self,
        path: str,
        *,
        json: Mapping[str, Any] | None,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        authorisation: tuple[str, Secret] | None,
        cancel: CancelToken,
    ) -> Iterator[httpx.Response]:
        """The response with its body unread. Raises NotConnectable, httpx.HTTPError, Cancelled before connecting.

        Once `cancel` is cancelled, the socket is shut and connecting or reading fails with an httpx.HTTPError.
        """
        cancel.check()
        sockets: list[socket.socket] = []

        def shut() -> None:
            for opened in sockets.copy():
                # The plain socket's own shutdown: SSLSocket's would take the TLS state from under the reading thread.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(opened, socket.SHUT_RDWR)

        with self._client() as client:
            make_stoppable(client, cancel)
            forget = cancel.on_cancel(shut)
            try:
                request = client.build_request(
                    "GET" if json is None else "POST",
                    self.url(path, query),
                    json=json,
                    headers={"user-agent": f"ForgeApp/{__version__}", "accept-encoding": _ENCODING, **headers},
                    extensions={"trace": _socket_tracer(sockets, cancel, shut)},
                )
                try:
                    response = client.send(
                        request, stream=True, auth=_Authorisation(*authorisation) if authorisation else None
                    )
                except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                    if sockets or not _is_proxied(client, request.url):
                        raise
                    raise NotConnectable(f"no connection to the proxy of the environment: {error}") from None
                try:
                    yield response
                finally:
                    response.close()
            finally:
                forget()

    def _client(self) -> httpx.Client:
        local = self.base_url.host in _LOOPBACK
        try:
            return httpx.Client(
                timeout=httpx.Timeout(self.timeouts.read_s, connect=self.timeouts.connect_s),
                verify=_tls(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
                trust_env=not local,
                follow_redirects=False,
            )
        except (ValueError, ImportError, OSError, httpx.InvalidURL) as error:
            raise NotConnectable(f"the proxy settings of the environment: {error}") from None


def _is_proxied(client: httpx.Client, url: httpx.URL) -> bool:
    """Whether the client's first step is not to `url` itself; httpx tells it by a private method only."""
    try:
        return client._transport_for_url(url) is not client._transport
    except AttributeError:
        return False


@lru_cache(maxsize=4)
def _tls(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The certificates the environment names; loading them takes longer than the rest of a short call."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        named = f"SSL_CERT_FILE, {file}" if file else f"SSL_CERT_DIR, {folder}"
        raise NotConnectable(f"the certificates of the environment ({named}) cannot be read: {error}") from None


def _socket_tracer(sockets: list[socket.socket], cancel: CancelToken, shut: Callable[[], None]) -> Callable[..., None]:
    """Notes each connection's socket as httpcore opens it (https://www.python-httpx.org/advanced/extensions/#trace)."""

    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            opened = info["return_value"].get_extra_info("socket")
            if isinstance(opened, socket.socket):
                sockets.append(opened)
            if cancel.is_cancelled:
                shut()

    return trace
