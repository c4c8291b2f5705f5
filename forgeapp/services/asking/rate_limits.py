"""Requests and tokens a minute, honoured before a provider has to refuse: a token bucket each, shared by all threads.

A bucket holds one minute's worth and fills evenly. Who takes more than there is goes into debt and is told how long to
wait until it is paid; so waiters come in the order in which they asked, and nobody polls. See Turner, 'New directions
in communications', IEEE Communications Magazine 24 (10), 1986 ('leaky bucket as a meter').
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

_MINUTE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Turn:
    """When a call may be sent: after `wait_s`. `limit` that makes it wait: 'requests', 'tokens', 'server', or None."""

    wait_s: float
    limit: str | None


@dataclass(slots=True)
class _Bucket:
    per_minute: int
    level: float
    filled_at: float

    def take(self, amount: float, now: float) -> float:
        """Seconds until what was taken is there. More than the bucket holds is let through once it is full."""
        self._fill(now)
        self.level -= amount
        missing = -self.level - max(amount - self.per_minute, 0.0)
        return max(missing, 0.0) * _MINUTE_S / self.per_minute

    def give_back(self, amount: float, now: float) -> None:
        self._fill(now)
        self.level = min(self.level + amount, float(self.per_minute))

    def _fill(self, now: float) -> None:
        gained = max(now - self.filled_at, 0.0) * self.per_minute / _MINUTE_S
        self.level = min(self.level + gained, float(self.per_minute))
        self.filled_at = now


@dataclass(slots=True)
class _Provider:
    buckets: dict[str, _Bucket] = field(default_factory=dict)
    paused_until: float = 0.0

    def bucket(self, limit: str, per_minute: int | None, now: float) -> _Bucket | None:
        if per_minute is None:
            self.buckets.pop(limit, None)
            return None
        known = self.buckets.get(limit)
        if known is None or known.per_minute != per_minute:
            known = self.buckets[limit] = _Bucket(per_minute, float(per_minute), now)
        return known


class RateLimits:
    """Limits by provider's name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._providers: dict[str, _Provider] = {}

    def take(self, provider: str, requests_per_minute: int | None, tokens_per_minute: int | None, tokens: int) -> Turn:
        """A place for one request of about so many tokens. Who does not use it calls `give_back`."""
        with self._lock:
            now = self._clock()
            known = self._providers.setdefault(provider, _Provider())
            waits = [("server", max(known.paused_until - now, 0.0))]
            for limit, per_minute, amount in (
                ("requests", requests_per_minute, 1),
                ("tokens", tokens_per_minute, tokens),
            ):
                bucket = known.bucket(limit, per_minute, now)
                if bucket is not None:
                    waits.append((limit, bucket.take(amount, now)))
        limit, wait_s = max(waits, key=lambda wait: wait[1])
        return Turn(wait_s, limit if wait_s > 0 else None)

    def give_back(self, provider: str, tokens: int, requests: int = 1) -> None:
        """What was taken and not used; `tokens` below 0 takes more, where a call used more than was thought."""
        with self._lock:
            now = self._clock()
            buckets = self._providers.setdefault(provider, _Provider()).buckets
            for limit, amount in (("requests", requests), ("tokens", tokens)):
                if limit in buckets and amount:
                    buckets[limit].give_back(amount, now)

    def pause(self, provider: str, seconds: float) -> None:
        """The server named a time before which nobody should ask it again."""
        with self._lock:
            known = self._providers.setdefault(provider, _Provider())
            known.paused_until = max(known.paused_until, self._clock() + seconds)

    def resume(self, provider: str) -> None:
        """The user changed something, or it answers: the time that its server named is not waited for."""
        with self._lock:
            self._providers.setdefault(provider, _Provider()).paused_until = 0.0
