"""How the rows of a table are shown: sorted by a column, filtered by some. The table itself is not changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.column_types import is_blank
from forgeapp.domain.columns import TableColumns, folded, sorted_order

_PIECE = 20_000
_REST_S = 0.001


class Blanks(StrEnum):
    """What becomes of cells that are blank or say 'no figure'."""

    ANY = "any"
    HIDDEN = "hidden"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class ColumnFilter:
    """The rows to be seen: those whose cell meets all of it.

    `contains`: letter case and accents aside. `among`: the cell's very text is one of these. `least`, `most`: the
    value (12 % is 0.12, a date its serial) lies within; cells without one are not seen.
    """

    contains: str = ""
    among: frozenset[str] | None = None
    least: float | None = None
    most: float | None = None
    blanks: Blanks = Blanks.ANY

    @property
    def is_idle(self) -> bool:
        return self == ColumnFilter()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`sort`: a column and whether it descends; `filters` by column."""

    sort: tuple[int, bool] | None = None
    filters: Mapping[int, ColumnFilter] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        return self.sort is None and not self.filters

    def with_filter(self, column: int, wanted: ColumnFilter) -> Arrangement:
        """With this filter of the column in place of the one it has; an idle one is none."""
        others = {at: each for at, each in self.filters.items() if at != column}
        return replace(self, filters=others if wanted.is_idle else {**others, column: wanted})

    def moved(self, places: Mapping[int, int]) -> Arrangement:
        """For columns that stand elsewhere now, by where they stood; what hung on one that is gone goes with it."""
        sort = (places[self.sort[0]], self.sort[1]) if self.sort is not None and self.sort[0] in places else None
        return Arrangement(sort, {places[at]: each for at, each in self.filters.items() if at in places})


def arranged_rows(columns: TableColumns, wanted: Arrangement, cancel: CancelToken | None = None) -> list[int]:
    """The rows that are seen, in the order they are seen in. With `cancel`, raises Cancelled and rests now and then."""
    rows: Sequence[int] = range(len(columns.table.rows))
    for column, each in wanted.filters.items():
        rows = _kept(columns, column, each, rows, cancel)
    if wanted.sort is None:
        return list(rows)
    column, descending = wanted.sort
    return sorted_order(columns.texts(column), descending, columns.typed(column), rows, cancel)


def _kept(
    columns: TableColumns, column: int, wanted: ColumnFilter, rows: Sequence[int], cancel: CancelToken | None
) -> Sequence[int]:
    texts = columns.texts(column)
    if wanted.among is not None:
        rows = [row for row in rows if texts[row] in wanted.among]
    if wanted.blanks is not Blanks.ANY:
        only = wanted.blanks is Blanks.ONLY
        rows = [row for row in rows if is_blank(texts[row]) is only]
    if wanted.least is not None or wanted.most is not None:
        least = -float("inf") if wanted.least is None else wanted.least
        most = float("inf") if wanted.most is None else wanted.most
        values = columns.typed(column).values
        rows = [row for row in rows if (value := values[row]) is not None and least <= value <= most] if values else []
    needle = folded(wanted.contains)
    if not needle:
        return rows
    found: list[int] = []
    for start in range(0, len(rows), _PIECE):
        found += [row for row in rows[start : start + _PIECE] if needle in folded(texts[row])]
        if cancel is not None:
            cancel.wait(_REST_S)
            cancel.check()
    return found


def common_values(columns: TableColumns, column: int, limit: int) -> tuple[list[tuple[str, int]], int]:
    """The texts of a column with how often they occur, in sorted order, and how many there are; at most `limit`, then
    the most frequent ones."""
    counted = Counter(columns.texts(column))
    kept = counted.most_common(limit)
    texts = [text for text, _ in kept]
    return [kept[at] for at in sorted_order(texts)], len(counted)
