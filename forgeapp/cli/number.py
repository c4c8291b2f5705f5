"""The number of a conversation, artifact or version as an argument."""

from __future__ import annotations

import argparse

_LARGEST = 2**63 - 1
"""SQLite's largest row id."""


def number(text: str) -> int:
    """Raises ArgumentTypeError for what can number nothing."""
    if not text.isdecimal() or not 0 < int(text[:20]) <= _LARGEST:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a number from a list of ForgeApp's")
    return int(text)
