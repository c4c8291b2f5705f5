"""The user's Stop, seen by every thread that works for him."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from forgeapp.errors import Cancelled


class CancelToken:
    """Set once, never cleared; callbacks run at the moment of cancelling, in the thread that cancels."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def is_cancelled(self) -> bool:
        return self._event.is_set()

    def cancel(self) -> None:
        with self._lock:
            self._event.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def on_cancel(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Calls `callback` when cancelled, at once if that has happened; gives back what takes it off again."""
        with self._lock:
            if not self._event.is_set():
                self._callbacks.append(callback)
                return lambda: self._forget(callback)
        callback()
        return lambda: None

    def _forget(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

    def check(self) -> None:
        """Raises Cancelled once cancelled."""
        if self._event.is_set():
            raise Cancelled()

    def wait(self, seconds: float) -> None:
        """Sleeps, and raises Cancelled the moment it is cancelled."""
        if self._event.wait(seconds):
            raise Cancelled()

    @contextmanager
    def until(self, moment: float) -> Iterator[CancelToken]:
        """A token that is cancelled with this one, or else at that moment of `time.monotonic`."""
        inner = CancelToken()
        forget = self.on_cancel(inner.cancel)
        timer = threading.Timer(max(moment - time.monotonic(), 0.0), inner.cancel)
        timer.daemon = True
        timer.start()
        try:
            yield inner
        finally:
            timer.cancel()
            forget()
