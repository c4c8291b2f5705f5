"""Two ways of doing the same, timed in turn, so that the machine's drift hits both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Paired:
    """Medians in seconds, and the median of the ratios pair by pair."""

    ours_s: float
    plain_s: float
    ratio: float


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def paired(ours: Callable[[], object], plain: Callable[[], object], runs: int = 5) -> Paired:
    """One uncounted run of each, then `runs` pairs."""
    ours()
    plain()
    pairs = [(timed(ours), timed(plain)) for _ in range(runs)]
    return Paired(
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
        statistics.median(pair[0] / pair[1] for pair in pairs),
    )


def row(name: str, pair: Paired, target: str) -> None:
    print(f"{name:58} {pair.ours_s:9.3f} s {pair.plain_s:9.3f} s   {pair.ratio:6.2f}x   target {target}")
