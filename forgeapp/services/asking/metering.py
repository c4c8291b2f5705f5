"""What a reply that is still arriving has cost so far, estimated; the provider's own count replaces it at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from forgeapp.domain.events import CostGrew
from forgeapp.services.prompts import CountTokens

EVERY_S = 0.25


class Meter:
    """One attempt. `cost`: nano-dollars for so many output tokens, None where the price is unknown."""

    def __init__(self, count_tokens: CountTokens, cost: Callable[[int], int | None]) -> None:
        self._count_tokens = count_tokens
        self._cost = cost
        self._uncounted: list[str] = []
        self._tokens = 0
        self._told_at = 0.0

    def feed(self, text: str) -> Iterator[CostGrew]:
        """Takes the next piece; says what it came to with the first one, then every EVERY_S at most."""
        self._uncounted.append(text)
        now = time.monotonic()
        if now - self._told_at < EVERY_S:
            return
        self._told_at = now
        self._tokens += self._count_tokens("".join(self._uncounted))
        self._uncounted.clear()
        yield CostGrew(self._tokens, self._cost(self._tokens))
