"""How alike two rows are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from operator import eq

LEAST_ALIKE = 0.5
"""From where on one row can be the other, changed."""
BLANKS_ALIKE = 0.01

Row = Sequence[Hashable]
"""A row's cells of the columns both grids have; '' for a blank one."""


def likeness(old: Row, new: Row) -> float:
    """0..1: which part of the cells is equal; the first one names the row and counts twice."""
    if old == new:
        return 1.0
    filled, also_filled = len(old) - old.count(""), len(new) - new.count("")
    if not filled or not also_filled:
        return BLANKS_ALIKE
    equal: int = sum(map(eq, old, new))
    if "" in old and "" in new:
        equal -= sum(before == after == "" for before, after in zip(old, new, strict=True))
    return (equal + (old[0] == new[0] != "")) / (max(filled, also_filled) + 1)
