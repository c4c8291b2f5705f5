from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests import pace
from tests.pace import TRIES, assert_linear, ends_within


@pytest.fixture
def work_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], float]], Callable[[int], None]]:
    """Makes work that takes as many seconds of a clock of its own as a function of the size says."""
    now_s = 0.0
    monkeypatch.setattr(pace.time, "process_time", lambda: now_s)

    def make(cost_s: Callable[[int], float]) -> Callable[[int], None]:
        def work(size: int) -> None:
            nonlocal now_s
            now_s += cost_s(size)

        return work

    return make


WorkOf = Callable[[Callable[[int], float]], Callable[[int], None]]


@pytest.mark.parametrize("machine", [1, 3, 100], ids=["quick", "slow", "very slow"])
def test_quadratic_work_is_caught_on_any_machine(work_of: WorkOf, machine: int) -> None:
    with pytest.raises(AssertionError, match="took 64 times as long"):
        assert_linear(work_of(lambda size: machine * size**2 / 1e6), int, 800)


@pytest.mark.parametrize("machine", [1, 3, 100], ids=["quick", "slow", "very slow"])
def test_linear_work_passes_on_any_machine(work_of: WorkOf, machine: int) -> None:
    assert_linear(work_of(lambda size: machine * size / 1e4), int, 800)


def test_linear_work_passes_where_others_slow_most_of_its_runs(work_of: WorkOf) -> None:
    slowed = iter([1, 1, 1, 9] * (TRIES - 1) + [1] * 4)
    assert_linear(work_of(lambda size: next(slowed) * size / 1e4), int, 800)


def test_quadratic_work_is_caught_where_others_slow_some_of_its_runs(work_of: WorkOf) -> None:
    slowed = iter([9, 9, 1, 2] * TRIES)
    with pytest.raises(AssertionError, match="times as long"):
        assert_linear(work_of(lambda size: next(slowed) * size**2 / 1e6), int, 800)


def test_what_takes_next_to_nothing_is_not_judged(work_of: WorkOf) -> None:
    assert_linear(work_of(lambda size: size**2 / 1e9), int, 800)


def test_real_work_is_told_apart() -> None:
    def shift(items: list[int]) -> None:
        while items:
            items = items[1:]

    assert_linear(sorted, lambda size: [*range(size, 0, -1), *range(size)], 200_000)
    with pytest.raises(AssertionError):
        assert_linear(shift, lambda size: list(range(size)), 16_000)


def test_what_ends_in_time_passes_and_what_does_not_is_told() -> None:
    with ends_within(60):
        pass
    with pytest.raises(AssertionError, match="it took"), ends_within(0.001):
        time.sleep(0.01)
