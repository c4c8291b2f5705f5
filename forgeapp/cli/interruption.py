"""Ctrl-C as Stop: what has arrived is kept and reported; pressed again it ends the program."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from forgeapp.domain.cancel import CancelToken


@contextmanager
def stopped_by_interrupt() -> Iterator[CancelToken]:
    """A token that Ctrl-C cancels."""
    token = CancelToken()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        token.cancel()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)
