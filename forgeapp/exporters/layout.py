"""Widths of table columns, in whatever unit the caller measures."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

_ROUNDS = 40
_MANY_COLUMNS = 8


def is_better_sideways(natural: Sequence[float], room: float) -> bool:
    """Whether a table whose words fit upright is still better read on a page on its side: many columns leave their
    texts so little that they run down the page."""
    return len(natural) >= _MANY_COLUMNS and sum(natural) > room * 1.5


def fit_columns(natural: Sequence[float], smallest: Sequence[float], total: float) -> list[float]:
    """Column widths whose sum is at most `total`, wherever that is possible.

    `natural` are the widths at which nothing wraps, `smallest` those of the longest words. Columns keep their natural
    width while there is room; then the wide ones give way, each by the square root of its text, so that a column of
    long sentences stays wider than one of short ones. Where even the smallest widths are too wide all shrink alike.
    """
    if sum(natural) <= total:
        return list(natural)
    least = [min(small, wide) for small, wide in zip(smallest, natural, strict=True)]
    if sum(least) >= total:
        scale = total / sum(least)
        return [width * scale for width in least]
    roots = [sqrt(width) for width in natural]
    low, high = 0.0, max(natural) / min(root for root in roots if root > 0)
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        if sum(_clamped(middle, roots, least, natural)) > total:
            high = middle
        else:
            low = middle
    return _clamped(low, roots, least, natural)


def _clamped(factor: float, roots: Sequence[float], least: Sequence[float], natural: Sequence[float]) -> list[float]:
    return [max(low, min(high, factor * root)) for root, low, high in zip(roots, least, natural, strict=True)]
