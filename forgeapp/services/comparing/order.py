"""Files and sheets stand in an order that can change by itself."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def is_in_order(places: Sequence[int]) -> bool:
    return all(first < second for first, second in pairwise(places))


def woven_order(leading: Sequence[T], other: Sequence[T]) -> list[T]:
    """`leading` as they stand, and those only in `other`, each behind what it follows there."""
    known = set(leading)
    behind: dict[T | None, list[T]] = {}
    last: T | None = None
    for item in other:
        if item in known:
            last = item
        else:
            behind.setdefault(last, []).append(item)
    woven = behind.get(None, [])[:]
    for item in leading:
        woven += item, *behind.get(item, ())
    return woven
