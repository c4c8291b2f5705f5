"""Tokens a call used, by class, as providers bill them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class UsageSource(StrEnum):
    REPORTED = "reported"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts. `input_tokens` includes those read from and written to a cache; `output_tokens` includes reasoning.

    `cache_write_1h_tokens` are those of `cache_write_tokens` that are kept for an hour rather than for minutes.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    source: UsageSource = UsageSource.REPORTED
