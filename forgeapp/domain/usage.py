"""Tokens a call used, by class, as providers bill them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class UsageSource(StrEnum):
    REPORTED = "reported"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts. `input_tokens` includes cached ones; `output_tokens` includes reasoning."""

    input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    source: UsageSource = UsageSource.REPORTED
