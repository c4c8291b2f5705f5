"""The circuit breaker of each provider: who failed again and again is left out for a while, then tried once.

Closed: asked as usual. Open: left out, after THRESHOLD failures in a row, or one that needs the user. Half open: the
time is over, and one call is let through; its success closes, its failure opens for twice as long. See Nygard, 'Release
It!' (2nd ed., 2018), 'Circuit Breaker'. Kept in memory: a new start tries everybody again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from forgeapp.errors import ForgeError, ProviderLeftOut
from forgeapp.services.asking.policy import rule_for

THRESHOLD: Final = 3
"""As many as one turn makes attempts: the next turn does not wait for the same provider once more."""
COOL_DOWN_S: Final = 30.0
MAX_COOL_DOWN_S: Final = 600.0


class Circuit(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class BreakerState:
    """`failures` in a row; `wait_s` until it is tried again, 0 where it may be asked; `cause`: the last failure."""

    circuit: Circuit
    failures: int
    wait_s: float
    cause: ForgeError | None


@dataclass(slots=True)
class _Breaker:
    failures: int = 0
    opened: int = 0
    """How often it opened without a success between."""
    open_until: float = 0.0
    is_tried: bool = False
    cause: ForgeError | None = None

    def circuit(self, now: float) -> Circuit:
        if not self.opened:
            return Circuit.CLOSED
        return Circuit.OPEN if now < self.open_until else Circuit.HALF_OPEN


class Breakers:
    """One breaker a provider, by name; shared by all threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._breakers: dict[str, _Breaker] = {}

    def admit(self, provider: str) -> Circuit:
        """Whether a call may be made: CLOSED, yes; HALF_OPEN, once; OPEN, not now (see `why_left_out`).

        The end of one that was let through is told by `succeeded`, `failed` or `ended`.
        """
        with self._lock:
            breaker = self._breakers.get(provider)
            if breaker is None:
                return Circuit.CLOSED
            circuit = breaker.circuit(self._clock())
            if circuit is Circuit.HALF_OPEN:
                circuit, breaker.is_tried = (Circuit.OPEN if breaker.is_tried else circuit), True
            return circuit

    def why_left_out(self, provider: str) -> ProviderLeftOut:
        with self._lock:
            breaker = self._breakers.get(provider, _Breaker())
            wait_s = max(breaker.open_until - self._clock(), 1.0)
            cause = breaker.cause.message if breaker.cause else ""
        return ProviderLeftOut(
            provider=provider, wait=_wait_text(wait_s), failures=breaker.failures, cause=cause, wait_s=wait_s
        )

    def succeeded(self, provider: str) -> None:
        with self._lock:
            self._breakers.pop(provider, None)

    def failed(self, provider: str, error: ForgeError) -> None:
        """Counts what speaks against the provider; anything else only ends the call."""
        rule = rule_for(error)
        with self._lock:
            breaker = self._breakers.setdefault(provider, _Breaker())
            was_tried, breaker.is_tried = breaker.is_tried, False
            if not (rule.counts or rule.marks):
                return
            breaker.failures += 1
            breaker.cause = error
            now = self._clock()
            if rule.marks or was_tried or (breaker.failures >= THRESHOLD and breaker.circuit(now) is not Circuit.OPEN):
                wait_s = MAX_COOL_DOWN_S if rule.marks else min(COOL_DOWN_S * 2**breaker.opened, MAX_COOL_DOWN_S)
                breaker.opened += 1
                breaker.open_until = now + wait_s

    def ended(self, provider: str) -> None:
        """The call ended without telling anything of the provider: it was stopped."""
        with self._lock:
            if provider in self._breakers:
                self._breakers[provider].is_tried = False

    def reset(self, provider: str) -> None:
        """The user changed something, or wants it tried."""
        self.succeeded(provider)

    def states(self) -> dict[str, BreakerState]:
        """Of every provider that has failed since its last success."""
        with self._lock:
            now = self._clock()
            return {
                name: BreakerState(
                    breaker.circuit(now), breaker.failures, max(breaker.open_until - now, 0.0), breaker.cause
                )
                for name, breaker in self._breakers.items()
                if breaker.failures
            }


def _wait_text(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
