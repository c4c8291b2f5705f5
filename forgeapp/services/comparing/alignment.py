"""Which rows, and which columns, of two grids are the same ones, though cells in them changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

from forgeapp.services.comparing.likeness import BLANKS_ALIKE, LEAST_ALIKE, Row, likeness
from forgeapp.services.comparing.moving import reordered, reordered_rows
from forgeapp.services.comparing.sequences import Gap, Stretch, common_stretches, gaps, joined, longest_ascent

MAX_ROW_PAIRS = 200_000
"""Rows before times rows after that are compared cell by cell, in all."""
MAX_COLUMN_PAIRS = 2_500

_SAMPLE = 1_000

Pairs = list[tuple[int, int]]


def align_rows(old: Sequence[Row], new: Sequence[Row], may_move: Callable[[list[int]], bool]) -> list[Stretch]:
    """Rows that are the same ones. Where equal ones stand in another order and `may_move` tells of that order of the
    old ones that it can be, the stretches are not in order."""
    order = reordered_rows(old, new)
    if order is None or not may_move(order):
        return _in_order(old, new)
    return _put_back(_in_order([old[at] for at in order], new), order)


def _put_back(stretches: Sequence[Stretch], order: Sequence[int]) -> list[Stretch]:
    """Stretches of what stands in that order as stretches of what stood there before."""
    return joined(Stretch(order[old + step], new + step, 1) for old, new, length in stretches for step in range(length))


def _in_order(old: Sequence[Row], new: Sequence[Row]) -> list[Stretch]:
    """Equal rows, then those alike between them, in order; a row left alone with another is the same one, changed."""
    equal = common_stretches(old, new)
    room = MAX_ROW_PAIRS
    pairs: Pairs = []
    for gap in gaps(equal, len(old), len(new)):
        if gap.old_end == gap.old_start or gap.new_end == gap.new_start:
            continue
        for part in _between_labels(old, new, gap, room):
            if part.old_end - part.old_start == part.new_end - part.new_start and _are_mostly_alike(old, new, part):
                pairs += zip(range(part.old_start, part.old_end), range(part.new_start, part.new_end), strict=True)
                continue
            size = (part.old_end - part.old_start) * (part.new_end - part.new_start)
            alike: Pairs = []
            if size <= room:
                room -= size
                alike = _best_pairs(part, lambda at, to: likeness(old[at], new[to]))
            pairs += alike
            pairs += _left_alone(part, alike, lambda at, to, few: few or _shares(old[at], new[to]))
    return _merged(equal, pairs)


def align_columns(
    old_names: Sequence[str],
    new_names: Sequence[str],
    old_cells: Callable[[int], Iterator[Hashable]],
    new_cells: Callable[[int], Iterator[Hashable]],
    may_move: bool,
) -> list[Stretch]:
    """Columns of one name, then those of like content between them; '' is no name.

    `old_cells` and `new_cells` give what stands in a column, blanks left out. Where names stand in another order and
    `may_move`, the stretches are not in order.
    """
    if tuple(old_names) == tuple(new_names) and all(old_names):
        return [Stretch(0, 0, len(old_names))] if old_names else []
    order = reordered(old_names, new_names) if may_move else None
    if order is not None:
        names = [old_names[at] for at in order]
        stretches = align_columns(names, new_names, lambda column: old_cells(order[column]), new_cells, may_move=False)
        return _put_back(stretches, order)
    equal = common_stretches(
        [name or ("old", at) for at, name in enumerate(old_names)],
        [name or ("new", at) for at, name in enumerate(new_names)],
    )
    room = MAX_COLUMN_PAIRS
    pairs: Pairs = []
    for gap in gaps(equal, len(old_names), len(new_names)):
        size = (gap.old_end - gap.old_start) * (gap.new_end - gap.new_start)
        alike: Pairs = []
        if 0 < size <= room:
            room -= size
            befores = {at: _sample(old_cells(at)) for at in range(gap.old_start, gap.old_end)}
            afters = {to: _sample(new_cells(to)) for to in range(gap.new_start, gap.new_end)}
            alike = _best_pairs(gap, lambda at, to: _overlap(befores[at], afters[to]))  # noqa: B023
        pairs += alike
        pairs += _left_alone(gap, alike, lambda at, to, _few: not (old_names[at] and new_names[to]))
    return _merged(equal, pairs)


def _merged(stretches: Sequence[Stretch], pairs: Pairs) -> list[Stretch]:
    return joined(sorted((*stretches, *(Stretch(at, to, 1) for at, to in pairs))))


def _between_labels(old: Sequence[Row], new: Sequence[Row], gap: Gap, room: int) -> Iterator[Gap]:
    """A gap too large to compare all rows is parted by the column whose cells tell most rows apart."""
    before, after = old[gap.old_start : gap.old_end], new[gap.new_start : gap.new_end]
    if len(before) * len(after) <= room or (len(before) == len(after) and _are_mostly_alike(old, new, gap)):
        yield gap
        return
    column = max(range(len(before[0])), key=lambda column: _count_kept(before, after, column), default=None)
    labels: Pairs = []
    if column is not None:
        singles = _singles(after, column)
        labels = sorted((at, singles[cell]) for cell, at in _singles(before, column).items() if cell in singles)
    at, to = gap.old_start, gap.new_start
    for index in longest_ascent([place for _, place in labels]):
        row, place = gap.old_start + labels[index][0], gap.new_start + labels[index][1]
        if row > at and place > to:
            yield Gap(at, row, to, place)
        yield Gap(row, row + 1, place, place + 1)
        at, to = row + 1, place + 1
    if at < gap.old_end and to < gap.new_end:
        yield Gap(at, gap.old_end, to, gap.new_end)


def _count_kept(old: Sequence[Row], new: Sequence[Row], column: int) -> int:
    """How many different cells, of some rows all over the old ones, the column still has."""
    sample = {row[column] for row in old[:: len(old) // _SAMPLE + 1]}
    return len((sample - {""}) & {row[column] for row in new})


def _singles(rows: Sequence[Row], column: int) -> dict[Hashable, int]:
    places: dict[Hashable, int] = {}
    for at, row in enumerate(rows):
        places[row[column]] = -1 if row[column] in places else at
    return {cell: at for cell, at in places.items() if at >= 0 and cell != ""}


def _are_mostly_alike(old: Sequence[Row], new: Sequence[Row], gap: Gap) -> bool:
    """Whether nine of ten rows are alike where they stand."""
    room = (gap.old_end - gap.old_start) // 10
    for at, to in zip(range(gap.old_start, gap.old_end), range(gap.new_start, gap.new_end), strict=True):
        if old[at] != new[to] and likeness(old[at], new[to]) < LEAST_ALIKE:
            room -= 1
            if room < 0:
                return False
    return True


def _shares(old: Row, new: Row) -> bool:
    return any(before == after != "" for before, after in zip(old, new, strict=True))


def _sample(cells: Iterator[Hashable]) -> Counter[Hashable]:
    return Counter(cell for cell, _ in zip(cells, range(_SAMPLE), strict=False))


def _overlap(old: Counter[Hashable], new: Counter[Hashable]) -> float:
    most = max(old.total(), new.total())
    return (old & new).total() / most if old and new else BLANKS_ALIKE if not old and not new else 0.0


def _best_pairs(gap: Gap, alike_of: Callable[[int, int], float]) -> Pairs:
    """The pairs in order that are most alike in sum."""
    olds, news = range(gap.old_start, gap.old_end), range(gap.new_start, gap.new_end)
    sums = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    for i in range(len(olds) - 1, -1, -1):
        row, below = sums[i], sums[i + 1]
        for j in range(len(news) - 1, -1, -1):
            alike = alike_of(olds[i], news[j])
            best = max(below[j], row[j + 1])
            if alike >= LEAST_ALIKE or alike == BLANKS_ALIKE:
                best = max(best, below[j + 1] + alike)
            row[j] = best
    pairs: Pairs = []
    i = j = 0
    while i < len(olds) and j < len(news):
        if sums[i][j] == sums[i + 1][j]:
            i += 1
        elif sums[i][j] == sums[i][j + 1]:
            j += 1
        else:
            pairs.append((olds[i], news[j]))
            i, j = i + 1, j + 1
    return pairs


def _left_alone(gap: Gap, pairs: Pairs, is_same: Callable[[int, int, bool], bool]) -> Iterator[tuple[int, int]]:
    """Those between `pairs` that have just as many over against them, where `is_same`; it is told whether it is one."""
    at, to = gap.old_start, gap.new_start
    for old, new in (*pairs, (gap.old_end, gap.new_end)):
        if old - at == new - to and all(is_same(at + step, to + step, old - at == 1) for step in range(old - at)):
            yield from zip(range(at, old), range(to, new), strict=True)
        at, to = old + 1, new + 1
