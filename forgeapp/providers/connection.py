"""The way to a server: name and connection looked for in small steps, so that Stop reaches a call that has none yet."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import httpcore
import httpx
from httpcore._backends.sync import SyncStream

from forgeapp.domain.cancel import CancelToken

_STEP_S: Final = 0.1


class StoppableBackend(httpcore.SyncBackend):
    """Connects as httpcore does, and gives up the moment `cancel` is cancelled."""

    def __init__(self, cancel: CancelToken) -> None:
        super().__init__()
        self._cancel = cancel

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises httpcore.ConnectError, also when stopped, and httpcore.ConnectTimeout."""
        failure: httpcore.NetworkError | httpcore.TimeoutException = httpcore.ConnectError("the name has no address")
        for family, kind, protocol, _, address in self._addresses(host, port, timeout):
            opened = socket.socket(family, kind, protocol)
            try:
                if local_address is not None:
                    opened.bind((local_address, 0))
                self._connect(opened, address, timeout)
                for option in socket_options or ():
                    opened.setsockopt(*option)
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                failure = httpcore.ConnectError(str(error))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return SyncStream(opened)
            opened.close()
            if self._cancel.is_cancelled:
                break
        raise failure

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[Any]:
        """Looked up in a thread of its own: nothing ends a look-up but itself, and it may take a minute."""
        found: list[Any] = []
        failures: list[Exception] = []

        def look_up() -> None:
            try:
                found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                failures.append(error)

        thread = threading.Thread(target=look_up, name="forgeapp-look-up", daemon=True)
        thread.start()
        deadline = _deadline(timeout)
        while thread.is_alive():
            self._check(deadline)
            thread.join(_STEP_S)
        if failures:
            raise httpcore.ConnectError(str(failures[0])) from failures[0]
        return found

    def _connect(self, opened: socket.socket, address: Any, timeout: float | None) -> None:
        opened.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            opened.connect(address)
        deadline = _deadline(timeout)
        with selectors.DefaultSelector() as selector:
            selector.register(opened, selectors.EVENT_WRITE)
            while not selector.select(_STEP_S):
                self._check(deadline)
        if code := opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(code, os.strerror(code))
        opened.setblocking(True)

    def _check(self, deadline: float) -> None:
        if self._cancel.is_cancelled:
            raise httpcore.ConnectError("stopped")
        if time.monotonic() > deadline:
            raise httpcore.ConnectTimeout("timed out")


def make_stoppable(client: httpx.Client, cancel: CancelToken) -> None:
    """Has the client connect by a StoppableBackend, directly and through proxies.

    httpcore's pools take a backend, but httpx hands none on. Should its insides be called otherwise one day, a call is
    stopped after the time to connect.
    """
    with contextlib.suppress(AttributeError):
        for transport in (client._transport, *client._mounts.values()):
            if isinstance(transport, httpx.HTTPTransport):
                transport._pool._network_backend = StoppableBackend(cancel)


def _deadline(timeout: float | None) -> float:
    return float("inf") if timeout is None else time.monotonic() + timeout
