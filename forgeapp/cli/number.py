"""Numbers as arguments; each function raises ArgumentTypeError for what is none of its sort."""

from __future__ import annotations

import argparse
import re

_LARGEST = 2**63 - 1
"""SQLite's largest row id."""
_MOST = 1_000_000_000
_HOTTEST = 2.0
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_SHOWN_CHARS = 20


def number(text: str) -> int:
    """The number of a conversation, artifact or version."""
    if not text.isdecimal() or len(text) > _SHOWN_CHARS or not 0 < int(text) <= _LARGEST:
        raise argparse.ArgumentTypeError(f"'{text[:_SHOWN_CHARS]}' is not a number from a list of ForgeApp's")
    return int(text)


def count(text: str) -> int:
    """So many of something, at least one."""
    if not re.fullmatch(r"[0-9]{1,10}", text) or not 0 < int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"'{text[:_SHOWN_CHARS]}' is not a whole number from 1 to {_MOST:,}")
    return int(text)


def temperature(text: str) -> float:
    """How freely a model chooses its words: 0 to 2."""
    if not _DECIMAL.fullmatch(text) or float(text) > _HOTTEST:
        raise argparse.ArgumentTypeError(f"'{text[:_SHOWN_CHARS]}' is not a number from 0 to 2")
    return float(text)


def nano_usd(text: str) -> int:
    """An amount in USD, '12.50', as nano-dollars."""
    from forgeapp.domain.money import nano_from_usd

    if not _DECIMAL.fullmatch(text):
        raise argparse.ArgumentTypeError(f"'{text[:_SHOWN_CHARS]}' is not an amount in USD, such as 25 or 12.50")
    return nano_from_usd(text)
