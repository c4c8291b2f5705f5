"""Whose turn it is: so many exports at a time, in the order they were asked for, one at a time into the same file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from forgeapp.domain.cancel import CancelToken

_POLL_S: Final = 0.2


class Turns:
    def __init__(self, most: int) -> None:
        self._most = most
        self._changed = threading.Condition()
        self._waiting: list[tuple[int, Path]] = []
        self._taken: list[Path] = []

    @contextmanager
    def turn(self, export: int, target: Path, cancel: CancelToken) -> Iterator[None]:
        """Waits for it, and ends it. Raises Cancelled."""
        self._await(export, target, cancel)
        try:
            yield
        finally:
            with self._changed:
                self._taken.remove(target)
                self._changed.notify_all()

    def _await(self, export: int, target: Path, cancel: CancelToken) -> None:
        with self._changed:
            self._waiting.append((export, target))
            try:
                cancel.check()
                while not self._is_next(export, target):
                    self._changed.wait(_POLL_S)
                    cancel.check()
                self._taken.append(target)
            finally:
                self._waiting.remove((export, target))
                self._changed.notify_all()

    def _is_next(self, export: int, target: Path) -> bool:
        if len(self._taken) >= self._most or target in self._taken:
            return False
        return export == min(number for number, place in self._waiting if place not in self._taken)
