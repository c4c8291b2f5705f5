from __future__ import annotations

import pytest

from forgeapp.errors import KeyRejected, ProviderFailed, QuotaExhausted, RequestRejected
from forgeapp.services.asking.breaker import COOL_DOWN_S, MAX_COOL_DOWN_S, THRESHOLD, Breakers, Circuit

DOWN = ProviderFailed(provider="a", status=503)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breakers(clock: Clock) -> Breakers:
    return Breakers(clock)


def fail(breakers: Breakers, times: int = THRESHOLD) -> None:
    for _ in range(times):
        breakers.failed("a", DOWN)


def test_a_provider_is_asked_until_it_has_failed_three_times_in_a_row(breakers: Breakers) -> None:
    fail(breakers, THRESHOLD - 1)
    assert breakers.admit("a") is Circuit.CLOSED
    fail(breakers, 1)
    assert breakers.admit("a") is Circuit.OPEN
    assert breakers.admit("b") is Circuit.CLOSED


def test_a_success_between_failures_starts_the_count_again(breakers: Breakers) -> None:
    fail(breakers, THRESHOLD - 1)
    breakers.succeeded("a")
    fail(breakers, THRESHOLD - 1)
    assert breakers.admit("a") is Circuit.CLOSED


def test_after_the_wait_one_call_is_let_through_and_no_other_beside_it(breakers: Breakers, clock: Clock) -> None:
    fail(breakers)
    clock.now += COOL_DOWN_S
    assert breakers.admit("a") is Circuit.HALF_OPEN
    assert breakers.admit("a") is Circuit.OPEN


def test_the_trial_s_success_closes_the_circuit(breakers: Breakers, clock: Clock) -> None:
    fail(breakers)
    clock.now += COOL_DOWN_S
    breakers.admit("a")
    breakers.succeeded("a")
    assert breakers.admit("a") is Circuit.CLOSED
    assert breakers.states() == {}


def test_the_trial_s_failure_opens_it_for_twice_as_long_up_to_ten_minutes(breakers: Breakers, clock: Clock) -> None:
    fail(breakers)
    waits = []
    for _ in range(8):
        clock.now += breakers.states()["a"].wait_s
        assert breakers.admit("a") is Circuit.HALF_OPEN
        breakers.failed("a", DOWN)
        waits.append(breakers.states()["a"].wait_s)
    assert waits == [60, 120, 240, 480, *[MAX_COOL_DOWN_S] * 4]


def test_a_trial_that_was_stopped_leaves_room_for_another(breakers: Breakers, clock: Clock) -> None:
    fail(breakers)
    clock.now += COOL_DOWN_S
    breakers.admit("a")
    breakers.ended("a")
    assert breakers.admit("a") is Circuit.HALF_OPEN


@pytest.mark.parametrize("error", [KeyRejected(provider="a", status=401), QuotaExhausted(provider="a")])
def test_what_only_the_user_can_mend_leaves_a_provider_out_at_once(breakers: Breakers, error: KeyRejected) -> None:
    breakers.failed("a", error)
    state = breakers.states()["a"]
    assert (state.circuit, state.wait_s, state.cause) == (Circuit.OPEN, MAX_COOL_DOWN_S, error)


def test_a_request_that_was_wrong_does_not_speak_against_the_provider(breakers: Breakers) -> None:
    for _ in range(10):
        breakers.failed("a", RequestRejected(provider="a", status=400))
    assert breakers.admit("a") is Circuit.CLOSED
    assert breakers.states() == {}


def test_why_one_is_left_out_names_the_wait_and_the_last_failure(breakers: Breakers) -> None:
    fail(breakers)
    reason = breakers.why_left_out("a")
    assert "a is left out for 30 s" in reason.message
    assert "503" in reason.message


def test_failures_that_come_late_from_other_threads_do_not_prolong_the_wait(breakers: Breakers, clock: Clock) -> None:
    fail(breakers)
    clock.now += 20
    fail(breakers, 5)
    assert breakers.states()["a"].wait_s == COOL_DOWN_S - 20


def test_the_user_s_change_has_it_asked_again(breakers: Breakers) -> None:
    fail(breakers)
    breakers.reset("a")
    assert breakers.admit("a") is Circuit.CLOSED
