from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.services.asking.rate_limits import RateLimits, Turn


class Clock:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> RateLimits:
    return RateLimits(clock)


def test_without_limits_nobody_waits(limits: RateLimits) -> None:
    assert limits.take("a", None, None, 10**9) == Turn(0.0, None)


def test_a_minute_s_requests_go_through_and_the_next_waits_its_share(limits: RateLimits) -> None:
    assert [limits.take("a", 6, None, 1).wait_s for _ in range(6)] == [0.0] * 6
    assert limits.take("a", 6, None, 1) == Turn(pytest.approx(10.0), "requests")
    assert limits.take("a", 6, None, 1) == Turn(pytest.approx(20.0), "requests")


def test_the_bucket_fills_with_time_and_never_beyond_a_minute(limits: RateLimits, clock: Clock) -> None:
    for _ in range(6):
        limits.take("a", 6, None, 1)
    clock.now += 10
    assert limits.take("a", 6, None, 1).wait_s == 0
    clock.now += 3600
    assert [limits.take("a", 6, None, 1).wait_s > 0 for _ in range(7)] == [False] * 6 + [True]


def test_tokens_are_counted_beside_requests_and_the_longer_wait_is_named(limits: RateLimits) -> None:
    limits.take("a", 60, 1000, 1000)
    turn = limits.take("a", 60, 1000, 500)
    assert turn == Turn(pytest.approx(30.0), "tokens")


def test_a_request_larger_than_the_bucket_goes_through_once_it_is_full(limits: RateLimits, clock: Clock) -> None:
    assert limits.take("a", None, 1000, 5000).wait_s == 0
    assert limits.take("a", None, 1000, 1).wait_s == pytest.approx(240.06)


def test_what_was_not_used_is_given_back(limits: RateLimits) -> None:
    limits.take("a", 1, 1000, 1000)
    limits.give_back("a", 1000)
    assert limits.take("a", 1, 1000, 1000).wait_s == 0


def test_what_a_call_used_beyond_the_estimate_counts(limits: RateLimits) -> None:
    limits.take("a", None, 1000, 100)
    limits.give_back("a", 100 - 1000, requests=0)
    assert limits.take("a", None, 1000, 500).wait_s == pytest.approx(30.0)


def test_a_server_that_names_a_wait_makes_every_thread_wait(limits: RateLimits, clock: Clock) -> None:
    limits.pause("a", 20)
    limits.pause("a", 5)
    assert limits.take("a", 60, None, 1) == Turn(20.0, "server")
    assert limits.take("b", 60, None, 1) == Turn(0.0, None)
    clock.now += 20
    assert limits.take("a", 60, None, 1).wait_s == 0


def test_what_the_user_changes_ends_the_wait_that_a_server_named(limits: RateLimits) -> None:
    limits.pause("a", 3600)
    limits.resume("a")
    assert limits.take("a", None, None, 1).wait_s == 0


def test_a_limit_that_was_changed_counts_from_then_on(limits: RateLimits) -> None:
    limits.take("a", 1, None, 1)
    assert limits.take("a", 1, None, 1).wait_s > 0
    assert limits.take("a", 10, None, 1).wait_s == 0
    assert limits.take("a", None, None, 1).wait_s == 0


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 400)), max_size=40), st.integers(1, 30))
def test_no_stretch_of_time_sees_more_than_the_bucket_and_what_fills_it(
    steps: list[tuple[float, int]], per_minute: int
) -> None:
    clock = Clock()
    limits = RateLimits(clock)
    sent = []
    for pause, tokens in steps:
        clock.now += pause
        sent.append(clock.now + limits.take("a", per_minute, None, tokens).wait_s)
    sent.sort()
    for first, start in enumerate(sent):
        for last in range(first, len(sent)):
            allowed = per_minute + (sent[last] - start) * per_minute / 60
            assert last - first + 1 <= allowed + 1 + 1e-6


def test_threads_share_one_bucket() -> None:
    limits = RateLimits(Clock())
    waits: list[float] = []
    threads = [
        threading.Thread(target=lambda: waits.extend(limits.take("a", 60, None, 1).wait_s for _ in range(20)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == pytest.approx([0.0] * 60 + [float(number) for number in range(1, 101)])
