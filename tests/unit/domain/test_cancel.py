from __future__ import annotations

import threading
import time

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import Cancelled


def test_a_token_until_a_moment_is_cancelled_then_and_the_users_own_is_not() -> None:
    token = CancelToken()
    with token.until(time.monotonic() + 0.02) as inner, pytest.raises(Cancelled):
        inner.wait(600)
    assert not token.is_cancelled


def test_stop_reaches_the_inner_token_at_once() -> None:
    token = CancelToken()
    with token.until(time.monotonic() + 600) as inner:
        token.cancel()
        assert inner.is_cancelled


def test_what_ended_in_time_leaves_neither_a_thread_nor_a_callback() -> None:
    token, before = CancelToken(), set(threading.enumerate())
    with token.until(time.monotonic() + 600) as inner:
        (timer,) = set(threading.enumerate()) - before
    timer.join(60)
    token.cancel()
    assert not timer.is_alive()
    assert not inner.is_cancelled
