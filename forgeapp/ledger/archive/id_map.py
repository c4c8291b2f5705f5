"""Which id a row of an archive has here: two whole numbers a row, however many there are."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable


class IdMap:
    """Made of pairs (id in the archive, id here), by the former."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        self._theirs, self._ours = array("q"), array("q")
        for theirs, ours in pairs:
            self._theirs.append(theirs)
            self._ours.append(ours)

    def get(self, theirs: int) -> int | None:
        """None for an id that no row has."""
        place = bisect_left(self._theirs, theirs)
        if place < len(self._theirs) and self._theirs[place] == theirs:
            return self._ours[place]
        return None
