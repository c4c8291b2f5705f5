"""How long work takes, asked so that a slow or busy machine fails no test.

`assert_linear` compares the work with itself: at a size and at an eighth of it, in the same run. Linear work takes 8
times as long, quadratic work 64 times. `ends_within` is for what returns before something far longer has ended: a
limit far above what it takes on a busy machine, far below the alternative. What the program promises in seconds is
measured in `make bench`, beside the raw library, and nowhere else.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Input = TypeVar("Input")

STEP = 8
TOO_MUCH = 24.0
"""The growth from a STEPth of the size to the whole that is no longer taken for linear: three times what linear work
has, a third of what quadratic work has."""
NEGLIGIBLE_S = 0.02
"""Of processor time, for the whole size: below it nothing is worth a failure, and ratios are noise."""
RUNS = 3
TRIES = 3


def assert_linear(work: Callable[[Input], object], make: Callable[[int], Input], size: int) -> None:
    """`work` on what `make` makes of `size` takes time in proportion to it; what `make` takes does not count.

    `size` is the largest that is worth the time (about 0.1 s of work), and so large that quadratic work would take
    far more than NEGLIGIBLE_S. The work is run several times: what it keeps for a second run has to be dropped in it.
    """
    small, large = make(max(1, size // STEP)), make(size)
    small_s = large_s = float("inf")
    for _ in range(TRIES):
        small_s = min(small_s, *(processor_seconds(work, small) for _ in range(RUNS)))
        large_s = min(large_s, processor_seconds(work, large))
        if large_s < NEGLIGIBLE_S or large_s <= TOO_MUCH * small_s:
            return
    raise AssertionError(
        f"{STEP} times the work took {large_s / small_s:.0f} times as long: {large_s:.3f} s instead of {small_s:.4f} s"
    )


def repeated(piece: str, head: str = "", tail: str = "") -> Callable[[int], str]:
    """Makes texts of so many characters: `piece` over and over, after `head` and before `tail`, which come besides."""
    return lambda size: head + piece * (size // len(piece)) + tail


def processor_seconds(work: Callable[[Input], object], given: Input) -> float:
    """Of this process, all its threads, for one run, without the collection of garbage, which depends on what else
    there is."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        began = time.process_time()
        work(given)
        return time.process_time() - began
    finally:
        if was_collecting:
            gc.enable()


@contextmanager
def ends_within(seconds: float) -> Iterator[None]:
    """What stands in it has ended before `seconds` of the clock on the wall."""
    began = time.monotonic()
    yield
    taken_s = time.monotonic() - began
    assert taken_s < seconds, f"it took {taken_s:.1f} s"
